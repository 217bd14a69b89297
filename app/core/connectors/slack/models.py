"""Settings and secrets of a Slack account."""

from __future__ import annotations

from pydantic import Field

from app.core.connectors.base import ChannelModel
from app.core.connectors.webhook.models import Address

# Slack cuts a longer text.
MAX_CHARS = 40_000


class SlackSettings(ChannelModel):
    """One Slack channel receives messages, through an incoming webhook of your Slack app."""


class SlackSecrets(ChannelModel):
    """The address of the incoming webhook, which is its only credential."""

    webhook_url: Address = Field(
        title="Webhook URL",
        description="Slack's address for one channel, such as https://hooks.slack.com/services/T…/B…/… .",
        json_schema_extra={"format": "password", "writeOnly": True},
    )
