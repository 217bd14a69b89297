"""The parts of time expressions: pieces, facets, cron lines, zones."""

from __future__ import annotations

import pytest

from app.planner.language.times.clock import bounds
from app.planner.language.times.clock_parts import resolve
from app.planner.language.times.constraints import constraints_of
from app.planner.language.times.expressions import (
    ClockTime,
    ClockTimes,
    ClockWindow,
    Dates,
    Days,
    Impossible,
    Interval,
    Recurrence,
    Value,
)
from app.planner.language.times.scan import scan_times
from app.planner.language.times.schedule_builder import cron_times, numbers, times_within
from app.planner.language.tokens.lexemes import lexemes_of
from app.planner.language.tokens.tokens import tokenize
from app.planner.language.zones import is_zone, zone_of


def _window(start: int, end: int, step: int, minute: int | None = None) -> list[tuple[int, str]]:
    return cron_times(times_within((start, end), step, minute), ranges=True)


def _values(text: str) -> list[Value]:
    return [piece.value for piece in scan_times(lexemes_of(text, tokenize(text)))]


def test_pieces_say_which_lexemes_they_were_read_from() -> None:
    """A piece covers its words, "tiap" included, and nothing of the sentence around it."""
    text = "pantau tiap 30 detik saja"
    (piece,) = scan_times(lexemes_of(text, tokenize(text)))
    assert (piece.value, piece.first, piece.last) == (Interval(30), 1, 4)


PIECES = (
    ("tiap jam", [Interval(3600)]),
    ("tiap jam 7", [ClockTimes((ClockTime(420, every=True),))]),
    ("tiap hari", [Recurrence("d")]),
    ("tiap minggu", [Recurrence("w")]),
    ("tiap Minggu", [Days(frozenset({0}), every=True)]),
    ("tiap hari minggu", [Days(frozenset({0}), every=True)]),
    ("senin sampai jumat", [Days(frozenset({1, 2, 3, 4, 5}))]),
    ("tanggal 1 dan 15", [Dates((1, 15))]),
    ("hari terakhir setiap bulan", [Dates((0,), every=True)]),
    ("tiap 0 detik", [Impossible("too_short")]),
    ("tiap -5 menit", [Impossible("negative")]),
    ("jam 25", [Impossible("clock")]),
    ("tanggal 32", [Impossible("date")]),
    ("30 Februari", [Impossible("date")]),
)


@pytest.mark.parametrize(("text", "wanted"), PIECES)
def test_expression_is_read_as_its_pieces(text: str, wanted: list[Value]) -> None:
    """Each expression becomes the pieces that it says."""
    assert _values(text) == wanted


CLOCKS = (
    ("jam 7", 7, 0),
    ("jam 12 malam", 0, 0),
    ("jam 12 siang", 12, 0),
    ("jam 12 pagi", 0, 0),
    ("jam 1 siang", 13, 0),
    ("jam 3 sore", 15, 0),
    ("jam 6 petang", 18, 0),
    ("jam 11 malam", 23, 0),
    ("jam 2 malam", 2, 0),
    ("jam 3 dini hari", 3, 0),
    ("jam setengah satu siang", 12, 30),
    ("jam setengah dua belas malam", 23, 30),
    ("jam setengah 1 malam", 0, 30),
    ("jam 8 kurang seperempat", 7, 45),
    ("jam 12 malam kurang 5", 23, 55),
    ("half past seven", 7, 30),
    ("quarter to twelve at night", 23, 45),
    ("12am", 0, 0),
    ("12:30 pm", 12, 30),
    ("noon", 12, 0),
    ("jam 24", 0, 0),
)


@pytest.mark.parametrize(("text", "hour", "minute"), CLOCKS)
def test_time_of_day_means_its_minute(text: str, hour: int, minute: int) -> None:
    """A time of day with its part of day is one minute of the day."""
    (value,) = _values(text)
    assert isinstance(value, ClockTimes)
    assert resolve(value.clocks[0]) == hour * 60 + minute


def test_window_over_midnight_ends_on_the_next_day() -> None:
    """The end of a window that is before its start is the next day's."""
    assert bounds(ClockWindow(ClockTime(23 * 60), ClockTime(4 * 60))) == (23 * 60, 28 * 60)


def test_second_piece_of_a_kind_begins_another_schedule() -> None:
    """Two times of day with days of their own are two schedules."""
    first, second = constraints_of([_values("Senin jam 8"), _values("Sabtu jam 10")])
    assert (first.weekdays(), second.weekdays()) == (frozenset({1}), frozenset({6}))
    assert (first.clocks, second.clocks) == ((ClockTime(480),), (ClockTime(600),))


def test_different_pieces_are_one_schedule() -> None:
    """What says different things of one schedule is joined across separators."""
    (facets,) = constraints_of([_values("tiap senin"), _values("jam 8")])
    assert facets.weekdays() == frozenset({1})
    assert facets.clocks == (ClockTime(480),)


CRONS = (
    (cron_times([480, 1020]), [(480, "0 8,17")]),
    (cron_times([540, 990]), [(540, "0 9"), (990, "30 16")]),
    (cron_times([360, 720, 1080]), [(360, "0 6,12,18")]),
    (cron_times([480, 510, 540, 570]), [(480, "0,30 8,9")]),
    (_window(480, 1020, 10), [(480, "*/10 8-16")]),
    (_window(1380, 1680, 60), [(1380, "0 23,0-3")]),
    (_window(480, 1200, 120), [(480, "0 8-18/2")]),
    (_window(480, 1020, 60, 15), [(495, "15 8-16")]),
    (_window(0, 1440, 5), [(0, "*/5 *")]),
    (_window(510, 690, 30), [(510, "30 8"), (540, "*/30 9-10"), (660, "0 11")]),
)


@pytest.mark.parametrize(("lines", "wanted"), CRONS)
def test_cron_lines_are_as_few_as_can_be(lines: list[tuple[int, str]], wanted: list[tuple[int, str]]) -> None:
    """Hours with the same minutes are one line, a window as many as its edges need."""
    assert lines == wanted


def test_numbers_are_written_as_cron_fields() -> None:
    """Runs are ranges, and equal steps over the whole of a field are one step."""
    assert numbers([1, 2, 3, 5]) == "1-3,5"
    assert numbers([1, 4, 7, 10], 12, first=1) == "*/3"
    assert numbers([22, 23, 0, 1], 24) == "22-23,0-1"


ZONES = (
    ("WIB", "Asia/Jakarta"),
    ("wita", "Asia/Makassar"),
    ("GMT", "UTC"),
    ("UTC+7", "Etc/GMT-7"),
    ("gmt -5", "Etc/GMT+5"),
    ("europe/berlin", "Europe/Berlin"),
    ("America/New_York", "America/New_York"),
    ("telegram/whatsapp", None),
    ("utc+25", None),
)


@pytest.mark.parametrize(("text", "name"), ZONES)
def test_zone_is_named_as_the_database_names_it(text: str, name: str | None) -> None:
    """Short names, offsets and IANA names in any case become names of the zone database."""
    assert zone_of(text) == name
    assert name is None or is_zone(name)
