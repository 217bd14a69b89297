"""Answers to questions and complaints about stored jobs: the job that is meant, or the state of all."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from app.core.i18n import Message, _, concat, ngettext
from app.core.models import TERMINAL, RunStatus
from app.core.records import JobRecord, Page
from app.core.specs.search import JobFilter
from app.planner.models import Inquiry, Note, NoteKind

if TYPE_CHECKING:
    from app.planner.matching import JobMatcher

ListJobs = Callable[[JobFilter, int | None, int], Awaitable[Page[JobRecord]]]
"""Return a page of jobs, newest first, after a cursor."""
MOST_JOBS: Final = 200
"""The jobs that one answer reads: some milliseconds of Redis."""
_MOST_NAMES: Final = 5


@dataclass(frozen=True, slots=True)
class InquiryAnswers:
    """Answers the inquiries of a plan. Times are shown in `timezone`."""

    matcher: JobMatcher
    list_jobs: ListJobs
    timezone: str

    async def notes(self, inquiries: Sequence[Inquiry]) -> list[Note]:
        """Return the answer to each."""
        return [Note(NoteKind.REFUSAL, await self._answer(each), each.span) for each in inquiries]

    async def _answer(self, inquiry: Inquiry) -> Message:
        if inquiry.of_all:
            return self._state(await self.list_jobs(JobFilter(enabled=True), None, MOST_JOBS))
        match = await self.matcher.find(inquiry.query)
        if not match.records:
            # A job that did not run at 7 need not be one of 7.
            match = await self.matcher.find(replace(inquiry.query, minutes=()))
        if match.records and match.sure:
            return concat(*(self._why(record) for record in match.records[:_MOST_NAMES]), separator=" ")
        types = sorted(inquiry.query.types)
        kind = f"?type={types[0]}" if len(types) == 1 else ""
        return _("No stored job does this; GET /jobs{kind} lists the jobs.", kind=kind)

    def _why(self, record: JobRecord) -> Message:
        job_id = record.spec.job_id
        if not record.spec.enabled:
            return _("{job_id} is disabled; `multi-job why {job_id}` shows its runs.", job_id=job_id)
        if record.next_run_at is None:
            return _("{job_id} has no next run; `multi-job why {job_id}` shows why.", job_id=job_id)
        meant = _(
            "{job_id} is meant: `multi-job why {job_id}` shows why it ran or did not run. "
            "It runs next at {instant}."
        )
        return meant.fill(job_id=job_id, instant=self._shown(record.next_run_at))

    def _state(self, page: Page[JobRecord]) -> Message:
        total = len(page.items) if page.total is None else page.total
        if not total:
            return _("No job is enabled: GET /jobs lists all.")
        parts = [ngettext("{count} job is enabled.", "{count} jobs are enabled.", total)]
        ended = [[run.status for run in record.recent if run.status in TERMINAL][:1] for record in page.items]
        pairs = zip(page.items, ended, strict=True)
        failing = [record.spec.job_id for record, last in pairs if last == [RunStatus.FAILED]]
        more = f", … ({len(failing)})" if len(failing) > _MOST_NAMES else ""
        names = ", ".join(failing[:_MOST_NAMES]) + more
        failed = _("The last run failed of: {names}.", names=names)
        parts.append(failed if failing else _("No last run has failed."))
        ahead = [(record.next_run_at, record.spec.job_id) for record in page.items if record.next_run_at]
        for next_at, job_id in sorted(ahead)[:1]:
            parts.append(_("Next: {job_id} at {instant}.", job_id=job_id, instant=self._shown(next_at)))
        if total > len(page.items):
            parts.append(_("The newest {count} were looked at.", count=len(page.items)))
        return concat(*parts, separator=" ")

    def _shown(self, at_ms: int) -> str:
        at = datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(ZoneInfo(self.timezone))
        return f"{at:%Y-%m-%d %H:%M}"
