"""Fault 26: failovers under real sentinels and in a real cluster."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Generator
from pathlib import Path

import pytest

from app.core.config import Durability
from app.core.errors import NotDurable, RedisUnavailable
from app.core.redis_client import RedisLink, open_link
from app.core.storage.keys import Keys
from tests.support.embedded_redis import EmbeddedRedis
from tests.support.faults.deployment import Figures, open_deployment, span
from tests.support.faults.failover_load import BACK_SEC, TOLERANCE, Load
from tests.support.faults.redis_topologies import Topology, cluster, require_redis, sentinels
from tests.support.redis_server import fresh_settings
from tests.support.waiting import wait_until_async

NAMESPACE = "faults"
Silences = dict[str, dict[str, list[float]]]
# A replica that a sentinel reconfigures follows within ten seconds, a machine under load takes longer.
SETTLE_SEC = 60.0


@pytest.fixture(params=["sentinel", "cluster"])
def topology(request: pytest.FixtureRequest, tmp_path: Path) -> Generator[Topology]:
    require_redis()
    folder = tmp_path / "nodes"
    opened = sentinels(folder) if request.param == "sentinel" else cluster(folder, Keys(NAMESPACE).seq)
    with opened as found:
        yield found


async def test_failovers_lose_nothing_and_stop_no_process(
    topology: Topology, tmp_path: Path, figures: Figures, full: bool
) -> None:
    """No acknowledged run is lost, each service soon works on without a restart, no request is a 500."""
    # Longer than any failover, so that no lease lapses in one: other tests cover leases.
    deployment = await open_deployment(
        # Not started: the nodes of the topology replace it.
        EmbeddedRedis(tmp_path / "none", port=1),
        tmp_path,
        redis_url=topology.url,
        namespace=NAMESPACE,
        durability=Durability.REPLICATED.value,
        lease_sec=15.0,
        # A run that retention has removed would look like a lost one.
        retention_runs_per_job=1_000_000,
    )
    load = Load(deployment)
    try:
        await load.start()
        longest = await _rounds(topology, load, 10 if full else 1)
        await load.stop()
        await deployment.at_rest(60)
        summary = await deployment.check(repeats_at_most=0)
    finally:
        await load.stop()
        deployment.fleet.close()
        await deployment.link.close()
    for kind, by_service in longest.items():
        shown = ", ".join(f"{name} {max(found):.1f}" for name, found in by_service.items())
        figures(f"{kind}, longest silence: {shown} s; answers {dict(load.answers)}; {summary}")
    failures = [
        line for api in deployment.fleet.services for line in api.lines() if line["event"] == "request failed"
    ]
    assert not load.crashes, (load.crashes[:3], failures[:3])
    assert max(max(found) for by in longest.values() for found in by.values()) <= TOLERANCE * BACK_SEC


async def _rounds(topology: Topology, load: Load, times: int) -> Silences:
    """Change the master in turn, planned and unplanned; return the silences of each service."""
    longest: Silences = {kind: defaultdict(list) for kind in ("planned", "unplanned")}
    for number in range(2 * times):
        kind = "unplanned" if number % 2 else "planned"
        fault = topology.kill_master if number % 2 else topology.fail_over
        await span(1.0)
        await wait_until_async(topology.settled, SETTLE_SEC, f"all nodes follow before {kind} {number}")
        for name, seconds in (await load.silences(fault)).items():
            longest[kind][name].append(seconds)
    return longest


async def test_minority_partition_acknowledges_nothing(
    topology: Topology, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A master without the majority refuses writes, alone or with the replica that is left.

    To a client on the minority's side a partition looks as if the other side had died.
    """
    monkeypatch.setattr("app.core.storage.discovery.MEMORY_SEC", 2.0)
    settings = fresh_settings(
        topology.url,
        tmp_path,
        durability=Durability.REPLICATED,
        namespace=NAMESPACE,
        durability_timeout_ms=500,
    )
    link = await open_link(settings, 3)
    await link.call("SET", Keys(NAMESPACE).seq, 1)
    master = topology.master()
    others = [node for node in topology.group if node is not master]
    majority = [node for node in topology.nodes if node not in topology.group and node.is_master]
    for node in (others[0], *(majority or topology.watchers[:2])):
        node.kill()
    await _refuses(link, 4.0)
    for node in others[1:]:
        node.kill()
    await _refuses(link, 1.0)
    await link.close()


async def _refuses(link: RedisLink, seconds: float) -> None:
    """Assert that no write is acknowledged for so long."""
    loop = asyncio.get_running_loop()
    until = loop.time() + seconds
    while loop.time() < until:
        with pytest.raises((NotDurable, RedisUnavailable)):
            await link.call("SET", Keys(NAMESPACE).seq, 2)


async def test_dead_replica_is_given_up_once_a_majority_has_been_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Unlike in a minority: with the sentinels in reach, the other replica is enough after a while."""
    require_redis()
    monkeypatch.setattr("app.core.storage.discovery.MEMORY_SEC", 2.0)
    with sentinels(tmp_path / "nodes") as topology:
        settings = fresh_settings(topology.url, tmp_path, durability=Durability.REPLICATED)
        link = await open_link(settings, 3)
        await link.call("SET", Keys(settings.namespace).seq, 1)
        next(node for node in topology.group if not node.is_master).kill()
        with pytest.raises(NotDurable):
            await link.call("SET", Keys(settings.namespace).seq, 2)

        async def is_acknowledged() -> bool:
            try:
                return await link.call("SET", Keys(settings.namespace).seq, 3) == "OK"
            except NotDurable:
                return False

        await wait_until_async(is_acknowledged, 60, "the other replica is enough")
        await link.close()
