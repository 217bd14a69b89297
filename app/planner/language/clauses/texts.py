"""Marks the texts of messages: each becomes one lexeme of kind `text`, so that nothing in it is read.

After a mark ("bilang", "isinya", "that", a colon after the recipient or the time) the text goes to the end of
the prompt, or of its entry in a list of bullets. A quote after the mark is the text itself, and the sentence
goes on behind it. Only the text of a reminder may have no mark: "remind me to drink water every hour".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from app.planner.language.clauses.clause import kinds
from app.planner.language.clauses.people import mark_people
from app.planner.language.clauses.reminders import ENTRY, mark_reminders
from app.planner.language.clauses.tails import without_tail
from app.planner.language.clauses.unsendable import SUBJECTS
from app.planner.language.lexicon.roles import words_of
from app.planner.language.lexicon.sense import Sense, senses
from app.planner.language.tokens.lexemes import Lexeme, Lexemes, lexemes_of
from app.planner.language.tokens.tokens import tokenize

if TYPE_CHECKING:
    from app.planner.directory import NameDirectory

Region = tuple[int, int]
"""From the first lexeme of a text to after its last."""

_MESSAGE_SENSES: Final = frozenset({"message", "send", "channel", "notify"})
_INTENTS: Final = ("watch", "report", "backup", "message", "stop")
_MOST_OF_RUN: Final = 6
_OTHERS: Final = ("watch", "report", "backup")
_TIMES: Final = senses("every clockmark recur relday unit1 hm datemark weekday dayset tonight in")
_PEOPLE_KINDS: Final = kinds("contact person")
_ADDRESSES: Final = kinds("email handle phone hash id") | _PEOPLE_KINDS
_SETTLED: Final = _TIMES | senses("channel toward phone part once interval")
"""A recipient or a time before a colon."""
_LONGEST_SENTENCE: Final = 60
_OPENING: Final = frozenset('"“”')
_QUOTED: Final = kinds("quote text")
_CONTENTS: Final = words_of(Sense.CONTENTS)
_PEOPLE: Final = words_of(Sense.PEOPLE) | {"the team"}
_MARKS: Final = words_of(Sense.MARKS_TEXTS)
"""A text follows each of them, to its end, if a message is spoken of before."""
_SAYING: Final = words_of(Sense.SAYING) | words_of(Sense.SAYING_TEXTS)
_THAT: Final = words_of(Sense.THAT)
"""After "bilang ke …" they introduce a text: "bilang ke wa 0811 kalau barang sudah siap"."""
_MAY_LEAD: Final = _MARKS | _THAT | _OPENING | {":"}
"""Each text of a message comes after one of these."""


def read_lexemes(prompt: str, directory: NameDirectory) -> Lexemes:
    """Return the lexemes of a prompt with its recipients by name and its texts marked."""
    return mark_texts(prompt, mark_people(prompt, lexemes_of(prompt, tokenize(prompt)), directory))


def mark_texts(prompt: str, lex: Lexemes) -> Lexemes:
    """Return the lexemes with each text of a message as one of kind `text`."""
    marked = Lexemes(lex)
    # Reading a mark goes back to the start of its sentence, and most prompts have no message at all.
    if not (
        marked.mentions(_CONTENTS, _MESSAGE_SENSES) or any(each.kind in _PEOPLE_KINDS for each in marked)
    ):
        return marked
    marked = mark_reminders(prompt, marked)
    pos = 0
    while pos < len(marked):
        if marked[pos].text not in _MAY_LEAD:
            pos += 1
            continue
        region = _after_colon(marked, pos) or _after_mark(marked, pos) or _after_open_quote(marked, pos)
        if region is not None:
            marked[region[0] : region[1]] = [_text(prompt, marked[region[0] : region[1]])]
            pos = region[0]
        pos += 1
    return marked


def _text(prompt: str, lex: Sequence[Lexeme]) -> Lexeme:
    start, end = lex[0].start, lex[-1].end
    return Lexeme("text", "text", prompt[start:end], start, end, {})


def _after_colon(lex: Lexemes, pos: int) -> Region | None:
    """Read the text of "kirim wa ke 6281…: tagihan jatuh tempo"."""
    listed = any(each.has(ENTRY) for each in _near(lex, pos))
    if lex.text(pos) != ":" or lex.has(pos - 1, Sense.NO_COLON_TEXT) or listed:
        return None
    before = _sentence(lex, pos)
    if lex[pos - 1].kind == "quote" or not _speaks_of_message(before):
        return None
    region = _to_the_end(lex, pos + 1)
    if region is None or any(each.has_any(_SETTLED) or each.kind in _ADDRESSES for each in before):
        return region
    # "kirim pesan: halo, ke wa 0811 jam 9": the recipient and the time come after the text.
    end = without_tail(lex, pos + 1, region[1], pos)
    return (pos + 1, end) if end > pos + 1 else region


def _near(lex: Lexemes, pos: int) -> Sequence[Lexeme]:
    return lex[max(0, pos - _LONGEST_SENTENCE) : pos + _LONGEST_SENTENCE]


def _after_mark(lex: Lexemes, pos: int) -> Region | None:
    """Read the text of "kirim pesan … bahwa …" and "wa 0811 jam 3 bilang …"."""
    lexeme = lex[pos]
    if not lexeme.has(Sense.MARKS_TEXTS) and not lexeme.has(Sense.THAT):
        return None
    before = _sentence(lex, pos)
    if lexeme.has(Sense.THAT) and not lexeme.has(Sense.MARKS_TEXTS):
        said = any(each.text in _SAYING for each in before)
        if not said or any(each.has("down") for each in lex[pos : pos + _LONGEST_SENTENCE]):
            return None
    if lex.has(pos + 1, "toward") or not _announces(lexeme, before):
        return None
    start = lex.skip(pos + 1, ":", "=")
    if start < len(lex) and lex[start].kind == "quote":
        # "isinya" also leads the text of a page, which a message has not.
        lex[pos] = replace(lexeme, senses={"textmark": True})
    return _to_the_end(lex, start)


def _after_open_quote(lex: Lexemes, pos: int) -> Region | None:
    """Read the text of a quote that does not end: "kirim wa ke 0811 "halo, apa kabar"."""
    lexeme = lex[pos]
    opens = lexeme.kind == "mark" and lexeme.text in _OPENING and lexeme.end < lex[-1].end
    if (
        not opens
        or lex.text(pos + 1) in _OPENING
        or lex[pos + 1].start > lexeme.end
        or not _speaks_of_message(_sentence(lex, pos))
    ):
        return None
    return _to_the_end(lex, pos + 1)


def _announces(mark: Lexeme, before: Sequence[Lexeme]) -> bool:
    """True if a message is spoken of before a mark, and nothing else after it."""
    start = _message_start(before)
    if start is None:
        return False
    verb, said = before[start], before[start:]
    if _has_text(before) or any(each.has(*_OTHERS) for each in said[1:]):
        return False
    if mark.text in {"isi", "bilang"} and verb.senses.get("message") == "remind":
        return False  # "ingatkan saya isi bensin" is a reminder's text
    return (
        mark.text != "that"
        or verb.has("message", "channel")
        or _sends_by_channel(said)
        or (verb.kind in _PEOPLE_KINDS)
    )


def _message_start(lex: Sequence[Lexeme]) -> int | None:
    """Return the index of the verb of the last message in a sentence: "kirim", "wa", "tell"."""
    found = None
    for pos, lexeme in enumerate(lex):
        begins = lexeme.has("message", "send") and lexeme.senses.get("message") != "noun"
        if found is None or begins:
            addressed = lexeme.has("channel") and _sends_by_channel(lex[pos : pos + 2])
            found = pos if begins or addressed or lexeme.kind in _PEOPLE_KINDS else found
    return found


def _speaks_of_message(lex: Sequence[Lexeme]) -> bool:
    if _has_text(lex):
        return False
    lex = _without_run(lex)
    if any((each.has("message") and not each.has("notify")) or each.has(Sense.CONTENTS) for each in lex):
        return True
    if _sends_by_channel(lex) or _names_person(lex):
        return True
    verbs = [pos for pos, each in enumerate(lex) if each.has("send", "notify") and not each.has(*_OTHERS)]
    said = lex[verbs[-1] :] if verbs else ()
    placed = any(each.has("channel", "toward", "phone") or each.kind in _ADDRESSES for each in said)
    return placed and not any(each.has(*_OTHERS, "cond", "otherwise") for each in said)


def _without_run(lex: Sequence[Lexeme]) -> Sequence[Lexeme]:
    """Return the lexemes without "kalau backup gagal" at the end, and "habis backup jam 3," at the start."""
    for pos in range(len(lex)):
        leads = lex[pos].has("cond", "in") or lex[pos].has(Sense.RUN_LEADS)
        near = range(pos + 1, min(len(lex), pos + _MOST_OF_RUN)) if leads else ()
        run = next((i for i in near if lex[i].has("report", "backup")), None)
        if run is not None:
            comma = next((i for i in range(run, len(lex)) if lex[i].text == ","), None)
            if comma is not None:
                return [*lex[:pos], *lex[comma + 1 :]]
            return lex[:pos] if pos >= len(lex) - _MOST_OF_RUN else lex
    return lex


def _has_text(lex: Sequence[Lexeme]) -> bool:
    """True if a quote is among some lexemes; that of a subject is no text."""
    return any(
        each.kind in _QUOTED and (pos == 0 or lex[pos - 1].text not in SUBJECTS)
        for pos, each in enumerate(lex)
    )


def _sends_by_channel(lex: Sequence[Lexeme]) -> bool:
    """True for "wa 0811 jam 3: halo", whose verb is the channel before an address."""
    if any(each.has(*_OTHERS, "account") for each in lex):
        return False
    return any(
        channel.has("channel") and (address.kind in _ADDRESSES or address.has("toward", "number", "phone"))
        for channel, address in pairwise(lex)
    )


def _names_person(lex: Sequence[Lexeme]) -> bool:
    """True for "kabari Bu Siti jam 3: halo" and "Bu Siti jam 3: halo"."""
    others = any(each.has(*_OTHERS, "cond", "otherwise") for each in lex)
    return not others and any(each.kind in _PEOPLE_KINDS for each in lex)


def _sentence(lex: Lexemes, pos: int) -> Sequence[Lexeme]:
    """Return the lexemes before an index in the same sentence, the nearest of them at most."""
    start, earliest = pos, max(0, pos - _LONGEST_SENTENCE)
    while start > earliest and lex[start - 1].kind != "line" and not _is_strong(lex[start - 1]):
        start -= 1
    return lex[start:pos]


def _is_strong(lexeme: Lexeme) -> bool:
    return lexeme.has(Sense.STOPS) or lexeme.senses.get("sep") == "strong"


def _to_the_end(lex: Lexemes, start: int) -> Region | None:
    """Return the region of a text: to the end of the prompt, or of the bullet that it is in."""
    if start >= len(lex) or lex[start].kind in {"quote", "bullet"}:
        return None
    listed = any(each.kind == "bullet" for each in lex[:start])
    bullets = (pos for pos in range(start, len(lex)) if listed and lex[pos].kind == "bullet")
    end = next(bullets, len(lex))
    while start < end and lex[start].kind == "line":
        start += 1
    while end > start and lex[end - 1].kind == "line":
        end -= 1
    return (start, end) if end > start else None
