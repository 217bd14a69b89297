"""MACs of access records: a record without a valid MAC is refused.

Redis holds API keys and sessions. Someone who can write to Redis but does not know SECRET_KEY must not be
able to make a key, to raise a role or to lengthen a session.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from typing import Any

import orjson

_VERSION = "v1:"
_INFO = b"multi-job access records v1"


class RecordSeal:
    """Makes and verifies MACs with the deployment's secrets, the current one first."""

    def __init__(self, secrets: Sequence[bytes]) -> None:
        self._keys = [hmac.digest(secret, _INFO, "sha256") for secret in secrets]

    def mac(self, kind: str, fields: Sequence[Any]) -> str:
        """Return the MAC of a record under the current secret."""
        return _VERSION + _digest(self._keys[0], kind, fields)

    def is_valid(self, kind: str, fields: Sequence[Any], mac: object) -> bool:
        """Return whether the MAC was made for these fields under one of the secrets."""
        if not isinstance(mac, str) or not mac.startswith(_VERSION) or not mac.isascii():
            return False
        given = mac.removeprefix(_VERSION)
        return any(hmac.compare_digest(_digest(key, kind, fields), given) for key in self._keys)


def _digest(key: bytes, kind: str, fields: Sequence[Any]) -> str:
    return hmac.digest(key, orjson.dumps([kind, *fields]), "sha256").hex()
