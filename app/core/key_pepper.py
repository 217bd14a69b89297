"""The secret behind digests of API keys and sessions.

A digest cannot be made again without the text of its key. So the pepper stays the same if SECRET_KEY
changes: it is stored sealed, and only its seal is renewed.
"""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING

from app.core.errors import SecretUnreadable
from app.core.secrets import SecretBox

if TYPE_CHECKING:
    from collections.abc import Sequence

_CONTEXT = "api-keys:pepper"


def derived_pepper(secret: bytes) -> bytes:
    """Return the pepper of a deployment that has not stored one yet."""
    return hmac.digest(secret, b"api-keys", "sha256")


def sealed_pepper(pepper: bytes, secret: bytes) -> str:
    """Return the pepper as it is stored, sealed under this deployment secret."""
    return SecretBox(secret).seal(pepper.hex(), _CONTEXT)


def opened_pepper(sealed: str, secrets: Sequence[bytes]) -> bytes | None:
    """Return a stored pepper; None if none of the deployment secrets opens it."""
    for secret in secrets:
        try:
            return bytes.fromhex(SecretBox(secret).open(sealed, _CONTEXT))
        except SecretUnreadable:
            continue
    return None
