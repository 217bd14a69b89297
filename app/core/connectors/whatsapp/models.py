"""Settings and secrets of a WhatsApp account."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from app.core.connectors.base import ChannelModel

MAX_CHARS = 4096
_Credential = Annotated[str, Field(pattern=r"^[!-~]{4,1000}$")]


class WhatsAppSettings(ChannelModel):
    """The sending number of the WhatsApp business account."""

    phone_number_id: Annotated[str, Field(pattern=r"^[0-9]{3,30}$")] = Field(
        title="Phone number ID",
        description="The id of the sending number in the Cloud API's settings, not the number itself.",
    )


class WhatsAppSecrets(ChannelModel):
    """The secrets from Meta's app dashboard."""

    access_token: _Credential = Field(
        title="Access token",
        description="A token with the permission whatsapp_business_messaging, best a system user's.",
        json_schema_extra={"format": "password", "writeOnly": True},
    )
    app_secret: _Credential | None = Field(
        default=None,
        title="App secret",
        description="Needed only for incoming messages: it proves that a webhook call is Meta's.",
        json_schema_extra={"format": "password", "writeOnly": True},
    )
    verify_token: _Credential | None = Field(
        default=None,
        title="Verify token",
        description="Needed only for incoming messages: the word that Meta repeats to verify the webhook.",
        json_schema_extra={"format": "password", "writeOnly": True},
    )
