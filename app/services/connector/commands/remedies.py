"""Buttons of remedies: a press performs the action, for everyone in a chat that may give commands."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Final

from app.core.access.audit import AuditedAction, AuditOutcome
from app.core.connectors.messages import Button
from app.core.errors import JobNotFound, MultiJobError, Unavailable
from app.core.files.exports import EXPORT_TYPE, require_export_right
from app.core.i18n import Message, _, ngettext, render
from app.core.ids import is_run_id, new_trace_id, stable_id
from app.core.incidents.remedies import PRESS, RemedyAction, press_data
from app.core.records import EVERYTHING, Scope
from app.core.runs.dead_letters import DeadLetterFilter
from app.core.specs.runs import run_of
from app.services.connector.commands.messages import CommandReply, CommandRequest

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Mapping

    from app.core.incidents.remedies import Remedy
    from app.services.connector.commands.context import CommandContext

ROLE: Final = "operator"
"""The role of a chat that may give commands."""
MOST_BUTTONS: Final = 4
_TARGET: Final = re.compile(r"(?:(?:job|type):)?[A-Za-z0-9._@-]+")
"""What a client sends as a press is data of the person, not of the button."""


def remedy_buttons(remedies: Iterable[Remedy], request: CommandRequest) -> tuple[Button, ...]:
    """Return the buttons of actions that a chat can perform, each once.

    An action whose target is too long for a button has none: its command is in the text.
    """
    buttons: dict[str, Button] = {}
    for each in remedies:
        data = press_data(each)
        if data is not None:
            label = render(each.label, request.language)
            about = each.target.partition(":")[2] or each.target
            buttons.setdefault(data, Button(f"{label}: {about}", data))
    return tuple(buttons.values())[:MOST_BUTTONS]


async def press_remedy(context: CommandContext, request: CommandRequest) -> CommandReply:
    """Do what a button says. An update that comes twice has one effect."""
    word, _colon, target = request.update.pressed.removeprefix(PRESS).partition(":")
    done = await perform(context, request, word, target)
    if done is None:
        return CommandReply(press_text=request.say(_("This button is of an earlier version.")))
    return CommandReply(request.say(done), press_text=request.say(done))


async def perform(context: CommandContext, request: CommandRequest, word: str, target: str) -> Message | None:
    """Perform an action of a button, audit it, and return what was done; None if no button has these data."""
    performer = _PERFORMERS.get(word)
    if performer is None or _TARGET.fullmatch(target) is None:
        return None
    try:
        done = await performer(context, request, target)
    except Unavailable:
        raise
    except MultiJobError:
        await _audit(context, request, word, target, AuditOutcome.REFUSED)
        raise
    await _audit(context, request, word, target, AuditOutcome.OK)
    return done


async def _enable(context: CommandContext, request: CommandRequest, job_id: str) -> Message:
    spec = (await context.jobs.find(job_id)).spec
    require_export_right(False, spec.type, spec.inputs)
    await context.jobs.set_enabled(job_id, True, request.actor)
    return _("{job_id} is enabled.", job_id=job_id)


async def _resume(context: CommandContext, request: CommandRequest, scope: str) -> Message:
    if scope != EVERYTHING.text and ":" not in scope:
        raise JobNotFound(scope)
    result = await context.pauses.resume(Scope.parse(scope), request.actor)
    if result.ended is None:
        return _("{scope} was not paused.", scope=scope)
    return _("{scope} is resumed.", scope=scope)


async def start_run(context: CommandContext, request: CommandRequest, job_id: str) -> Message:
    """Run a job once; the same update gives the same run, even if it is processed twice."""
    record = await context.jobs.find(job_id)
    require_export_right(False, record.spec.type, record.spec.inputs)
    digest = hashlib.blake2b(f"{request.account}:{request.update.id}".encode(), digest_size=10).digest()
    run = run_of(
        record.spec,
        record.version,
        source=request.channel,
        actor=request.actor,
        trace_id=new_trace_id(),
        run_id=stable_id(request.update.sent_at, digest),
    )
    made = await context.queue.enqueue(run)
    return _(
        "{job_id} was started: {run_id} ({status})", job_id=job_id, run_id=made.run_id, status=made.status
    )


async def _redrive(context: CommandContext, _request: CommandRequest, target: str) -> Message:
    chosen = DeadLetterFilter(run_ids=[target]) if is_run_id(target) else DeadLetterFilter(fingerprint=target)
    letters, _refused = await context.dead_letters.letters(chosen)
    # An export may have secrets, and those are an admin's.
    allowed = [letter for letter in letters if letter.type != EXPORT_TYPE]
    done = (await context.dead_letters.redrive(allowed, None)).done
    if not done:
        return _("No run was left to run again.")
    return ngettext("{count} run is queued again.", "{count} runs are queued again.", done)


async def _audit(
    context: CommandContext, request: CommandRequest, action: str, target: str, outcome: AuditOutcome
) -> None:
    act = AuditedAction(request.actor, ROLE, f"chat {action}", target, outcome, request.account)
    await context.audit.write(act)


_PERFORMERS: Final[Mapping[str, Callable[[CommandContext, CommandRequest, str], Awaitable[Message]]]] = {
    RemedyAction.ENABLE: _enable,
    RemedyAction.RESUME: _resume,
    RemedyAction.RUN_NOW: start_run,
    RemedyAction.REDRIVE: _redrive,
}
