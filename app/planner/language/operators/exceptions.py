"""Exceptions whose operator stands behind them: "tanggal merah jangan", "Sundays off", "Minggu tetap jalan".

The operand is the list of days or times right before the operator. It ends at a comma.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from app.planner.language.lexicon.roles import words_of
from app.planner.language.lexicon.sense import Sense
from app.planner.language.times.exceptions import LEADS, read_objects
from app.planner.language.times.expressions import Except
from app.planner.language.tokens.lexemes import Lexemes

_NOT: Final = ("neg", "no")
_MARKS: Final = (*_NOT, "off", "still", "stop")
_PREDICATES: Final = ("send", "notify", "watch", "report", "backup", "message")
"""Verbs of "tanggal merah ga usah kirim"."""
_BASES: Final = ("every", "recur", "interval", "weekday", "dayset", "hourly", "clockmark", "nightly")
"""One of these before an exception within its part of a sentence: without any it is no exception."""
_WISHES: Final = ("watch", "report", "backup", "message", "stop", "change", "send", "notify")
_BEFORE: Final = words_of(Sense.BEFORE_EXCEPTIONS)
_AFTER: Final = words_of(Sense.AFTER_EXCEPTIONS)
_MOST_BETWEEN: Final = 3
_LONGEST: Final = 8
_FEW_DAYS: Final = 2

LeftOut = Mapping[int, tuple[Except, int]]
"""Exceptions by the index of their first lexeme, each with the index after its operator."""


def read_left_out(lex: Lexemes) -> LeftOut:
    """Return the exceptions of a sentence whose operator stands behind them."""
    found: dict[int, tuple[Except, int]] = {}
    for pos, lexeme in enumerate(lex):
        if pos and lexeme.has(*_MARKS) and (read := _before(lex, pos)) is not None:
            found[read[0]] = read[1:]
    return found


def _before(lex: Lexemes, pos: int) -> tuple[int, Except, int] | None:
    """Return the start of the operand before an operator, what is left out, and the index after both."""
    last = pos
    while last > pos - _MOST_BETWEEN and lex.has(last - 1, Sense.BETWEEN_EXCEPTIONS):
        last -= 1
    # The operand of "bukan" follows it, and "laporan Senin dihentikan" ends a job.
    ends = lex.has(pos, "stop") and not lex.has(pos, *_NOT, "off") and lex.sense(pos, "stop") != "pause"
    end = None if ends or lex.text(pos) == "bukan" else _end(lex, pos)
    found = None if end is None else _operand(lex, _part_start(lex, last), last)
    if found is None or end is None:
        return None
    return found[0], Except() if lex.has(pos, "still") else found[1], end


def _operand(lex: Lexemes, start: int, last: int) -> tuple[int, Except] | None:
    """Return the list of days or times that ends at an index, and its first lexeme."""
    opening = lex.past(start, _BEFORE | LEADS)
    for first in range(max(start, last - _LONGEST), last):
        read = read_objects(lex, first, denied=False)
        if read is None or read[1] != last:
            continue
        if first > opening:
            return (first, read[0]) if _has_base(lex, start, first, read[0]) else None
        what = read[0]
        while start and what.weekdays and lex.text(start - 1) == ",":
            # "…, Sabtu, Minggu libur"
            start, end = _part_start(lex, start - 1), start - 1
            place = lex.past(start, _BEFORE)
            other = read_objects(Lexemes(lex[:end]), place, denied=False) if place < end else None
            if other is None or other[1] != end or not 0 < len(other[0].weekdays) <= _FEW_DAYS:
                break
            first, what = place, what | other[0]  # noqa: PLW2901  the list begins further ahead
        return first, what
    return None


def _end(lex: Lexemes, pos: int) -> int | None:
    """Return the index after an operator and its verb; None if more follows in its part of the sentence."""
    end = lex.past(pos + 1, _AFTER)
    if lex.has(pos, *_NOT, "still") and lex.has(end, *_PREDICATES):
        end = lex.past(end + 1, _AFTER)
    return end if _closes(lex, end) else None


def _closes(lex: Lexemes, pos: int) -> bool:
    ended = pos >= len(lex) or lex[pos].kind in {"mark", "line", "taken"}
    return ended or lex.has(pos, "sep", "but", Sense.REASON)


def _opens(lex: Lexemes, pos: int) -> bool:
    """True for what parts a sentence; "dan" and a dash do not."""
    if lex.has(pos, Sense.DASHES):
        return False
    return lex[pos].kind in {"mark", "line", "bullet"} or lex.sense(pos, "sep") == "strong"


def _part_start(lex: Lexemes, pos: int) -> int:
    start = pos
    while start and pos - start < 3 * _LONGEST and not _opens(lex, start - 1):
        start -= 1
        if lex.has(start, "but"):
            return start + 1
    return start


def _has_base(lex: Lexemes, start: int, first: int, what: Except) -> bool:
    """True if the words before an operand in its part say when: "tiap hari jam 8 Minggu libur"."""
    if lex.has(first - 1, "every"):
        return False
    return what.holidays or (not what.windows and any(lex.has(pos, *_BASES) for pos in range(start, first)))
