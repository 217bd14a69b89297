"""`multi-job events`: past events, and with --follow new ones."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator
from typing import Annotated, Any, cast

import typer

from app.cli.client import Client
from app.cli.options import Json, Limit, as_json
from app.cli.output import (
    Columns,
    UnreachableError,
    UsageError,
    at,
    instant,
    print_json_line,
    printed_json,
    say,
    show_list,
    warn,
)
from app.core.i18n import _

Follow = Annotated[bool, typer.Option("--follow", "-f", help="Follow new events until interrupted.")]
Topics = Annotated[
    str | None,
    typer.Option("--topics", "-t", help="With --follow: run, job, queue, …, job:<id>, run:<id>; by commas."),
]
Newest = Annotated[int, typer.Option("--limit", "-n", min=1, max=500, help="Number of newest events.")]
_AGAIN_SEC = 2.0
# Events about the stream itself.
_OF_THE_STREAM = frozenset({"reset", "degraded", "recovered"})


def events(*, follow: Follow = False, topics: Topics = None, limit: Newest = 20, _json: Json = False) -> None:
    """Show the newest events, oldest first; --follow goes on with new ones, as JSON lines."""
    client = Client()
    if follow:
        _follow(client, topics)
    if topics is not None:
        raise UsageError(_("--topics goes with --follow."))
    found = cast("list[dict[str, Any]]", client.get("/events", limit=limit))
    if printed_json(found):
        return
    for each in found:
        say(event_line(each))


def _follow(client: Client, topics: str | None) -> None:
    last_id: str | None = None
    reached = False
    while True:
        try:
            headers = {"Last-Event-ID": last_id} if last_id else {}
            with client.stream("/events/stream", headers, endless=True, topics=topics) as answer:
                reached = True
                for event_id, kind, data in frames(answer.iter_lines()):
                    last_id = event_id or last_id
                    _print_event(kind, data)
        except UnreachableError:
            if not reached:
                raise
            warn(_("The stream is cut off; trying again."))
        time.sleep(_AGAIN_SEC)


def _print_event(kind: str, data: str) -> None:
    if kind in _OF_THE_STREAM:
        warn(str(json.loads(data).get("text", kind)))
    elif kind:
        print_json_line(data) if as_json.get() else say(event_line(json.loads(data)))


def frames(lines: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """Yield the messages of an event stream: id, type, data. One without data moves the cursor, too."""
    fields: dict[str, str] = {}
    for line in lines:
        name, _, value = line.partition(":")
        if line and name:
            fields[name] = value.removeprefix(" ")
        elif not line and fields:
            kind = fields.get("event", "") if "data" in fields else ""
            yield fields.get("id", ""), kind, fields.get("data", "")
            fields = {}


def event_line(event: dict[str, Any]) -> str:
    """Return an event as a line for people."""
    parts = (event["type"], event["job_id"], event["run_id"], event["status"])
    more = " ".join(f"{name}={value}" for name, value in event["data"].items())
    return " ".join([instant(event["at"]), *(str(each) for each in parts if each), more]).rstrip()


# `multi-job audit`: changes and refused attempts, with their actors.

audit = typer.Typer(help="Show who changed what, newest first, and verify that no entry was changed.")
Who = Annotated[str | None, typer.Option("--actor", help="Only this actor: a key's name, cli:<user>.")]
What = Annotated[str | None, typer.Option("--target", help="Only this target: `job:a`; `job:` for all jobs.")]
KeyId = Annotated[
    str | None, typer.Option("--key-id", help="Only acts with this key: its id of `keys list`.")
]
_SHOWN_CHANGES = 4


@audit.callback(invoke_without_command=True)
def _list_audit(
    context: typer.Context,
    *,
    actor: Who = None,
    target: What = None,
    key_id: KeyId = None,
    limit: Limit = 50,
    _json: Json = False,
) -> None:
    """Show audited actions, newest first; a manual run records its actor in the run."""
    if context.invoked_subcommand is not None:
        return
    found = list(Client().pages("/audit", limit, actor=actor, target=target, key_id=key_id))
    columns: Columns = {"at": at("at"), "actor": "actor", "key": "key_id", "action": "action"}
    more: Columns = {"target": "target", "outcome": "outcome", "from": "origin", "changes": _changes}
    show_list(found, {**columns, **more}, _("nothing yet"))


@audit.command("verify")
def _verify_audit(*, _json: Json = False) -> None:
    """Check each entry against its chain, in Redis directly; exits with 1 if one was changed or is gone."""
    # Only these commands need a client of Redis.
    from app.cli import audit_report  # noqa: PLC0415

    if not audit_report.verify():
        raise typer.Exit(1)


@audit.command("accept")
def _accept_audit(
    *, yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False, _json: Json = False
) -> None:
    """Record that what `verify` finds is known, such as after a restore; then it finds only new damage."""
    from app.cli import audit_report  # noqa: PLC0415

    if not audit_report.accept(yes=yes):
        raise typer.Exit(1)


def _changes(audited: dict[str, Any]) -> str:
    diff = audited["diff"]
    shown = [f"{each['path'] or '/'}: {each['from']} → {each['to']}"[:80] for each in diff[:_SHOWN_CHANGES]]
    more = len(diff) - len(shown)
    return "; ".join([*shown, *([f"+{more}"] if more > 0 else [])])
