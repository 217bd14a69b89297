"""What the account of a service can reach: the program, its settings, and data that root made earlier."""

from __future__ import annotations

import os
import shlex
import stat
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.core.home.places import IS_CHECKOUT, PACKAGE_FOLDER, PROJECT_ROOT
from app.core.i18n import _
from app.local.autostart.entry import StartAtBoot
from app.local.output import LocalError

if TYPE_CHECKING:
    import pwd

_ROOT_ID = 0
_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH


def as_account(user: str) -> dict[str, Any]:
    """Return the arguments of subprocess.run that make a child another account, without our groups."""
    import pwd  # noqa: PLC0415  Windows has none

    return {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []}


def check_program(entry: StartAtBoot) -> None:
    """Raise LocalError if the account cannot start the program in its working directory.

    A unit would be installed, and fail at each start with a line in the journal alone.
    """
    advice = _advice(entry)
    settings = entry.root / ".env"
    _check(entry, entry.root, "-x", advice["root"])
    if settings.exists():
        _check(entry, settings, "-r", advice["settings"])
    _check(entry, Path(entry.python), "-x", advice["program"])
    _check(entry, PACKAGE_FOLDER, "-r", advice["program"])
    for folder in entry.writable:
        if folder.exists():
            _check(entry, folder, "-w", f"chown -R {entry.user} {shlex.quote(str(folder))}")
    command = [entry.python, *entry.launcher, "--help"]
    environment = {"PATH": os.defpath, **entry.environment}
    done = _run(command, cwd=entry.root, env=environment, **as_account(entry.user))
    if done.returncode:
        lines = (done.stdout + done.stderr).strip().splitlines()[-5:]
        raise LocalError(
            _("{user} cannot start {python}", user=entry.user, python=entry.python), details=lines
        )


def _advice(entry: StartAtBoot) -> Mapping[str, str]:
    """Return the next step for each part that may be closed."""
    user, file = shlex.quote(entry.user), shlex.quote(str(entry.root / ".env"))
    again = f"{shlex.quote(str(Path(entry.python).with_name('multi-job')))} service install --system"
    if IS_CHECKOUT:
        move = f"mv {shlex.quote(str(PROJECT_ROOT))} /opt/multi-job"
        moved = _(
            "move the checkout to a folder that every account can read, and install again there: {command}",
            command=move,
        )
        return {
            "root": moved,
            "program": moved,
            "settings": f"chgrp {user} {file} && chmod 640 {file}",
        }
    folder = shlex.quote(str(entry.user_home))
    return {
        "root": _(
            "call it in a folder that {user} can read, with the `.env` there: {command}",
            user=entry.user,
            command=f"cd {folder} && {again}",
        ),
        "program": _(
            "install the package for every account: {command}",
            command="python3 -m venv /opt/multi-job && /opt/multi-job/bin/pip install dist/multi_job-*.whl",
        ),
        "settings": f"chgrp {user} {file} && chmod 640 {file}",
    }


def _check(entry: StartAtBoot, path: Path, right: str, advice: str) -> None:
    if _may(entry.user, right, path):
        return
    parents = [*reversed(path.parents), *reversed(path.resolve().parents)]
    closed = next((each for each in parents if not _may(entry.user, "-x", each)), path)
    raise LocalError(
        _(
            "{user} has no access to {path}: {closed} is closed to it",
            user=entry.user,
            path=path,
            closed=closed,
        ),
        details=[advice],
    )


def _may(user: str, right: str, path: Path) -> bool:
    """Return what `test` says as that account: the kernel decides, also by access lists."""
    done = _run(["/bin/sh", "-c", 'test "$1" "$2"', "test", right, str(path)], cwd="/", **as_account(user))
    return done.returncode == 0


def _run(command: list[str], **options: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, check=False, capture_output=True, text=True, **options)


# Data of an earlier installation that ran as root.


def has_roots_data(entry: StartAtBoot) -> bool:
    """Return whether root owns data or logs of this installation."""
    return bool(_folders_of_root(entry))


def hand_over(entry: StartAtBoot) -> None:
    """Give root's data and logs to the account of the service; nothing may use them meanwhile.

    Links are changed themselves and not followed. LocalError, before anything is changed, if a file belongs
    to a third account, has a second name, or is on another file system: it may be more than data of ours.
    """
    import pwd  # noqa: PLC0415  Windows has none

    account = pwd.getpwnam(entry.user)
    folders = _folders_of_root(entry)
    for folder in folders:
        _check_top(folder, entry.user)
        # From now on no other account can change what is checked below.
        folder.chmod(0o700)
    for folder in folders:
        for name, where in _walk(folder):
            _check_entry(folder, name, where, account)
    for folder in folders:
        for name, where in _walk(folder):
            os.chown(name, account.pw_uid, account.pw_gid, dir_fd=where, follow_symlinks=False)
        # The last one: before, the account could not enter the folder.
        os.chown(folder, account.pw_uid, account.pw_gid, follow_symlinks=False)


def _folders_of_root(entry: StartAtBoot) -> list[Path]:
    folders = (entry.data_dir, entry.logs_dir)
    return [each for each in folders if os.path.lexists(each) and each.lstat().st_uid == _ROOT_ID]


def _walk(folder: Path) -> Iterator[tuple[str, int]]:
    """Yield each entry below a folder as its name and the descriptor of its folder, the deepest first."""
    for _path, names, files, where in os.fwalk(folder, topdown=False, follow_symlinks=False):
        for name in (*files, *names):
            yield name, where


def _check_top(folder: Path, user: str) -> None:
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_mode & _OTHERS_WRITE:
        quoted = shlex.quote(str(folder))
        raise LocalError(
            _("{folder} is not a folder that root alone can write: look at it first", folder=folder),
            details=[f"ls -lR {quoted}", f"chown -R {user} {quoted}"],
        )


def _check_entry(folder: Path, name: str, where: int, account: pwd.struct_passwd) -> None:
    found = os.stat(name, dir_fd=where, follow_symlinks=False)
    linked = stat.S_ISREG(found.st_mode) and found.st_nlink > 1
    if found.st_uid in {_ROOT_ID, account.pw_uid} and not linked and found.st_dev == folder.lstat().st_dev:
        return
    path = Path(f"/proc/self/fd/{where}").readlink() / name
    raise LocalError(
        _(
            "{path} belongs to another account, has a second name, or is on another file system: the data "
            "are not handed over",
            path=path,
        ),
        details=[
            f"ls -la {shlex.quote(str(path))}",
            f"chown -R {account.pw_name} {shlex.quote(str(folder))}",
        ],
    )
