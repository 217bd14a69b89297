"""Cron expressions: syntax, refusals, wall-clock times."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from cronsim import CronSim
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.scheduling.cron import DAY_MS, CronFields, ScheduleError, parse_cron

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
START = datetime(2024, 1, 1, tzinfo=UTC)


def wall(moment: datetime) -> int:
    return (moment - EPOCH) // timedelta(milliseconds=1)


def times(fields: CronFields, since: datetime, count: int) -> list[datetime]:
    found: list[datetime] = []
    at = wall(since)
    while len(found) < count:
        slot = fields.first_from(at + 1)
        assert slot is not None
        found.append(EPOCH + timedelta(milliseconds=slot))
        at = slot
    return found


def oracle(expression: str, since: datetime, count: int) -> list[datetime]:
    simulated = CronSim(expression, since)
    return [next(simulated) for _ in range(count)]


def field(low: int, high: int) -> st.SearchStrategy[str]:
    number = st.integers(low, high)
    step = st.integers(1, high + 5)
    span = st.lists(number, min_size=2, max_size=2, unique=True).map(sorted)
    return st.one_of(
        st.just("*"),
        number.map(str),
        step.map("*/{}".format),
        st.tuples(span, step).map(lambda drawn: f"{drawn[0][0]}-{drawn[0][1]}/{drawn[1]}"),
        st.tuples(number, step).map(lambda drawn: f"{drawn[0]}/{drawn[1]}"),
        st.lists(number, min_size=2, max_size=4).map(lambda drawn: ",".join(map(str, drawn))),
    )


EXPRESSIONS = st.tuples(field(0, 59), field(0, 23), field(1, 28), field(1, 12), field(0, 7)).map(" ".join)


@given(expression=EXPRESSIONS)
@settings(max_examples=150, deadline=None, database=None)
def test_cron_agrees_with_cronsim_on_any_expression(expression: str) -> None:
    """Lists, ranges, steps and the rule of the two day fields are read as by cronsim."""
    assert times(parse_cron(expression), START, 12) == oracle(expression, START, 12)


@given(expression=EXPRESSIONS, days=st.integers(0, 900), length=st.integers(0, 40 * DAY_MS))
@settings(max_examples=100, deadline=None, database=None)
def test_cron_fields_count_what_they_find(expression: str, days: int, length: int) -> None:
    """Counting a span, walking it forwards and walking it backwards see the same times."""
    fields = parse_cron(expression)
    low = wall(START + timedelta(days=days)) + 12_345
    high = low + length
    forwards: list[int] = []
    at = fields.first_from(low)
    while at is not None and at < high and len(forwards) < 500:
        forwards.append(at)
        at = fields.first_from(at + 1)
    end = forwards[-1] + 1 if len(forwards) == 500 else high
    assert fields.count(low, end) == len(forwards)
    assert all(fields.last_to(late - 1) == early for early, late in pairwise(forwards))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("@yearly", "0 0 1 1 *"),
        ("@annually", "0 0 1 1 *"),
        ("@monthly", "0 0 1 * *"),
        ("@weekly", "0 0 * * 0"),
        ("@daily", "0 0 * * *"),
        ("@midnight", "0 0 * * *"),
        ("@Hourly", "0 * * * *"),
        ("  5\t4  * * * ", "5 4 * * *"),
        ("0 9 * * MON-FRI", "0 9 * * 1-5"),
        ("0 9 * jan,DEC Sun", "0 9 * 1,12 0"),
        ("0 9 * * 7", "0 9 * * 0"),
        ("0 9 * * 5-7", "0 9 * * 0,5,6"),
        ("10/20 * * * *", "10,30,50 * * * *"),
        ("59/15 * * * *", "59 * * * *"),
        ("5-5 3-3/2 * 2-2 4-4", "5 3 * 2 4"),
        ("0 9 * * */5", "0 9 * * 0,5"),
    ],
)
def test_cron_reads_the_usual_spellings(written: str, meant: str) -> None:
    """Nicknames, names, 7, steps and one-value ranges mean what cron(8) makes of them."""
    assert times(parse_cron(written), START, 40) == oracle(meant, START, 40)


def test_cron_star_with_step_does_not_restrict_the_day() -> None:
    """With `*/2` as day of the month a Monday must be an odd day too; with `1-31/2` either is enough."""
    both = times(parse_cron("0 0 */2 * MON"), START, 50)
    either = times(parse_cron("0 0 1-31/2 * MON"), START, 50)
    assert all(at.weekday() == 0 and at.day % 2 for at in both)
    assert {at.weekday() for at in either} == set(range(7))


def test_cron_unites_two_restricted_day_fields() -> None:
    """Friday the 13th as `13 * FRI` fires on every Friday and on every 13th."""
    found = times(parse_cron("0 9 13 * FRI"), START, 100)
    assert found == oracle("0 9 13 * FRI", START, 100)
    assert all(at.day == 13 or at.isoweekday() == 5 for at in found)


def test_cron_knows_the_last_day_of_a_month() -> None:
    """`L` is the 29th of February 2024 and the 31st or 30th elsewhere; in a list it joins the others."""
    assert [at.day for at in times(parse_cron("0 0 L * *"), START, 4)] == [31, 29, 31, 30]
    assert [at.day for at in times(parse_cron("0 0 15,l * *"), START, 4)] == [15, 31, 15, 29]


def test_cron_waits_for_leap_days() -> None:
    """29 February is accepted and found over the eight years around 2100, and on a weekday over decades."""
    leap = parse_cron("0 0 29 2 *")
    assert times(leap, datetime(2096, 3, 1, tzinfo=UTC), 1) == [datetime(2104, 2, 29, tzinfo=UTC)]
    sunday = times(parse_cron("0 0 29 2 */7"), START, 2)
    assert sunday == [datetime(2032, 2, 29, tzinfo=UTC), datetime(2060, 2, 29, tzinfo=UTC)]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "cron_fields"),
        ("* * * *", "cron_fields"),
        ("0 * * * * *", "cron_fields"),
        ("0 0 * * * * 2030", "cron_fields"),
        ("R * * * *", "cron_syntax"),
        ("H * * * *", "cron_syntax"),
        ("H(0-29) * * * *", "cron_syntax"),
        ("R/15 * * * *", "cron_syntax"),
        ("0~30 * * * *", "cron_syntax"),
        ("0 0 ? * *", "cron_syntax"),
        ("0 0 15W * *", "cron_syntax"),
        ("0 0 LW * *", "cron_syntax"),
        ("0 0 L-3 * *", "cron_syntax"),
        ("0 0 L/2 * *", "cron_syntax"),
        ("0 0 * * 5L", "cron_syntax"),
        ("0 0 * * L5", "cron_syntax"),
        ("0 0 * * MON#2", "cron_syntax"),
        ("0 L * * *", "cron_syntax"),
        ("0 0 * FOO *", "cron_syntax"),
        ("0 0 * MON *", "cron_syntax"),
        ("*/0 * * * *", "cron_syntax"),
        ("0-30/00 * * * *", "cron_syntax"),
        ("30-10 * * * *", "cron_syntax"),
        ("0 0 * * SAT-SUN", "cron_syntax"),
        ("1,,2 * * * *", "cron_syntax"),
        ("-5 * * * *", "cron_syntax"),
        ("1.5 * * * *", "cron_syntax"),
        ("\u0661 * * * *", "cron_syntax"),
        ("**** * * * *", "cron_syntax"),
        ("@reboot", "cron_syntax"),
        ("@every 5m", "cron_syntax"),
        ("60 * * * *", "cron_range"),
        ("0 24 * * *", "cron_range"),
        ("0 0 0 * *", "cron_range"),
        ("0 0 32 * *", "cron_range"),
        ("0 0 * 0 *", "cron_range"),
        ("0 0 * 13 *", "cron_range"),
        ("0 0 * * 8", "cron_range"),
        ("0 0 31 2 *", "cron_never"),
        ("0 0 30 2 *", "cron_never"),
        ("0 0 31 4,6,9,11 *", "cron_never"),
        ("0 0 31 2 */2", "cron_never"),
        ("*" * 201, "cron_too_long"),
        ("0," * 5000 + "0 * * * *", "cron_too_long"),
    ],
)
def test_cron_refuses(text: str, code: str) -> None:
    """What cron(8) does not know, or what never comes, is refused under `cron` with its own code."""
    with pytest.raises(ScheduleError) as caught:
        parse_cron(text)
    assert (caught.value.field, caught.value.code) == ("cron", code)
    assert len(caught.value.message) < 600


def test_cron_accepts_a_date_that_only_its_weekday_saves() -> None:
    """`31 2 MON` never finds 31 February but does find the Mondays of February."""
    found = times(parse_cron("0 0 31 2 MON"), START, 8)
    assert {(at.month, at.isoweekday()) for at in found} == {(2, 1)}


@given(text=st.text(max_size=60))
@settings(max_examples=150, deadline=None, database=None)
def test_cron_any_text_is_read_or_refused(text: str) -> None:
    """No text whatever raises anything but `ScheduleError`."""
    with suppress(ScheduleError):
        assert parse_cron(text).times
