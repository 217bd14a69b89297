"""The file of the local key: where it is, and whether its owner alone can read it."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Final

from app.core.home.running import own_home

LOCAL_KEY_FILE: Final = "local.key"


def local_key_file() -> Path:
    """Return the path of this deployment's local key, for a client."""
    return own_home() / "runtime-data" / LOCAL_KEY_FILE


def read_local_key(path: Path) -> str | None:
    """Return the key; None if there is none. Raises PermissionError if it is not private to our user.

    It never follows a link, so that no other file is sent as a key.
    """
    try:
        found = path.lstat()
    except OSError:
        return None
    if not stat.S_ISREG(found.st_mode):
        raise PermissionError(f"{path} is no file")
    if os.name == "posix" and (found.st_mode & 0o077 or found.st_uid != os.geteuid()):
        raise PermissionError(f"chmod 600 {path}, as its owner")
    try:
        return path.read_text("ascii").strip() or None
    except (OSError, UnicodeDecodeError):
        return None
