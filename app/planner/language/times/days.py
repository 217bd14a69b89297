"""Days: weekdays, their lists, ranges and sets, what is left out; one-off days counted from today."""

from __future__ import annotations

from typing import Final

from app.planner.language.times.cursor import (
    Lexemes,
    clock_follows,
    has,
    integer,
    list_next,
    sense,
    skip,
    text,
)
from app.planner.language.times.expressions import (
    Dates,
    Days,
    ExceptDays,
    Impossible,
    OnceDay,
    OnceWeekday,
    PartOfDay,
    Value,
)

_WEEK: Final = 7
_SATURDAY: Final = 6
_WEEKEND: Final = (6, 0)
_DAY_WORDS: Final = frozenset(
    {"hari", "hr", "hri", "on", "pada", "di", "every", "tiap", "setiap", "day", "the"}
)
Read = tuple[tuple[Value, ...], int] | None


def read_weekdays(lex: Lexemes, at: int, *, every: bool = False) -> Read:
    """Read weekdays that come round: "Senin", "Senin sampai Jumat", "Selasa dan Kamis", "hari kerja"."""
    first = _group(lex, at, listed=every or text(lex, at) in _DAY_WORDS)
    if first is None:
        return None
    days, end = first
    led = has(lex, at - 1, "every", "oclock") or text(lex, at - 1) in _DAY_WORDS
    told = at - 2 if led else at - 1
    timed = has(lex, told, "number", "hm", "part")
    while (after := _next_day(lex, end)) is not None:
        more = _group(lex, after, listed=True)
        if more is None or _is_once(lex, more[1]):
            break
        if timed and clock_follows(lex, more[1]):
            break  # "jam 8 tiap Senin, Jumat jam 9"
        days |= more[0]
        end = more[1]
    one_off = has(lex, at - 1, "this", "next") and "en" in lex[at - 1].languages
    if not every and (one_off or _is_once(lex, end)):
        return None
    return (Days(frozenset(days), every=every),), end


def _next_day(lex: Lexemes, end: int) -> int | None:
    """Return where a list of days goes on, the "minggu" of "sabtu minggu" included."""
    adjoins = has(lex, end, "weekday") and has(lex, end - 1, "weekday") and not has(lex, end + 1, "ordinal")
    return end if adjoins else list_next(lex, end)


def _group(lex: Lexemes, at: int, *, listed: bool) -> tuple[set[int], int] | None:
    """Read a set of days, one day, or a range of days."""
    if (days := sense(lex, at, "dayset")) is not None:
        return set(days) if isinstance(days, tuple) else set(), at + 1
    start = skip(lex, at, "hari", "hr", "hri", "on", "dari", "from", "antara", "between")
    first = _weekday(lex, start, listed=listed or start > at)
    if first is None:
        return None
    link = start + 1
    if has(lex, link, "until") or (
        text(lex, at) in {"antara", "between"} and text(lex, link) in {"dan", "and"}
    ):
        last = _weekday(lex, skip(lex, link + 1, "hari", "dengan"), listed=True)
        if last is not None:
            return _range(first, last), skip(lex, link + 1, "hari", "dengan") + 1
    return {first}, start + 1


def _weekday(lex: Lexemes, at: int, *, listed: bool) -> int | None:
    day = integer(sense(lex, at, "weekday"))
    if day is not None and has(lex, at, "unit"):  # "minggu" is Sunday and a week
        return day if _means_sunday(lex, at, listed=listed) else None
    if day is not None:
        return day
    short = integer(sense(lex, at, "weekday_short"))
    if short is None:
        return None
    sure = (
        listed
        or has(lex, at + 1, "until", "clockmark", "hm")
        or has(lex, at - 1, "until")
        or lex[at].raw[:1].isupper()
    )
    return short if sure else None


def _means_sunday(lex: Lexemes, at: int, *, listed: bool) -> bool:
    if "minggu" not in lex[at].text and "mgg" not in lex[at].text:
        return False
    named = text(lex, at - 1) in {"hari", "hr", "hri"} or has(lex, at - 1, "until", "except", "neg")
    beside = _near_weekday(lex, at)
    raw = lex[at].raw
    proper = raw[:1].isupper() and raw[1:].islower() and at > 0 and text(lex, at - 1) not in {".", "\n"}
    part = has(lex, at + 1, "part") and not has(lex, at - 1, "number")
    timed = clock_follows(lex, at + 1) and not has(lex, at - 1, "every", "once", "times")
    return (
        named
        or beside
        or ((proper or part or timed) and not has(lex, at - 1, "number", "digit"))
        or (listed and has(lex, at + 1, "weekday") and not has(lex, at - 1, "every"))
    )


def _near_weekday(lex: Lexemes, at: int) -> bool:
    """True where a list sets "minggu" beside another weekday."""
    before = at - 1
    while before >= 0 and (text(lex, before) == "," or sense(lex, before, "sep") == "weak"):
        before -= 1
    after = list_next(lex, at + 1)
    ahead = (
        after is not None and has(lex, skip(lex, after, "hari"), "weekday") and not has(lex, after, "unit")
    )
    behind = before < at and has(lex, before, "weekday") and not has(lex, before, "unit")
    return ahead or behind or (has(lex, at + 1, "until") and has(lex, at + 2, "weekday"))


def _range(first: int, last: int) -> set[int]:
    return {(first + step) % _WEEK for step in range((last - first) % _WEEK + 1)}


def _is_once(lex: Lexemes, at: int) -> bool:
    """True where the words after a weekday make it one day: "ini", "depan", "besok"."""
    if sense(lex, at, "relday") == 1:
        return True
    return has(lex, at, "this", "next", "relweek") and not has(lex, at, "relday", "sep")


def read_eve(lex: Lexemes, at: int) -> Read:
    """Read "malam Minggu", the night before Sunday."""
    day = _weekday(lex, at + 1, listed=True) if sense(lex, at, "part") == "malam" else None
    if day is None and sense(lex, at, "part") == "malam" and text(lex, at + 1) == "minggu":
        day = 0 if not has(lex, at + 2, "next", "this") else None
    if day is None or has(lex, at + 2, "until", "this", "next"):
        return None
    return (PartOfDay("malam"), Days(frozenset({(day - 1) % _WEEK}), every=True, eve=True)), at + 2


def read_except(lex: Lexemes, at: int) -> Read:
    """Read days that are left out: "kecuali Minggu", "except weekends", "jangan hari Sabtu"."""
    but = text(lex, at) == "but" and has(lex, at - 1, "unit", "recur")  # "every day but Sunday"
    if not but and not has(lex, at, "except", "neg"):
        return None
    end = skip(lex, at + 1, "di", "pada", "hari", "on", "the", "kalau", "saat")
    read = read_weekdays(lex, end, every=True)
    if read is None or not isinstance(read[0][0], Days):
        return None
    return (ExceptDays(read[0][0].days),), read[1]


def read_once_day(lex: Lexemes, at: int) -> Read:
    """Read a day that comes once: "besok", "nanti malam", "Jumat ini", "next Monday", "minggu depan"."""
    if has(lex, at, "tonight"):
        return (OnceDay(loose="nanti" in lex[at].text), PartOfDay("malam")), at + 1
    if has(lex, at, "part") and has(lex, at + 1, "this") and text(lex, at + 1) == "ini":
        return (OnceDay(), PartOfDay(str(sense(lex, at, "part")))), at + 2
    if has(lex, at, "this") and "en" in lex[at].languages and has(lex, at + 1, "part"):
        return (OnceDay(), PartOfDay(str(sense(lex, at + 1, "part")))), at + 2
    if (days := integer(sense(lex, at, "relday"))) is not None and not has(lex, at - 1, "weekday"):
        return _day_ahead(lex, at, days)
    if has(lex, at, "soon"):
        return _soon(lex, at + 1)
    return _week_ahead(lex, at) or _weekday_once(lex, at)


def _day_ahead(lex: Lexemes, at: int, days: int) -> Read:
    """Read "besok", and "lusa nanti malam", whose "nanti" adds nothing."""
    if days < 0:
        return (Impossible("past"),), at + 1
    if has(lex, at + 1, "tonight") and "nanti" in lex[at + 1].text:
        return (OnceDay(days=days), PartOfDay("malam")), at + 2
    return (OnceDay(days=days),), at + 1 + int(has(lex, at + 1, "soon"))


def _soon(lex: Lexemes, at: int) -> Read:
    """Read what follows "nanti": a day that it says to be ahead, or nothing."""
    start = skip(lex, at, "hari", "hr", "hri")
    day = _single(lex, start)
    if day is not None and not _is_once(lex, start + 1):
        return (OnceWeekday(day, 0),), start + 1
    return read_once_day(lex, at) or ((OnceDay(loose=True),), at)


def _week_ahead(lex: Lexemes, at: int) -> Read:
    if (weeks := integer(sense(lex, at, "relweek"))) is not None:
        day = _weekday(lex, skip(lex, at + 1, "hari", "on"), listed=True)
        if day is not None:
            return (OnceWeekday(day, weeks),), skip(lex, at + 1, "hari", "on") + 1
        return (OnceDay(days=_WEEK * weeks, wide=True),), at + 1
    if (months := integer(sense(lex, at, "relmonth"))) is not None:
        return (OnceDay(months=months, wide=True),), at + 1
    if (months := integer(sense(lex, at, "monthend"))) is not None:
        return (Dates((0,)), OnceDay(months=months, wide=True)), at + 1
    return None


def _weekday_once(lex: Lexemes, at: int) -> Read:
    if has(lex, at, "this", "next") and "en" in lex[at].languages:
        day = _single(lex, at + 1)
        return None if day is None else ((OnceWeekday(day, int(has(lex, at, "next"))),), at + 2)
    start = skip(lex, at, "hari", "hr", "hri")
    day = _single(lex, start)
    if day is None or not _is_once(lex, start + 1):
        return None
    ahead = has(lex, start + 1, "next") and text(lex, start + 1) != "besok"
    weeks = integer(sense(lex, start + 1, "relweek"))
    return (OnceWeekday(day, int(ahead) if weeks is None else weeks),), start + 2


def _single(lex: Lexemes, at: int) -> int | None:
    """Return a weekday, Saturday for "weekend"."""
    return _SATURDAY if sense(lex, at, "dayset") == _WEEKEND else _weekday(lex, at, listed=True)


def read_nth_weekday(lex: Lexemes, at: int) -> Read:
    """Read "the first Monday of the month", "Senin pertama tiap bulan", which no cron line can say."""
    if has(lex, at, "ordinal", "lastword") and has(lex, at + 1, "weekday") and not has(lex, at + 1, "unit"):
        return (Impossible("nth_weekday"),), at + 2
    start = skip(lex, at, "hari")
    if (
        has(lex, start, "weekday")
        and has(lex, start + 1, "ordinal", "lastword")
        and not has(lex, start + 1, "digit")
    ):
        return (Impossible("nth_weekday"),), start + 2
    return None
