"""Reads what a schedule leaves out: "kecuali tanggal merah", "Sundays off", "kalau libur majukan".

The operand of "kecuali" and "jangan" follows them. In "tanggal merah jangan" it is the list of days or times
right before the operator, up to a comma.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Final, cast

from app.planner.language.lexicon.roles import words_of
from app.planner.language.lexicon.sense import Sense
from app.planner.language.times.bounds import read_bound_day
from app.planner.language.times.clock import read_clocks, read_window
from app.planner.language.times.clock_parts import PART_TIMES
from app.planner.language.times.dates import (
    FEAST_WORDS,
    LAST_DAY,
    days_off_end,
    is_evening,
    read_dates,
    read_feast,
    read_feast_date,
    read_months,
)
from app.planner.language.times.days import read_eve, read_nth_weekday, read_once_day, read_weekdays
from app.planner.language.times.expressions import (
    HOUR_MIN,
    ClockTime,
    ClockTimes,
    ClockWindow,
    Dates,
    Days,
    Except,
    FeastDay,
    Impossible,
    Months,
    OnceDay,
    OnceWeekday,
    PartOfDay,
    Read,
    TimeBound,
    Value,
    values_of,
)
from app.planner.language.tokens.lexemes import Lexemes

_Found = tuple[Except, int]
_MOST_LEADS: Final = 3
_MOST_OBJECTS: Final = 6
_MOST_EXCEPTED: Final = 5
"""The most words of an exception that is not understood."""
_LEAP_YEAR: Final = 2024
_MOST_DATES: Final = 100
_BASES: Final = frozenset(
    {"every", "recur", "hourly", "dayset", "weekday", "hm", "clockmark", "part", "nightly"}
)
_TIMES: Final = _BASES | {"number", "datemark", "relday"}
_FARTHEST_BASE: Final = 24
_LONGEST_PART: Final = 40


def read_except(lex: Lexemes, pos: int) -> Read:
    """Read an exception; one that is not understood drops the job, with a note."""
    every_but = lex.text(pos) == "but" and lex.has(pos - 1, "unit", "recur")  # "every day but Sunday"
    if every_but or lex.has(pos, "except", "skips"):
        return _left_out(lex, pos)
    if not lex.has(pos, "neg"):
        return _off(lex, pos)
    if lex.has(pos + 1, "except", "cond"):
        return _unknown(lex, pos)  # "yang malam ga usah kalau Minggu", "jangan di luar jam kerja"
    found = _denied(lex, pos + 1)
    plain = found is not None and found[0] in {Except(weekdays=found[0].weekdays), Except(holidays=True)}
    return found if plain or not lex.has(pos, Sense.DENIED) else None


def _left_out(lex: Lexemes, pos: int) -> Read:
    """Read what "kecuali", "selain" and "skip" leave out."""
    found = read_objects(lex, pos + 1, denied=False)
    if found is not None:
        only = lex.has(found[1], "neg") and _closes(lex, found[1] + 1, "filler")  # "selain jam 9-17 ga usah"
        return (_alone(found[0]), found[1] + 1) if only else found
    named = read_dates(lex, pos + 1) or read_nth_weekday(lex, pos + 1)
    if named is not None:
        return Impossible("except"), named[1]  # "skip the last day of each month"
    return _unknown(lex, pos) if lex.has(pos, "except") else None


def _closes(lex: Lexemes, pos: int, *others: str) -> bool:
    """True if a part of a sentence ends at an index."""
    ended = pos >= len(lex) or lex[pos].kind in {"mark", "line", "taken"}
    return ended or lex.has(pos, "sep", "but", Sense.REASON, *others)


def _alone(what: Except) -> Value:
    """Return what "selain jam 9-17 gak usah" asks for: those times alone."""
    if what == Except(windows=what.windows) and len(what.windows) == 1:
        return what.windows[0]
    return Days(what.weekdays, every=True) if what == Except(weekdays=what.weekdays) else Impossible("except")


def _denied(lex: Lexemes, pos: int) -> _Found | None:
    """Read the "malam" of "tiap 5 menit tapi jangan malam".

    Dates and times are only left out of what is said before.
    """
    found = read_objects(lex, pos, denied=True)
    if found is not None:
        return found
    before = lex[max(0, pos - _FARTHEST_BASE) : pos]
    part = Lexemes(lex[: _part_end(lex, pos)])
    found = read_objects(part, pos, denied=False) if any(each.has_any(_BASES) for each in before) else None
    return found if found is not None and _closes(lex, found[1], "filler") else None


def replaced_at(lex: Lexemes, pos: int) -> int | None:
    """Return the end of the part of a sentence if a time follows in the place of one that is denied in it."""
    end = _part_end(lex, pos)
    start = lex.past(end, {",", ".", ";", "-"}, "filler", "but", "later", "excess")
    said = lex[start : _part_end(lex, start)]
    timed = bool(said) and (said[0].has_any(_TIMES) or said[0].has(Sense.LEADS_EXCEPTIONS))
    instead = lex.has(start - 1, "but") or any(each.has("suffices", "turns") for each in said)
    return end if start > end and timed and instead else None


def _part_end(lex: Lexemes, pos: int) -> int:
    last = min(len(lex), pos + _LONGEST_PART)
    return next((end for end in range(pos, last) if _opens(lex, end)), last)


def _opens(lex: Lexemes, pos: int) -> bool:
    return lex[pos].kind in {"mark", "line", "bullet"} or lex.has(pos, "but")


def _off(lex: Lexemes, pos: int) -> Read:
    """Read "tidak di hari Minggu", "libur tiap Sabtu", "kalau bukan hari minggu"; all mean much else."""
    denied = lex.has(pos, "cond") and lex.has(pos + 1, "no", "neg")
    led = denied or lex.has(pos, "barring") or (lex.has(pos, "otherwise") and " " in lex.text(pos))
    if not led and not lex.has(pos, "no", "off", "including"):
        return None
    start = pos + 1 + denied
    led = led or lex.has(start, Sense.LEADS_EXCEPTIONS, "every", "weekday", "dayset")
    found = read_objects(lex, start, denied=True) if led or read_feast(lex, start) is not None else None
    if found is None or not (found[0].weekdays or found[0].holidays) or found[0].windows:
        return None
    return (Except(), found[1]) if lex.has(pos, "including") else found


def _unknown(lex: Lexemes, pos: int) -> Read:
    """Read an exception that is not understood, up to the next comma or time; a stored job is no time."""
    if any(each.has("stop") for each in lex[:pos]):
        return None
    end = pos + 1
    while end < min(len(lex), pos + _MOST_EXCEPTED) and lex.text(end) not in {",", ".", ";", "\n", ":"}:
        if lex.has(end, "every", "clockmark", "sep", "hm"):
            break
        end += 1
    return Impossible("except"), end


def read_objects(lex: Lexemes, pos: int, *, denied: bool) -> _Found | None:
    """Read a list of things that are left out; None if one of them is not understood."""
    found = _object(lex, pos, denied=denied)
    for _more in range(_MOST_OBJECTS):
        after = None if found is None else lex.list_next(found[1])
        if found is None or after is None or after >= len(lex):
            break
        more = _object(lex, lex.past(after, (), "except", most=1), denied=denied)
        if more is not None and more[0].windows and not found[0].windows and lex.text(after - 1) == ",":
            break  # "kecuali Minggu, jam 8"
        if more is not None and (lex.has(after, Sense.ONLY) or lex.has(more[1], Sense.ONLY)):
            return None  # "selain tanggal 31, Kamis doang": one more of them, or the only day
        if more is not None:
            found = found[0] | more[0], more[1]
        elif lex.text(after - 1) != "," and not lex[after].senses and lex[after].kind == "word":
            return None  # "kecuali Minggu dan hujan"
        else:
            break
    return found


def _object(lex: Lexemes, pos: int, *, denied: bool) -> _Found | None:
    """Read one thing that is left out; after "jangan" only what no other reader would read."""
    starts = dict.fromkeys((pos, lex.after(pos, Sense.LEADS_EXCEPTIONS, most=_MOST_LEADS)))
    reads = (read_feast(lex, start) or _timed(lex, start, denied=denied) for start in starts)
    return next(filter(None, reads), None)


def _timed(lex: Lexemes, pos: int, *, denied: bool) -> _Found | None:
    if read_nth_weekday(lex, pos) is not None:
        return None  # "kecuali Jumat minggu terakhir"
    dated = None if denied else read_dates(lex, pos)
    read = dated or read_eve(lex, pos) or read_window(lex, pos) or read_months(lex, pos, listed=True)
    read = read or (None if denied else read_once_day(lex, pos)) or read_weekdays(lex, pos, every=True)
    read = read or (None if denied else _part(lex, pos) or read_clocks(lex, pos))
    read = read or _sunday(lex, pos)
    value = None if read is None else left_out_of(read[0])
    if read is None or value is None or (value.weekdays and read_window(lex, read[1]) is not None):
        return None
    if value.weekdays and (part := lex.word(read[1], "part")) in PART_TIMES:
        return replace(value, part=part), lex.skip(read[1] + 1, "hari")
    return _until_date(lex, value, read[1]) if dated else (value, read[1])


def _sunday(lex: Lexemes, pos: int) -> Read:
    """Read a "minggu" that is left out, which is no week."""
    counted = lex.has(pos - 1, "number", "digit", "every") or lex.has(pos + 1, "next", "this", "relday")
    day = None if counted or not lex.has(pos, "unit") else lex.integer(pos, "weekday")
    return None if day is None else (Days(frozenset({day})), pos + 1)


def _until_date(lex: Lexemes, first: Except, pos: int) -> _Found:
    """Read the end of "kecuali 24 Desember sampai 2 Januari"."""
    last = read_dates(lex, pos + 1) if lex.has(pos, "until") and len(first.dates) == 1 else None
    until = left_out_of(last[0]) if last is not None else None
    if last is None or until is None or len(until.dates) != 1:
        return first, pos
    (start,), (end,) = first.dates, until.dates
    length = min(len(start), len(end))  # without the year that one of them lacks
    day = date.fromisoformat(f"{_LEAP_YEAR}-{start}"[-len("2024-12-25") :])
    days = [f"{day + timedelta(days=ahead)}"[-length:] for ahead in range(_MOST_DATES)]
    ended = days.index(end[-length:]) + 1 if end[-length:] in days else 0
    return (Except(dates=frozenset(days[:ended])), last[1]) if ended else (first, pos)


def _part(lex: Lexemes, pos: int) -> Read:
    return (PartOfDay(lex.word(pos, "part")), lex.skip(pos + 1, "hari")) if lex.has(pos, "part") else None


def left_out_of(value: object) -> Except | None:
    """Return what was read as something that is left out; None if no schedule can leave it out."""
    found: Except | None = None
    match value:
        case tuple():
            parts = cast("tuple[object, ...]", value)
            days = next((each for each in parts if isinstance(each, Days | Dates)), None)
            found = None if days is None else left_out_of(days)
        case Days(days=days, nth=()):
            found = Except(weekdays=days)
        case Dates(days=days, month=None) if LAST_DAY not in days:
            found = Except(days=frozenset(days))
        case Dates(days=days, month=int(month), year=year) if LAST_DAY not in days:
            lead = "" if year is None else f"{year}-"
            found = Except(dates=frozenset(f"{lead}{month:02}-{day:02}" for day in days))
        case Months(months=months):
            found = Except(months=months)
        case ClockWindow(start=ClockTime(), end=ClockTime()):
            found = Except(windows=(value,))
        case ClockTimes(clocks=clocks):
            # "tiap jam kecuali jam 12" leaves out that hour.
            hours = ((clock, replace(clock, shift=clock.shift + HOUR_MIN)) for clock in clocks)
            found = Except(windows=tuple(ClockWindow(*hour) for hour in hours))
        case PartOfDay(part=part) if part in PART_TIMES:
            start, end = (ClockTime(minute, exact=True) for minute in PART_TIMES[part].window)
            found = Except(windows=(ClockWindow(start, end, assumed=True),))
        case OnceDay(wide=False) | OnceWeekday():
            found = Except(once=(value,))
        case _:
            pass
    return found


# Operators behind what is left out: "tanggal merah jangan", "Minggu tetap jalan".

_MARKS: Final = ("neg", "no", "off", "still", "stop", "resumes")
_REFUSES: Final = ("neg", "no", "off", "skips", "stop")
_PREDICATES: Final = ("send", "notify", "watch", "report", "backup", "message")
"""Verbs of "tanggal merah ga usah kirim"."""
_OPENS: Final = ("every", "recur", "interval", "weekday", "dayset", "hourly", "clockmark", "nightly")
"""One of these before an exception within its part of a sentence: without any it is no exception."""
_MOST_BETWEEN: Final = 3
_LONGEST: Final = 8
_FEW_DAYS: Final = 2

LeftOut = Mapping[int, _Found]
"""Exceptions by the index of their first lexeme, each with the index after its operator."""


def read_left_out(lex: Lexemes) -> LeftOut:
    """Return the exceptions of a sentence whose operator stands behind them."""
    found: dict[int, _Found] = {}
    for pos, lexeme in enumerate(lex):
        if lexeme.has("resumes") and (resumed := _resumption(lex, pos)) is not None:
            found[resumed[0]] = resumed[1]
        elif pos and lexeme.has(*_MARKS) and (end := _operator_end(lex, pos)) is not None:
            last = pos
            while last > pos - _MOST_BETWEEN and lex.has(last - 1, Sense.BETWEEN_EXCEPTIONS):
                last -= 1
            stays = lexeme.has("still") and _is_managed(lex, pos)
            # In "matikan laporan pagi, yang sore biarin" the part of the day names another job.
            if not stays and (read := _operand(lex, _part_start(lex, last), last)) is not None:
                found[read[0]] = Except() if lexeme.has("still") else read[1], end
    return found


def _is_managed(lex: Lexemes, last: int) -> bool:
    """True if a verb that stops a job, or "gak usah lagi", precedes an index."""
    verbs = (pos for pos in range(last) if lex.has(pos, "stop", "neg"))
    return any(lex.has(pos, "stop") or lex.has(pos + 1, Sense.NEVER) for pos in verbs)


def _resumption(lex: Lexemes, pos: int) -> tuple[int, _Found] | None:
    """Read the "Senin lanjut" or "back on Monday" behind what is left out, and its first lexeme."""
    start = _part_start(lex, pos)
    first = lex.past(start, (), Sense.BEFORE_EXCEPTIONS, Sense.LEADS_EXCEPTIONS, "from", "later")
    after = lex.past(pos + 1, (), Sense.LEADS_EXCEPTIONS) if first == pos else first
    day = read_bound_day(lex, after, ends=True, loose=False)
    bound = None if day is None else TimeBound(ends=True, day=cast("Any", values_of(day[0])))
    if day is None or bound is None or not any(each.has(*_REFUSES) for each in lex[:start]):
        return None
    end = lex.past(day[1] if first == pos else pos + 1, (), Sense.AFTER_EXCEPTIONS)
    near = first == pos or lex.past(day[1], (), "later", "now", Sense.BETWEEN_EXCEPTIONS) == pos
    return (first, (Except(resumes=bound), end)) if near and _closes(lex, end) else None


def _operator_end(lex: Lexemes, pos: int) -> int | None:
    """Return the index after an operator and its verb; None if more follows in its part of the sentence."""
    stops = (
        lex.has(pos, "stop") and not lex.has(pos, "neg", "no", "off") and lex.sense(pos, "stop") != "pause"
    )
    if stops or lex.text(pos) == "bukan":
        return None  # "laporan Senin dihentikan" ends a job, and the operand of "bukan" follows it
    end = lex.past(pos + 1, (), Sense.AFTER_EXCEPTIONS)
    if lex.has(pos, "neg", "no", "still") and lex.has(end, *_PREDICATES):
        end = lex.past(end + 1, (), Sense.AFTER_EXCEPTIONS)
    return end if _closes(lex, end) else None


def _operand(lex: Lexemes, start: int, last: int) -> tuple[int, Except] | None:
    """Return the list of days or times that ends at an index, and its first lexeme."""
    opening = lex.past(start, (), Sense.BEFORE_EXCEPTIONS, Sense.LEADS_EXCEPTIONS)
    reads = ((pos, read_objects(lex, pos, denied=False)) for pos in range(max(start, last - _LONGEST), last))
    first, what = next(((pos, read[0]) for pos, read in reads if read and read[1] == last), (last, None))
    if what is None or first > opening:
        said = what is not None and not what.windows and any(each.has(*_OPENS) for each in lex[start:first])
        based = what is not None and (what.holidays or said)  # "tiap hari jam 8 Minggu libur"
        return (first, what) if what is not None and based else None
    while start and what.weekdays and lex.text(start - 1) == ",":
        # "…, Sabtu, Minggu libur"
        start, end = _part_start(lex, start - 1), start - 1
        place = lex.past(start, (), Sense.BEFORE_EXCEPTIONS)
        other = read_objects(Lexemes(lex[:end]), place, denied=False) if place < end else None
        if other is None or other[1] != end or not 0 < len(other[0].weekdays) <= _FEW_DAYS:
            break
        first, what = place, what | other[0]
    return first, what


def _part_start(lex: Lexemes, pos: int) -> int:
    start = pos
    while start and pos - start < 3 * _LONGEST and not _parts(lex, start - 1):
        start -= 1
        if lex.has(start, "but"):
            return start + 1
    return start


def _parts(lex: Lexemes, pos: int) -> bool:
    """True for what parts a sentence; "dan" and a dash do not."""
    if lex.has(pos, Sense.DASHES):
        return False
    return lex[pos].kind in {"mark", "line", "bullet"} or lex.sense(pos, "sep") == "strong"


def read_feast_day(lex: Lexemes, pos: int) -> Read:
    """Read "malam tahun baru" and "tiap Natal"; no schedule can say "tiap hari libur" and "tiap Lebaran"."""
    start, last = pos, lex.after(pos, Sense.LEADS_EXCEPTIONS, "every", most=_MOST_LEADS)
    feast = read_feast_date(lex, pos) if lex.text(pos) in FEAST_WORDS else None
    if feast is None and last > pos:
        start, feast = last, read_feast_date(lex, last)
    if feast is None:
        ends = (days_off_end(lex, each) for each in range(pos, last + 1))
        end = next((end for end in ends if end is not None), None)
        return None if end is None else (Impossible("only_holidays"), end)
    day, end = feast
    before = lex[pos - 1] if pos and start == pos else None
    if before is not None and before.has(Sense.NEAR_FEAST):
        return Impossible("date"), end
    if before is not None and (before.has("textmark") or (before.kind == "word" and not before.senses)):
        return None  # "promo natal" is about it
    if isinstance(day, FeastDay):
        return Impossible("only_holidays"), end
    day = replace(day, every=any(each.has("every") for each in lex[pos:start]))
    return ((day, PartOfDay("malam")) if is_evening(lex, start, end) else day), end


# Shifts: "kalau libur majukan", "if that falls on a weekend run it the day before".

_MOST_FALLS: Final = 6
_WAYS: Final = {"before": words_of(Sense.EXCEPTIONS_BEFORE), "after": words_of(Sense.EXCEPTIONS_AFTER)}
_FARTHEST: Final = 10
_NEAR: Final = 3
_WEEKEND: Final = frozenset({0, 6})
_WEEK: Final = 7
_STOPS: Final = frozenset({".", ";", ":", "\n", "!", "?"})


def read_shift(lex: Lexemes, pos: int) -> Read:
    """Read what becomes of a run on a day off. Without such words it is a condition, and not read here."""
    if not lex.has(pos, "cond"):
        return None
    found = _falls_on(lex, pos)
    if found is None or found[0].windows or found[0].months:
        return None
    what, end = found
    said = (lex.integer(each, "weekday") for each in range(max(0, pos - _FARTHEST_BASE), end))
    way, last, on_workday = _way(lex, end, what.weekdays or frozenset(day for day in said if day is not None))
    if not way:
        return (Impossible("except"), end) if what.holidays else None
    if way == "nowhere":
        return Impossible("except"), last
    if on_workday:
        what = replace(what, weekdays=what.weekdays | _WEEKEND)
    return replace(what, on_skip=way), last


def _falls_on(lex: Lexemes, cond: int) -> _Found | None:
    """Read the days off after "kalau jatuh di"."""
    start = lex.after(cond + 1, Sense.FALLS, most=_MOST_FALLS)
    if lex.has(start, "weekday") and read_feast(lex, start + 1) is not None:
        start += 1  # "kalau Jumatnya tanggal merah"
    return read_objects(lex, start, denied=True) or read_objects(lex, cond + 1, denied=True)


def _way(lex: Lexemes, pos: int, weekdays: frozenset[int]) -> tuple[str, int, bool]:
    """Return which way a run is moved, the index after those words, and if it is to a working day."""
    way, last, on_workday = "", pos, False
    for index in range(pos, min(len(lex), pos + _FARTHEST)):
        text = lex.text(index)
        if text in _STOPS or (text == "," and index > pos) or lex.has(index, "report", "backup", "message"):
            break
        said = _said_way(lex, index, weekdays)
        workday = lex.sense(index, "dayset") is not None
        if said:
            way = way if way in _WAYS and said == "drop" else said
        if said or workday or lex.has(index, Sense.DAY_WORDS):
            last = index + 1
        on_workday = on_workday or workday
    return way, last, on_workday


def _said_way(lex: Lexemes, pos: int, weekdays: frozenset[int]) -> str:
    text = lex.text(pos)
    for way, said in _WAYS.items():
        if not said.isdisjoint(text.split()):
            return way
    day = lex.integer(pos, "weekday")
    if day is not None:  # "geser ke Senin"
        nearest = {(day - 1) % _WEEK: "after", (day + 1) % _WEEK: "before"}
        return next((way for off, way in nearest.items() if off in weekdays), "nowhere")
    return "drop" if lex.has(pos, Sense.DROP, "neg") else ""
