"""The keys behind the audit's MACs: of this machine, and those of earlier rotations, sealed in Redis."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from app.core.access.audit.chain import ChainKeys, chain_key
from app.core.errors import SecretUnreadable
from app.core.secret_keys import available_keys, deployment_keys, key_file, previous_key_file
from app.core.secrets.sealing import SecretBox

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.core.config import Settings
    from app.core.redis_client import RedisLink
    from app.core.storage.keys import Keys


class AuditKeys:
    """The keys as this process knows them; the files are read again if they changed."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._files = (str(key_file(settings)), str(previous_key_file(settings)))
        self._stamp: object = None
        self.known = ChainKeys({}, {})
        self.last_position = 0
        """The highest position that this process has written in any log: it orders those of a millisecond."""

    def refresh(self, *, again: bool = False) -> None:
        """Read this machine's keys if they are not known or have changed; makes one if there is none."""
        stamp = tuple(map(_stamp_of, self._files))
        if not again and self.known.own and stamp == self._stamp:
            return
        own = {key.fingerprint: chain_key(key.secret) for key in deployment_keys(self._settings)}
        self._stamp, self.known = stamp, ChainKeys(own, self.known.earlier)

    async def read_earlier(self, link: RedisLink, names: Keys) -> list[str]:
        """Read the keys of earlier rotations; return the fingerprints of those that no key here opens.

        Makes no key.
        """
        secrets = [key.secret for key in available_keys(self._settings)]
        own = {key.fingerprint: chain_key(key.secret) for key in available_keys(self._settings)}
        earlier: dict[str, bytes] = {}
        unreadable: list[str] = []
        for key_id, sealed in (await link.hash(names.audit_keys)).items():
            opened = _opened(key_id, sealed, secrets)
            if opened is None:
                unreadable.append(key_id)
            else:
                earlier[key_id] = opened
        self.known = ChainKeys(own, earlier)
        return unreadable

    async def seal_all(self, link: RedisLink, names: Keys, more: Mapping[str, bytes] | None = None) -> None:
        """Seal all known keys and `more` under the current secret key, and store them. May be done again."""
        await self.read_earlier(link, names)
        secret = deployment_keys(self._settings)[0].secret
        for key_id, key in {**self.known.earlier, **self.known.own, **(more or {})}.items():
            sealed = SecretBox(secret).seal(key.hex(), _context(key_id))
            await link.call("HSET", names.audit_keys, key_id, sealed)
        await self.read_earlier(link, names)


def _opened(key_id: str, sealed: str, secrets: list[bytes]) -> bytes | None:
    for secret in secrets:
        try:
            return bytes.fromhex(SecretBox(secret).open(sealed, _context(key_id)))
        except (SecretUnreadable, ValueError):
            continue
    return None


def _context(key_id: str) -> str:
    return f"audit:{key_id}"


def _stamp_of(path: str) -> tuple[int, int] | None:
    try:
        found = os.stat(path)  # noqa: PTH116  at each entry
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns
