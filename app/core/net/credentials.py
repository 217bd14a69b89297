"""The credential of a request: one reading of its headers for the API, MCP and the clients.

`tests/contract/credentials.json` tests it and the dashboard's (`ui/src/server/access/credentials.ts`).
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
_BEARER: Final = re.compile(rb"[ \t]*[Bb][Ee][Aa][Rr][Ee][Rr] +([\x21-\x7e]+)[ \t]*")
_TOKEN: Final = re.compile(rb"[ \t]*([\x21-\x7e]+)[ \t]*")
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
    # Nearly every request with a key has this form; the methods of `str` take half the time of a match.
    if keys is None and bearers and len(bearers) == 1 and bearers[0].startswith(b"Bearer "):
        text = bearers[0][7:].decode("latin-1")
        if text and text.isascii() and text.isprintable() and " " not in text:
            return text
    token: bytes | None = None
    for values, form in ((bearers, _BEARER), (keys, _TOKEN)):
        for value in values or ():
            found = form.fullmatch(value)
            if found is None:
                return RefusedCredential(_why_none(value.strip(_OWS), is_bearer=form is _BEARER))
            if token is not None and token != found[1]:
                return RefusedCredential(_("Several keys were sent."))
            token = found[1]
    return None if token is None else token.decode("ascii")


def authorization_of(token: str) -> str:
    """Return the value of `Authorization` for a key: the one form in which it is passed on."""
    return f"Bearer {token}"


def typed_key(text: str) -> str | None:
    """Return a key as a person or a variable gives it, without blanks around it; None if it is none."""
    found = _TYPED.fullmatch(text)
    return None if found is None else found[1]


def _why_none(value: bytes, *, is_bearer: bool) -> Message:
    """Return why a header holds no key, without what it holds."""
    token = value
    if is_bearer:
        if not value:
            return _("`Authorization` is empty: send `Authorization: Bearer KEY`, or leave it out.")
        scheme, _space, rest = value.partition(b" ")
        if scheme.lower() != b"bearer":
            return _("Only `Authorization: Bearer KEY` is known.")
        token = rest.strip(_OWS)
    if not token:
        return _(
            "The header of the key has none in it: send `Authorization: Bearer KEY` or `X-API-Key: KEY`."
        )
    return _("A key has only ASCII letters, digits and signs, and no blanks.")
