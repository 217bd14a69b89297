"""`multi-job runs`, `logs`, `cancel`, `rerun`: runs and their logs."""

from __future__ import annotations

import time
from typing import Annotated, Any, cast

import typer

from app.cli.bulk import BulkOptions, run_bulk
from app.cli.client import Client
from app.cli.commands.jobs import Wait, follow_up, parsed_inputs
from app.cli.options import Json, Limit, RunId
from app.cli.output import instant, print_json, say, table
from app.cli.run_filters import Job, JobType, RunChoice, Search, Since, Status, Tag, Trace, Until, search_runs
from app.cli.run_log import RunLogReader, line_text
from app.core.i18n import _

Follow = Annotated[bool, typer.Option("--follow", "-f", help="Follow until the run ends.")]
Level = Annotated[str | None, typer.Option("--level", help="Only lines of this level or above.")]
LogSearch = Annotated[str | None, typer.Option("--search", help="Only lines with this text.")]
Inputs = Annotated[str | None, typer.Option("--inputs", help="Inputs that replace the run's, as JSON.")]
SomeRun = Annotated[
    str | None, typer.Argument(help="The run's id; or choose runs by --job, --search and so on.")
]
All = Annotated[bool, typer.Option("--all", help="All runs, without a filter.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Count the runs, and change nothing.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]
BulkId = Annotated[str | None, typer.Option("--bulk-id", help="Continue this bulk action.")]
From = Annotated[
    int | None, typer.Option("--cursor", min=0, help="The cursor from which a stopped bulk action continues.")
]
Delay = Annotated[float, typer.Option("--delay", min=0, help="Seconds until it is due.")]

FOLLOW_SEC = 0.5


def runs(
    *,
    job: Job = None,
    status: Status = None,
    job_type: JobType = None,
    tag: Tag = None,
    trace: Trace = None,
    search: Search = None,
    since: Since = None,
    until: Until = None,
    limit: Limit = 20,
    as_json: Json = False,
) -> None:
    """List runs, newest first; a search ends after --limit runs or at the oldest run."""
    criteria = RunChoice(job, status, job_type, tag, trace, search, since, until)
    client = Client()
    found = list(search_runs(client, criteria, limit, as_json=as_json))
    if as_json:
        print_json(found)
        return
    rows = [
        (
            each["run_id"],
            each["job_id"],
            each["status"],
            instant(each["started_at"]),
            each["duration_ms"],
            _error(each),
        )
        for each in found
    ]
    table(("run", "job", "status", "started", "ms", "error"), rows, _("no runs yet"))
    if len(found) < limit:
        _print_retention(client)


def _print_retention(client: Client) -> None:
    """Print a note if retention has removed runs, because the list then ends before the first run."""
    counts = client.get("/runs/counts")
    if counts["removed_until"] is None:
        return
    kept = counts["kept"]
    say(
        _(
            "Kept: {days:g} days, failed runs {failed_days:g}, {runs_per_job:,} a job. Some that "
            "were created until {removed_until} were removed.",
            days=kept["days"],
            failed_days=kept["failed_days"],
            runs_per_job=kept["runs_per_job"],
            removed_until=instant(counts["removed_until"]),
        )
    )


def _error(run: dict[str, Any]) -> str:
    return str(cast("dict[str, Any]", run["error"] or {}).get("message", ""))[:120]


def logs(
    run_id: RunId,
    *,
    follow: Follow = False,
    level: Level = None,
    search: LogSearch = None,
    as_json: Json = False,
) -> None:
    """Print a run's log and the traceback of each failed attempt; --follow exits 1 unless it succeeds."""
    reader = RunLogReader(Client(), run_id, level=level, search=search)
    while not reader.is_complete:
        for line in reader.part():
            print_json(line) if as_json else say(line_text(line))
        if not follow:
            return
        if not reader.is_complete:
            time.sleep(FOLLOW_SEC)
    raise typer.Exit(0 if reader.succeeded() else 1)


def cancel(
    run_id: SomeRun = None,
    *,
    job: Job = None,
    status: Status = None,
    job_type: JobType = None,
    tag: Tag = None,
    trace: Trace = None,
    search: Search = None,
    since: Since = None,
    until: Until = None,
    everything: All = False,
    dry_run: DryRun = False,
    yes: Yes = False,
    bulk_id: BulkId = None,
    cursor: From = None,
    as_json: Json = False,
) -> None:
    """Cancel a run, or all that match and have not ended; running handlers are asked to end."""
    criteria = RunChoice(job, status, job_type, tag, trace, search, since, until)
    if run_id is None:
        criteria.require(everything=everything)
        run_bulk(Client(), "cancel", criteria, BulkOptions(dry_run, yes, as_json, bulk_id, cursor))
        return
    criteria.refuse(run_id, others=everything or dry_run)
    answer = Client().post(f"/runs/{run_id}/cancel")
    print_json(answer) if as_json else say(f"{answer['run_id']} {answer['status']}")


def rerun(
    run_id: SomeRun = None,
    *,
    inputs: Inputs = None,
    delay: Delay = 0,
    wait: Wait = False,
    job: Job = None,
    status: Status = None,
    job_type: JobType = None,
    tag: Tag = None,
    trace: Trace = None,
    search: Search = None,
    since: Since = None,
    until: Until = None,
    everything: All = False,
    dry_run: DryRun = False,
    yes: Yes = False,
    bulk_id: BulkId = None,
    cursor: From = None,
    as_json: Json = False,
) -> None:
    """Run a job again with the inputs of one of its runs, or those of all ended runs that match."""
    criteria = RunChoice(job, status, job_type, tag, trace, search, since, until)
    if run_id is None:
        criteria.require(everything=everything, others=bool(inputs or delay or wait))
        run_bulk(Client(), "rerun", criteria, BulkOptions(dry_run, yes, as_json, bulk_id, cursor))
        return
    criteria.refuse(run_id, others=everything or dry_run)
    client = Client()
    body = {"inputs": parsed_inputs(inputs)} if inputs else {}
    accepted = client.post(f"/runs/{run_id}/rerun", {**body, "delay_sec": delay})
    follow_up(client, accepted, wait=wait, as_json=as_json)
