"""Logs and progress of a running attempt: gathered, sent on, capped, packed."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import pytest

from app.core.errors import RedisUnavailable
from app.core.execution.context import LogCapture, RunContext, install_log_capture
from app.core.log_lines import pack_log, unpack_log
from app.core.models import AttemptOutcome
from app.core.records import LogLine
from app.core.registry import HandlerSpec, Registry
from app.core.runner import Stopped, StopReason
from tests.support.queue.run_port import Bench, bench_with
from tests.support.waiting import wait_until_async


async def test_log_lines_are_sent_before_the_end_and_packed_into_it() -> None:
    """All lines of the attempt are in the stream, numbered from 1, and in the finish."""
    bench = Bench()
    finish = await bench.finish("test.log", {"lines": 3}, attempt=2)
    assert [number for number, _ in bench.port.batches] == [1]
    assert unpack_log(finish.log) == bench.port.lines
    assert [(line.message, line.level, line.attempt) for line in bench.port.lines] == [
        ("line 0", "info", 2),
        ("line 1", "warning", 2),
        ("line 2", "info", 2),
    ]


async def test_log_lines_are_sent_while_the_run_is_active() -> None:
    """Watchers see lines and progress a moment after they were written, in order, each once."""
    bench = Bench()
    execution = bench.start("test.log", {"lines": 40, "duration_ms": 20})
    await wait_until_async(lambda: bench.port.lines and bench.port.progress_values)
    assert not bench.ends
    execution.stop(StopReason.DRAIN)
    await bench.end()
    numbers = [number for number, _ in bench.port.batches]
    assert numbers == [1 + sum(len(b) for _, b in bench.port.batches[:i]) for i in range(len(numbers))]


async def test_log_is_sent_at_fifty_lines_without_waiting() -> None:
    """Fifty waiting lines are sent at once."""

    async def bursts(ctx: RunContext, _inputs: object) -> None:
        for number in range(50):
            ctx.log.info(f"line {number}")  # noqa: G004  a run's log formats nothing
        await asyncio.sleep(0.02)
        assert len(bench.port.lines) == 50

    bench = bench_with(bursts)
    assert (await bench.finish("made.up")).outcome is AttemptOutcome.SUCCESS


async def test_log_flushes_are_few() -> None:
    """Lines that come one by one are sent together, five times a second at most."""
    bench = Bench()
    await bench.finish("test.log", {"lines": 30, "duration_ms": 10})
    assert len(bench.port.lines) == 30
    assert len(bench.port.batches) <= 4


async def test_log_is_capped_with_one_line_that_says_so() -> None:
    """MAX_LOG_LINES lines are kept, then one that tells of the rest, then nothing."""
    bench = Bench(max_log_lines=10)
    finish = await bench.finish("test.log", {"lines": 50})
    lines = unpack_log(finish.log)
    assert len(lines) == 11
    assert [line.message for line in lines[8:10]] == ["line 8", "line 9"]
    assert "dropped" in lines[10].message


async def test_log_lines_are_cut_and_masked() -> None:
    """A line has 8 KB at most, a credential in it is masked, and fields are treated alike."""

    async def chatty(ctx: RunContext, _inputs: object) -> None:
        ctx.log.info("x" * 100_000)
        ctx.log.info("password=canary-1", url="https://u:canary-2@host/", nested={"token": "canary-3"})
        logging.getLogger("handler").warning("Authorization: Bearer %s", "canary-4-0123456789")
        ctx.log.info("big", data="y" * 100_000)

    bench = bench_with(chatty)
    finish = await bench.finish("made.up")
    lines = unpack_log(finish.log)
    assert len(lines[0].message) == 8192
    assert "canary" not in str(lines)
    assert lines[1].fields == {"url": "https://u:***@host/", "nested": {"token": "***"}}
    assert len(str(lines[3].fields)) < 9000


async def test_log_takes_what_json_cannot() -> None:
    """Strange fields and texts become text; logging never fails a run."""

    async def strange(ctx: RunContext, _inputs: object) -> None:
        ctx.log.info("half \ud800", object=object(), huge=2**80, keys={1: {2}})

    bench = bench_with(strange)
    finish = await bench.finish("made.up")
    assert finish.outcome is AttemptOutcome.SUCCESS
    line = unpack_log(finish.log)[0]
    assert (line.message, line.fields["huge"]) == ("half ?", str(2**80))
    assert line.fields["keys"] == {"1": [2]}


async def test_log_lines_of_other_threads_are_kept() -> None:
    """Code that a handler runs in a thread logs into the same run."""

    async def threaded(ctx: RunContext, _inputs: object) -> None:
        await asyncio.to_thread(logging.getLogger("deep").warning, "from a thread")
        await asyncio.to_thread(ctx.log.info, "as well")

    bench = bench_with(threaded)
    await bench.finish("made.up")
    assert [line.message for line in bench.port.lines] == ["from a thread", "as well"]


async def test_log_lines_of_concurrent_runs_stay_apart() -> None:
    """A line belongs to the run whose handler wrote it."""
    bench = Bench()
    runs = {"a": "alpha", "b": "beta"}
    for run_id, message in runs.items():
        bench.start("test.log", {"lines": 4, "message": message, "duration_ms": 5}, run_id=run_id)
    await wait_until_async(lambda: len(bench.ends) == 2)
    for execution, end in bench.ends:
        messages = {line.message.split()[0] for line in unpack_log(end.log)}  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType, reportUnknownArgumentType]
        assert messages == {runs[execution.run.run_id]}


async def test_log_lines_of_the_platform_are_not_the_runs() -> None:
    """What the layers below a tool log is the process's business, in a handler's context too."""

    async def calls_down(_ctx: RunContext, _inputs: object) -> None:
        logging.getLogger("app.core.redis_client").warning("reconnecting")
        logging.getLogger("app.jobs.handlers.mine").warning("mine")

    bench = bench_with(calls_down)
    await bench.finish("made.up")
    assert [line.message for line in bench.port.lines] == ["mine"]


async def test_log_of_an_exception_keeps_its_traceback() -> None:
    """logger.exception brings the traceback along."""

    async def tells(_ctx: RunContext, _inputs: object) -> None:
        try:
            {}["inner"]
        except KeyError:
            logging.getLogger("handler").exception("went wrong")

    bench = bench_with(tells)
    await bench.finish("made.up")
    assert "KeyError: 'inner'" in bench.port.lines[0].fields["exception"]


async def test_log_that_cannot_be_sent_fails_no_run() -> None:
    """With Redis out of reach a run succeeds, and its end carries the lines."""
    bench = Bench()
    bench.port.error = RedisUnavailable("gone")
    finish = await bench.finish("test.log", {"lines": 3})
    assert (finish.outcome, len(unpack_log(finish.log))) == (AttemptOutcome.SUCCESS, 3)


async def test_log_is_sent_again_after_an_outage() -> None:
    """Lines and the newest progress wait for Redis and arrive once, in order."""
    bench = Bench()
    bench.port.error = RedisUnavailable("gone")

    async def outlasts(ctx: RunContext, _inputs: object) -> None:
        ctx.log.info("first")
        ctx.progress(1)
        await wait_until_async(lambda: bench.port.refusals > 0)
        bench.port.error = None
        await wait_until_async(lambda: bool(bench.port.lines and bench.port.progress_values))
        assert [line.message for line in bench.port.lines] == ["first"]
        assert bench.port.progress_values == [1]

    bench.runner._registry = Registry([HandlerSpec("made.up", outlasts)])
    assert (await bench.finish("made.up")).outcome is AttemptOutcome.SUCCESS


async def test_log_end_does_not_wait_for_a_silent_redis(monkeypatch: pytest.MonkeyPatch) -> None:
    """The last flush holds the end half a second at most."""
    bench = Bench()

    async def hang(*_args: object) -> None:
        await asyncio.sleep(30)

    monkeypatch.setattr(bench.port, "append_log", hang)
    async with asyncio.timeout(20):
        finish = await bench.finish("test.log", {"lines": 1})
    assert finish.outcome is AttemptOutcome.SUCCESS


async def test_log_that_finds_the_lease_lost_is_sent_no_more() -> None:
    """LeaseLost from a flush takes the tools away; the lost run's stop stays the worker's to say."""

    async def goes_on(ctx: RunContext, _inputs: object) -> None:
        ctx.log.info("line")
        await asyncio.sleep(0.4)
        ctx.progress(1)

    bench = bench_with(goes_on)
    bench.port.lost = True
    assert await bench.run("made.up") == Stopped(StopReason.LOST, abandoned=False)


@pytest.mark.parametrize("value", [object(), "x" * 9000, "\ud800"])
async def test_progress_that_is_no_small_json_is_the_handlers_error(value: Any) -> None:
    """Progress that is not serialisable fails in the handler."""

    async def reports(ctx: RunContext, _inputs: object) -> None:
        ctx.progress(value)

    finish = await bench_with(reports).finish("made.up")
    assert '"invalid_input"' in finish.error


def test_packed_log_is_read_back_as_it_was() -> None:
    """unpack_log returns what pack_log was given; nothing packs to nothing."""
    lines = [LogLine(1, "info", "a\nb", {"n": [1, None]}, 1), LogLine(2, "error", "é", {}, 2)]
    assert unpack_log(pack_log(lines)) == lines
    assert pack_log([]) == ""
    assert unpack_log("") == []


def test_log_capture_is_installed_once() -> None:
    """Many runners in a process add one handler to the root logger."""
    install_log_capture()
    install_log_capture()
    assert sum(isinstance(h, LogCapture) for h in logging.getLogger().handlers) == 1
