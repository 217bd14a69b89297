"""What happened in a period: the figures that reports and statistics are made of, summed from roll-ups."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.core.availability import DAY_MS, QUARTER_MS, QUARTERS, Outage, WatchState
from app.core.buckets import FINE_COUNT, fine_index, percentile

HISTOGRAM_QUARTERS = 8
"""A histogram covers two hours: by the hour it would take twice the memory for the last four days."""


@dataclass(frozen=True, slots=True)
class Period:
    """A span of time, epoch ms. Figures are kept by quarter hour, so the quarters at its edges count whole.

    Histograms are kept by two hours, so percentiles may include up to two hours before the period. After
    three days figures are kept by the hour and histograms by eight hours, each under its first quarter.
    """

    from_ms: int
    to_ms: int

    @property
    def quarters(self) -> range:
        """Return the quarter hours since 1970 that it touches."""
        return range(self.from_ms // QUARTER_MS, -(-self.to_ms // QUARTER_MS))

    @property
    def days(self) -> range:
        """Return the UTC days since 1970 that it touches."""
        return range(self.from_ms // DAY_MS, -(-self.to_ms // DAY_MS))


@dataclass(frozen=True, slots=True)
class RunFigures:
    """Runs that ended. Percentiles are within 5 %."""

    success: int = 0
    failed: int = 0
    cancelled: int = 0
    total_ms: int = 0
    p50_ms: int | None = None
    p95_ms: int | None = None

    @property
    def runs(self) -> int:
        """Return how many ended, in whatever way."""
        return self.success + self.failed + self.cancelled

    @property
    def success_rate(self) -> float | None:
        """Return the share of successes among those that succeeded or failed."""
        decided = self.success + self.failed
        return self.success / decided if decided else None


@dataclass(frozen=True, slots=True)
class JobFigures:
    """One job's runs; `type` is empty for a job that was deleted."""

    job_id: str
    type: str
    figures: RunFigures


@dataclass(frozen=True, slots=True)
class ErrorGroup:
    """Failed runs with equal errors: numbers and ids apart."""

    fingerprint: str
    code: str
    message: str
    count: int
    job_ids: tuple[str, ...]
    last_run_id: str
    last_at_ms: int


@dataclass(frozen=True, slots=True)
class Availability:
    """What a monitor saw in a period, and how its subject stands now."""

    job_id: str
    type: str
    state: WatchState
    since_ms: int
    checked_at_ms: int
    reason: str
    subject: str
    command: str
    up_ms: int
    degraded_ms: int
    down_ms: int
    not_configured_ms: int
    outages: tuple[Outage, ...]

    @property
    def availability(self) -> float | None:
        """Return the share of the watched time in which it answered; None where nobody watched."""
        watched_ms = self.up_ms + self.degraded_ms + self.down_ms
        return (self.up_ms + self.degraded_ms) / watched_ms if watched_ms else None


@dataclass(frozen=True, slots=True)
class PeriodStats:
    """One period of the whole deployment."""

    period: Period
    timezone: str
    """The deployment's own."""
    total: RunFigures
    jobs: tuple[JobFigures, ...]
    """Those with most failures first, then with most runs; at most 200."""
    jobs_total: int
    errors: tuple[ErrorGroup, ...]
    """Most frequent first, at most 20."""
    errors_complete: bool
    """False where more runs had failed than are looked at."""
    monitors: tuple[Availability, ...]
    """Worst first."""


class Tally:
    """Adds up roll-up fields: `success`, `failed`, `cancelled`, `ms`, and the names of buckets."""

    def __init__(self) -> None:
        self._counts = {"success": 0, "failed": 0, "cancelled": 0, "ms": 0}
        self._buckets = [0] * FINE_COUNT

    def add(self, name: str, number: int) -> None:
        """Add one field. Unknown names are ignored."""
        if name in self._counts:
            self._counts[name] += number
        elif (index := fine_index(name.removeprefix("duration|"))) is not None:
            self._buckets[index] += number

    def figures(self) -> RunFigures:
        """Return the sums."""
        counts = self._counts
        return RunFigures(
            success=counts["success"],
            failed=counts["failed"],
            cancelled=counts["cancelled"],
            total_ms=counts["ms"],
            p50_ms=percentile(self._buckets, 0.5),
            p95_ms=percentile(self._buckets, 0.95),
        )


def fields_within(days: Mapping[int, Mapping[str, str]], quarters: range) -> Iterable[tuple[str, int]]:
    """Return the fields of a job's quarter-hour roll-ups, by UTC day, that fall into quarter hours."""
    for day, values in days.items():
        for field, text in values.items():
            quarter, _, name = field.partition("|")
            last = day * QUARTERS + int(quarter) + (HISTOGRAM_QUARTERS - 1 if name[:1] == "b" else 0)
            if quarters.start <= last and day * QUARTERS + int(quarter) < quarters.stop:
                yield name, int(text)
