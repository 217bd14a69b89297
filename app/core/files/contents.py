"""Reads the contents of reports and exports in each of their places."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import TYPE_CHECKING

from app.core.errors import FileMissing, FilesUnavailable
from app.core.files.artifacts import PIECE_BYTES, ArtifactPlace, unpacked
from app.core.files.root import FilesRoot
from app.core.files.stores import open_artifact_store
from app.core.i18n import _
from app.core.observability import get_logger

if TYPE_CHECKING:
    from app.core.clock import Clock
    from app.core.config import Settings
    from app.core.files.artifacts import ArtifactFile, ArtifactRecord
    from app.core.redis_client import RedisLink
    from app.core.storage.keys import Keys

log = get_logger(__name__)


class ArtifactContents:
    """The contents that this process can reach: in Redis, in the store of ARTIFACTS_URL, on its own disk."""

    def __init__(self, link: RedisLink, keys: Keys, settings: Settings, clock: Clock) -> None:
        self._link = link
        self._keys = keys
        self._settings = settings
        self._clock = clock
        self._store = open_artifact_store(settings, clock)

    async def open(self, record: ArtifactRecord, file: ArtifactFile) -> ArtifactContent:
        """Return a file's content with its first piece, for the caller to close.

        A content that its place has lost is read from this machine's FILES_ROOT if it is there. Raises
        FileMissing, which names the machine that wrote it; FilesUnavailable; PathRefused.
        """
        if record.place is not ArtifactPlace.HOST:
            try:
                return await _begun(self._pieces(record, file))
            except (FileMissing, FilesUnavailable, ValueError) as error:
                log.warning("content of an artifact is not in its place", record=record.id, reason=str(error))
        return await _begun(self._from_disk(record, file))

    def _pieces(self, record: ArtifactRecord, file: ArtifactFile) -> AsyncGenerator[bytes]:
        number = record.files.index(file)
        if record.place is ArtifactPlace.REDIS:
            return self._from_redis(record.content, number, file.bytes)
        if self._store is None or self._store.place is not record.place:
            raise FilesUnavailable(
                _("{record} is in a store that ARTIFACTS_URL does not name here.", record=record.id)
            )
        return self._store.read(record.objects[number])

    async def _from_redis(self, content: str, number: int, size_bytes: int) -> AsyncGenerator[bytes]:
        for piece in range(max(1, -(-size_bytes // PIECE_BYTES))):
            text = await self._link.call("HGET", self._keys.artifact(content), f"{number}:{piece}")
            if text is None:
                raise FileMissing(_("it is no longer in Redis"))
            yield unpacked(text)

    async def _from_disk(self, record: ArtifactRecord, file: ArtifactFile) -> AsyncGenerator[bytes]:
        root = FilesRoot.of(self._settings, self._clock)
        try:
            descriptor = await asyncio.to_thread(root.open_read, file.path)
        except FileMissing as error:
            raise _elsewhere(record, file) from error
        reading: asyncio.Future[bytes] | None = None
        try:
            if os.fstat(descriptor).st_size != file.bytes:
                # Another file by now: its record is about to be written, or the file was edited.
                raise _elsewhere(record, file)
            while True:
                reading = asyncio.ensure_future(asyncio.to_thread(os.read, descriptor, PIECE_BYTES))
                piece = await asyncio.shield(reading)
                if not piece:
                    return
                yield piece
        finally:
            # A thread that still reads must not find another file under the same number.
            if reading is not None:
                await asyncio.wait({reading})
            os.close(descriptor)


class ArtifactContent:
    """An opened content. `head` is its first piece."""

    def __init__(self, head: bytes, pieces: AsyncGenerator[bytes]) -> None:
        self.head = head
        self._pieces = pieces

    async def read(self) -> AsyncGenerator[bytes]:
        """Yield the whole content, once."""
        async with aclosing(self._pieces) as rest:
            yield self.head
            async for piece in rest:
                yield piece

    async def close(self) -> None:
        """Release the source, read or not."""
        await self._pieces.aclose()


async def _begun(pieces: AsyncGenerator[bytes]) -> ArtifactContent:
    try:
        return ArtifactContent(await anext(pieces, b""), pieces)
    except BaseException:
        await pieces.aclose()
        raise


def _elsewhere(record: ArtifactRecord, file: ArtifactFile) -> FileMissing:
    return FileMissing(
        _(
            "{path!r} is only on the machine {host!r}, below its FILES_ROOT: it was too large for Redis, its "
            "time there is over, or an earlier release wrote it; or it was removed or changed since. "
            "ARTIFACTS_URL keeps contents in a place that every machine reaches.",
            path=file.path,
            host=record.host,
        )
    )
