"""Reports and backups."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

from app.planner.language.clauses.clause import Clause, Item
from app.planner.language.jobs.context import Built, Context, Making
from app.planner.language.jobs.notify import notify_of
from app.planner.language.jobs.schedules import schedules, zone_in
from app.planner.language.times.schedule_builder import Habits
from app.planner.messages import Say

REPORT_HABITS: Final = Habits(None, 7 * 60)
BACKUP_HABITS: Final = Habits(None, 2 * 60)
_LED: Final = frozenset({"toward", "via", "send", "notify", "using"})


def report_jobs(clause: Clause, context: Context) -> Built:
    """Return the reports of a clause, one for each of its schedules."""
    refused = _beyond(clause, context)
    if refused is not None:
        return Built(warnings=[refused])
    making = Making("report.daily", {}, _own(clause), warnings=_unread(clause, context))
    zone = zone_in(clause.items)
    if zone is not None:
        making.inputs["timezone"] = zone
    _notify(making, clause, context)
    if "notify" not in making.inputs:
        making.items = [item for item in making.items if item.kind not in {"name", "channel"}]
    return schedules(making, clause.items, REPORT_HABITS, context)


def _notify(making: Making, clause: Clause, context: Context) -> None:
    place, places = notify_of(clause.items, context)
    making.assumptions.extend(places.assumptions)
    making.warnings.extend(places.warnings)
    if place is None or clause.quiet:
        return
    making.inputs["notify"] = place
    if "to" not in place and not clause.has(*_LED):
        making.assumptions.append(Say("notify_bare", place["channel"]))
        making.doubts += 1


def backup_jobs(clause: Clause, context: Context) -> Built:
    """Return the backups of a clause, one for each of its schedules."""
    refused = _beyond(clause, context)
    if refused is not None:
        return Built(warnings=[refused])
    none_kept = [item for item in clause.items if item.kind == "keep" and (item.number or 0) < 1]
    if none_kept:
        return Built(warnings=[Say("keep_zero", context.words(none_kept))])
    making = Making("backup.export", {}, _own(clause), warnings=_unread(clause, context))
    for item in clause.items:
        if item.kind == "keep" and item.number is not None:
            making.inputs["keep"] = item.number
        elif item.kind == "keep_for":
            making.warnings.append(Say("keep_for", context.words([item])))
    places = [item for item in clause.items if item.kind in {"channel", "foreign"}]
    if places:
        making.warnings.append(Say("backup_notify", context.words(places)))
    return schedules(making, clause.items, BACKUP_HABITS, context)


def _beyond(clause: Clause, context: Context) -> Say | None:
    """Return a warning where the wish is of another kind: "laporan cuaca", "cetak laporan"."""
    said = [item for item in clause.items if item.kind != "filler"]
    for item, following in pairwise(said):
        if {item.kind, following.kind} == {clause.kind, "beyond"}:
            return Say("unsupported", context.words([item, following]))
    return None


def _unread(clause: Clause, context: Context) -> list[Say]:
    """Return a warning of words that would make it another report: "laporan penjualan"."""
    pairs = zip(clause.items, clause.items[1:], strict=False)
    words = [after for before, after in pairs if before.kind == clause.kind and after.kind == "word"]
    return [Say("unused", context.words(words))] if words else []


def _own(clause: Clause) -> list[Item]:
    return [item for item in clause.items if item.kind not in {"sep", "filler", "word", "textmark"}]
