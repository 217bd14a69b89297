"""Notices services that hang: they run, and neither send messages nor answer."""

from __future__ import annotations

import logging
import os
import socket
import stat
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from app.core.activity.watchdog import NotifySocket, SilenceClock, silence_limit_sec, write_stacks_of
from app.local.dashboard import DASHBOARD
from app.local.processes import Identity, is_alive
from app.local.services import API, BACKGROUND, REDIS
from app.local.settings import LocalSettings

REDIS_LIMIT_SEC: Final = 30.0
"""A disk that is slow to write holds Redis up for long, and a restart would read all data again."""
_PROBE_EACH_SEC, _PROBE_TIMEOUT_SEC = 5.0, 5.0
_SENDERS: Final = (API, *BACKGROUND)

_log = logging.getLogger("supervisor")


class ServiceWatch:
    """The signs of life of all services, by name."""

    def __init__(self, settings: LocalSettings, limits: Mapping[str, str]) -> None:
        """`limits` has HEARTBEAT_SEC and LEASE_SEC of the start."""
        heartbeat_sec = float(limits["HEARTBEAT_SEC"])
        limit_sec = silence_limit_sec(heartbeat_sec)
        self._limits: dict[str, float] = dict.fromkeys((*_SENDERS, DASHBOARD), limit_sec)
        self._limits["worker"] = silence_limit_sec(heartbeat_sec, float(limits["LEASE_SEC"]))
        self._limits[REDIS] = max(REDIS_LIMIT_SEC, limit_sec)
        self._settings = settings
        self._clock = SilenceClock(time.monotonic)
        self._socket: NotifySocket | None = None
        self._probes = Prober()

    def open(self) -> None:
        """Begin to listen. Not on Windows, which has no such sockets."""
        if sys.platform == "win32":
            return
        try:
            self._socket = NotifySocket(_socket_paths(self._settings))
        except OSError as error:
            _log.warning("services are not watched: no socket for their messages (%s)", error)

    def close(self) -> None:
        self._probes.close()
        if self._socket is not None:
            self._socket.close()

    def environment(self, service: str) -> dict[str, str]:
        """Return the variables that make a service send messages."""
        if self._socket is None or service not in _SENDERS:
            return {}
        return self._socket.environment(self._limits[service])

    def adopt(self, service: str) -> None:
        """Watch a process from now on that an earlier supervisor has heard."""
        self._clock.heard(service)

    def started(self, service: str) -> None:
        """Forget the previous process of a service; the new one counts from its first message on."""
        self._clock.forget(service)
        self._probes.forget(service)

    def probe(self, service: str, host: str, port: int, message: bytes) -> None:
        """Ask a server that sends no messages, in another thread, as often as the others send one."""
        self._probes.add(service, host, port, message)

    def look(self, processes: Mapping[str, Identity | None]) -> set[str]:
        """Take in the signs of life since the last call; return the services that gave one."""
        self._clock.advance()
        senders = self._socket.senders() if self._socket is not None else set[int]()
        found = {name for name, process in processes.items() if process and process.pid in senders}
        found |= self._probes.answered() & processes.keys()
        for name in found:
            self._clock.heard(name)
        return found

    def hung_sec(self, service: str) -> float | None:
        """Return for how long a service has been silent, if that is too long."""
        silent_sec = self._clock.silent_sec(service)
        return silent_sec if silent_sec is not None and silent_sec > self._limits[service] else None


def write_stacks(service: str, process: Identity) -> None:
    """Have one of our own services write the stacks of its threads into its log."""
    if service in _SENDERS and is_alive(process):
        write_stacks_of(process.pid)


def _socket_paths(settings: LocalSettings) -> Iterator[Path]:
    """Yield the places for the socket: in the data, or in the system's folder if that path is too long."""
    yield settings.data_dir / "notify.sock"
    if sys.platform != "win32":
        folder = Path(tempfile.gettempdir()) / f"multi-job-{os.getuid()}-{settings.instance}"
        with suppress(FileExistsError):
            folder.mkdir(mode=0o700)
        found = folder.lstat()
        # The system's folder is everybody's, and messages are believed.
        if stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid() and not found.st_mode & 0o077:
            yield folder / "notify.sock"


@dataclass(slots=True)
class _Probe:
    host: str
    port: int
    message: bytes
    answered: bool = False


@dataclass(slots=True)
class Prober:
    """Asks servers in a thread of its own, so that a hung one holds nothing up."""

    _probes: dict[str, _Probe] = field(default_factory=dict[str, _Probe])
    _closed: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def add(self, name: str, host: str, port: int, message: bytes) -> None:
        self._probes[name] = _Probe(host, port, message)
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="probes", daemon=True)
            self._thread.start()

    def forget(self, name: str) -> None:
        self._probes.pop(name, None)

    def answered(self) -> set[str]:
        """Return the servers that have answered since the last call."""
        found = {name for name, probe in list(self._probes.items()) if probe.answered}
        for name in found:
            self._probes[name].answered = False
        return found

    def close(self) -> None:
        self._closed.set()

    def _run(self) -> None:
        while not self._closed.is_set():
            for probe in list(self._probes.values()):
                # In place, so that an answer of a forgotten process counts for no later one.
                if answers(probe.host, probe.port, probe.message):
                    probe.answered = True
            self._closed.wait(_PROBE_EACH_SEC)


def answers(host: str, port: int, message: bytes, timeout_sec: float = _PROBE_TIMEOUT_SEC) -> bool:
    """Return whether a server reacts to a message, with an answer or by closing the connection.

    A stopped process reacts to nothing, although its system accepts connections for it. What is no fault of
    the server, such as a lack of descriptors here, counts as a reaction.
    """
    try:
        with socket.create_connection((host, port), timeout=timeout_sec) as connection:
            connection.sendall(message)
            connection.recv(1)
    except (TimeoutError, ConnectionRefusedError):
        return False
    except OSError:
        return True
    return True
