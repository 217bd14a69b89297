"""Calls of a process that stood still: a busy machine, a laptop that slept, a long import."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Generator
from pathlib import Path

import pytest

from app.core.errors import RedisUnavailable
from app.core.redis_client import RedisLink, open_link
from app.core.storage.keys import Keys
from app.core.storage.link import RESEND_SEC
from app.core.storage.resharding.records import LayoutRecords
from tests.support.embedded_redis import EmbeddedRedis
from tests.support.redis_server import fresh_settings

Jump = Callable[[float], None]


@pytest.fixture
async def jump(monkeypatch: pytest.MonkeyPatch) -> Jump:
    """Advance the event loop's clock, as if the process had not run meanwhile."""
    loop = asyncio.get_running_loop()
    time, skipped = loop.time, [0.0]
    monkeypatch.setattr(loop, "time", lambda: time() + sum(skipped))
    return skipped.append


@pytest.fixture
def server(tmp_path: Path) -> Generator[EmbeddedRedis]:
    with EmbeddedRedis(data_dir=tmp_path / "redis") as server:
        yield server


class Machine:
    """A server that stands still, and the link of a process that does so with it."""

    def __init__(self, server: EmbeddedRedis, link: RedisLink, jump: Jump) -> None:
        self._server, self._jump = server, jump
        self.link = link

    async def stand_still(self, seconds: float) -> asyncio.Task[str]:
        """Return a call during which both stood still; the process goes on, the server does not yet."""
        await self.link.call("PING")
        self._server.pause()
        call = asyncio.ensure_future(self.link.call("INCR", "counter"))
        await turns()
        self._jump(seconds)
        await turns()
        return call

    def go_on(self) -> None:
        self._server.resume()


async def turns() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


@pytest.mark.parametrize(("patience_sec", "seconds"), [(2.0, 3.0), (2.0, 30.0), (20.0, 3.0), (20.0, 30.0)])
async def test_call_is_answered_after_its_process_stood_still(
    server: EmbeddedRedis, tmp_path: Path, jump: Jump, patience_sec: float, seconds: float
) -> None:
    """Its time is over, but the server had none of it: neither is it refused nor does it wait for ever."""
    machine = Machine(server, await open_link(fresh_settings(server.url, tmp_path), patience_sec), jump)
    call = await machine.stand_still(seconds)
    machine.go_on()
    assert int(await call) >= 1
    await machine.link.close()


async def test_server_that_stays_silent_is_out_of_reach(
    server: EmbeddedRedis, tmp_path: Path, jump: Jump
) -> None:
    """The time is given once more, not for ever, even if the process goes on standing still."""
    machine = Machine(server, await open_link(fresh_settings(server.url, tmp_path), 2), jump)
    call = await machine.stand_still(3)
    assert not call.done()
    jump(3)
    await turns()
    assert call.done()
    with pytest.raises(RedisUnavailable, match="is out of reach"):
        await call
    machine.go_on()
    await machine.link.close()


async def test_call_is_not_sent_again_after_records_may_be_gone(
    server: EmbeddedRedis, tmp_path: Path, jump: Jump
) -> None:
    """Sent again after so long, it could do once more what it did."""
    machine = Machine(server, await open_link(fresh_settings(server.url, tmp_path)), jump)
    call = await machine.stand_still(RESEND_SEC + 1)
    with pytest.raises(RedisUnavailable):
        await call
    machine.go_on()
    assert await machine.link.call("GET", "counter") == "1"
    await machine.link.close()


async def test_claim_is_looked_at_and_renewed_in_one_round_trip(link: RedisLink, keys: Keys) -> None:
    """Between two, a process that stands still would take again what another one has given back."""
    records = LayoutRecords({"": link}, keys.namespace)
    assert await records._take()
    before = link.round_trips
    await records._check_claim()
    assert link.round_trips == before + 1
    await link.call("DEL", records._claim)
    with pytest.raises(Exception, match="stood still"):
        await records._check_claim()
