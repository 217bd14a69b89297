"""The memory of this machine, or of the control group that limits this process."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import psutil

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
