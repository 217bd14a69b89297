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
    if not job_type:
        return lexemes
    while pos < len(lexemes):
        length, asked_type = _phrase(lexemes, pos, phrases)
        if asked_type:
            job_type = asked_type
            marked.append(_joined(lexemes[pos : pos + length], {DECLARED: asked_type}))
            pos += length
            continue
        field, end = _slot(lexemes, pos, slots.get(job_type, {}))
        if field:
            value = lexemes[pos + 1 : end]
            lead = 1 if value[0].has(Sense.GIVES_VALUE) else 0
            marked.append(_value(lexemes[pos], value[lead:], field))
            pos = end
            continue
        marked.append(lexemes[pos])
        pos += 1
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
    start = pos + 1
    if field and lexemes.has(start, Sense.GIVES_VALUE):
        start += 1
    end = start
    while field and end < min(len(lexemes), start + _LONGEST_VALUE):
        each = lexemes[end]
        if each.kind in {"mark", "line", "bullet"} or each.has_any(_AFTER_VALUE) or each.text in slots:
            break
        end += 1
        if each.kind == "quote":
            break
    return (field, end) if end > start else ("", pos)


def _joined(lexemes: Sequence[Lexeme], senses: Mapping[str, str]) -> Lexeme:
    first, last = lexemes[0], lexemes[-1]
    text = " ".join(each.text for each in lexemes)
    languages = frozenset(each for lexeme in lexemes for each in lexeme.languages)
    return Lexeme("word", text, text, first.start, last.end, senses, languages)


def _value(mark: Lexeme, value: Sequence[Lexeme], field: str) -> Lexeme:
    """Return a slot as one lexeme; `raw` is its value as typed."""
    raw = " ".join(each.raw for each in value)
    return Lexeme("word", mark.text, raw, mark.start, value[-1].end, {SLOT: field})
