"""The platform as its own jobs see it: statistics, runs, a channel's account, all of it. Read-only."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass
from functools import cache
from typing import TYPE_CHECKING

from pydantic import TypeAdapter

from app.core.connectors.base import AccountHealth
from app.core.records import Page, RunRecord
from app.core.runs.search import RunFilter
from app.core.statistics.periods import Period, PeriodStats

if TYPE_CHECKING:
    from app.core.files.exports import Kind
    from app.core.tools.base import ToolCaller

PAGE = 100


@dataclass(frozen=True, slots=True)
class ExportPage:
    """Some lines of an export, and how many records of which kind they are; the first page is the header."""

    lines: list[str]
    counts: dict[Kind, int]
    unreadable: int
    """Records that were damaged, or removed between two looks."""


class PlatformTool:
    """What a job may know of the platform."""

    __slots__ = ("_caller",)

    def __init__(self, caller: ToolCaller) -> None:
        self._caller = caller

    async def timezone(self) -> str:
        """Return the deployment's own zone, an IANA name."""
        return await self._caller.call("platform", "timezone")

    async def stats(self, period: Period) -> PeriodStats:
        """Return the figures of a period of at most 41 days, from roll-ups, which are kept for 40."""
        told = await self._caller.call("platform", "stats", period.from_ms, period.to_ms)
        return _stats_adapter().validate_python(told)

    async def runs_page(
        self, run_filter: RunFilter, after: int | None = None, limit: int = PAGE
    ) -> Page[RunRecord]:
        """Return runs, newest first, behind the cursor `after`; at most 200."""
        told = await self._caller.call("platform", "runs", asdict(run_filter), after, limit)
        return Page(_runs_adapter().validate_python(told["items"]), told["next_cursor"], told["total"])

    async def runs(self, run_filter: RunFilter) -> AsyncIterator[RunRecord]:
        """Go through all runs that fit, newest first, page by page."""
        after: int | None = None
        while True:
            page = await self.runs_page(run_filter, after)
            for run in page.items:
                yield run
            after = page.next_cursor
            if after is None:
                return

    async def check_channel(self, channel: str, account_id: str, timeout_sec: float = 10.0) -> AccountHealth:
        """Have the connector look at an account; raises CheckUnavailable where it could not look."""
        told = await self._caller.call("platform", "check_channel", channel, account_id, timeout_sec)
        return _answer_adapter().validate_python(told)

    async def export(
        self, *, include_secrets: bool = False, include_logs: bool = True
    ) -> AsyncIterator[ExportPage]:
        """Go through everything that an export has (`export_format.py`); secrets stay sealed."""
        number, page = await self._caller.call("platform", "export", include_secrets, include_logs)
        while page is not None:
            yield ExportPage(**page)
            page = await self._caller.call("platform", "export_page", number)


# Made at the first use: most handlers ask for none of it.


@cache
def _stats_adapter() -> TypeAdapter[PeriodStats]:
    return TypeAdapter(PeriodStats)


@cache
def _runs_adapter() -> TypeAdapter[list[RunRecord]]:
    return TypeAdapter(list[RunRecord])


@cache
def _answer_adapter() -> TypeAdapter[AccountHealth]:
    return TypeAdapter(AccountHealth)
