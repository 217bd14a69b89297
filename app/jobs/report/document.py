"""A report as sentences and tables, independent of the output format."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from app.core.i18n import Message, _
from app.core.monitors.models import WatchState
from app.core.statistics.periods import Availability, RunFigures
from app.jobs.report.figures import Report
from app.jobs.report.messages import ReportLocale

MAX_ROWS = 50
MAX_ERROR_CHARS = 200
MAX_NAMES = 10
_STATES: Final[dict[WatchState, Message]] = {
    "up": _("up"),
    "degraded": _("degraded"),
    "down": _("down"),
    "not_configured": _("not set up"),
    "unknown": _("unknown"),
    "paused": _("paused"),
}
_NO_MONITORS: Final = _("No monitor is on record for this period.")


@dataclass(frozen=True, slots=True)
class Table:
    """A section: a table, or a sentence in its place; `notes` follow below."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    empty: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """The content of a report."""

    language: str
    title: str
    span: str
    summary: tuple[str, ...]
    tables: tuple[Table, ...] = field(default=())


def compose(report: Report) -> Document:
    """Return a report as sentences and tables."""
    words = ReportLocale(report.language, report.timezone)
    start, end = words.instant(report.period.from_ms), words.instant(report.period.to_ms)
    return Document(
        language=report.language,
        title=words.say(_("Daily report")),
        span=f"{start} – {end} ({report.timezone}), {words.say(_('against the 24 hours before'))}",
        summary=(_runs_sentence(report, words), *_monitor_sentences(report, words)),
        tables=(
            _runs_table(report, words),
            _monitors_table(report, words),
            _errors_table(report, words),
            _jobs_table(report, words),
        ),
    )


def _runs_sentence(report: Report, words: ReportLocale) -> str:
    total, before = report.stats.total, report.before.total.runs
    if not total.runs:
        said = words.say(_("No runs ended in this period yet."))
    elif total.success == total.runs:
        said = words.say(_("{runs} runs ended, all of them successfully."), runs=total.runs)
    else:
        text = _("{runs} runs ended: {success} succeeded, {failed} failed, {cancelled} cancelled.")
        counts = {name: getattr(total, name) for name in ("runs", "success", "failed", "cancelled")}
        said = words.say(text, **counts)
    earlier = _("Before it: {runs} runs.") if before else _("None before it either.")
    return f"{said} {words.say(earlier, runs=before)}"


def _monitor_sentences(report: Report, words: ReportLocale) -> list[str]:
    monitors = report.stats.monitors
    if not monitors:
        return [words.say(_NO_MONITORS)]
    unset = [monitor for monitor in monitors if monitor.state == "not_configured"]
    watched = [monitor for monitor in monitors if monitor.availability is not None or monitor not in unset]
    sentences: list[str] = []
    down = [monitor for monitor in watched if monitor.down_ms or monitor.outages]
    if down:
        text = _("{down} of {count} monitors had downtime, {time} in all.")
        time = words.duration(sum(monitor.down_ms for monitor in down))
        sentences.append(words.say(text, down=len(down), count=len(watched), time=time))
    elif watched:
        sentences.append(words.say(_("All {count} monitors without an outage."), count=len(watched)))
    if unset:
        names = ", ".join(monitor.job_id for monitor in unset[:MAX_NAMES])
        text = _("Monitors not set up ({count}): {names}.")
        sentences.append(words.say(text, count=len(unset), names=names))
    return sentences


def _runs_table(report: Report, words: ReportLocale) -> Table:
    now, before = report.stats.total, report.before.total
    ended, success, failed, cancelled, rate, p50, p95 = words.row(
        *(_("Ended"), _("Succeeded"), _("Failed"), _("Cancelled")),
        *(_("Success rate"), _("Duration p50"), _("Duration p95")),
    )
    rows = (
        (ended, words.number(now.runs), words.number(before.runs)),
        (success, words.number(now.success), words.number(before.success)),
        (failed, words.number(now.failed), words.number(before.failed)),
        (cancelled, words.number(now.cancelled), words.number(before.cancelled)),
        (rate, words.percent(now.success_rate), words.percent(before.success_rate)),
        (p50, words.about(now.p50_ms), words.about(before.p50_ms)),
        (p95, words.about(now.p95_ms), words.about(before.p95_ms)),
    )
    return Table(words.say(_("Runs")), words.row(_("Figure"), _("These 24 h"), _("Before")), rows)


def _monitors_table(report: Report, words: ReportLocale) -> Table:
    rows = [
        (
            _named(monitor),
            monitor_state(monitor, words),
            words.percent(monitor.availability),
            words.duration(monitor.down_ms),
            words.duration(report.downtime_before_ms(monitor)),
            words.number(len(monitor.outages)),
        )
        for monitor in report.stats.monitors[:MAX_ROWS]
    ]
    head = words.row(_("Monitor"), _("State"), _("Available"), _("Downtime"), _("Before"), _("Outages"))
    return Table(words.say(_("Monitors")), head, tuple(rows), empty=words.say(_NO_MONITORS))


def monitor_state(monitor: Availability, words: ReportLocale) -> str:
    """Return the state of a monitor's target, since when, the reason, and the command that sets it up."""
    since = words.say(_("since {at}"), at=words.instant(monitor.since_ms))
    said = f"{words.say(_STATES[monitor.state])} {since}"
    if monitor.detail:
        said += f" ({words.translate(monitor.detail)})"
    if not monitor.command:
        return said
    return f"{said}; {words.say(_('set it up with `{command}`'), command=monitor.command)}"


def _named(monitor: Availability) -> str:
    return f"{monitor.job_id} ({monitor.subject})" if monitor.subject else monitor.job_id


def _errors_table(report: Report, words: ReportLocale) -> Table:
    rows = [
        (
            f"{error.code}: {error.message}"[:MAX_ERROR_CHARS],
            words.number(error.count),
            ", ".join(error.job_ids),
            words.instant(error.last_at_ms),
        )
        for error in report.stats.errors
    ]
    title, none = words.row(_("Top errors"), _("No run failed."))
    head = words.row(_("Error"), _("Count"), _("Job"), _("Last"))
    partly = words.row(_("Counted over the newest 1,000 failed runs."))
    return Table(title, head, tuple(rows), none, notes=() if report.stats.errors_complete else partly)


def _jobs_table(report: Report, words: ReportLocale) -> Table:
    jobs = report.stats.jobs[:MAX_ROWS]
    title, none, deleted = words.row(_("Jobs"), _("No job ended a run."), _("(deleted)"))
    rows = [(job.job_id, job.type or deleted, *_job_figures(job.figures, words)) for job in jobs]
    head = words.row(_("Job"), _("Type"), _("Ended"), _("Failed"), _("Duration p50"), _("Duration p95"))
    more = report.stats.jobs_total - len(jobs)
    notes = (words.say(_("{count} more not shown"), count=more),) if more else ()
    return Table(title, head, tuple(rows), none, notes)


def _job_figures(figures: RunFigures, words: ReportLocale) -> tuple[str, ...]:
    return (
        words.number(figures.runs),
        words.number(figures.failed),
        words.about(figures.p50_ms),
        words.about(figures.p95_ms),
    )
