"""Bodies of sign-in at an OpenID Connect provider."""

from __future__ import annotations

from pydantic import Field

from app.core.access.oidc.provider import MAX_CODE_CHARS
from app.core.access.oidc.transactions import MAX_SEALED_CHARS
from app.services.api.schemas.common import Answer, Request

MAX_STATE_CHARS = 200
MAX_URL_CHARS = 2_048


class OidcWay(Answer):
    """Sign-in at a provider."""

    label: str = Field(examples=["login.example.org"], description="The text of the button.")


class SignInWays(Answer):
    """How people can sign in here besides with a key."""

    oidc: OidcWay | None = Field(description="Null if no provider is set (OIDC_ISSUER).")


class OidcStart(Request):
    """The beginning of a sign-in, as the dashboard sends it."""

    host: str = Field(
        min_length=1,
        max_length=260,
        examples=["127.0.0.1:3000"],
        description="Name and port of the dashboard as the browser knows it; PUBLIC_URL goes before it.",
    )


class OidcStarted(Answer):
    """The way to the provider."""

    authorization_url: str = Field(description="The address that the browser goes to.")
    redirect_uri: str = Field(description="The address that the provider sends it back to.")
    transaction: str = Field(description="Sealed: the browser keeps it, and brings it back with the code.")


class OidcAnswer(Request):
    """What the browser brought back from the provider, and what it kept."""

    code: str = Field(min_length=1, max_length=MAX_CODE_CHARS)
    state: str = Field(min_length=1, max_length=MAX_STATE_CHARS)
    transaction: str = Field(min_length=1, max_length=MAX_SEALED_CHARS)
    iss: str = Field(
        default="", max_length=MAX_URL_CHARS, description="`iss` of the answer; empty if none came."
    )
