"""The channels that have a connector."""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib import import_module
from typing import Any

from app.core.connectors.base import ChannelKind, ChannelLogin, ChannelModel, Connector, SendRate
from app.core.connectors.telegram import models as telegram
from app.core.connectors.telegram.incoming import TelegramIncoming
from app.core.connectors.whatsapp import models as whatsapp
from app.core.connectors.whatsapp.incoming import WhatsAppIncoming

# The sandbox channel: always up, its messages stay in the deployment's inbox.


class SandboxSettings(ChannelModel):
    """The sandbox has no settings."""


class SandboxSecrets(ChannelModel):
    """The sandbox has no secrets."""


SANDBOX = ChannelKind("sandbox", SandboxSettings, SandboxSecrets, connect=None)


# The clients are imported only by a process that connects: their libraries take longer than all the rest.


def _connect_telegram(login: ChannelLogin) -> Connector:
    from app.core.connectors.telegram.client import TelegramConnector  # noqa: PLC0415

    return TelegramConnector(login)


def _connect_whatsapp(login: ChannelLogin) -> Connector:
    from app.core.connectors.whatsapp.client import WhatsAppConnector  # noqa: PLC0415

    return WhatsAppConnector(login)


TELEGRAM = ChannelKind(
    "telegram",
    telegram.TelegramSettings,
    telegram.TelegramSecrets,
    _connect_telegram,
    # Telegram's own figures: about one message a second in a chat, thirty a second in all.
    send_rate=SendRate(recipient_gap_sec=1.0, account_gap_sec=1 / 30),
    max_chars=telegram.MAX_CHARS,
    incoming=TelegramIncoming(),
    peeks=True,
    chat_id=re.compile(r"-?[1-9][0-9]{0,18}"),
)
WHATSAPP = ChannelKind(
    "whatsapp",
    whatsapp.WhatsAppSettings,
    whatsapp.WhatsAppSecrets,
    _connect_whatsapp,
    # Meta allows 80 a second. Its limit for one person allows bursts and is obeyed when Meta reports it.
    send_rate=SendRate(account_gap_sec=1 / 80),
    max_chars=whatsapp.MAX_CHARS,
    incoming=WhatsAppIncoming(),
    reports=True,
)
CHANNELS: Mapping[str, ChannelKind] = {kind.channel: kind for kind in (TELEGRAM, WHATSAPP, SANDBOX)}
SUPPORTED = tuple(CHANNELS)


def channel_schemas(kind: ChannelKind) -> dict[str, dict[str, Any]]:
    """Return the JSON Schemas of a channel's settings and secrets; forms are generated from them."""
    return {"settings": kind.settings.model_json_schema(), "secrets": kind.secrets.model_json_schema()}


def load_clients() -> None:
    """Import the client libraries now.

    The import takes longer than an account's lease may wait for renewal.
    """
    for name in ("telegram.client", "whatsapp.client"):
        import_module(f"{__name__}.{name}")
    from app.core.connectors.http import tls_context  # noqa: PLC0415

    tls_context()
