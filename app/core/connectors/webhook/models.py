"""Settings and secrets of a webhook account."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from app.core.connectors.base import ChannelModel

MAX_CHARS = 65_536
Address = Annotated[str, Field(pattern=r"^https?://[!-~]{1,2000}$")]
"""The form of an address; the guard of addresses decides if it is called."""


class WebhookSettings(ChannelModel):
    """Your own program receives messages as signed JSON over HTTP."""

    url: Address = Field(
        title="Address",
        description="Receives each message as a POST with JSON, such as https://example.org/hooks/alarms.",
    )
    drops_doubles: bool = Field(
        default=False,
        title="Receiver drops doubles",
        description=(
            "The receiver drops a message whose webhook-id it knows. Then a message is sent again if it is "
            "not known whether it arrived."
        ),
    )


class WebhookSecrets(ChannelModel):
    """The secret that signs each message."""

    signing_secret: Annotated[str, Field(pattern=r"^[!-~]{16,512}$")] = Field(
        title="Signing secret",
        description="The receiver knows it as well and checks the signature; whsec_… as Standard Webhooks.",
        json_schema_extra={"format": "password", "writeOnly": True},
    )
