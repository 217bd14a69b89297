"""Sends one message."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, ConfigDict, Field

from app.core.messaging.lateness import MAX_EXPIRES_SEC
from app.core.policies import Destination
from app.core.recipient import MessageChannel
from app.core.registry import handler
from app.jobs.notify import AccountId, Recipient

if TYPE_CHECKING:
    from app.core.execution.context import RunContext

MAX_TEXT_CHARS = 4_000


class MessageSendInputs(BaseModel):
    """The text and its recipient.

    A recipient that is left open is the account's `default_to`, else the deployment's default, else the
    inbox of the sandbox. A channel without an account is its only account. A message that is sent five
    minutes late or more says so.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    text: Annotated[str, Field(min_length=1, max_length=MAX_TEXT_CHARS)]
    channel: MessageChannel | None = None
    account_id: AccountId | None = None
    to: Recipient | None = None
    expires_after_sec: Annotated[int, Field(ge=0, le=MAX_EXPIRES_SEC)] | None = Field(
        default=None,
        description="Not sent if it is later than this; 0 sends it however late. By default an hour for "
        "customers and others, and no limit for your own recipients.",
    )


class MessageSendOutput(BaseModel):
    """The receipt; `provider_id` is the channel's own id of the message."""

    entry_id: str
    provider_id: str | None
    channel: str
    account_id: str
    to: str
    note: str | None = None
    """Set if the message went to the default recipient or the sandbox: why, and what helps."""


def _destinations(inputs: MessageSendInputs) -> Iterator[Destination]:
    if inputs.channel is not None:
        yield Destination("messaging", "channels", inputs.channel, "/channel")


@handler(
    "message.send",
    inputs=MessageSendInputs,
    timeout_ms=60_000,
    tools=("messaging",),
    destinations=_destinations,
)
async def message_send(ctx: RunContext, inputs: MessageSendInputs) -> MessageSendOutput:
    """Send one message and wait for its receipt; a retry of the run sends no second one."""
    receipt = await ctx.tools.messaging.send(
        inputs.text,
        channel=inputs.channel,
        account_id=inputs.account_id,
        to=inputs.to,
        fallback_sandbox=True,
        due_ms=ctx.due_ms,
        expires_after_sec=inputs.expires_after_sec,
    )
    if receipt.is_fallback:
        ctx.log.warning(receipt.note)
    return MessageSendOutput.model_validate({**asdict(receipt), "note": receipt.note or None})
