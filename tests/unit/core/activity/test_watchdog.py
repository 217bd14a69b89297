"""Watchdog messages: what a process sends to its supervisor, and how silence is measured."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.core.activity.watchdog import (
    ALIVE,
    LEAST_LIMIT_SEC,
    READY,
    NotifySocket,
    SilenceClock,
    notify,
    silence_limit_sec,
    take_supervisor,
    watchdog_sec,
    watched_loop,
)
from tests.support.waiting import wait_until, wait_until_async

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such sockets")


@pytest.fixture
def manager(tmp_path: Path) -> Iterator[socket.socket]:
    """A service manager's socket."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as receiver:
        receiver.bind(str(tmp_path / "s"))
        receiver.settimeout(20)
        yield receiver


@pytest.fixture
def messages(tmp_path: Path) -> Iterator[NotifySocket]:
    messages = NotifySocket([tmp_path / "n"])
    yield messages
    messages.close()


def test_message_has_the_form_of_sd_notify(manager: socket.socket) -> None:
    """Lines `NAME=value`; the own one has the prefix that systemd reserves for others."""
    assert notify(READY, {"NOTIFY_SOCKET": manager.getsockname()})
    assert manager.recv(1_000) == f"READY=1\nWATCHDOG=1\nX_PID={os.getpid()}".encode()


@pytest.mark.skipif(sys.platform != "linux", reason="abstract addresses are Linux's")
def test_abstract_address_is_reached() -> None:
    """`@` at the beginning means a zero byte."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as receiver:
        receiver.bind(f"\0multi-job-test-{os.getpid()}")
        assert notify(ALIVE, {"NOTIFY_SOCKET": f"@multi-job-test-{os.getpid()}"})
        assert receiver.recv(100).startswith(b"WATCHDOG=1\n")


def test_absent_supervisor_is_no_error(tmp_path: Path) -> None:
    """A process without a supervisor, or whose supervisor is gone, goes on."""
    assert not notify(ALIVE, {})
    assert not notify(ALIVE, {"NOTIFY_SOCKET": str(tmp_path / "gone")})


def test_full_supervisor_blocks_no_process(manager: socket.socket) -> None:
    """A hung supervisor reads nothing: its queue fills, and a message is dropped."""
    environment = {"NOTIFY_SOCKET": manager.getsockname()}
    assert not all(notify(ALIVE, environment) for _ in range(10_000))


@pytest.mark.parametrize(
    ("variables", "seconds"),
    [
        ({"WATCHDOG_USEC": "20000000"}, 20.0),
        ({"WATCHDOG_USEC": "20000000", "WATCHDOG_PID": "1"}, None),
        ({"WATCHDOG_USEC": "0"}, None),
        ({}, None),
    ],
)
def test_watchdog_is_that_of_this_process(variables: dict[str, str], seconds: float | None) -> None:
    """Systemd names the process that it watches; a child inherits the variables."""
    assert watchdog_sec({"NOTIFY_SOCKET": "/s", **variables}) == seconds


def test_supervisor_is_not_left_for_children() -> None:
    """A child would write to the manager of its parent."""
    environment = {"NOTIFY_SOCKET": "/s", "WATCHDOG_USEC": "1", "WATCHDOG_PID": "2", "PATH": "/bin"}
    assert take_supervisor(environment) == {"NOTIFY_SOCKET": "/s", "WATCHDOG_USEC": "1", "WATCHDOG_PID": "2"}
    assert environment == {"PATH": "/bin"}


async def test_loop_sends_until_it_is_left(messages: NotifySocket, monkeypatch: pytest.MonkeyPatch) -> None:
    """Four times within the limit; a blocked loop sends nothing."""
    for name, value in messages.environment(0.2).items():
        monkeypatch.setenv(name, value)
    with watched_loop():
        for _ in range(3):
            await wait_until_async(lambda: messages.senders() == {os.getpid()})
    messages.senders()
    await asyncio.sleep(0.1)
    assert messages.senders() == set()


def test_silence_counts_only_while_this_process_runs() -> None:
    """After a sleep of the machine, or a stop of the supervisor itself, no process was silent."""
    now = 100.0
    silence = SilenceClock(lambda: now)
    assert silence.silent_sec("worker") is None
    silence.heard("worker")
    for _ in range(4):
        now += 1.0
        silence.advance()
    assert silence.silent_sec("worker") == pytest.approx(4.0)
    now += 3_600.0
    silence.advance()
    assert silence.silent_sec("worker") == pytest.approx(6.0)
    silence.forget("worker")
    assert silence.silent_sec("worker") is None


@pytest.mark.parametrize(
    ("heartbeat_sec", "lease_sec", "limit_sec"),
    [(5.0, 0.0, 20.0), (5.0, 30.0, 30.0), (0.5, 2.0, LEAST_LIMIT_SEC)],
)
def test_limit_is_three_late_periods(heartbeat_sec: float, lease_sec: float, limit_sec: float) -> None:
    """One period until the message is due, three more; for a worker a lease; never below 10 s."""
    assert silence_limit_sec(heartbeat_sec, lease_sec) == limit_sec


def test_second_path_is_taken_if_the_first_is_too_long(tmp_path: Path) -> None:
    """Addresses of sockets have about a hundred bytes."""
    messages = NotifySocket([tmp_path / ("long" * 40), tmp_path / "n"])
    assert messages.address == str(tmp_path / "n")
    messages.close()
    assert not (tmp_path / "n").exists()
    with pytest.raises(OSError, match="no path"):
        NotifySocket([tmp_path / ("long" * 40)])


def test_stacks_are_written_while_the_interpreter_is_held(tmp_path: Path) -> None:
    """The signal is handled below Python: a program that holds the interpreter for good is shown too."""
    code = (
        "import re; from app.core.activity.watchdog import write_stacks_on_signal; write_stacks_on_signal(); "
        "print(1, flush=True); "
        "re.match(r'(a+)+$', 'a' * 64 + 'b')"
    )
    with (tmp_path / "log").open("wb") as log:
        child = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=log)
        assert child.stdout is not None
        child.stdout.readline()
        child.send_signal(signal.SIGUSR1)
        wait_until(lambda: "most recent call first" in (tmp_path / "log").read_text("utf-8"))
        child.kill()
        child.wait()
        child.stdout.close()
