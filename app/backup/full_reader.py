"""Reads the parts that only a full backup has."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from app.backup.audit_entries import audit_records, planned_entries
from app.backup.full_parts import FULL_PARTS, PART_OF
from app.backup.writer import LinePage, chunks
from app.core.access.key_store import KeyStore
from app.core.access.records import sealed_pepper
from app.core.secret_keys import available_keys, deployment_secrets

if TYPE_CHECKING:
    from app.core.clock import Clock
    from app.core.config import Settings
    from app.core.files.exports import Kind
    from app.core.redis_client import RedisLink
    from app.core.storage.scripts import Scripts

RECORDS_AT_ONCE = 500
_OF_THIS_MACHINE = frozenset(
    {
        *("redis_url", "redis_port", "redis_password", "redis_password_file", "shard_urls", "shards"),
        *("multi_job_home", "namespace", "api_host", "api_port", "secret_key", "secret_key_previous"),
    }
)
"""Settings that name a machine, not the behaviour of the deployment."""


def set_names(settings: Settings) -> list[str]:
    """Return the names of the settings that are set on this machine, as variables; never their values."""
    return sorted(name.upper() for name in settings.model_fields_set - _OF_THIS_MACHINE)


class FullReader:
    """Reads what an ordinary export leaves out. It needs SECRET_KEY; its caller seals the result."""

    def __init__(self, link: RedisLink, scripts: Scripts, clock: Clock, settings: Settings) -> None:
        self._link = link
        self._scripts = scripts
        self._keys = scripts.keys
        self._settings = settings
        self._store = KeyStore(link, scripts, clock, settings)

    @property
    def environment(self) -> list[str]:
        """Return the names of the settings that are set on this machine."""
        return set_names(self._settings)

    async def planned(self) -> dict[Kind, int]:
        """Return the approximate number of records."""
        keys = self._keys
        secrets, api_keys = await self._link.calls([("HLEN", keys.secrets), ("HLEN", keys.api_keys)])
        entries = await planned_entries(self._link, keys)
        return {"secret": secrets, "api_key": api_keys, "audit": entries}

    async def first_pages(self) -> AsyncIterator[LinePage]:
        """Yield the keys that seal, then API keys, then the secrets of jobs."""
        yield _page(
            "secret_key", [(key.fingerprint, key.secret.decode()) for key in available_keys(self._settings)]
        )
        stored = await self._store.read()
        if stored.texts:
            pepper = sealed_pepper(stored.pepper, deployment_secrets(self._settings)[0])
            yield _page("api_keys_pepper", [("pepper", pepper)])
        for some in chunks(sorted(stored.texts.items()), RECORDS_AT_ONCE):
            yield _page("api_keys", some)
        for part in FULL_PARTS:
            if part.hash_key is not None:
                found = await self._link.hash(part.hash_key(self._keys))
                for some in chunks(sorted(found.items()), RECORDS_AT_ONCE):
                    yield _page(part.family, some)

    async def last_pages(self) -> AsyncIterator[LinePage]:
        """Yield the audit log."""
        async for family, records in audit_records(self._link, self._scripts, self._settings):
            yield _page(family, records)


def _page(family: str, records: list[tuple[str, str]]) -> LinePage:
    page = LinePage()
    for name, text in records:
        page.add(PART_OF[family].kind, family=family, name=name, text=text)
    return page
