"""Reads of all shards as one: each command answers as one Redis that has everything would."""

from __future__ import annotations

import asyncio
import random
from typing import Any

import httpx
import pytest

from app.cli.direct import Deployment
from app.cli.doctor.diagnose import diagnose_deployment
from app.cli.doctor.findings import FindingLevel
from app.core.activity.heartbeat import Heartbeats
from app.core.activity.readiness import ReadinessProbe, WorkFacts
from app.core.clock import SystemClock
from app.core.errors import RedisUnavailable
from app.core.messaging.outbox import Outbox
from app.core.policies import Policies
from app.core.process import check_shards
from app.core.queue.worker import OWN_LANES
from app.core.redis_client import RedisLink, open_shards, whole_of
from app.core.runs.store import RunStore
from app.core.storage.keys import KEY_SPECS, Keys
from app.core.storage.merging.placement import FAMILIES, Place, family_of
from app.core.storage.merging.scripts import RULES
from app.core.storage.shards import ShardSet, shard_of_job
from app.services.api.app import create_app
from app.services.api.services import Services
from tests.support.api.api_fakes import BASE_URL, JSON, fake_registry
from tests.support.api.in_process import in_process
from tests.support.guards import script_names
from tests.support.redis_server import remove_all
from tests.support.shards import drop_deployment, opened_without, sharded_settings
from tests.support.waiting import wait_until_async

LISTS = (
    *("/connectors/sandbox/messages", "/dead-letters", "/events", "/exports", "/fires", "/incidents"),
    *("/incidents/summary", "/messages", "/metrics", "/monitors", "/queue", "/queues", "/readyz", "/reports"),
    *("/runs", "/runs/counts", "/stats", "/workers"),
)


@pytest.fixture
async def one(settings: Any, shards: ShardSet, redis_url: str) -> Any:
    """A deployment with one shard beside the one with three: its link and keys."""
    keys = Keys(f"{settings.namespace}-one")
    yield shards.home.link, keys
    await remove_all(shards.home.link, keys)


async def test_ranges_of_sorted_sets_are_those_of_one(
    link: RedisLink, keys: Keys, shards: ShardSet, one: tuple[RedisLink, Keys]
) -> None:
    """By rank and by score, from both ends, with limits, with and without scores."""
    plain, alone = one
    members = [(f"{number:026}", number * 7 % 101) for number in range(60)]
    for name, score in members:
        shard = shards[random.Random(name).randrange(3)]
        await shard.link.call("ZADD", shard.keys.runs, score, name)
        await plain.call("ZADD", alone.runs, score, name)
    reads: list[tuple[Any, ...]] = []
    for scored in ((), ("WITHSCORES",)):
        for first, last in ((0, -1), (0, 0), (3, 9), (-1, -1), (-5, -2), (50, 90)):
            reads += [("ZRANGE", first, last, *scored), ("ZRANGE", first, last, "REV", *scored)]
            reads.append(("ZREVRANGE", first, last, *scored))
        for offset, count in ((0, 7), (5, 3), (58, 9), (2, -1)):
            limit = ("LIMIT", offset, count)
            reads.append(("ZRANGE", "(80", "-inf", "BYSCORE", "REV", *limit, *scored))
            reads.append(("ZRANGEBYSCORE", 10, "+inf", *scored, *limit))
            reads.append(("ZREVRANGEBYSCORE", "+inf", "(20", *scored, *limit))
    for name, *rest in reads:
        merged = await link.call(name, keys.runs, *rest)
        assert merged == await plain.call(name, alone.runs, *rest), (name, rest)
    assert await link.calls([("ZCARD", keys.runs), ("ZCOUNT", keys.runs, 10, 50)]) == await plain.calls(
        [("ZCARD", alone.runs), ("ZCOUNT", alone.runs, 10, 50)]
    )


def test_every_family_of_keys_has_a_place() -> None:
    """A key that is declared without one fails at its import; the longest name of a family is found."""
    assert len(FAMILIES) == len(KEY_SPECS)
    keys = Keys("x")
    places = {key: family_of(key[len(keys.prefix) :]) for key in (keys.runs_job("a"), keys.monitor("days"))}
    assert [(family.name, rest) for family, rest in places.values()] == [
        ("runs_job", "a"),
        ("monitor", "days"),
    ]
    family, rest = family_of(keys.published_job("report", "daily")[len(keys.prefix) :])
    assert (family.place, family.owner(rest)) == (Place.JOB, "daily")


# Run by processes, exports and maintenance in one shard after the other, or by stores of single shards.
OF_ONE_SHARD = (
    *("deployment/confirm_write", "deployment/correct_instants", "deployment/record_purge"),
    *("deployment/set_schema",),
    *("deployment/store_memory", "deployment/trim_artifacts", "incidents/notify", "incidents/purge"),
    *("limits/forget", "limits/grant", "limits/read_use", "limits/record", "limits/set_share"),
    *("outbox/deliver_to_inbox", "outbox/expire", "outbox/expire_senders", "outbox/purge"),
    *("outbox/settle", "outbox/take", "queue/append_log", "queue/check_lanes", "queue/claim"),
    *(
        "queue/enqueue",
        "queue/dispatch_chains",
        "queue/ensure_groups",
        "queue/finish",
        "queue/forget_chained",
    ),
    *("queue/forget_queues", "queue/grant_free_slots", "queue/promote", "queue/receive_chained"),
    *("queue/reclaim", "queue/release", "queue/remove_consumers", "queue/renew", "queue/repair_entries"),
    *("queue/restart_idle_times", "queue/set_progress", "runs/find", "runs/purge", "runs/range"),
    *("schedule/due", "schedule/fire", "schedule/reschedule", "schedule/specs", "specs/candidates"),
    *("specs/find", "statistics/fold_quarter", "statistics/thin_rollups", "tools/doom_artifact"),
    *("tools/kv", "tools/metrics", "tools/publish", "tools/stage_artifact"),
)


def test_every_script_has_a_rule_or_works_in_one_shard() -> None:
    """A new script is in one of the two lists."""
    assert set(script_names()) - set(RULES) == set(OF_ONE_SHARD)


async def test_a_command_without_a_merge_is_refused(link: RedisLink, keys: Keys) -> None:
    """It would answer for one shard alone."""
    with pytest.raises(TypeError, match="ZADD of runs is not merged"):
        await link.call("ZADD", keys.runs, 1, "x")


async def test_lists_leave_out_a_shard_that_is_down(redis_url: str, tmp_path: Any) -> None:
    """A run that any shard may have is unknown then, not missing."""
    settings = sharded_settings(redis_url, tmp_path, 3, apart=True)
    shards = await open_shards(settings)
    await check_shards(shards, settings)
    for shard in shards:
        await shard.link.call("ZADD", shard.keys.runs, shard.index, f"run{shard.index}")
        await shard.link.call("HSET", shard.keys.run(f"run{shard.index}"), "status", "success")
    await shards.close()
    urls = [*settings.shard_urls[:2], "redis://127.0.0.1:1/0"]
    partly = await opened_without(settings.model_copy(update={"shard_urls": urls}), 2)
    link, keys = whole_of(partly).link, Keys(settings.namespace)
    assert await link.call("ZRANGE", keys.runs, 0, -1) == ["run0", "run1"]
    assert await link.call("HGET", keys.run("run1"), "status") == "success"
    with pytest.raises(RedisUnavailable):
        await link.call("HGET", keys.run("run2"), "status")
    await partly.close()
    await drop_deployment(settings)


async def test_a_shard_that_is_down_is_shown_as_down(redis_url: str, tmp_path: Any) -> None:
    """The platform, readiness and the doctor name it; jobs of the others are listed and run."""
    settings = sharded_settings(redis_url, tmp_path, 3, apart=True)
    shards = await open_shards(settings)
    await check_shards(shards, settings)
    for shard in shards:
        await shard.scripts.run("queue/ensure_groups", *OWN_LANES)
    await shards.close()
    urls = [*settings.shard_urls[:2], "redis://127.0.0.1:1/0"]
    partly_settings = settings.model_copy(update={"shard_urls": urls})
    partly = await opened_without(partly_settings, 2)
    services = Services(
        *(settings, SystemClock(), whole_of(partly).link, fake_registry(), Policies()), shards=partly
    )
    transport = in_process(create_app(services))
    async with httpx.AsyncClient(transport=transport, base_url=BASE_URL, headers=JSON) as client:
        words: dict[int, set[int]] = {}
        for number in range(12):
            spec = {"job_id": f"j{number}", "type": "test.load"}
            made = await client.post("/jobs", json=spec)
            words.setdefault(shard_of_job(spec["job_id"], 3), set()).add(made.status_code)
        assert words == {0: {201}, 1: {201}, 2: {503}}
        found = (await client.get("/platform")).json()["shards"]
        assert [each["status"] for each in found] == ["ok", "ok", "down"]
        listed = [job["job_id"] for job in (await client.get("/jobs")).json()]
        for path in LISTS:
            assert (await client.get(path)).status_code == 200, path
        own = next(number for number in range(12) if shard_of_job(f"j{number}", 3) == 0)
        later = {"delay_sec": 600}
        run = (await client.post(f"/jobs/j{own}/run", json=later)).json()["run_id"]
        assert (await RunStore(services.link, services.keys).get(run)).status == "scheduled"
        assert {shard_of_job(job_id, 3) for job_id in listed} == {0, 1}
        assert (await client.post(f"/jobs/{listed[0]}/run", json=later)).status_code == 202
        ready = (await client.get("/readyz")).json()
        assert ready["checks"]["redis"]["reason"] == "Redis of shard 2 does not answer: its jobs wait."
        assert ready["status"] == "degraded"
    at = Deployment(settings.model_copy(update={"shard_urls": urls}), SystemClock(), partly)
    verdicts = {each.check: each.verdict for each in await diagnose_deployment(at)}
    assert (verdicts["shard 1"], verdicts["shard 2"]) == (FindingLevel.OK, FindingLevel.FAILED)
    await partly.close()
    await drop_deployment(settings)


async def test_readiness_does_not_wait_for_a_shard_that_hangs(redis_url: str, tmp_path: Any) -> None:
    """It names a shard whose server accepts connections and answers nothing, also in its first look."""
    settings = sharded_settings(redis_url, tmp_path, 3, apart=True)
    shards = await open_shards(settings)
    await check_shards(shards, settings)
    await shards.close()

    async def silent(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connections.append(writer)

    connections: list[asyncio.StreamWriter] = []
    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    urls = [*settings.shard_urls[:2], f"redis://127.0.0.1:{port}/0"]
    partly = await open_shards(settings.model_copy(update={"shard_urls": urls}), 60.0)
    whole, clock = whole_of(partly), SystemClock()
    probe = ReadinessProbe(whole.scripts, whole.link, Heartbeats(whole.link, whole.keys, settings), clock)

    async def is_named() -> bool:
        try:
            report = await probe.check(settings, 0.2)
        except RedisUnavailable:
            return False
        return report.checks["redis"].reason == "Redis of shard 2 does not answer: its jobs wait."

    async with asyncio.timeout(50):
        await wait_until_async(is_named)
    server.close()
    for writer in connections:
        writer.close()
    for shard in partly.shards[:2]:
        await shard.link.close()
    await drop_deployment(settings)


async def test_messages_that_wait_in_any_shard_are_overdue(shards: ShardSet) -> None:
    """An account and its state are in the first shard, its messages in those of their jobs."""
    clock, scripts = SystemClock(), whole_of(shards).scripts
    account = "telegram:bot_a01"
    home, other = shards.home, shards[2]
    await home.link.call("HSET", home.keys.accounts, account, 1)
    await Outbox(other.link, other.scripts, other.keys, clock).put("m1", "telegram", "bot_a01", "42", "text")

    async def overdue() -> str:
        return WorkFacts.of(await scripts.run("statistics/work_facts", page_size=10)).mail_account

    assert await overdue() == account
    await home.link.call("SET", home.keys.account_hold(account), clock.now_ms() + 60_000)
    assert await overdue() == ""
    await home.link.call("DEL", home.keys.account_hold(account))
    await home.link.call("SET", home.keys.account_state(account), "down", "EX", 60)
    assert await overdue() == ""
