"""The channels that have a connector."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from importlib import import_module
from types import ModuleType
from typing import Any

from app.core.connectors.base import ChannelKind, ChannelLogin, ChannelModel, Connector, SendRate
from app.core.connectors.discord import models as discord
from app.core.connectors.email import models as email
from app.core.connectors.ntfy import models as ntfy
from app.core.connectors.slack import models as slack
from app.core.connectors.telegram import models as telegram
from app.core.connectors.telegram.incoming import TelegramIncoming
from app.core.connectors.webhook import models as webhook
from app.core.connectors.whatsapp import models as whatsapp
from app.core.connectors.whatsapp.incoming import WhatsAppIncoming

# The sandbox channel: always up, its messages stay in the deployment's inbox.


class SandboxSettings(ChannelModel):
    """The sandbox has no settings."""


class SandboxSecrets(ChannelModel):
    """The sandbox has no secrets."""


SANDBOX = ChannelKind("sandbox", SandboxSettings, SandboxSecrets, connect=None)


def _client(channel: str, class_name: str) -> Callable[[ChannelLogin], Connector]:
    """Return what connects an account.

    The client is imported only by a process that connects: its library takes longer than all the rest.
    """

    def connect(login: ChannelLogin) -> Connector:
        client: Callable[[ChannelLogin], Connector] = getattr(_client_module(channel), class_name)
        return client(login)

    return connect


def _client_module(channel: str) -> ModuleType:
    return import_module(f"app.core.connectors.{channel}.client")


TELEGRAM = ChannelKind(
    "telegram",
    telegram.TelegramSettings,
    telegram.TelegramSecrets,
    _client("telegram", "TelegramConnector"),
    # Telegram's own figures: about one message a second in a chat, thirty a second in all.
    send_rate=SendRate(recipient_gap_sec=1.0, account_gap_sec=1 / 30),
    max_chars=telegram.MAX_CHARS,
    incoming=TelegramIncoming(),
    peeks=True,
    commands=True,
    press_notes=True,
    chat_id=re.compile(r"-?[1-9][0-9]{0,18}"),
    user_id=re.compile(r"[1-9][0-9]{0,18}"),
    # Telegram's own: the admin without a name, posts as a channel, and posts of a linked channel.
    shared_user_ids=frozenset({"1087968824", "136817688", "777000"}),
)
WHATSAPP = ChannelKind(
    "whatsapp",
    whatsapp.WhatsAppSettings,
    whatsapp.WhatsAppSecrets,
    _client("whatsapp", "WhatsAppConnector"),
    # Meta allows 80 a second. Its limit for one person allows bursts and is obeyed when Meta reports it.
    send_rate=SendRate(account_gap_sec=1 / 80),
    max_chars=whatsapp.MAX_CHARS,
    incoming=WhatsAppIncoming(),
    reports=True,
    commands=True,
    max_button_chars=whatsapp.MAX_BUTTON_TEXT_CHARS,
    free_text_ms=86_400_000,
    # A person's number with its country code, as Meta writes it.
    chat_id=re.compile(r"[1-9][0-9]{5,18}"),
)
EMAIL = ChannelKind(
    "email",
    email.EmailSettings,
    email.EmailSecrets,
    _client("email", "EmailConnector"),
    max_chars=email.MAX_CHARS,
    # A check is a login, and providers limit their number.
    check_each_sec=600.0,
)
SLACK = ChannelKind(
    "slack",
    slack.SlackSettings,
    slack.SlackSecrets,
    _client("slack", "SlackConnector"),
    # Slack's own figure: one message a second for each webhook.
    send_rate=SendRate(account_gap_sec=1.0),
    max_chars=slack.MAX_CHARS,
    sole_recipient=True,
)
DISCORD = ChannelKind(
    "discord",
    discord.DiscordSettings,
    discord.DiscordSecrets,
    _client("discord", "DiscordConnector"),
    # Discord allows five in two seconds; its limit for a minute is obeyed when it reports it.
    send_rate=SendRate(account_gap_sec=0.5),
    max_chars=discord.MAX_CHARS,
    sole_recipient=True,
)
NTFY = ChannelKind(
    "ntfy",
    ntfy.NtfySettings,
    ntfy.NtfySecrets,
    _client("ntfy", "NtfyConnector"),
    max_chars=ntfy.MAX_BYTES,
    sole_recipient=True,
    recipient_setting="topic",
)
WEBHOOK = ChannelKind(
    "webhook",
    webhook.WebhookSettings,
    webhook.WebhookSecrets,
    _client("webhook", "WebhookConnector"),
    max_chars=webhook.MAX_CHARS,
    sole_recipient=True,
)
CHANNELS: Mapping[str, ChannelKind] = {
    kind.channel: kind for kind in (TELEGRAM, WHATSAPP, EMAIL, SLACK, DISCORD, NTFY, WEBHOOK, SANDBOX)
}
SUPPORTED = tuple(CHANNELS)


def channel_schemas(kind: ChannelKind) -> dict[str, dict[str, Any]]:
    """Return the JSON Schemas of a channel's settings and secrets; forms are generated from them."""
    return {"settings": kind.settings.model_json_schema(), "secrets": kind.secrets.model_json_schema()}


def load_clients() -> None:
    """Import the client libraries now.

    The import takes longer than an account's lease may wait for renewal.
    """
    for kind in CHANNELS.values():
        if kind.connect is not None:
            _client_module(kind.channel)
    from app.core.connectors.guarded import account_tls_context  # noqa: PLC0415
    from app.core.connectors.http import tls_context  # noqa: PLC0415

    tls_context()
    account_tls_context()
