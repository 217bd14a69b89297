"""The memory that a process may use: the machine's, or less in a control group."""

from __future__ import annotations

from pathlib import Path

import psutil
import pytest

from app.core.system import MEGABYTE, default_maxmemory_mb, usable_bytes


def _write(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "ascii")
    return root


@pytest.mark.parametrize(
    ("files", "limit_mb"),
    [
        ({"proc/self/cgroup": "0::/\n", "sys/fs/cgroup/memory.max": f"{600 * MEGABYTE}\n"}, 600),
        ({"proc/self/cgroup": "0::/a/b\n", "sys/fs/cgroup/a/memory.max": f"{700 * MEGABYTE}\n"}, 700),
        (
            {
                "proc/self/cgroup": "4:cpu,memory:/docker/1\n0::/\n",
                "sys/fs/cgroup/memory/docker/1/memory.limit_in_bytes": f"{800 * MEGABYTE}\n",
            },
            800,
        ),
        (
            {
                "proc/self/cgroup": "0::/a/b\n",
                "sys/fs/cgroup/a/b/memory.max": "max\n",
                "sys/fs/cgroup/a/memory.max": f"{500 * MEGABYTE}\n",
            },
            500,
        ),
    ],
)
def test_limit_of_a_control_group_counts(tmp_path: Path, files: dict[str, str], limit_mb: int) -> None:
    """Version 1 and 2, our own group or one above it, the smallest of all."""
    assert usable_bytes(_write(tmp_path, files)) == limit_mb * MEGABYTE


def test_machine_without_control_groups_has_all_of_its_memory(tmp_path: Path) -> None:
    """Nothing to read, or no limit: what the system reports."""
    assert usable_bytes(tmp_path) == psutil.virtual_memory().total
    files = {"proc/self/cgroup": "0::/\n", "sys/fs/cgroup/memory.max": "max\n"}
    assert usable_bytes(_write(tmp_path, files)) == psutil.virtual_memory().total


@pytest.mark.parametrize(("total_mb", "default_mb"), [(512, 256), (1_024, 256), (4_096, 1_024)])
def test_redis_gets_a_quarter_and_at_least_256_mb(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, total_mb: int, default_mb: int
) -> None:
    """Small machines keep a server that is of use."""

    class Memory:
        total = total_mb * MEGABYTE

    monkeypatch.setattr(psutil, "virtual_memory", Memory)
    assert default_maxmemory_mb(tmp_path) == default_mb
