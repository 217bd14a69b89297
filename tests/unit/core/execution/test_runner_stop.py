"""How attempts end by order that run in the event loop: out of time, cancelled, lost, drained."""

from __future__ import annotations

import asyncio
from typing import Any

from app.core.errors import RetryableError
from app.core.execution.context import RunContext
from app.core.models import AttemptOutcome, AttemptResult
from app.core.runner import Stopped, StopReason
from tests.support.queue.run_port import Bench, bench_with, error_of
from tests.support.waiting import wait_until_async


async def note(errors: list[str], call: Any) -> None:
    try:
        await call
    except Exception as error:  # noqa: BLE001
        errors.append(type(error).__name__)


async def test_runner_time_out_is_a_retryable_failure() -> None:
    """A handler that is too slow is cancelled and its run tried again."""
    finish = await Bench().finish("test.sleep", {"duration_ms": 15_000}, timeout_ms=30)
    error = error_of(finish)
    assert (finish.outcome, error["kind"], error["code"]) == (AttemptOutcome.RETRY, "timeout", "timed_out")
    assert 30 <= finish.duration_ms < 10_000


async def test_runner_time_out_that_is_swallowed_is_reported_within_two_seconds() -> None:
    """A handler that ignores its cancellation is abandoned; what it returns later counts for nothing."""
    bench = Bench()
    execution = bench.start("test.swallow", {"duration_ms": 1500}, timeout_ms=50)
    finish = await bench.end()
    assert isinstance(finish, AttemptResult)
    assert error_of(finish)["code"] == "timed_out"
    assert finish.duration_ms <= 4000
    assert execution.abandoned
    await wait_until_async(lambda: not bench.runner._services.abandoned)
    assert len(bench.ends) == 1


async def test_runner_time_out_beats_a_late_success() -> None:
    """A result that comes after the time is up, within the grace, is a time-out all the same."""
    finish = await Bench().finish("test.swallow", {"duration_ms": 300}, timeout_ms=50)
    assert error_of(finish)["code"] == "timed_out"


async def test_runner_stop_cancelled_ends_as_cancelled() -> None:
    """stop(CANCELLED) cancels the handler, and the run is cancelled."""
    bench = Bench()
    execution = bench.start("test.sleep", {"duration_ms": 15_000})
    await asyncio.sleep(0)
    execution.stop(StopReason.CANCELLED)
    finish = await bench.end()
    assert isinstance(finish, AttemptResult)
    assert (finish.outcome, finish.error) == (AttemptOutcome.CANCELLED, "")


async def test_runner_stop_before_the_handler_began_ends_as_cancelled() -> None:
    """A stop in the same turn of the loop as the start is obeyed."""
    bench = Bench()
    bench.start("test.sleep", {"duration_ms": 15_000}).stop(StopReason.CANCELLED)
    finish = await bench.end()
    assert isinstance(finish, AttemptResult)
    assert finish.outcome is AttemptOutcome.CANCELLED


async def test_runner_success_wins_over_a_cancellation() -> None:
    """A handler that finishes its work in spite of the cancellation has succeeded."""
    bench = Bench()
    execution = bench.start("test.swallow", {"duration_ms": 200})
    await asyncio.sleep(0)
    execution.stop(StopReason.CANCELLED)
    finish = await bench.end()
    assert isinstance(finish, AttemptResult)
    assert (finish.outcome, finish.output) == (AttemptOutcome.SUCCESS, '"swallowed"')


async def test_runner_failure_after_a_cancellation_is_cancelled() -> None:
    """What a handler raises while it is being cancelled does not matter."""

    async def stubborn(_ctx: RunContext, _inputs: object) -> None:
        try:
            await asyncio.sleep(15)
        except asyncio.CancelledError:
            raise RetryableError("cleanup failed") from None

    bench = bench_with(stubborn)
    execution = bench.start("made.up")
    await asyncio.sleep(0)
    execution.stop(StopReason.CANCELLED)
    finish = await bench.end()
    assert isinstance(finish, AttemptResult)
    assert finish.outcome is AttemptOutcome.CANCELLED


async def test_runner_cancellation_that_is_swallowed_is_cancelled_after_the_grace() -> None:
    """A cancelled run ends within the grace whatever its handler does."""
    bench = Bench()
    execution = bench.start("test.swallow", {"duration_ms": 1500})
    await asyncio.sleep(0)
    execution.stop(StopReason.CANCELLED)
    finish = await bench.end()
    assert isinstance(finish, AttemptResult)
    assert finish.outcome is AttemptOutcome.CANCELLED
    assert execution.abandoned


async def test_runner_stop_lost_ends_without_a_finish() -> None:
    """A lost lease leaves nothing to report, not even a success."""
    bench = Bench()
    execution = bench.start("test.swallow", {"duration_ms": 100})
    await asyncio.sleep(0)
    execution.stop(StopReason.LOST)
    assert await bench.end() == Stopped(StopReason.LOST, abandoned=False)


async def test_runner_stop_lost_outranks_an_earlier_reason() -> None:
    """A run that was being cancelled when its lease was lost is lost."""
    bench = Bench()
    execution = bench.start("test.sleep", {"duration_ms": 15_000})
    await asyncio.sleep(0)
    execution.stop(StopReason.CANCELLED)
    execution.stop(StopReason.LOST)
    assert await bench.end() == Stopped(StopReason.LOST, abandoned=False)


async def test_runner_stop_lost_takes_tools_and_progress_away() -> None:
    """After the lease is lost every call of the handler raises LeaseLost, and nothing is sent."""
    errors: list[str] = []

    async def goes_on(ctx: RunContext, _inputs: object) -> None:
        try:
            await asyncio.sleep(15)
        except asyncio.CancelledError:
            await note(errors, ctx.tools.kv.get("a"))
            try:
                ctx.progress(1)
            except Exception as error:  # noqa: BLE001
                errors.append(type(error).__name__)

    bench = bench_with(goes_on, tools=("kv",))
    execution = bench.start("made.up")
    await asyncio.sleep(0)
    execution.stop(StopReason.LOST)
    assert await bench.end() == Stopped(StopReason.LOST, abandoned=False)
    assert errors == ["LeaseLost", "LeaseLost"]
    assert (bench.port.tool_calls, bench.port.progress_values) == ([], [])


async def test_runner_abandoned_handler_can_do_nothing_more() -> None:
    """A handler that outlives its end finds its tools gone and its lines dropped."""
    errors: list[str] = []
    done = asyncio.Event()

    async def outlives(ctx: RunContext, _inputs: object) -> None:
        until = asyncio.get_running_loop().time() + 1.3
        while asyncio.get_running_loop().time() < until:
            try:
                await asyncio.sleep(0.05)
            except asyncio.CancelledError:
                continue
        await note(errors, ctx.tools.kv.get("a"))
        ctx.log.info("late")
        done.set()

    bench = bench_with(outlives, tools=("kv",))
    await bench.finish("made.up", timeout_ms=20)
    async with asyncio.timeout(30):
        await done.wait()
    assert errors == ["LeaseLost"]
    assert (bench.port.tool_calls, bench.port.lines) == ([], [])


async def test_runner_stop_drain_gives_the_run_back() -> None:
    """stop(DRAIN) reports after the handler has truly ended."""
    ended: list[bool] = []

    async def tidy(_ctx: RunContext, _inputs: object) -> None:
        try:
            await asyncio.sleep(15)
        finally:
            await asyncio.sleep(0.05)
            ended.append(True)

    bench = bench_with(tidy)
    execution = bench.start("made.up")
    await asyncio.sleep(0)
    execution.stop(StopReason.DRAIN)
    assert await bench.end() == Stopped(StopReason.DRAIN, abandoned=False)
    assert ended == [True]


async def test_runner_stop_drain_abandons_after_the_grace() -> None:
    """A handler that swallows the drain is abandoned after a second."""
    bench = Bench()
    execution = bench.start("test.swallow", {"duration_ms": 1500})
    await asyncio.sleep(0)
    execution.stop(StopReason.DRAIN)
    assert await bench.end() == Stopped(StopReason.DRAIN, abandoned=True)


async def test_runner_stop_after_the_end_changes_nothing() -> None:
    """A stop that comes too late is ignored: one end a run."""
    bench = Bench()
    execution = bench.start("test.noop")
    await bench.end()
    execution.stop(StopReason.LOST)
    await asyncio.sleep(0.01)
    assert len(bench.ends) == 1


async def test_runner_lost_answer_of_a_tool_ends_as_lost() -> None:
    """A tool that finds the lease lost ends the attempt without a finish, before the worker knows."""
    bench = Bench()
    bench.port.lost = True
    assert await bench.run("test.kv") == Stopped(StopReason.LOST, abandoned=False)
