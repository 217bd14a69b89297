"""A run context with tools in memory, for job types."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, cast

import orjson

from app.core.connectors.base import AccountHealth
from app.core.execution.context import RunContext, RunHost
from app.core.incidents.spans import IncidentSpan
from app.core.messaging.outbox import MessageCounts
from app.core.models import Calendar, ClaimedRun
from app.core.monitors.models import MonitorBrief, MonitorReport
from app.core.statistics.periods import Period, PeriodStats
from app.core.tools.files import PublishResult
from app.core.tools.http import HttpAnswer
from app.core.tools.messaging import Receipt
from tests.support.jobs.report_samples import empty_stats
from tests.support.queue.run_port import claimed


class FakeKv:
    """Values as JSON, as the real tool keeps them; `conflicts` compare-and-sets are lost to somebody else."""

    def __init__(self) -> None:
        self.values: dict[str, bytes] = {}
        self.conflicts = 0

    async def get(self, key: str) -> Any:
        text = self.values.get(key)
        return None if text is None else orjson.loads(text)

    async def set(self, key: str, value: Any, ttl_sec: float | None = None) -> None:
        self.values[key] = _json(value)

    async def compare_and_set(
        self, key: str, expected: Any, value: Any, ttl_sec: float | None = None
    ) -> bool:
        if self.conflicts:
            self.conflicts -= 1
            return False
        if self.values.get(key) != (None if expected is None else _json(expected)):
            return False
        self.values[key] = _json(value)
        return True


class FakeMetrics:
    """The newest value of each gauge."""

    def __init__(self) -> None:
        self.gauges: dict[str, float] = {}
        self.labels: dict[str, dict[str, str]] = {}

    async def gauge(self, name: str, value: float, **labels: str) -> None:
        self.gauges[name] = value
        self.labels[name] = labels


@dataclass
class Sent:
    """One message that was asked for."""

    text: str
    target: Mapping[str, Any]


class FakeMessaging:
    """Takes messages, or raises `error`."""

    def __init__(self) -> None:
        self.sent: list[Sent] = []
        self.error: Exception | None = None

    async def send(self, text: str, **target: Any) -> Receipt:
        if self.error is not None:
            raise self.error
        self.sent.append(Sent(text, target))
        channel, account_id = target.get("channel") or "sandbox", target.get("account_id") or "default"
        to = target.get("to") or "inbox"
        return Receipt(f"entry-{len(self.sent)}", "p-1", "delivered", channel, account_id, to)


@dataclass(frozen=True)
class FakeStat:
    """One file."""

    path: str


class FakeFiles:
    """Files in memory; raises `error` at a write if it is set."""

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}
        self.published: dict[tuple[str, str], list[str]] = {}
        self.error: Exception | None = None

    async def write(self, path: str, content: str) -> None:
        if self.error is not None:
            raise self.error
        self.texts[path] = content

    async def list(self, prefix: str = "") -> list[FakeStat]:
        return [FakeStat(path) for path in self.texts if path.startswith(prefix)]

    async def delete(self, path: str) -> None:
        del self.texts[path]

    async def publish(self, kind: str, name: str, paths: list[str]) -> PublishResult:
        self.published[kind, name] = paths
        return PublishResult("redis")

    async def withdraw(self, kind: str, name: str) -> bool:
        return self.published.pop((kind, name), None) is not None


class FakeHttp:
    """Gives `answer`, or raises `error`."""

    def __init__(self) -> None:
        self.answer = HttpAnswer(200, {}, "hello", 5, 42, "https://example.org/", None)
        self.error: Exception | None = None
        self.calls: list[tuple[str, str, dict[str, Any]]] = []

    async def request(self, method: str, url: str, **options: Any) -> HttpAnswer:
        self.calls.append((method, url, options))
        if self.error is not None:
            raise self.error
        return self.answer


class FakePlatform:
    """Statistics and checks as set."""

    def __init__(self) -> None:
        self.answer = AccountHealth("up", None, 12, "ok", 1)
        self.error: Exception | None = None
        self.periods: list[Period] = []
        self.figures: PeriodStats | None = None
        self.known: dict[str, Calendar] = {}
        self.spans: list[IncidentSpan] = []
        self.counts = MessageCounts({}, complete=True)
        self.brief: MonitorBrief | None = None

    async def monitor(self) -> MonitorBrief | None:
        return self.brief

    async def calendars(self, names: list[str]) -> dict[str, Calendar]:
        return {name: self.known[name] for name in names if name in self.known}

    async def timezone(self) -> str:
        return "Asia/Jakarta"

    async def stats(self, period: Period) -> PeriodStats:
        self.periods.append(period)
        return empty_stats(period) if self.figures is None else replace(self.figures, period=period)

    async def incidents(self, period: Period) -> list[IncidentSpan]:
        return [each for each in self.spans if each.overlaps(period.from_ms, period.to_ms)]

    async def messages(self, _period: Period) -> MessageCounts:
        return self.counts

    async def check_channel(self, channel: str, account_id: str, timeout_sec: float = 10.0) -> AccountHealth:
        if self.error is not None:
            raise self.error
        return self.answer


@dataclass
class FakeTools:
    """All of them."""

    kv: FakeKv = field(default_factory=FakeKv)
    metrics: FakeMetrics = field(default_factory=FakeMetrics)
    messaging: FakeMessaging = field(default_factory=FakeMessaging)
    files: FakeFiles = field(default_factory=FakeFiles)
    http: FakeHttp = field(default_factory=FakeHttp)
    platform: FakePlatform = field(default_factory=FakePlatform)


class FakeHost:
    """Carries contexts of runs of one job; its tools outlive the runs."""

    def __init__(self, job_type: str, job_id: str = "job-a") -> None:
        self.tools = FakeTools()
        self.lines: list[tuple[str, str, dict[str, Any]]] = []
        self.checks: list[MonitorReport] = []
        self._stored: MonitorBrief | None = None
        self._type = job_type
        self._job_id = job_id
        self.run: ClaimedRun = claimed(job_type, job_id=job_id)

    def context(self, started_at_ms: int, slot_ms: int | None = None, run_id: str = "") -> RunContext:
        """Return the context of a run that starts at an instant, after the one before has ended."""
        self.tools.platform.brief = self._stored
        self.run = claimed(
            self._type,
            job_id=self._job_id,
            run_id=run_id or f"{self._job_id}@{started_at_ms}",
            started_at_ms=started_at_ms,
            slot_ms=slot_ms,
        )
        return RunContext(cast("RunHost", self))

    @property
    def cancelled(self) -> bool:
        return False

    def add_log(self, level: str, message: str, fields: dict[str, Any]) -> None:
        self.lines.append((level, message, fields))

    def set_check(self, report: MonitorReport) -> None:
        self.checks.append(report)
        before = self.tools.platform.brief
        fails = (0 if before is None else before.fails_in_a_row) + 1 if report.state in report.bad else 0
        # What the end of the run stores; the next run reads it.
        self._stored = MonitorBrief(report.state, 0, report.reason, None, None, None, fails)


def _json(value: Any) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
