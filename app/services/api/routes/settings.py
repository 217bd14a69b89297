"""Settings that a person makes while the deployment runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.core.errors import FieldProblem, InvalidInput, SetByEnvironment
from app.core.i18n import _
from app.core.recipient import MAX_TO_CHARS, Recipient, account_name, is_recipient
from app.services.api.dependencies import ContextDep, ServicesDep
from app.services.api.http.body import StrictBody
from app.services.api.http.router import Router
from app.services.api.schemas.settings import DefaultNotifyBody, DefaultNotifyRequest

if TYPE_CHECKING:
    from app.services.api.dependencies import ChannelServices

router = Router("connectors")
DEFAULT_NOTIFY = "/settings/default-notify"
TARGET = "setting:default-notify"


@router.get(DEFAULT_NOTIFY)
async def get_default_notify(services: ServicesDep) -> DefaultNotifyBody:
    """Return the default recipient of messages."""
    return await _shown(services.channels)


@router.put(DEFAULT_NOTIFY, raises=(InvalidInput, SetByEnvironment))
async def put_default_notify(
    services: ServicesDep, context: ContextDep, body: StrictBody[DefaultNotifyRequest]
) -> DefaultNotifyBody:
    """Set the default recipient of messages; 409 if DEFAULT_NOTIFY is set, which would win.

    Runs use it within five seconds.
    """
    channels = services.channels
    recipient = Recipient(body.channel, body.account_id, body.to)
    await _check(channels, recipient)
    before = await channels.default_notify.stored()
    await channels.default_notify.put(recipient, context.actor.name)
    change = {"path": "/value", "from": before and _text(before.recipient), "to": _text(recipient)}
    context.note(target=TARGET, diff=[change])
    return await _shown(channels)


@router.delete(DEFAULT_NOTIFY)
async def clear_default_notify(services: ServicesDep, context: ContextDep) -> DefaultNotifyBody:
    """Remove the stored recipient, and return the one in force: DEFAULT_NOTIFY stays, if it is set."""
    channels = services.channels
    before = await channels.default_notify.stored()
    await channels.default_notify.clear()
    gone = [] if before is None else [{"path": "/value", "from": _text(before.recipient), "to": None}]
    context.note(target=TARGET, diff=gone)
    return await _shown(channels)


async def _shown(channels: ChannelServices) -> DefaultNotifyBody:
    environment = channels.default_notify.of_environment
    stored = await channels.default_notify.stored()
    recipient = environment or (stored and stored.recipient)
    info = recipient and await channels.accounts.info(recipient.channel, recipient.account_id)
    return DefaultNotifyBody.of(environment, stored, usable=recipient is None or bool(info and info.enabled))


async def _check(channels: ChannelServices, recipient: Recipient) -> None:
    """Raise InvalidInput if the recipient is not valid, or its account is missing or disabled."""
    name = account_name(recipient.channel, recipient.account_id)
    info = await channels.accounts.info(recipient.channel, recipient.account_id)
    if info is None:
        told = _("there is no account {name}: save it first", name=name)
        raise _refused("/account_id", told)
    if not info.enabled:
        told = _("account {name} is disabled: enable it first", name=name)
        raise _refused("/account_id", told)
    if not is_recipient(recipient.to):
        raise _refused("/to", _("1 to {max_to_chars} printable characters", max_to_chars=MAX_TO_CHARS))


def _refused(pointer: str, message: str) -> InvalidInput:
    return InvalidInput(
        f"The recipient does not fit. {pointer}: {message}", (FieldProblem(pointer, message, "invalid"),)
    )


def _text(recipient: Recipient) -> str:
    return f"{recipient.account}:{recipient.to}"
