"""The public view of status pages, kept for some seconds, and for as long as Redis is away.

A file for each page in the deployment's folder survives a restart of the process.
"""

from __future__ import annotations

import asyncio
import os
import re
from typing import TYPE_CHECKING, Final

from pydantic import ValidationError

from app.core.errors import StatusPageNotFound, Unavailable
from app.core.observability import get_logger
from app.core.status_pages.figures import aged
from app.core.status_pages.models import SLUG_PATTERN, PublicStatus

if TYPE_CHECKING:
    from pathlib import Path

    from app.core.clock import Clock
    from app.core.status_pages.store import StatusPageStore

FRESH_SEC: Final = 15.0
"""Readers in this time get the same view: a crowd costs one read."""
RETRY_SEC: Final = 5.0
"""While Redis is away, it is asked so often; others get the last known view at once."""
_SLUG = re.compile(SLUG_PATTERN)
log = get_logger(__name__)


class StatusPageCache:
    """Returns the public view of a page, if need be the last known one."""

    def __init__(self, store: StatusPageStore, clock: Clock, folder: Path) -> None:
        self._store = store
        self._clock = clock
        self._folder = folder
        self._known: dict[str, PublicStatus] = {}
        self._fresh_until: dict[str, float] = {}
        self._outage: Unavailable | None = None
        self._retry_at = 0.0
        self._turn = asyncio.Lock()

    async def get(self, slug: str) -> PublicStatus:
        """Return the view; StatusPageNotFound, or Unavailable if Redis is away and none is known."""
        if not _SLUG.fullmatch(slug):
            raise StatusPageNotFound(slug)
        async with self._turn:
            now = self._clock.monotonic()
            if now < self._fresh_until.get(slug, float("-inf")):
                return aged(self._known[slug], self._clock.now_ms(), stale=False)
            if self._outage is not None and now < self._retry_at:
                return await self._last_known(slug, self._outage)
            return await self._read(slug)

    async def forget(self, slug: str) -> None:
        """Drop a view: its page has changed, or is public no more."""
        async with self._turn:
            await self._drop(slug)

    async def _read(self, slug: str) -> PublicStatus:
        try:
            status = await self._store.public(slug)
        except StatusPageNotFound:
            await self._drop(slug)
            raise
        except Unavailable as error:
            self._retry_at = self._clock.monotonic() + RETRY_SEC
            self._outage = error
            return await self._last_known(slug, error)
        self._known[slug] = status
        self._fresh_until[slug] = self._clock.monotonic() + FRESH_SEC
        self._outage = None
        await asyncio.to_thread(self._write, status)
        return status

    async def _last_known(self, slug: str, outage: Unavailable) -> PublicStatus:
        known = self._known.get(slug) or await asyncio.to_thread(self._stored, slug)
        if known is None:
            raise outage
        self._known[slug] = known
        return aged(known, self._clock.now_ms(), stale=True)

    async def _drop(self, slug: str) -> None:
        self._known.pop(slug, None)
        self._fresh_until.pop(slug, None)
        await asyncio.to_thread(self._remove, slug)

    def _file(self, slug: str) -> Path:
        return self._folder / f"{slug}.json"

    def _write(self, status: PublicStatus) -> None:
        file = self._file(status.slug)
        half = file.with_suffix(f".{os.getpid()}.new")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            half.write_text(status.model_dump_json(), "utf-8")
            half.replace(file)
        except OSError as error:
            # Readers are served all the same; after a restart without Redis they are not.
            log.warning("the status page is not kept on disk", slug=status.slug, reason=str(error))

    def _stored(self, slug: str) -> PublicStatus | None:
        try:
            return PublicStatus.model_validate_json(self._file(slug).read_bytes())
        except FileNotFoundError:
            return None
        except (OSError, ValidationError) as error:
            log.warning("the kept status page can't be read", slug=slug, reason=type(error).__name__)
            return None

    def _remove(self, slug: str) -> None:
        try:
            self._file(slug).unlink(missing_ok=True)
        except OSError as error:
            log.warning("the kept status page can't be removed", slug=slug, reason=str(error))
