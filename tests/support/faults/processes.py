"""Real service processes that a test may kill, stop and start again; none outlives its test."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from multi_job.testing.processes import PlatformProcess, die_with_parent, foreign_environment
from tests.support.preloaded.client import preloaded
from tests.support.waiting import wait_until

__all__ = [
    "PROJECT_ROOT",
    "START_SEC",
    "Fleet",
    "Service",
    "base_environment",
    "die_with_parent",
    "spans_without",
]

PROJECT_ROOT = Path(__file__).resolve().parents[3]
START_SEC = 120.0


class Service(PlatformProcess):
    """One process of a service, whose log has JSON lines."""

    def __init__(
        self, name: str, environment: Mapping[str, str], log_file: Path, arguments: Sequence[str] = ()
    ) -> None:
        # A process of another release has its code in another folder.
        folder = Path(environment["PYTHONPATH"].split(os.pathsep)[0])
        super().__init__(name, environment, log_file, arguments, folder=folder)
        self._started_ms: int | None = None

    def _start(
        self,
        module: str,
        arguments: Sequence[str],
        environment: Mapping[str, str],
        folder: Path,
        log: BinaryIO,
    ) -> subprocess.Popen[bytes]:
        if preloaded.fits(environment, folder) and (
            clone := preloaded.start(module, arguments, environment, folder, log, own_session=True)
        ):
            return clone
        return super()._start(module, arguments, environment, folder, log)

    def lines(self) -> list[dict[str, Any]]:
        """Return the lines of the log that are whole."""
        lines = self.log_file.read_bytes().splitlines(keepends=True)
        return [orjson.loads(line) for line in lines if line.startswith(b"{") and line.endswith(b"\n")]

    def started_ms(self) -> int | None:
        """Return the instant at which the process was up; None before it."""
        if self._started_ms is None:
            found = [line["ts"] for line in self.lines() if line["event"] == "started"]
            self._started_ms = round(datetime.fromisoformat(found[0]).timestamp() * 1000) if found else None
        return self._started_ms

    def has_logged(self, event: str) -> bool:
        """Tell whether a line has this event."""
        return any(line["event"] == event for line in self.lines())


class Fleet:
    """The processes of one test, and the instants at which it did something to them."""

    def __init__(self, environment: Mapping[str, str], folder: Path) -> None:
        self._environment = environment
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.services: list[Service] = []
        self.disturbed: dict[int, list[int]] = defaultdict(list)
        self._told: set[int] = set()
        self._turns: dict[int, list[tuple[int, int]]] = defaultdict(list)
        """When a process went down (-1) or came back (+1)."""

    def start(self, name: str, count: int = 1, *, wait: bool = True, **environment: str) -> list[Service]:
        """Start services and wait until each has found Redis."""
        whole = {**self._environment, **environment}
        started = [self._add(name, whole) for _ in range(count)]
        for service in started if wait else []:
            wait_until(lambda s=service: self._is_up(s), START_SEC, f"{service.name} has started")
        return started

    def start_api(self, port: int, **environment: str) -> Service:
        """Start an API at a port of loopback; it serves a moment after it has logged `started`."""
        where = ("--host", "127.0.0.1", "--port", str(port))
        whole = {**self._environment, **environment}
        return self._add("api", whole, ("uvicorn", "app.services.api.main:app", *where))

    def _add(self, name: str, environment: Mapping[str, str], arguments: Sequence[str] = ()) -> Service:
        log_file = self._folder / f"{len(self.services):03}-{name}.log"
        self.services.append(Service(name, environment, log_file, arguments))
        return self.services[-1]

    def alive(self, name: str) -> list[Service]:
        return [service for service in self.services if service.name == name and service.code is None]

    def kill(self, service: Service) -> None:
        """SIGKILL; waits for the process to be gone."""
        self._disturb(service)
        service.signal(signal.SIGKILL)
        service.wait(10)

    def stop(self, service: Service) -> None:
        """SIGSTOP: it hangs and keeps its connections."""
        service.signal(signal.SIGSTOP)
        self._disturb(service)

    def resume(self, service: Service) -> None:
        """SIGCONT: it goes on, and may not know yet that its leases have lapsed."""
        self._disturb(service, change=1)
        service.signal(signal.SIGCONT)

    def cut(self, service: Service) -> None:
        """Record that a process is cut off from Redis; the test does it."""
        self._disturb(service)

    def reconnect(self, service: Service) -> None:
        """Record that a process is in reach of Redis again."""
        self._disturb(service, change=1)

    def terminate(self, service: Service) -> None:
        """SIGTERM: it is to leave by itself, in order."""
        self._turn(service, -1)
        service.signal(signal.SIGTERM)
        self._told.add(service.pid)

    def fallen(self) -> list[str]:
        """Return the services that exited without a stop request."""
        return [
            f"{service.log_file.name} left with {service.code}"
            for service in self.services
            if service.code is not None and service.pid not in self.touched
        ]

    @property
    def touched(self) -> set[int]:
        """Return the processes that were killed or stopped, that died, or that were asked to exit."""
        return self._told | set(self.disturbed)

    def note_death(self, service: Service) -> None:
        """Record that a process ended by itself or by its handler."""
        self._disturb(service)

    def down_spans(self, name: str) -> list[tuple[int, int]]:
        """Return the spans (ms) in which no process of this name was up, from 0 until now."""
        turns: list[tuple[int, int]] = []
        for service in self.services:
            if service.name == name and (started := service.started_ms()) is not None:
                turns += [(started, 1), *self._turns[service.pid]]
        return spans_without(turns, _now_ms())

    def close(self) -> None:
        for service in self.services:
            service.end_all()

    def complaints(self, *levels: str) -> list[str]:
        """Return what services logged at these levels, as `file: event reason`."""
        return [
            f"{service.log_file.name}: {line['event']} {line.get('reason', '')}"
            for service in self.services
            for line in service.lines()
            if line["level"] in levels
        ]

    def tail(self) -> str:
        """Return the end of every log, for a test that failed."""
        parts: list[str] = []
        for service in self.services:
            text = service.log_file.read_text("utf-8", "replace")
            parts.append(f"--- {service.log_file.name} pid {service.pid} code {service.code}\n{text[-1500:]}")
        return "\n".join(parts)

    def _is_up(self, service: Service) -> bool:
        assert service.code is None, f"{service.name} left with {service.code}:\n{self.tail()}"
        return service.has_logged("started")

    def _disturb(self, service: Service, change: int = -1) -> None:
        self.disturbed[service.pid].append(_now_ms())
        self._turn(service, change)

    def _turn(self, service: Service, change: int) -> None:
        """Record that a process went down or came back; a stopped one that is killed goes down once."""
        turns = self._turns[service.pid]
        if (turns[-1][1] if turns else 1) != change:
            turns.append((_now_ms(), change))


def spans_without(turns: Iterable[tuple[int, int]], now_ms: int) -> list[tuple[int, int]]:
    """Return the spans in which none was up, from 0 until now; a turn is (instant, +1 up or -1 down)."""
    spans, up, since = list[tuple[int, int]](), 0, 0
    for at, change in sorted(turns):
        if up == 0 and change > 0:
            spans.append((since, at))
        up, since = up + change, at
    return spans if up > 0 else [*spans, (since, now_ms)]


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


def base_environment() -> dict[str, str]:
    """Return this process's environment without any setting of ours."""
    return {**foreign_environment(), "PYTHONPATH": str(PROJECT_ROOT)}
