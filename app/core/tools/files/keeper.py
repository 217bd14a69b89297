"""Copies the files of a published record to a place that every machine reaches."""

from __future__ import annotations

import asyncio
import os
import secrets
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from app.core.errors import DiskFull, FilesUnavailable, LimitExceeded, RedisFull
from app.core.files.artifacts import PIECE_BYTES, ArtifactPlace, packed
from app.core.files.stores import open_artifact_store
from app.core.i18n import _
from app.core.observability import get_logger

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.core.files.root import FilesRoot
    from app.core.tools.base import FencedScripts, ToolDependencies

_MB, _DAY_MS = 1_048_576, 86_400_000
_DOOMED_AT_ONCE = 20

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class KeptContent:
    """The result of a copy: the arguments of `tools/publish`, and why there is none."""

    arguments: Mapping[str, str | int] = field(default_factory=dict[str, "str | int"])
    reason: str = ""


class ContentKeeper:
    """Copies for all attempts of a process."""

    def __init__(self, root: FilesRoot, threads: ThreadPoolExecutor, dependencies: ToolDependencies) -> None:
        settings = dependencies.settings
        self._root = root
        self._threads = threads
        self._link = dependencies.link
        self._keys = dependencies.scripts.keys
        self._clock = dependencies.clock
        self._store = open_artifact_store(settings, dependencies.clock)
        self._max_bytes = round(min(settings.artifacts_max_mb, settings.artifacts_total_mb) * _MB)
        self._limits = {
            "total_bytes": round(settings.artifacts_total_mb * _MB * settings.server_part),
            "keep_ms": round(settings.artifacts_days * _DAY_MS),
        }

    async def keep(
        self, scripts: FencedScripts, kind: str, record: str, files: Sequence[Mapping[str, Any]]
    ) -> KeptContent:
        """Copy the files; if that fails, they stay on this machine, and the result has the reason.

        A copy that no record names within an hour is removed. Raises LeaseLost, FileMissing.
        """
        try:
            if self._store is None:
                return await self._to_redis(scripts, files)
            return await self._to_store(scripts, f"{kind}/{record}", files)
        except (FilesUnavailable, DiskFull, LimitExceeded, RedisFull) as error:
            log.warning("content of an artifact stays on this machine", record=record, reason=error.message)
            return self._on_host(error.message)

    async def remove_doomed(self) -> None:
        """Remove some contents from the store that no record names any more; what fails is due again."""
        if self._store is None:
            return
        doomed = self._keys.artifacts_doomed
        paths = await self._link.call(
            "ZRANGEBYSCORE", doomed, "-inf", self._clock.now_ms(), "LIMIT", 0, _DOOMED_AT_ONCE
        )
        for path in paths:
            try:
                await self._store.remove(path)
            except FilesUnavailable as error:
                log.warning("an old content was not removed", path=path, reason=error.message)
                return
            await self._link.call("ZREM", doomed, path)

    async def _to_redis(self, scripts: FencedScripts, files: Sequence[Mapping[str, Any]]) -> KeptContent:
        loop = asyncio.get_running_loop()
        pieces = await loop.run_in_executor(self._threads, self._packed, files)
        if pieces is None:
            return self._on_host(
                _(
                    "it is larger than {limit:g} MB (ARTIFACTS_MAX_MB), the most that Redis keeps.",
                    limit=self._max_bytes / _MB,
                )
            )
        content = secrets.token_hex(12)
        for name, text in pieces.items():
            await scripts.run("tools/stage_artifact", content=content, name=name, piece=text)
        size = sum(map(len, pieces.values()))
        return self._kept(ArtifactPlace.REDIS, content=content, size=size)

    def _packed(self, files: Sequence[Mapping[str, Any]]) -> dict[str, str] | None:
        """Return the pieces of all files, compressed; None if they are too large."""
        pieces: dict[str, str] = {}
        left = self._max_bytes
        for number, each in enumerate(files):
            with os.fdopen(self._root.open_read(each["path"]), "rb") as file:
                piece = 0
                # An empty file has one empty piece.
                while (raw := file.read(PIECE_BYTES)) or not piece:
                    text = pieces[f"{number}:{piece}"] = packed(raw)
                    left -= len(text)
                    if left < 0:
                        return None
                    piece += 1
        return pieces

    async def _to_store(
        self, scripts: FencedScripts, place: str, files: Sequence[Mapping[str, Any]]
    ) -> KeptContent:
        assert self._store is not None  # noqa: S101 - the caller has looked
        folder = f"{self._keys.namespace}/{place}/{secrets.token_hex(12)}"
        paths = [f"{folder}/{number}-{_name(each)}" for number, each in enumerate(files)]
        # Before the upload: a worker that dies meanwhile leaves nothing that is not on the list.
        await scripts.run("tools/doom_artifact", objects="\n".join(paths))
        for path, each in zip(paths, files, strict=True):
            with os.fdopen(self._root.open_read(each["path"]), "rb") as file:
                await self._store.put(path, file)
        return self._kept(self._store.place, objects="\n".join(paths))

    def _kept(
        self, place: ArtifactPlace, *, content: str = "", size: int = 0, objects: str = ""
    ) -> KeptContent:
        found = {"place": place, "content": content, "size": size, "objects": objects}
        return KeptContent({**found, **self._limits})

    def _on_host(self, reason: str) -> KeptContent:
        return KeptContent(self._kept(ArtifactPlace.HOST).arguments, reason)


def _name(file: Mapping[str, Any]) -> str:
    return str(file["path"]).rpartition("/")[2]
