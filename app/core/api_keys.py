"""API keys: who may use the API, and how much. Only a keyed digest of each is kept.

A key is `mj_<id>_<secret>`: the id, 8 characters, names it in lists; the secret has 256 random bits.
Keys may also stand in API_KEYS (`name:role:secret,…`), for machines that are set up by files.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

import orjson

from app.core.errors import (
    ConfigurationError,
    Conflict,
    IdempotencyMismatch,
    InvalidInput,
    KeyNotFound,
    LastAdminKey,
    LimitExceeded,
)

if TYPE_CHECKING:
    from app.core.clock import Clock
    from app.core.config import Settings
    from app.core.queue_producer import Idempotency
    from app.core.redis_client import Command, RedisLink
    from app.core.scripts import Scripts

MAX_KEYS = 1_000
MIN_SECRET_CHARS = 22
"""128 random bits in base 64."""
_NAME = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$")
_TOKEN = re.compile(r"^mj_([a-z2-7]{8})_[A-Za-z0-9_-]{43}$")
_ID_ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"


class Role(StrEnum):
    """What a key allows; each role includes those before it."""

    VIEWER = "viewer"
    """Reads everything but secrets."""
    OPERATOR = "operator"
    """Also makes, changes and runs jobs."""
    ADMIN = "admin"
    """Also sets up accounts, secrets and keys."""

    def covers(self, needed: Role) -> bool:
        """Tell whether this role includes another."""
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


class ApiKeys:
    """The stored keys of a deployment."""

    def __init__(self, link: RedisLink, scripts: Scripts, clock: Clock, settings: Settings) -> None:
        self._link = link
        self._scripts = scripts
        self._key = scripts.keys.api_keys
        self._used = scripts.keys.api_keys_used
        self._clock = clock
        self._settings = settings

    async def create(
        self, name: str, role: Role, actor: str, once: Idempotency | None = None
    ) -> tuple[ApiKey, str | None]:
        """Store a new key and return it with its text, which is never shown again.

        Sent again with the same `once` the first key is returned, without its text.
        """
        _check_name(name)
        key_id = "".join(secrets.choice(_ID_ALPHABET) for _ in range(8))
        token = f"mj_{key_id}_{secrets.token_urlsafe(32)}"
        bare = key_of(_pepper(self._settings), name, role, token)
        made = replace(bare, created_at=self._clock.now_ms(), created_by=actor)
        scope, body = ("", "") if once is None else (once.scope, once.body_hash)
        word, stored = await self._scripts.run("create_key", key_id, _packed(made), MAX_KEYS, scope, body)
        if word == "FULL":
            raise LimitExceeded(f"there are {MAX_KEYS:,} keys: revoke some. / Kunci sudah terlalu banyak.")
        if word == "MISMATCH":
            raise IdempotencyMismatch(
                "This Idempotency-Key made a key of another name or role. / "
                "Idempotency-Key ini sudah dipakai dengan isi lain."
            )
        return (made, token) if word == "OK" else (await self._made_before(stored), None)

    async def _made_before(self, key_id: str) -> ApiKey:
        text = await self._link.call("HGET", self._key, key_id)
        if text is None:
            raise Conflict(
                f"This Idempotency-Key made key {key_id}, which was revoked since. / "
                f"Kunci {key_id} dari Idempotency-Key ini sudah dicabut."
            )
        return _unpacked(key_id, text)

    async def list(self) -> list[ApiKey]:
        """Return the stored keys, oldest first."""
        flat = await self._link.call("HGETALL", self._key)
        found = [_unpacked(key_id, text) for key_id, text in zip(flat[::2], flat[1::2], strict=True)]
        return sorted(found, key=lambda key: (key.created_at, key.key_id))

    async def last_used(self) -> dict[str, int]:
        """Return the start of the last day on which each key was used, epoch milliseconds, by id."""
        flat = await self._link.call("HGETALL", self._used)
        return {key_id: int(day) for key_id, day in zip(flat[::2], flat[1::2], strict=True)}

    async def mark_used(self, key_ids: Iterable[str], day_ms: int) -> None:
        """Keep the day on which these keys were used."""
        writes: list[Command] = [("HSET", self._used, key_id, day_ms) for key_id in key_ids]
        if writes:
            await self._link.calls(writes)

    async def revoke(self, key_id: str, *, even_last: bool = False) -> ApiKey:
        """Remove a key; KeyNotFound where no stored one has this id, LastAdminKey unless `even_last`."""
        text = await self._link.call("HGET", self._key, key_id)
        if text is None:
            raise KeyNotFound(key_id)
        spare = even_last or any(key.role is Role.ADMIN for key in fixed_keys(self._settings))
        # MISSING: it was there just now, so this call sent again, or somebody else, has removed it.
        if await self._scripts.run("revoke_key", key_id, "1" if spare else "") == "LAST_ADMIN":
            raise LastAdminKey(
                f"Key {key_id} is the last admin's: make another admin key first, or run "
                f"`multi-job keys revoke {key_id}` on the machine. / "
                "Ini kunci admin terakhir: buat yang lain dulu."
            )
        return _unpacked(key_id, text)

    async def keyring(self) -> Keyring:
        """Return the keys of now, stored and from API_KEYS."""
        stored = await self.list()
        fixed = fixed_keys(self._settings)
        pepper = _pepper(self._settings) if stored or fixed else b""
        return Keyring(pepper, [*stored, *fixed])


class Keyring:
    """The keys at one moment; tells who a key belongs to without asking anybody."""

    def __init__(self, pepper: bytes, keys: Iterable[ApiKey]) -> None:
        self._pepper = pepper
        self._by_id: Mapping[str, ApiKey] = {key.key_id: key for key in keys}

    def __len__(self) -> int:
        return len(self._by_id)

    def __contains__(self, key_id: str) -> bool:
        return key_id in self._by_id

    @property
    def keys_required(self) -> bool:
        """Whether a request needs a key, also on the machine itself."""
        return bool(self._by_id)

    def find(self, token: str) -> ApiKey | None:
        """Return the key with this text; None where there is none. Takes equally long for every near miss."""
        found = self._by_id.get(_id_of(token))
        digest = _digest(self._pepper, token)
        same = hmac.compare_digest(digest, found.digest if found else digest[::-1])
        return found if found is not None and same else None


def fixed_keys(settings: Settings) -> list[ApiKey]:
    """Return the keys of API_KEYS; ConfigurationError tells which entry cannot be read, never its secret."""
    entries = [entry for entry in settings.api_keys.get_secret_value().split(",") if entry.strip()]
    if not entries:
        return []
    pepper = _pepper(settings)
    return [_fixed_key(pepper, number, entry.strip()) for number, entry in enumerate(entries, 1)]


def _fixed_key(pepper: bytes, number: int, entry: str) -> ApiKey:
    name, _, rest = entry.partition(":")
    role, _, secret = rest.partition(":")
    if not _NAME.match(name) or role not in set(Role) or len(secret) < MIN_SECRET_CHARS:
        raise ConfigurationError(
            f"API_KEYS, entry {number}: must be name:role:secret, role one of {', '.join(Role)}, "
            f"the secret of at least {MIN_SECRET_CHARS} characters"
        )
    return key_of(pepper, name, Role(role), secret)


def key_of(pepper: bytes, name: str, role: Role, token: str) -> ApiKey:
    """Return the record of a key with this text."""
    return ApiKey(_id_of(token), name, role, 0, _digest(pepper, token))


def _check_name(name: str) -> None:
    if not _NAME.match(name):
        raise InvalidInput(
            "a key's name has 1 to 64 letters, digits, '.', '_', '@' or '-'. / Nama kunci tidak sah."
        )


def _pepper(settings: Settings) -> bytes:
    return hmac.digest(settings.deployment_secret(), b"api-keys", "sha256")


def _digest(pepper: bytes, token: str) -> str:
    return hmac.new(pepper, token.encode(), hashlib.sha256).hexdigest()


def _id_of(token: str) -> str:
    ours = _TOKEN.match(token)
    # An operator's own secret has no id in it: a public hash finds it, and says nothing of the secret.
    return ours[1] if ours else hashlib.sha256(b"id:" + token.encode()).hexdigest()[:16]


def _packed(key: ApiKey) -> str:
    fields = {"name": key.name, "role": key.role, "created_at": key.created_at, "digest": key.digest}
    fields["created_by"] = key.created_by
    return orjson.dumps(fields).decode()


def _unpacked(key_id: str, text: str) -> ApiKey:
    fields = orjson.loads(text)
    made_by = fields.get("created_by", "")
    return ApiKey(
        key_id, fields["name"], Role(fields["role"]), fields["created_at"], fields["digest"], made_by
    )
