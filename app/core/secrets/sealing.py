"""Secrets at rest: AES-256-GCM under a key derived from SECRET_KEY.

The context (`<channel>:<account>:<name>`) is authenticated with the text, so that a sealed value moved to
another place does not open there. A sealed text is `v2:<fingerprint of the key>:<base64>`. Texts of earlier
versions (`v1:<base64>`) name no key; they open under any known one.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import os
from typing import TYPE_CHECKING

from app.core.errors import SecretUnreadable
from app.core.i18n import _
from app.core.secret_keys import deployment_secrets, fingerprint

if TYPE_CHECKING:
    from collections.abc import Callable

    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    from app.core.config import Settings

_UNNAMED, _NAMED = "v1:", "v2:"
_INFO = b"multi-job secrets v1"
_NONCE_INFO = b"multi-job secrets nonce v1"
_KEY_BYTES, _NONCE_BYTES = 32, 12
MASKED = "••••••••"
"""What people see in the place of a secret: the same for each, so that nothing of it gets out."""


class SecretBox:
    """Seals and opens texts under the secret keys of a machine, the current one first.

    `load` returns the keys; it is called at the first use, and again when a text names a key that is not
    known. So a process that runs during a rotation finds the new key.
    """

    def __init__(self, *secrets: bytes, load: Callable[[], list[bytes]] | None = None) -> None:
        self._load = load or (lambda: list(secrets))
        self._ciphers: dict[str, _Cipher] = {}

    def seal(self, plain: str, context: str, key_id: str = "") -> str:
        """Return the text sealed, each time another one; it opens under the same context only.

        `key_id` is the fingerprint of the key to use, empty for the current one of this machine. Raises
        SecretUnreadable if this machine does not have the key.
        """
        return self._named(key_id).sealed(os.urandom(_NONCE_BYTES), plain, context)

    def open(self, sealed: str, context: str) -> str:
        """Return the plain text; SecretUnreadable under another key or context, or if it was changed."""
        key_id = sealing_key_of(sealed)
        if key_id:
            return _opened([self._named(key_id, context)], sealed, context)
        try:
            return _opened(self._all(), sealed, context)
        except SecretUnreadable:
            return _opened(self._all(again=True), sealed, context)

    def opens_under(self, sealed: str, context: str, key_id: str) -> bool:
        """Return whether a text is sealed under this key; raises SecretUnreadable if the key is not known."""
        cipher = self._named(key_id, context)
        try:
            _opened([cipher], sealed, context)
        except SecretUnreadable:
            return False
        return True

    def reseal(self, sealed: str, context: str, key_id: str) -> str:
        """Return the text sealed under a named key; raises SecretUnreadable.

        The nonce is derived from key, context and text. So the same text has the same sealed form each
        time, and a repeated rotation or restore finds no difference.
        """
        cipher, plain = self._named(key_id, context), self.open(sealed, context)
        return cipher.sealed(cipher.nonce(plain, context), plain, context)

    def key_ids(self) -> list[str]:
        """Return the fingerprints of the known keys, the current one first."""
        return [cipher.key_id for cipher in self._all()]

    def _all(self, *, again: bool = False) -> list[_Cipher]:
        if again or not self._ciphers:
            found = [_Cipher(secret) for secret in self._load()]
            self._ciphers = {cipher.key_id: cipher for cipher in found}
        return list(self._ciphers.values())

    def _named(self, key_id: str, context: str = "") -> _Cipher:
        current = self._all()[0]
        if not key_id:
            return current
        if key_id not in self._ciphers:
            self._all(again=True)
        if key_id not in self._ciphers:
            raise _other_key(context, key_id, list(self._ciphers))
        return self._ciphers[key_id]


class _Cipher:
    """One key."""

    def __init__(self, secret: bytes) -> None:
        self.key_id = fingerprint(secret)
        self._aead = _aead(_derived(secret, _INFO))
        self._nonce_key = _derived(secret, _NONCE_INFO)

    def sealed(self, nonce: bytes, plain: str, context: str) -> str:
        raw = nonce + self._aead.encrypt(nonce, plain.encode(), context.encode())
        return f"{_NAMED}{self.key_id}:{base64.b64encode(raw).decode()}"

    def opened(self, raw: bytes, context: str) -> str:
        return self._aead.decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], context.encode()).decode()

    def nonce(self, plain: str, context: str) -> bytes:
        text = f"{len(context)}:{context}:{plain}".encode()
        return hmac.digest(self._nonce_key, text, "sha256")[:_NONCE_BYTES]


def open_box(settings: Settings) -> SecretBox:
    """Return the box of this deployment; the key is read, or made, at its first use."""
    return SecretBox(load=lambda: deployment_secrets(settings))


def sealing_key_of(sealed: str) -> str:
    """Return the fingerprint of the key that a text is sealed under; empty if the text names none."""
    key_id, separator, _ = sealed.removeprefix(_NAMED).partition(":")
    return key_id if sealed.startswith(_NAMED) and separator else ""


# A process that seals and opens nothing does not load the library, which takes 7 MB.


def _aead(key: bytes) -> AESGCM:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415

    return AESGCM(key)


def _derived(secret: bytes, info: bytes) -> bytes:
    from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF  # noqa: PLC0415

    return HKDF(algorithm=SHA256(), length=_KEY_BYTES, salt=None, info=info).derive(secret)


def _opened(ciphers: list[_Cipher], sealed: str, context: str) -> str:
    from cryptography.exceptions import InvalidTag  # noqa: PLC0415

    error: Exception = ValueError("no key")
    for cipher in ciphers:
        try:
            return cipher.opened(base64.b64decode(_body(sealed), validate=True), context)
        except (InvalidTag, ValueError, binascii.Error) as refused:
            error = refused
    raise SecretUnreadable(
        _(
            "The secret {context} cannot be opened: SECRET_KEY is another one than when it was "
            "saved, or what is stored was changed. Set SECRET_KEY back, or enter the secret again.",
            context=context,
        )
    ) from error


def _other_key(context: str, key_id: str, known: list[str]) -> SecretUnreadable:
    what = f"The secret {context} is sealed by" if context else "This deployment seals by"
    return SecretUnreadable(
        _(
            "{what} key {key_id}; this machine has {known}. Set SECRET_KEY to key {key_id}, or "
            "SECRET_KEY_PREVIOUS if a newer one took its place.",
            what=what,
            key_id=key_id,
            known=", ".join(known),
        )
    )


def _body(sealed: str) -> str:
    if sealed.startswith(_UNNAMED):
        return sealed.removeprefix(_UNNAMED)
    if key_id := sealing_key_of(sealed):
        return sealed.removeprefix(f"{_NAMED}{key_id}:")
    raise ValueError("unknown form")
