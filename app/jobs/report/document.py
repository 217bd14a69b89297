"""A report as sentences and tables, independent of the output format."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.core.statistics.periods import Availability, RunFigures
from app.jobs.report.figures import Report
from app.jobs.report.messages import ReportLocale

MAX_ROWS = 50
MAX_ERROR_CHARS = 200
MAX_NAMES = 10


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
    period = report.period
    span = words.say(
        "span",
        start=words.instant(period.from_ms),
        end=words.instant(period.to_ms),
        zone=report.timezone,
    )
    return Document(
        language=report.language,
        title=words.say("title"),
        span=f"{span}, {words.say('compared')}",
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
        said = words.say("no_runs")
    elif total.success == total.runs:
        said = words.say("all_well", runs=words.number(total.runs))
    else:
        numbers = {name: words.number(getattr(total, name)) for name in ("success", "failed", "cancelled")}
        said = words.say("mixed", runs=words.number(total.runs), **numbers)
    earlier = words.say("runs_before", runs=words.number(before)) if before else words.say("no_runs_before")
    return f"{said} {earlier}"


def _monitor_sentences(report: Report, words: ReportLocale) -> list[str]:
    monitors = report.stats.monitors
    if not monitors:
        return [words.say("no_monitors")]
    unset = [monitor for monitor in monitors if monitor.state == "not_configured"]
    watched = [monitor for monitor in monitors if monitor.availability is not None or monitor not in unset]
    sentences: list[str] = []
    down = [monitor for monitor in watched if monitor.down_ms or monitor.outages]
    if down:
        time = words.duration(sum(monitor.down_ms for monitor in down))
        counts = {"down": words.number(len(down)), "count": words.number(len(watched))}
        sentences.append(words.say("monitors_down", time=time, **counts))
    elif watched:
        sentences.append(words.say("monitors_well", count=words.number(len(watched))))
    if unset:
        names = ", ".join(monitor.job_id for monitor in unset[:MAX_NAMES])
        sentences.append(words.say("monitors_unset", count=words.number(len(unset)), names=names))
    return sentences


def _runs_table(report: Report, words: ReportLocale) -> Table:
    now, before = report.stats.total, report.before.total
    counts = {"ended": "runs", "success": "success", "failed": "failed", "cancelled": "cancelled"}
    rows = [
        (words.say(label), *(words.number(getattr(figures, name)) for figures in (now, before)))
        for label, name in counts.items()
    ]
    rows.append((words.say("rate"), words.percent(now.success_rate), words.percent(before.success_rate)))
    rows.append((words.say("p50"), words.about(now.p50_ms), words.about(before.p50_ms)))
    rows.append((words.say("p95"), words.about(now.p95_ms), words.about(before.p95_ms)))
    head = (words.say("figure"), words.say("now"), words.say("before"))
    return Table(words.say("runs"), head, tuple(rows))


def _monitors_table(report: Report, words: ReportLocale) -> Table:
    columns = ("monitor", "state", "available", "downtime", "before", "outages")
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
    head = tuple(words.say(column) for column in columns)
    return Table(words.say("monitors"), head, tuple(rows), empty=words.say("no_monitors"))


def monitor_state(monitor: Availability, words: ReportLocale) -> str:
    """Return the state of a monitor's target, since when, the reason, and the command that sets it up."""
    parts = [words.say(monitor.state), words.say("since", at=words.instant(monitor.since_ms))]
    said = " ".join(parts) + (f" ({monitor.reason})" if monitor.reason else "")
    return f"{said}; {words.say('set_up_by', command=monitor.command)}" if monitor.command else said


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
    head = tuple(words.say(column) for column in ("error", "count", "job", "last"))
    notes = () if report.stats.errors_complete else (words.say("errors_partly"),)
    return Table(words.say("errors"), head, tuple(rows), empty=words.say("no_errors"), notes=notes)


def _jobs_table(report: Report, words: ReportLocale) -> Table:
    jobs = report.stats.jobs[:MAX_ROWS]
    rows = [(job.job_id, job.type or words.say("deleted"), *_job_figures(job.figures, words)) for job in jobs]
    head = tuple(words.say(column) for column in ("job", "type", "ended", "failed", "p50", "p95"))
    more = report.stats.jobs_total - len(jobs)
    notes = (words.say("more_jobs", count=words.number(more)),) if more else ()
    return Table(words.say("jobs"), head, tuple(rows), empty=words.say("no_jobs"), notes=notes)


def _job_figures(figures: RunFigures, words: ReportLocale) -> tuple[str, ...]:
    return (
        words.number(figures.runs),
        words.number(figures.failed),
        words.about(figures.p50_ms),
        words.about(figures.p95_ms),
    )
