"""A report as sentences and tables, independent of the output format."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from app.core.i18n import Message, _, ngettext, pgettext
from app.core.incidents.models import IncidentKind
from app.core.incidents.titles import incident_title
from app.core.monitors.models import WatchState
from app.core.statistics.periods import Availability, RunFigures
from app.jobs.report.figures import Report
from app.jobs.report.messages import ReportLocale
from app.jobs.report.models import ReportPeriod

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
_TITLES: Final[dict[ReportPeriod, Message]] = {
    "day": _("Daily report"),
    "week": _("Weekly report"),
    "month": _("Monthly report"),
}
_AGAINST: Final[dict[ReportPeriod, Message]] = {
    "day": _("against the 24 hours before"),
    "week": _("against the 7 days before"),
    "month": _("without a comparison"),
}
_THESE: Final[dict[ReportPeriod, Message]] = {
    "day": _("These 24 h"),
    "week": _("These 7 days"),
    "month": _("This month"),
}
_MESSAGE_STATES: Final[dict[str, Message]] = {
    "delivered": pgettext("message", "delivered"),
    "failed": pgettext("message", "failed"),
    "unknown": pgettext("message", "unknown outcome"),
    "pending": pgettext("message", "waiting"),
    "sending": pgettext("message", "being sent"),
}
_MOST_INCIDENTS = 20
_NO_MONITORS: Final = _("No monitor is on record for this period.")


@dataclass(frozen=True, slots=True)
class Table:
    """A section: a table, or a sentence in its place; `notes` follow below.

    Narrow ones are printed side by side.
    """

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    empty: str = ""
    notes: tuple[str, ...] = ()
    narrow: bool = False


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
        title=words.say(_TITLES[report.length]),
        span=f"{start} – {end} ({report.timezone}), {words.say(_AGAINST[report.length])}",
        summary=(
            _runs_sentence(report, words),
            *_monitor_sentences(report, words),
            *_sla_sentences(report, words),
            _incidents_sentence(report, words),
            _messages_sentence(report, words),
        ),
        tables=(
            _monitors_table(report, words),
            _incidents_table(report, words),
            _runs_table(report, words),
            _errors_table(report, words),
            _jobs_table(report, words),
        ),
    )


def _runs_sentence(report: Report, words: ReportLocale) -> str:
    total = report.stats.total
    if not total.runs:
        text = _("No run ended in this period.")
    elif total.success == total.runs == 1:
        text = _("1 run ended, and it succeeded.")
    elif total.success == total.runs:
        text = _("{runs} runs ended, all of them successfully.")
    elif total.runs == 1:
        text = _("1 run ended, and it failed.") if total.failed else _("1 run was cancelled.")
    else:
        text = _("{runs} runs ended: {success} succeeded, {failed} failed, {cancelled} cancelled.")
    counts = {name: getattr(total, name) for name in ("runs", "success", "failed", "cancelled")}
    said = words.say(text, **counts)
    if report.before is None:
        return said
    return f"{said} {_runs_before(report.before.total.runs, words, has_runs=total.runs > 0)}"


def _runs_before(runs: int, words: ReportLocale, *, has_runs: bool) -> str:
    if not runs:
        none = _("No run ended in the period before it.")
        return words.say(none if has_runs else _("None in the period before it either."))
    if runs == 1:
        return words.say(_("In the period before it: 1 run."))
    return words.say(_("In the period before it: {runs} runs."), runs=runs)


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
    elif len(watched) == 1:
        sentences.append(words.say(_("The monitor had no outage.")))
    elif watched:
        sentences.append(words.say(_("All {count} monitors without an outage."), count=len(watched)))
    if unset:
        names = ", ".join(monitor.job_id for monitor in unset[:MAX_NAMES])
        text = _("Monitors not set up ({count}): {names}.")
        sentences.append(words.say(text, count=len(unset), names=names))
    return sentences


def _sla_sentences(report: Report, words: ReportLocale) -> list[str]:
    met = [report.sla_met(monitor) for monitor in report.stats.monitors]
    judged = [each for each in met if each is not None]
    if not judged:
        return []
    target = words.uptime((report.sla_percent or 0) / 100)
    if all(judged):
        return [
            words.say(
                _("The target of {target} was met by all {count} monitors."), target=target, count=len(judged)
            )
        ]
    text = _("The target of {target} was missed by {missed} of {count} monitors.")
    return [words.say(text, target=target, missed=judged.count(False), count=len(judged))]


def _incidents_sentence(report: Report, words: ReportLocale) -> str:
    figures = report.incidents
    if not figures.spans:
        return words.say(_("No incident."))
    counted = ngettext(
        "{count} incident, {open} still open.",
        "{count} incidents, {open} still open.",
        len(figures.spans),
        open=figures.open_count,
    )
    said = words.say_message(counted)
    said += " " + words.say(_("The longest: {time}."), time=words.duration(figures.longest_ms or 0))
    if figures.mean_to_recover_ms is None:
        return said
    return (
        said
        + " "
        + words.say(_("Mean time to recover: {time}."), time=words.duration(figures.mean_to_recover_ms))
    )


def _messages_sentence(report: Report, words: ReportLocale) -> str:
    counts = report.messages.by_state
    if not counts:
        return words.say(_("No message was sent."))
    parts = [
        f"{words.number(counts[state])} {words.say(text)}"
        for state, text in _MESSAGE_STATES.items()
        if state in counts
    ]
    said = words.say(_("Messages: {parts}."), parts=", ".join(parts))
    if report.length == "month" or not report.messages.complete:
        said += " " + words.say(_("Messages are kept for 7 days."))
    return said


def _incidents_table(report: Report, words: ReportLocale) -> Table:
    spans = sorted(report.incidents.spans, key=lambda each: (each.to_ms is not None, -each.from_ms))
    shown = spans[:_MOST_INCIDENTS]
    rows = [
        (
            words.say_message(
                incident_title(
                    IncidentKind(each.kind), each.subject, each.state, is_over=each.to_ms is not None
                )
            ),
            words.instant(each.from_ms),
            words.say(_("still open")) if each.to_ms is None else words.instant(each.to_ms),
            words.duration((each.to_ms or report.period.to_ms) - each.from_ms),
        )
        for each in shown
    ]
    more = len(spans) - len(shown)
    notes = (words.say(_("{count} more not shown"), count=more),) if more else ()
    head = words.row(_("Incident"), _("From"), _("To"), _("Duration"))
    return Table(
        words.say(_("Incidents")), head, tuple(rows), words.say(_("No incident.")), notes, narrow=True
    )


def _runs_table(report: Report, words: ReportLocale) -> Table:
    now, before = report.stats.total, report.before.total if report.before else None
    ended, success, failed, cancelled, rate, p50, p95 = words.row(
        *(_("Ended"), _("Succeeded"), _("Failed"), _("Cancelled")),
        *(_("Success rate"), _("Duration p50"), _("Duration p95")),
    )
    names = (ended, success, failed, cancelled, rate, p50, p95)
    columns = [_run_figures(each, words) for each in (now, before) if each is not None]
    head = words.row(_("Figure"), _THESE[report.length], *(() if before is None else (_("Before"),)))
    return Table(words.say(_("Runs")), head, tuple(zip(names, *columns, strict=True)), narrow=True)


def _run_figures(figures: RunFigures, words: ReportLocale) -> tuple[str, ...]:
    counts = (figures.runs, figures.success, figures.failed, figures.cancelled)
    times = (figures.p50_ms, figures.p95_ms)
    return (*map(words.number, counts), words.percent(figures.success_rate), *map(words.about, times))


def _monitors_table(report: Report, words: ReportLocale) -> Table:
    rows = [
        (
            _named(monitor),
            monitor_state(monitor, words),
            words.uptime(monitor.availability),
            *(() if report.sla_percent is None else (_sla_word(report.sla_met(monitor), words),)),
            words.duration(monitor.down_ms),
            *(() if report.before is None else (words.duration(report.downtime_before_ms(monitor)),)),
            words.number(len(monitor.outages)),
        )
        for monitor in report.stats.monitors[:MAX_ROWS]
    ]
    head = words.row(
        *(_("Monitor"), _("State"), _("Available")),
        *(() if report.sla_percent is None else (_("Target"),)),
        _("Downtime"),
        *(() if report.before is None else (_("Before"),)),
        _("Outages"),
    )
    return Table(words.say(_("Monitors")), head, tuple(rows), empty=words.say(_NO_MONITORS))


def _sla_word(met: bool | None, words: ReportLocale) -> str:
    if met is None:
        return "–"
    return words.say(_("met") if met else _("missed"))


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
            f"{error.code}: {words.translate(error.message)}"[:MAX_ERROR_CHARS],
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
