"""A lock between processes that the system releases by itself when its holder dies."""

from __future__ import annotations

import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from app import local_windows
from app.local_errors import LocalError

if sys.platform != "win32":
    import fcntl


@contextmanager
def file_lock(path: Path, *, wait_seconds: float) -> Generator[None]:
    """Hold `path` exclusively; LocalError where another process keeps it for longer than `wait_seconds`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    deadline = time.monotonic() + wait_seconds
    with path.open("ab+") as file:
        while not _try_lock(file):
            if time.monotonic() > deadline:
                raise LocalError(
                    f"another start or stop is at work ({path})",
                    "start atau stop lain sedang berjalan",
                )
            time.sleep(0.05)
        yield


def _try_lock(file: IO[bytes]) -> bool:
    if sys.platform == "win32":
        return local_windows.try_lock(file)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
