"""Settings and secrets of a Telegram account."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from app.core.connectors.base import ChannelModel

MAX_CHARS = 4096


class TelegramSettings(ChannelModel):
    """A Telegram bot needs no settings but its token."""


class TelegramSecrets(ChannelModel):
    """The secrets from @BotFather."""

    # The token becomes part of a URL's path, so it must not contain a character that ends or changes the
    # path.
    token: Annotated[str, Field(pattern=r"^[0-9]{3,20}:[A-Za-z0-9_-]{10,100}$")] = Field(
        title="Bot token",
        description="The token that @BotFather gave, such as 123456789:AAF... .",
        json_schema_extra={"format": "password", "writeOnly": True},
    )
    webhook_secret: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{16,256}$")] | None = Field(
        default=None,
        title="Webhook secret",
        description="Needed only where updates come by webhook: the `secret_token` given to setWebhook.",
        json_schema_extra={"format": "password", "writeOnly": True},
    )
