"""A small file system that a test may fill up."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

_CHUNK = 65_536


class SmallDisk:
    """A mounted tmpfs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._filler = folder / "filler"

    def fill(self) -> None:
        """Use up every byte that is left."""
        with self._filler.open("wb", buffering=0) as file:
            for size in (_CHUNK, 1):
                _write_until_full(file.fileno(), b"\0" * size)

    def free(self) -> None:
        """Give the room back."""
        self._filler.unlink(missing_ok=True)


@contextmanager
def small_disk(folder: Path, megabytes: int = 16) -> Generator[SmallDisk]:
    """Mount a disk at `folder`; skip the test if that is not permitted here, unless in CI."""
    folder.mkdir(parents=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)]
    try:
        done = subprocess.run(mount, check=False, capture_output=True, text=True, timeout=30)
        refusal = done.stderr.strip() if done.returncode else ""
    except OSError as error:
        refusal = str(error)
    if refusal:
        reason = f"a small disk cannot be mounted here: {refusal}"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    try:
        yield SmallDisk(folder)
    finally:
        # Lazily: a process that a failed test has left may still have a file open.
        subprocess.run(["umount", "--lazy", str(folder)], check=True, timeout=30)


def _write_until_full(descriptor: int, chunk: bytes) -> None:
    try:
        while os.write(descriptor, chunk):
            pass
    except OSError:
        return
