"""Incidents in a chat: the list of open ones, and the buttons below it and below alarms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from app.core.alerting.texts import alarm_buttons
from app.core.clock import from_ms
from app.core.connectors.messages import Button
from app.core.i18n import Message, _, ngettext, render
from app.core.incidents.remedies import INCIDENT_PRESS, RemedyAction
from app.core.incidents.titles import record_title
from app.services.connector.commands.messages import CommandReply
from app.services.connector.commands.remedies import perform, start_run

if TYPE_CHECKING:
    from app.core.incidents.models import IncidentRecord
    from app.services.connector.commands.context import CommandContext
    from app.services.connector.commands.messages import CommandRequest

MOST_LISTED, MOST_WITH_BUTTONS = 10, 3
SILENCE_MS: Final = 3_600_000
_RANKS: Final = {"critical": 0, "warning": 1, "info": 2}


async def open_incidents(context: CommandContext) -> list[IncidentRecord]:
    """Return the open incidents, the most severe first, then the newest."""
    page = await context.incidents.list("open", limit=50)
    return sorted(page.items, key=lambda each: _RANKS[each.severity])


def incident_lines(
    context: CommandContext, request: CommandRequest, found: list[IncidentRecord]
) -> list[str]:
    """Return a line of each incident, in the reader's language."""
    zone = ZoneInfo(context.timezone)
    lines: list[str] = []
    for each in found[:MOST_LISTED]:
        title, cause = render(record_title(each), request.language), render(each.cause, request.language)
        since = f"{from_ms(each.since).astimezone(zone):%d-%m %H:%M}"
        lines.append(f"• {each.id}: {title}, {request.say(_('since {since}', since=since))}: {cause}")
    beyond = len(found) - MOST_LISTED
    if beyond > 0:
        lines.append(request.say(_("… and {count} more", count=beyond)))
    return lines


def incident_buttons(request: CommandRequest, found: list[IncidentRecord]) -> tuple[Button, ...]:
    """Return the buttons of the first incidents; with several, each names its incident."""
    buttons: list[Button] = []
    for each in found[:MOST_WITH_BUTTONS]:
        some = alarm_buttons(each, request.language)
        about = f": {each.id}" if len(found) > 1 else ""
        buttons += [Button(f"{button.text}{about}", button.data) for button in some]
    return tuple(buttons)


async def incidents(context: CommandContext, request: CommandRequest) -> CommandReply:
    """List the open incidents, with buttons."""
    found = await open_incidents(context)
    if not found:
        return request.reply(_("All is well: no incident is open."))
    head = ngettext("{count} open incident:", "{count} open incidents:", len(found))
    lines = [request.say(head), *incident_lines(context, request, found)]
    return CommandReply("\n".join(lines), buttons=incident_buttons(request, found))


async def press_incident(context: CommandContext, request: CommandRequest) -> CommandReply:
    """Do what a button says about its incident. An update that comes twice has one effect."""
    act, _colon, about = request.update.pressed.removeprefix(INCIDENT_PRESS).partition(":")
    incident_id, _colon, target = about.partition(":")
    act_id = f"{request.account}:{request.update.id}"
    done: Message | None
    match act:
        case "ack":
            await context.incidents.acknowledge(incident_id, request.actor, act_id)
            done = _("{incident_id} is acknowledged: nothing more is escalated.", incident_id=incident_id)
        case "mute":
            until_ms = context.clock.now_ms() + SILENCE_MS
            await context.incidents.silence(incident_id, request.actor, until_ms, act_id)
            done = _("{incident_id} is silenced for 1 h.", incident_id=incident_id)
        case "run" if jobs := (await context.incidents.get(incident_id)).jobs:
            done = await start_run(context, request, jobs[0])
            await _note(context, request, incident_id, RemedyAction.RUN_NOW, jobs[0])
        case _:
            done = await _perform(context, request, act, incident_id, target)
    if done is None:
        return CommandReply(press_text=request.say(_("This button is of an earlier version.")))
    return CommandReply(request.say(done), press_text=request.say(done))


async def _perform(
    context: CommandContext, request: CommandRequest, word: str, incident_id: str, target: str
) -> Message | None:
    """Perform a remedy of an incident and note it; None if no button has these data."""
    if word not in RemedyAction:
        return None
    await context.incidents.get(incident_id)
    done = await perform(context, request, word, target)
    if done is not None:
        await _note(context, request, incident_id, RemedyAction(word), target)
    return done


async def _note(
    context: CommandContext, request: CommandRequest, incident_id: str, action: RemedyAction, target: str
) -> None:
    act_id = f"{request.account}:{request.update.id}"
    await context.incidents.remedied(incident_id, request.actor, action, target, act_id)
