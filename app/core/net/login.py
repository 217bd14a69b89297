"""The stored login of `multi-job login`: one address of an API and the key for it."""

from __future__ import annotations

import json
import os
import stat
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.core.errors import ConfigurationError
from app.core.home.places import config_folder
from app.core.i18n import Message, _
from app.core.net.credentials import typed_key

_OTHERS = stat.S_IRWXG | stat.S_IRWXO


@dataclass(frozen=True, slots=True)
class StoredLogin:
    """An address and the key that is sent to it alone."""

    url: str
    key: str = field(repr=False)


def login_file() -> Path:
    """Return the file of the login, in the user's own folder of settings."""
    return config_folder() / "login.json"


def read_login() -> StoredLogin | None:
    """Return the stored login; None if there is none.

    Raises ConfigurationError if others may read or have written the file, or if it is damaged.
    """
    file = login_file()
    try:
        found = file.lstat()
        if reason := _why_unsafe(found):
            raise ConfigurationError(_("{file} is not used: {reason}", file=file, reason=reason))
        stored: Any = json.loads(file.read_text("utf-8"))
        url, key = stored["url"], typed_key(stored["key"])
    # A service user may have a home that it cannot enter: it has no login.
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _damaged(file) from error
    if not isinstance(url, str) or key is None:
        raise _damaged(file)
    return StoredLogin(url, key)


def store_login(login: StoredLogin) -> Path:
    """Replace the stored login by this one; return its file, which only this user can read."""
    file = login_file()
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    staged = file.with_name(f"{file.name}.{os.getpid()}")
    with suppress(FileNotFoundError):
        staged.unlink()
    descriptor = os.open(staged, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as opened:
        json.dump({"url": login.url, "key": login.key}, opened)
    staged.replace(file)
    return file


def remove_login() -> bool:
    """Remove the stored login; return whether there was one."""
    try:
        login_file().unlink()
    except (FileNotFoundError, NotADirectoryError):
        return False
    return True


def _why_unsafe(found: os.stat_result) -> Message | None:
    if not stat.S_ISREG(found.st_mode):
        return _("it is no plain file. Remove it and run `multi-job login` again.")
    if sys.platform == "win32":
        return None
    if found.st_uid != os.geteuid():
        return _("it belongs to another user. Run `multi-job login` as the user of this terminal.")
    if found.st_mode & _OTHERS:
        return _("other users may read it. Make a new key, and run `multi-job login` with it.")
    return None


def _damaged(file: Path) -> ConfigurationError:
    return ConfigurationError(
        _("{file} cannot be read as a login. Run `multi-job login` again, or `multi-job logout`.", file=file)
    )
