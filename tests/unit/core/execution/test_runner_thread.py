"""Attempts in threads: plain functions, coroutines with a loop of their own, and threads that do not end."""

from __future__ import annotations

import asyncio
import contextvars
import threading
from typing import Any

import orjson
import pytest

from app.core.execution import thread as thread_module
from app.core.execution.context import RunContext
from app.core.execution.thread import ThreadAttempt, ThreadStack
from app.core.models import AttemptOutcome, AttemptResult
from app.core.registry import HandlerSpec, Registry
from app.core.runner import Stopped, StopReason
from tests.support.queue.run_port import Bench, bench_with, error_of
from tests.support.waiting import wait_until, wait_until_async


async def test_thread_handler_leaves_the_loop_free() -> None:
    """A handler that blocks its thread does not hold the event loop."""
    bench = Bench()
    bench.start("test.sleep_sync", {"duration_ms": 300})
    turns = 0
    while not bench.ends:
        await asyncio.sleep(0.01)
        turns += 1
    assert turns > 5


async def test_thread_handler_has_a_thread_and_context_of_its_own() -> None:
    """Context variables are copied into the thread, and what it sets stays there."""
    variable = contextvars.ContextVar("variable", default="unset")
    variable.set("from outside")
    seen: list[Any] = []

    def look(_ctx: RunContext, _inputs: object) -> None:
        seen.extend([variable.get(), threading.current_thread() is threading.main_thread()])
        variable.set("from inside")

    await bench_with(look, runs_in="thread").finish("made.up")
    assert seen == ["from outside", False]
    assert variable.get() == "from outside"


async def test_thread_coroutine_handler_is_run_to_its_end() -> None:
    """An `async def` in a thread returns its output as anywhere else."""
    finish = await Bench().finish("test.fail", {"times": 0, "runs_in": "thread"})
    assert (finish.outcome, finish.output) == (AttemptOutcome.SUCCESS, '{"attempt":1}')


@pytest.mark.parametrize("job_type", ["test.fail", "test.exit"])
async def test_thread_handler_failure_is_reported(job_type: str) -> None:
    """What a thread raises, sys.exit included, fails its run."""
    assert (await Bench().finish(job_type, {"runs_in": "thread"})).outcome is AttemptOutcome.RETRY


async def test_thread_plain_handler_reaches_tools_through_wait() -> None:
    """ctx.wait does a tool's call in the worker's loop and returns its answer."""

    def count(ctx: RunContext, _inputs: object) -> int:
        return ctx.wait(ctx.tools.kv.incr("n"))

    policies = Bench().runner._services.tool_runtime.policies
    spec = HandlerSpec("test.count", count, runs_in="thread", tools=("kv",))
    bench = Bench(registry=Registry([spec]), policies=policies)
    bench.port.answer = ["OK", "7"]
    finish = await bench.finish("test.count")
    assert finish.output == "7"
    assert orjson.loads(finish.calls)[0]["op"] == "incr"


async def test_thread_coroutine_handler_reaches_tools() -> None:
    """A coroutine in a thread awaits tools as in the loop."""
    bench = Bench()
    assert (await bench.finish("test.kv", {"runs_in": "thread"})).output == "1"
    assert [name for name, _, _ in bench.port.tool_calls] == ["tools/kv"]


@pytest.mark.usefixtures("long_grace")
async def test_thread_handler_sees_its_cancellation() -> None:
    """A plain function that looks at ctx.cancelled ends within the grace, and the run is cancelled."""
    seen: list[bool] = []

    def patient(ctx: RunContext, _inputs: object) -> None:
        seen.append(ctx.sleep(10))
        raise RuntimeError("stopped half-way")

    bench = bench_with(patient, runs_in="thread")
    execution = bench.start("made.up")
    execution.stop(StopReason.CANCELLED)
    finish = await bench.end()
    assert isinstance(finish, AttemptResult)
    assert (finish.outcome, seen, execution.abandoned) == (AttemptOutcome.CANCELLED, [True], False)


async def test_thread_coroutine_handler_is_cancelled() -> None:
    """stop() cancels the coroutine in the thread's own loop."""
    bench = Bench()
    execution = bench.start("test.sleep", {"duration_ms": 15_000, "runs_in": "thread"})
    assert isinstance(execution, ThreadAttempt)
    await wait_until_async(lambda: execution._inner_task is not None)
    execution.stop(StopReason.DRAIN)
    assert await bench.end() == Stopped(StopReason.DRAIN, abandoned=False)


@pytest.mark.usefixtures("long_grace")
async def test_thread_coroutine_handler_that_is_stopped_at_once_ends() -> None:
    """A stop that comes before the thread has its loop is not lost: it needs no grace."""
    bench = Bench()
    inputs = {"duration_ms": 15_000, "runs_in": "thread"}
    bench.start("test.sleep", inputs).stop(StopReason.CANCELLED)
    finish = await bench.end()
    assert isinstance(finish, AttemptResult)
    assert finish.outcome is AttemptOutcome.CANCELLED


async def test_thread_that_will_not_end_is_abandoned_and_counted() -> None:
    """A stuck thread is reported within two seconds of its time-out, counted while it lives, no longer."""
    bench = Bench()
    execution = bench.start("test.thread_stuck", {"duration_ms": 6000}, timeout_ms=50)
    finish = await bench.end()
    assert isinstance(finish, AttemptResult)
    assert error_of(finish)["code"] == "timed_out"
    assert finish.duration_ms < 6000
    assert (execution.abandoned, bench.runner.abandoned_threads) == (True, 1)
    await wait_until_async(lambda: bench.runner.abandoned_threads == 0)
    assert len(bench.ends) == 1


async def test_thread_that_is_abandoned_blocks_no_other() -> None:
    """There is no pool: with twenty stuck threads the next run starts at once."""
    bench = Bench()
    stuck = [bench.start("test.thread_stuck", {"duration_ms": 8000}) for _ in range(20)]
    finish = await bench.finish("test.sleep_sync", {"duration_ms": 1})
    assert finish.duration_ms < 8000
    for execution in stuck:
        execution.stop(StopReason.DRAIN)
    await wait_until_async(lambda: len(bench.ends) == 21)


async def test_thread_drain_of_a_stuck_one_says_abandoned() -> None:
    """The worker learns that the thread still lives, so that it can leave at once."""
    bench = Bench()
    bench.start("test.thread_stuck", {"duration_ms": 3000}).stop(StopReason.DRAIN)
    assert await bench.end() == Stopped(StopReason.DRAIN, abandoned=True)


class Held:
    """Work that lasts until the test lets it end."""

    def __init__(self) -> None:
        self.began, self.may_end = threading.Event(), threading.Event()
        self.thread: threading.Thread | None = None
        self.name = ""

    def __call__(self) -> None:
        self.thread = threading.current_thread()
        self.name = self.thread.name
        self.began.set()
        self.may_end.wait(60)


def test_a_thread_without_work_serves_the_next_run() -> None:
    """A busy thread is left alone, and one that has ended its run gets the next, under that run's name."""
    threads = ThreadStack()
    stuck, first, second = Held(), Held(), Held()
    threads.run(stuck, "run-stuck")
    threads.run(first, "run-1")
    assert first.began.wait(60)
    assert stuck.began.wait(60)
    first.may_end.set()
    wait_until(lambda: len(threads._idle) == 1)
    threads.run(second, "run-2")
    assert second.began.wait(60)
    assert (second.thread, second.name) == (first.thread, "run-2")
    assert stuck.thread is not first.thread
    for held in (stuck, second):
        held.may_end.set()
    wait_until(lambda: len(threads._idle) == 2)


def test_a_thread_without_work_ends_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    """Threads that are not needed any more do not stay."""
    monkeypatch.setattr(thread_module, "IDLE_SEC", 0.01)
    threads, held = ThreadStack(), Held()
    held.may_end.set()
    threads.run(held, "run-1")
    assert held.began.wait(60)
    assert held.thread is not None
    held.thread.join(60)
    assert (held.thread.is_alive(), threads._idle) == (False, [])
