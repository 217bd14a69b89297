"""Where a job's outcome, alarm or report goes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.core.reach import Reach

# The names that `core/connectors` knows, spelled out: forms offer them, and a child process need not load
# the clients behind them.
ChannelName = Literal["telegram", "whatsapp", "slack", "discord", "email", "sandbox"]
AccountId = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._@+-]{0,127}$", examples=["bot_a01"])]
Recipient = Annotated[str, Field(min_length=1, max_length=255, description="chat, number or address")]


class Notify(BaseModel):
    """A recipient; what is left open comes from the account's `default_to` or DEFAULT_NOTIFY."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    channel: ChannelName
    to: Recipient | None = None
    account_id: AccountId | None = None


def notify_reach(notify: Notify | None) -> Iterator[Reach]:
    """Return the channel that a recipient is reached through, where one is named."""
    if notify is not None:
        yield Reach("messaging", "channels", notify.channel, "/notify/channel")
