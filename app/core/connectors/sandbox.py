"""The sandbox: always up, and its messages lie in the inbox of this deployment for everybody to see."""

from __future__ import annotations

from app.core.connectors.base import ChannelKind, ChannelModel


class SandboxSettings(ChannelModel):
    """The sandbox has no settings."""


class SandboxSecrets(ChannelModel):
    """The sandbox has no secrets."""


SANDBOX = ChannelKind("sandbox", SandboxSettings, SandboxSecrets, connect=None)
