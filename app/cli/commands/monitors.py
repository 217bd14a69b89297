"""`multi-job monitors`: what jobs watch, its state and history, and the ping URLs of heartbeats."""

from __future__ import annotations

from typing import Annotated, Any, Final, cast

import typer
from typer.core import TyperGroup

from app.cli.client import Client
from app.cli.options import JobId, Json, Lang
from app.cli.output import Columns, at, confirm, instant, print_table, printed_json, say, show, show_list
from app.core.i18n import _, concat, number, reader_language, render
from app.core.monitors.state_names import STATE_NAMES


class _Group(TyperGroup):
    """`multi-job monitors JOB` is short for `multi-job monitors show JOB`."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        known = args[0] in self.commands or args[0].startswith("-")
        return super().resolve_command(ctx, args if known else ["show", *args])


monitors = typer.Typer(cls=_Group, help="What jobs watch: state, uptime, history, ping URLs.")
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]
SHOWN: Final = 20


def state_words(monitor: dict[str, Any] | None) -> str:
    """Return the state of a monitor in words; empty for a job that is none."""
    return "" if monitor is None else render(STATE_NAMES[monitor["state"]], reader_language.get())


def _percent(share: float | None) -> str:
    if share is None:
        return "–"
    return "100%" if share == 1 else concat(number(int(share * 10_000) / 100, ".2f"), "%")


def _ms(value: int | None) -> str:
    return "–" if value is None else f"{value} ms"


_COLUMNS: Columns = {
    "job": "job_id",
    "state": state_words,
    "since": at("since"),
    "target": "target",
    "24 h": lambda monitor: _percent(monitor["uptime"]["h24"]),
    "30 d": lambda monitor: _percent(monitor["uptime"]["d30"]),
    "p95": lambda monitor: _ms(monitor["latency"]["p95_ms"]),
    "incident": lambda monitor: monitor["incident_id"] or "",
    "reason": lambda monitor: monitor["last_error"] or "",
}


@monitors.callback(invoke_without_command=True)
def _listed(context: typer.Context, *, _lang: Lang = None, _json: Json = False) -> None:
    if context.invoked_subcommand is None:
        list_monitors()


@monitors.command(name="list")
def list_monitors(*, _lang: Lang = None, _json: Json = False) -> None:
    """List all monitors."""
    show_list(Client().get("/monitors"), _COLUMNS, _("no monitor has reported a check yet"))


@monitors.command(name="show")
def show_monitor(job_id: JobId, *, _lang: Lang = None, _json: Json = False) -> None:
    """Show a monitor, its last states, and its last checks."""
    client = Client()
    found = cast("dict[str, Any]", client.get(f"/monitors/{job_id}"))
    if printed_json(found):
        return
    print_table([found], _COLUMNS)
    history = list(reversed(found["history"]))[:SHOWN]
    columns: Columns = {
        "state": state_words,
        "from": at("from"),
        "to": _end,
        "reason": lambda r: r["reason"] or "",
    }
    say("")
    print_table(history, columns)
    if found["ping"]:
        _say_ping(found["ping"])
    checks = list(client.pages(f"/jobs/{job_id}/runs", SHOWN))
    if checks:
        say("")
        print_table(checks, _CHECKS)


_CHECKS: Columns = {
    "check": "run_id",
    "status": "status",
    "found": lambda run: _found(run, "state"),
    "ms": lambda run: _found(run, "latency_ms"),
    "detail": lambda run: _found(run, "detail"),
}


def _end(part: dict[str, Any]) -> str:
    return instant(part["to"]) if part["to"] else ""


def _found(run: dict[str, Any], name: str) -> str:
    output = cast("dict[str, Any]", run["result"] or {}).get("output")
    value = cast("dict[str, Any]", output).get(name) if isinstance(output, dict) else None
    return "" if value is None else str(value)


def _say_ping(ping: dict[str, Any]) -> None:
    code = "" if ping["exit_code"] is None else f" ({ping['exit_code']})"
    say("")
    say(_("last ping: {kind}{code} at {at}", kind=ping["kind"], code=code, at=instant(ping["at"])))
    if ping["output"]:
        say(ping["output"])


@monitors.command(name="ping-url")
def ping_url(job_id: JobId, *, _lang: Lang = None, _json: Json = False) -> None:
    """Show the URL that the program of a `monitor.heartbeat` job calls."""
    found = Client().get(f"/pings/{job_id}")
    show(found, found["url"])


@monitors.command(name="rotate")
def rotate(job_id: JobId, *, yes: Yes = False, _lang: Lang = None, _json: Json = False) -> None:
    """Replace the ping URL of a `monitor.heartbeat` job; the present one stops working."""
    question = _("Replace the ping URL of {job_id}? The present one stops working.", job_id=job_id)
    if not yes and not confirm(question):
        raise typer.Exit(1)
    found = Client().post(f"/monitors/{job_id}/token")
    show(found, found["url"])
