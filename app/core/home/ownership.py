"""Whether only this user, or root, can have written a file."""

from __future__ import annotations

import os
import stat
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from app.core.errors import ConfigurationError
from app.core.i18n import _

if TYPE_CHECKING:
    from pathlib import Path

    from app.core.i18n import Message

_ROOT = 0


def why_foreign(path: Path) -> Message | None:
    """Return why somebody else may have written this file; None if only this user or root can.

    Raises OSError if there is no such file. Windows has no such modes: there every file counts as own.
    """
    if sys.platform == "win32":
        return None
    link, target = path.lstat(), path.stat()
    for found in (link, target):
        if found.st_uid not in _own_ids():
            return _("it belongs to the user {owner}", owner=_user_name(found.st_uid))
    if target.st_mode & stat.S_IWOTH or (target.st_mode & stat.S_IWGRP and not _is_private(target.st_gid)):
        return _("other users may change it (mode {mode})", mode=f"{stat.S_IMODE(target.st_mode):03o}")
    return None


def refuse_foreign(path: Path) -> None:
    """Raise ConfigurationError if the file exists and somebody else may have written it."""
    try:
        reason = why_foreign(path)
    except FileNotFoundError:
        return
    except OSError as error:
        reason = error.strerror or str(error)
    if reason is not None:
        raise ConfigurationError(
            _(
                "{file} is not used: {reason}. Run the command as its owner, or `chmod go-w` and `chown` the "
                "file if it is yours, or set the variables in the environment in another folder.",
                file=path.absolute(),
                reason=reason,
            )
        )


def _own_ids() -> set[int]:
    own = os.geteuid()
    ids = {_ROOT, own}
    # Somebody who may use sudo is the same person: `sudo multi-job keys list` in their own folder works.
    if own == _ROOT:
        with suppress(KeyError, ValueError):
            ids.add(int(os.environ["SUDO_UID"]))
    return ids


def _is_private(group: int) -> bool:
    """Return whether a group has this user alone: many systems give each user such a group, and umask 002."""
    import grp  # noqa: PLC0415  Windows has none
    import pwd  # noqa: PLC0415

    try:
        user, found = pwd.getpwuid(os.geteuid()), grp.getgrgid(group)
    except KeyError:
        return False
    return user.pw_gid == group and found.gr_name == user.pw_name and not set(found.gr_mem) - {user.pw_name}


def _user_name(uid: int) -> str:
    import pwd  # noqa: PLC0415  Windows has none

    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
