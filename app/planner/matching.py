"""Finds the stored jobs that a sentence means: by id, name, target, type, cadence and times.

A name is compared with the id, the description and the inputs of a job. A word of five letters or more may be
misspelt; an account, an address or an id may not, because one other letter names another.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from app.core.models import Schedule
from app.core.scheduling.cron import MINUTE_MS, cron_parts, parse_cron
from app.core.specs.search import same_url
from app.planner.language.effects import leaves_of
from app.planner.language.lexicon.roles import words_of
from app.planner.language.lexicon.sense import Sense

if TYPE_CHECKING:
    from app.core.models import JobSpec
    from app.core.records import JobRecord
    from app.core.specs.store import JobIndex
    from app.planner.models import JobQuery

_ALIKE: Final = 0.8
_SHORTEST_ALIKE: Final = 5
_MOST_EXTRA: Final = 2
_SHORTEST_HALVED: Final = 5
"""A word of this length with one wrong letter still has one of its halves."""
_SHORTEST_TEXT: Final = 2
_TOKEN: Final = re.compile(r"[^\W_]+(?:_[^\W_]+)*")
_IDENTIFIER: Final = re.compile(r"[\d_.@:/#+-]")
_DAY_MIN: Final = 1_440
_HALF_DAY: Final = 720
_DAY_SEC: Final = 86_400
_WORKDAYS: Final = 5


class Cadence(StrEnum):
    """How often a schedule runs, roughly; `BY_HAND` without a schedule."""

    OFTEN = "often"
    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    YEARLY = "yearly"
    ONCE = "once"
    BY_HAND = "by_hand"


_NAMED: Final = (Cadence.DAILY, Cadence.WEEKLY, Cadence.MONTHLY, Cadence.YEARLY)
_WORDS: Final = {each: words_of(Sense[f"CADENCE_{each.name}"]) for each in _NAMED}


@dataclass(frozen=True, slots=True)
class Match:
    """The jobs that fit a query. `sure` is False if a name was not found: then they may be meant, or none.

    `each` is True if the query names several jobs, one by one. `more` if there are others. `paused` are the
    ids of those that are paused.
    """

    records: tuple[JobRecord, ...]
    sure: bool = True
    each: bool = False
    more: bool = False
    paused: frozenset[str] = frozenset()


class JobMatcher:
    """Finds jobs of one deployment."""

    def __init__(self, index: JobIndex) -> None:
        self._index = index

    async def find(self, query: JobQuery) -> Match:
        """Return the jobs that a query means, in two round trips."""
        texts = _needles(query)
        types = sorted(query.types) if query.types and not any(map(is_identifier, query.names)) else [None]
        found = await asyncio.gather(*(self._index.candidates(each, texts) for each in types))
        more = not query.names and any(part.more for part in found)
        paused = frozenset[str]().union(*(part.paused for part in found))
        records = [record for part in found for record in part.records]
        if query.is_on is not None:
            states = ((each, each.spec.enabled and each.spec.job_id not in paused) for each in records)
            records = [record for record, is_on in states if is_on is query.is_on]
        return replace(fitting(query, records), more=more, paused=paused)


def _needles(query: JobQuery) -> list[str]:
    """Return texts one of which is in every job that has one of the names."""
    found = [] if query.url is None else [re.sub(r"^\w+://", "", query.url).split("/")[0]]
    for name in query.names:
        for word in [name] if is_identifier(name) else name.split():
            half = len(word) // 2 if len(word) >= _SHORTEST_HALVED else 0
            found += [word[:half], word[half:]]
    return [text for text in dict.fromkeys(map(str.lower, found)) if len(text) >= _SHORTEST_TEXT]


def is_identifier(name: str) -> bool:
    """True for a name in which each character counts: an account, an address, an id."""
    return _IDENTIFIER.search(name) is not None and " " not in name.strip()


def fitting(query: JobQuery, records: Sequence[JobRecord]) -> Match:
    """Return the records that fit a query best."""
    listed = _listed(query.names, records)
    if listed:
        return Match(listed, each=len(listed) > 1)
    kept = [record for record in records if _is_of_kind(query, record.spec)]
    kept, sure = _named(query, kept)
    if query.about and kept:
        kept, hits = _best_of(query.about, kept)
        sure = sure and hits > 0
    kept = _by_cadence(query, kept)
    kept = [record for record in kept if _is_at(query, record.spec.schedule)]
    return Match(tuple(_favoured(query, kept)), sure)


def _listed(names: Sequence[str], records: Sequence[JobRecord]) -> tuple[JobRecord, ...]:
    """Return the jobs that are named by their ids, or several accounts or addresses that one job has each."""
    ids = {record.spec.job_id.lower(): record for record in records}
    exact = tuple(ids[name.lower()] for name in names if name.lower() in ids)
    if exact or len(names) == 1 or not all(map(is_identifier, names)):
        return exact
    owners = [[record for record in records if _score([name], record.spec) == 1.0] for name in names]
    if any(len(each) != 1 for each in owners):
        return ()
    found = {each[0].spec.job_id: each[0] for each in owners}
    return tuple(found.values()) if len(found) == len(names) else ()


def _is_of_kind(query: JobQuery, spec: JobSpec) -> bool:
    if query.types and spec.type not in query.types:
        return False
    values = {*leaves_of(spec.inputs)}
    if query.channel is not None and query.channel not in values:
        return False
    return query.url is None or same_url(query.url) in {same_url(value) for value in values}


def _named(query: JobQuery, records: list[JobRecord]) -> tuple[list[JobRecord], bool]:
    """Return the records that have all names, else those that have most of them, without being sure."""
    if not query.names:
        return records, True
    kept, best = _best_of(query.names, records)
    if best <= 0:
        return (records, True) if query.url is not None and records else ([], False)
    exact = [name for name in query.names if is_identifier(name)]
    if len(kept) == 1 and exact and _score(exact, kept[0].spec) == len(exact):
        return kept, True
    whole = best > len(query.names) - 1 + _ALIKE - 1e-9 if len(query.names) > 1 else best >= _ALIKE
    return kept, whole


def _best_of(names: Sequence[str], records: Sequence[JobRecord]) -> tuple[list[JobRecord], float]:
    """Return the records that have most of the names, and how many."""
    scores = [_score(names, record.spec) for record in records]
    best = max(scores, default=0.0)
    return [record for score, record in zip(scores, records, strict=True) if score == best], best


def _score(names: Sequence[str], spec: JobSpec) -> float:
    """Return how many of the names a job has; a misspelt one counts a little less."""
    values = [*leaves_of([spec.job_id, spec.description, spec.inputs])]
    tokens = {token for value in values for token in (value, *_TOKEN.findall(value), *value.split("-"))}
    return sum(_best(name.lower(), tokens, values) for name in names)


def _best(name: str, tokens: set[str], values: Sequence[str]) -> float:
    if name in tokens or name.removesuffix("nya") in tokens:
        return 1.0
    if is_identifier(name) or len(name) < _SHORTEST_ALIKE or " " in name:
        return 0.95 if len(name) >= _SHORTEST_ALIKE and any(name in value for value in values) else 0.0
    near = (each for each in tokens if len(each) >= _SHORTEST_ALIKE - 1 and not is_identifier(each))
    near = (each for each in near if abs(len(each) - len(name)) <= _MOST_EXTRA)
    ratios = (SequenceMatcher(None, name, each).ratio() for each in near)
    return max((ratio for ratio in ratios if ratio >= _ALIKE), default=0.0)


def _by_cadence(query: JobQuery, records: list[JobRecord]) -> list[JobRecord]:
    """Return the records of a cadence: by their schedules, else by their names."""
    if query.cadence is None:
        return records
    cadence = Cadence(query.cadence)
    words = _WORDS.get(cadence, ())
    texts = ((record, f"{record.spec.job_id} {record.spec.description}".lower()) for record in records)
    by_schedule = [record for record in records if cadence_of(record.spec.schedule) is cadence]
    return by_schedule or [record for record, text in texts if any(word in text for word in words)]


def _favoured(query: JobQuery, records: list[JobRecord]) -> list[JobRecord]:
    """Return the records that have most of the ordinary words, if that makes a difference."""
    daily = [record for record in records if cadence_of(record.spec.schedule) is Cadence.DAILY]
    records = daily if query.each_day and daily else records
    return records if len(records) == 1 or not query.extras else _best_of(query.extras, records)[0]


def _is_at(query: JobQuery, schedule: Schedule | None) -> bool:
    """True if a schedule has the times that a query names."""
    parts = schedule_parts(schedule)
    # "Jam 7" may be 19:00.
    halves = {minute - _HALF_DAY for minute in parts.minutes if minute >= _HALF_DAY}
    interval_sec = None if schedule is None else schedule.interval_sec
    on_days = query.weekdays <= parts.weekdays and {*query.dates} <= parts.dates
    paced = query.interval_sec in {None, interval_sec}
    return on_days and paced and {*query.minutes} <= parts.minutes | halves


@dataclass(frozen=True, slots=True)
class ScheduleParts:
    """The times of a schedule, as far as they are plain: minutes of the day, weekdays, days of the month."""

    minutes: frozenset[int] = frozenset()
    weekdays: frozenset[int] = frozenset()
    dates: frozenset[int] = frozenset()
    """0 is the last day."""


_RRULE_DAYS: Final = ("SU", "MO", "TU", "WE", "TH", "FR", "SA")
_PLAIN: Final = re.compile(r"[\d,-]+")
"""A field of lists and ranges."""
_MOST_HOURS: Final = 6
"""More times of day are an interval: "every hour"."""


def schedule_parts(schedule: Schedule | None) -> ScheduleParts:
    """Return the times of a schedule by cron or rrule."""
    if schedule is not None and schedule.rrule is not None:
        return _rrule_parts(rule_fields(schedule.rrule))
    return ScheduleParts() if schedule is None or schedule.cron is None else _cron_parts(schedule.cron)


@lru_cache(maxsize=1024)
def _cron_parts(cron: str) -> ScheduleParts:
    minute, hour, date, _, weekday = cron_parts(cron)
    fields = parse_cron(cron)
    is_plain = _PLAIN.fullmatch(minute + hour)
    last = frozenset({0} if fields.last_day else ())
    return ScheduleParts(
        frozenset(time // MINUTE_MS for time in fields.times if is_plain),
        frozenset() if "*" in weekday else fields.weekdays,
        frozenset() if "*" in date else fields.days | last,
    )


def rule_fields(rrule: str) -> dict[str, str]:
    """Return the parts of an rrule by their names."""
    pairs = (part.partition("=") for part in rrule.removeprefix("RRULE:").split(";") if part)
    return {name.upper(): value for name, _, value in pairs}


def _rrule_parts(rule: Mapping[str, str]) -> ScheduleParts:
    hours, minutes = _numbers(rule.get("BYHOUR", "")), _numbers(rule.get("BYMINUTE", "0"))
    days = {day[-2:] for day in rule.get("BYDAY", "").split(",") if day}
    return ScheduleParts(
        frozenset(hour * 60 + minute for hour in hours for minute in minutes),
        frozenset(number for number, name in enumerate(_RRULE_DAYS) if name in days),
        frozenset(_numbers(rule.get("BYMONTHDAY", "").replace("-1", "0"))),
    )


def _numbers(field: str) -> list[int]:
    """Return the numbers of a field of an rrule; none if one of them counts from the end."""
    numbers = field.split(",")
    return [int(each) for each in numbers] if all(map(str.isdecimal, numbers)) else []


def cadence_of(schedule: Schedule | None) -> Cadence:
    """Return how often a schedule runs."""
    if schedule is None or schedule.at is not None:
        return Cadence.BY_HAND if schedule is None else Cadence.ONCE
    if schedule.interval_sec is not None:
        return Cadence.OFTEN if schedule.interval_sec < _DAY_SEC else Cadence.DAILY
    if schedule.rrule is not None:
        frequency = rule_fields(schedule.rrule).get("FREQ", "")
        return Cadence.__members__.get(frequency, Cadence.OFTEN)
    parts = schedule_parts(schedule)
    _, _, date, month, _ = cron_parts(schedule.cron or "")
    if not 0 < len({minute // 60 for minute in parts.minutes}) <= _MOST_HOURS:
        return Cadence.OFTEN
    if date != "*":
        is_daily = len(parts.dates) > _WORKDAYS and month == "*"
        return Cadence.DAILY if is_daily else Cadence.MONTHLY if month == "*" else Cadence.YEARLY
    return Cadence.WEEKLY if 0 < len(parts.weekdays) < _WORKDAYS else Cadence.DAILY
