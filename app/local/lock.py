"""A lock between processes, released at its holder's end. Standard library only."""

from __future__ import annotations

import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from app.core.i18n import _
from app.local.output import LocalError

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl


@contextmanager
def file_lock(path: Path, *, wait_seconds: float) -> Generator[None]:
    """Hold `path` exclusively; raises LocalError if another process keeps it for longer."""
    path.parent.mkdir(parents=True, exist_ok=True)
    deadline = time.monotonic() + wait_seconds
    with path.open("ab+") as file:
        while not _try_lock(file):
            if time.monotonic() > deadline:
                raise LocalError(_("another start or stop is at work ({path})", path=path))
            time.sleep(0.05)
        yield


def _try_lock(file: IO[bytes]) -> bool:
    """Lock the file (on Windows its first byte) without waiting; the system releases it with the process."""
    try:
        if sys.platform == "win32":
            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
