"""Files below FILES_ROOT, at paths that the policy allows; writes are atomic."""

from __future__ import annotations

import base64
import contextlib
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.core.errors import MultiJobError
from app.core.files.root import FileInfo
from app.core.tools.base import ToolFacade

if TYPE_CHECKING:
    from app.core.tools.base import ToolCaller

CHUNK_BYTES = 262_144
"""The size of one line over a child process's pipe, before base64."""
DEFAULT_READ_BYTES = 1_048_576


@dataclass(frozen=True, slots=True)
class PublishResult:
    """The place of a content: `redis`, `s3`, `folder`, or `host` for this machine alone."""

    place: str
    reason: str = ""
    """Why it is on this machine alone."""


class FilesTool(ToolFacade):
    """Plain files, by relative paths with `/`. Other processes and jobs see the same root.

    Raises PathRefused (a path that leaves the root, a link, a device), PolicyDenied, LimitExceeded (the
    root's quota, the policy's bytes), DiskFull, FilesUnavailable, and FileMissing in `read`.
    """

    __slots__ = ()

    async def write(self, path: str, content: str | bytes) -> FileInfo:
        """Write a whole file, replacing an existing one; text is UTF-8."""
        async with self.writer(path) as writer:
            await writer.write(content)
        return writer.info

    @asynccontextmanager
    async def writer(self, path: str) -> AsyncGenerator[FileWriter]:
        """Write a file piece by piece.

        It gets its name at the end of the block, or never if the block raises.
        """
        number = await self._caller.call("files", "open", path)
        writer = FileWriter(self._caller, number)
        try:
            yield writer
            await writer.close()
        except BaseException:
            # The error was raised already; at the end of the attempt no partial file remains either way.
            with contextlib.suppress(MultiJobError):
                await self._caller.call("files", "abort", number)
            raise

    async def read(self, path: str, max_bytes: int = DEFAULT_READ_BYTES) -> bytes:
        """Return a file's bytes; LimitExceeded if it has more than `max_bytes`, 8 MB at most."""
        return base64.b64decode(await self._caller.call("files", "read", path, max_bytes))

    async def stat(self, path: str) -> FileInfo | None:
        """Return the facts of a file; None if there is none."""
        answer = await self._caller.call("files", "stat", path)
        return None if answer is None else FileInfo(**answer)

    async def list(self, prefix: str = "") -> list[FileInfo]:
        """Return the files whose paths begin with a prefix and are allowed by the policy, by path."""
        return [FileInfo(**answer) for answer in await self._caller.call("files", "list", prefix)]

    async def delete(self, path: str) -> bool:
        """Remove a file; False if there was none."""
        return await self._caller.call("files", "delete", path)

    async def publish(self, kind: str, name: str, paths: Sequence[str]) -> PublishResult:
        """List files on the artifacts page, as one record of kind `report` or `export`.

        The record's id is `<job>@<name>`; a later record with the same id replaces it. A copy of the files
        goes to ARTIFACTS_URL, so that every machine can read them; the result says so if it does not.
        """
        return PublishResult(**await self._caller.call("files", "publish", kind, name, list(paths)))

    async def withdraw(self, kind: str, name: str) -> bool:
        """Remove a record of this job from the list; False if there was none. Its files stay."""
        return await self._caller.call("files", "withdraw", kind, name)


class FileWriter:
    """A file that is being written; small pieces are sent together."""

    __slots__ = ("_caller", "_info", "_number", "_pending")

    def __init__(self, caller: ToolCaller, number: int) -> None:
        self._caller = caller
        self._number = number
        self._pending = bytearray()
        self._info: FileInfo | None = None

    @property
    def info(self) -> FileInfo:
        """Return the facts of the file; only after its end."""
        if self._info is None:
            raise RuntimeError("the file is still being written")
        return self._info

    async def write(self, content: str | bytes) -> None:
        """Append to the file; text is UTF-8. Raises LimitExceeded, DiskFull."""
        self._pending += content.encode() if isinstance(content, str) else content
        while len(self._pending) >= CHUNK_BYTES:
            await self._send(CHUNK_BYTES)

    async def close(self) -> None:
        """Send the rest and give the file its name; called at the end of the block."""
        if self._pending:
            await self._send(len(self._pending))
        self._info = FileInfo(**await self._call("commit"))

    async def _send(self, count: int) -> None:
        piece = bytes(self._pending[:count])
        await self._call("chunk", base64.b64encode(piece).decode())
        del self._pending[:count]

    async def _call(self, op: str, *args: Any) -> Any:
        return await self._caller.call("files", op, self._number, *args)
