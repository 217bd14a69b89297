"""The exports of a run: pages for the platform tool, and sealed pieces of full backups."""

from __future__ import annotations

import asyncio
import base64
import itertools
from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from app.backup.full_reader import FullReader
from app.backup.sealed_archive import SealedArchive
from app.backup.sources import ExportReader
from app.backup.writer import LinePage
from app.core.errors import InvalidInput

if TYPE_CHECKING:
    from app.core.clock import Clock
    from app.core.config import Settings
    from app.core.redis_client import RedisLink
    from app.core.storage.scripts import Scripts


@dataclass(slots=True)
class _Sealed:
    """A full backup under way: its pages, and what seals them."""

    pages: AsyncIterator[LinePage]
    archive: SealedArchive
    is_finished: bool = False


class ToolExports:
    """The open exports of one attempt, for the platform tool; it returns their pages as JSON values."""

    def __init__(self, link: RedisLink, scripts: Scripts, clock: Clock, settings: Settings) -> None:
        self._link = link
        self._scripts = scripts
        self._clock = clock
        self._settings = settings
        self._numbers = itertools.count(1)
        self._open: dict[int, AsyncIterator[LinePage]] = {}
        self._sealed: dict[int, _Sealed] = {}

    async def begin(self, secrets: bool, logs: bool) -> tuple[int, dict[str, Any]]:
        """Return the export's number and its first page: the header."""
        reader = ExportReader(self._link, self._scripts, secrets=secrets, logs=logs)
        header = await reader.header()
        number = next(self._numbers)
        self._open[number] = reader.pages(header)
        return number, asdict(LinePage([header.model_dump_json()]))

    async def page(self, number: int) -> dict[str, Any] | None:
        """Return the next page; None at the end."""
        pages = self._open.get(number)
        if pages is None:
            raise InvalidInput(f"there is no export {number} under way")
        page = await anext(pages, None)
        if page is None:
            del self._open[number]
            return None
        return asdict(page)

    async def begin_sealed(self, passphrase: str, logs: bool) -> tuple[int, dict[str, Any]]:
        """Return a full backup's number and its first piece, sealed. No line of it leaves unsealed."""
        full = FullReader(self._link, self._scripts, self._clock, self._settings)
        reader = ExportReader(self._link, self._scripts, secrets=True, logs=logs, full=full)
        header = await reader.header()
        # scrypt needs half a second of a core.
        archive = await asyncio.to_thread(SealedArchive, passphrase)
        number = next(self._numbers)
        self._sealed[number] = _Sealed(reader.pages(header), archive)
        first = archive.add([header.model_dump_json()], {})
        return number, {**_piece(first, LinePage()), "planned": header.planned}

    async def sealed_page(self, number: int) -> dict[str, Any] | None:
        """Return the next sealed piece; None at the end."""
        sealed = self._sealed.get(number)
        if sealed is None:
            raise InvalidInput(f"there is no full backup {number} under way")
        page = await anext(sealed.pages, None)
        if page is None and sealed.is_finished:
            del self._sealed[number]
            return None
        if page is None:
            sealed.is_finished = True
            return _piece(await asyncio.to_thread(sealed.archive.finish), LinePage())
        return _piece(await asyncio.to_thread(sealed.archive.add, page.lines, page.counts), page)


def _piece(content: bytes, page: LinePage) -> dict[str, Any]:
    return {
        "content": base64.b64encode(content).decode(),
        "counts": page.counts,
        "unreadable": page.unreadable,
    }
