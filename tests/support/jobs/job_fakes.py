"""A run context with the public kit's tools in memory, for the job types that are shipped."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, cast

from app.core.connectors.base import AccountHealth
from app.core.execution.context import RunContext, RunHost
from app.core.incidents.spans import IncidentSpan
from app.core.messaging.outbox import MessageCounts
from app.core.models import Calendar, ClaimedRun
from app.core.monitors.models import MonitorBrief, MonitorReport
from app.core.statistics.periods import Period, PeriodStats
from app.core.tools import ToolSet
from multi_job.testing.fake_tools import FakePlatform, FakeTools
from tests.support.jobs.report_samples import empty_stats
from tests.support.queue.run_port import claimed


class StatisticsPlatform(FakePlatform):
    """Statistics and checks as set."""

    def __init__(self) -> None:
        super().__init__()
        self.answer = AccountHealth("up", None, 12, "ok", 1)
        self.periods: list[Period] = []
        self.figures: PeriodStats | None = None
        self.known: dict[str, Calendar] = {}
        self.spans: list[IncidentSpan] = []
        self.counts = MessageCounts({}, complete=True)
        self.brief: MonitorBrief | None = None
        self.answers |= {
            "monitor": lambda: self.brief,
            "calendars": self._calendars,
            "stats": self._stats,
            "incidents": self._incidents,
            "messages": self._messages,
            "check_channel": self._check,
        }

    def _calendars(self, names: list[str]) -> dict[str, Calendar]:
        return {name: self.known[name] for name in names if name in self.known}

    def _incidents(self, from_ms: int, to_ms: int) -> list[IncidentSpan]:
        return [each for each in self.spans if each.overlaps(from_ms, to_ms)]

    def _messages(self, _from_ms: int, _to_ms: int) -> MessageCounts:
        return self.counts

    def _check(self, _channel: str, _account_id: str, _timeout_sec: float) -> AccountHealth:
        return self.answer

    def _stats(self, from_ms: int, to_ms: int) -> PeriodStats:
        period = Period(from_ms, to_ms)
        self.periods.append(period)
        return empty_stats(period) if self.figures is None else replace(self.figures, period=period)


@dataclass
class JobTools(FakeTools):
    """The public kit's tools, with this platform."""

    platform: StatisticsPlatform = field(default_factory=StatisticsPlatform)  # pyright: ignore[reportIncompatibleVariableOverride]


class FakeHost:
    """Carries contexts of runs of one job; its tools outlive the runs."""

    def __init__(self, job_type: str, job_id: str = "job-a") -> None:
        self.tools = JobTools()
        self.lines: list[tuple[str, str, dict[str, Any]]] = []
        self.checks: list[MonitorReport] = []
        self._stored: MonitorBrief | None = None
        self._type = job_type
        self._job_id = job_id

    def context(self, started_at_ms: int, slot_ms: int | None = None, run_id: str = "") -> RunContext:
        """Return the context of a run that starts at an instant, after the one before has ended."""
        self.tools.platform.brief = self._stored
        run = claimed(
            self._type,
            job_id=self._job_id,
            run_id=run_id or f"{self._job_id}@{started_at_ms}",
            started_at_ms=started_at_ms,
            slot_ms=slot_ms,
        )
        return RunContext(cast("RunHost", _Run(run, self.tools.facades(), self)))

    def set_check(self, report: MonitorReport) -> None:
        self.checks.append(report)
        before = self.tools.platform.brief
        fails = (0 if before is None else before.fails_in_a_row) + 1 if report.state in report.bad else 0
        # What the end of the run stores; the next run reads it.
        self._stored = MonitorBrief(report.state, 0, report.reason, None, None, None, fails)


@dataclass
class _Run:
    run: ClaimedRun
    tools: ToolSet
    host: FakeHost
    cancelled: bool = False

    def add_log(self, level: str, message: str, fields: dict[str, Any]) -> None:
        self.host.lines.append((level, message, fields))

    def set_check(self, report: MonitorReport) -> None:
        self.host.set_check(report)
