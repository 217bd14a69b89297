"""`multi-job runs`, `logs`, `cancel`, `rerun`: runs and their logs."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Annotated, Any, cast

import typer

from app.cli.client import Client
from app.cli.commands.jobs import Wait, follow_up, parsed_inputs
from app.cli.commands.monitors import state_words
from app.cli.options import Json, Limit, RunId, as_json, grouped
from app.cli.output import Columns, at, instant, printed_json, say, show, show_list, warn
from app.cli.run_choice import BulkOptions, RunChoice, run_bulk, search_runs
from app.core.i18n import Message, _, for_reader
from app.core.monitors.state_names import STATE_NAMES

Follow = Annotated[bool, typer.Option("--follow", "-f", help="Follow until the run ends.")]
Level = Annotated[str | None, typer.Option("--level", help="Only lines of this level or above.")]
LogSearch = Annotated[str | None, typer.Option("--search", help="Only lines with this text.")]
Inputs = Annotated[str | None, typer.Option("--inputs", help="Inputs that replace the run's, as JSON.")]
SomeRun = Annotated[
    str | None, typer.Argument(help="The run's id; or choose runs by --job, --search and so on.")
]
Delay = Annotated[float, typer.Option("--delay", min=0, help="Seconds until it is due.")]

FOLLOW_SEC = 0.5


@grouped
def runs(choice: RunChoice, *, limit: Limit = 20, _json: Json = False) -> None:
    """List runs, newest first; a search ends after --limit runs or at the oldest run."""
    client = Client()
    found = list(search_runs(client, choice, limit))
    columns: Columns = {"run": "run_id", "job": "job_id", "status": "status", "watches": _watches}
    times: Columns = {"started": at("started_at"), "ms": "duration_ms"}
    show_list(found, {**columns, **times, "error": _error}, _("no runs yet"))
    if len(found) < limit and not as_json.get():
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


def _watches(run: dict[str, Any]) -> str:
    """Return the state that the check has found, else the present one."""
    monitor = run.get("monitor")
    output = cast("dict[str, Any]", run.get("result") or {}).get("output") if monitor else None
    state = cast("dict[str, Any]", output).get("state") if isinstance(output, dict) else None
    return state_words({"state": state} if state in STATE_NAMES else monitor)


def _error(run: dict[str, Any]) -> str:
    return str(cast("dict[str, Any]", run["error"] or {}).get("message", ""))[:120]


def logs(
    run_id: RunId,
    *,
    follow: Follow = False,
    level: Level = None,
    search: LogSearch = None,
    _json: Json = False,
) -> None:
    """Print a run's log and the traceback of each failed attempt; --follow exits 1 unless it succeeds."""
    reader = RunLogReader(Client(), run_id, level=level, search=search)
    while not reader.is_complete:
        for line in reader.part():
            # The text needs the deployment's zone, which is a request.
            if not printed_json(line):
                say(line_text(line))
        if not follow:
            return
        if not reader.is_complete:
            time.sleep(FOLLOW_SEC)
    raise typer.Exit(0 if reader.succeeded() else 1)


@grouped
def cancel(run_id: SomeRun = None, *, choice: RunChoice, bulk: BulkOptions, _json: Json = False) -> None:
    """Cancel a run, or all that match and have not ended; running handlers are asked to end."""
    if run_id is None:
        choice.require(everything=bulk.everything)
        run_bulk(Client(), "cancel", choice, bulk)
        return
    choice.refuse(run_id, others=bulk.everything or bulk.dry_run)
    answer = Client().post(f"/runs/{run_id}/cancel")
    show(answer, f"{answer['run_id']} {answer['status']}")


@grouped
def rerun(
    run_id: SomeRun = None,
    *,
    inputs: Inputs = None,
    delay: Delay = 0,
    wait: Wait = False,
    choice: RunChoice,
    bulk: BulkOptions,
    _json: Json = False,
) -> None:
    """Run a job again with the inputs of one of its runs, or those of all ended runs that match."""
    if run_id is None:
        choice.require(everything=bulk.everything, others=bool(inputs or delay or wait))
        run_bulk(Client(), "rerun", choice, bulk)
        return
    choice.refuse(run_id, others=bulk.everything or bulk.dry_run)
    client = Client()
    body = {"inputs": parsed_inputs(inputs)} if inputs else {}
    follow_up(client, client.post(f"/runs/{run_id}/rerun", {**body, "delay_sec": delay}), wait=wait)


# A run's log: lines, and errors of attempts.

_INDENT = "    "


class RunLogReader:
    """Reads a run's log a part at a time; filters are those of `GET /runs/{run_id}/logs`."""

    def __init__(self, client: Client, run_id: str, *, level: str | None, search: str | None) -> None:
        self._client = client
        self._path = f"/runs/{run_id}"
        self._level = level
        self._search = search
        self._cursor: str | None = None
        self._errors_to = 0
        self.is_complete = False
        """The run has ended and all of its lines were returned."""

    def part(self) -> Iterator[dict[str, Any]]:
        """Yield the new lines, up to the last one that is stored.

        The error of a failed attempt is a line of level `error` after the lines of the attempt; its text
        has the traceback.
        """
        more = True
        while more and not self.is_complete:
            lines, headers = self._client.part(
                f"{self._path}/logs", after=self._cursor, level=self._level, q=self._search
            )
            if headers["X-Log-Truncated"] == "true":
                warn(_("Lines are missing here: the log was too long."))
            self._cursor, more = headers["X-Next-Cursor"], "Link" in headers
            self.is_complete = headers["X-Log-Complete"] == "true"
            errors = self._errors()
            for line in cast("list[dict[str, Any]]", lines):
                yield from (errors.pop(number) for number in sorted(errors) if number < line["attempt"])
                yield line
            if not more:
                yield from (errors[number] for number in sorted(errors))
            elif errors:
                self._errors_to = min(errors) - 1

    def succeeded(self) -> bool:
        """Return whether the run has succeeded."""
        return bool(self._client.get(self._path)["status"] == "success")

    def _errors(self) -> dict[int, dict[str, Any]]:
        """Return the errors of attempts that were not returned yet, by attempt, as far as the filters go."""
        attempts = [
            each
            for each in self._client.get(self._path)["attempts"]
            if each["attempt"] > self._errors_to and each["error"]
        ]
        self._errors_to = max([self._errors_to, *(each["attempt"] for each in attempts)])
        lines = {each["attempt"]: _error_line(each) for each in attempts}
        return {number: line for number, line in lines.items() if self._accepts(line)}

    def _accepts(self, line: dict[str, Any]) -> bool:
        text = " ".join([line["message"], line["fields"].get("traceback", "")]).lower()
        return self._level != "critical" and (not self._search or self._search.lower() in text)


def line_text(line: dict[str, Any]) -> str:
    """Return a line for people; a traceback follows on lines of its own."""
    fields = dict(line["fields"])
    trace = str(fields.pop("traceback", "")) if line["level"] in {"error", "critical"} else ""
    shown = " ".join(f"{name}={value}" for name, value in fields.items())
    message = line["message"]  # a job's own words stay as they are
    words = for_reader(message) if isinstance(message, Message) else message
    head = f"{instant(line['at'])} {line['level']:<7} {words} {shown}".rstrip()
    return "\n".join([head, *(_INDENT + each for each in trace.splitlines())])


def _error_line(attempt: dict[str, Any]) -> dict[str, Any]:
    error = cast("dict[str, Any]", attempt["error"])
    kind = error.get("type") or error.get("code", "")
    fields = {"traceback": error["traceback"]} if error.get("traceback") else {}
    return {
        "at": attempt["ended_at"],
        "level": "error",
        "message": _(
            "attempt {attempt} failed: {error}",
            attempt=attempt["attempt"],
            error=f"{kind}: {error.get('message', '')}",
        ),
        "fields": fields,
        "attempt": attempt["attempt"],
    }
