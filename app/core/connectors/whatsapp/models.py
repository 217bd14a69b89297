"""Settings and secrets of a WhatsApp account."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from app.core.connectors.base import ChannelModel

MAX_CHARS = 4096
MAX_BUTTON_TEXT_CHARS = 1_024
_Parameter = Annotated[str, Field(min_length=1, max_length=500)]
_Credential = Annotated[str, Field(pattern=r"^[!-~]{4,1000}$")]


class WhatsAppSettings(ChannelModel):
    """The sending number of the WhatsApp business account."""

    phone_number_id: Annotated[str, Field(pattern=r"^[0-9]{3,30}$")] = Field(
        title="Phone number ID",
        description="The id of the sending number in the Cloud API's settings, not the number itself.",
    )
    template_name: Annotated[str, Field(pattern=r"^[a-z0-9_]{1,512}$")] | None = Field(
        default=None,
        title="Template",
        description=(
            "An approved template of Meta's. It carries the message if the recipient has not written for 24 "
            "hours, because then WhatsApp takes no free text."
        ),
    )
    template_language: Annotated[str, Field(pattern=r"^[a-z]{2,3}(_[A-Z]{2})?$")] = Field(
        default="id",
        title="Template's language",
        description="As Meta approved it, such as id or en_US.",
    )
    template_parameters: Annotated[list[_Parameter], Field(max_length=10)] = Field(
        default=["{text}"],
        title="Template's parameters",
        description="What fills its places in order; {text} is the message, {title} its first line.",
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
