"""Stores of reports and exports outside of Redis: a shared folder, or an S3-compatible service."""

from __future__ import annotations

import asyncio
import os
from importlib.util import find_spec
from pathlib import Path
from typing import IO, TYPE_CHECKING, Protocol
from urllib.parse import unquote, urlsplit

from app.core.errors import ConfigurationError
from app.core.files.artifacts import PIECE_BYTES, ArtifactPlace
from app.core.files.root import FilesRoot
from app.core.i18n import _

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from app.core.clock import Clock
    from app.core.config import Settings


class ArtifactStore(Protocol):
    """Contents by path."""

    @property
    def place(self) -> ArtifactPlace: ...

    async def put(self, path: str, file: IO[bytes]) -> None:
        """Store a whole file, replacing an earlier one; raises FilesUnavailable, DiskFull, LimitExceeded."""
        ...

    def read(self, path: str) -> AsyncGenerator[bytes]:
        """Yield the content in pieces; raises FileMissing, FilesUnavailable."""
        ...

    async def remove(self, path: str) -> None:
        """Remove a content; does nothing if there is none. Raises FilesUnavailable."""
        ...


def open_artifact_store(settings: Settings, clock: Clock) -> ArtifactStore | None:
    """Return the store that ARTIFACTS_URL names; None for Redis. Raises ConfigurationError."""
    if not settings.artifacts_url:
        return None
    if settings.artifacts_url.startswith("file://"):
        return FolderStore(settings, clock)
    if find_spec("obstore") is None:
        raise ConfigurationError(
            _(
                "ARTIFACTS_URL={url} needs the extra s3: pip install 'multi-job[s3]'",
                url=settings.artifacts_url,
            )
        )
    # 16 MB that only processes with such a store load, at its first use.
    from app.core.files.object_store import ObjectStore  # noqa: PLC0415

    return ObjectStore(settings)


class FolderStore:
    """A folder that all machines mount. It has the quota of FILES_ROOT."""

    place = ArtifactPlace.FOLDER

    def __init__(self, settings: Settings, clock: Clock) -> None:
        folder = Path(unquote(urlsplit(settings.artifacts_url).path))
        self._root = FilesRoot.of(settings, clock, folder)

    async def put(self, path: str, file: IO[bytes]) -> None:
        """Store a file under a temporary name, flush it and rename it."""
        await asyncio.to_thread(self._copy, path, file)

    async def read(self, path: str) -> AsyncGenerator[bytes]:
        """Yield the content in pieces."""
        descriptor = await asyncio.to_thread(self._root.open_read, path)
        with os.fdopen(descriptor, "rb") as file:
            while piece := await asyncio.to_thread(file.read, PIECE_BYTES):
                yield piece

    async def remove(self, path: str) -> None:
        """Remove a file, and the folders that it leaves empty."""
        await asyncio.to_thread(self._root.delete, path)

    def _copy(self, path: str, file: IO[bytes]) -> None:
        writer = self._root.open_writer(path)
        try:
            while piece := file.read(PIECE_BYTES):
                writer.write(piece)
            writer.commit()
        finally:
            writer.abort()
