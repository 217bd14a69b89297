"""Refusals of limits in the metrics of the deployment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.core.statistics.prometheus import render
from app.core.statistics.snapshot import read_snapshot
from app.services.api.http.limits import RefusalReport, Refusals

if TYPE_CHECKING:
    from app.core.redis_client import RedisLink
    from app.core.storage.keys import Keys
    from app.core.storage.scripts import Scripts

INSTANCE = "api-a"


async def alive(scripts: Scripts, instance: str) -> None:
    """Let a process say that it lives."""
    await scripts.run("deployment/heartbeat", "beat", instance, 5_000, 0, 0, 0, "service", "api")


async def counted(link: RedisLink, keys: Keys, reason: str) -> int:
    return int(await link.call("HGET", keys.metrics, f"refused|{reason}") or 0)


async def test_refusals_are_counted_by_reason(link: RedisLink, keys: Keys, scripts: Scripts) -> None:
    """Each report adds what is new, and several processes add up."""
    for instance in ("api-a", "api-b"):
        await alive(scripts, instance)
        refusals = Refusals()
        report = RefusalReport(refusals, scripts, instance)
        refusals.count("wrong_keys")
        await report.report()
        refusals.count("wrong_keys")
        refusals.count("head_timeout")
        await report.report()
        await report.report()
    assert await counted(link, keys, "wrong_keys") == 4
    text = render(await read_snapshot(link, keys)).decode()
    assert 'multi_job_api_refused_total{reason="head_timeout"} 2.0' in text


async def test_refusals_sent_again_count_once(link: RedisLink, keys: Keys, scripts: Scripts) -> None:
    """A report whose answer was lost, sent again with what came meanwhile, adds only that."""
    await alive(scripts, INSTANCE)
    assert await scripts.run("access/count_refused", INSTANCE, "wrong_keys", 0, 3) == "OK"
    await scripts.run("access/count_refused", INSTANCE, "wrong_keys", 0, 3)
    await scripts.run("access/count_refused", INSTANCE, "wrong_keys", 0, 5)
    assert await counted(link, keys, "wrong_keys") == 5
    await link.call("DEL", keys.instance(INSTANCE))
    await alive(scripts, INSTANCE)
    await scripts.run("access/count_refused", INSTANCE, "wrong_keys", 5, 6)
    assert await counted(link, keys, "wrong_keys") == 6


async def test_refusals_wait_for_the_heartbeat(link: RedisLink, keys: Keys, scripts: Scripts) -> None:
    """A process that has not said that it lives is not made to look so; its counts are added later."""
    refusals = Refusals()
    report = RefusalReport(refusals, scripts, INSTANCE)
    refusals.count("wrong_keys")
    assert await scripts.run("access/count_refused", INSTANCE, "wrong_keys", 0, 1) == "SILENT"
    await report.report()
    assert await link.call("EXISTS", keys.instance(INSTANCE)) == 0
    await alive(scripts, INSTANCE)
    await report.report()
    assert await counted(link, keys, "wrong_keys") == 1
