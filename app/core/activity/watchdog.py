"""Watchdog messages of processes to their supervisor, by the protocol of sd_notify.

A process sends `WATCHDOG=1` from its event loop to the datagram socket that NOTIFY_SOCKET names. systemd
reads those of the launcher's supervisor. The supervisor, and the parent of several workers, read those of
their children. They need no Redis, so an outage of Redis does not look like a hung process.
"""

from __future__ import annotations

import asyncio
import faulthandler
import os
import signal
import socket
import sys
from collections.abc import Callable, Generator, Iterable, Mapping, MutableMapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from app.core.observability import get_logger

NOTIFY_SOCKET: Final = "NOTIFY_SOCKET"
WATCHDOG_USEC: Final = "WATCHDOG_USEC"
_VARIABLES: Final = (NOTIFY_SOCKET, WATCHDOG_USEC, "WATCHDOG_PID")
READY: Final = "READY=1\nWATCHDOG=1"
ALIVE: Final = "WATCHDOG=1"
STOPPING: Final = "STOPPING=1"
PERIODS: Final = 4
"""A process is hung once a message is three periods late, which is four periods after the previous one."""
LEAST_LIMIT_SEC: Final = 10.0
"""Below this a busy machine would count as a hung process."""
HUNG_STOP_SEC: Final = 10.0
"""A hung process that has not come back to life this long after SIGTERM is killed."""
# 107 bytes on Linux, 103 on macOS.
_MAX_PATH_BYTES: Final = 100
_MAX_MESSAGE_BYTES: Final = 4_096
_SENDER: Final = "X_PID="
# A longer pause between two looks is a time in which this process did not run itself.
_MAX_STEP_SEC: Final = 2.0

log = get_logger(__name__)


def notify(text: str, environment: Mapping[str, str] = os.environ) -> bool:
    """Send a message to the supervisor of this process; False if there is none, or it cannot be reached."""
    address = environment.get(NOTIFY_SOCKET, "")
    if not address or sys.platform == "win32":
        return False
    message = f"{text}\n{_SENDER}{os.getpid()}".encode()
    # `@` stands for the zero byte of an abstract address.
    target = f"\0{address[1:]}" if address.startswith("@") else address
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
            # A supervisor that hangs itself must not block its services.
            sender.setblocking(False)
            sender.sendto(message, target)
    except OSError:
        return False
    return True


def watchdog_sec(environment: Mapping[str, str] = os.environ) -> float | None:
    """Return after how many silent seconds the supervisor acts; None if it does not watch this process."""
    text = environment.get(WATCHDOG_USEC, "")
    is_ours = environment.get("WATCHDOG_PID") in {None, "", str(os.getpid())}
    is_watched = is_ours and text.isdigit() and int(text) > 0 and environment.get(NOTIFY_SOCKET)
    return int(text) / 1e6 if is_watched else None


def silence_limit_sec(heartbeat_sec: float, lease_sec: float = 0.0) -> float:
    """Return after how many silent seconds a process is hung.

    For a worker that is at least a lease: then others have its runs, and an end of it loses nothing more.
    """
    return max(LEAST_LIMIT_SEC, PERIODS * heartbeat_sec, lease_sec)


def take_supervisor(environment: MutableMapping[str, str]) -> dict[str, str]:
    """Remove the address of this process's own supervisor, which children must not write to; return it."""
    return {name: environment.pop(name) for name in _VARIABLES if name in environment}


@contextmanager
def watched_loop() -> Generator[None]:
    """Send messages from the running event loop meanwhile, if a supervisor watches this process."""
    limit_sec = watchdog_sec()
    if limit_sec is None:
        yield
        return
    loop = asyncio.get_running_loop()

    def send(text: str) -> None:
        nonlocal timer
        notify(text)
        timer = loop.call_later(limit_sec / PERIODS, send, ALIVE)

    timer: asyncio.Handle = loop.call_soon(send, READY)
    try:
        yield
    finally:
        timer.cancel()


# The stacks of all threads on a signal, also while one of them holds the interpreter.


def write_stacks_of(pid: int) -> None:
    """Have a process of ours write its stacks; another program may end by the signal."""
    if sys.platform != "win32":
        with suppress(OSError):
            os.kill(pid, signal.SIGUSR1)


def write_stacks_on_signal() -> None:
    """From now on, SIGUSR1 writes the stacks of all threads to stderr. Not on Windows."""
    if sys.platform != "win32" and sys.__stderr__ is not None:
        # Without a real stderr, as under pythonw.
        with suppress(OSError, ValueError):
            faulthandler.register(signal.SIGUSR1, sys.__stderr__, all_threads=True)


# The reader of the messages.


class NotifySocket:
    """Receives messages; its path must be in a folder that only this user can enter."""

    def __init__(self, paths: Iterable[Path]) -> None:
        """Listen at the first path that works; OSError if none does."""
        self.address = ""
        failure: OSError = OSError("no path is short enough")
        for path in paths:
            if len(os.fsencode(path)) > _MAX_PATH_BYTES:
                continue
            self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            try:
                path.unlink(missing_ok=True)
                self._socket.bind(str(path))
            except OSError as error:
                # Some file systems hold no sockets.
                self._socket.close()
                failure = error
            else:
                self._socket.setblocking(False)
                self.address = str(path)
                return
        raise failure

    def environment(self, limit_sec: float) -> dict[str, str]:
        """Return the variables for a child that is hung after so many silent seconds."""
        return {NOTIFY_SOCKET: self.address, WATCHDOG_USEC: str(round(limit_sec * 1e6))}

    def senders(self) -> set[int]:
        """Return the processes that have sent a message since the last call."""
        found = set[int]()
        with suppress(OSError):
            while True:
                text = self._socket.recv(_MAX_MESSAGE_BYTES).decode("utf-8", "replace")
                numbers = [
                    each.removeprefix(_SENDER) for each in text.split("\n") if each.startswith(_SENDER)
                ]
                found.update(int(each) for each in numbers if each.isdigit())
        return found

    def close(self) -> None:
        """Stop listening and remove the file."""
        self._socket.close()
        with suppress(OSError):
            Path(self.address).unlink()


class SilenceClock:
    """Measures silence in seconds that this process itself ran.

    After a sleep of the machine, or if this process was stopped too, no process was silent meanwhile.
    """

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._last = monotonic()
        self._ran_sec = 0.0
        self._heard = dict[str, float]()

    def advance(self) -> None:
        """Count the time since the last call, which is to be made at least each second."""
        now = self._monotonic()
        self._ran_sec += min(now - self._last, _MAX_STEP_SEC)
        self._last = now

    def heard(self, name: str) -> None:
        """Record a sign of life."""
        self._heard[name] = self._ran_sec

    def forget(self, name: str) -> None:
        """Forget a process that has ended."""
        self._heard.pop(name, None)

    def silent_sec(self, name: str) -> float | None:
        """Return the silence since the last sign of life; None before the first one."""
        heard = self._heard.get(name)
        return None if heard is None else self._ran_sec - heard
