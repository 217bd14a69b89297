"""The overview over HTTP: caller, deployment, number of runs."""

from __future__ import annotations

import httpx
import pytest

from app import __version__
from app.core.access.api_keys import Role
from app.core.clock import SystemClock
from app.core.config import Settings
from app.core.models import AttemptOutcome, RunStatus
from app.core.redis_client import RedisLink, open_link, read_server_info
from app.services.api.schemas.access import MeBody
from app.services.api.schemas.platform import PlatformBody
from app.services.api.schemas.runs import RunCounts
from app.services.api.services import Services
from app.services.scheduler.memory_retention import MemoryRetention
from tests.support.embedded_redis import EmbeddedRedis
from tests.support.queue.bulk import Bulk
from tests.support.queue.queue_driver import QueueDriver

LIMIT_MB = 64


async def test_me_is_the_key_that_was_sent(client: httpx.AsyncClient, platform: Services) -> None:
    """Name, role and id are the key's own; its text is not shown again."""
    root = (await client.post("/keys", json={"name": "root", "role": "admin"})).json()
    for role in Role:
        made = {"name": f"a-{role}", "role": role}
        key = (await client.post("/keys", json=made, headers={"X-API-Key": root["key"]})).json()
        answer = await client.get("/me", headers={"Authorization": f"Bearer {key['key']}"})
        MeBody.model_validate_json(answer.text)
        assert answer.json() == {
            **made,
            "key_id": key["id"],
            "keyless": False,
            "timezone": platform.settings.timezone,
            "scope": [],
            "addresses": [],
        }
    assert (await client.get("/me")).status_code == 401


async def test_me_without_any_key_is_local(client: httpx.AsyncClient, platform: Services) -> None:
    """Before there is a key, who is on this machine may do everything; asking costs no round trip."""
    await platform.key_cache.current()
    before = platform.link.round_trips
    answer = await client.get("/me")
    assert platform.link.round_trips == before
    wanted = {"name": "local", "role": "admin", "key_id": None, "keyless": True}
    assert answer.json() == {
        **wanted,
        "timezone": platform.settings.timezone,
        "scope": [],
        "addresses": [],
    }


async def test_platform_is_read_in_two_round_trips(client: httpx.AsyncClient, platform: Services) -> None:
    """Settings, live processes and the server's own figures; the latency is that of the first call."""
    await client.get("/platform")
    before = platform.link.round_trips
    answer = await client.get("/platform")
    assert platform.link.round_trips - before <= 2
    body = PlatformBody.model_validate_json(answer.text)
    settings = platform.settings
    assert (body.version, body.namespace, body.timezone) == (
        __version__,
        settings.namespace,
        settings.timezone,
    )
    assert 0 < body.redis.latency_ms < 60_000
    assert body.redis.used_memory_bytes > 100_000
    assert body.redis.resident_memory_bytes > 1_000_000
    assert body.redis.fragmentation == pytest.approx(
        body.redis.resident_memory_bytes / body.redis.used_memory_bytes, abs=0.01
    )
    assert body.redis.allocator.startswith(("libc", "jemalloc"))
    assert body.redis.version[0].isdigit()
    assert body.memory is None


async def test_platform_shows_its_own_memory_by_kind(
    client: httpx.AsyncClient, platform: Services, driver: QueueDriver
) -> None:
    """As a scheduler has estimated it, and the metrics show the same."""
    await driver.finish(await driver.start())
    await MemoryRetention(driver.queue).work()
    body = PlatformBody.model_validate_json((await client.get("/platform")).text)
    assert body.memory is not None
    assert body.memory.kinds.history > 0
    assert body.memory.total_bytes == sum(body.memory.kinds.model_dump().values())
    metrics = (await client.get("/metrics")).text
    assert f'multi_job_memory_bytes{{kind="history"}} {float(body.memory.kinds.history)}' in metrics


async def test_memory_limit_is_the_servers_own(settings: Settings, link: RedisLink) -> None:
    """In bytes if the server has a limit, null if it has none."""
    clock = SystemClock()
    assert (await read_server_info(link, clock)).memory.limit_bytes is None
    with EmbeddedRedis(maxmemory=f"{LIMIT_MB}mb") as server:
        limited = await open_link(settings.model_copy(update={"redis_url": server.url}))
        found = await read_server_info(limited, clock)
        await limited.close()
    assert found.memory.limit_bytes == LIMIT_MB * 1_048_576


async def test_counts_of_an_empty_deployment_are_zero(client: httpx.AsyncClient) -> None:
    """Every state is there, whatever has happened."""
    answer = await client.get("/runs/counts")
    RunCounts.model_validate_json(answer.text)
    found = answer.json()
    kept = found.pop("kept")
    assert found.pop("removed_until") is None
    assert found == dict.fromkeys([*RunStatus, "dead_letters"], 0)
    assert kept == {"days": 7, "failed_days": 30, "runs_per_job": 1_000, "max_mb": 512}


async def test_counts_say_that_runs_were_removed(client: httpx.AsyncClient, driver: QueueDriver) -> None:
    """After retention has removed a run, counts are of fewer runs than there were, and say until when."""
    run = await driver.start()
    await driver.finish(run)
    before = (await client.get("/runs/counts")).json()
    await driver.link.call("HSET", driver.keys.run(run.run_id), "ended", 1, "created", 1)
    assert await driver.queue.purge() == 1
    after = (await client.get("/runs/counts")).json()
    assert (before["success"], after["success"], before["removed_until"]) == (1, 0, None)
    assert after["removed_until"] is not None


async def test_counts_are_those_of_the_lists(
    client: httpx.AsyncClient, platform: Services, bulk: Bulk, driver: QueueDriver
) -> None:
    """Each state counts what its list has, in one round trip; a failed run that waits is a dead letter."""
    await bulk.make_jobs(3)
    await bulk.make_runs(40)
    await driver.finish(await driver.start("lost"), AttemptOutcome.FAILED, fingerprint="abcdefabcdef")
    await bulk.make_active()
    await platform.key_cache.current()
    before = platform.link.round_trips
    found = (await client.get("/runs/counts")).json()
    assert platform.link.round_trips - before == 1
    for status in RunStatus:
        listed = await client.get("/runs", params={"status": status.value, "limit": 1})
        assert found[status] == int(listed.headers["x-total-count"]) > 0, status
    letters = (await client.get("/dead-letters")).json()
    assert found["dead_letters"] == sum(group["count"] for group in letters) > 0


async def test_counts_are_no_run(client: httpx.AsyncClient) -> None:
    """`counts` is the route's own word: below it there is nothing."""
    for method, path in (("GET", "/runs/counts/logs"), ("POST", "/runs/counts/cancel")):
        answer = await client.request(method, path)
        assert (answer.status_code, answer.json()["code"]) == (404, "run_not_found"), path
