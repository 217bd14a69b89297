"""Settings and secrets of a Discord account."""

from __future__ import annotations

from pydantic import Field

from app.core.connectors.base import ChannelModel
from app.core.connectors.webhook.models import Address

# The longest text of a message, and that of the card below one.
MAX_CONTENT_CHARS, MAX_CHARS = 2_000, 4_096


class DiscordSettings(ChannelModel):
    """One Discord channel receives messages, through a webhook of your server."""


class DiscordSecrets(ChannelModel):
    """The address of the webhook, which is its only credential."""

    webhook_url: Address = Field(
        title="Webhook URL",
        description="Discord's address for one channel, such as https://discord.com/api/webhooks/1…/… .",
        json_schema_extra={"format": "password", "writeOnly": True},
    )
