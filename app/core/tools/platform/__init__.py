"""Read-only access to the platform for jobs: statistics, runs, channel checks, exports."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from app.core.connectors.base import AccountHealth
from app.core.incidents.spans import IncidentSpan
from app.core.messaging.outbox import MessageCounts
from app.core.models import Calendar
from app.core.monitors.models import MonitorBrief
from app.core.records import Page, RunRecord
from app.core.runs.search import RunFilter
from app.core.statistics.periods import Period, PeriodStats
from app.core.tools.base import ToolFacade

if TYPE_CHECKING:
    from app.core.files.exports import Kind

PAGE = 100


@dataclass(frozen=True, slots=True)
class ExportPage:
    """Some lines of an export, and the number of records by kind; the first page is the header."""

    lines: list[str]
    counts: dict[Kind, int]
    unreadable: int
    """Records that were damaged, or removed between two reads."""


@dataclass(frozen=True, slots=True)
class SealedPage:
    """A piece of a full backup's file, and the number of records by kind in it."""

    content: bytes
    counts: dict[Kind, int]
    unreadable: int
    planned: dict[Kind, int] = field(default_factory=dict["Kind", int])
    """Of the first piece: the approximate number of records."""


class PlatformTool(ToolFacade):
    """The read-only interface of a job to the platform; handlers write `ctx.platform`.

    Instants are epoch milliseconds, UTC. Raises InvalidInput (a period or a filter that does not fit) and
    RedisUnavailable (the platform's data cannot be read now; the next attempt may).
    """

    __slots__ = ()

    async def timezone(self) -> str:
        """Return the deployment's zone, an IANA name."""
        return await self._caller.call("platform", "timezone")

    async def monitor(self) -> MonitorBrief | None:
        """Return the state of this job, as its checks have left it; None if it has reported none."""
        answer = await self._caller.call("platform", "monitor")
        return None if answer is None else _adapter(MonitorBrief).validate_python(answer)

    async def calendars(self, names: list[str]) -> dict[str, Calendar]:
        """Return up to 10 calendars of the deployment by name, except those that do not exist."""
        answer = await self._caller.call("platform", "calendars", names)
        return _adapter(dict[str, Calendar]).validate_python(answer)

    async def stats(self, period: Period) -> PeriodStats:
        """Return the figures of a period of at most 41 days, from roll-ups, which are kept for 40 days."""
        answer = await self._caller.call("platform", "stats", period.from_ms, period.to_ms)
        return _adapter(PeriodStats).validate_python(answer)

    async def incidents(self, period: Period) -> list[IncidentSpan]:
        """Return the incidents that touch a period of at most 41 days, oldest first."""
        answer = await self._caller.call("platform", "incidents", period.from_ms, period.to_ms)
        return _adapter(list[IncidentSpan]).validate_python(answer)

    async def messages(self, period: Period) -> MessageCounts:
        """Return how many messages were stored in a period, by state; they are kept for 7 days."""
        answer = await self._caller.call("platform", "messages", period.from_ms, period.to_ms)
        return _adapter(MessageCounts).validate_python(answer)

    async def runs_page(
        self, run_filter: RunFilter, after: int | None = None, limit: int = PAGE
    ) -> Page[RunRecord]:
        """Return at most 200 runs, newest first, after the cursor `after`."""
        answer = await self._caller.call("platform", "runs", asdict(run_filter), after, limit)
        runs = _adapter(list[RunRecord]).validate_python(answer["items"])
        return Page(runs, answer["next_cursor"], answer["total"])

    async def runs(self, run_filter: RunFilter) -> AsyncIterator[RunRecord]:
        """Iterate over all matching runs, newest first, page by page."""
        after: int | None = None
        while True:
            page = await self.runs_page(run_filter, after)
            for run in page.items:
                yield run
            after = page.next_cursor
            if after is None:
                return

    async def check_channel(self, channel: str, account_id: str, timeout_sec: float = 10.0) -> AccountHealth:
        """Check an account through the connector, for `timeout_sec` at most.

        Raises CheckUnavailable if the check could not be made.
        """
        answer = await self._caller.call("platform", "check_channel", channel, account_id, timeout_sec)
        return _adapter(AccountHealth).validate_python(answer)

    async def export(
        self, *, include_secrets: bool = False, include_logs: bool = True
    ) -> AsyncIterator[ExportPage]:
        """Iterate over all records of an export (`app/backup/format.py`); secrets stay sealed."""
        number, page = await self._caller.call("platform", "export", include_secrets, include_logs)
        while page is not None:
            yield ExportPage(**page)
            page = await self._caller.call("platform", "export_page", number)

    async def full_export(self, passphrase: str, *, include_logs: bool = True) -> AsyncIterator[SealedPage]:
        """Iterate over the pieces of a full backup, sealed under the value of the secret `passphrase`.

        The handler sees neither the passphrase nor a line of the backup. The policy names the secret.
        """
        number, page = await self._caller.call("platform", "full_export", passphrase, include_logs)
        while page is not None:
            counts, planned = page["counts"], page.get("planned", {})
            yield SealedPage(base64.b64decode(page["content"]), counts, page["unreadable"], planned)
            page = await self._caller.call("platform", "full_export_page", number)

    async def verify_export(
        self, *, export: str = "", of_job: str = "", passphrase: str = ""
    ) -> dict[str, Any]:
        """Restore an export, or a job's newest one, into a temporary Redis, and return the drill's report.

        `passphrase` names the secret of a sealed export. Raises RecordMissing if there is no export, and
        NonRetryableError `drill_failed` if the drill could not end.
        """
        return await self._caller.call("platform", "verify_export", export, of_job, passphrase)


@cache
def _adapter(form: Any) -> TypeAdapter[Any]:
    # Made at the first use: most handlers need none.
    return TypeAdapter(form)
