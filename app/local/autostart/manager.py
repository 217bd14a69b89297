"""Registers the platform with the service manager of this machine, and removes it."""

from __future__ import annotations

import getpass
import os
import shlex
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
from app.local.autostart import access, launchd, systemd, task_scheduler
from app.local.autostart.account import SERVICE_HOME, SERVICE_USER, is_service_account, make_account
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
    if entry.owns_account:
        make_account()
        _check_former_data(wanted, entry)
    if _becomes_another(entry):
        access.check_program(entry)
    for command in wanted.reload:
        # A manager that does not answer, such as systemd without the user's session, stops nothing.
        _run(command)
    if entry.owns_account and access.has_roots_data(entry):
        _stop(replace(entry, user="root"))
        access.hand_over(entry)
    for folder in (entry.home, entry.data_dir, entry.logs_dir, wanted.file.parent, *entry.writable):
        _make_folder(folder, entry)
    for folder in (entry.data_dir, entry.logs_dir):
        _check_access(folder, entry)
    _stop(entry)
    wanted.file.write_bytes(wanted.content)
    # It holds no secret, and systemd warns of a unit that others cannot read.
    wanted.file.chmod(0o644)
    try:
        for command in wanted.install:
            _run(command)
    except LocalError:
        _withdraw(wanted)
        raise
    try:
        wait(settings, _READY_SECONDS)
    except LocalError as error:
        shown = look(entry).shown.splitlines()
        _withdraw(wanted)
        _stop(entry)
        raise LocalError(_("the service does not run"), details=shown) from error
    return wanted.file


def _withdraw(found: Registration) -> None:
    """Remove a registration, so that a later start of the machine does not find it."""
    for command in found.remove:
        # The manager may not know it, and the file goes in any case.
        with suppress(LocalError):
            _run(command)
    found.file.unlink()
    for command in found.reload:
        with suppress(LocalError):
            _run(command)


def remove(entry: StartAtBoot) -> Path:
    """Stop the platform and remove its registration; return the removed file. Data stay."""
    found = _registration(entry)
    if not found.file.exists():
        raise LocalError(_("{file} does not exist: nothing to remove", file=found.file))
    _check_owner(found, entry)
    _withdraw(found)
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
    user = run_as or (_default_account() if system else _own_name())
    owns_account = system and is_service_account(user)
    user_home = SERVICE_HOME if owns_account else _home_of(user) if user != _own_name() else Path.home()
    before = settings.home
    settings = replace(settings, home=_data_of(settings, user_home, packed=owns_account))
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
        owns_account=owns_account,
        former_home=before if owns_account and before != settings.home else None,
    )


def registered_account(name: str, *, system: bool) -> str:
    """Return the account of an installed service of the machine; '' if there is none."""
    account = {"linux": systemd.account, "darwin": launchd.account}.get(sys.platform)
    return account(name) if system and account is not None else ""


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
    homes = [entry.home, *([entry.former_home] if entry.former_home else [])]
    codec = "utf-16-le" if sys.platform == "win32" else "utf-8"
    content = wanted.file.read_bytes()
    if not any(str(home).encode(codec) in content for home in homes):
        raise LocalError(
            _("{file} belongs to another installation: choose another --name", file=wanted.file),
        )


def _check_former_data(wanted: Registration, entry: StartAtBoot) -> None:
    """Raise LocalError if the data of root's installation are in a folder that the account cannot reach."""
    former, now = entry.former_home, entry.home
    if former is None or entry.data_dir.exists() or not (former / "runtime-data").is_dir():
        return
    folders = " ".join(shlex.quote(str(former / name)) for name in ("runtime-data", "runtime-logs"))
    command = shlex.quote(str(Path(entry.python).with_name("multi-job")))
    stop = f"{command} service remove --system" if wanted.file.exists() else f"{command} down"
    raise LocalError(
        _(
            "{folder} has the data of an installation that ran as root, and {user} cannot reach it. Move "
            "them, or keep root with --run-as root:",
            folder=former,
            user=entry.user,
        ),
        details=[stop, f"mv {folders} {shlex.quote(str(now))}/", f"{command} service install --system"],
    )


def _becomes_another(entry: StartAtBoot) -> bool:
    """Return whether the service runs as an account that is not the one of this shell."""
    return sys.platform != "win32" and entry.system and entry.user != _own_name()


def _default_account() -> str:
    """Return the caller of sudo; for a shell of root the service's own account, if one can be made here."""
    caller = os.environ.get("SUDO_USER", "")
    if sys.platform == "win32":
        return caller or _own_name()
    return caller if caller and caller != "root" else SERVICE_USER


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


def _data_of(settings: LocalSettings, user_home: Path, *, packed: bool) -> Path:
    """Return the data folder of a user who is not the one of this shell, unless a setting names one.

    `packed`: the user's home itself, because it has no other purpose.
    """
    own = Path.home()
    if IS_CHECKOUT or settings.values.get("MULTI_JOB_HOME") or not settings.home.is_relative_to(own):
        return settings.home
    return user_home if packed else user_home / settings.home.relative_to(own)


def _make_folder(folder: Path, entry: StartAtBoot) -> None:
    """Create missing folders, owned by the account of the service if they are below its home or data."""
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    for each in reversed(missing):
        each.mkdir(mode=0o755)
        owned = (entry.user_home, entry.home, *entry.writable)
        own = any(each.is_relative_to(folder) for folder in owned)
        if entry.system and own and sys.platform != "win32":
            shutil.chown(each, entry.user, access.as_account(entry.user)["group"])


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
    switched = access.as_account(entry.user) if _becomes_another(entry) else {}
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
