"""A master that becomes a replica: links find the new master."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.core.clock import SystemClock
from app.core.config import Durability
from app.core.errors import NotDurable, RedisUnavailable
from app.core.queue import open_queue
from app.core.redis_client import RedisLink, open_blocking, open_link
from app.local.redis_server import HOST
from tests.support.embedded_redis import EmbeddedRedis
from tests.support.faults.proxy import FaultProxy
from tests.support.http.servers import follows, say
from tests.support.queue.queue_driver import QueueDriver
from tests.support.redis_server import fresh_settings
from tests.support.waiting import wait_until, wait_until_async


@dataclass(slots=True)
class Pair:
    """A master and its replica behind one address."""

    master: EmbeddedRedis
    replica: EmbeddedRedis
    proxy: FaultProxy

    @property
    def url(self) -> str:
        return f"redis://{HOST}:{self.proxy.port}/0"

    def fail_over(self) -> None:
        """Exchange the roles as an operator plans it; open connections stay, new ones find the new master."""
        answer = say(self.master.port, f"FAILOVER TO {HOST} {self.replica.port} TIMEOUT 5000")
        assert answer.startswith("+OK"), answer
        wait_until(lambda: follows(self.master.port), 60, "the failover")
        self.master, self.replica = self.replica, self.master
        self.proxy.lead_to(self.master.port)


@contextmanager
def pair_behind_one_address(folder: Path) -> Generator[Pair]:
    quick = ("--repl-diskless-sync-delay", "0")
    with EmbeddedRedis(data_dir=folder / "a", extra=quick) as master:
        follow = (*quick, "--replicaof", HOST, str(master.port))
        with (
            EmbeddedRedis(data_dir=folder / "b", extra=follow) as replica,
            FaultProxy(master.port) as proxy,
        ):
            wait_until(lambda: follows(replica.port), 60, "a replica")
            yield Pair(master, replica, proxy)


@pytest.fixture
def pair(tmp_path: Path) -> Generator[Pair]:
    with pair_behind_one_address(tmp_path) as pair:
        yield pair


@asynccontextmanager
async def linked(link: RedisLink) -> AsyncGenerator[RedisLink]:
    try:
        yield link
    finally:
        await link.close()


@pytest.mark.parametrize("durability", list(Durability))
async def test_link_follows_a_planned_failover_behind_one_address(
    tmp_path: Path, pair: Pair, durability: Durability
) -> None:
    """Scripts that meet a replica are sent to the new master; their callers see nothing of it."""
    settings = fresh_settings(pair.url, tmp_path, durability=durability)
    async with linked(await open_link(settings, 20)) as link:
        driver = QueueDriver(open_queue(link, SystemClock(), settings))
        await driver.queue.ensure_groups()
        for _ in range(2):
            before = await driver.enqueue()
            pair.fail_over()
            after = await driver.enqueue()
            assert [await driver.status(before), await driver.status(after)] == ["queued", "queued"]


async def test_address_of_a_replica_is_unavailable(tmp_path: Path, pair: Pair) -> None:
    """Neither a link nor a blocking one works on a replica; both say so as an outage."""
    settings = fresh_settings(pair.replica.url, tmp_path)
    async with linked(await open_link(settings, 0.2)) as link:
        with pytest.raises(RedisUnavailable, match="is a replica"):
            await link.call("GET", "x")
    blocking = await open_blocking(settings)
    with pytest.raises(RedisUnavailable, match="is a replica"):
        await blocking.command("XREAD", "BLOCK", 10, "STREAMS", "x", "0", timeout_sec=30)
    assert not blocking.connected


async def test_blocked_read_ends_as_an_outage_if_its_master_becomes_a_replica(
    tmp_path: Path, pair: Pair
) -> None:
    """UNBLOCKED is no answer for its caller: the next read goes to the new master."""
    settings = fresh_settings(pair.url, tmp_path)
    blocking = await open_blocking(settings)
    assert await blocking.command("PING", timeout_sec=30) == "PONG"
    waiting = asyncio.ensure_future(blocking.command("BLPOP", "nothing", 60, timeout_sec=70))
    await wait_until_async(lambda: _blocked(pair.master) == 1, 60, "the read is blocked")
    pair.fail_over()
    with pytest.raises(RedisUnavailable):
        await waiting
    assert await blocking.command("SET", "x", 1, timeout_sec=30) == "OK"
    assert "1" in say(pair.master.port, "GET x")
    await blocking.close()


async def test_listener_leaves_a_master_that_was_replaced(tmp_path: Path, pair: Pair) -> None:
    """A subscription to an old master gets no message: the change that a writing link saw ends it."""
    settings = fresh_settings(pair.url, tmp_path)
    listener = await open_blocking(settings)
    async with linked(await open_link(settings, 20)) as link:
        await link.call("SET", "x", 1)
        await listener.command("SUBSCRIBE", "{x}:channel", timeout_sec=30)
        pair.fail_over()
        await link.call("SET", "x", 2)
        assert not listener.connected
        with pytest.raises(RedisUnavailable):
            await listener.message(5)
        await listener.command("SUBSCRIBE", "{x}:channel", timeout_sec=30)
        assert listener.connected
    await listener.close()


async def test_first_master_that_is_found_ends_no_subscription(tmp_path: Path, pair: Pair) -> None:
    """A listener that was first is not cut off by the first call of a link."""
    settings = fresh_settings(pair.url, tmp_path)
    listener = await open_blocking(settings)
    await listener.command("SUBSCRIBE", "{x}:channel", timeout_sec=30)
    async with linked(await open_link(settings, 20)) as link:
        await link.call("SET", "x", 1)
    assert listener.connected
    await listener.close()


async def test_replica_that_is_gone_is_waited_for_and_then_given_up(
    tmp_path: Path, pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One of one is gone: nothing is durable. One of two: refused at first, accepted after a while."""
    settings = fresh_settings(
        pair.master.url, tmp_path, durability=Durability.REPLICATED, durability_timeout_ms=1_000
    )
    monkeypatch.setattr("app.core.storage.discovery.MEMORY_SEC", 3.0)
    follow = ("--repl-diskless-sync-delay", "0", "--replicaof", HOST, str(pair.master.port))
    async with linked(await open_link(settings, 20)) as link:
        with EmbeddedRedis(data_dir=tmp_path / "c", extra=follow) as other:
            wait_until(lambda: follows(other.port) and _online(pair.master) == 2, 60, "two replicas")
            await link.call("SET", "x", 1)
        wait_until(lambda: _online(pair.master) == 1, 60, "one is gone")
        with pytest.raises(NotDurable, match="1 of 2"):
            await link.call("SET", "x", 2)
        # A process that comes later has never seen that replica, and is refused all the same.
        async with linked(await open_link(settings, 20)) as later:
            with pytest.raises(NotDurable, match="1 of 2"):
                await later.call("SET", "x", 3)

        async def is_accepted() -> bool:
            try:
                return await link.call("SET", "x", 4) == "OK"
            except NotDurable:
                return False

        await wait_until_async(is_accepted, 60, "the other replica is enough")
        pair.replica.kill()
        with pytest.raises(NotDurable, match="0 of 1"):
            await link.call("SET", "x", 5)


async def test_fixed_number_of_replicas_never_shrinks(
    tmp_path: Path, pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DURABILITY_REPLICAS=2 with one replica is never durable."""
    monkeypatch.setattr("app.core.storage.discovery.MEMORY_SEC", 0.0)
    wanted = {"durability": Durability.REPLICATED, "durability_timeout_ms": 1_000}
    for number, durable in ((1, True), (2, False)):
        settings = fresh_settings(pair.master.url, tmp_path, **wanted, durability_replicas=number)
        async with linked(await open_link(settings, 20)) as link:
            answers = await asyncio.gather(link.call("SET", "x", 1), return_exceptions=True)
            assert isinstance(answers[0], NotDurable) is not durable


def _online(server: EmbeddedRedis) -> int:
    return say(server.port, "INFO replication").count("state=online")


def _blocked(server: EmbeddedRedis) -> int:
    return int(say(server.port, "INFO clients").partition("blocked_clients:")[2].split()[0])
