"""Reads weekdays (lists, ranges, sets, exceptions) and one-off days counted from today."""

from __future__ import annotations

from typing import Final

from app.planner.language.lexicon.roles import words_of
from app.planner.language.lexicon.sense import Sense
from app.planner.language.times import expressions as said
from app.planner.language.times.dates import phrase_end
from app.planner.language.times.expressions import Read
from app.planner.language.tokens.lexemes import Lexemes

_WEEK: Final = 7
_OFF: Final = ("off", "no", "neg", "still")
"""Senses of words after which "minggu" is a Sunday."""
_FARTHEST_DAY: Final = 40
"""How far off the days are of which "hari lain" are the others."""
_SATURDAY: Final = 6
_WEEKEND: Final = (6, 0)
_PLURALS: Final = ("days", "weekends")
_NAMED: Final = ("weekday", "weekday_short")
_Group = tuple[set[int], int]
"""Weekdays, and the index after them."""


def read_rest(lex: Lexemes, pos: int) -> Read:
    """Read "hari lain" and "on other days": the days that have no time of their own."""
    start = lex.after(pos, Sense.REST_LEAD, Sense.EVERY, most=2)
    end = phrase_end(lex, start, words_of(Sense.REST_OF_DAYS))
    if end is None:
        return None
    near = range(max(0, pos - _FARTHEST_DAY), min(len(lex), pos + _FARTHEST_DAY))
    groups = (_group(lex, each, listed=False) for each in near)
    return said.Days(
        frozenset(_range(0, 6)).difference(*(group[0] for group in groups if group)), every=True
    ), end


def read_weekdays(lex: Lexemes, pos: int, *, every: bool = False) -> Read:
    """Read weekdays: "Senin", "Senin sampai Jumat", "Selasa dan Kamis", "hari kerja"; "Mondays" recur."""
    first = _groups(lex, pos, listed=every or lex.has(pos, Sense.WEEKDAY_LEAD))
    if first is None:
        return None
    days, end = first
    led = lex.has(pos - 1, Sense.EVERY, Sense.OCLOCK) or lex.has(pos - 1, Sense.WEEKDAY_LEAD)
    before = pos - 2 if led else pos - 1
    timed = lex.has(before, Sense.NUMBER, Sense.HM, Sense.PART)
    while (after := lex.list_next(end)) is not None:
        more = _groups(lex, after, listed=True)
        if more is None or _is_once(lex, more[1]):
            break
        if timed and lex.clock_follows(more[1]):
            break  # "jam 8 tiap Senin, Sabtu Minggu jam 9"
        days |= more[0]
        end = more[1]
    plural = any(lex[index].text.endswith(_PLURALS) for index in range(pos, end))
    return said.Days(frozenset(days), every=every or plural), end


def _groups(lex: Lexemes, pos: int, *, listed: bool) -> _Group | None:
    """Read days that no separator parts: "sabtu minggu", "Senin-Kamis"."""
    found = _group(lex, pos, listed=listed)
    while found is not None and _adjoins(lex, found[1]):
        more = _group(lex, found[1], listed=True)
        if more is None or _is_once(lex, more[1]):
            break
        found = found[0] | more[0], more[1]
    return found


def _adjoins(lex: Lexemes, pos: int) -> bool:
    """True for the second of two weekdays side by side; "Kamisnya Jumat saja" corrects."""
    both = lex.has(pos, *_NAMED) and lex.has(pos - 1, *_NAMED) and not lex.has(pos + 1, Sense.ORDINAL)
    return both and not lex.text(pos - 1).endswith("nya")


def _group(lex: Lexemes, pos: int, *, listed: bool) -> _Group | None:
    """Read a set of days, one day, or a range of days."""
    if (days := lex.sense(pos, Sense.DAYSET)) is not None:
        return set(days) if isinstance(days, tuple) else set(), pos + 1
    start = lex.after(pos, Sense.AT, Sense.DAY_WORD, Sense.FROM_WORD, Sense.BOTH_ENDS)
    first = _weekday(lex, start, listed=listed or start > pos)
    if first is None:
        return None
    link = start + 1
    if lex.has(link, Sense.UNTIL) or (lex.has(pos, Sense.BOTH_ENDS) and lex.has(link, Sense.AND_WORD)):
        last_at = lex.after(link + 1, Sense.DAY_WORD, Sense.WITH_WORD)
        last = _weekday(lex, last_at, listed=True)
        if last is not None and lex.text(link) == lex.text(last_at + 1) == "-":
            return _dashed(lex, start)
        if last is not None:
            return _range(first, last), last_at + 1
    return {first}, start + 1


def _dashed(lex: Lexemes, pos: int) -> tuple[set[int], int]:
    """Read "mon-wed-fri", which is a list."""
    days: set[int] = set()
    end = pos
    while len(days) < _WEEK and (day := _weekday(lex, end, listed=True)) is not None:
        days.add(day)
        end += 2 if lex.text(end + 1) == "-" and _weekday(lex, end + 2, listed=True) is not None else 1
    return days, end


def _weekday(lex: Lexemes, pos: int, *, listed: bool) -> int | None:
    day = lex.integer(pos, Sense.WEEKDAY)
    if day is not None:  # "minggu" is Sunday and a week
        return day if not lex.has(pos, Sense.UNIT) or _means_sunday(lex, pos, listed=listed) else None
    short = lex.integer(pos, Sense.WEEKDAY_SHORT)
    if short is None or listed or lex[pos].raw[:1].isupper():
        return short
    listed = lex.list_next(pos + 1) is not None or lex.list_next(pos - 1) is not None
    after = lex.has(pos + 1, Sense.UNTIL, Sense.CLOCKMARK, Sense.HM, *_NAMED)
    return short if listed or after or lex.has(pos - 1, Sense.UNTIL, *_NAMED) else None


def _means_sunday(lex: Lexemes, pos: int, *, listed: bool) -> bool:
    if "minggu" not in lex[pos].text:
        return False
    named = lex.has(pos - 1, Sense.DAY_WORD, Sense.UNTIL, Sense.EXCEPT, Sense.NEG)
    weekday_near = _near_weekday(lex, pos)
    raw = lex[pos].raw
    proper = raw[:1].isupper() and raw[1:].islower() and pos > 0 and lex.text(pos - 1) not in {".", "\n"}
    part = lex.has(pos + 1, Sense.PART, Sense.DAY_OFF_WORD, *_OFF) and not _is_counted(lex, pos)
    timed = lex.clock_follows(pos + 1) and not lex.has(pos - 1, Sense.EVERY, Sense.ONCE, Sense.TIMES)
    return (
        named
        or weekday_near
        or ((proper or part or timed) and not _is_counted(lex, pos))
        or (listed and lex.has(pos + 1, Sense.WEEKDAY) and not lex.has(pos - 1, Sense.EVERY))
    )


def _is_counted(lex: Lexemes, pos: int) -> bool:
    """True for the "minggu" of "2 minggu", not for that of "jam 8 minggu"."""
    return lex.has(pos - 1, Sense.NUMBER, Sense.DIGIT) and not lex.has(pos - 2, Sense.CLOCKMARK)


def _near_weekday(lex: Lexemes, pos: int) -> bool:
    """True if "minggu" is in a list with another weekday."""
    before = pos - 2 if lex.list_next(pos - 1) == pos else pos - 1
    after = lex.list_next(pos + 1)
    ahead = (
        after is not None
        and lex.has(lex.after(after, Sense.DAY_WORD), Sense.WEEKDAY)
        and not lex.has(after, Sense.UNIT)
    )
    behind = before < pos and lex.has(before, Sense.WEEKDAY) and not lex.has(before, Sense.UNIT)
    return ahead or behind or (lex.has(pos + 1, Sense.UNTIL) and lex.has(pos + 2, Sense.WEEKDAY))


def _range(first: int, last: int) -> set[int]:
    return {(first + step) % _WEEK for step in range((last - first) % _WEEK + 1)}


def _is_once(lex: Lexemes, pos: int) -> bool:
    """True if the words after a weekday limit it to one day: "ini", "depan", "besok"."""
    if lex.sense(pos, Sense.RELDAY) == 1:
        return True
    return lex.has(pos, Sense.THIS, Sense.NEXT, Sense.RELWEEK) and not lex.has(pos, Sense.RELDAY, Sense.SEP)


def read_eve(lex: Lexemes, pos: int) -> Read:
    """Read "malam Minggu", the night before Sunday."""
    if lex.sense(pos, Sense.PART) != "malam":
        return None
    day = 0 if lex.text(pos + 1) == "minggu" else _weekday(lex, pos + 1, listed=True)
    if lex.text(pos + 1) == "minggu ini":
        return (said.PartOfDay("malam"), said.Days(frozenset({_WEEK - 1}), eve=True)), pos + 2
    if day is None or lex.has(pos + 2, Sense.UNTIL, Sense.THIS, Sense.NEXT):
        return None
    days, end = {day}, pos + 2
    while lex.sense(end, Sense.SEP) == "weak" and (more := _weekday(lex, end + 1, listed=True)) is not None:
        days, end = days | {more}, end + 2  # "malam Senin dan Kamis jam 11"
    eves = frozenset((each - 1) % _WEEK for each in days)
    return (said.PartOfDay("malam"), said.Days(eves, every=lex.has(pos - 1, Sense.EVERY), eve=True)), end


def read_once_day(lex: Lexemes, pos: int) -> Read:
    """Read a one-off day: "besok", "nanti malam", "Jumat ini", "next Monday", "minggu depan"."""
    if lex.has(pos, Sense.TONIGHT):
        return (said.OnceDay(loose="nanti" in lex[pos].text), said.PartOfDay("malam")), pos + 1
    before, after = lex.text(pos + 1) == "ini", lex.has(pos, Sense.THIS) and "en" in lex[pos].languages
    if part := lex.word(pos, Sense.PART) if before else lex.word(pos + 1, Sense.PART) if after else "":
        return (said.OnceDay(), said.PartOfDay(part)), pos + 2
    if (days := lex.integer(pos, Sense.RELDAY)) is not None and not lex.has(pos - 1, Sense.WEEKDAY):
        return _day_ahead(lex, pos, days)
    if lex.has(pos, Sense.SOON):
        return _soon(lex, pos + 1)
    return _week_ahead(lex, pos) or _weekday_once(lex, pos)


def _day_ahead(lex: Lexemes, pos: int, days: int) -> Read:
    """Read "besok", and "lusa nanti malam", whose "nanti" adds nothing."""
    if days < 0:
        return said.Impossible("past"), pos + 1
    if lex.has(pos + 1, Sense.TONIGHT) and "nanti" in lex[pos + 1].text:
        return (said.OnceDay(days=days), said.PartOfDay("malam")), pos + 2
    return said.OnceDay(days=days), pos + 1 + int(lex.has(pos + 1, Sense.SOON))


def _soon(lex: Lexemes, pos: int) -> Read:
    """Read the words after "nanti": a day ahead, or nothing."""
    start = lex.after(pos, Sense.DAY_WORD)
    day = _single(lex, start)
    if day is not None and not _is_once(lex, start + 1):
        return said.OnceWeekday(day, 0), start + 1
    return read_once_day(lex, pos) or (said.OnceDay(loose=True), pos)


def _week_ahead(lex: Lexemes, pos: int) -> Read:
    if (weeks := lex.integer(pos, Sense.RELWEEK)) is not None:
        day = _weekday(lex, start := lex.after(pos + 1, Sense.AT, Sense.DAY_WORD), listed=True)
        wide = said.OnceDay(days=_WEEK * weeks, wide=True)
        return (wide, pos + 1) if day is None else (said.OnceWeekday(day, weeks), start + 1)
    if (months := lex.integer(pos, Sense.RELMONTH)) is not None:
        return said.OnceDay(months=months, wide=True), pos + 1
    if (months := lex.integer(pos, Sense.MONTHEND)) is not None:
        return (said.Dates((0,)), said.OnceDay(months=months, wide=True)), pos + 1
    return None


def _weekday_once(lex: Lexemes, pos: int) -> Read:
    if lex.has(pos, Sense.THIS, Sense.NEXT) and "en" in lex[pos].languages:
        day = _single(lex, pos + 1)
        return None if day is None else (said.OnceWeekday(day, int(lex.has(pos, Sense.NEXT))), pos + 2)
    start = lex.after(pos, Sense.DAY_WORD)
    day = _single(lex, start)
    if day is None or not _is_once(lex, start + 1):
        return None
    ahead = lex.has(start + 1, Sense.NEXT) and lex.text(start + 1) != "besok"
    weeks = lex.integer(start + 1, Sense.RELWEEK)
    return said.OnceWeekday(day, int(ahead) if weeks is None else weeks), start + 2


def _single(lex: Lexemes, pos: int) -> int | None:
    """Return a weekday, Saturday for "weekend"."""
    return _SATURDAY if lex.sense(pos, Sense.DAYSET) == _WEEKEND else _weekday(lex, pos, listed=True)


_MOST_WEEKS: Final = 5
_FARTHEST_NTH: Final = 8
"""An ordinal further on does not belong to the weekday at an index."""


def read_nth_weekday(lex: Lexemes, pos: int) -> Read:
    """Read "the first Monday of the month", "Senin pertama dan ketiga", "hari kerja terakhir"."""
    near = lex[pos : pos + _FARTHEST_NTH]
    if not any("ordinal" in each.senses or "lastword" in each.senses for each in near):
        return None
    pos = lex.after(pos, Sense.AT, Sense.THE, most=2)
    start = lex.after(pos, Sense.DAY_WORD)
    nth, day = _ordinals(lex, pos)
    if nth and not lex.has(day, Sense.UNIT):
        days, end = _day_or_set(lex, day), day + 1
    else:
        week = start + 2 if lex.word(start + 1, Sense.UNIT) == "w" else start + 1
        days, (nth, end) = _day_or_set(lex, start), _ordinals(lex, week)
        day = start
    if not nth or days is None:
        return None
    if max(nth) > _MOST_WEEKS or lex.has(day, Sense.UNIT):  # "minggu pertama" may be a Sunday or a week
        why = "nth_weekday" if max(nth) > _MOST_WEEKS else "no_base"
        return said.Impossible(why), end
    return said.Days(days, every=True, nth=nth), _past_month(lex, end)


def _past_month(lex: Lexemes, pos: int) -> int:
    month = lex.after(pos, Sense.OF_EACH_MONTH, most=4)
    led = month > pos or lex.has(pos - 1, Sense.LASTWORD)  # "Jumat terakhir bulan"
    return month + 1 if led and lex.word(month, Sense.UNIT) == "mo" else pos


def _ordinals(lex: Lexemes, pos: int) -> tuple[tuple[int, ...], int]:
    """Return the ordinals at an index and the index after them: "first and third"."""
    found: list[int] = []
    end = pos
    while len(found) < _MOST_WEEKS and (nth := _ordinal(lex, start := lex.skip(end, "the"))):
        found.append(nth)
        after = lex.list_next(start + 1)
        if after is None or not _ordinal(lex, lex.skip(after, "the")):
            return tuple(found), start + 1
        end = after
    return tuple(found), end


def _ordinal(lex: Lexemes, pos: int) -> int:
    if lex.has(pos, Sense.DIGIT):
        return 0
    return -1 if lex.has(pos, Sense.LASTWORD) else lex.integer(pos, Sense.ORDINAL) or 0


def _day_or_set(lex: Lexemes, pos: int) -> frozenset[int] | None:
    if isinstance(days := lex.sense(pos, Sense.DAYSET), tuple):
        return frozenset(days)
    day = lex.integer(pos, Sense.WEEKDAY)
    return None if day is None else frozenset({day})
