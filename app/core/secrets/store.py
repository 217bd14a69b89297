"""Secrets that jobs name as `secret:NAME`: saved, listed, never read back.

Each is sealed, and bound to its hosts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import orjson

from app.core.errors import FieldProblem, InvalidInput, LimitExceeded, SecretNotFound, StateConflict
from app.core.i18n import _, concat
from app.core.redaction import redactor
from app.core.secrets.hosts import read_hosts

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.core.clock import Clock
    from app.core.redis_client import RedisLink
    from app.core.secrets.sealing import SecretBox
    from app.core.storage.keys import Keys
    from app.core.storage.scripts import Scripts

# The key that seals a deployment's secrets: its fingerprint in Redis.


@dataclass(frozen=True, slots=True)
class SealingKey:
    """The stored record. A fingerprint is empty if there is none."""

    key_id: str
    previous_id: str
    """The key that a rotation under way replaces."""
    rotated_at: int
    """Epoch milliseconds of the end of the last rotation; 0 if there was none."""


async def read_sealing_key(link: RedisLink, keys: Keys) -> SealingKey:
    """Return the stored record."""
    names = ("id", "previous", "rotated_at")
    key_id, previous, rotated = await link.call("HMGET", keys.secret_key, *names)
    return SealingKey(key_id or "", previous or "", int(rotated or 0))


async def sealing_key(link: RedisLink, keys: Keys) -> str:
    """Return the fingerprint of the key to seal with; empty if no process has registered one."""
    return await link.call("HGET", keys.secret_key, "id") or ""


# Stored secrets of jobs: the sealed value and its hosts.


@dataclass(frozen=True, slots=True)
class SecretInfo:
    """A secret without its value."""

    name: str
    hosts: tuple[str, ...]
    """Empty for a secret of an earlier version: it is sent nowhere."""
    updated_at: int
    """Epoch milliseconds."""
    updated_by: str


@dataclass(frozen=True, slots=True)
class SecretRecord:
    """A stored secret; `sealed` opens with the deployment's box only."""

    info: SecretInfo
    sealed: str

    @classmethod
    def of(cls, name: str, text: str) -> SecretRecord:
        """Return the record that a stored text holds."""
        fields = orjson.loads(text)
        info = SecretInfo(name, tuple(fields.get("hosts", ())), fields["at"], fields["by"])
        return cls(info, fields["sealed"])

    def text(self) -> str:
        """Return the text that is stored."""
        info = self.info
        fields = {"sealed": self.sealed, "hosts": info.hosts, "at": info.updated_at, "by": info.updated_by}
        return orjson.dumps(fields).decode()

    def opened(self, box: SecretBox) -> str:
        """Return the value; raises SecretUnreadable."""
        return box.open(self.sealed, context_of(self.info.name))


def context_of(name: str) -> str:
    """Return the context that a secret's seal is bound to."""
    return f"secret:{name}"


async def read_secrets(link: RedisLink, keys: Keys) -> dict[str, SecretRecord]:
    """Return all secrets by name, sealed."""
    return {name: SecretRecord.of(name, text) for name, text in (await link.hash(keys.secrets)).items()}


class SecretReader:
    """Reads secrets for tools; `box` is opened at the first value."""

    def __init__(self, link: RedisLink, keys: Keys, box: Callable[[], SecretBox]) -> None:
        self._link = link
        self._keys = keys
        self._box = box

    async def records(self) -> dict[str, SecretRecord]:
        """Return all secrets by name, sealed."""
        return await read_secrets(self._link, self._keys)

    def opened(self, record: SecretRecord) -> str:
        """Return a secret's value; raises SecretUnreadable."""
        return record.opened(self._box())


MAX_SECRETS = 1_000
MIN_CHARS, MAX_CHARS = 4, 8_192
"""A shorter value occurs in ordinary text by chance, so it could not be redacted."""
SECRET_NAME_PATTERN = r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}"  # noqa: S105  names, not values
_NAME = re.compile(SECRET_NAME_PATTERN)
_TRIES = 5


@dataclass(frozen=True, slots=True)
class SecretDraft:
    """A secret to be saved. A value or hosts that are None keep the stored ones."""

    name: str
    value: str | None = None
    hosts: Sequence[str] | None = None


@dataclass(frozen=True, slots=True)
class SecretSaved:
    """A secret after a save; `before` is None if it is new."""

    info: SecretInfo
    before: SecretInfo | None


class SecretStore:
    """The secrets of a deployment."""

    def __init__(self, link: RedisLink, scripts: Scripts, clock: Clock, box: SecretBox) -> None:
        self._link = link
        self._scripts = scripts
        self._keys = scripts.keys
        self._clock = clock
        self._box = box

    async def put(self, draft: SecretDraft, actor: str) -> SecretSaved:
        """Save a secret; InvalidInput names each field that does not fit."""
        if draft.value is not None:
            redactor.register(draft.value)
        for _turn in range(_TRIES):
            text = await self._link.call("HGET", self._keys.secrets, draft.name)
            before = None if text is None else SecretRecord.of(draft.name, text)
            key_id = await sealing_key(self._link, self._keys)
            record = self._record(draft, before, actor, key_id)
            is_new = before is None or record.sealed != before.sealed
            word = await self._scripts.run(
                "secrets/save",
                name=draft.name,
                seen=text or "",
                record=record.text(),
                max_secrets=str(MAX_SECRETS),
                sealed=record.sealed if is_new else "",
            )
            if word == "FULL":
                raise LimitExceeded(_("there are {max_secrets:,} secrets.", max_secrets=MAX_SECRETS))
            if word == "OK":
                return SecretSaved(record.info, None if before is None else before.info)
        raise StateConflict(_("The secret changes all the time: try again."))

    def _record(
        self, draft: SecretDraft, before: SecretRecord | None, actor: str, key_id: str
    ) -> SecretRecord:
        hosts = _checked(draft, before)
        info = SecretInfo(draft.name, hosts, self._clock.now_ms(), actor)
        if draft.value is None and before is not None:
            return SecretRecord(info, before.sealed)
        return SecretRecord(info, self._box.seal(draft.value or "", context_of(draft.name), key_id))

    async def info(self, name: str) -> SecretInfo:
        """Return a secret without its value; raises SecretNotFound."""
        text = await self._link.call("HGET", self._keys.secrets, name)
        if text is None:
            raise SecretNotFound(name[:100])
        return SecretRecord.of(name, text).info

    async def list(self) -> list[SecretInfo]:
        """Return all secrets by name, without their values."""
        found = await read_secrets(self._link, self._keys)
        return sorted((record.info for record in found.values()), key=lambda info: info.name)

    async def infos(self, names: Iterable[str]) -> dict[str, SecretInfo]:
        """Return those of the named secrets that exist."""
        wanted = sorted(set(names))
        if not wanted:
            return {}
        found = await self._link.call("HMGET", self._keys.secrets, *wanted)
        pairs = zip(wanted, found, strict=True)
        return {name: SecretRecord.of(name, text).info for name, text in pairs if text is not None}

    async def delete(self, name: str) -> None:
        """Forget a secret; raises SecretNotFound."""
        # Asked first: a deletion that is sent again after a lost answer finds nothing, and is done.
        await self.info(name)
        await self._link.call("HDEL", self._keys.secrets, name)


def _checked(draft: SecretDraft, before: SecretRecord | None) -> tuple[str, ...]:
    """Return the hosts that the saved secret will have; raises InvalidInput."""
    problems: list[FieldProblem] = []
    if not _NAME.fullmatch(draft.name):
        message = _("a name looks like {secret_name_pattern}", secret_name_pattern=SECRET_NAME_PATTERN)
        problems.append(FieldProblem("/name", message, "invalid"))
    if not _is_value(draft.value, before):
        message = _(
            "{min_chars} to {max_chars:,} printable characters, no spaces around",
            min_chars=MIN_CHARS,
            max_chars=MAX_CHARS,
        )
        problems.append(FieldProblem("/value", message, "invalid"))
    stored = () if before is None else before.info.hosts
    hosts, refused = (stored, []) if draft.hosts is None and stored else read_hosts(draft.hosts or ())
    problems += refused
    if problems:
        listed = concat(*(concat(each.pointer, ": ", each.message) for each in problems), separator="; ")
        raise InvalidInput(_("The secret does not fit. {listed}", listed=listed), tuple(problems))
    return hosts


def _is_value(value: str | None, before: SecretRecord | None) -> bool:
    if value is None:
        return before is not None
    return MIN_CHARS <= len(value) <= MAX_CHARS and value.isprintable() and value == value.strip()
