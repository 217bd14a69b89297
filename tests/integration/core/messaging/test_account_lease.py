"""One connector at a time serves an account, and tells of its changes once."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import orjson
import pytest

from app.core.activity.events import Events
from app.core.clock import SystemClock
from app.core.redis_client import RedisLink
from app.core.storage.keys import Keys
from app.core.storage.scripts import Scripts
from app.services.connector.lease import AccountLease
from tests.support.fake_clock import FakeClock
from tests.support.waiting import wait_until_async

ACCOUNT = "telegram:bot_a01"


@pytest.fixture
def lease(scripts: Scripts, clock: SystemClock) -> AccountLease:
    return AccountLease(scripts, clock, ACCOUNT, "connector-a/1", 10_000)


@pytest.fixture
def other(scripts: Scripts, clock: SystemClock) -> AccountLease:
    return AccountLease(scripts, clock, ACCOUNT, "connector-b/1", 10_000)


async def test_an_account_has_one_connector_at_a_time(
    lease: AccountLease, other: AccountLease, link: RedisLink, keys: Keys
) -> None:
    """The second one is on standby; the first may ask repeatedly."""
    assert await lease.take()
    assert not await other.take()
    assert await lease.take()
    assert (lease.trusted, other.trusted) == (True, False)
    assert 5_000 < await link.call("PTTL", keys.account_lease(ACCOUNT)) <= 10_000


async def test_a_lease_of_another_connector_is_not_given_back(
    lease: AccountLease, other: AccountLease
) -> None:
    """Who lost it leaves the account to its new connector."""
    assert await lease.take()
    await other.give()
    assert not await other.take()


async def test_a_lease_given_back_is_free_at_once(lease: AccountLease, other: AccountLease) -> None:
    """The next connector need not wait for it to lapse."""
    assert await lease.take()
    await lease.give()
    await lease.give()
    assert await other.take()
    assert not lease.trusted


async def test_a_lease_is_trusted_for_less_than_it_lasts(scripts: Scripts) -> None:
    """What is begun under trust ends before another connector can have the account."""
    clock = FakeClock(datetime(2026, 1, 1, tzinfo=UTC))
    lease = AccountLease(scripts, clock, ACCOUNT, "connector-a/1", 10_000)
    assert not lease.trusted
    assert await lease.take()
    clock.advance(7.9)
    assert lease.trusted
    clock.advance(0.2)
    assert not lease.trusted


async def test_a_lease_is_kept_until_another_has_it(
    scripts: Scripts, clock: SystemClock, link: RedisLink, keys: Keys
) -> None:
    """It is renewed while it is held, and its loss is reported."""
    lease = AccountLease(scripts, clock, ACCOUNT, "connector-a/1", 300)
    assert await lease.take()
    over, lost = asyncio.Event(), asyncio.Event()
    keeping = asyncio.create_task(lease.keep(over, lost))
    first = await link.call("PEXPIRETIME", keys.account_lease(ACCOUNT))

    async def renewed() -> bool:
        return await link.call("PEXPIRETIME", keys.account_lease(ACCOUNT)) > first + 300

    await wait_until_async(renewed)
    assert not lost.is_set()
    await link.call("SET", keys.account_lease(ACCOUNT), "connector-b/1", "PX", 1_200)
    async with asyncio.timeout(30):
        await lost.wait()
    over.set()
    await keeping
    assert not lease.trusted


async def tell(scripts: Scripts, state: str, owner: str = "connector-a/1") -> str:
    """Tell a finding and return what the script says."""
    data = orjson.dumps({"account": ACCOUNT}).decode()
    return await scripts.run("accounts/set_state", ACCOUNT, owner, state, data, "", "")


async def test_a_change_of_state_is_reported_once(
    lease: AccountLease, scripts: Scripts, link: RedisLink, keys: Keys
) -> None:
    """However often an account is found up, people hear of it once."""
    await lease.take()
    words = [await tell(scripts, state) for state in ("up", "up", "down", "down", "up")]
    assert words == ["CHANGED", "SAME", "CHANGED", "SAME", "CHANGED"]
    events = (await Events(link, keys).find(10)).items
    assert [event.type for event in events] == ["account.up", "account.down", "account.up"]
    assert events[0].data == {"account": ACCOUNT}


async def test_a_state_of_another_connector_is_refused(
    lease: AccountLease, scripts: Scripts, link: RedisLink, keys: Keys
) -> None:
    """Who does not hold the lease has looked too long ago."""
    await lease.take()
    assert await tell(scripts, "down", "connector-b/1") == "LOST"
    assert (await Events(link, keys).find(10)).items == []
