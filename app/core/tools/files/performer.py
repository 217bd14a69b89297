"""Performs the calls of the files tool, in threads.

Threads are needed because disk I/O blocks.

Unfinished files are removed when the attempt ends.
"""

from __future__ import annotations

import asyncio
import base64
import itertools
import os
import socket
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, TypeVar, cast

import orjson

from app.core.errors import InvalidInput, LeaseLost, LimitExceeded
from app.core.files.artifacts import MAX_FILES, MAX_RECORDS, is_record_name, record_id
from app.core.files.exports import HEAD_BYTES, holds_secrets
from app.core.files.paths import check_path
from app.core.files.root import MAX_READ_BYTES, AtomicFileWriter, FilesRoot
from app.core.i18n import _
from app.core.records import ArtifactKind
from app.core.tools.base import ByteBudget
from app.core.tools.files.keeper import ContentKeeper

if TYPE_CHECKING:
    from app.core.policies import Allowance
    from app.core.tools.base import FencedScripts, ToolDependencies, ToolFactory

T = TypeVar("T")

MAX_OPEN_FILES = 8


def files_factory(dependencies: ToolDependencies) -> ToolFactory:
    """Return the factory of the files tool; all attempts share one root and its threads."""
    root = FilesRoot.of(dependencies.settings, dependencies.clock)
    threads = ThreadPoolExecutor(max_workers=4, thread_name_prefix="files")
    keeper = ContentKeeper(root, threads, dependencies)
    return lambda attempt, scripts, allowance: FilesPerformer(
        root, threads, allowance, scripts, attempt.run.job_id, keeper=keeper
    )


class FilesPerformer:
    """Performs the calls of one attempt."""

    def __init__(
        self,
        root: FilesRoot,
        threads: ThreadPoolExecutor,
        allowance: Allowance,
        scripts: FencedScripts,
        job_id: str,
        *,
        keeper: ContentKeeper,
    ) -> None:
        self._keeper = keeper
        self._scripts = scripts
        self._job_id = job_id
        self._root = root
        self._threads = threads
        self._allowance = allowance
        self._budget = ByteBudget(allowance)
        self._numbers = itertools.count(1)
        self._writers: dict[int, AtomicFileWriter | None] = {}
        self._closed = False
        self._lock = threading.Lock()

    async def perform(self, op: str, args: tuple[Any, ...]) -> Any:
        match op, args:
            case "read", (path, max_bytes):
                return await self._read(self._allowed(path), _read_limit(max_bytes))
            case "stat", (path,):
                found = await self._in_thread(self._root.stat, self._allowed(path))
                return None if found is None else asdict(found)
            case "list", (prefix,):
                found = await self._in_thread(self._root.list, prefix)
                return [asdict(file) for file in found if self._allowance.allows("paths", file.path)]
            case "delete", (path,):
                return await self._in_thread(self._root.delete, self._allowed(path))
            case _:
                return await self._write(op, args)

    def close(self) -> None:
        """Discard the unfinished files; called once the attempt is over."""
        with self._lock:
            self._closed = True
            left = list(self._writers)
        for number in left:
            self._give_up(number)

    async def _write(self, op: str, args: tuple[Any, ...]) -> Any:
        match op, args:
            case "open", (path,):
                return await self._open(self._allowed(path))
            case "chunk", (int() as number, str() as content):
                await self._chunk(number, base64.b64decode(content))
            case "commit", (int() as number,):
                return await self._commit(number)
            case "abort", (int() as number,):
                await self._abort(number)
            case "publish", (kind, name, paths):
                return await self._publish(kind, name, paths)
            case "withdraw", (kind, name):
                return (await self._record("drop", kind, name))[0] == "OK"
            case _:
                raise InvalidInput(f"files.{op} does not take these {len(args)} arguments")
        return None

    async def _publish(self, kind: Any, name: Any, paths: Any) -> dict[str, str]:
        if not isinstance(paths, list) or not 0 < len(cast("list[Any]", paths)) <= MAX_FILES:
            raise InvalidInput(f"a record has 1 to {MAX_FILES} files")
        files: list[dict[str, Any]] = []
        for path in cast("list[Any]", paths):
            size_bytes, sha256 = await self._in_thread(self._root.digest, self._allowed(path))
            file: dict[str, Any] = {"path": path, "bytes": size_bytes, "sha256": sha256}
            if kind == ArtifactKind.EXPORT:
                file["secrets"] = await self._in_thread(self._has_secrets, path)
            files.append(file)
        record = self._record_id(kind, name)
        kept = await self._keeper.keep(self._scripts, kind, record, files)
        answer = await self._record(
            "put",
            kind,
            name,
            files=orjson.dumps(files),
            host=socket.gethostname(),
            max_records=MAX_RECORDS,
            **kept.arguments,
        )
        await self._keeper.remove_doomed()
        return {"place": answer[1], "reason": kept.reason}

    def _has_secrets(self, path: str) -> bool:
        descriptor = self._root.open_read(path)
        try:
            return holds_secrets(os.read(descriptor, HEAD_BYTES))
        finally:
            os.close(descriptor)

    async def _record(self, op: str, kind: Any, name: Any, **more: str | bytes | int) -> list[Any]:
        record = self._record_id(kind, name)
        return await self._scripts.run("tools/publish", op=op, kind=kind, record=record, **more)

    def _record_id(self, kind: Any, name: Any) -> str:
        if kind not in set(ArtifactKind) or not is_record_name(name):
            raise InvalidInput(f"kind and name are no record's: {str(kind)[:50]!r}, {str(name)[:80]!r}")
        return record_id(self._job_id, name)

    def _allowed(self, path: Any) -> str:
        # The form is checked first: an invalid path is not a path that a policy could name.
        check_path(path)
        self._allowance.require("paths", path)
        return path

    async def _open(self, path: str) -> int:
        if len(self._writers) >= MAX_OPEN_FILES:
            raise LimitExceeded(
                _(
                    "an attempt writes at most {max_open_files} files at a time.",
                    max_open_files=MAX_OPEN_FILES,
                )
            )
        number = next(self._numbers)
        self._writers[number] = None
        try:
            await self._in_thread(self._open_as, number, path)
        except BaseException:
            self._give_up(number)
            raise
        return number

    def _open_as(self, number: int, path: str) -> None:
        writer = self._root.open_writer(path)
        with self._lock:
            # The caller may be gone: cancelled, or its attempt over.
            wanted = not self._closed and number in self._writers
            if wanted:
                self._writers[number] = writer
        if not wanted:
            writer.abort()
            raise LeaseLost(f"{path!r} is not written: its attempt is over")

    async def _chunk(self, number: int, content: bytes) -> None:
        writer = self._writer(number)
        try:
            self._budget.take(len(content))
            await self._in_thread(writer.write, content)
        except BaseException:
            self._give_up(number)
            raise

    async def _abort(self, number: int) -> None:
        with self._lock:
            writer = self._writers.pop(number, None)
        if writer is not None:
            await self._in_thread(writer.abort)

    async def _commit(self, number: int) -> dict[str, Any]:
        writer = self._writer(number)
        try:
            return asdict(await self._in_thread(writer.commit))
        finally:
            self._give_up(number)

    async def _read(self, path: str, max_bytes: int) -> str:
        left = self._budget.left
        content = await self._in_thread(
            self._root.read, path, max_bytes if left is None else min(max_bytes, left)
        )
        self._budget.take(len(content))
        return base64.b64encode(content).decode()

    def _writer(self, number: int) -> AtomicFileWriter:
        writer = self._writers.get(number)
        if writer is None:
            raise InvalidInput(f"there is no file {number} being written")
        return writer

    def _give_up(self, number: int) -> None:
        """Forget a file, and remove its unfinished data."""
        with self._lock:
            writer = self._writers.pop(number, None)
        if writer is not None:
            self._threads.submit(writer.abort)

    async def _in_thread(self, call: Callable[..., T], *args: Any) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, lambda: call(*args))


def _read_limit(max_bytes: Any) -> int:
    if not isinstance(max_bytes, int) or isinstance(max_bytes, bool) or not 0 < max_bytes <= MAX_READ_BYTES:
        raise InvalidInput(f"max_bytes must be within 1 and {MAX_READ_BYTES:,}")
    return max_bytes
