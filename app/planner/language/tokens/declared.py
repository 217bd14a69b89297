"""Marks the words of job types that handlers declare, and the values of their slots."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from app.planner.language.lexicon.sense import Sense, senses
from app.planner.language.lexicon.spelling import canonical
from app.planner.language.tokens.lexemes import Lexeme, Lexemes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.planner.models import DeclaredType

DECLARED, SLOT = "declared", "slot"
_MOST_WORDS: Final = 6
_LONGEST_VALUE: Final = 5
_AFTER_VALUE: Final = senses(
    """
    sep every clockmark hm relday datemark recur in part unit1 tonight weekday dayset cond notify send
    toward via from until except neg nightly now
    """
)
"""Senses of words that end the value of a slot."""
_INTENTS: Final = senses("watch report backup message")


def mark_declared(lexemes: Lexemes, declared: Sequence[DeclaredType]) -> Lexemes:
    """Return the lexemes with the phrases of declared types as one lexeme each, and so their slots."""
    if not declared:
        return lexemes
    phrases, slots = _index(tuple(declared))
    found = (_phrase(lexemes, pos, phrases)[1] for pos in range(len(lexemes)))
    marked, pos, job_type = Lexemes(), 0, next(filter(None, found), "")
    while pos < len(lexemes):
        length, asked_type = _phrase(lexemes, pos, phrases)
        job_type = asked_type or job_type
        field, end = ("", pos + length) if asked_type else _slot(lexemes, pos, slots.get(job_type, {}))
        if field:
            start = lexemes.after(pos + 1, Sense.GIVES_VALUE)
            raw = " ".join(each.raw for each in lexemes[start:end])
            marked.append(_joined(lexemes[pos:end], lexemes[pos].text, raw, {SLOT: field}))
        elif asked_type:
            text = lexemes.joined(pos, end)
            marked.append(_joined(lexemes[pos:end], text, text, {DECLARED: asked_type}))
        else:
            marked.append(lexemes[pos])
        pos = max(end, pos + 1)
    return marked


@lru_cache(maxsize=4)
def _index(declared: tuple[DeclaredType, ...]) -> tuple[Mapping[str, str], Mapping[str, Mapping[str, str]]]:
    phrases = {canonical(phrase): each.type for each in declared for phrase in each.phrases}
    slots = {
        each.type: {canonical(word): field for field, marks in each.slots for word in marks}
        for each in declared
    }
    return phrases, slots


def _phrase(lexemes: Lexemes, pos: int, phrases: Mapping[str, str]) -> tuple[int, str]:
    """Return the length in lexemes and the type of the longest phrase at an index.

    A single word that the planner itself knows as a wish stays that wish.
    """
    best = (0, "")
    text = ""
    for length in range(1, min(_MOST_WORDS, len(lexemes) - pos) + 1):
        lexeme = lexemes[pos + length - 1]
        if lexeme.kind != "word":
            break
        text = f"{text} {lexeme.text}".strip()
        if text in phrases and not (length == 1 and lexeme.has_any(_INTENTS)):
            best = (length, phrases[text])
    return best


def _slot(lexemes: Lexemes, pos: int, slots: Mapping[str, str]) -> tuple[str, int]:
    """Return the field of the slot that starts at an index and the end of its value; "" if none does."""
    field = slots.get(lexemes[pos].text, "")
    start = end = lexemes.after(pos + 1, Sense.GIVES_VALUE)
    while field and end < min(len(lexemes), start + _LONGEST_VALUE):
        each = lexemes[end]
        if each.kind in {"mark", "line", "bullet"} or each.has_any(_AFTER_VALUE) or each.text in slots:
            break
        end += 1
        if each.kind == "quote":
            break
    return (field, end) if end > start else ("", pos)


def _joined(lexemes: Sequence[Lexeme], text: str, raw: str, senses: Mapping[str, str]) -> Lexeme:
    languages = frozenset(each for lexeme in lexemes for each in lexeme.languages)
    return Lexeme("word", text, raw, lexemes[0].start, lexemes[-1].end, senses, languages)
