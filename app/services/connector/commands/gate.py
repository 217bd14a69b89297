"""Admits commands, or refuses them with a reply, a log line and an audit entry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.core.access.audit import AuditedAction, AuditOutcome
from app.core.clock import from_ms
from app.core.connectors.updates import COMMAND_MAX_AGE_MS
from app.core.i18n import Message, _
from app.core.observability import get_logger
from app.core.storage.connection import time_ms
from app.services.connector.commands.handlers import COMMANDS
from app.services.connector.commands.messages import CommandReply
from app.services.connector.commands.remedies import ROLE
from app.services.connector.commands.rights import (
    CommandRefusal,
    RefusalReason,
    acts,
    age_refusal,
    is_command,
    person_refusal,
)

if TYPE_CHECKING:
    from app.core.connectors.updates import StoredUpdate
    from app.core.messaging.account_models import ChatUser
    from app.services.connector.commands.context import CommandContext
    from app.services.connector.commands.messages import CommandRequest

MINUTE_MS: Final = 60_000
MEMBER_ROLE: Final = "viewer"
_MAX_NAMES: Final = 5
_OF_AGE: Final = frozenset({RefusalReason.TOO_OLD, RefusalReason.NO_TIME, RefusalReason.IN_FUTURE})

log = get_logger(__name__)


async def refused(
    context: CommandContext, request: CommandRequest, stored: StoredUpdate
) -> CommandReply | None:
    """Return the reply to a command that is refused; None if it is admitted."""
    update = request.update
    if not is_command(update):
        return None
    now_ms = time_ms(await context.link.call("TIME"))
    refusal = age_refusal(stored, now_ms)
    if refusal is not None:
        is_begun = await context.updates.begun(request.account) == stored.place
        words = _interrupted(refusal) if is_begun else _of_age(refusal, request, now_ms)
        await _note(context, request, refusal)
        return CommandReply(request.say(words), press_text=request.say(words))
    if not acts(request, COMMANDS):
        return None
    users = () if update.private else await _chat_users(context, request)
    refusal = person_refusal(update, {user.id for user in users})
    if refusal is not None:
        await _note(context, request, refusal)
        return _of_person(refusal, request, users)
    await context.updates.begin(request.account, stored)
    return None


async def _chat_users(context: CommandContext, request: CommandRequest) -> tuple[ChatUser, ...]:
    # Read for each command: a person who is removed acts no more.
    channel, _colon, account_id = request.account.partition(":")
    info = await context.accounts.info(channel, account_id)
    return () if info is None else info.chat_users or ()


async def _note(context: CommandContext, request: CommandRequest, refusal: CommandRefusal) -> None:
    """Write a refusal to the log and to the audit log."""
    update, reason = request.update, refusal.reason.value
    name = f"chat {request.command or 'press'}"
    log.warning(
        "a command was refused",
        account=request.account,
        chat=update.chat,
        actor=request.actor,
        command=name,
        reason=reason,
        age_ms=refusal.age_ms,
    )
    role = ROLE if refusal.reason in _OF_AGE else MEMBER_ROLE
    target = update.pressed or request.rest
    why = {"path": "/reason", "from": None, "to": reason}
    act = AuditedAction(request.actor, role, name, target, AuditOutcome.REFUSED, request.account, diff=(why,))
    await context.audit.write(act)


def _of_age(refusal: CommandRefusal, request: CommandRequest, now_ms: int) -> Message:
    most, shown = COMMAND_MAX_AGE_MS // MINUTE_MS, f"{from_ms(now_ms):%Y-%m-%d %H:%M} UTC"
    minutes = abs(refusal.age_ms or 0) // MINUTE_MS
    if request.update.is_timeless_press:
        return _(
            "This button may have been pressed more than {most} minutes ago, so nothing was done. "
            "Press it again.",
            most=most,
        )
    if refusal.reason is RefusalReason.NO_TIME:
        return _("It is not known when this command was sent, so it is not executed. Send it again.")
    if refusal.reason is RefusalReason.IN_FUTURE:
        return _(
            "This command is dated {minutes:,} minutes in the future, so it is not executed. "
            "The clock of the Redis server shows {now}: correct it, then send the command again.",
            minutes=minutes,
            now=shown,
        )
    return _(
        "This command is {minutes:,} minutes old and is not executed; the limit is {most} minutes. "
        "Send it again. If you have just sent it, the clock of the Redis server is wrong: it shows {now}.",
        minutes=minutes,
        most=most,
        now=shown,
    )


def _interrupted(refusal: CommandRefusal) -> Message:
    return _(
        "This command of {minutes:,} minutes ago was interrupted, and it is not known if it was executed. "
        "Look at /jobs before you send it again.",
        minutes=(refusal.age_ms or 0) // MINUTE_MS,
    )


def _of_person(refusal: CommandRefusal, request: CommandRequest, users: tuple[ChatUser, ...]) -> CommandReply:
    update = request.update
    match refusal.reason:
        case RefusalReason.ANONYMOUS:
            text = _(
                "Anonymous admins and channels cannot give this command in a group. "
                "Send it under your own name."
            )
            return request.reply(text)
        case RefusalReason.FORWARDED:
            return request.reply(_("A forwarded command is not executed in a group. Write it yourself."))
        case _:
            pass
    if update.press_id:
        # The person alone sees the note at the button.
        note = _("You may not act in this group. Your id is {id}: an admin can add it.", id=update.person)
        return CommandReply(press_text=request.say(note))
    channel, _colon, account_id = request.account.partition(":")
    add = _(
        "An admin adds you in the dashboard, or with: multi-job chat-users add {channel} {account} {id}",
        channel=channel,
        account=account_id,
        id=update.person,
    )
    return CommandReply(f"{request.say(_who(update.person_name or update.person, users))} {request.say(add)}")


def _who(person: str, users: tuple[ChatUser, ...]) -> Message:
    if not users:
        return _("{person} may not act in groups: this bot has no list of persons yet.", person=person)
    names = ", ".join(user.shown for user in users[:_MAX_NAMES]) + (", …" if len(users) > _MAX_NAMES else "")
    return _("{person} may not act in groups. These may: {names}.", person=person, names=names)
