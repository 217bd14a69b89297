"""What is different on Windows: process flags, stopping, file locks, and where a Redis comes from."""

from __future__ import annotations

import os
import sys
from typing import IO

# Written as numbers because `subprocess` and `signal` define them on Windows alone,
# and the commands built from them are tested everywhere.
CREATE_NEW_PROCESS_GROUP = 0x0000_0200
CREATE_NO_WINDOW = 0x0800_0000
CTRL_BREAK_EVENT = 1

NO_REDIS_DETAILS = (
    "REDIS_URL:  set REDIS_URL=redis://HOST:6379/0",
    "Docker:     docker-compose up -d redis",
    'WSL:        wsl -u root -- sh -c "apt-get install -y redis-server && redis-server --daemonize yes"',
    "Memurai:    winget install Memurai.MemuraiDeveloper",
)


def supervisor_flags() -> int:
    """An invisible console of its own: it outlives the caller's window, and services share it.

    Sharing is needed because CTRL_BREAK reaches only processes on the sender's console.
    """
    return CREATE_NO_WINDOW | CREATE_NEW_PROCESS_GROUP


def service_flags() -> int:
    """A group for each service, so that a CTRL_BREAK reaches this one alone."""
    return CREATE_NEW_PROCESS_GROUP


def request_stop(pid: int) -> None:
    """Send CTRL_BREAK, the drain signal of services; OSError where the console is not shared."""
    os.kill(pid, CTRL_BREAK_EVENT)


def npm_name(*, windows: bool) -> str:
    """Return npm's file name: a batch file on Windows, which is not found without its ending."""
    return "npm.cmd" if windows else "npm"


def python_executable(venv_root: str) -> str:
    """Path of a virtual environment's interpreter."""
    return rf"{venv_root}\Scripts\python.exe"


def try_lock(file: IO[bytes]) -> bool:
    """Lock the first byte without waiting; the system lets go of it when the process ends."""
    if sys.platform != "win32":
        raise RuntimeError("for Windows only")
    import msvcrt  # noqa: PLC0415 - exists on Windows alone

    file.seek(0)
    try:
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    except OSError:
        return False
    return True
