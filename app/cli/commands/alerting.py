"""`multi-job rules`, `maintenance`: who gets alarms, and when nothing is sent."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from app.cli.client import Client
from app.cli.options import Json, Lang, in_zone
from app.cli.output import CliError, Columns, printed_json, say, show, show_list
from app.core.i18n import _, concat
from app.core.yaml_reader import read_yaml, yaml_text

# `multi-job rules`: the notification rules.

rules = typer.Typer(help="Notification rules: list, set from a file, clear.")
_RULES = "/notification-rules"
File = Annotated[Path, typer.Argument(help="YAML or JSON: `rules:` with name, kinds, tags, to, …")]


def _recipients(rule: dict[str, Any]) -> str:
    parts = ("channel", "account_id", "to")
    return " → ".join(":".join(each[part] for part in parts if each[part]) for each in rule["to"])


def _minutes(count: int | None) -> str:
    return _("{count} min", count=count) if count else ""


_RULE_COLUMNS: Columns = {
    "name": "name",
    "kinds": lambda rule: ", ".join(rule["kinds"]) or _("all"),
    "tags": lambda rule: ", ".join(rule["tags"]) or _("all"),
    "from": "min_severity",
    "to": _recipients,
    "next_after": lambda rule: _minutes(rule["escalate_after_min"]),
}


@rules.callback(invoke_without_command=True)
def _rules_listed(context: typer.Context, *, _lang: Lang = None, _json: Json = False) -> None:
    if context.invoked_subcommand is None:
        list_rules()


@rules.command(name="list")
def list_rules(*, _lang: Lang = None, _json: Json = False) -> None:
    """List the rules in order: the first that fits, and is not off, decides."""
    found = Client().get(_RULES)["rules"]
    none = _("no rules: the job's own recipient, then the default: multi-job notify set")
    show_list(found, _RULE_COLUMNS, none)


@rules.command(name="export")
def export_rules(*, _json: Json = False) -> None:
    """Print the rules as YAML, for a file that `rules set` reads."""
    found = {"rules": Client().get(_RULES)["rules"]}
    show(found, yaml_text(found))


@rules.command(name="set")
def set_rules(file: File, *, _lang: Lang = None, _json: Json = False) -> None:
    """Replace all rules by those of a file; errors name the place."""
    try:
        value = read_yaml(file.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise CliError(_("{file} cannot be read: {error}", file=file, error=error)) from error
    saved = Client().put(_RULES, {"rules": value} if isinstance(value, list) else value)
    show(saved, _("{count} rules are stored.", count=len(saved["rules"])))


@rules.command(name="clear")
def clear_rules(*, _lang: Lang = None, _json: Json = False) -> None:
    """Remove all rules: alarms go to the job's own recipient, then to the default one."""
    show(Client().put(_RULES, {"rules": []}), _("no rules"))


# `multi-job maintenance`: windows in which nothing is sent.

maintenance = typer.Typer(help="Maintenance windows, in which incidents send nothing: list, add, remove.")
_WINDOWS = "/maintenance"
Scope = Annotated[str, typer.Argument(help="all, tag:TAG or job:JOB.")]
From = Annotated[str | None, typer.Option("--from", help="The start: 2026-12-01T20:00+07:00.")]
To = Annotated[str | None, typer.Option("--to", help="The end.")]
Rule = Annotated[str | None, typer.Option("--rrule", help="When it recurs: FREQ=WEEKLY;BYDAY=SU;BYHOUR=2;…")]
Minutes = Annotated[int | None, typer.Option("--minutes", min=1, help="How long each one of an rrule is.")]
Zone = Annotated[str | None, typer.Option("--timezone", help="Of an rrule; else the deployment's.")]
Reason = Annotated[str, typer.Option("--reason", help="Why, for people.")]
WindowId = Annotated[str, typer.Argument(help="The id in the list.")]


def _when(window: dict[str, Any]) -> str:
    if window["rrule"]:
        return concat(f"{window['rrule']} ({window['timezone']}), ", _minutes(window["duration_min"]))
    return f"{in_zone(window['starts_at'])} – {in_zone(window['ends_at'])}"


_WINDOW_COLUMNS: Columns = {
    "id": "id",
    "scope": "scope",
    "when": _when,
    "open_until": lambda window: in_zone(window["active_until"]) if window["active_until"] else "",
    "reason": "reason",
    "by": "created_by",
}


@maintenance.callback(invoke_without_command=True)
def _windows_listed(context: typer.Context, *, _lang: Lang = None, _json: Json = False) -> None:
    if context.invoked_subcommand is None:
        list_windows()


@maintenance.command(name="list")
def list_windows(*, _lang: Lang = None, _json: Json = False) -> None:
    """List the windows that are open or to come."""
    show_list(Client().get(_WINDOWS), _WINDOW_COLUMNS, _("no maintenance windows"))


@maintenance.command(name="add")
def add_window(
    scope: Scope,
    *,
    starts_at: From = None,
    ends_at: To = None,
    rrule: Rule = None,
    minutes: Minutes = None,
    timezone: Zone = None,
    reason: Reason = "",
    _lang: Lang = None,
    _json: Json = False,
) -> None:
    """Add a window: once with --from and --to, or again and again with --rrule and --minutes."""
    given = {
        "scope": scope,
        "starts_at": starts_at,
        "ends_at": ends_at,
        "rrule": rrule,
        "duration_min": minutes,
        "timezone": timezone,
        "reason": reason,
    }
    made = Client().post(_WINDOWS, {name: value for name, value in given.items() if value})
    if not printed_json(made):
        say(f"{made['id']}: {made['scope']} ", _when(made))


@maintenance.command(name="remove")
def remove_window(window_id: WindowId, *, _json: Json = False) -> None:
    """Remove a window; open incidents that it holds back are alarmed within a minute."""
    gone = Client().delete(f"{_WINDOWS}/{window_id}")
    show(gone, _("{name}: removed", name=gone["id"]))
