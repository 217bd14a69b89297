"""Isolated attempts: handlers in a child process, whose crash ends the run."""

from __future__ import annotations

import subprocess
import sys

import orjson
import pytest

from app.core.config import Settings
from app.core.models import AttemptOutcome, AttemptResult
from app.core.registry import load_handlers
from app.core.runner import Stopped, StopReason
from tests.support.queue.run_port import Bench, error_of

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
MANY_TRIES = '{"max_retry": 5}'
_FIND_ALL = """
import sys, orjson
from app.core.execution.child import _spec
for module, job_type in orjson.loads(sys.argv[1]):
    assert _spec(module, job_type).type == job_type
"""


async def test_isolated_handler_of_the_loop_runs_in_a_child() -> None:
    """Its result, log and tool calls come back as from the loop."""
    bench = Bench()
    finish = await bench.finish("test.log", {"lines": 2}, alone=True)
    assert (finish.outcome, finish.output) == (AttemptOutcome.SUCCESS, "2")
    assert [line.message for line in bench.port.lines] == ["line 0", "line 1"]
    bench.port.answer = ["OK", "41"]
    finish = await bench.finish("test.kv", {}, alone=True)
    assert (finish.output, orjson.loads(finish.calls)[0]["tool"]) == ("41", "kv")


async def test_isolated_handler_of_a_thread_runs_in_a_child() -> None:
    """A plain function reports its progress and its result."""
    bench = Bench()
    finish = await bench.finish("test.sleep_sync", {"duration_ms": 1}, alone=True)
    assert finish.output == '{"cancelled":false}'
    assert bench.port.progress_values == ["asleep"]


async def test_crash_of_an_isolated_child_ends_the_run() -> None:
    """Exit code and outcome are reported; the retry policy is not asked."""
    finish = await Bench().finish("test.poison", {"exit_code": 9}, alone=True, retry=MANY_TRIES, crashes=2)
    error = error_of(finish)
    assert (finish.outcome, error["code"], error["retryable"]) == (
        AttemptOutcome.CRASHED,
        "child_exited",
        False,
    )
    assert "exit code 9" in error["message"]


async def test_signal_that_ended_an_isolated_child_is_named() -> None:
    """A child that the kernel kills, as for its memory, has crashed."""
    finish = await Bench().finish("test.end_itself", {"signal": "SIGKILL"}, alone=True, retry=MANY_TRIES)
    assert finish.outcome is AttemptOutcome.CRASHED
    assert "SIGKILL" in error_of(finish)["message"]


async def test_stopped_isolated_child_has_not_crashed() -> None:
    """A stop of the whole group reaches the child first: the run goes back."""
    end = await Bench().run("test.end_itself", {"signal": "SIGHUP"}, alone=True)
    assert end == Stopped(StopReason.DRAIN, abandoned=False)


async def test_crash_of_a_child_that_is_not_isolated_is_a_failure() -> None:
    """A type that always runs in a child is tried again, as its policy says."""
    finish = await Bench().finish("test.poison", {"runs_in": "process"}, retry=MANY_TRIES)
    assert finish.outcome is AttemptOutcome.RETRY


async def test_isolated_handler_that_fails_is_tried_again() -> None:
    """An exception is a failure like any other."""
    finish = await Bench().finish("test.fail", {}, alone=True, retry=MANY_TRIES)
    assert (finish.outcome, error_of(finish)["code"]) == (AttemptOutcome.RETRY, "retryable")


async def test_time_out_of_an_isolated_run_counts_from_its_handlers_start() -> None:
    """A time-out shorter than the start of a process does not end the run; its handler is bound by it."""
    finish = await Bench().finish("test.sleep", {"duration_ms": 1}, alone=True, timeout_ms=100)
    assert finish.outcome is AttemptOutcome.SUCCESS
    finish = await Bench().finish("test.sleep", {"duration_ms": 5_000}, alone=True, timeout_ms=100)
    assert isinstance(finish, AttemptResult)
    assert error_of(finish)["code"] == "timed_out"


async def test_fencing_token_is_the_same_in_every_place() -> None:
    """In the loop, in a thread and in a child."""
    for runs_in in ("loop", "thread", "process"):
        finish = await Bench().finish("test.token", {"runs_in": runs_in}, lease_id="w1:7:1795692860100001")
        assert finish.output == "1795692860100001"


def test_every_type_is_found_in_a_child() -> None:
    """A child imports the module of its type alone: each shipped type has to be there."""
    settings = Settings(_env_file=None, handler_modules=["tests.support.queue.handlers"])  # pyright: ignore[reportCallIssue]
    wanted = [(spec.module, spec.type) for spec in load_handlers(settings).specs()]
    assert len(wanted) > 10
    subprocess.run([sys.executable, "-c", _FIND_ALL, orjson.dumps(wanted).decode()], check=True, timeout=60)
