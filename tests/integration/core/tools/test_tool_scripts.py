"""The scripts behind the tools `kv` and `metrics`, on a real server: every word that they can answer."""

from __future__ import annotations

from typing import Any

import pytest

from app.core.errors import LeaseLost, LimitExceeded
from app.core.models import ClaimedRun
from app.core.queue import Queue
from app.core.redis_client import RedisLink
from app.core.storage.keys import Keys
from app.core.tools import ToolSet
from app.core.tools.base import FencedScripts
from app.core.tools.kv import KvPerformer
from app.core.tools.metrics import MetricsPerformer
from tests.support.queue.run_port import claimed
from tests.support.waiting import wait_until_async

RUN = claimed("test.kv")


@pytest.fixture
async def run(link: RedisLink, keys: Keys) -> ClaimedRun:
    """Give a run that is being run under the lease of `RUN`."""
    await link.call("HSET", keys.run(RUN.run_id), "status", "running", "lease", RUN.lease_id)
    await link.call("HSET", keys.job(RUN.job_id), "seq", "7")
    return RUN


KV_ARGUMENTS = {
    **dict.fromkeys(("set", "incr"), ("key", "value", "ttl_ms")),
    "cas": ("key", "expected", "value", "ttl_ms"),
}


@pytest.fixture
def kv(run: ClaimedRun, queue: Queue) -> Any:
    """Call the script `kv`: `kv(number, op, …)` with room for three keys."""

    async def call(number: int, op: str, *args: Any, run: ClaimedRun = run) -> Any:
        named = dict(zip(KV_ARGUMENTS.get(op, ("key",)), args, strict=True))
        return await queue.tool(run, "tools/kv", number, op=op, max_keys=3, **named)

    return call


@pytest.fixture
def metrics(run: ClaimedRun, queue: Queue) -> Any:
    """Call the script `tool_metrics`: `metrics(number, kind, name, series, value, bucket)`."""

    async def call(number: int, kind: str, *figure: str) -> Any:
        named = dict(zip(("name", "series", "value", "bound"), figure, strict=True))
        return await queue.tool(run, "tools/metrics", number, kind=kind, max_series=2, **named)

    return call


class Caller:
    """Brings tool calls straight to their performers."""

    def __init__(self, run: ClaimedRun, queue: Queue) -> None:
        scripts = FencedScripts(run, queue)
        self.tools: dict[str, Any] = {
            "kv": KvPerformer(None, scripts, None),  # pyright: ignore[reportArgumentType]
            "metrics": MetricsPerformer(None, scripts, None),  # pyright: ignore[reportArgumentType]
        }

    async def call(self, tool: str, op: str, *args: Any) -> Any:
        return await self.tools[tool].perform(op, args)


@pytest.fixture
def tools(run: ClaimedRun, queue: Queue) -> ToolSet:
    return ToolSet(Caller(run, queue))


async def test_kv_keeps_values_of_every_kind(tools: ToolSet) -> None:
    """What is set is got again, unchanged; what is deleted is absent."""
    values: list[Any] = [1, -2.5, "é\n", [], {}, {"a": [None, True]}, "", False]
    for value in values:
        await tools.kv.set("key", value)
        got = await tools.kv.get("key")
        assert (got, type(got)) == (value, type(value))
    assert await tools.kv.delete("key") is True
    assert await tools.kv.delete("key") is False
    assert await tools.kv.get("key") is None


async def test_kv_incr_counts_exactly(tools: ToolSet) -> None:
    """Counting begins at 0 and is exact beyond what a double holds."""
    assert await tools.kv.incr("n") == 1
    assert await tools.kv.incr("n", 2**53) == 2**53 + 1
    assert await tools.kv.incr("n", -1) == 2**53
    assert await tools.kv.get("n") == 2**53


async def test_kv_compare_and_set_stores_only_over_what_is_expected(tools: ToolSet) -> None:
    """None expects absence; afterwards only the present value opens the way."""
    assert await tools.kv.compare_and_set("k", None, {"b": 1, "a": 2})
    assert not await tools.kv.compare_and_set("k", None, 5)
    assert not await tools.kv.compare_and_set("k", {"a": 1}, 5)
    assert await tools.kv.compare_and_set("k", {"a": 2, "b": 1}, 5)
    assert await tools.kv.get("k") == 5


async def test_kv_list_returns_keys_by_prefix(tools: ToolSet) -> None:
    """The keys that begin alike, in order; a prefix is text, not a pattern."""
    for key in ("b/2", "b/1", "a", "b*"):
        await tools.kv.set(key, 1)
    assert await tools.kv.list("b/") == ["b/1", "b/2"]
    assert await tools.kv.list("b*") == ["b*"]
    assert await tools.kv.list() == ["a", "b*", "b/1", "b/2"]
    assert await tools.kv.list("zz") == []


async def test_kv_is_kept_apart_by_job(queue: Queue, link: RedisLink, keys: Keys, run: ClaimedRun) -> None:
    """A job neither sees nor lists what another job keeps."""
    other = run._replace(run_id="job-b@1", job_id="job-b")
    await link.call("HSET", keys.run(other.run_id), "status", "running", "lease", other.lease_id)
    mine, others = ToolSet(Caller(run, queue)), ToolSet(Caller(other, queue))
    await mine.kv.set("k", "mine")
    assert await others.kv.get("k") is None
    assert await others.kv.list() == []


async def test_kv_value_with_a_ttl_goes_away(tools: ToolSet, link: RedisLink, keys: Keys) -> None:
    """After its time a value is neither got nor listed; setting it again without one keeps it for good."""
    await tools.kv.set("short", 1, ttl_sec=0.05)
    await tools.kv.set("renewed", 1, ttl_sec=60)
    await tools.kv.set("renewed", 2)
    assert await tools.kv.incr("counter", ttl_sec=60) == 1
    assert await tools.kv.incr("counter") == 2

    async def short_is_gone() -> bool:
        return await tools.kv.get("short") is None

    await wait_until_async(short_is_gone)
    assert await tools.kv.list() == ["counter", "renewed"]
    assert await link.call("PTTL", keys.kv(RUN.job_id, "renewed")) == -1
    assert 0 < await link.call("PTTL", keys.kv(RUN.job_id, "counter")) <= 60_000


@pytest.mark.parametrize(
    ("op", "args"),
    [("get", ("k",)), ("list", ("",)), ("set", ("k", "1", 0)), ("incr", ("k", 1, 0)), ("delete", ("k",))],
)
async def test_kv_of_a_lost_lease_is_refused(
    kv: Any, link: RedisLink, keys: Keys, op: str, args: Any
) -> None:
    """Neither another lease nor an ended run may read or write."""
    with pytest.raises(LeaseLost):
        await kv(1, op, *args, run=RUN._replace(lease_id="other:1:1"))
    await link.call("HSET", keys.run(RUN.run_id), "status", "success")
    with pytest.raises(LeaseLost):
        await kv(1, op, *args)
    assert await link.call("EXISTS", keys.kv(RUN.job_id, "k"), keys.tool_calls(RUN.run_id)) == 0


async def test_tool_call_sent_again_gets_the_kept_answer(kv: Any) -> None:
    """The same number answers the same and does nothing twice; the next one goes on."""
    assert await kv(1, "incr", "n", 5, 0) == ["OK", "5"]
    assert await kv(1, "incr", "n", 5, 0) == ["OK", "5"]
    assert await kv(2, "incr", "n", 5, 0) == ["OK", "10"]
    assert await kv(3, "delete", "n") == ["OK", ""]
    assert await kv(3, "delete", "n") == ["OK", ""]
    assert await kv(4, "delete", "n") == ["MISSING", ""]


async def test_tool_call_with_an_older_number_is_stale(kv: Any) -> None:
    """A repeat that comes after a later call was done changes nothing any more."""
    await kv(9, "incr", "n", 1, 0)
    await kv(10, "incr", "n", 1, 0)
    assert await kv(9, "incr", "n", 1, 0) == ["STALE"]
    assert await kv(11, "get", "n") == ["OK", "2"]


async def test_tool_call_numbers_restart_with_an_attempt(kv: Any, run: ClaimedRun) -> None:
    """The next attempt's first call is no repeat of the last attempt's."""
    await kv(5, "incr", "n", 1, 0)
    assert await kv(1, "incr", "n", 1, 0, run=run._replace(attempt=2)) == ["OK", "2"]


async def test_kv_refuses_one_key_too_many(kv: Any) -> None:
    """The fourth of three keys is refused, whatever makes it; known keys may change, and room comes back."""
    for number in (1, 2, 3):
        assert (await kv(number, "set", f"k{number}", "1", 0))[0] == "OK"
    assert (await kv(4, "set", "k4", "1", 0))[0] == "LIMIT"
    assert (await kv(5, "incr", "k4", 1, 0))[0] == "LIMIT"
    assert (await kv(6, "cas", "k4", "", "1", 0))[0] == "LIMIT"
    assert (await kv(7, "set", "k1", "2", 0))[0] == "OK"
    await kv(8, "delete", "k1")
    assert (await kv(9, "set", "k4", "1", 0))[0] == "OK"


async def test_kv_expired_keys_make_room(kv: Any, link: RedisLink, keys: Keys) -> None:
    """Keys that ran out count no more, and the index forgets them."""
    for number in (1, 2, 3):
        await kv(number, "set", f"k{number}", "1", 1)

    async def is_gone() -> bool:
        return not await link.call("EXISTS", *(keys.kv(RUN.job_id, f"k{n}") for n in (1, 2, 3)))

    await wait_until_async(is_gone)
    assert (await kv(4, "set", "k4", "1", 0))[0] == "OK"
    assert await link.call("ZRANGE", keys.kv_index(RUN.job_id), 0, -1) == ["k4"]


async def test_kv_expired_keys_count_no_more_before_they_are_forgotten(
    kv: Any, link: RedisLink, keys: Keys
) -> None:
    """A call forgets a hundred at most; those that wait for the next one take no room either."""
    members = [part for n in range(150) for part in (1, f"old{n}")]
    await link.call("ZADD", keys.kv_index(RUN.job_id), *members)
    assert (await kv(1, "set", "k", "1", 0))[0] == "OK"
    assert await link.call("ZCARD", keys.kv_index(RUN.job_id)) == 51
    assert await kv(2, "list", "") == ["OK", "k"]


async def test_kv_incr_of_a_text_is_refused(kv: Any) -> None:
    """A value that is no whole number, or would leave 64 bits, is NOT_INTEGER and stays."""
    await kv(1, "set", "k", '"text"', 0)
    assert await kv(2, "incr", "k", 1, 0) == ["NOT_INTEGER", ""]
    assert await kv(3, "get", "k") == ["OK", '"text"']
    await kv(4, "set", "n", str(2**63 - 1), 0)
    assert await kv(5, "incr", "n", 1, 0) == ["NOT_INTEGER", ""]


async def test_kv_compare_and_set_of_another_value_conflicts(kv: Any) -> None:
    """CONFLICT tells the value that is there, and leaves it."""
    await kv(1, "set", "k", "1", 0)
    assert await kv(2, "cas", "k", "2", "3", 0) == ["CONFLICT", "1"]
    assert await kv(3, "cas", "k", "", "3", 0) == ["CONFLICT", "1"]
    assert await kv(4, "cas", "absent", "2", "3", 0) == ["CONFLICT", ""]
    assert await kv(5, "get", "k") == ["OK", "1"]
    assert await kv(6, "get", "absent") == ["MISSING"]


async def test_kv_full_job_raises_limit_exceeded(tools: ToolSet, link: RedisLink, keys: Keys) -> None:
    """A job with a thousand keys cannot add one."""
    members = [part for n in range(1000) for part in ("inf", f"k{n}")]
    await link.call("ZADD", keys.kv_index(RUN.job_id), *members)
    with pytest.raises(LimitExceeded):
        await tools.kv.set("one more", 1)


async def test_metrics_add_up(tools: ToolSet, link: RedisLink, keys: Keys) -> None:
    """Counters add, gauges replace, histograms count by bucket, each series for itself."""
    await tools.metrics.counter("pages", 2)
    await tools.metrics.counter("pages", 0.5)
    await tools.metrics.counter("pages", 1, site="a")
    await tools.metrics.gauge("level", 3)
    await tools.metrics.gauge("level", -1)
    for value in (0.25, 0.5, 1e9):
        await tools.metrics.histogram("took", value)
    stored = await link.hash(keys.tool_metrics(RUN.job_id))
    assert stored.pop("@level|{}").isdecimal()
    assert await link.call("ZRANGE", keys.tool_metrics_jobs, 0, -1, "WITHSCORES") == [RUN.job_id, "7"]
    assert stored == {
        "#": "4",
        "type|pages": "counter",
        "type|level": "gauge",
        "type|took": "histogram",
        "pages|{}": "2.5",
        'pages|{"site":"a"}': "1",
        "level|{}": "-1.0",
        "took|{}|le:0.5": "2",
        "took|{}|le:inf": "1",
        "took|{}|sum": "1000000000.75",
        "took|{}|count": "3",
    }


async def test_metrics_of_a_lost_lease_are_refused(metrics: Any, link: RedisLink, keys: Keys) -> None:
    """An attempt that lost its run reports nothing."""
    await link.call("HSET", keys.run(RUN.run_id), "lease", "other:1:1")
    with pytest.raises(LeaseLost):
        await metrics(1, "counter", "n", "n|{}", "1", "")
    assert await link.call("EXISTS", keys.tool_metrics(RUN.job_id)) == 0


async def test_metrics_of_a_deleted_job_are_not_kept(metrics: Any, link: RedisLink, keys: Keys) -> None:
    """Its last run may report after the deletion; nothing would remove that any more."""
    await link.call("DEL", keys.job(RUN.job_id))
    assert await metrics(1, "counter", "n", "n|{}", "1", "") == ["OK", ""]
    assert await link.call("EXISTS", keys.tool_metrics(RUN.job_id), keys.tool_metrics_jobs) == 0


@pytest.mark.parametrize(
    ("due_in_sec", "shown_sec"), [(None, 86_400), (60, 3_600), (1_200, 3_600), (3_600, 10_800)]
)
async def test_gauge_is_shown_for_three_intervals(
    metrics: Any, link: RedisLink, keys: Keys, due_in_sec: int | None, shown_sec: int
) -> None:
    """At least an hour; a day for a job without a schedule. Each report begins it again."""
    for number in (1, 2):
        seconds, _ = await link.call("TIME")
        if due_in_sec is not None:
            await link.call("ZADD", keys.schedule, (int(seconds) + due_in_sec) * 1000, RUN.job_id)
        await metrics(number, "gauge", "g", "g|{}", "1", "")
        until = int(await link.call("HGET", keys.tool_metrics(RUN.job_id), "@g|{}"))
        assert until / 1000 - int(seconds) == pytest.approx(shown_sec, abs=4)


async def test_metrics_sent_again_count_once(metrics: Any, link: RedisLink, keys: Keys) -> None:
    """The same number adds once; an older one is stale."""
    for _ in range(3):
        assert await metrics(2, "counter", "n", "n|{}", "1", "") == ["OK", ""]
    assert await metrics(1, "counter", "n", "n|{}", "1", "") == ["STALE"]
    assert await link.call("HGET", keys.tool_metrics(RUN.job_id), "n|{}") == "1"


async def test_metrics_refuse_one_series_too_many(metrics: Any) -> None:
    """The third of two series is refused; the known ones go on."""
    await metrics(1, "counter", "n", "n|{}", "1", "")
    await metrics(2, "histogram", "h", "h|{}", "1", "1")
    assert await metrics(3, "counter", "n", 'n|{"a":"b"}', "1", "") == ["LIMIT", ""]
    assert await metrics(4, "gauge", "g", "g|{}", "1", "") == ["LIMIT", ""]
    assert await metrics(5, "counter", "n", "n|{}", "1", "") == ["OK", ""]
    assert await metrics(6, "histogram", "h", "h|{}", "5", "5") == ["OK", ""]


async def test_metrics_of_another_kind_conflict(metrics: Any) -> None:
    """A name has one kind; CONFLICT says which."""
    await metrics(1, "counter", "n", "n|{}", "1", "")
    assert await metrics(2, "gauge", "n", 'n|{"a":"b"}', "1", "") == ["CONFLICT", "counter"]
