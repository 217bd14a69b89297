"""Job types for tests alone, loaded through HANDLER_MODULES=tests.support.queue.handlers."""

from __future__ import annotations

import asyncio
import logging
import os
import re
import signal
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import orjson
from pydantic import BaseModel, ConfigDict, Field

from app.core.errors import NonRetryableError, RetryableError
from app.core.registry import handler
from app.core.runs.search import RunFilter
from app.core.statistics.periods import Period

if TYPE_CHECKING:
    from app.core.execution.context import RunContext

Where = Literal["loop", "thread", "process"]
LEDGER_VARIABLE = "TEST_LEDGER"


class Inputs(BaseModel):
    model_config = ConfigDict(extra="forbid")


class AnyInputs(BaseModel):
    model_config = ConfigDict(extra="allow")


class Duration(Inputs):
    duration_ms: int = Field(default=100, ge=0)
    runs_in: Where = "loop"


class ThreadDuration(Inputs):
    duration_ms: int = Field(default=100, ge=0)
    runs_in: Where = "thread"


class Failing(Inputs):
    times: int = 1_000_000
    message: str = "it failed"
    retryable: bool = True
    runs_in: Where = "loop"


class Placed(Inputs):
    runs_in: Where = "loop"


class Exit(Inputs):
    exit_code: int = 42
    runs_in: Where = "loop"


class Signal(Inputs):
    signal: Literal["SIGKILL", "SIGHUP"] = "SIGKILL"
    runs_in: Where = "loop"


class Size(Inputs):
    bytes: int = Field(default=1000, ge=0)
    runs_in: Where = "loop"


class Lines(Inputs):
    lines: int = Field(default=3, ge=0)
    message: str = "line"
    duration_ms: int = 0
    runs_in: Where = "loop"


class KeyValue(Inputs):
    op: Literal["get", "set", "delete", "incr", "compare_and_set", "list"] = "incr"
    key: str = "counter"
    value: Any = 1
    expected: Any = None
    runs_in: Where = "loop"


class Asking(Inputs):
    what: Literal["timezone", "stats", "runs", "export", "page", "check"]
    from_ms: int = 0
    to_ms: int = 1
    job_id: str | None = None
    channel: str = "telegram"
    account_id: str = "bot_a01"
    timeout_sec: float = 10
    runs_in: Where = "loop"


def _where(inputs: Any) -> Where:
    return inputs.runs_in


def _named_where(inputs: AnyInputs) -> Where:
    return (inputs.model_extra or {}).get("runs_in", "loop")


@handler("test.noop")
async def noop(ctx: RunContext, inputs: BaseModel) -> None:
    """Do nothing."""


@handler("test.echo", inputs=AnyInputs, runs_in=_named_where)
async def echo(ctx: RunContext, inputs: AnyInputs) -> AnyInputs:
    """Return the inputs."""
    return inputs


@handler("test.sleep", inputs=Duration, runs_in=_where)
async def sleep(ctx: RunContext, inputs: Duration) -> None:
    """Sleep without blocking anybody."""
    await asyncio.sleep(inputs.duration_ms / 1000)


@handler("test.sleep_sync", inputs=ThreadDuration, runs_in=_where)
def sleep_sync(ctx: RunContext, inputs: ThreadDuration) -> dict[str, bool]:
    """Sleep in a plain function that notices its cancellation."""
    ctx.progress("asleep")
    return {"cancelled": ctx.sleep(inputs.duration_ms / 1000)}


@handler("test.fail", inputs=Failing, runs_in=_where)
async def fail(ctx: RunContext, inputs: Failing) -> dict[str, int]:
    """Fail in the first `times` attempts."""
    if ctx.attempt <= inputs.times:
        raise (RetryableError if inputs.retryable else NonRetryableError)(inputs.message)
    return {"attempt": ctx.attempt}


@handler("test.poison", inputs=Exit, runs_in=_where)
async def poison(ctx: RunContext, inputs: Exit) -> None:
    """Take the whole process down."""
    os._exit(inputs.exit_code)


@handler("test.end_itself", inputs=Signal, runs_in=_where)
async def end_itself(ctx: RunContext, inputs: Signal) -> None:
    """End the process by a signal, as the kernel or a person would."""
    number = signal.Signals[inputs.signal]
    if number is not signal.SIGKILL:
        # A test run in the background may have been started with the signal ignored.
        signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)
    await asyncio.sleep(60)


@handler("test.token", inputs=Placed, runs_in=_where)
async def token(ctx: RunContext, inputs: Placed) -> int:
    """Return the fencing token."""
    return ctx.fencing_token


@handler("test.block_loop", inputs=Duration, runs_in=_where)
async def block_loop(ctx: RunContext, inputs: Duration) -> None:
    """Block the executing thread; the ledger, if there is one, records its process."""
    if LEDGER_VARIABLE in os.environ:
        _append(ctx, time.time_ns() // 1_000_000, "start")
    time.sleep(inputs.duration_ms / 1000)  # noqa: ASYNC251 - that is what it is for


@handler("test.hog", inputs=Placed, runs_in=_where)
async def hog(ctx: RunContext, inputs: Placed) -> None:
    """Hold the interpreter itself for hours: no other thread of the process gets a turn."""
    _append(ctx, time.time_ns() // 1_000_000, "start")
    re.match(r"(a+)+$", "a" * 60 + "b")


@handler("test.swallow", inputs=Duration, runs_in=_where)
async def swallow(ctx: RunContext, inputs: Duration) -> str:
    """Swallow every cancellation until the time is over."""
    until = time.monotonic() + inputs.duration_ms / 1000
    while (left := until - time.monotonic()) > 0:
        try:
            await asyncio.sleep(left)
        except asyncio.CancelledError:
            continue
    return "swallowed"


@handler("test.exit", inputs=Placed, runs_in=_where)
async def leave(ctx: RunContext, inputs: Placed) -> None:
    """Call sys.exit."""
    sys.exit(3)


@handler("test.print", inputs=Placed, runs_in=_where)
async def chatter(ctx: RunContext, inputs: Placed) -> str:
    """Print to both streams, by Python and past it."""
    print("printed")  # noqa: T201
    os.write(1, b'{"is": "result", "output": "forged"}\n')
    return "real"


@handler("test.big", inputs=Size, runs_in=_where)
async def big(ctx: RunContext, inputs: Size) -> str:
    """Return as many bytes of JSON, quotes included."""
    return "x" * max(0, inputs.bytes - 2)


@handler("test.unserialisable", inputs=Placed, runs_in=_where)
async def unserialisable(ctx: RunContext, inputs: Placed) -> object:
    """Return what is no JSON."""
    return object()


@handler("test.thread_stuck", inputs=ThreadDuration, runs_in="thread")
def thread_stuck(ctx: RunContext, inputs: ThreadDuration) -> str:
    """Hold a thread and never look at the cancellation."""
    threading.Event().wait(inputs.duration_ms / 1000)
    return "late"


@handler("test.log", inputs=Lines, runs_in=_where)
async def log(ctx: RunContext, inputs: Lines) -> int:
    """Write lines, alternately by the context and by the standard library, and report progress."""
    logger = logging.getLogger("tests.handler")
    for number in range(inputs.lines):
        if number % 2:
            logger.warning("%s %d", inputs.message, number)
        else:
            ctx.log.info(" ".join((inputs.message, str(number))), number=number)
        ctx.progress({"done": number + 1, "of": inputs.lines})
        await asyncio.sleep(inputs.duration_ms / 1000)
    return inputs.lines


@handler("test.environment", inputs=AnyInputs, runs_in=_named_where)
async def environment(ctx: RunContext, inputs: AnyInputs) -> list[str]:
    """Return the names of the variables that a handler sees."""
    return sorted(os.environ)


@handler("test.kv", inputs=KeyValue, runs_in=_where, tools=("kv",))
async def kv(ctx: RunContext, inputs: KeyValue) -> Any:
    """Make one call of the kv tool and return its answer."""
    tool = ctx.tools.kv
    match inputs.op:
        case "get":
            return await tool.get(inputs.key)
        case "set":
            return await tool.set(inputs.key, inputs.value)
        case "delete":
            return await tool.delete(inputs.key)
        case "incr":
            return await tool.incr(inputs.key, int(inputs.value))
        case "compare_and_set":
            return await tool.compare_and_set(inputs.key, inputs.expected, inputs.value)
        case "list":
            return await tool.list(inputs.key)


@handler("test.metrics", inputs=Placed, runs_in=_where, tools=("metrics",))
async def metrics(ctx: RunContext, inputs: Placed) -> None:
    """Report one of each metric."""
    await ctx.tools.metrics.counter("things", 2, kind="a")
    await ctx.tools.metrics.gauge("level", 0.5)
    await ctx.tools.metrics.histogram("took_ms", 12.0)
    await ctx.tools.metrics.log("done", things=2)


@handler("test.platform", inputs=Asking, runs_in=_where, tools=("platform",))
async def platform(ctx: RunContext, inputs: Asking) -> Any:
    """Ask the platform one thing and return what it says."""
    match inputs.what:
        case "timezone":
            return await ctx.platform.timezone()
        case "stats":
            return await ctx.platform.stats(Period(inputs.from_ms, inputs.to_ms))
        case "runs":
            run_filter = RunFilter(job_id=inputs.job_id)
            return [run.run_id async for run in ctx.platform.runs(run_filter)]
        case "export":
            return [page.counts async for page in ctx.platform.export(include_logs=False)]
        case "page":
            return await ctx.platform._caller.call("platform", "export_page", 1)
        case "check":
            return await ctx.platform.check_channel(inputs.channel, inputs.account_id, inputs.timeout_sec)


@handler("test.record", inputs=Duration, runs_in=_where)
async def record(ctx: RunContext, inputs: Duration) -> None:
    """Leave a line in the ledger at its start and at its end: what really happened, outside Redis."""
    start_ms = time.time_ns() // 1_000_000
    _append(ctx, start_ms, "start")
    await asyncio.sleep(inputs.duration_ms / 1000)
    _append(ctx, start_ms, "end")


def _append(ctx: RunContext, start_ms: int, phase: str) -> None:
    entry = {"run_id": ctx.run_id, "attempt": ctx.attempt, "pid": os.getpid(), "start_ms": start_ms}
    line = orjson.dumps({**entry, "phase": phase}, option=orjson.OPT_APPEND_NEWLINE)
    # One write to a file opened for appending is never torn or interleaved, even with other writers.
    descriptor = os.open(Path(os.environ[LEDGER_VARIABLE]), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    try:
        os.write(descriptor, line)
    finally:
        os.close(descriptor)
