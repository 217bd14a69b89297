"""Reads settings of a job: how often a failed run is tried again, and its priority."""

from __future__ import annotations

from typing import Final

from app.planner.language.clauses.clause import Item, Retry
from app.planner.language.lexicon.sense import Sense
from app.planner.language.times.intervals import UNIT_SEC, read_length
from app.planner.language.tokens.lexemes import Lexeme, Lexemes
from app.planner.language.tokens.numbers import read_whole

_LONGEST_GAP_SEC: Final = 86_400
_MOST_WORDS: Final = 8
"""The most words of "kalau backup gagal" and of "retry … kali tiap …": the work stays linear."""
_LEVELS: Final = {Sense.HIGH: "high", Sense.NORMAL: "normal", Sense.LOW: "low"}


def read_settings(lex: Lexemes) -> list[Item]:
    """Return the items `retry` and `priority` of a sentence; one without a value is not understood."""
    items: list[Item] = []
    if not lex.mentions((), (Sense.SETTING_CUE,)):
        return items
    pos = 0
    while pos < len(lex):
        item = _retry(lex, pos) or _priority(lex, pos)
        if item is not None:
            items.append(item)
        pos = pos + 1 if item is None else item.last
    return items


def _retry(lex: Lexemes, pos: int) -> Item | None:
    """Read "kalau gagal ulangi 2 kali tiap 4 menit", "retry 3 times if it fails", "tanpa retry"."""
    failure = _failure(lex, pos)
    start = pos if failure is None else lex.after(failure[1], Sense.SETTING_FILL, most=3)
    counted = _count(lex, start)
    verb = _verb(lex, start if counted is None else counted[1], failed=failure is not None)
    if verb is None:
        return None
    kind, end = ("", verb) if failure is None else (failure[0], verb)
    if lex.has(pos - 1, Sense.NONE):
        return Item("retry", pos - 1, end, Retry(0, None, kind))
    noun = lex.after(end, Sense.THE, Sense.A)
    if not kind and lex.has(noun, Sense.REPORT, Sense.BACKUP):
        kind, end = _kind_of(lex[noun]), noun + 1
    count, end = (counted[0], end) if counted is not None else _counted(lex, end)
    gap, end = _gap(lex, end)
    closing = _failure(lex, lex.skip(end, ",")) if failure is None else None
    if closing is not None:
        kind, end = closing[0] or kind, closing[1]
        gap, end = _gap(lex, end) if gap is None else (gap, end)
    if failure is None and closing is None and lex.has(start, Sense.REPEAT):
        return None
    endless = lex.has(end, Sense.UNTIL) and not lex.has(end + 1, Sense.NUMBER, Sense.DIGIT)
    return Item("retry", pos, end, None if endless else Retry(count, gap, kind))


def _verb(lex: Lexemes, pos: int, *, failed: bool) -> int | None:
    """Return the index after the word for another try."""
    again = (Sense.AGAIN, Sense.ONCE, Sense.TWICE) if failed else (Sense.AGAIN,)
    tries = (
        lex.has(pos, Sense.RETRY_WORD)
        or (lex.has(pos, Sense.REPEAT) and (failed or not lex.has(pos - 1, Sense.WATCH)))
        or (lex.has(pos, Sense.TRY_WORD) and lex.has(pos + 1, *again))
    )
    return lex.after(pos + 1, Sense.AGAIN, most=1) if tries else None


def _failure(lex: Lexemes, pos: int) -> tuple[str, int] | None:
    """Read "kalau backup gagal" and "if it fails": the kind of the job, if one is named, and the end."""
    if not lex.has(pos, Sense.COND, Sense.OTHERWISE):
        return None
    if lex.has(pos, Sense.IF_FAILED):
        return "", pos + 1
    kind = ""
    for index in range(pos + 1, min(len(lex), pos + _MOST_WORDS)):
        lexeme = lex[index]
        if lexeme.has(Sense.DOWN):
            return kind, index + 1
        if lexeme.has(Sense.REPORT, Sense.BACKUP):
            kind = _kind_of(lexeme)
        elif not lexeme.has(Sense.RETRY_FILL, Sense.FILLER):
            return None
    return None


def _kind_of(lexeme: Lexeme) -> str:
    return "report" if lexeme.has(Sense.REPORT) else "backup"


def _count(lex: Lexemes, pos: int) -> tuple[int, int] | None:
    """Return a number of tries and the index after it: "3 kali", "3x", and the "3" of "3 retries"."""
    number = read_whole(lex, pos)
    if number is None or number[0] != int(number[0]) or lex.has(pos - 1, Sense.CLOCKMARK):
        return None
    end = lex.past(number[1], (), "times", most=1)
    return (int(number[0]), end) if end > number[1] or lex.has(end, Sense.TRIES) else None


def _counted(lex: Lexemes, pos: int) -> tuple[int | None, int]:
    """Return the number of tries after the verb, and the index after it."""
    start = lex.after(pos, Sense.RETRY_FILL, most=3)
    if (often := lex.integer(start, Sense.TWICE) or int(lex.has(start, Sense.ONCE))) > 0:
        return often, lex.after(start + 1, Sense.AGAIN, most=1)  # "retry twice"
    number = read_whole(lex, start)
    if number is None or lex.has(number[1], Sense.UNIT, Sense.UNIT_SHORT):
        return None, pos
    return int(number[0]), lex.after(number[1], Sense.AGAIN, Sense.TIMES, most=2)


def _gap(lex: Lexemes, pos: int) -> tuple[float | None, int]:
    """Return the seconds between tries and the index after them: "tiap 4 menit", "5 minutes apart"."""
    start = lex.after(pos, Sense.GAP_WORD, Sense.EVERY, most=3)
    length = read_length(lex, start)
    if length is None and lex.has(start - 1, Sense.EVERY) and lex.word(start, Sense.UNIT) in UNIT_SEC:
        length = 1, lex.word(start, Sense.UNIT), start + 1  # "every minute"
    if length is None or (start == pos and not lex.has(length[2], Sense.APART)):
        return None, pos
    seconds = length[0] * UNIT_SEC[length[1]]
    return (seconds, lex.after(length[2], Sense.APART, most=2)) if seconds < _LONGEST_GAP_SEC else (None, pos)


def _priority(lex: Lexemes, pos: int) -> Item | None:
    """Read "dengan prioritas tinggi", "low priority", "prioritaskan"."""
    if lex.has(pos, Sense.PREFERS):
        return Item("priority", pos, pos + 1, "high")
    first = lex.has(pos, *_LEVELS) and lex.has(pos + 1, Sense.PRIORITY)
    start = pos + int(first or lex.has(pos, Sense.WITH_LEVEL))
    if not lex.has(start, Sense.PRIORITY):
        return None
    level = pos if first else lex.after(start + 1, Sense.LEVEL_LEAD, most=2)
    said = next((name for sense, name in _LEVELS.items() if lex.has(level, sense)), None)
    return Item("priority", pos, max(start, level) + 1 if said else start + 1, said)
