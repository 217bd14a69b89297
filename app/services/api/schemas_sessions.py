"""Schemas of requests and answers about sessions."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from app.core.api_keys import Role
from app.services.api.schemas import Answer, Instant


class SessionBody(Answer):
    """A signed-in browser, which acts for an API key."""

    id: str
    key_id: str
    name: Annotated[str, Field(examples=["ana"], description="The name of its key.")]
    role: Role
    created_at: Instant
    last_seen_at: Annotated[Instant, Field(description="To five minutes.")]
    expires_at: Annotated[Instant, Field(description="When it ends if it is not used again.")]
    address: Annotated[str, Field(description="The address that it was made from.")]
    device: Annotated[str, Field(description="The `User-Agent` of the browser; empty if none was sent.")]
    current: Annotated[bool, Field(description="It is the session of this request.")]


class SessionCreated(SessionBody):
    """A session that was just made."""

    token: Annotated[str, Field(description="Its text, sent like a key; shown this once.")]


class SessionEnded(Answer):
    """The session is refused from now on."""

    id: str
    status: Literal["ended"]
