"""Decides if a time after a comma belongs to the same list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from app.planner.language.lexicon.entry import words
from app.planner.language.times.cursor import Lexemes, has, list_next

_INTENTS: Final = ("watch", "report", "backup", "message", "send")
_PASSED: Final = words(
    """
    filler every unit clockmark weekday weekday_short dayset datemark month number digit teen tens recur
    zone part hm lastday firstday hourly unit1 via ordinal scale belas relday relweek relmonth tonight this
    next
    """
)
_LISTED: Final = ("weekday", "weekday_short", "ordinal")
_FARTHEST: Final = 24
"""The number of lexemes that are searched at most; no list of times is longer."""


def own_times(lex: Lexemes, start: int, ends: list[int]) -> int:
    """Return how many times of a list belong to it; the others start the next wish.

    `ends` are the indexes after each time. "laporan jam 7, jam 9 backup" has a wish before the list and one
    directly after it, so the list is split in two. It splits after a complete part ("…, 8 dan 9, jam 10"),
    else at ", dan jam", else at the first time that has its own "jam".
    """
    if has(lex, start - 1, "neg"):
        return 1  # "jangan jam 7, jam 8 saja"
    if len(ends) == 1 or not (_intent_before(lex, start) and _intent_after(lex, ends[-1])):
        return len(ends)
    links = [_link(lex, end) for end in ends[:-1]]
    finished = next((pos for pos, link in enumerate(links) if link.sep == "and"), len(links))
    borders = (
        next((pos for pos, link in enumerate(links) if pos > finished and link.marked), None),
        next((pos for pos, link in enumerate(links) if link.sep == ", and" and link.marked), None),
        next((pos for pos, link in enumerate(links) if link.marked), None),
        next((pos for pos, link in enumerate(links) if link.written), None),
    )
    return next((pos + 1 for pos in borders if pos is not None), len(ends))


@dataclass(frozen=True, slots=True)
class _Link:
    """How a time of a list is joined: its separator, and if it has its own "jam" or the form of a time."""

    sep: str
    marked: bool
    written: bool


def _link(lex: Lexemes, end: int) -> _Link:
    after = list_next(lex, end) or end
    between = [lex[pos].text for pos in range(end, after)]
    word = any(text != "," for text in between)
    sep = ", and" if word and "," in between else "and" if word else ","
    return _Link(sep, has(lex, after, "clockmark"), has(lex, after, "hm", "clock"))


def _intent_before(lex: Lexemes, pos: int) -> bool:
    for index in range(pos - 1, max(-1, pos - _FARTHEST), -1):
        if _parts(lex, index):
            return False
        if lex[index].has_any(_INTENTS):
            return True
    return False


def _intent_after(lex: Lexemes, pos: int) -> bool:
    for index in range(pos, min(len(lex), pos + _FARTHEST)):
        if lex[index].has_any(_INTENTS):
            return not (has(lex, index, "send") and has(lex, index + 1, "toward"))
        listed = _is_listed(lex, index)
        if _parts(lex, index) or not (listed or lex[index].has_any(_PASSED)):
            return False
    return False


def _parts(lex: Lexemes, pos: int) -> bool:
    """True for a separator, unless it is inside a list of days or numbers."""
    if lex[pos].kind in {"line", "bullet"}:
        return True
    return (has(lex, pos, "sep") or lex[pos].kind == "mark") and not _is_listed(lex, pos)


def _is_listed(lex: Lexemes, pos: int) -> bool:
    return has(lex, pos - 1, *_LISTED) and has(lex, pos + 1, *_LISTED)
