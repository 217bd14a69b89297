"""Records of API keys: text, digest and stored form.

A key is `mj_<id>_<secret>`: the id, 8 characters, names it in lists; the secret has 256 random bits.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import orjson

if TYPE_CHECKING:
    from app.core.record_seals import RecordSeal

NAME = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$")
_TOKEN = re.compile(r"^mj_([a-z2-7]{8})_[A-Za-z0-9_-]{43}$")
ID_ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
_KIND = "api-key"


class Role(StrEnum):
    """The role of a key; each role includes those before it."""

    VIEWER = "viewer"
    """Reads everything but secrets."""
    OPERATOR = "operator"
    """Also makes, changes and runs jobs."""
    ADMIN = "admin"
    """Also sets up accounts, secrets and keys."""

    def covers(self, needed: Role) -> bool:
        """Return whether this role includes another."""
        order = list(Role)
        return order.index(self) >= order.index(needed)


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key as it is kept and listed."""

    key_id: str
    name: str
    role: Role
    created_at: int
    """Epoch milliseconds; 0 for keys from API_KEYS."""
    digest: str
    created_by: str = ""
    expires_at: int = 0
    """Epoch milliseconds from which it is refused; 0 if it does not expire."""
    session_id: str = ""
    """The session that was sent in place of the key; empty for the key itself."""
    valid: bool = True
    """False for a record that this deployment did not make: it is listed, and refused."""

    def is_expired(self, now_ms: int) -> bool:
        """Return whether the key is refused because of its age."""
        return 0 < self.expires_at <= now_ms

    def state(self, now_ms: int) -> str:
        """Return `active`, `expired` or `not_valid`."""
        if not self.valid:
            return "not_valid"
        return "expired" if self.is_expired(now_ms) else "active"

    def is_usable(self, now_ms: int) -> bool:
        """Return whether requests with this key are served."""
        return self.valid and not self.is_expired(now_ms)


def new_token() -> str:
    """Return the text of a new key."""
    return f"mj_{new_id(8)}_{secrets.token_urlsafe(32)}"


def new_id(length: int) -> str:
    """Return a random id of so many characters, 5 bits each."""
    return "".join(secrets.choice(ID_ALPHABET) for _ in range(length))


def key_of(pepper: bytes, name: str, role: Role, token: str) -> ApiKey:
    """Return the record of a key with this text."""
    return ApiKey(id_of(token), name, role, 0, digest_of(pepper, token))


def digest_of(pepper: bytes, token: str) -> str:
    """Return the digest that is kept of a key's text."""
    return hmac.digest(pepper, token.encode(), "sha256").hex()


def id_of(token: str) -> str:
    """Return the id of the key with this text."""
    ours = _TOKEN.match(token)
    # An operator's own secret has no id in it: a public hash finds it, and says nothing of the secret.
    return ours[1] if ours else hashlib.sha256(b"id:" + token.encode()).hexdigest()[:16]


def packed(key: ApiKey, seal: RecordSeal) -> str:
    """Return the record as it is stored, with its MAC."""
    fields: dict[str, Any] = {
        "name": key.name,
        "role": key.role,
        "created_at": key.created_at,
        "digest": key.digest,
        "created_by": key.created_by,
        "expires_at": key.expires_at,
    }
    return orjson.dumps({**fields, "mac": seal.mac(_KIND, _signed(key))}).decode()


def unpacked(key_id: str, text: str, seal: RecordSeal) -> ApiKey:
    """Return a stored record; one that cannot be read or has no valid MAC is not `valid`."""
    try:
        fields: dict[str, Any] = orjson.loads(text)
        key = _read(key_id, fields)
        if seal.is_valid(_KIND, _signed(key), fields.get("mac")):
            return key
    except (ValueError, KeyError, TypeError, AttributeError):
        pass
    return ApiKey(key_id, "", Role.VIEWER, 0, "", valid=False)


def unpacked_unsigned(key_id: str, text: str) -> ApiKey | None:
    """Return a record of a version that made no MACs; None if it is not one."""
    try:
        fields: dict[str, Any] = orjson.loads(text)
        return None if "mac" in fields else _read(key_id, fields)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _read(key_id: str, fields: dict[str, Any]) -> ApiKey:
    return ApiKey(
        key_id,
        str(fields["name"]),
        Role(fields["role"]),
        int(fields["created_at"]),
        str(fields["digest"]),
        str(fields.get("created_by", "")),
        int(fields.get("expires_at", 0)),
    )


def _signed(key: ApiKey) -> list[Any]:
    return [key.key_id, key.name, key.role, key.created_at, key.digest, key.expires_at, key.created_by]
