"""The table: each figure, one column for each subject, and their ratios."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from benchmarks.measure import Figures


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table."""

    scenario: str
    figure: str
    title: str
    unit: str
    scale: float = 1.0
    digits: int = 0


_ENQUEUE = tuple(
    row
    for name, title in (
        ("single", "enqueue one by one"),
        ("at_once", "enqueue 50 at once"),
        ("bulk", "enqueue in bulk"),
    )
    for row in (
        Row("enqueue", f"{name}_per_sec", title, "runs/s"),
        Row("enqueue", f"{name}_client_us", "  client CPU", "µs/run", digits=1),
        Row("enqueue", f"{name}_server_us", "  Redis CPU", "µs/run", digits=1),
        Row("enqueue", f"{name}_command_us", "  in commands", "µs/run", digits=1),
        Row("enqueue", f"{name}_commands", "  commands", "/run", digits=2),
        Row("enqueue", f"{name}_round_trips", "  round trips", "/run", digits=3),
    )
)


def _drain(scenario: str, title: str) -> tuple[Row, ...]:
    return (
        Row(scenario, "per_sec", title, "runs/s"),
        Row(scenario, "worker_us", "  worker CPU", "s/1,000", 1e-3, 4),
        Row(scenario, "run_server_us", "  Redis CPU", "µs/run", digits=1),
        Row(scenario, "run_command_us", "  in commands", "µs/run", digits=1),
    )


def _list(name: str, title: str) -> tuple[Row, ...]:
    return (
        Row("api_lists", f"{name}_p95_ms", f"{title} with many, p95", "ms", digits=1),
        Row("api_lists", f"{name}_few_p95_ms", "  with 100 jobs, p95", "ms", digits=1),
        Row("api_lists", f"{name}_times", "  so many times as long", "", digits=2),
        Row("api_lists", f"{name}_cpu_ms", "  API CPU with many", "ms/call", digits=2),
        Row("api_lists", f"{name}_round_trips", "  round trips", "/call", digits=2),
    )


def _outage() -> tuple[Row, ...]:
    surfaces = {"monitors": "GET /monitors", "jobs": "GET /jobs", "cli": "multi-job monitors"}
    surfaces["metrics"] = "GET /metrics"
    shown = tuple(
        Row("outage", f"{name}_{state}_sec", f"outage: {title} shows {state}", "s", digits=1)
        for state in ("down", "up")
        for name, title in surfaces.items()
    )
    return (
        *shown,
        Row("outage", "alarm_sec", "  alarm in the inbox", "s", digits=1),
        Row("outage", "recovery_sec", "  recovery in the inbox", "s", digits=1),
        Row("outage", "alarms", "  alarms", ""),
        Row("outage", "recoveries", "  recoveries", ""),
        Row("outage", "uptime", "  uptime shown", "%", 100, 2),
        Row("outage", "uptime_by_log", "  uptime by the site's log", "%", 100, 2),
        Row("outage", "length_sec", "  length shown", "s", digits=2),
        Row("outage", "length_by_log_sec", "  length by the site's log", "s", digits=2),
    )


def _processes() -> tuple[Row, ...]:
    titles = {
        "noop": "no-ops",
        "burn": "2 ms of Python",
        "thread": "no-ops in threads",
        "child": "no-ops in child processes",
    }
    return tuple(
        row
        for name, title in titles.items()
        for count in (1, 2, 4)
        for row in (
            Row(
                "processes",
                f"{name}_{count}_per_sec",
                f"{title}, WORKER_PROCESSES={count}",
                "runs/s",
                digits=1,
            ),
            Row("processes", f"{name}_{count}_us", "  worker CPU", "µs/run", digits=1),
            Row("processes", f"{name}_{count}_cores", "  cores that their event loops ask for", "", digits=2),
        )
    )


ROWS = (
    *_ENQUEUE,
    *_drain("drain1", "no-ops, 1 worker"),
    Row("drain1", "run_commands", "  commands", "/run", digits=2),
    Row("drain1", "run_round_trips", "  round trips", "/run", digits=3),
    Row("drain1", "bytes", "  memory of a finished run", "bytes"),
    Row("drain1", "worker_mb", "  worker memory", "MB"),
    *_drain("drain2", "no-ops, 2 workers"),
    *_drain("sleep1", "50 ms jobs, 1 worker"),
    *_drain("sleep2", "50 ms jobs, 2 workers"),
    Row("latency", "start_ms_p50", "idle: enqueue to start, p50", "ms", digits=2),
    Row("latency", "start_ms_p99", "  p99", "ms", digits=2),
    Row("delayed", "queued_ms_p50", "delayed: due to queued, p50", "ms"),
    Row("delayed", "queued_ms_p99", "  p99", "ms"),
    Row("delayed", "started_ms_p50", "delayed: due to started, p50", "ms"),
    Row("delayed", "started_ms_p99", "  p99", "ms"),
    Row("schedule", "fired_ms_p50", "schedule: slot to run, p50", "ms"),
    Row("schedule", "fired_ms_p99", "  p99", "ms"),
    Row("api_run", "per_sec", "POST /jobs/{id}/run, 32 connections", "/s"),
    Row("api_run", "p50_ms", "  p50", "ms", digits=1),
    Row("api_run", "p99_ms", "  p99", "ms", digits=1),
    Row("api_run", "api_us", "  API CPU", "µs/run", digits=1),
    Row("api_run", "run_server_us", "  Redis CPU", "µs/run", digits=1),
    Row("api_run", "run_commands", "  commands", "/run", digits=2),
    Row("api_run", "run_round_trips", "  round trips", "/run", digits=3),
    Row("api_runs", "per_sec", "GET /runs (50 rows), 32 connections", "/s"),
    Row("api_runs", "p50_ms", "  p50", "ms", digits=1),
    Row("api_runs", "p99_ms", "  p99", "ms", digits=1),
    Row("api_runs", "api_us", "  API CPU", "µs/request", digits=1),
    Row("api_runs", "server_us", "  Redis CPU", "µs/request", digits=1),
    Row("api_runs", "bytes", "  answer", "bytes"),
    Row("events", "late_ms_p50", "event to last byte, 200 clients, p50", "ms"),
    Row("events", "late_ms_p99", "  p99", "ms"),
    Row("events", "late_ms_max", "  longest", "ms"),
    Row("events", "api_us", "  API CPU", "µs/message", digits=1),
    Row("cancel", "seen_ms_p50", "cancel to handler, p50", "ms", digits=1),
    Row("cancel", "seen_ms_p99", "  p99", "ms", digits=1),
    Row("planner", "short_ms_p50", "a worked sentence planned, p50", "ms CPU", digits=2),
    Row("planner", "short_ms_p99", "  p99", "ms CPU", digits=2),
    Row("planner", "case_ms_p50", "a sentence of 200 characters planned, p50", "ms CPU", digits=2),
    Row("planner", "case_ms_p99", "  p99", "ms CPU", digits=2),
    Row("planner", "long_ms_p50", "2,000 characters of sentences planned, p50", "ms CPU", digits=1),
    Row("planner", "long_ms_p99", "  p99", "ms CPU", digits=1),
    Row("planner", "fuzz_ms_p50", "2,000 hostile characters planned, p50", "ms CPU", digits=1),
    Row("planner", "fuzz_ms_p99", "  p99", "ms CPU", digits=1),
    Row("planner", "fuzz_ms_max", "  longest", "ms CPU", digits=1),
    *_list("jobs", "GET /jobs"),
    *_list("runs", "GET /runs"),
    *_list("stats", "GET /stats, an hour"),
    *_list("stats_week", "GET /stats, a week"),
    *_list("overview", "the overview's 14 reads at once"),
    *_list("metrics", "GET /metrics"),
    *_list("monitors", "GET /monitors, 1,000 each"),
    Row("api_plan", "plan_ms_p50", "POST /planner/plan, 200 characters, p50", "ms", digits=2),
    Row("api_plan", "plan_ms_p95", "  p95", "ms", digits=2),
    Row("api_plan", "plan_ms_p99", "  p99", "ms", digits=2),
    Row("api_plan", "plan_cpu_ms", "  API CPU", "ms/plan", digits=2),
    Row("api_plan", "plan_round_trips", "  round trips", "/plan", digits=2),
    Row("monitors", "checks_per_sec", "monitors each 30 s: checks", "/s", digits=1),
    *(
        Row("monitors", f"{name}_cpu", f"  CPU of {name}", "% of a core", digits=1)
        for name in ("api", "scheduler", "worker", "connector", "redis")
    ),
    Row("monitors", "monitor_bytes", "  memory of a monitor's own keys", "bytes"),
    Row("monitors", "all_bytes", "  with its job and first run", "bytes"),
    Row("monitors", "list_ms_p50", "GET /monitors, all, p50", "ms", digits=1),
    Row("monitors", "list_ms_p95", "  p95", "ms", digits=1),
    Row("monitors", "list_round_trips", "  round trips", "/call", digits=2),
    *_outage(),
    Row("fairness", "alone_ms_p50", "fairness: a quiet run alone, submit → start, p50", "ms", digits=2),
    Row("fairness", "alone_ms_p95", "  p95", "ms", digits=2),
    Row("fairness", "crowded_ms_p50", "  with 10,000 runs of another group, p50", "ms", digits=2),
    Row("fairness", "crowded_ms_p95", "  p95", "ms", digits=2),
    Row("fairness", "ratio", "  with ÷ alone, p50", "", digits=2),
    Row("fairness", "ratio_p95", "  p95", "", digits=2),
    Row("rate", "most_in_window", "rate of 600 a minute: most starts in any 60 s", ""),
    Row("rate", "used", "  used", "%", 100, 2),
    *_processes(),
    Row("rate", "late_ms_p99", "  start after its turn, p99", "ms"),
)

Results = Mapping[str, Mapping[str, Figures]]
"""Subject -> scenario -> medians."""


def table(results: Results, titles: Sequence[str]) -> str:
    """Return the table; the first subject is ours, and after each other one comes ours ÷ it."""
    head = ["", "unit", titles[0]]
    for title in titles[1:]:
        head += [title, "ratio"]
    lines = [head]
    for row in ROWS:
        figures = [results[title].get(row.scenario, {}).get(row.figure) for title in titles]
        if figures[0] is not None:
            lines.append(_line(row, figures))
    return aligned(lines)


def _line(row: Row, figures: Sequence[float | None]) -> list[str]:
    ours = figures[0] or 0.0
    line = [row.title, row.unit, number(row, ours)]
    for other in figures[1:]:
        line += ["–", "–"] if other is None else [number(row, other), f"{ours / other:.2f}" if other else "–"]
    return line


def number(row: Row, value: float) -> str:
    """Return a figure as the table shows it."""
    return f"{value * row.scale:,.{row.digits}f}"


def aligned(lines: Sequence[Sequence[str]]) -> str:
    """Return lines of cells as columns: the first two to the left, the others to the right."""
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if column < 2 else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )
