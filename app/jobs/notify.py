"""The recipient of a job's result, alarm or report."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from app.core.policies import Destination
from app.core.recipient import MessageChannel

AccountId = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._@+-]{0,127}$", examples=["bot_a01"])]
Recipient = Annotated[str, Field(min_length=1, max_length=255, description="chat, number or address")]


class Notify(BaseModel):
    """A recipient; a missing field comes from the account's `default_to` or DEFAULT_NOTIFY."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    channel: MessageChannel
    to: Recipient | None = None
    account_id: AccountId | None = None


def recipient(notify: Notify | None) -> dict[str, Any]:
    """Return the arguments of the messaging tool for a recipient; none if DEFAULT_NOTIFY is the recipient."""
    return notify.model_dump() if notify else {}


def notify_destination(notify: Notify | None) -> Iterator[Destination]:
    """Return the channel of a recipient, if one is named."""
    if notify is not None:
        yield Destination("messaging", "channels", notify.channel, "/notify/channel")
