"""The sandbox channel: always up, its messages stay in the deployment's inbox."""

from __future__ import annotations

from app.core.connectors.base import ChannelKind, ChannelModel


class SandboxSettings(ChannelModel):
    """The sandbox has no settings."""


class SandboxSecrets(ChannelModel):
    """The sandbox has no secrets."""


SANDBOX = ChannelKind("sandbox", SandboxSettings, SandboxSecrets, connect=None)
