"""`multi-job runs`, `logs`, `cancel`: what ran, and what it said."""

from __future__ import annotations

import time
from typing import Annotated, Any, cast

import typer

from app.cli.client import Client
from app.cli.job_commands import ENDED
from app.cli.options import Json, Limit, RunId
from app.cli.output import instant, print_json, say, table

Job = Annotated[str | None, typer.Option("--job", "-j", help="Only runs of this job.")]
Status = Annotated[str | None, typer.Option("--status", "-s", help="Only runs in this status.")]
Follow = Annotated[bool, typer.Option("--follow", "-f", help="Go on until the run ends.")]


def runs(*, job: Job = None, status: Status = None, limit: Limit = 20, as_json: Json = False) -> None:
    """List runs, newest first."""
    found = list(Client().pages("/runs", limit, job_id=job, status=status))
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
    table(("run", "job", "status", "started", "ms", "error"), rows, "Belum ada run / no runs yet")


def _error(run: dict[str, Any]) -> str:
    return str(cast("dict[str, Any]", run["error"] or {}).get("message", ""))[:120]


def logs(run_id: RunId, *, follow: Follow = False, as_json: Json = False) -> None:
    """Print a run's log."""
    client, shown = Client(), 0
    while True:
        # Asked before the lines: after a run's end no line is added.
        over = not follow or client.get(f"/runs/{run_id}")["status"] in ENDED
        lines = list(client.pages(f"/runs/{run_id}/logs", 10_000))
        for line in lines[shown:]:
            print_json(line) if as_json else say(_line(line))
        shown = len(lines)
        if over:
            return
        time.sleep(0.5)


def _line(line: dict[str, Any]) -> str:
    fields = " ".join(f"{name}={value}" for name, value in line["fields"].items())
    return f"{instant(line['at'])} {line['level']:<7} {line['message']} {fields}".rstrip()


def cancel(run_id: RunId, *, as_json: Json = False) -> None:
    """Cancel a run; a running handler is told and ends soon."""
    answer = Client().post(f"/runs/{run_id}/cancel")
    print_json(answer) if as_json else say(f"{answer['run_id']} {answer['status']}")
