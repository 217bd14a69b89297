"""Summarises a plan in one sentence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from app.core.i18n import Language, Message, _, concat, ngettext, pgettext, render
from app.core.models import OnSkip, Schedule, Skip
from app.core.scheduling.cron_words import cron_words
from app.core.scheduling.describe import interval_words, schedule_words
from app.core.scheduling.skip_words import skip_words
from app.planner.models import Change, JobChange, PlannedJob

_NAMES = {
    "monitor.channel": pgettext("plan", "monitor"),
    "monitor.http": pgettext("plan", "monitor"),
    "monitor.heartbeat": pgettext("plan", "monitor"),
    "report.daily": pgettext("plan", "report"),
    "backup.export": pgettext("plan", "backup"),
    "message.send": pgettext("plan", "message"),
}


_DONE: Final = {
    Change.UPDATE: _("change {job_id}"),
    Change.UNCHANGED: _("{job_id} stays as it is"),
    Change.DISABLE: _("disable {job_id}"),
    Change.PAUSE: _("pause {job_id}"),
    Change.RESUME: _("resume {job_id}"),
    Change.RUN: _("run {job_id} now"),
    Change.DELETE: _("delete {job_id}"),
}


def summary_of(jobs: Sequence[PlannedJob], language: Language, managed: Sequence[JobChange] = ()) -> str:
    """Return the summary of planned jobs, and of changes of other stored jobs, which come last."""
    lines = [concat(_what(job), " ", _start(job, jobs)) for job in jobs]
    lines += [_DONE[each.change].fill(job_id=each.spec.job_id) for each in managed]
    if not lines:
        return render(_("Nothing is planned."), language)
    text = concat(*lines, separator="; ")
    return render(
        ngettext("{count} job: {lines}.", "{count} jobs: {lines}.", len(lines), lines=text), language
    )


def _start(job: PlannedJob, jobs: Sequence[PlannedJob]) -> Message:
    """Return when a job starts: by its schedule, as it is stored, or after another one."""
    firsts = [(each, link) for each in jobs for link in each.chains if link.key == job.key]
    if not firsts:
        return _("as it is stored") if job.is_named else when(job.schedule)
    first, link = firsts[0]
    after, fails = _("after {job}", job=_what(first)), _("if {job} fails", job=_what(first))
    return fails if link.outcome == "on_failure" else after


def _what(job: PlannedJob) -> Message:
    details = [job.inputs.get(key) for key in ("channel", "account_id", "url", "to")]
    name = _NAMES.get(job.type, job.type)
    return concat(name, *(str(detail) for detail in details if detail), separator=" ")


def when(schedule: dict[str, Any] | None) -> Message:
    """Return a schedule in words, with what it skips."""
    if schedule is None:
        return _("once, now")
    words = _fires(schedule)
    if not schedule.get("skip"):
        return words
    skip = Skip.model_validate(schedule["skip"])
    on_skip = OnSkip(schedule.get("on_skip") or OnSkip.DROP)
    return words if skip == Skip() else concat(words, skip_words(skip, on_skip), separator=", ")


def _fires(schedule: dict[str, Any]) -> Message:
    if "interval_sec" in schedule:
        return interval_words(schedule["interval_sec"])
    if "rrule" in schedule:
        rule = {name: value for name, value in schedule.items() if name not in {"skip", "on_skip"}}
        return schedule_words(Schedule.model_validate(rule), schedule.get("timezone") or "UTC")
    if "cron" in schedule:
        return concat(cron_words(schedule["cron"]), f" ({schedule.get('timezone') or ''})")
    return _("once at {instant}", instant=schedule["at"])
