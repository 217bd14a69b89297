"""The channel Telegram: its models, limits and client."""

from __future__ import annotations

import re

from app.core.connectors.base import ChannelKind, ChannelLogin, Connector, SendRate
from app.core.connectors.telegram.incoming import TelegramIncoming
from app.core.connectors.telegram.models import MAX_CHARS, TelegramSecrets, TelegramSettings


def _connect(login: ChannelLogin) -> Connector:
    # Imported only by a process that connects: the library takes longer to import than all the rest.
    from app.core.connectors.telegram.client import TelegramConnector  # noqa: PLC0415

    return TelegramConnector(login)


TELEGRAM = ChannelKind(
    "telegram",
    TelegramSettings,
    TelegramSecrets,
    _connect,
    # Telegram's own figures: about one message a second in a chat, thirty a second in all.
    send_rate=SendRate(recipient_gap_sec=1.0, account_gap_sec=1 / 30),
    max_chars=MAX_CHARS,
    incoming=TelegramIncoming(),
    peeks=True,
    chat_id=re.compile(r"-?[1-9][0-9]{0,18}"),
)
