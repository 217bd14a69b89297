"""System resources: file locks, the limit on open files, usable memory, exit reports."""

from __future__ import annotations

import errno
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Final

import psutil

from app.core.observability import get_logger

if sys.platform != "win32":
    import fcntl

PREVIOUS_END = "MULTI_JOB_PREVIOUS_END"
"""The environment variable that carries the exit report of the replaced process."""


class FileLock:
    """An exclusive lock on a file (mode 0600, created if missing).

    The system releases it when its holder dies.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor: int | None = None

    def acquire(self) -> bool:
        """Take the lock; False if another process, or another lock of this one, holds it."""
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        if not _try_lock(descriptor):
            os.close(descriptor)
            return False
        self._descriptor = descriptor
        return True

    def release(self) -> None:
        """Release the lock; the file stays."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            os.close(descriptor)


def _try_lock(descriptor: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt  # noqa: PLC0415 - exists on Windows alone

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


# The limit on open files of this process, raised at its start.

MOST_OPEN_FILES: Final = 65_536
"""No deployment needs more, and some systems have a hard limit of a billion."""
_ENOUGH: Final = 4_096
_EXHAUSTED: Final = frozenset({errno.EMFILE, errno.ENFILE})

log = get_logger(__name__)


def raise_open_files() -> int | None:
    """Raise RLIMIT_NOFILE to its hard limit, at most 65,536; return the limit, None if there is none."""
    if sys.platform == "win32":
        return None
    import resource  # noqa: PLC0415  POSIX alone has it

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_OPEN_FILES if hard == resource.RLIM_INFINITY else min(hard, MOST_OPEN_FILES)
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return MOST_OPEN_FILES if soft == resource.RLIM_INFINITY else soft
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    except (OSError, ValueError) as error:
        reason = str(error)
        log.warning("the limit of open files could not be raised", limit=soft, wanted=wanted, reason=reason)
        return soft
    log.info("open files", limit=wanted, before=soft)
    if wanted < _ENOUGH:
        log.warning(
            "few files may be open at once: the service's `ulimit -Hn` (systemd: LimitNOFILE) raises it",
            limit=wanted,
        )
    return wanted


def is_out_of_files(error: OSError) -> bool:
    """Return whether this process, or the machine, has no descriptor left; it is temporary."""
    return error.errno in _EXHAUSTED


# The memory of this machine, or of the control group that limits this process.

MEGABYTE = 1_048_576
LEAST_REDIS_MB = 256
_REDIS_PART = 4
_ROOT = Path("/")


def usable_bytes(root: Path = _ROOT) -> int:
    """Return the smallest of the machine's memory and the limits of our control groups."""
    return min([psutil.virtual_memory().total, *_limits(root)])


def default_maxmemory_mb(root: Path = _ROOT) -> int:
    """Return a quarter of the memory in MB, at least 256. Rewrites of the append-only file need room too."""
    return max(LEAST_REDIS_MB, usable_bytes(root) // _REDIS_PART // MEGABYTE)


def _limits(root: Path) -> list[int]:
    """Return the limits of our groups and of those above them; a container sees its own at the top."""
    found: list[int] = []
    with suppress(OSError):
        lines = (root / "proc/self/cgroup").read_text("ascii").splitlines()
        for line in lines:
            _, controllers, path = line.split(":", 2)
            if controllers == "":
                found += _limits_above(root / "sys/fs/cgroup", path, "memory.max")
            elif "memory" in controllers.split(","):
                found += _limits_above(root / "sys/fs/cgroup/memory", path, "memory.limit_in_bytes")
    return found


def _limits_above(mount: Path, path: str, name: str) -> list[int]:
    group = mount / path.lstrip("/")
    folders = [group, *(folder for folder in group.parents if folder.is_relative_to(mount))]
    texts: list[str] = []
    for folder in folders:
        # A group that is not mounted here, or the top one, which has no limit.
        with suppress(OSError):
            texts.append((folder / name).read_text("ascii").strip())
    return [int(text) for text in texts if text.isdigit()]
