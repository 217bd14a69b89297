"""Runs that options choose: their search, and bulk actions on them."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli.download import progress
from app.cli.output import CliError, UsageError, confirm, printed_json, say, show, warn
from app.core.clock import SystemClock
from app.core.i18n import Message, _, concat, number
from app.core.ids import new_id
from app.core.models import RunStatus

if TYPE_CHECKING:
    from app.cli.client import Client

_AGO = re.compile(r"(\d{1,9})([smhdw])")
_UNITS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800}


@dataclass(frozen=True, slots=True)
class RunChoice:
    """The runs that a command acts on; a field for each part of the API's filter."""

    job_id: Annotated[
        str | None, typer.Option("--job", "-j", help="Only runs of this job, or of a pattern: 'monitor-*'.")
    ] = None
    status: Annotated[
        str | None,
        typer.Option("--status", "-s", help="Only runs in this status, or several: failed,cancelled."),
    ] = None
    type: Annotated[str | None, typer.Option("--type", help="Only runs of this job type.")] = None
    tag: Annotated[str | None, typer.Option("--tag", help="Only runs of jobs that have this tag now.")] = None
    trace_id: Annotated[str | None, typer.Option("--trace", help="Only runs of this trace id.")] = None
    q: Annotated[
        str | None,
        typer.Option("--search", "-q", help="Text in an id, error, input or output, ignoring case."),
    ] = None
    since: Annotated[
        str | None, typer.Option("--since", help="Created since: 90m, 24h, 7d, or RFC 3339.")
    ] = None
    until: Annotated[
        str | None, typer.Option("--until", help="Created before: 90m, 24h, 7d, or RFC 3339.")
    ] = None

    def query(self) -> dict[str, Any]:
        """Return the parts of the API's filter that are given."""
        parts = asdict(self) | {
            "status": None if self.status is None else _states(self.status),
            "since": _moment("--since", self.since),
            "until": _moment("--until", self.until),
        }
        return {name: value for name, value in parts.items() if value is not None}

    def require(self, *, everything: bool, others: bool = False) -> None:
        """Raise UsageError unless runs are chosen: by a filter, or all of them."""
        if others:
            raise UsageError(_("--inputs, --delay and --wait are for one run: name it."))
        if bool(self.query()) == everything:
            raise UsageError(_("Name a run, or choose runs by --job, --search and so on, or all by --all."))

    def refuse(self, run_id: str, *, others: bool) -> None:
        """Raise UsageError if filters are given together with a run id."""
        if self.query() or others:
            raise UsageError(
                _(
                    "Run {run_id!r} is named: filters, --all and --dry-run are for all that match.",
                    run_id=run_id,
                )
            )


def search_runs(client: Client, choice: RunChoice, limit: int) -> Iterator[dict[str, Any]]:
    """Yield up to `limit` runs, newest first; a search prints its progress on stderr."""
    searched = 0
    with progress("…", None) as bar:

        def show(headers: Any) -> None:
            nonlocal searched
            total = searched + int(headers.get("X-Search-Total", 0))
            searched += int(headers.get("X-Searched-Count", 0))
            if searched:
                bar(
                    searched,
                    total,
                    _("searched {searched:,} of {total:,} runs", total=total, searched=searched),
                )

        yield from client.pages("/runs", limit, on_page=show, **choice.query())


def _states(text: str) -> list[str]:
    names, known = [name.strip() for name in text.split(",")], [status.value for status in RunStatus]
    for name in names:
        if name not in known:
            raise UsageError(_("{name!r} is no status: {known}.", name=name, known=", ".join(known)))
    return names


def _moment(option: str, text: str | None) -> str | None:
    if text is None:
        return None
    ago = _AGO.fullmatch(text)
    try:
        if ago is not None:
            moment = SystemClock().now() - timedelta(seconds=int(ago[1]) * _UNITS[ago[2]])
        else:
            moment = datetime.fromisoformat(text)
        if moment.tzinfo is not None:
            return moment.astimezone(UTC).isoformat()
    except (ValueError, OverflowError):
        pass
    raise UsageError(
        _(
            "{option} {text!r}: give a length of time such as 24h or 7d, or RFC 3339 with a zone "
            "such as 2026-01-31T07:00:00+07:00.",
            option=option,
            text=text,
        )
    )


# Bulk actions: count, ask, run the steps.

_ASKED = {
    "cancel": _("Cancel {count:,} runs?"),
    "rerun": _("Run {count:,} runs again?"),
}
_DONE = {
    "cancel": _("{done:,} runs cancelled or asked to end"),
    "rerun": _("{done:,} runs started"),
}


@dataclass(frozen=True, slots=True)
class BulkOptions:
    """Options of a bulk action; `bulk_id` and `cursor` resume one that was stopped."""

    everything: Annotated[bool, typer.Option("--all", help="All runs, without a filter.")] = False
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Count the runs, and change nothing.")] = False
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False
    bulk_id: Annotated[str | None, typer.Option("--bulk-id", help="Continue this bulk action.")] = None
    cursor: Annotated[
        int | None,
        typer.Option("--cursor", min=0, help="The cursor from which a stopped bulk action continues."),
    ] = None


@dataclass(slots=True)
class BulkResult:
    """The sum of all steps."""

    bulk_id: str
    matched: int = 0
    done: int = 0
    searched: int = 0
    trace_id: str = ""
    refused: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])
    next_cursor: int | None = None
    stopped: dict[str, Any] | None = None

    def add(self, step: dict[str, Any]) -> None:
        """Add a step."""
        self.matched += step["matched"]
        self.done += step["done"]
        self.searched += step["searched"]
        self.trace_id = step["trace_id"]
        self.next_cursor, self.stopped = step["next_cursor"], step["stopped"]
        for each in step["refused"]:
            known = self.refused.setdefault(each["code"], {**each, "count": 0})
            known["count"] += each["count"]


def run_bulk(client: Client, action: str, choice: RunChoice, options: BulkOptions) -> None:
    """Do an action for all runs that match; exits 1 if a run was refused or the action was stopped."""
    bulk_id = options.bulk_id or new_id(SystemClock())
    body: dict[str, Any] = {"action": action, "filter": choice.query(), "bulk_id": bulk_id}
    if options.dry_run or not options.yes:
        counted = _go(client, {**body, "dry_run": True}, options)
        if options.dry_run:
            _show_counted(action, counted)
            return
        if not counted.matched:
            raise CliError(_("No run matches."))
        if not confirm(_ASKED[action].fill(count=counted.matched)):
            raise typer.Exit(1)
    outcome = _go(client, body, options)
    _show(action, body["filter"], outcome)
    if outcome.refused or outcome.stopped:
        raise typer.Exit(1)


def _go(client: Client, body: dict[str, Any], options: BulkOptions) -> BulkResult:
    outcome = BulkResult(body["bulk_id"], next_cursor=options.cursor)
    with progress("…", None) as bar:
        while True:
            cursor = {} if outcome.next_cursor is None else {"cursor": outcome.next_cursor}
            before = outcome.searched
            try:
                step = client.post("/runs/bulk", {**body, **cursor})
            except KeyboardInterrupt:
                if body.get("dry_run"):
                    raise
                outcome.stopped = {"code": "interrupted", "detail": "Ctrl-C"}
                return outcome
            outcome.add(step)
            total = before + step["total"]
            found = outcome.matched if body.get("dry_run") else outcome.done
            bar(outcome.searched, total, _bulk_progress(found, outcome.searched, total))
            if outcome.next_cursor is None or outcome.stopped is not None:
                return outcome


def _bulk_progress(found: int, searched: int, total: int) -> Message:
    return _("{found:,} runs · {searched:,} / {total:,}", found=found, searched=searched, total=total)


def _show_counted(action: str, counted: BulkResult) -> None:
    searched = _("{searched:,} searched", searched=counted.searched)
    show(
        {"bulk_id": counted.bulk_id, "matched": counted.matched, "searched": counted.searched},
        _(
            "{action}: {matched:,} runs match ({searched})",
            action=action,
            matched=counted.matched,
            searched=searched,
        ),
    )


def _show(action: str, filters: dict[str, Any], outcome: BulkResult) -> None:
    shown = ("bulk_id", "trace_id", "matched", "done", "refused", "next_cursor", "stopped")
    fields = asdict(outcome) | {"refused": list(outcome.refused.values())}
    if printed_json({name: fields[name] for name in shown}):
        return
    say(_DONE[action].fill(done=outcome.done))
    if action == "rerun" and outcome.done:
        say(f"multi-job runs --trace {outcome.trace_id}")
    for code, each in outcome.refused.items():
        warn(concat(number(each["count"]), f" {code}: {', '.join(each['sample_run_ids'])}"))
    if outcome.stopped is not None:
        warn(_("Stopped: {detail}", detail=outcome.stopped["detail"]))
        warn(_("Go on later: {command}", command=_command(action, filters, outcome)))


def _command(action: str, filters: dict[str, Any], outcome: BulkResult) -> str:
    """Return the command that resumes a bulk action, with its instants as they were at its start."""
    words, options = ["multi-job", action], {"job_id": "job", "trace_id": "trace", "q": "search"}
    for name, value in filters.items():
        words += [f"--{options.get(name, name)}", ",".join(value) if name == "status" else value]
    words += [*(() if filters else ("--all",)), "--bulk-id", outcome.bulk_id]
    if outcome.next_cursor is not None:
        words += ["--cursor", str(outcome.next_cursor)]
    return shlex.join(words)
