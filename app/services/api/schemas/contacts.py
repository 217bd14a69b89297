"""Bodies of the address book."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, model_validator

from app.core.fields import Line
from app.core.i18n import Language
from app.core.recipient import ACCOUNT_ID_PATTERN, MAX_TO_CHARS, MessageChannel
from app.services.api.schemas.common import Answer, Instant, Request

READ_ONLY_FIELDS = frozenset({"name", "updated_at", "updated_by"})
"""What an answer adds to a contact; taken back and ignored, so that GET, edit, PUT works."""


class ContactRequest(Request):
    """The address of a person or group."""

    channel: MessageChannel = Field(examples=["whatsapp"])
    to: Line = Field(
        min_length=1,
        max_length=MAX_TO_CHARS,
        examples=["081234567890"],
        description="A chat or a number, as the channel names it; printable characters.",
    )
    account_id: Line | None = Field(
        default=None,
        pattern=ACCOUNT_ID_PATTERN,
        description="The account that sends; without one it is the only account of the channel.",
    )

    language: Language | None = Field(
        default=None, description="Of the alarms that it gets; else that of the deployment."
    )

    @model_validator(mode="before")
    @classmethod
    def _without_read_only_fields(cls, raw: dict[str, Any]) -> dict[str, Any]:
        return {name: raw[name] for name in raw if name not in READ_ONLY_FIELDS}


class ContactBody(Answer):
    """A person or group of the address book, whose name a sentence may use."""

    name: str = Field(examples=["Bu Siti"])
    channel: MessageChannel
    to: str
    account_id: str | None
    language: Language | None
    updated_at: Instant
    updated_by: str


class ContactDeleted(Answer):
    """The contact is gone; jobs that were planned with it keep their recipient."""

    name: str
    status: Literal["deleted"]
