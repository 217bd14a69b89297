from __future__ import annotations

import asyncio
import errno
import json
import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from app.core import process
from app.core.background import Backoff, LoopFailed, or_stop, run_forever, run_loops, sleep_or_stop
from app.core.config import Settings
from app.core.errors import ConfigurationError, RedisUnavailable
from app.core.process import load_settings
from app.core.storage.shards import Shard

ROOT = Path(__file__).resolve().parents[3]
HEAD = """
import asyncio, sys, time
from app.core.observability import configure_logging
from app.core.process import run_under_signals, exit_with
from app.core.errors import ConfigurationError
configure_logging("test", "test-1")
def say(word):
    print(word, flush=True)
"""


class Child:
    """A Python process that runs a few lines; what it says is read line by line."""

    def __init__(self, body: str, env: dict[str, str] | None = None) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", HEAD + textwrap.dedent(body)],
            cwd=ROOT,
            env={**os.environ, **(env or {})},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def heard(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def tell(self, number: int = signal.SIGTERM) -> None:
        self.process.send_signal(number)

    def end(self) -> tuple[int, list[dict[str, Any]]]:
        """Return the exit code and the log lines."""
        _, err = self.process.communicate(timeout=30)
        return self.process.returncode, [json.loads(line) for line in err.splitlines()]


Start = Callable[..., Child]


@pytest.fixture
def start() -> Iterator[Start]:
    children: list[Child] = []

    def begin(body: str, env: dict[str, str] | None = None) -> Child:
        children.append(Child(body, env))
        return children[-1]

    yield begin
    for child in children:
        if child.process.poll() is None:
            child.process.kill()
        child.process.communicate()


WAITING = """
async def main(stop):
    say("ready")
    await stop.wait()
    say("stopping")
    {then}
    return 0
exit_with(run_under_signals(main))
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_first_signal_sets_stop_and_the_code_is_the_mains(start: Start, number: int) -> None:
    """A stopped service exits with its own exit code and without a traceback."""
    child = start(WAITING.format(then="return 7"))
    assert child.heard() == "ready"
    child.tell(number)
    assert child.heard() == "stopping"
    assert child.end() == (7, [])


def test_second_signal_leaves_at_once(start: Start) -> None:
    """A second stop request does not wait for the drain."""
    child = start(WAITING.format(then="await asyncio.sleep(60)"))
    child.heard()
    child.tell()
    assert child.heard() == "stopping"
    child.tell()
    assert child.end()[0] == 130


def test_second_signal_gets_through_a_blocked_event_loop(start: Start) -> None:
    """A handler that keeps the loop busy can't keep the process from leaving."""
    child = start("""
        async def main(stop):
            say("ready")
            time.sleep(60)
        exit_with(run_under_signals(main))
    """)
    child.heard()
    child.tell(signal.SIGTERM)
    child.tell(signal.SIGINT)
    assert child.end()[0] == 130


def test_unexpected_exception_is_logged_and_exits_1(start: Start) -> None:
    """The supervisor sees a failure, the log says which."""
    child = start("""
        async def main(stop):
            raise KeyError("lost")
        exit_with(run_under_signals(main))
    """)
    code, (line,) = child.end()
    assert code == 1
    assert (line["level"], line["event"]) == ("error", "crashed")
    assert "KeyError: 'lost'" in line["exception"]


def test_misconfiguration_is_one_line_and_exits_2(start: Start) -> None:
    """No traceback: the sentence says what to change."""
    child = start("""
        async def main(stop):
            raise ConfigurationError("set maxmemory-policy to noeviction")
        exit_with(run_under_signals(main))
    """)
    code, (line,) = child.end()
    assert code == 2
    assert line["reason"] == "set maxmemory-policy to noeviction"
    assert "exception" not in line


def test_a_thread_that_does_not_end_holds_the_process_for_seconds_only(start: Start) -> None:
    """An abandoned handler can't keep a stopped process alive."""
    child = start("""
        import threading
        from app.core import process
        process._LINGER_SEC = 0.2
        async def main(stop):
            threading.Thread(target=time.sleep, args=(60,)).start()
            return 3
        exit_with(run_under_signals(main))
    """)
    assert child.end()[0] == 3


SERVICE = """
from app.core.process import run_service
async def main(runtime):
    say("serving")
    return 0
run_service("worker", main)
"""


def test_refused_settings_exit_2_and_name_the_variable(start: Start) -> None:
    """A wrong variable is named, its value is not shown."""
    code, (line,) = start(SERVICE, {"LEASE_SEC": "hunter2"}).end()
    assert code == 2
    assert line["reason"].startswith("LEASE_SEC: ")
    assert "hunter2" not in json.dumps(line)


def test_refused_log_level_exits_2(start: Start) -> None:
    """A misspelt level is reported in a line that is still JSON."""
    code, (line,) = start(SERVICE, {"LOG_LEVEL": "LOUD"}).end()
    assert code == 2
    assert "LOG_LEVEL" in line["reason"]


@pytest.mark.parametrize(
    ("name", "value"),
    [("WORKER_PROCESSES", "two"), ("LOG_LEVEL", "LOUD")],
)
def test_worker_processes_that_cannot_work_end_with_a_line(name: str, value: str) -> None:
    """Also if they have a parent: it does not start them again."""
    environment = {**os.environ, "WORKER_PROCESSES": "2", name: value}
    command = [sys.executable, "-m", "app.services.worker.main"]
    ended = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert ended.returncode == 2
    lines = [json.loads(line) for line in ended.stderr.splitlines()]
    assert {line["event"] for line in lines} <= {"misconfigured", "worker process ended"}
    assert name in lines[-1]["reason"]


def test_service_waits_for_a_redis_that_is_away_and_can_be_stopped(start: Start) -> None:
    """Startup without Redis is no failure: it says so once and waits."""
    child = start(SERVICE, {"REDIS_URL": "redis://127.0.0.1:1/0"})
    assert child.process.stderr is not None
    line = json.loads(child.process.stderr.readline())
    assert (line["event"], line["code"]) == ("unavailable", "redis_unavailable")
    child.tell()
    assert child.end() == (0, [])


def test_load_settings_raises_a_configuration_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every refused variable is in the one message."""
    monkeypatch.setitem(Settings.model_config, "env_file", None)
    monkeypatch.setenv("LEASE_SEC", "0")
    monkeypatch.setenv("API_PORT", "99999")
    with pytest.raises(ConfigurationError, match=r"API_PORT: .*; LEASE_SEC: |LEASE_SEC: .*; API_PORT: "):
        load_settings()


class Looping:
    """A loop made of one coroutine function."""

    def __init__(self, body: Callable[[asyncio.Event], Awaitable[None]]) -> None:
        self._body = body

    async def run(self, stop: asyncio.Event) -> None:
        await self._body(stop)


async def until_stopped(stop: asyncio.Event) -> None:
    await stop.wait()


async def test_run_loops_returns_once_all_have_ended() -> None:
    """Stop reaches every loop, and nothing is raised if all end."""
    stop, ended = asyncio.Event(), list[int]()

    async def body(stop: asyncio.Event) -> None:
        await stop.wait()
        ended.append(1)

    running = asyncio.create_task(run_loops([Looping(body), Looping(body)], stop))
    await asyncio.sleep(0)
    assert not running.done()
    stop.set()
    await running
    assert len(ended) == 2


async def test_run_loops_stops_the_others_if_one_fails() -> None:
    """One broken loop ends the process, after the others had a chance to end in order."""
    stop, ended = asyncio.Event(), list[int]()

    async def fails(_stop: asyncio.Event) -> None:
        raise KeyError("x")

    async def body(stop: asyncio.Event) -> None:
        await stop.wait()
        ended.append(1)

    with pytest.raises(LoopFailed, match="KeyError") as caught:
        await run_loops([Looping(body), Looping(fails)], stop)
    assert isinstance(caught.value.__cause__, KeyError)
    assert ended == [1]


async def test_run_loops_takes_an_early_return_for_a_failure() -> None:
    """A role that silently ended would be missing for ever."""

    async def returns(_stop: asyncio.Event) -> None:
        return

    with pytest.raises(LoopFailed, match="before it had to"):
        await run_loops([Looping(returns), Looping(until_stopped)], asyncio.Event())


async def test_run_loops_cancels_who_does_not_end_in_time() -> None:
    """A loop that is stuck in a call can't hold up the end."""
    stop, cancelled = asyncio.Event(), list[int]()

    async def stuck(_stop: asyncio.Event) -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            cancelled.append(1)
            raise

    stop.set()
    await run_loops([Looping(stuck)], stop, grace_sec=0.01)
    assert cancelled == [1]


async def test_keep_going_waits_out_an_outage() -> None:
    """Redis may go and come; the loop is there when it is back."""
    stop, tries = asyncio.Event(), list[int]()

    async def step(stop: asyncio.Event) -> None:
        tries.append(1)
        if len(tries) < 3:
            raise RedisUnavailable("away")
        stop.set()

    await run_forever("x", step, stop)
    assert len(tries) == 3


async def test_keep_going_waits_out_a_lack_of_descriptors() -> None:
    """A process that may open no more files tries again; any other error of the system ends the loop."""
    stop, errors = asyncio.Event(), [OSError(errno.EMFILE, "x"), OSError(errno.ENFILE, "x")]

    async def step(stopped: asyncio.Event) -> None:
        if errors:
            raise errors.pop()
        stopped.set()

    await run_forever("x", step, stop)
    assert not errors
    errors = [PermissionError(errno.EACCES, "x")]
    with pytest.raises(PermissionError):
        await run_forever("x", step, asyncio.Event())


async def test_keep_going_lets_other_exceptions_through() -> None:
    """Only an outage is waited out; a bug is not repeated for ever."""

    async def step(_stop: asyncio.Event) -> None:
        raise KeyError("bug")

    with pytest.raises(KeyError):
        await run_forever("x", step, asyncio.Event())


async def test_keep_going_ends_while_it_waits() -> None:
    """A stop during an outage does not wait for Redis."""
    stop = asyncio.Event()

    async def step(stop: asyncio.Event) -> None:
        asyncio.get_running_loop().call_soon(stop.set)
        raise RedisUnavailable("away")

    await asyncio.wait_for(run_forever("x", step, stop), timeout=30)


def test_backoff_doubles_up_to_its_cap_and_is_reset() -> None:
    """0.05 s doubling to 1 s, and from the start after a success."""
    backoff = Backoff()
    waits = [backoff.next_wait_sec() for _ in range(7)]
    assert waits == [0.05, 0.1, 0.2, 0.4, 0.8, 1.0, 1.0]
    backoff.reset()
    assert backoff.next_wait_sec() == 0.05


async def test_pause_is_cut_short_by_stop() -> None:
    """A stop interrupts a sleeping loop."""
    stop = asyncio.Event()
    asyncio.get_running_loop().call_soon(stop.set)
    await asyncio.wait_for(sleep_or_stop(stop, 600), timeout=30)


async def test_unless_stopped_cancels_its_work() -> None:
    """What is waited for is given up with the wait."""
    stop, work = asyncio.Event(), asyncio.get_running_loop().create_future()
    asyncio.get_running_loop().call_soon(stop.set)
    assert await or_stop(stop, work) is None
    assert work.cancelled()


async def test_unless_stopped_gives_the_result() -> None:
    """Without a stop it is the work's own result, or its exception."""

    async def work() -> int:
        return 5

    async def fails() -> int:
        raise KeyError("x")

    assert await or_stop(asyncio.Event(), work()) == 5
    with pytest.raises(KeyError):
        await or_stop(asyncio.Event(), fails())


async def test_a_late_check_that_fails_stops_the_service(monkeypatch: pytest.MonkeyPatch) -> None:
    """A shard answers late and cannot be examined: the service ends with that error, not at its own end."""

    async def check(_settings: Settings) -> tuple[Shard, ...]:
        raise ValueError("a defect")

    monkeypatch.setattr(process, "_LATE_CHECK_SEC", 0)
    monkeypatch.setattr(process, "_check", check)
    stop = asyncio.Event()
    with pytest.raises(ValueError, match="a defect"):
        await process._check_late(Settings(), stop)
    assert stop.is_set()
