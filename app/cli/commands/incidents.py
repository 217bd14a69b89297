"""`multi-job incidents`: what is wrong, since when, and what to do."""

from __future__ import annotations

import re
from typing import Annotated, Any, Final

import typer
from typer.core import TyperGroup

from app.cli.client import Client
from app.cli.options import Json, Limit, length_ms
from app.cli.output import Columns, UsageError, at, instant, printed_json, say, show, show_list, table
from app.core.i18n import _, pgettext

_ID: Final = re.compile(r"inc\d+")
_MOST_DAYS: Final = 7
MOST_SHOWN: Final = 5
"""Open incidents that `status` begins with."""


class _IncidentGroup(TyperGroup):
    """`incidents inc42` is `incidents show inc42`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if args and _ID.fullmatch(args[0]):
            args = ["show", *args]
        return super().parse_args(ctx, args)


incidents = typer.Typer(
    cls=_IncidentGroup,
    help="What is wrong, since when, and what to do: list, show, ack, silence, comment.",
    no_args_is_help=False,
    invoke_without_command=True,
)

IncidentId = Annotated[str, typer.Argument(help="The incident's id, such as inc42.")]
Open = Annotated[bool, typer.Option("--open", help="Only open ones.")]
Closed = Annotated[bool, typer.Option("--closed", help="Only closed ones.")]
Job = Annotated[str | None, typer.Option("--job", "-j", help="Only those of this job.")]
For = Annotated[str, typer.Option("--for", help="How long, such as 30m, 1h or 2d; at most 7d.")]


@incidents.callback()
def list_incidents(
    context: typer.Context,
    *,
    is_open: Open = False,
    closed: Closed = False,
    job: Job = None,
    limit: Limit = 50,
    _json: Json = False,
) -> None:
    """List incidents, newest first; closed ones are kept for 90 days."""
    if context.invoked_subcommand is not None:
        return
    if is_open and closed:
        raise UsageError(_("Choose --open or --closed, or neither."))
    state = "open" if is_open else "closed" if closed else None
    found = list(Client().pages("/incidents", limit, state=state, job_id=job))
    columns: Columns = {"id": "id", "severity": "severity", "state": state_of, "since": at("since")}
    show_list(found, {**columns, "title": "title", "cause": "cause"}, _("no incidents"))


def state_of(incident: dict[str, Any]) -> str:
    """Return the state of an incident in a word."""
    if incident["closed_at"]:
        return pgettext("incident", "closed")
    if incident["silenced_until"]:
        return pgettext("incident", "silenced")
    if incident["acknowledged_by"]:
        return pgettext("incident", "acknowledged")
    return pgettext("incident", "open")


@incidents.command("show")
def show_incident(incident: IncidentId, *, _json: Json = False) -> None:
    """Show an incident: timeline, who got a message, what to do; `multi-job incidents ID` is the same."""
    found = Client().get(f"/incidents/{incident}")
    if printed_json(found):
        return
    say(f"{found['id']}  {found['severity']}  ", state_of(found), f"  {found['title']}")
    say(found["cause"])
    say(
        _("since {since}, opened {opened}", since=instant(found["since"]), opened=instant(found["opened_at"]))
    )
    if found["closed_at"]:
        say(_("closed {closed}", closed=instant(found["closed_at"])))
    if found["acknowledged_by"]:
        say(_("acknowledged by {by}", by=found["acknowledged_by"]))
    if found["jobs"]:
        say(_("jobs: {jobs}", jobs=", ".join(found["jobs"])))
    say("")
    entries = [(instant(each["at"]), each["what"], each["by"], each["text"]) for each in found["timeline"]]
    table(("at", "what", "by", "text"), entries)
    say("")
    messages = [
        (each["phase"], f"{each['channel']}:{each['account_id']}", each["to"], each["state"], each["error"])
        for each in found["deliveries"]
    ]
    table(("message", "account", "to", "state", "error"), messages, _("no message was sent"))
    print_actions(found)


def print_actions(incident: dict[str, Any]) -> None:
    """Print the commands that help."""
    for action in incident["actions"]:
        say(_("→ {label}: {command}", label=action["label"], command=action["command"]))


@incidents.command("ack")
def acknowledge(incident: IncidentId, *, _json: Json = False) -> None:
    """Say that you deal with it: nothing more is escalated."""
    found = Client().post(f"/incidents/{incident}/acknowledge")
    show(found, _("{id} is acknowledged by {by}", id=found["id"], by=found["acknowledged_by"]))


@incidents.command()
def silence(incident: IncidentId, *, length: For = "1h", _json: Json = False) -> None:
    """Send nothing more about it for some time."""
    minutes = length_ms(length, "--for", most_days=_MOST_DAYS) // 60_000
    found = Client().post(f"/incidents/{incident}/silence", {"minutes": minutes})
    until = instant(found["silenced_until"])
    show(found, _("{id} is silenced until {until}", id=found["id"], until=until))


@incidents.command()
def comment(
    incident: IncidentId,
    text: Annotated[str, typer.Argument(help="Your words for the timeline.")],
    *,
    _json: Json = False,
) -> None:
    """Add your words to the timeline."""
    found = Client().post(f"/incidents/{incident}/comment", {"text": text})
    show(found, _("{id} has your comment", id=found["id"]))
