"""Secrets that jobs name as `secret:NAME`: sealed at rest, opened for tools alone, never read back."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import orjson

from app.core.errors import FieldProblem, InvalidInput, LimitExceeded, SecretNotFound
from app.core.redaction import redactor

if TYPE_CHECKING:
    from app.core.clock import Clock
    from app.core.keys import Keys
    from app.core.redis_client import RedisLink
    from app.core.secrets import SecretBox

MAX_SECRETS = 1_000
MIN_CHARS, MAX_CHARS = 4, 8_192
"""What is shorter stands in ordinary text by chance, and could not be kept out of what people read."""
SECRET_NAME_PATTERN = r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}"  # noqa: S105  names, not values
_NAME = re.compile(SECRET_NAME_PATTERN)


@dataclass(frozen=True, slots=True)
class SecretInfo:
    """A secret as anybody may see it."""

    name: str
    updated_at: int
    """Epoch milliseconds."""
    updated_by: str


class SecretStore:
    """The secrets of a deployment."""

    def __init__(self, link: RedisLink, keys: Keys, clock: Clock, box: SecretBox) -> None:
        self._link = link
        self._key = keys.secrets
        self._clock = clock
        self._box = box

    async def put(self, name: str, value: str, actor: str) -> tuple[SecretInfo, bool]:
        """Set a secret; True where there was none of this name. InvalidInput says what does not fit."""
        redactor.register(value)
        _check(name, value)
        known, count = await self._link.calls([("HEXISTS", self._key, name), ("HLEN", self._key)])
        if not known and count >= MAX_SECRETS:
            raise LimitExceeded(f"there are {MAX_SECRETS:,} secrets. / Rahasia sudah terlalu banyak.")
        info = SecretInfo(name, self._clock.now_ms(), actor)
        fields = {"sealed": self._box.seal(value, _context(name)), "at": info.updated_at, "by": actor}
        await self._link.call("HSET", self._key, name, orjson.dumps(fields).decode())
        return info, not known

    async def open(self, name: str) -> str | None:
        """Return a secret's value, kept out of logs and answers from now on; raises SecretUnreadable."""
        text = await self._link.call("HGET", self._key, name)
        if text is None:
            return None
        value = self._box.open(orjson.loads(text)["sealed"], _context(name))
        redactor.register(value)
        return value

    async def info(self, name: str) -> SecretInfo:
        """Return what may be known of a secret; raises SecretNotFound."""
        text = await self._link.call("HGET", self._key, name)
        if text is None:
            raise SecretNotFound(name[:100])
        return _info(name, text)

    async def list(self) -> list[SecretInfo]:
        """Return all secrets by name, without their values."""
        flat = await self._link.call("HGETALL", self._key)
        found = [_info(name, text) for name, text in zip(flat[::2], flat[1::2], strict=True)]
        return sorted(found, key=lambda info: info.name)

    async def missing(self, names: Iterable[str]) -> list[str]:
        """Return those of the names that no secret has."""
        wanted = sorted(set(names))
        if not wanted:
            return []
        found = await self._link.call("HMGET", self._key, *wanted)
        return [name for name, text in zip(wanted, found, strict=True) if text is None]

    async def delete(self, name: str) -> None:
        """Forget a secret; raises SecretNotFound."""
        # Asked first: a deletion that is sent again after a lost answer finds nothing, and is done.
        await self.info(name)
        await self._link.call("HDEL", self._key, name)


def _info(name: str, text: str) -> SecretInfo:
    fields = orjson.loads(text)
    return SecretInfo(name, fields["at"], fields["by"])


def _context(name: str) -> str:
    return f"secret:{name}"


def _check(name: str, value: str) -> None:
    problems: list[FieldProblem] = []
    if not _NAME.fullmatch(name):
        message = f"a name looks like {SECRET_NAME_PATTERN} / nama tidak sah"
        problems.append(FieldProblem("/name", message, "invalid"))
    if not MIN_CHARS <= len(value) <= MAX_CHARS or not value.isprintable() or value != value.strip():
        message = (
            f"{MIN_CHARS} to {MAX_CHARS:,} printable characters, no spaces around / nilai rahasia tidak sah"
        )
        problems.append(FieldProblem("/value", message, "invalid"))
    if problems:
        told = "; ".join(f"{each.pointer}: {each.message}" for each in problems)
        raise InvalidInput(f"The secret does not fit. {told}", tuple(problems))
