"""The channel WhatsApp: its models, limits and client."""

from __future__ import annotations

from app.core.connectors.base import ChannelKind, ChannelLogin, Connector, SendRate
from app.core.connectors.whatsapp.incoming import WhatsAppIncoming
from app.core.connectors.whatsapp.models import MAX_CHARS, WhatsAppSecrets, WhatsAppSettings


def _connect(login: ChannelLogin) -> Connector:
    # Imported only by a process that connects: the HTTP client is costly.
    from app.core.connectors.whatsapp.client import WhatsAppConnector  # noqa: PLC0415

    return WhatsAppConnector(login)


WHATSAPP = ChannelKind(
    "whatsapp",
    WhatsAppSettings,
    WhatsAppSecrets,
    _connect,
    # Meta allows 80 a second. Its limit for one person allows bursts and is obeyed when Meta reports it.
    send_rate=SendRate(account_gap_sec=1 / 80),
    max_chars=MAX_CHARS,
    incoming=WhatsAppIncoming(),
    reports=True,
)
