"""Processes by identity, their logs, and how they ended."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from app.local.processes import describe_exit, identify, is_alive, kill, last_lines, request_stop, stop
from tests.support.waiting import wait_until


def test_identity_of_a_living_process_is_stable() -> None:
    """The same process is recognised each time."""
    identity = identify(os.getpid())
    assert identity is not None
    assert is_alive(identity)
    assert identify(os.getpid()) == identity


def test_identity_with_another_start_is_not_alive() -> None:
    """A pid that was given to a later process is not ours any more."""
    identity = identify(os.getpid())
    assert identity is not None
    assert not is_alive(replace(identity, started="another"))


def test_signals_spare_a_process_that_only_has_our_pid() -> None:
    """Neither a stop nor a kill reaches a process with the right pid and the wrong start."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        identity = identify(process.pid)
        assert identity is not None
        imposter = replace(identity, started="another")
        request_stop(imposter)
        kill(imposter)
        process.communicate(b"\n", timeout=10)
    assert process.returncode == 0


@pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot ignore its terminate")
def test_stop_kills_what_does_not_drain() -> None:
    """A process that ignores the request is killed after the time-out, and that is reported."""
    code = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); input()"
    command = [sys.executable, "-c", code]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        identity = identify(process.pid)
        assert identity is not None
        assert not stop(identity, timeout_seconds=0.2)
    assert process.returncode == -9


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no zombies")
def test_zombie_is_no_process() -> None:
    """A process that ended and was not waited for counts as gone."""
    with subprocess.Popen([sys.executable, "-c", "pass"]) as process:
        wait_until(lambda: identify(process.pid) is None, message="child ended")


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (0, "exit code 0"),
        (7, "exit code 7"),
        (-signal.SIGTERM, "killed by SIGTERM"),
        (-200, "killed by signal 200"),
        (None, "gone"),
    ],
)
def test_exit_is_described_in_words(code: int | None, words: str) -> None:
    """Signals have names if the system knows them."""
    assert describe_exit(code) == words


def test_last_lines_begin_with_this_process(tmp_path: Path) -> None:
    """Lines of an earlier life of the service are not shown as this one's."""
    log = tmp_path / "service.log"
    log.write_text("from before\n", "utf-8")
    start = log.stat().st_size
    assert last_lines(log, 3, since=start) == []
    with log.open("a", encoding="utf-8") as file:
        file.write("one\n\ntwo\nthree\n")
    assert last_lines(log, 2, since=start) == ["two", "three"]


def test_last_lines_of_a_missing_log_are_none(tmp_path: Path) -> None:
    """A service that wrote nothing has no last line."""
    assert last_lines(tmp_path / "none.log", 3) == []
