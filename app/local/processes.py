"""Processes by identity: pid and start time, because pids are reused."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from app.core.i18n import _
from app.core.observability import MISCONFIGURED
from app.local.private_files import UMASK
from app.local.settings import INSTANCE_VARIABLE

_TAIL_BYTES = 64 * 1024
# Windows: process flags and a signal. Written as numbers because `subprocess` and `signal` define them on
# Windows alone, and the commands built from them are tested everywhere.
CREATE_NEW_PROCESS_GROUP = 0x0000_0200
CREATE_NO_WINDOW = 0x0800_0000
CTRL_BREAK_EVENT = 1
SERVICE_FLAGS = CREATE_NEW_PROCESS_GROUP
"""A group for each service, so that a CTRL_BREAK reaches this one alone."""
SUPERVISOR_FLAGS = CREATE_NO_WINDOW | CREATE_NEW_PROCESS_GROUP
"""An invisible console of its own: it outlives the caller's window, and services share it.

Sharing is needed because CTRL_BREAK reaches only processes on the sender's console.
"""


@dataclass(frozen=True, slots=True)
class Identity:
    pid: int
    started: str


def identify(pid: int) -> Identity | None:
    """Return the process with this pid; None if there is none (a zombie counts as none)."""
    try:
        started = _linux_start(pid) if sys.platform.startswith("linux") else _psutil_start(pid)
    except (OSError, psutil.Error):
        return None
    return Identity(pid, started) if started else None


def is_alive(identity: Identity | None) -> bool:
    return identity is not None and identify(identity.pid) == identity


def request_stop(identity: Identity) -> None:
    """Ask for a drain: SIGTERM, or CTRL_BREAK on Windows; nothing if the process is gone."""
    if not is_alive(identity):
        return
    with suppress(OSError, psutil.Error):
        if sys.platform != "win32":
            os.kill(identity.pid, signal.SIGTERM)
            # A stopped process would not handle its SIGTERM.
            os.kill(identity.pid, signal.SIGCONT)
            return
        try:
            # Raises OSError if the console is not shared.
            os.kill(identity.pid, CTRL_BREAK_EVENT)
        except OSError:
            psutil.Process(identity.pid).terminate()


def kill(identity: Identity, *, with_children: bool = True) -> None:
    """Kill the process and its children, if it is still the same one."""
    if not is_alive(identity):
        return
    with suppress(psutil.Error):
        process = psutil.Process(identity.pid)
        family = [process, *(process.children(recursive=True) if with_children else [])]
        for member in family:
            with suppress(psutil.Error):
                member.kill()


def wait_gone(identity: Identity, timeout_seconds: float) -> bool:
    deadline = time.monotonic() + timeout_seconds
    while is_alive(identity):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def stop(identity: Identity, timeout_seconds: float) -> bool:
    """Ask, wait, then kill; return False if it had to be killed."""
    request_stop(identity)
    if wait_gone(identity, timeout_seconds):
        return True
    kill(identity)
    wait_gone(identity, timeout_seconds=5)
    return False


def marked(instance: str, *, besides: Iterable[int] = ()) -> list[Identity]:
    """Find processes with this installation's mark, except for this one, its parents and `besides`."""
    own = psutil.Process()
    skipped = {own.pid, *(parent.pid for parent in own.parents()), *besides}
    found = (
        identify(process.pid)
        for process in psutil.process_iter()
        if process.pid not in skipped and _mark_of(process) == instance
    )
    return [identity for identity in found if identity is not None]


def family_of(identity: Identity) -> set[int]:
    """Return the pids of a process and all its descendants."""
    with suppress(psutil.Error):
        return {identity.pid, *(child.pid for child in psutil.Process(identity.pid).children(recursive=True))}
    return {identity.pid}


def spawn(
    command: Sequence[str], log_file: Path, environment: Mapping[str, str], cwd: Path, *, flags: int = 0
) -> subprocess.Popen[bytes]:
    """Start a process that inherits nothing: own session, output to its log, no input."""
    log_file.parent.mkdir(parents=True, exist_ok=True)
    with log_file.open("ab") as log:
        return subprocess.Popen(
            list(command),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd=cwd,
            env=dict(environment),
            start_new_session=True,
            creationflags=flags if sys.platform == "win32" else 0,
            umask=UMASK if sys.platform != "win32" else -1,
        )


def lower_priority(pid: int) -> None:
    """Lower the priority; nothing if the process is gone or the system refuses."""
    with suppress(psutil.Error, OSError):
        psutil.Process(pid).nice(psutil.BELOW_NORMAL_PRIORITY_CLASS if sys.platform == "win32" else 10)


def last_lines(log_file: Path, count: int, *, since: int = 0) -> list[str]:
    """Return the last non-empty lines that were written after byte `since`.

    If the last one says that the settings of a service cannot work, only its reason is returned.
    """
    try:
        with log_file.open("rb") as log:
            size = log.seek(0, os.SEEK_END)
            # A file shorter than `since` was replaced meanwhile.
            log.seek(max(since if since <= size else 0, size - _TAIL_BYTES))
            text = log.read().decode("utf-8", "replace")
    except OSError:
        return []
    lines = [line.rstrip() for line in text.splitlines() if line.strip()][-count:]
    with suppress(ValueError, TypeError, LookupError):
        last = json.loads(lines[-1])
        return [last["reason"]] if last["event"] == MISCONFIGURED else lines
    return lines


def shown_path(path: Path) -> str:
    """Return the shorter of the absolute path and the one from here."""
    try:
        relative = os.path.relpath(path)
    except ValueError:  # another drive on Windows
        return str(path)
    return min(relative, str(path), key=len)


def describe_exit(code: int | None) -> str:
    """Describe how a process ended; None if it is not our child."""
    if code is None:
        return "gone"
    if code >= 0:
        return _("exit code {code}", code=code)
    try:
        return _("killed by {signal}", signal=signal.Signals(-code).name)
    except ValueError:
        return _("killed by signal {number}", number=-code)


def _linux_start(pid: int) -> str | None:
    # Ticks since boot: unlike a wall-clock start time, a stepped clock does not move them.
    # The name in parentheses may hold spaces and parentheses, hence the last one.
    fields = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()
    boot = Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
    return None if fields[0] in {"Z", "X"} else f"{boot[:8]}:{fields[19]}"


def _psutil_start(pid: int) -> str | None:
    process = psutil.Process(pid)
    return None if process.status() == psutil.STATUS_ZOMBIE else f"{process.create_time():.2f}"


def _mark_of(process: psutil.Process) -> str | None:
    # Processes of other users are not accessible; they are not ours either.
    try:
        return process.environ().get(INSTANCE_VARIABLE)
    except (psutil.Error, OSError):
        return None
