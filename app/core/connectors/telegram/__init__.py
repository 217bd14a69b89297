"""The channel Telegram: its models, its pace; `telegram_bot.py` speaks to it."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import Field

from app.core.connectors.base import ChannelKind, ChannelLogin, ChannelModel, Connector, Pace
from app.core.connectors.telegram.incoming import TelegramIncoming

MAX_CHARS = 4096


class TelegramSettings(ChannelModel):
    """A Telegram bot needs no settings beside its token."""


class TelegramSecrets(ChannelModel):
    """What @BotFather gives."""

    # It becomes a part of a URL's path, so nothing that could end or change the path may stand in it.
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


def _connect(login: ChannelLogin) -> Connector:
    # Only a process that connects pays for the library: it takes longer to import than the rest together.
    from app.core.connectors.telegram.client import TelegramConnector  # noqa: PLC0415

    return TelegramConnector(login)


TELEGRAM = ChannelKind(
    "telegram",
    TelegramSettings,
    TelegramSecrets,
    _connect,
    # Telegram's own figures: about one message a second in a chat, thirty a second in all.
    pace=Pace(recipient_gap_sec=1.0, account_gap_sec=1 / 30),
    max_chars=MAX_CHARS,
    incoming=TelegramIncoming(),
    peeks=True,
    chat_id=re.compile(r"-?[1-9][0-9]{0,18}"),
)
