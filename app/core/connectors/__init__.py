"""The channels that have a connector, and names reserved for others."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from app.core.connectors.base import ChannelKind, ChannelModel
from app.core.connectors.telegram import TELEGRAM
from app.core.connectors.whatsapp import WHATSAPP

# The sandbox channel: always up, its messages stay in the deployment's inbox.


class SandboxSettings(ChannelModel):
    """The sandbox has no settings."""


class SandboxSecrets(ChannelModel):
    """The sandbox has no secrets."""


SANDBOX = ChannelKind("sandbox", SandboxSettings, SandboxSecrets, connect=None)


CHANNELS: Mapping[str, ChannelKind] = {kind.channel: kind for kind in (TELEGRAM, WHATSAPP, SANDBOX)}
SUPPORTED = tuple(CHANNELS)
KNOWN_CHANNELS = (*SUPPORTED, "slack", "discord", "email")
"""Every channel name that is valid; monitors of one without a connector report `unsupported`."""


def channel_schemas(kind: ChannelKind) -> dict[str, dict[str, Any]]:
    """Return the JSON Schemas of a channel's settings and secrets; forms are generated from them."""
    return {
        "settings": kind.settings.model_json_schema(),
        "secrets": kind.secrets.model_json_schema(),
    }


def load_clients() -> None:
    """Import the client libraries now.

    The import takes longer than an account's lease may wait for renewal.
    """
    for name in ("telegram.client", "whatsapp.client"):
        import_module(f"{__name__}.{name}")
    from app.core.connectors.http import tls_context  # noqa: PLC0415

    tls_context()
