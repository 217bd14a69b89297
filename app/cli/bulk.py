"""Bulk actions of the command line: count, ask, run the steps."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import typer

from app.cli.download import progress
from app.cli.output import CliError, confirm, print_json, say, warn
from app.core.clock import SystemClock
from app.core.i18n import _
from app.core.ids import new_id

if TYPE_CHECKING:
    from app.cli.client import Client
    from app.cli.run_filters import RunChoice

OPTIONS = {
    "job_id": "--job",
    "status": "--status",
    "type": "--type",
    "tag": "--tag",
    "trace_id": "--trace",
    "q": "--search",
    "since": "--since",
    "until": "--until",
}
"""The option of each part of the API's filter."""
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
    """Parameters of a bulk action; `bulk_id` and `cursor` resume one that was stopped."""

    dry_run: bool
    yes: bool
    as_json: bool
    bulk_id: str | None = None
    cursor: int | None = None


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
            _show_counted(action, counted, as_json=options.as_json)
            return
        if not counted.matched:
            raise CliError(_("No run matches."))
        if not confirm(_ASKED[action].fill(count=counted.matched)):
            raise typer.Exit(1)
    outcome = _go(client, body, options)
    _show(action, body["filter"], outcome, as_json=options.as_json)
    if outcome.refused or outcome.stopped:
        raise typer.Exit(1)


def _go(client: Client, body: dict[str, Any], options: BulkOptions) -> BulkResult:
    outcome = BulkResult(body["bulk_id"], next_cursor=options.cursor)
    with progress("…", None, as_json=options.as_json) as bar:
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
            bar(outcome.searched, total, f"{found:,} runs · {outcome.searched:,} / {total:,}")
            if outcome.next_cursor is None or outcome.stopped is not None:
                return outcome


def _show_counted(action: str, counted: BulkResult, *, as_json: bool) -> None:
    if as_json:
        print_json({"bulk_id": counted.bulk_id, "matched": counted.matched, "searched": counted.searched})
        return
    searched = _("{searched:,} searched", searched=counted.searched)
    say(
        _(
            "{action}: {matched:,} runs match ({searched})",
            action=action,
            matched=counted.matched,
            searched=searched,
        )
    )


def _show(action: str, filters: dict[str, Any], outcome: BulkResult, *, as_json: bool) -> None:
    if as_json:
        refused = list(outcome.refused.values())
        print_json(
            {
                "bulk_id": outcome.bulk_id,
                "trace_id": outcome.trace_id,
                "matched": outcome.matched,
                "done": outcome.done,
                "refused": refused,
                "next_cursor": outcome.next_cursor,
                "stopped": outcome.stopped,
            }
        )
        return
    say(_DONE[action].fill(done=outcome.done))
    if action == "rerun" and outcome.done:
        say(f"multi-job runs --trace {outcome.trace_id}")
    for code, each in outcome.refused.items():
        warn(f"{each['count']:,} {code}: {', '.join(each['sample_run_ids'])}")
    if outcome.stopped is not None:
        warn(_("Stopped: {detail}", detail=outcome.stopped["detail"]))
        warn(_("Go on later: {command}", command=_command(action, filters, outcome)))


def _command(action: str, filters: dict[str, Any], outcome: BulkResult) -> str:
    """Return the command that resumes a bulk action, with its instants as they were at its start."""
    words = ["multi-job", action]
    for name, value in filters.items():
        words += [OPTIONS[name], ",".join(value) if name == "status" else value]
    words += [*(() if filters else ("--all",)), "--bulk-id", outcome.bulk_id]
    if outcome.next_cursor is not None:
        words += ["--cursor", str(outcome.next_cursor)]
    return shlex.join(words)
