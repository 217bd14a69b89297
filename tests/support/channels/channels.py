"""A channel for tests of the code around channels: two settings, two secrets, and no remote side."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from app.core.connectors.base import ChannelKind, ChannelModel


class PigeonSettings(ChannelModel):
    loft: str = "north"
    rings: tuple[int, ...] = ()


class PigeonSecrets(ChannelModel):
    token: Annotated[str, Field(min_length=8)]
    spare: str = ""


PIGEON = ChannelKind("pigeon", PigeonSettings, PigeonSecrets, connect=None)
PIGEONS = {"pigeon": PIGEON}
