"""The export operation of the platform tool: open exports of one attempt."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

from app.backup.sources import ExportReader
from app.core.errors import InvalidInput

if TYPE_CHECKING:
    from app.backup.writer import LinePage
    from app.core.redis_client import RedisLink
    from app.core.storage.scripts import Scripts


class ToolExports:
    """Begins exports and returns their pages, as JSON values."""

    def __init__(self, link: RedisLink, scripts: Scripts) -> None:
        self._link = link
        self._scripts = scripts
        self._numbers = itertools.count(1)
        self._open: dict[int, AsyncIterator[LinePage]] = {}

    async def begin(self, secrets: bool, logs: bool) -> tuple[int, dict[str, Any]]:
        """Return the export's number and its first page: the header."""
        reader = ExportReader(self._link, self._scripts, secrets=secrets, logs=logs)
        header = await reader.header()
        number = next(self._numbers)
        self._open[number] = reader.pages(header)
        return number, {"lines": [header.model_dump_json()], "counts": {}, "unreadable": 0}

    async def page(self, number: int) -> dict[str, Any] | None:
        """Return the next page; None at the end."""
        pages = self._open.get(number)
        if pages is None:
            raise InvalidInput(f"there is no export {number} under way")
        page = await anext(pages, None)
        if page is None:
            del self._open[number]
            return None
        return {"lines": page.lines, "counts": page.counts, "unreadable": page.unreadable}
