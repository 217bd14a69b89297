"""The credential of a request: one reading of its headers for the API, MCP and the clients.

`tests/contract/credentials.json` tests it and the dashboard's reading (`ui/src/server/credentials.ts`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from app.core.i18n import Message, _

AUTHORIZATION: Final = b"authorization"
API_KEY: Final = b"x-api-key"
# Blanks around a value are no part of it (RFC 9110); some servers leave them to the application.
_OWS: Final = b" \t"
_BEARER: Final = re.compile(rb"[Bb][Ee][Aa][Rr][Ee][Rr] +([\x21-\x7e]+)")
_TOKEN: Final = re.compile(rb"[\x21-\x7e]+")
_TYPED: Final = re.compile(r"[ \t\r\n]*([\x21-\x7e]+)[ \t\r\n]*")


@dataclass(frozen=True, slots=True)
class RefusedCredential:
    """Headers that hold no readable key, or several: never taken as a request without one."""

    reason: Message


def read_credential(headers: Mapping[bytes, Sequence[bytes]]) -> str | RefusedCredential | None:
    """Return the key or session token of a request; None only if neither header is there.

    `headers` has all values of a header by its name in lower case. The same key may be in both headers.
    """
    bearers, keys = headers.get(AUTHORIZATION), headers.get(API_KEY)
    if not bearers and not keys:
        return None
    tokens: set[bytes] = set()
    for value in bearers or ():
        found = _BEARER.fullmatch(value.strip(_OWS))
        if found is None:
            return RefusedCredential(_why_no_bearer(value.strip(_OWS)))
        tokens.add(found[1])
    for value in keys or ():
        if _TOKEN.fullmatch(token := value.strip(_OWS)) is None:
            return RefusedCredential(_why_no_key(token))
        tokens.add(token)
    if len(tokens) > 1:
        return RefusedCredential(_("Several keys were sent."))
    return tokens.pop().decode("ascii")


def authorization_of(token: str) -> str:
    """Return the value of `Authorization` for a key: the one form in which it is passed on."""
    return f"Bearer {token}"


def typed_key(text: str) -> str | None:
    """Return a key as a person or a variable gives it, without blanks around it; None if it is none."""
    found = _TYPED.fullmatch(text)
    return None if found is None else found[1]


def _why_no_bearer(value: bytes) -> Message:
    if not value:
        return _("`Authorization` is empty: send `Authorization: Bearer KEY`, or leave it out.")
    scheme, _space, token = value.partition(b" ")
    if scheme.lower() != b"bearer":
        return _("Only `Authorization: Bearer KEY` is known.")
    return _why_no_key(token.strip(_OWS))


def _why_no_key(token: bytes) -> Message:
    if not token:
        return _(
            "The header of the key has none in it: send `Authorization: Bearer KEY` or `X-API-Key: KEY`."
        )
    return _("A key has only ASCII letters, digits and signs, and no blanks.")
