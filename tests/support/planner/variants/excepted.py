"""Variants with an exception or a limit: a day, a date, holidays or some hours are left out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from operator import attrgetter
from typing import TYPE_CHECKING, Protocol

from app.core.clock import to_ms
from tests.support.planner.variants.facts import (
    active_hours,
    but_weekday,
    in_hours,
    on_date,
    on_days,
    on_weekday,
)
from tests.support.planner.variants.phrases import phrases_of
from tests.support.planner.variants.variant import Row, Without

if TYPE_CHECKING:
    from tests.support.planner.variants.facts import Excluded
    from tests.support.planner.variants.sentence import Sentence

_DAYS = 36
_NEARLY_ALL_DATES = 28
_ALL_HOURS = 24
_WEEK = 7
_JAKARTA = "Asia/Jakarta"
_HOLIDAYS = tuple(date(year, *day) for year in (2026, 2027) for day in ((12, 25), (1, 1)))
"""The public holidays of the weeks in which the cases are typed."""


class _MadeRule(Protocol):
    def __call__(self, excluded: Excluded, grain: Callable[[datetime], object] = ...) -> Without: ...


def excepted(sentence: Sentence) -> Iterator[Row]:
    """Leave out a day, a date or some hours at which the jobs run."""
    schedules = {job.schedule for job in sentence.facts.jobs}
    schedule = next(iter(schedules), "")
    if len(schedules) != 1 or not schedule or '"at"' in schedule:
        return
    now_ms = to_ms(datetime.fromisoformat(sentence.case["now"]))
    zone = sentence.case["timezone"]
    hours = active_hours(schedule, zone, now_ms, _DAYS)

    def rule(excluded: Excluded, grain: Callable[[datetime], object] = datetime.date) -> Without:
        return Without(excluded, grain, zone, now_ms, _DAYS)

    days = sorted({hour.isoweekday() % 7 for hour in hours})
    if len(days) > 1:
        yield from _excepted_days(sentence, days, rule)
    if not sentence.ends_with_text:
        yield from _excepted_dates(sentence, hours, rule)


def _excepted_dates(sentence: Sentence, hours: frozenset[datetime], rule: _MadeRule) -> Iterator[Row]:
    if len({hour.day for hour in hours}) > _NEARLY_ALL_DATES:
        for text in sentence.picked("except_13th", count=1):
            yield "except a date", text, sentence.appended(text), rule(on_date(13))
    # Other zones have other holidays.
    zones = set(re.findall(r"[A-Z]\w+/\w+", " ".join(job.schedule for job in sentence.facts.jobs)))
    in_jakarta = {*zones, sentence.case["timezone"]} == {_JAKARTA}
    if in_jakarta and {hour.date() for hour in hours} & {*_HOLIDAYS}:
        for text in sentence.picked("except_holidays", count=1):
            yield "except holidays", text, sentence.appended(text), rule(on_days(*_HOLIDAYS))
    if len({hour.hour for hour in hours}) == _ALL_HOURS:
        for text in sentence.picked("except_22_to_6", count=1):
            yield "except hours", text, sentence.appended(text), rule(in_hours(22, 6), attrgetter("hour"))


def _excepted_days(sentence: Sentence, days: Sequence[int], rule: _MadeRule) -> Iterator[Row]:
    names = phrases_of("weekdays", sentence.language)
    dice = sentence.dice("excepted")
    inside = sentence.ends_with_text
    for text in sentence.picked("except_day_inside" if inside else "except_day", count=4):
        day = dice.choice(days)
        words = text.format(day=names[day])
        prompt = _inside(sentence, words) if inside else sentence.appended(words)
        if prompt:
            yield "except a day", text, prompt, rule(on_weekday(day))
    if len(days) == _WEEK and not inside:
        for text in sentence.picked("only_day", count=1):
            day = dice.choice(days)
            yield "only a day", text, sentence.appended(text.format(day=names[day])), rule(but_weekday(day))


def _inside(sentence: Sentence, words: str) -> str:
    block = sentence.time_block
    return "" if block is None else sentence.replaced((block[1], block[1]), words)
