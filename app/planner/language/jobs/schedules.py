"""The schedules of a job in the making, from the time items of its clause."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from app.planner.language.clauses.clause import Item, Name
from app.planner.language.jobs.context import Built, Context, Making
from app.planner.language.lexicon.entry import words
from app.planner.language.times.constraints import Facets, facets_of
from app.planner.language.times.expressions import (
    Clocks,
    Impossible,
    Interval,
    OnceDelta,
    Unclear,
    Value,
    Window,
    Zone,
)
from app.planner.language.times.schedule_builder import Habits
from app.planner.language.times.schedules import Planned, plan_schedules
from app.planner.messages import Say

_NAMED: Final = words(
    """
    clock too_short negative too_long fraction times date past nth_weekday vague vague_once lasting
    """
)


def times_of(items: Sequence[Item]) -> list[Item]:
    """Return the time items among items."""
    return [item for item in items if item.kind == "time"]


def zone_in(items: Sequence[Item]) -> str | None:
    """Return the zone that a clause names."""
    return next((item.value.name for item in items if isinstance(item.value, Zone)), None)


def schedules(making: Making, items: Sequence[Item], habits: Habits, context: Context) -> Built:
    """Return one job for each schedule that the items say, the rest of it as in `making`."""
    built = Built()
    if habits.interval_sec is None and _shifts(items):
        built.warnings.append(Say("shift", context.words(times_of(items))))
        return built
    groups = _groups(_newest(items))
    spare = facets_of(groups) or [Facets()]
    planned: list[Planned] = []
    for facets in spare:
        found, refused = plan_schedules(facets, habits, context.now, context.zone)
        planned.extend(found)
        if refused is not None:
            built.warnings.append(_named(refused, items, context))
    for each in _united(planned):
        job = replace(
            making,
            assumptions=list(making.assumptions),
            warnings=list(making.warnings),
            inputs=dict(making.inputs),
        )
        job.schedule, job.slot = each.schedule, each.slot
        job.assumptions.extend(each.assumptions)
        job.warnings.extend(_named(say, items, context) for say in each.warnings)
        built.jobs.append(job)
    return built


def _shifts(items: Sequence[Item]) -> bool:
    """True for "majukan laporan 1 jam": what it is moved from is not known here."""
    if not any(item.kind == "change" for item in items) or any(item.kind == "into" for item in items):
        return False
    times = times_of(items)
    led = any(before.kind == "toward" for before, item in pairwise(items) if item.kind == "time")
    lengths = all(
        isinstance(item.value, OnceDelta) or (isinstance(item.value, Interval) and item.value.bare)
        for item in times
    )
    return bool(times) and lengths and not led


def _groups(items: Sequence[Item]) -> list[list[Value]]:
    """Return the values of time items, in groups that separators and verbs part."""
    groups: list[list[Value]] = [[]]
    for item in items:
        if item.kind == "sep":
            groups.append([])
        elif item.kind == "time" and not isinstance(item.value, Name | str | int | None):
            groups[-1].append(item.value)
    return [group for group in groups if group]


def _newest(items: Sequence[Item]) -> list[Item]:
    """Return the items that hold after a change: in "dari jam 7 jadi jam 8" only what follows "jadi"."""
    kinds = [item.kind for item in items]
    if "change" not in kinds and "into" not in kinds:
        return list(items)
    kept = [_repeated(item) for item in items] if "into" in kinds else list(items)
    for at in range(len(items) - 1, 0, -1):
        leads = items[at - 1].kind in {"into", "toward"} or (
            items[at - 1].kind == "filler" and at > 1 and items[at - 2].kind == "into"
        )
        if items[at].kind == "time" and leads and any(item.kind == "time" for item in items[: at - 1]):
            kept = [item for item in items[: at - 1] if item.kind != "time"] + list(items[at:])
            break
    if "change" in kinds and not any(isinstance(item.value, Interval) for item in kept):
        return [_window_end(item) for item in kept]
    return kept


def _repeated(item: Item) -> Item:
    """Read the length of "ubah interval backup jadi 6 jam" as an interval that is said."""
    if isinstance(item.value, Interval) and item.value.bare:
        return Item("time", item.first, item.last, replace(item.value, bare=False))
    return item


def _window_end(item: Item) -> Item:
    """Read "change it from 7am to 8am" as the new time alone."""
    if isinstance(item.value, Window) and item.value.start is not None and item.value.end is not None:
        return Item("time", item.first, item.last, Clocks((item.value.end,)))
    return item


def _named(say: Say, items: Sequence[Item], context: Context) -> Say:
    if say.a or say.key not in _NAMED:
        return say
    whys = [
        item for item in items if isinstance(item.value, Impossible | Unclear) and item.value.why == say.key
    ]
    return replace(say, a=context.words(whys or times_of(items)))


def _united(planned: Sequence[Planned]) -> list[Planned]:
    """Leave out schedules that are said twice, and join lines that differ in their weekdays only."""
    kept: list[Planned] = []
    for each in planned:
        if any(each.schedule == other.schedule for other in kept):
            continue
        joined = _joined(kept[-1], each) if kept else None
        if joined is not None:
            kept[-1] = joined
        else:
            kept.append(each)
    return kept


def _joined(one: Planned, other: Planned) -> Planned | None:
    """Return two schedules as one where a cron line can say both: they differ in their weekdays or hours."""
    if not (one.schedule and other.schedule and "cron" in one.schedule and "cron" in other.schedule):
        return None
    if {**one.schedule, "cron": ""} != {**other.schedule, "cron": ""}:
        return None
    lent = any(say.key == "lent_clock" for say in (*one.assumptions, *other.assumptions))
    cron = _one_line(one.schedule["cron"].split(), other.schedule["cron"].split(), lent=lent)
    if cron is None:
        return None
    said = tuple(dict.fromkeys(one.assumptions + other.assumptions))
    return Planned({**one.schedule, "cron": cron}, one.slot, said, one.warnings + other.warnings)


def _one_line(first: Sequence[str], second: Sequence[str], *, lent: bool) -> str | None:
    """Return the cron line of "tiap jam 6 pagi dan tiap jam 6 sore", or of a time lent to other days."""
    apart = [at for at in range(len(first)) if first[at] != second[at]]
    hours = [*first[1].split(","), *second[1].split(",")]
    if apart == [1] and first[0].isdecimal() and all(hour.isdecimal() for hour in hours):
        hour = ",".join(sorted(hours, key=int))
        return " ".join([first[0], hour, *first[2:]])
    if apart == [4] and lent and "*" not in {first[4], second[4]}:
        return " ".join([*first[:4], f"{first[4]},{second[4]}"])
    return None
