"""Performs the calls of `ctx.platform`; all of them only read."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict
from functools import partial
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Any, Protocol, cast

from app.core.errors import InvalidInput
from app.core.incidents.spans import incident_spans
from app.core.incidents.store import IncidentStore
from app.core.messaging.checks import AccountChecks
from app.core.messaging.outbox import Outbox
from app.core.models import Calendar, RunStatus
from app.core.monitors.store import MonitorStore
from app.core.runs.search import RunFilter
from app.core.runs.store import RunStore
from app.core.specs.calendars import read_calendars
from app.core.statistics.periods import Period, StatsReader
from app.core.tools.platform.backups import BackupCalls

if TYPE_CHECKING:
    from app.core.monitors.models import MonitorBrief
    from app.core.policies import Allowance
    from app.core.tools.base import AttemptHandle, FencedScripts, ToolDependencies, ToolFactory

MAX_PAGE = 200
# An export reads the whole platform, so its code is a layer above the tools.
_EXPORTS = "app.backup.tool_exports:ToolExports"
MAX_PERIOD_MS = 41 * 86_400_000
MAX_CHECK_SEC = 60.0
MAX_CALENDARS = 10
MonitorReader = Callable[[], Awaitable["MonitorBrief | None"]]
CalendarReader = Callable[[list[str]], Awaitable[Mapping[str, Calendar]]]


class Exports(Protocol):
    """The exports of one attempt; `app.backup` implements it."""

    async def begin(self, secrets: bool, logs: bool) -> tuple[int, dict[str, Any]]: ...

    async def page(self, number: int) -> dict[str, Any] | None: ...

    async def begin_sealed(self, passphrase: str, logs: bool) -> tuple[int, dict[str, Any]]: ...

    async def sealed_page(self, number: int) -> dict[str, Any] | None: ...


class PlatformPerformer:
    """Performs the calls of one attempt, under its allowance."""

    def __init__(
        self,
        stats: StatsReader,
        runs: RunStore,
        checks: AccountChecks,
        exports: Exports,
        *,
        backups: BackupCalls,
        monitor: MonitorReader,
        incidents: IncidentStore,
        outbox: Outbox,
        calendars: CalendarReader,
        timezone: str,
        allowance: Allowance,
    ) -> None:
        self._stats = stats
        self._runs = runs
        self._checks = checks
        self._exports = exports
        self._backups = backups
        self._monitor = monitor
        self._incidents = incidents
        self._outbox = outbox
        self._calendars = calendars
        self._timezone = timezone
        self._allowance = allowance

    async def perform(self, op: str, args: tuple[Any, ...]) -> Any:
        match op, tuple(args):
            case (("timezone" | "monitor"), ()):
                return self._timezone if op == "timezone" else await self._own_monitor()
            case (("stats" | "incidents" | "messages"), (int(from_ms), int(to_ms))):
                return await self._past(op, _period(from_ms, to_ms))
            case "runs", (wanted, after, int(limit)):
                return await self._page(wanted, after, limit)
            case "check_channel", (str(channel), str(account_id), (int() | float()) as timeout_sec):
                return await self._check(channel, account_id, timeout_sec)
            case "calendars", (names,):
                return await self._named(names)
            case _:
                return await self._export(op, args)

    async def _past(self, op: str, period: Period) -> Any:
        if op == "stats":
            return asdict(await self._stats.stats(period))
        if op == "messages":
            return asdict(await self._outbox.counts(period.from_ms, period.to_ms))
        return [asdict(each) for each in await incident_spans(self._incidents, period.from_ms, period.to_ms)]

    async def _export(self, op: str, args: tuple[Any, ...]) -> Any:
        match op, tuple(args):
            case "export", (bool(secrets), bool(logs)):
                return await self._exports.begin(secrets, logs)
            case "export_page", (int(number),):
                return await self._exports.page(number)
            case _:
                return await self._backups.perform(op, args)

    async def _own_monitor(self) -> dict[str, Any] | None:
        brief = await self._monitor()
        return None if brief is None else asdict(brief)

    async def _named(self, given: Any) -> dict[str, Any]:
        names = cast("list[Any]", given) if isinstance(given, list) else []
        if not 1 <= len(names) <= MAX_CALENDARS or not all(isinstance(name, str) for name in names):
            raise InvalidInput(f"calendars takes 1 to {MAX_CALENDARS} names")
        found = await self._calendars(names)
        return {name: calendar.model_dump(mode="json") for name, calendar in found.items()}

    async def _page(self, wanted: dict[str, Any], after: int | None, limit: int) -> dict[str, Any]:
        if not 1 <= limit <= MAX_PAGE:
            raise InvalidInput(f"limit must be within 1 and {MAX_PAGE}")
        return asdict(await self._runs.list(_filter(wanted), after, limit))

    async def _check(self, channel: str, account_id: str, timeout_sec: float) -> dict[str, Any]:
        self._allowance.require("channels", channel)
        if not 0 < timeout_sec <= MAX_CHECK_SEC:
            raise InvalidInput(f"timeout_sec must be more than 0 and at most {MAX_CHECK_SEC:g}")
        return asdict(await self._checks.ask(channel, account_id, timeout_sec))


def platform_factory(dependencies: ToolDependencies) -> ToolFactory:
    """Return the factory of the tool's performers."""
    whole, timezone = dependencies.whole, dependencies.settings.timezone
    place = (whole.link, whole.scripts, whole.keys, dependencies.clock)
    monitors, incidents, outbox = MonitorStore(*place), IncidentStore(*place), Outbox(*place)
    stats = StatsReader(whole.link, whole.keys, monitors, timezone)
    runs = RunStore(whole.link, whole.keys)
    checks = AccountChecks(*place)
    calendars = partial(read_calendars, dependencies.link, dependencies.scripts.keys)

    def make(attempt: AttemptHandle, _scripts: FencedScripts, allowance: Allowance) -> PlatformPerformer:
        exports: Exports = resolve_name(_EXPORTS)(
            whole.link, whole.scripts, dependencies.clock, dependencies.settings
        )

        async def monitor() -> MonitorBrief | None:
            job_id = attempt.run.job_id
            return (await monitors.briefs([job_id])).get(job_id)

        return PlatformPerformer(
            stats,
            runs,
            checks,
            exports,
            backups=BackupCalls(exports, dependencies, allowance, lambda: attempt.run.job_id),
            monitor=monitor,
            incidents=incidents,
            outbox=outbox,
            calendars=calendars,
            timezone=timezone,
            allowance=allowance,
        )

    return make


def _period(from_ms: int, to_ms: int) -> Period:
    if not 0 <= from_ms < to_ms or to_ms - from_ms > MAX_PERIOD_MS:
        raise InvalidInput("a period ends after it begins, and is no longer than 41 days")
    return Period(from_ms, to_ms)


def _filter(wanted: dict[str, Any]) -> RunFilter:
    """Return a filter from its JSON form."""
    status = wanted["status"]
    states: dict[str, Any] = {
        "status": None if status is None else RunStatus(status),
        "statuses": tuple(RunStatus(each) for each in wanted["statuses"]),
    }
    return RunFilter(**{**wanted, **states})
