"""Records of API keys: text, digest and stored form.

A key is `mj_<id>_<secret>`: the id, 8 characters, names it in lists; the secret has 256 random bits.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal, cast

import orjson

from app.core.errors import SecretUnreadable
from app.core.secrets.sealing import SecretBox

NAME = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$")
_TOKEN = re.compile(r"^mj_([a-z2-7]{8})_[A-Za-z0-9_-]{43}$")
ID_ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
_KIND = "api-key"
_STORED = ("name", "role", "created_at", "digest", "expires_at", "created_by")
"""Fields of a stored key, in the order in which its MAC is made."""
_ADDED: Mapping[str, Any] = {"kind": "key", "scope": [], "addresses": [], "principal": ""}
"""Later fields with their defaults. A default is neither stored nor in the MAC, as in old records."""


Kind = Literal["key", "user"]


class Role(StrEnum):
    """The role of a key; each role includes those before it."""

    METRICS = "metrics"
    """Reads the figures for Prometheus, and who it is itself."""
    VIEWER = "viewer"
    """Also reads everything else but secrets."""
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
    kind: Kind = "key"
    """`user`: a person without a secret of their own, for whom sessions act as they do for a key."""
    scope: tuple[str, ...] = ()
    """`tag:NAME` or `job:PREFIX`: the jobs that it may reach; empty for all."""
    addresses: tuple[str, ...] = ()
    """Networks (CIDR) from which it is accepted; empty for all."""
    principal: str = ""
    """The first key of its chain of successors; empty for that key itself."""

    @property
    def principal_id(self) -> str:
        """Return the id that a key shares with its successors: they act for the same person or program."""
        return self.principal or self.key_id

    def is_expired(self, now_ms: int) -> bool:
        """Return whether the key is refused because of its age."""
        return 0 < self.expires_at <= now_ms

    def state(self, now_ms: int) -> Literal["active", "expired", "not_valid"]:
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


def stored_id_of(token: str) -> str:
    """Return the id in the text of a key that Redis may have; empty for any other text."""
    ours = _TOKEN.match(token)
    return ours[1] if ours else ""


def packed(key: ApiKey, seal: RecordSeal) -> str:
    """Return the record as it is stored, with its MAC."""
    fields: dict[str, Any] = {name: getattr(key, name) for name in _STORED}
    return orjson.dumps({**fields, **_added(key), "mac": seal.mac(_KIND, _signed(key))}).decode()


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
        kind=_kind(fields.get("kind", "key")),
        scope=tuple(str(entry) for entry in fields.get("scope", ())),
        addresses=tuple(str(entry) for entry in fields.get("addresses", ())),
        principal=str(fields.get("principal", "")),
    )


def _kind(text: str) -> Kind:
    if text not in {"key", "user"}:
        raise ValueError(text)
    return cast("Kind", text)


def _signed(key: ApiKey) -> list[Any]:
    added = _added(key)
    return [key.key_id, *(getattr(key, name) for name in _STORED), *([added] if added else [])]


def _added(key: ApiKey) -> dict[str, Any]:
    values: dict[str, Any] = {
        "kind": key.kind,
        "scope": list(key.scope),
        "addresses": list(key.addresses),
        "principal": key.principal,
    }
    return {name: value for name, value in values.items() if value != _ADDED[name]}


# MACs of access records: a record without a valid MAC is refused.
#
# Redis holds API keys and sessions. Someone who can write to Redis but does not know SECRET_KEY must not be
# able to make a key, to raise a role or to lengthen a session.

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


# The secret behind digests of API keys and sessions.
#
# A digest cannot be made again without the text of its key. So the pepper stays the same if SECRET_KEY
# changes: it is stored sealed, and only its seal is renewed.

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
