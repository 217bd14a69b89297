"""How the supervisor asks servers that send no messages, and how a container's check ends a hung service."""

from __future__ import annotations

import socket
import sys
import threading
import time
from collections.abc import Iterator
from typing import Any, cast

import psutil
import pytest

from app.healthcheck import end_hung
from app.local.supervision.watchdog import Prober, answers
from tests.support.waiting import wait_until

PING = b"PING\r\n"


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener


def close_each(listener: socket.socket) -> None:
    try:
        while True:
            listener.accept()[0].close()
    except OSError:
        return


def test_server_that_accepts_and_says_nothing_does_not_answer(listener: socket.socket) -> None:
    """The system accepts connections for a stopped process."""
    assert not answers("127.0.0.1", listener.getsockname()[1], PING, timeout_sec=0.2)


def test_server_that_closes_the_connection_answers(listener: socket.socket) -> None:
    """A server with too many connections refuses this one, and lives."""
    threading.Thread(target=close_each, args=[listener], daemon=True).start()
    assert answers("127.0.0.1", listener.getsockname()[1], PING)


def test_port_without_a_server_does_not_answer(listener: socket.socket) -> None:
    """It was there once: a server that is not heard of yet is not judged."""
    port = listener.getsockname()[1]
    listener.close()
    assert not answers("127.0.0.1", port, PING)


def test_answer_counts_once(listener: socket.socket) -> None:
    """The next look wants another answer; one of a forgotten process counts for none."""
    threading.Thread(target=close_each, args=[listener], daemon=True).start()
    prober = Prober()
    prober.add("dashboard", "127.0.0.1", listener.getsockname()[1], PING)
    wait_until(lambda: prober.answered() == {"dashboard"})
    assert prober.answered() == set()
    prober.forget("dashboard")
    assert prober.answered() == set()
    prober.close()


class Process:
    """A process of a container."""

    def __init__(self, parent: int, age_sec: float, *, ends: bool = True) -> None:
        self.pid = 2**22 + 1
        self._parent = parent
        self._age_sec = age_sec
        self._ends = ends
        self.done: list[str] = []

    def ppid(self) -> int:
        return self._parent

    def create_time(self) -> float:
        return time.time() - self._age_sec

    def terminate(self) -> None:
        self.done.append("terminate")

    def resume(self) -> None:
        self.done.append("resume")

    def wait(self, _seconds: float) -> None:
        if not self._ends:
            raise psutil.TimeoutExpired(5)

    def kill(self) -> None:
        self.done.append("kill")


@pytest.mark.skipif(sys.platform == "win32", reason="containers are Linux")
@pytest.mark.parametrize(
    ("process", "done"),
    [
        (Process(1, 600), ["terminate", "resume"]),
        (Process(1, 600, ends=False), ["terminate", "resume", "kill"]),
        (Process(1, 30), []),
        (Process(7, 600), []),
    ],
    ids=["comes back", "hangs", "young", "child of a service"],
)
def test_check_of_a_container_ends_the_hung_service(process: Process, done: list[str]) -> None:
    """The child of the first process; one that has just started has sent no heartbeat yet."""
    end_hung([cast("Any", process)])
    assert process.done == done
