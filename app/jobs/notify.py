"""Where a job's outcome, alarm or report goes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.core.policies import Destination

OFFERED = "x-offered"
"""In a schema: the values that a form offers, if they are fewer than those that are accepted."""
# The names that `core/connectors` knows, spelled out: a child process need not load the clients behind them.
# Forms offer the channels that a connector serves.
ChannelName = Annotated[
    Literal["telegram", "whatsapp", "slack", "discord", "email", "sandbox"],
    Field(json_schema_extra={OFFERED: ["telegram", "whatsapp", "sandbox"]}),
]
AccountId = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._@+-]{0,127}$", examples=["bot_a01"])]
Recipient = Annotated[str, Field(min_length=1, max_length=255, description="chat, number or address")]


FALLBACK_NOTE = (
    "No recipient is set, so this went to the sandbox inbox: multi-job notify set / "
    "Penerima belum diatur, jadi pesan ini masuk ke kotak masuk sandbox: multi-job notify set"
)


class Notify(BaseModel):
    """A recipient; what is left open comes from the account's `default_to` or DEFAULT_NOTIFY."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    channel: ChannelName
    to: Recipient | None = None
    account_id: AccountId | None = None


def notify_destination(notify: Notify | None) -> Iterator[Destination]:
    """Return the channel that a recipient is reached through, if one is named."""
    if notify is not None:
        yield Destination("messaging", "channels", notify.channel, "/notify/channel")
