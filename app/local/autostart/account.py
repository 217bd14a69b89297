"""The service's own account: made by an installation for the machine that names no account."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from app.core.i18n import _
from app.local.output import LocalError

SERVICE_USER = "multi-job"
SERVICE_HOME = Path("/var/lib/multi-job")
"""The account's home, and the data folder of an installed package."""
_COMMENT = "Multi-Job Platform"
_NO_SHELL = "/usr/sbin/nologin"


def is_service_account(user: str) -> bool:
    """Return whether this is our account, made already or not.

    Raises LocalError if the name belongs to another account, which has a home of its own.
    """
    if user != SERVICE_USER or sys.platform == "win32":
        return False
    found = _home(user)
    if found is not None and found != SERVICE_HOME:
        raise LocalError(
            _(
                "{user} on this machine is another account, with the home {home}: name one with --run-as",
                user=user,
                home=found,
            )
        )
    return True


def make_account() -> None:
    """Make the account and its home, unless they exist. Only a Linux system has a known way."""
    if sys.platform != "linux":
        raise LocalError(_("name the account of the service: --run-as NAME"))
    if _home(SERVICE_USER) is None:
        _call_first_of(_COMMANDS)
    if SERVICE_HOME.is_symlink():
        raise LocalError(_("{folder} is a link: replace it by a folder", folder=SERVICE_HOME))
    if not SERVICE_HOME.exists():
        SERVICE_HOME.mkdir(mode=0o700)
        shutil.chown(SERVICE_HOME, SERVICE_USER, SERVICE_USER)


# Each makes a locked system account with a group of the same name. Every machine with systemd has the second.
_COMMANDS: Sequence[Sequence[str]] = (
    (
        *("useradd", "--system", "--user-group", "--no-create-home", "--home-dir", str(SERVICE_HOME)),
        *("--shell", _NO_SHELL, "--comment", _COMMENT, SERVICE_USER),
    ),
    (
        *("systemd-sysusers", "--inline"),
        f'u {SERVICE_USER} - "{_COMMENT}" {SERVICE_HOME} {_NO_SHELL}',
    ),
    (
        *("adduser", "--system", "--group", "--no-create-home", "--home", str(SERVICE_HOME)),
        *("--shell", _NO_SHELL, "--gecos", _COMMENT, SERVICE_USER),
    ),
)


def _call_first_of(commands: Sequence[Sequence[str]]) -> None:
    """Make the account with the first program that is installed; LocalError has the command to call."""
    for command in commands:
        program = shutil.which(command[0], path=_search())
        if program is None:
            continue
        done = subprocess.run([program, *command[1:]], check=False, capture_output=True, text=True)
        if done.returncode or _home(SERVICE_USER) is None:
            lines = (done.stdout + done.stderr).strip().splitlines()
            raise LocalError(_failed(command), details=lines)
        return
    raise LocalError(_failed(commands[0]))


def _search() -> str:
    # A shell of root that `su` made may lack the folders of root's programs.
    return os.pathsep.join((os.environ.get("PATH", os.defpath), "/usr/sbin", "/sbin"))


def _failed(command: Sequence[str]) -> str:

    return _(
        "the account {user} could not be made. Make it, then install again: {command}; or name another "
        "with --run-as",
        user=SERVICE_USER,
        command=shlex.join(command),
    )


def _home(user: str) -> Path | None:
    """Return an account's home folder; None if there is no such account."""
    import pwd  # noqa: PLC0415  Windows has none

    try:
        found = pwd.getpwnam(user)
    except KeyError:
        return None
    if found.pw_uid == 0:
        raise LocalError(_("{user} on this machine is root: name an account with --run-as", user=user))
    return Path(found.pw_dir)
