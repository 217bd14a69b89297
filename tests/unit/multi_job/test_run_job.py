"""`run_job`: a handler in a test, with tools and time in memory."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from app.core.errors import ConfigurationError, HttpUnreachable, MultiJobError
from app.core.models import AttemptOutcome
from multi_job import NonRetryableError, RetryPolicy, Tool, ToolLimits, job
from multi_job.testing import FakeClock, FakeTools, RunOutcome, run_job, run_job_async


class Order(BaseModel):
    number: int


@job("kit.hello")
async def hello(ctx: Any, name: str = "dunia") -> dict[str, str]:
    ctx.log.info("halo", name=name)
    ctx.progress({"done": 1})
    return {"greeting": f"halo {name}"}


@job("kit.fail", retry=RetryPolicy(max_retry=2, backoff_sec=[7, 9]))
async def fail(ctx: Any, code: str = "") -> None:
    ctx.log.warning("about to fail", code=code)
    if code:
        raise NonRetryableError("no use", code=code)
    raise RuntimeError("broken")


@job("kit.sleep", timeout=3_000)
async def sleep(ctx: Any, seconds: float) -> float:
    await asyncio.sleep(seconds)
    return seconds


@job("kit.tools", tools=("kv", "http", "messaging", "metrics", "files", "alarms"))
async def use_tools(ctx: Any, url: str = "https://example.org/orders") -> dict[str, Any]:
    tools = ctx.tools
    found = await tools.http.post(url, json={"n": 1}, headers={"X-A": "b"})
    total = await tools.kv.incr("total", by=2)
    await tools.kv.set("soon", "gone", ttl_sec=60)
    swapped = await tools.kv.compare_and_set("total", 2, {"a": [1]})
    await tools.metrics.counter("orders", 3, shop="berkah")
    await tools.metrics.gauge("stock", 4.5)
    await tools.metrics.histogram("size", 1)
    await tools.files.write("reports/a.txt", "halo")
    text = (await tools.files.read("reports/a.txt")).decode()
    await tools.alarms.set(raised=True, text="low")
    receipt = await tools.messaging.send(f"total {total}", channel="telegram", to="budi")
    return {"status": found.status, "total": total, "swapped": swapped, "text": text, "state": receipt.state}


@job("kit.thread")
def in_thread(ctx: Any) -> bool:
    ctx.wait(_nothing())
    return threading.current_thread() is not threading.main_thread()


async def _nothing() -> None: ...


@job("kit.model", runs_in="process")
async def in_process(ctx: Any, order: Order) -> int:
    ctx.log.info("in a child")
    return order.number


class StockTool(Tool[ToolLimits]):
    async def level(self, shop: str) -> int:
        """Returns the stock of a shop, in pieces."""
        raise NotImplementedError(shop)


class FakeStock(StockTool):
    async def level(self, shop: str) -> int:
        return len(shop)


@job("kit.stock", tools=("stock",))
async def stock(ctx: Any, shop: str) -> int:
    return await ctx.tools.stock.level(shop)


def test_run_job_returns_the_end_of_an_attempt() -> None:
    """Output, log and progress are as the platform would show them."""
    result = run_job(hello, {"name": "Budi"})
    assert result.assert_success() == {"greeting": "halo Budi"}
    assert result.assert_logged("halo", level="info", name="Budi").attempt == 1
    assert (result.progress, result.error, result.retry_in_sec) == ([{"done": 1}], None, None)
    assert run_job(hello).output == {"greeting": "halo dunia"}


def test_run_job_refuses_inputs_as_the_platform_does() -> None:
    """Inputs that do not fit fail the run without a retry."""
    error = run_job(hello, {"nama": "Budi"}).assert_failed("invalid_inputs", retry=False)
    assert "/nama: Extra inputs are not permitted" in error["message"]


def test_run_job_tells_retries_from_ends() -> None:
    """The retry policy of the job decides, with the failures before."""
    result = run_job(fail)
    result.assert_failed("exception", retry=True)
    assert result.retry_in_sec == 7
    assert run_job(fail, attempt=2).retry_in_sec == 9
    assert run_job(fail, attempt=3).status is AttemptOutcome.FAILED
    run_job(fail, {"code": "sold_out"}).assert_failed("sold_out", retry=False)


def test_waiting_takes_no_time() -> None:
    """An hour of sleep moves the clock of the test alone; the time-out still counts."""
    start, tools = time.monotonic(), FakeTools(FakeClock(datetime(2026, 5, 1, tzinfo=UTC)))
    result = run_job(sleep, {"seconds": 2_900}, tools=tools)
    assert result.assert_success() == 2_900
    assert result.duration_ms == 2_900_000
    assert tools.clock.now() >= datetime(2026, 5, 1, 0, 48, 20, tzinfo=UTC)
    assert run_job(sleep, {"seconds": 3_001}).assert_failed("timed_out", retry=True)
    assert time.monotonic() - start < 20


def test_run_job_cancels() -> None:
    """A cancelled run ends as cancelled."""
    assert run_job(sleep, {"seconds": 100}, cancel_after_sec=5).status is AttemptOutcome.CANCELLED


def test_tools_in_memory_take_and_keep() -> None:
    """Every tool of the platform has a replacement that keeps what it was asked."""
    tools = FakeTools()
    tools.http.on("POST", "https://example.org/orders", status=201, json={"ok": True})
    result = run_job(use_tools, tools=tools)
    assert result.assert_success() == {
        "status": 201,
        "total": 2,
        "swapped": True,
        "text": "halo",
        "state": "delivered",
    }
    [call] = tools.http.calls
    assert (call.method, call.json, call.headers["X-A"]) == ("POST", {"n": 1}, "b")
    assert tools.kv.values == {"total": {"a": [1]}, "soon": "gone"}
    tools.clock.advance(61)
    assert tools.kv.values == {"total": {"a": [1]}}
    assert tools.metrics.counters["orders", (("shop", "berkah"),)] == 3
    assert (tools.metrics.gauges["stock"], tools.metrics.histograms["size", ()]) == (4.5, [1])
    assert tools.files.texts == {"reports/a.txt": "halo"}
    assert (tools.alarms.raised, tools.alarms.texts) == (True, ["low"])
    result.assert_sent("total 2", to="budi")
    result.assert_called("kv", "incr", times=1)
    result.assert_called("files", "open")


@job("kit.wrong", tools=("alarms", "files", "http", "kv", "messaging", "metrics"))
async def use_wrongly(ctx: Any) -> list[str]:
    tools = ctx.tools
    await tools.metrics.gauge("stock", 1)
    calls: list[Callable[[], Any]] = [
        lambda: tools.kv.set("", 1),
        lambda: tools.kv.set("a", {1}),
        lambda: tools.kv.set("a", None),
        lambda: tools.kv.set("a", 1, ttl_sec=0),
        lambda: tools.kv.incr("a", 2**63),
        lambda: tools.files.write("../a", ""),
        lambda: tools.files.read("C:/a"),
        lambda: tools.files.publish("report", "r", ["missing"]),
        lambda: tools.files.publish("reports", "r", []),
        lambda: tools.metrics.counter("two words"),
        lambda: tools.metrics.gauge("a", float("nan")),
        lambda: tools.metrics.counter("stock"),
        lambda: tools.messaging.send(""),
        lambda: tools.messaging.send("a", to="\n"),
        lambda: tools.messaging.send("a", to=""),
        lambda: tools.messaging.send("a", to=7),
        lambda: tools.messaging.send("a", entry_id="two words"),
        lambda: tools.messaging.send("a", expires_after_sec=-1),
        lambda: tools.alarms.set(raised=1, text="a"),
        lambda: tools.files.read("a", max_bytes=0),
        lambda: tools.http.get("https://example.org/", max_bytes=0),
        lambda: tools.http.get("https://example.org/", timeout_sec=0),
        lambda: tools.http.get("https://example.org/", headers={"Host": "b"}),
        lambda: tools.http.request("GO", "https://example.org/"),
    ]
    refused: list[str] = []
    for call in calls:
        try:
            await call()
        except MultiJobError as error:
            refused.append(type(error).__name__)
        else:
            refused.append("")
    return refused


def test_tools_in_memory_refuse_as_the_real_ones() -> None:
    """Otherwise a test passes with a call that fails on the platform."""
    assert run_job(use_wrongly).assert_success() == [
        *(["InvalidInput"] * 5),
        *("PathRefused", "PathRefused", "FileMissing"),
        *(["InvalidInput"] * 16),
    ]


@job("kit.messages", tools=("messaging",))
async def send_all(ctx: Any, texts: list[str], entry_id: str = "", to: str = "42") -> list[str | None]:
    named = {"entry_id": entry_id} if entry_id else {}
    sent = [await ctx.tools.messaging.send(text, channel="telegram", to=to, **named) for text in texts]
    return [receipt.provider_id for receipt in sent]


def test_message_of_a_known_id_is_sent_once() -> None:
    """Another text or recipient under the same id is refused, as by the outbox."""
    tools = FakeTools()
    first = run_job(send_all, {"texts": ["halo", "halo"], "entry_id": "order:7"}, tools=tools)
    assert first.assert_success() == ["p-1", "p-1"]
    other: dict[str, Any]
    for other in ({"texts": ["dunia"]}, {"texts": ["halo"], "to": "43"}):
        run_job(send_all, {"entry_id": "order:7", **other}, tools=tools).assert_failed("outbox_mismatch")
    assert [each.text for each in tools.messaging.sent] == ["halo"]


def test_later_attempt_finds_the_messages_of_the_first() -> None:
    """It sends what is missing; another run sends its own."""
    tools = FakeTools()
    run_job(send_all, {"texts": ["a"]}, tools=tools).assert_success()
    again = run_job(send_all, {"texts": ["a", "b"]}, tools=tools, attempt=2)
    assert again.assert_success() == ["p-1", "p-2"]
    run_job(send_all, {"texts": ["c"]}, tools=tools, attempt=3).assert_failed("outbox_mismatch")
    run_job(send_all, {"texts": ["c"]}, tools=tools).assert_success()
    assert [each.text for each in tools.messaging.sent] == ["a", "b", "c"]


@job("kit.body", tools=("http", "files", "messaging"))
async def read_body(ctx: Any, cut: bool = False, max_bytes: int = 4) -> list[Any]:
    answer = await ctx.tools.http.get("https://example.org/", max_bytes=max_bytes, cut=cut)
    return [answer.text, answer.truncated, answer.bytes_read]


def test_body_over_its_limit_is_refused_or_cut() -> None:
    """As by the real client."""
    tools = FakeTools()
    tools.http.on("GET", "https://example.org/", text="12345")
    run_job(read_body, tools=tools).assert_failed("http_too_large")
    assert run_job(read_body, {"cut": True}, tools=tools).assert_success() == ["1234", True, 4]
    assert run_job(read_body, {"max_bytes": 5}, tools=tools).assert_success() == ["12345", False, 5]


@job("kit.bytes", tools=("http", "files", "messaging"))
async def move_bytes(ctx: Any, tool: str, size: int) -> None:
    for _ in range(2):
        if tool == "files":
            await ctx.tools.files.write("a", "x" * size)
        elif tool == "messaging":
            await ctx.tools.messaging.send("x" * size)
        else:
            await ctx.tools.http.get("https://example.org/")


@pytest.mark.parametrize("tool", ["files", "messaging", "http"])
def test_bytes_of_an_attempt_are_counted(tool: str) -> None:
    """The policy's `bytes` are for all calls of an attempt together."""
    tools = FakeTools()
    tools.http.on("GET", "https://example.org/", text="x" * 60)
    places = {"hosts": ["*"], "channels": ["*"], "paths": ["*"]}
    policy = {"types": {"kit.bytes": {"allow": {tool: {**places, "bytes": 100}}}}}
    inputs = {"tool": tool, "size": 60}
    for _ in range(2):
        error = run_job(move_bytes, inputs, tools=tools, policies=policy).assert_failed()
        assert error["code"] in {"limit_exceeded", "http_too_large"}
    assert run_job(move_bytes, {**inputs, "size": 50}, tools=tools).status is AttemptOutcome.SUCCESS


def test_http_answers_come_in_order() -> None:
    """Several answers of one URL are given one after the other; an unknown URL says how to set one."""
    tools = FakeTools()
    url = "https://example.org/orders"
    tools.http.on("POST", url, error=HttpUnreachable("off", phase="dns"))
    tools.http.on("POST", url, status=500)
    run_job(use_tools, tools=tools).assert_failed("http_unreachable", retry=True)
    assert run_job(use_tools, tools=tools).assert_success()["status"] == 500
    error = run_job(use_tools, {"url": "https://other.example/"}).assert_failed()
    assert "tools.http.on('POST', 'https://other.example/'" in error["message"]


def test_policies_of_a_file_hold_in_a_test(tmp_path: Path) -> None:
    """A host, a path or a channel that the developer's own file does not allow is denied."""
    file = tmp_path / "policies.yaml"
    file.write_text('types: {kit.tools: {allow: {http: {hosts: ["other.example"]}}}}', "utf-8")
    assert "example.org" in run_job(use_tools, policies=file).assert_failed("policy_denied")["message"]
    types = {"kit.*": {"allow": {"kv": None, "http": {"hosts": ["example.org"]}}}}
    result = run_job(use_tools, policies={"types": types})
    assert "tools.http.on" in result.assert_failed()["message"]


def test_threads_and_child_processes_run_for_real() -> None:
    """Every kind of execution works, also another one than the job's own."""
    assert run_job(in_thread).assert_success() is True
    result = run_job(in_process, Order(number=4))
    assert result.assert_success() == 4
    assert result.assert_logged("in a child")
    assert run_job(in_process, Order(number=5), runs_in="loop").assert_success() == 5


def test_tools_of_packages_are_replaced_by_name() -> None:
    """A tool that is not installed is given to the run; an override needs no docstring again."""
    tools = FakeTools(custom={"stock": FakeStock})
    assert run_job(stock, {"shop": "berkah"}, tools=tools).assert_success() == 6
    denied = run_job(stock, {"shop": "berkah"}, tools=tools, policies={"types": {"kit.stock": {}}})
    denied.assert_failed("policy_denied")


async def test_run_job_async_runs_in_the_loop_of_the_test() -> None:
    """An asynchronous test awaits the job; the plain function explains itself there."""
    assert (await run_job_async(hello)).output == {"greeting": "halo dunia"}
    with pytest.raises(RuntimeError, match="run_job_async"):
        run_job(hello)


def test_names_of_installed_types_are_found() -> None:
    """A type is run by its name, with its handler from the installed package."""
    assert run_job("simulation.load", {"duration_ms": 5_000}).assert_success()
    with pytest.raises(ConfigurationError, match=r'decorate it with @job\("…"\)'):
        run_job(_nothing)


def _checks(result: RunOutcome) -> list[tuple[Callable[[], object], str]]:
    return [
        (result.assert_success, "RuntimeError"),
        (lambda: result.assert_failed("timed_out"), "the code is not 'timed_out'"),
        (lambda: result.assert_failed(retry=False), "retry is True"),
        (lambda: result.assert_logged("nothing"), "no log line with 'nothing'"),
        (lambda: result.assert_called("kv", "get"), "kv.get was called 0 times"),
        (lambda: result.assert_sent("halo"), "no message with 'halo'"),
    ]


def test_assertions_tell_the_whole_story() -> None:
    """A failed assertion shows the error and the log of the attempt."""
    for check, said in _checks(run_job(fail)):
        with pytest.raises(AssertionError) as failed:
            check()
        assert said in str(failed.value)
        assert "about to fail" in str(failed.value)
