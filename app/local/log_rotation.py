"""Rotation of log files, at a start and during operation."""

from __future__ import annotations

import os
import shutil
import sys
from contextlib import suppress
from pathlib import Path

MAX_LOG_BYTES = 10 * 1024 * 1024
KEPT_LOGS = 3
"""Rotated files that are kept: `x.log.1` is the newest."""


def rotate(log_file: Path) -> int:
    """Set a log above 10 MB aside, at a start. Return the size of the file that lines are added to."""
    # Windows refuses to rename a file that is open elsewhere. It then grows until the next start.
    with suppress(OSError):
        if log_file.stat().st_size > MAX_LOG_BYTES:
            _shift(log_file)
            log_file.replace(_numbered(log_file, 1))
    return log_file.stat().st_size if log_file.exists() else 0


def rotate_open(log_file: Path) -> bool:
    """Copy a log above 10 MB and empty it, while a process appends to it; False if there was no need.

    The process keeps its open file, so this works for programs that can't reopen their log. A line that is
    written between the copy and the emptying, a few microseconds, is lost. Not on Windows: there a process
    does not append, and would go on at its old position.
    """
    if sys.platform == "win32":
        return False
    try:
        if log_file.stat().st_size <= MAX_LOG_BYTES:
            return False
        staged = log_file.with_name(f"{log_file.name}.copy")
        descriptor = os.open(staged, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with log_file.open("rb+") as source, os.fdopen(descriptor, "wb") as copy:
            shutil.copyfileobj(source, copy)
            copy.flush()
            # Lines that were written meanwhile.
            shutil.copyfileobj(source, copy)
            copy.flush()
            source.truncate(0)
    except OSError:
        # A full disk, for example. The log grows until there is room for the copy.
        return False
    _shift(log_file)
    staged.replace(_numbered(log_file, 1))
    return True


def _shift(log_file: Path) -> None:
    for number in range(KEPT_LOGS - 1, 0, -1):
        with suppress(FileNotFoundError):
            _numbered(log_file, number).replace(_numbered(log_file, number + 1))


def _numbered(log_file: Path, number: int) -> Path:
    return log_file.with_name(f"{log_file.name}.{number}")
