"""Registers the platform with the service manager of this machine, and removes it."""

from __future__ import annotations

import getpass
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from app.core.config import Settings
from app.core.home.places import IS_CHECKOUT
from app.core.i18n import _
from app.local.autostart import launchd, systemd, task_scheduler
from app.local.autostart.entry import Registration, StartAtBoot
from app.local.foreground import wait
from app.local.output import LocalError
from app.local.settings import DASHBOARD_NAMES, INSTANCE_VARIABLE, LocalSettings, parse_env_file

_MANAGERS: Mapping[str, Callable[[StartAtBoot], Registration]] = {
    "linux": systemd.registration,
    "darwin": launchd.registration,
    "win32": task_scheduler.registration,
}
_READY_SECONDS = 60.0
_LAUNCHER_NAMES = DASHBOARD_NAMES | {"REDIS_MAXMEMORY_MB", "UI_MAX_CONNECTIONS", "UI_SESSION_SECRET_FILE"}


@dataclass(frozen=True, slots=True)
class RegisteredService:
    """The registration as it is found: its file, whether that exists, the manager's own words."""

    file: Path
    installed: bool
    active: bool
    shown: str


def install(settings: LocalSettings, entry: StartAtBoot) -> Path:
    """Write the file, have the manager start the platform now and after each boot; return the file.

    A platform that runs already is stopped first, in order. Raises LocalError if the manager refuses, another
    installation has this name, or the platform is not ready in time.
    """
    wanted = _registration(entry)
    _check_owner(wanted, entry)
    for folder in (entry.home, entry.data_dir, entry.logs_dir, wanted.file.parent):
        _make_folder(folder, entry)
    for folder in (entry.data_dir, entry.logs_dir):
        _check_access(folder, entry)
    for command in wanted.reload:
        # A manager that does not answer, such as systemd without the user's session, stops nothing.
        _run(command)
    _stop(entry)
    wanted.file.write_bytes(wanted.content)
    # It holds no secret, and systemd warns of a unit that others cannot read.
    wanted.file.chmod(0o644)
    try:
        for command in wanted.install:
            _run(command)
    except LocalError:
        # The manager does not know it, so a later start of the machine must not find it.
        wanted.file.unlink()
        raise
    try:
        wait(settings, _READY_SECONDS)
    except LocalError as error:
        raise LocalError(_("the service does not run"), details=look(entry).shown.splitlines()) from error
    return wanted.file


def remove(entry: StartAtBoot) -> Path:
    """Stop the platform and remove its registration; return the removed file. Data stay."""
    found = _registration(entry)
    if not found.file.exists():
        raise LocalError(_("{file} does not exist: nothing to remove", file=found.file))
    _check_owner(found, entry)
    for command in found.remove:
        # The manager may have forgotten it already, and the file goes in any case.
        with suppress(LocalError):
            _run(command)
    found.file.unlink()
    for command in found.reload:
        _run(command)
    # A task of Windows has ended long ago; its services run on.
    _stop(entry)
    return found.file


def look(entry: StartAtBoot) -> RegisteredService:
    """Return whether it is registered, and the manager's own words about it."""
    found = _registration(entry)
    try:
        done = subprocess.run(found.show, check=False, capture_output=True, text=True)
    except OSError as error:
        return RegisteredService(found.file, found.file.exists(), active=False, shown=str(error))
    shown = (done.stdout + done.stderr).strip()
    return RegisteredService(found.file, found.file.exists(), active=done.returncode == 0, shown=shown)


def entry_of(
    settings: LocalSettings, name: str, *, system: bool, run_as: str, with_dashboard: bool
) -> StartAtBoot:
    """Return the registration's data from this shell. `run_as` is for the machine's services only."""
    if sys.platform not in _MANAGERS:
        raise LocalError(_("no service manager is known for {platform}", platform=sys.platform))
    if system and sys.platform != "win32" and os.geteuid() != 0:
        command = f"sudo {Path(sys.executable).with_name('multi-job')} service install --system"
        raise LocalError(_("a service of the machine needs root: {command}", command=command))
    user = run_as or (os.environ.get("SUDO_USER", "") if system else "") or _own_name()
    user_home = _home_of(user) if user != _own_name() else Path.home()
    settings = replace(settings, home=_data_of(settings, user_home))
    child = settings.child_environment({})
    kept = {key: value for key, value in child.items() if key != INSTANCE_VARIABLE}
    # Node.js of a version manager is on the PATH of this shell only.
    environment = kept if sys.platform == "win32" else {**kept, "PATH": os.environ.get("PATH", os.defpath)}
    files_root = settings.values.get("FILES_ROOT")
    return StartAtBoot(
        name=name,
        system=system,
        user=user,
        user_home=user_home,
        root=settings.root,
        home=settings.home,
        environment=environment,
        options=() if with_dashboard else ("--no-ui",),
        writable=[(settings.root / files_root).resolve()] if files_root else [],
    )


def only_in_shell(settings: LocalSettings, environment: Mapping[str, str]) -> list[str]:
    """Return settings of this shell that `.env` lacks: the service manager does not know them."""
    file = settings.root / ".env"
    stored = parse_env_file(file.read_text("utf-8")) if file.is_file() else {}
    known = {name.upper() for name in Settings.model_fields} | _LAUNCHER_NAMES
    given = {name.upper() for name, value in environment.items() if value}
    return sorted((given & known) - set(stored) - {"MULTI_JOB_HOME"})


def _registration(entry: StartAtBoot) -> Registration:
    return _MANAGERS[sys.platform](entry)


def _check_owner(wanted: Registration, entry: StartAtBoot) -> None:
    """Raise LocalError if the file belongs to an installation with other data."""
    if not wanted.file.exists():
        return
    home = str(entry.home).encode("utf-16-le" if sys.platform == "win32" else "utf-8")
    if home not in wanted.file.read_bytes():
        raise LocalError(
            _("{file} belongs to another installation: choose another --name", file=wanted.file),
        )


def _own_name() -> str:
    if sys.platform == "win32":
        return f"{os.environ.get('USERDOMAIN', '.')}\\{getpass.getuser()}"
    return getpass.getuser()


def _home_of(user: str) -> Path:
    """Return a user's home folder; LocalError if there is no such user."""
    if sys.platform == "win32":
        return Path.home()
    import pwd  # noqa: PLC0415  Windows has none

    try:
        return Path(pwd.getpwnam(user).pw_dir)
    except KeyError as error:
        raise LocalError(_("no user {user} on this machine", user=user)) from error


def _data_of(settings: LocalSettings, user_home: Path) -> Path:
    """Return the data folder of a user who is not the one of this shell, unless a setting names one."""
    own = Path.home()
    if IS_CHECKOUT or settings.values.get("MULTI_JOB_HOME") or not settings.home.is_relative_to(own):
        return settings.home
    return user_home / settings.home.relative_to(own)


def _make_folder(folder: Path, entry: StartAtBoot) -> None:
    """Create missing folders, owned by the account of the service if they are below its home or data."""
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    for each in reversed(missing):
        each.mkdir(mode=0o755)
        own = each.is_relative_to(entry.user_home) or each.is_relative_to(entry.home)
        if entry.system and own and sys.platform != "win32":
            shutil.chown(each, entry.user)


def _check_access(folder: Path, entry: StartAtBoot) -> None:
    """Raise LocalError if another account owns the data, which the service could not write."""
    if sys.platform != "win32" and entry.system and folder.owner() != entry.user:
        command = f"sudo chown -R {entry.user} {entry.data_dir} {entry.logs_dir}"
        raise LocalError(
            _("{folder} belongs to {owner}: {command}", folder=folder, owner=folder.owner(), command=command)
        )


def _stop(entry: StartAtBoot) -> None:
    """Stop a running platform in order, as the account that owns its data."""
    command = [entry.python, *entry.launcher, "stop"]
    environment = {**os.environ, **entry.environment, "MULTI_JOB_HOME": str(entry.home)}
    other: dict[str, Any] = {"user": entry.user, "extra_groups": []}
    switched = other if entry.system and sys.platform != "win32" else {}
    _run(command, cwd=entry.root, env=environment, **switched)


def _run(command: Sequence[str], **options: Any) -> None:
    """Run a command; LocalError with its output if it fails."""
    try:
        done = subprocess.run(command, check=False, capture_output=True, text=True, **options)
    except OSError as error:
        raise LocalError(_("{command}: {error}", command=command[0], error=error)) from error
    if done.returncode:
        lines = (done.stdout + done.stderr).strip().splitlines()
        raise LocalError(_("failed: {command}", command=" ".join(command)), details=lines)
