"""The public view of a status page, from monitors and incidents. Pure functions."""

from __future__ import annotations

from datetime import UTC, date, timedelta
from math import floor
from typing import TYPE_CHECKING, NamedTuple

from app.core.clock import DAY_MS, from_ms
from app.core.monitors.models import TimeByState
from app.core.status_pages.models import (
    DAYS,
    DayState,
    PublicDay,
    PublicIncident,
    PublicMaintenance,
    PublicMonitor,
    PublicState,
    PublicStatus,
    PublicUptime,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.core.alerting.maintenance import MaintenanceWindow
    from app.core.incidents.models import IncidentRecord
    from app.core.monitors.models import MonitorRecord, WatchState
    from app.core.status_pages.models import StatusPageMonitor, StatusPageRecord

_EPOCH = date(1970, 1, 1)
_BAD_DAY = 0.05
_AHEAD_MS = 7 * DAY_MS
_MOST_WINDOWS = 10
_STATES: Mapping[WatchState, PublicState] = {"up": "up", "degraded": "degraded", "down": "down"}
_WORST: tuple[PublicState, ...] = ("down", "degraded", "maintenance", "up", "unknown")


class PageMaintenance(NamedTuple):
    """A window as readers see it, and the jobs of the page that it covers: two may have one name."""

    public: PublicMaintenance
    jobs: frozenset[str]


def _worst(monitors: Sequence[PublicMonitor]) -> PublicState:
    states: list[PublicState] = [each.state for each in monitors]
    return min(states, key=_WORST.index) if states else "unknown"


def public_status(
    record: StatusPageRecord,
    monitors: Mapping[str, MonitorRecord],
    incidents: Mapping[str, IncidentRecord],
    timezone: str,
    now_ms: int,
    *,
    maintenance: Sequence[PageMaintenance] = (),
) -> PublicStatus:
    """Return what readers see of a page; a job without a monitor is unknown."""
    covered = {job_id for window in maintenance if window.public.active for job_id in window.jobs}
    shown = [
        _monitor(each, monitors.get(each.job_id), now_ms, is_covered=each.job_id in covered)
        for each in record.page.monitors
    ]
    measured = [each.uptime.d30 for each in shown if each.uptime.d30 is not None]
    return PublicStatus(
        slug=record.slug,
        title=record.page.title,
        language=record.page.language,
        timezone=timezone,
        state=_worst(shown),
        uptime=_cut(sum(measured) / len(measured)) if measured else None,
        monitors=shown,
        incidents=_incidents(
            [each for each in record.page.monitors if each.job_id not in covered], monitors, incidents
        ),
        maintenance=[window.public for window in maintenance],
        generated_at=from_ms(now_ms),
    )


def public_maintenance(
    shown: Sequence[StatusPageMonitor],
    windows: Sequence[MaintenanceWindow],
    tags: Mapping[str, set[str]],
    timezone: str,
    now_ms: int,
) -> list[PageMaintenance]:
    """Return the windows that are open or begin within a week, by start; without their reasons."""
    found: list[PageMaintenance] = []
    for window in windows:
        covered = [each for each in shown if window.covers(each.job_id, tags.get(each.job_id, set()))]
        period = window.period_at(now_ms, timezone)
        start = None if period else window.next_start(now_ms, timezone)
        if start is not None and start - now_ms <= _AHEAD_MS:
            period = window.period_at(start, timezone)
        if covered and period:
            begins, ends = map(from_ms, period)
            public = PublicMaintenance(
                names=[each.name for each in covered],
                starts_at=begins,
                ends_at=ends,
                active=period[0] <= now_ms,
            )
            found.append(PageMaintenance(public, frozenset(each.job_id for each in covered)))
    return sorted(found, key=lambda each: each.public.starts_at)[:_MOST_WINDOWS]


def _monitor(
    shown: StatusPageMonitor, found: MonitorRecord | None, now_ms: int, *, is_covered: bool
) -> PublicMonitor:
    if found is None:
        nothing = PublicUptime(h24=None, d7=None, d30=None, d90=None)
        return PublicMonitor(
            name=shown.name,
            state="maintenance" if is_covered else "unknown",
            since=None,
            uptime=nothing,
            days=_days({}, now_ms),
        )
    return PublicMonitor(
        name=shown.name,
        state="maintenance" if is_covered else _STATES.get(found.state, "unknown"),
        since=from_ms(found.since),
        uptime=PublicUptime(
            **{name: _cut(getattr(found.uptime, name)) for name in ("h24", "d7", "d30", "d90")}
        ),
        days=_days(found.days, now_ms),
    )


def _days(days: Mapping[int, TimeByState], now_ms: int) -> list[PublicDay]:
    today = now_ms // DAY_MS
    return [
        PublicDay(
            date=_EPOCH + timedelta(days=day),
            state=_day_state(days.get(day, TimeByState())),
            uptime=_cut(days.get(day, TimeByState()).uptime),
        )
        for day in range(today - DAYS + 1, today + 1)
    ]


def _day_state(time: TimeByState) -> DayState:
    uptime = time.uptime
    if uptime is None:
        return "unknown"
    if 1 - uptime > _BAD_DAY:
        return "down"
    return "degraded" if time.down or time.degraded else "up"


def _incidents(
    shown: Sequence[StatusPageMonitor],
    monitors: Mapping[str, MonitorRecord],
    incidents: Mapping[str, IncidentRecord],
) -> list[PublicIncident]:
    found: list[PublicIncident] = []
    for each in shown:
        monitor = monitors.get(each.job_id)
        incident = incidents.get(monitor.incident_id or "") if monitor else None
        if incident is not None:
            state = "degraded" if incident.data.get("state") == "degraded" else "down"
            found.append(PublicIncident(name=each.name, state=state, since=from_ms(incident.since)))
    return sorted(found, key=lambda each: each.since)


def _cut(share: float | None) -> float | None:
    """Return a share, cut after 4 decimals: it is 1 only if nothing is missing."""
    return None if share is None else floor(share * 10_000 + 1e-6) / 10_000


def aged(status: PublicStatus, now_ms: int, *, stale: bool) -> PublicStatus:
    """Return the status with its age at an instant."""
    age = (from_ms(now_ms).astimezone(UTC) - status.generated_at).total_seconds()
    return status.model_copy(update={"stale": stale, "age_sec": max(0, int(age))})
