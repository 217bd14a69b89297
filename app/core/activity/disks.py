"""Free space of the disks with the data, logs and files of a process, sent with its heartbeat."""

from __future__ import annotations

import asyncio
import shutil
from typing import TYPE_CHECKING, Final

import orjson

from app.core.records import DiskSpace

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from app.core.config import Settings

EACH_SEC: Final = 60.0


def folders_of(settings: Settings) -> dict[str, Path]:
    """Return the folders that fill up, by name."""
    return {
        "data": settings.data_dir,
        "logs": settings.multi_job_home / "runtime-logs",
        "files": settings.files_dir,
    }


def read_disks(folders: Mapping[str, Path]) -> list[DiskSpace]:
    """Return each disk once, with the names of the folders on it; folders that do not exist have none."""
    found = dict[int, DiskSpace]()
    for name, folder in folders.items():
        try:
            device = folder.stat().st_dev
            usage = shutil.disk_usage(folder)
        except OSError:
            continue
        known = found.get(device)
        names = name if known is None else f"{known.folders}, {name}"
        # Without the part that the system keeps for root.
        found[device] = DiskSpace(names, str(folder), usage.free, usage.used + usage.free)
    return list(found.values())


class DiskReader:
    """Reads the disks each minute in a thread, because a network disk may hang."""

    def __init__(self, settings: Settings, monotonic: Callable[[], float]) -> None:
        self._folders = folders_of(settings)
        self._monotonic = monotonic
        self._due_at = 0.0
        self._reading: asyncio.Future[list[DiskSpace]] | None = None
        self._last = list[DiskSpace]()

    def newest(self) -> str:
        """Return the last reading as JSON, and begin another one if it is due."""
        if self._reading is not None and self._reading.done():
            self._last, self._reading = self._reading.result(), None
        if self._reading is None and self._monotonic() >= self._due_at:
            self._due_at = self._monotonic() + EACH_SEC
            loop = asyncio.get_running_loop()
            self._reading = loop.run_in_executor(None, read_disks, self._folders)
        return orjson.dumps(self._last).decode()


def stored_disks(text: str) -> tuple[DiskSpace, ...]:
    """Return the disks of a heartbeat; none of a process of an earlier version."""
    return tuple(DiskSpace(**each) for each in orjson.loads(text or "[]"))
