"""Secrets at rest: sealed with AES-256-GCM under a key derived from the deployment's SECRET_KEY.

The context (`<channel>:<account>:<name>`) is authenticated with the text, so that a sealed value moved to
another place does not open there.
"""

from __future__ import annotations

import base64
import binascii
import os
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.core.errors import SecretUnreadable

if TYPE_CHECKING:
    from app.core.config import Settings

_VERSION = "v1:"
_INFO = b"multi-job secrets v1"
_KEY_BYTES, _NONCE_BYTES = 32, 12
MASKED = "••••••••"
"""What people see in the place of a secret: the same for each, so that nothing of it gets out."""


class SecretBox:
    """Seals and opens texts; two boxes of one deployment secret are the same box."""

    def __init__(self, deployment_secret: bytes) -> None:
        key = HKDF(algorithm=SHA256(), length=_KEY_BYTES, salt=None, info=_INFO).derive(deployment_secret)
        self._cipher = AESGCM(key)

    def seal(self, plain: str, context: str) -> str:
        """Return the text sealed, each time another one; it opens under the same context only."""
        nonce = os.urandom(_NONCE_BYTES)
        sealed = self._cipher.encrypt(nonce, plain.encode(), context.encode())
        return _VERSION + base64.b64encode(nonce + sealed).decode()

    def open(self, sealed: str, context: str) -> str:
        """Return the plain text; SecretUnreadable under another key or context, or where it was changed."""
        try:
            raw = base64.b64decode(_body(sealed), validate=True)
            return self._cipher.decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], context.encode()).decode()
        except (InvalidTag, ValueError, binascii.Error) as error:
            raise SecretUnreadable(
                f"The secret {context} cannot be opened: SECRET_KEY is another one than when it was saved, "
                "or what is stored was changed. Set SECRET_KEY back, or enter the secret again. / "
                f"Rahasia {context} tidak dapat dibuka: SECRET_KEY berbeda atau data berubah."
            ) from error


def open_box(settings: Settings) -> SecretBox:
    """Return the box of this deployment."""
    return SecretBox(settings.deployment_secret())


def _body(sealed: str) -> str:
    if not sealed.startswith(_VERSION):
        raise ValueError("unknown form")
    return sealed.removeprefix(_VERSION)
