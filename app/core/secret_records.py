"""Stored secrets of jobs: the sealed value and its hosts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import orjson

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.core.keys import Keys
    from app.core.redis_client import RedisLink
    from app.core.secrets import SecretBox


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
    flat = await link.call("HGETALL", keys.secrets)
    return {name: SecretRecord.of(name, text) for name, text in zip(flat[::2], flat[1::2], strict=True)}


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
