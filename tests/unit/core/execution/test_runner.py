"""How attempts end by themselves that run in the event loop."""

from __future__ import annotations

import asyncio
from typing import Any

import orjson
import pytest
from pydantic import BaseModel, field_validator

from app.core.errors import LeaseLost, LimitExceeded
from app.core.execution.context import RunContext
from app.core.models import AttemptOutcome, AttemptResult, RetryPolicy
from app.core.runner import Stopped, StopReason
from tests.support.queue.run_port import Bench, bench_with, error_of


async def test_runner_success_carries_the_output_as_json() -> None:
    """What a handler returns is the output, with the run's own lease and attempt."""
    finish = await Bench().finish("test.echo", {"text": "é", "list": []}, attempt=3, lease_id="w:9:1")
    assert (finish.outcome, finish.attempt, finish.lease_id) == (AttemptOutcome.SUCCESS, 3, "w:9:1")
    assert orjson.loads(finish.output) == {"text": "é", "list": []}


async def test_runner_success_of_a_noop_stores_nothing() -> None:
    """A handler that returns nothing and logs nothing leaves every text of its finish empty."""
    finish = await Bench().finish("test.noop")
    assert (finish.output, finish.error, finish.calls, finish.log, finish.fingerprint) == ("",) * 5


async def test_runner_end_is_never_reported_before_start_returns() -> None:
    """The caller has the attempt before it ends, even if nothing can start."""
    bench = Bench()
    bench.start("no.such")
    assert bench.ends == []
    assert isinstance(await bench.end(), AttemptResult)


async def test_runner_failure_is_tried_again_after_the_delay_of_its_policy() -> None:
    """The second failure of a run waits for the second delay of its policy."""
    retry = RetryPolicy(max_retry=2, backoff_sec=[1, 7]).model_dump_json()
    finish = await Bench().finish("test.fail", retry=retry, failures=1)
    assert (finish.outcome, finish.delay_ms) == (AttemptOutcome.RETRY, 7000)


async def test_runner_failure_beyond_max_retry_is_final() -> None:
    """With all retries used up the failure is final, though another try might help."""
    retry = RetryPolicy(max_retry=2, backoff_sec=[1]).model_dump_json()
    finish = await Bench().finish("test.fail", retry=retry, failures=2)
    assert (finish.outcome, finish.delay_ms, error_of(finish)["retryable"]) == (
        AttemptOutcome.FAILED,
        0,
        True,
    )


async def test_runner_failure_without_a_policy_follows_the_default() -> None:
    """No policy in the run means three retries, the first after a second."""
    first = await Bench().finish("test.fail")
    last = await Bench().finish("test.fail", failures=3)
    assert (first.outcome, first.delay_ms, last.outcome) == (
        AttemptOutcome.RETRY,
        1000,
        AttemptOutcome.FAILED,
    )


async def test_runner_non_retryable_failure_is_final_at_once() -> None:
    """NonRetryableError ends the run at its first failure."""
    finish = await Bench().finish("test.fail", {"retryable": False, "message": "no"})
    error = error_of(finish)
    assert finish.outcome is AttemptOutcome.FAILED
    assert (error["kind"], error["message"], error["retryable"]) == ("exception", "no", False)


@pytest.mark.parametrize("name", ["RetryableError", "app.core.errors.RunFailure", "retryable"])
async def test_runner_failure_named_by_the_policy_is_final(name: str) -> None:
    """A policy may name a class, a base of it, or an error code as non-retryable."""
    retry = RetryPolicy(non_retryable=[name]).model_dump_json()
    assert (await Bench().finish("test.fail", retry=retry)).outcome is AttemptOutcome.FAILED


async def test_runner_refusal_by_a_policy_is_final() -> None:
    """A quota that is used up is used up in the next attempt as well."""

    async def refused(_ctx: RunContext, _inputs: object) -> None:
        raise LimitExceeded("too much")

    finish = await bench_with(refused).finish("made.up")
    assert (finish.outcome, error_of(finish)["code"]) == (AttemptOutcome.FAILED, "limit_exceeded")


async def test_runner_error_shows_the_handlers_frames_alone() -> None:
    """The traceback begins in the handler's own code."""
    trace = error_of(await Bench().finish("test.fail"))["traceback"]
    assert "queue/handlers.py" in trace
    assert "attempt.py" not in trace


async def test_runner_error_is_masked_and_bounded() -> None:
    """A password in an exception reaches neither message nor traceback; both have a limit."""

    async def leaky(_ctx: RunContext, _inputs: object) -> None:
        raise ValueError("password=hunter2-canary " + "x" * 50_000)

    finish = await bench_with(leaky).finish("made.up")
    assert "canary" not in finish.error
    error = error_of(finish)
    assert len(error["message"]) <= 2000
    assert len(error["traceback"]) <= 8192


async def test_runner_sys_exit_in_a_handler_fails_its_run_alone() -> None:
    """sys.exit is a failure of the attempt; the loop, and so the worker, goes on."""
    finish = await Bench().finish("test.exit")
    assert (finish.outcome, error_of(finish)["code"]) == (AttemptOutcome.RETRY, "handler_exit")


async def test_runner_odd_base_exception_is_a_failure() -> None:
    """An exception outside of Exception is handled like any other."""

    class OddError(BaseException):
        pass

    async def odd(_ctx: RunContext, _inputs: object) -> None:
        raise OddError("odd")

    assert error_of(await bench_with(odd).finish("made.up"))["message"] == "odd"


async def test_runner_self_made_cancellation_is_a_failure() -> None:
    """A handler that raises CancelledError without a stop request has failed."""

    async def own(_ctx: RunContext, _inputs: object) -> None:
        raise asyncio.CancelledError

    finish = await bench_with(own).finish("made.up")
    assert (finish.outcome, error_of(finish)["kind"]) == (AttemptOutcome.RETRY, "exception")


async def test_runner_unknown_type_fails_and_names_the_nearest() -> None:
    """A run of an unknown type is final and says which type might have been meant."""
    finish = await Bench().finish("test.nop")
    error = error_of(finish)
    assert (finish.outcome, error["kind"], error["retryable"]) == (
        AttemptOutcome.FAILED,
        "unknown_type",
        False,
    )
    assert "'test.noop'" in error["message"]


async def test_runner_invalid_inputs_fail_without_their_values() -> None:
    """Inputs that do not fit are final, and the message names the field, never the value."""
    finish = await Bench().finish("test.sleep", {"duration_ms": "canary"})
    error = error_of(finish)
    assert (finish.outcome, error["kind"], error["code"]) == (
        AttemptOutcome.FAILED,
        "invalid",
        "invalid_inputs",
    )
    assert "/duration_ms" in error["message"]
    assert "canary" not in finish.error


async def test_runner_input_model_that_breaks_is_an_invalid_input() -> None:
    """A validator that raises something strange fails its run, not the worker."""

    class Strange(BaseModel):
        number: int = 1

        @field_validator("number")
        @classmethod
        def _break(cls, _value: int) -> int:
            raise KeyError("strange")

    async def idle(_ctx: RunContext, _inputs: object) -> None: ...

    finish = await bench_with(idle, inputs=Strange).finish("made.up", {"number": 2})
    assert error_of(finish)["code"] == "invalid_inputs"


async def test_runner_plain_function_in_the_loop_is_refused() -> None:
    """A `def` whose inputs choose the loop would block everybody: it fails and says why."""

    def plain(_ctx: RunContext, _inputs: object) -> None: ...

    finish = await bench_with(plain, runs_in=lambda _inputs: "loop").finish("made.up")  # pyright: ignore[reportUnknownLambdaType]
    assert (finish.outcome, error_of(finish)["code"]) == (AttemptOutcome.FAILED, "configuration")


async def test_runner_result_that_is_no_json_is_final() -> None:
    """An object() as result fails at once: the next attempt would return one too."""
    finish = await Bench().finish("test.unserialisable")
    error = error_of(finish)
    assert (finish.outcome, error["kind"], error["code"]) == (
        AttemptOutcome.FAILED,
        "invalid",
        "result_not_serialisable",
    )


async def test_runner_result_has_a_largest_size() -> None:
    """MAX_RESULT_BYTES is the largest result; one byte more is final."""
    bench = Bench(max_result_bytes=2048)
    assert len((await bench.finish("test.big", {"bytes": 2048})).output) == 2048
    finish = await bench.finish("test.big", {"bytes": 2049})
    assert (finish.outcome, error_of(finish)["code"]) == (AttemptOutcome.FAILED, "result_too_large")


async def test_runner_context_tells_the_run() -> None:
    """A handler reads the fields of its run."""
    seen: list[Any] = []

    async def look(ctx: RunContext, _inputs: object) -> None:
        seen.extend([ctx.run_id, ctx.job_id, ctx.type, ctx.attempt, ctx.failures, ctx.trace_id])
        seen.extend([ctx.source, ctx.slot_ms, ctx.cancelled])

    await bench_with(look).finish("made.up", attempt=2, failures=1, trace_id="t")
    assert seen == ["job-a@1000", "job-a", "made.up", 2, 1, "t", "schedule", 1000, False]


async def test_runner_blocking_helpers_refuse_the_event_loop() -> None:
    """ctx.sleep in the loop would stop every run: it says what to write instead."""

    async def block(ctx: RunContext, _inputs: object) -> None:
        ctx.sleep(1)

    assert "await" in error_of(await bench_with(block).finish("made.up"))["message"]


async def test_runner_cut_off_run_goes_back_and_has_lost_its_tools() -> None:
    """Its handler is cancelled, its tools refuse, and the end has the reason."""
    seen: list[BaseException] = []

    async def stubborn(ctx: RunContext, _inputs: object) -> None:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            try:
                await ctx.tools.kv.get("x")
            except LeaseLost as error:
                seen.append(error)
            raise

    bench = bench_with(stubborn, tools=("kv",))
    execution = bench.start("made.up")
    await asyncio.sleep(0)
    execution.stop(StopReason.CUT_OFF)
    assert await bench.end() == Stopped(StopReason.CUT_OFF, abandoned=False)
    assert len(seen) == 1


async def test_runner_result_of_a_cut_off_run_is_kept() -> None:
    """A handler that returned is done: the fence decides if its result counts."""

    async def quick(_ctx: RunContext, _inputs: object) -> int:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            return 7
        return 0

    bench = bench_with(quick)
    execution = bench.start("made.up")
    await asyncio.sleep(0)
    execution.stop(StopReason.CUT_OFF)
    end = await bench.end()
    assert isinstance(end, AttemptResult)
    assert (end.outcome, end.output) == (AttemptOutcome.SUCCESS, "7")


async def test_runner_lost_lease_outranks_a_cut_off() -> None:
    """Once another worker owns the run it does not go back."""

    async def stubborn(_ctx: RunContext, _inputs: object) -> None:
        await asyncio.sleep(60)

    bench = bench_with(stubborn)
    execution = bench.start("made.up")
    await asyncio.sleep(0)
    execution.stop(StopReason.CUT_OFF)
    execution.stop(StopReason.LOST)
    assert await bench.end() == Stopped(StopReason.LOST, abandoned=False)
