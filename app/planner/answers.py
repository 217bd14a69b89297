"""Answers to questions and complaints about stored jobs: the job that is meant, or the state of all."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from app.core.i18n import Message, _, concat, ngettext
from app.core.models import TERMINAL, RunStatus
from app.core.records import JobRecord, Page
from app.core.specs.search import TARGET_FIELDS, JobFilter
from app.planner.models import Inquiry, Note, NoteKind, StopRequest
from app.planner.stops import stop_targets

if TYPE_CHECKING:
    from app.core.specs.store import JobsByTarget

ListJobs = Callable[[JobFilter, int | None, int], Awaitable[Page[JobRecord]]]
"""Return a page of jobs, newest first, after a cursor."""
MOST_JOBS: Final = 200
"""The jobs that one answer reads: some milliseconds of Redis."""
_MOST_NAMES: Final = 5
_CRON_FIELDS: Final = 5
_HALF_DAY: Final = 12 * 60


def inquiry_targets(inquiry: Inquiry) -> tuple[str, ...]:
    """Return the targets that an inquiry may mean."""
    return stop_targets(StopRequest(inquiry.type, dict(inquiry.inputs), inquiry.words, ()))


@dataclass(frozen=True, slots=True)
class InquiryAnswers:
    """Answers the inquiries of a plan. Times are shown in `timezone`."""

    known: JobsByTarget
    list_jobs: ListJobs
    timezone: str

    async def notes(self, inquiries: Sequence[Inquiry]) -> list[Note]:
        """Return the answer to each."""
        return [Note(NoteKind.REFUSAL, await self._answer(each), each.span) for each in inquiries]

    async def _answer(self, inquiry: Inquiry) -> Message:
        if inquiry.of_all:
            return self._state(await self.list_jobs(JobFilter(enabled=True), None, MOST_JOBS))
        targets = inquiry_targets(inquiry)
        records = [record for target in targets for record in self.known.by_target.get(target, ())]
        meant = [record for record in records if _fires_at(record, inquiry.minutes)] or records
        if meant:
            return concat(*(self._why(record) for record in meant[:_MOST_NAMES]), separator=" ")
        kind = f"?type={inquiry.type}" if inquiry.type in TARGET_FIELDS else ""
        return _("No stored job does this; GET /jobs{kind} lists the jobs.", kind=kind)

    def _why(self, record: JobRecord) -> Message:
        job_id = record.spec.job_id
        if not record.spec.enabled:
            return _("{job_id} is disabled; `multi-job why {job_id}` shows its runs.", job_id=job_id)
        if record.next_run_at is None:
            return _("{job_id} has no next run; `multi-job why {job_id}` shows why.", job_id=job_id)
        return _(
            "{job_id} is meant: `multi-job why {job_id}` shows why it ran or did not run. "
            "It runs next at {instant}.",
            job_id=job_id,
            instant=self._shown(record.next_run_at),
        )

    def _state(self, page: Page[JobRecord]) -> Message:
        total = len(page.items) if page.total is None else page.total
        if not total:
            return _("No job is enabled: GET /jobs lists all.")
        parts = [ngettext("{count} job is enabled.", "{count} jobs are enabled.", total)]
        failing = [record.spec.job_id for record in page.items if _failed_last(record)]
        parts.append(
            _("The last run failed of: {names}.", names=_listed(failing))
            if failing
            else _("No last run has failed.")
        )
        ahead = [(record.next_run_at, record.spec.job_id) for record in page.items if record.next_run_at]
        if ahead:
            next_at, job_id = min(ahead)
            parts.append(_("Next: {job_id} at {instant}.", job_id=job_id, instant=self._shown(next_at)))
        if total > len(page.items):
            parts.append(_("The newest {count} were looked at.", count=len(page.items)))
        return concat(*parts, separator=" ")

    def _shown(self, at_ms: int) -> str:
        at = datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(ZoneInfo(self.timezone))
        return f"{at:%Y-%m-%d %H:%M}"


def _failed_last(record: JobRecord) -> bool:
    ended = next((brief.status for brief in record.recent if brief.status in TERMINAL), None)
    return ended is RunStatus.FAILED


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(names[:_MOST_NAMES])
    return shown if len(names) <= _MOST_NAMES else f"{shown}, … ({len(names)})"


def _fires_at(record: JobRecord, minutes: Sequence[int]) -> bool:
    """True if a job's cron line has one of some times of day, of a 12-hour clock."""
    schedule = record.spec.schedule
    fields = schedule.cron.split() if schedule is not None and schedule.cron else []
    if len(fields) != _CRON_FIELDS or not (fields[0].isdecimal() and fields[1].isdecimal()):
        return False
    minute = int(fields[1]) * 60 + int(fields[0])
    return any((each - minute) % _HALF_DAY == 0 for each in minutes)
