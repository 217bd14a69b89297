"""Settings and secrets of an ntfy account."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from app.core.connectors.base import ChannelModel

# ntfy turns a longer message into a file.
MAX_BYTES = 4_096


class NtfySettings(ChannelModel):
    """The subscribers of a topic receive messages on their phones, through ntfy.sh or your own server."""

    base_url: Annotated[str, Field(pattern=r"^https?://[!-~]{1,500}$")] = Field(
        default="https://ntfy.sh",
        title="Server",
        description="The address of the ntfy server; your own works as well.",
    )
    topic: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")] = Field(
        title="Topic",
        description="The topic that phones subscribe to. Without a token, all who know it can read along.",
    )
    priority: Annotated[int, Field(ge=1, le=5)] = Field(
        default=3,
        title="Priority",
        description="1 is silent, 3 usual, 5 rings until it is seen.",
    )


class NtfySecrets(ChannelModel):
    """The access token, if the server asks for one."""

    token: Annotated[str, Field(pattern=r"^[!-~]{4,200}$")] | None = Field(
        default=None,
        title="Access token",
        description="Needed only if the topic is protected, such as tk_… .",
        json_schema_extra={"format": "password", "writeOnly": True},
    )
