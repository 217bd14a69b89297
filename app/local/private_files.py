"""Files of an installation that only their owner can read."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from app.core.i18n import _
from app.local.output import print_line
from app.local.settings import LocalSettings

UMASK = 0o077
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
# Its builds hold no data and thousands of files; the folder above keeps other users out.
_LEFT_ALONE = frozenset({"ui"})


def create_private_files() -> None:
    """Make this process and its children create files for their owner only. No effect on Windows."""
    if sys.platform != "win32":
        os.umask(UMASK)


def make_private(settings: LocalSettings) -> list[Path]:
    """Remove the access of other users from data and logs; return folders to which they still have access.

    A file system without permissions, such as a Windows drive in WSL, leaves them as they are.
    """
    if sys.platform == "win32":
        return []
    folders = (settings.data_dir, settings.logs_dir)
    for folder in folders:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for path in _own_paths(folder):
            # Files may disappear meanwhile, or belong to a server of another user.
            with suppress(OSError):
                _close(path)
    return [folder for folder in folders if folder.stat().st_mode & _OTHERS]


def warn_of_open_folders(folders: Iterable[Path]) -> None:
    """Print a line for each folder to which other users have access."""
    for folder in folders:
        print_line(
            _(
                "attention: other users can read {folder}: the file system keeps no permissions; "
                "set MULTI_JOB_HOME to a folder on another one",
                folder=folder,
            )
        )


def _own_paths(folder: Path) -> Iterator[Path]:
    yield folder
    for parent, names, files in os.walk(folder):
        if Path(parent) == folder:
            names[:] = [name for name in names if name not in _LEFT_ALONE]
        yield from (Path(parent, name) for name in (*names, *files))


def _close(path: Path) -> None:
    found = path.lstat()
    if found.st_mode & _OTHERS and not stat.S_ISLNK(found.st_mode):
        path.chmod(stat.S_IMODE(found.st_mode) & ~_OTHERS)
