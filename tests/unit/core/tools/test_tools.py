"""Tool calls as a handler makes them: allowed, limited, numbered, recorded, checked."""

from __future__ import annotations

import asyncio
import math
from typing import Any

import orjson
import pytest

from app.core.errors import MultiJobError
from app.core.execution.context import RunContext
from app.core.models import AttemptOutcome, AttemptResult
from app.core.policies import Policies, PolicyFile
from app.core.registry import HandlerSpec, Registry
from app.core.tools.kv import KvPerformer
from app.core.tools.metrics import MetricsPerformer
from tests.support.queue.run_port import Bench

LIMITED = Policies(
    PolicyFile.model_validate({"types": {"made.up": {"allow": {"kv": {"calls": 2}, "metrics": {}}}}}).types
)


def bench_with(
    function: Any, policies: Policies = LIMITED, tools: tuple[str, ...] = ("kv", "metrics")
) -> Bench:
    spec = HandlerSpec("made.up", function, tools=tools)
    return Bench(registry=Registry([spec]), policies=policies)


def calls_of(finish: AttemptResult) -> list[dict[str, Any]]:
    return orjson.loads(finish.calls)


def error_code(finish: AttemptResult) -> str:
    return orjson.loads(finish.error)["code"]


async def test_tool_calls_are_recorded_with_their_outcome() -> None:
    """The end of the attempt lists each call: tool, operation, when, how long, how it went."""

    async def calls(ctx: RunContext, _inputs: object) -> None:
        await ctx.tools.kv.set("a", 1)
        await ctx.tools.metrics.counter("n", -1)

    finish = await bench_with(calls).finish("made.up")
    first, second = calls_of(finish)
    assert (first["tool"], first["op"], first["ok"]) == ("kv", "set", True)
    assert (second["tool"], second["op"], second["ok"]) == ("metrics", "counter", False)
    assert second["error"].startswith("invalid_input: ")
    assert first["at"] > 1_600_000_000_000
    assert first["duration_ms"] >= 0
    assert finish.outcome is AttemptOutcome.FAILED


async def test_tool_record_has_a_largest_length() -> None:
    """Two hundred calls are kept, the rest is done and not listed."""

    async def many(ctx: RunContext, _inputs: object) -> None:
        for _ in range(250):
            await ctx.tools.metrics.counter("n")

    bench = bench_with(many)
    finish = await bench.finish("made.up")
    assert (len(calls_of(finish)), len(bench.port.tool_calls)) == (200, 250)


async def test_tool_calls_are_numbered_and_one_at_a_time() -> None:
    """Concurrent calls of an attempt go out one after another with rising numbers, whatever the tool."""

    async def at_once(ctx: RunContext, _inputs: object) -> None:
        kv, metrics = ctx.tools.kv, ctx.tools.metrics
        await asyncio.gather(kv.get("a"), metrics.gauge("n", 1), kv.get("b"))

    bench = bench_with(at_once)
    active, most = 0, 0
    tool = bench.port.tool

    async def watched(*args: Any, **named: Any) -> Any:
        nonlocal active, most
        active += 1
        most = max(most, active)
        await asyncio.sleep(0)
        try:
            return await tool(*args, **named)
        finally:
            active -= 1

    bench.port.tool = watched  # pyright: ignore[reportAttributeAccessIssue]
    await bench.finish("made.up")
    assert [number for _, number, _ in bench.port.tool_calls] == [1, 2, 3]
    assert most == 1


async def test_tool_call_beyond_the_policys_limit_is_refused() -> None:
    """The third of two allowed calls is not done, and the run ends for good."""

    async def three(ctx: RunContext, _inputs: object) -> None:
        for _ in range(3):
            await ctx.tools.kv.get("a")

    bench = bench_with(three)
    finish = await bench.finish("made.up")
    assert (finish.outcome, error_code(finish)) == (AttemptOutcome.FAILED, "limit_exceeded")
    assert len(bench.port.tool_calls) == 2


async def test_tool_that_the_policy_does_not_allow_is_refused() -> None:
    """Without a rule nothing is done."""

    async def tries(ctx: RunContext, _inputs: object) -> None:
        await ctx.tools.kv.get("a")

    bench = bench_with(tries, policies=Policies())
    finish = await bench.finish("made.up")
    assert (error_code(finish), bench.port.tool_calls) == ("policy_denied", [])


async def test_tool_that_the_handler_does_not_name_is_refused() -> None:
    """An allowed tool that `@handler(tools=…)` leaves out is out of reach as well."""

    async def tries(ctx: RunContext, _inputs: object) -> None:
        await ctx.tools.kv.get("a")

    bench = bench_with(tries, tools=("metrics",))
    finish = await bench.finish("made.up")
    assert (error_code(finish), bench.port.tool_calls) == ("policy_denied", [])
    assert "add it to `tools=` of its @job or @handler" in finish.error


async def test_tool_errors_are_masked_in_the_record() -> None:
    """A credential in a tool's error does not reach the run's record."""
    bench = Bench()
    bench.port.error = RuntimeError("redis://:canary@127.0.0.1 is away")
    finish = await bench.finish("test.kv")
    assert "canary" not in finish.calls
    assert calls_of(finish)[0]["ok"] is False


async def test_metrics_log_writes_into_the_runs_log() -> None:
    """metrics.log is a line with its figures; the other three go to Redis."""
    bench = Bench()
    await bench.finish("test.metrics")
    assert [(line.message, line.fields) for line in bench.port.lines] == [("done", {"things": 2})]
    assert [given["kind"] for _, _, given in bench.port.tool_calls] == ["counter", "gauge", "histogram"]


class FakeScripts:
    """Answers every script alike and keeps what was asked."""

    def __init__(self, *answer: str) -> None:
        self.answer = list(answer)
        self.asked: list[tuple[str, dict[str, Any]]] = []

    async def run(self, script: str, /, **arguments: Any) -> list[Any]:
        self.asked.append((script, arguments))
        return self.answer


def kv(*answer: str) -> tuple[KvPerformer, FakeScripts]:
    scripts = FakeScripts(*answer)
    return KvPerformer(None, scripts, None), scripts  # pyright: ignore[reportArgumentType]


def metrics(*answer: str) -> tuple[MetricsPerformer, FakeScripts]:
    scripts = FakeScripts(*answer)
    return MetricsPerformer(None, scripts, None), scripts  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize(
    ("op", "args", "answer", "result"),
    [
        ("get", ("k",), ("OK", '{"a":1}'), {"a": 1}),
        ("get", ("k",), ("MISSING",), None),
        ("set", ("k", [1], None), ("OK", "[1]"), None),
        ("delete", ("k",), ("OK", ""), True),
        ("delete", ("k",), ("MISSING", ""), False),
        ("incr", ("k", 1, None), ("OK", "9007199254740993"), 9007199254740993),
        ("cas", ("k", None, 1, None), ("OK", "1"), True),
        ("cas", ("k", None, 1, None), ("CONFLICT", "2"), False),
        ("list", ("",), ("OK", "b", "a"), ["a", "b"]),
        ("list", ("x",), ("OK",), []),
    ],
)
async def test_kv_words_become_answers(op: str, args: Any, answer: tuple[str, ...], result: Any) -> None:
    """Each word of the script is an answer of the tool."""
    performer, _ = kv(*answer)
    assert await performer.perform(op, args) == result


@pytest.mark.parametrize(
    ("op", "args", "word", "code"),
    [
        ("set", ("k", 1, None), "LIMIT", "limit_exceeded"),
        ("incr", ("k", 1, None), "NOT_INTEGER", "invalid_input"),
    ],
)
async def test_kv_refusals_become_errors(op: str, args: Any, word: str, code: str) -> None:
    """A full job and a text that is no number raise."""
    performer, _ = kv(word, "")
    with pytest.raises(MultiJobError) as caught:
        await performer.perform(op, args)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("op", "args", "code"),
    [
        ("get", ("",), "invalid_input"),
        ("get", ("k" * 201,), "invalid_input"),
        ("get", ("a\nb",), "invalid_input"),
        ("get", (5,), "invalid_input"),
        ("set", ("k", None, None), "invalid_input"),
        ("set", ("k", object(), None), "invalid_input"),
        ("set", ("k", "x" * 65_535, None), "limit_exceeded"),
        ("set", ("k", 1, 0), "invalid_input"),
        ("set", ("k", 1, math.nan), "invalid_input"),
        ("set", ("k", 1, "5"), "invalid_input"),
        ("incr", ("k", 1.5, None), "invalid_input"),
        ("incr", ("k", True, None), "invalid_input"),
        ("incr", ("k", 2**63, None), "invalid_input"),
        ("drop", ("k",), "invalid_input"),
        ("get", ("k", "more"), "invalid_input"),
    ],
)
async def test_kv_refuses_bad_arguments_before_anything_is_sent(op: str, args: Any, code: str) -> None:
    """Keys, values, life-times and operations that cannot be are refused here."""
    performer, scripts = kv("OK", "")
    with pytest.raises(MultiJobError) as caught:
        await performer.perform(op, args)
    assert (caught.value.code, scripts.asked) == (code, [])


async def test_kv_value_at_the_limit_is_taken_and_equal_values_are_equal_texts() -> None:
    """64 KB fit; names in a value are sorted, so that compare_and_set compares values, not spelling."""
    performer, scripts = kv("OK", "")
    await performer.perform("set", ("k", "x" * 65_534, None))
    await performer.perform("cas", ("k", {"b": 1, "a": 2}, {"a": 2, "b": 1}, 1.5))
    script, given = scripts.asked[1]
    assert (script, given["op"], given["key"], given["ttl_ms"]) == ("tools/kv", "cas", "k", 1500)
    assert (given["expected"], given["value"]) == ('{"a":2,"b":1}', '{"a":2,"b":1}')


@pytest.mark.parametrize(
    ("op", "value", "bucket"),
    [("counter", 2, ""), ("gauge", -0.5, ""), ("histogram", 0.05, "0.05"), ("histogram", 1e9, "inf")],
)
async def test_metrics_are_sent_as_series(op: str, value: float, bucket: str) -> None:
    """Name and sorted labels make the series; a histogram's value comes with its bucket."""
    performer, scripts = metrics("OK", "")
    await performer.perform(op, ("n", value, {"b": "2", "a": "1"}))
    series = 'n|{"a":"1","b":"2"}'
    sent = {"kind": op, "max_series": 20, "name": "n", "series": series}
    sent |= {"value": repr(float(value)), "bound": bucket}
    assert scripts.asked == [("tools/metrics", sent)]


NO_METRICS: list[tuple[str, tuple[Any, ...]]] = [
    ("counter", ("bad name", 1, {})),
    ("counter", ("n", -1, {})),
    ("gauge", ("n", math.nan, {})),
    ("gauge", ("n", "1", {})),
    ("gauge", ("n", 1, {"a": 1})),
    ("gauge", ("n", 1, {"a": "x" * 101})),
    ("gauge", ("n", 1, {f"l{i}": "" for i in range(9)})),
    ("timer", ("n", 1, {})),
]


@pytest.mark.parametrize(("op", "args"), NO_METRICS)
async def test_metrics_refuse_what_is_no_metric(op: str, args: Any) -> None:
    """Names, values and labels that cannot be are refused before anything is sent."""
    performer, scripts = metrics("OK", "")
    with pytest.raises(MultiJobError) as caught:
        await performer.perform(op, args)
    assert (caught.value.code, scripts.asked) == ("invalid_input", [])


@pytest.mark.parametrize(("word", "code"), [("LIMIT", "limit_exceeded"), ("CONFLICT", "invalid_input")])
async def test_metrics_refusals_become_errors(word: str, code: str) -> None:
    """Too many series, and a name of another kind, raise."""
    performer, _ = metrics(word, "gauge")
    with pytest.raises(MultiJobError) as caught:
        await performer.perform("counter", ("n", 1, {}))
    assert caught.value.code == code
