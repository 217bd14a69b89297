"""Settings and secrets of an email account."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from app.core.connectors.base import ChannelModel
from app.core.i18n import _

MAX_CHARS = 65_536
Security = Literal["starttls", "tls", "none"]
ADDRESS_PATTERN = r"^[^\s@<>,;:\"()\[\]\\]{1,64}@[A-Za-z0-9.-]{1,190}$"


class EmailSettings(ChannelModel):
    """Your mailbox writes, through the SMTP server of its provider."""

    host: Annotated[str, Field(pattern=r"^[A-Za-z0-9.:-]{1,253}$")] = Field(
        title="Server",
        description="The SMTP server of your provider, such as smtp.example.org.",
    )
    port: Annotated[int, Field(ge=1, le=65_535)] = Field(
        default=587,
        title="Port",
        description="587 with STARTTLS, 465 with TLS.",
    )
    security: Security = Field(
        default="starttls",
        title="Encryption",
        description="starttls, tls, or none for a relay of your own that takes no password.",
    )
    from_address: Annotated[str, Field(pattern=ADDRESS_PATTERN)] = Field(
        title="From",
        description="The address that messages come from, such as alarms@example.org.",
    )
    username: Annotated[str, Field(max_length=320)] = Field(
        default="",
        title="User name",
        description="Often the address itself; empty if the server asks for no login.",
    )

    @model_validator(mode="after")
    def _no_password_in_clear_text(self) -> Self:
        if self.security == "none" and self.username:
            raise ValueError(_("a login needs encryption: starttls or tls"))
        return self


class EmailSecrets(ChannelModel):
    """The password of the mailbox."""

    password: Annotated[str, Field(min_length=1, max_length=1_000)] | None = Field(
        default=None,
        title="Password",
        description="The password of the user name; many providers want an app password here.",
        json_schema_extra={"format": "password", "writeOnly": True},
    )
