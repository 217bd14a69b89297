"""Checks of accounts on a real server, with a stand-in for the connector that answers them."""

from __future__ import annotations

import asyncio

import pytest

from app.core.clock import SystemClock
from app.core.config import Settings
from app.core.connectors.base import AccountHealth
from app.core.connectors.updates import Chat, ChatsAnswer
from app.core.errors import CheckUnavailable
from app.core.messaging.account_models import AccountDraft
from app.core.messaging.accounts import AccountStore
from app.core.messaging.checks import AccountChecks, is_about_chats
from app.core.redis_client import BlockingLink, RedisLink
from app.core.secrets.sealing import SecretBox
from app.core.storage.keys import Keys
from app.core.storage.notifications import messages_due, open_notifier
from app.core.storage.scripts import Scripts
from tests.support.channels.channels import PIGEONS
from tests.support.queue.queue_driver import QueueDriver, heard
from tests.support.waiting import wait_until_async

UP = AccountHealth("up", None, 12, "@pigeon", 1_700_000_000_000)
SUPPORTED = ("pigeon", "sandbox")


@pytest.fixture
def checks(link: RedisLink, scripts: Scripts, keys: Keys, clock: SystemClock) -> AccountChecks:
    return AccountChecks(link, scripts, keys, clock, supported=SUPPORTED)


@pytest.fixture
async def account(link: RedisLink, scripts: Scripts, keys: Keys, clock: SystemClock) -> AccountStore:
    """Give the account pigeon:p1."""
    store = AccountStore(link, scripts, keys, clock, SecretBox(b"secret"), channels=PIGEONS)
    await store.put(AccountDraft("pigeon", "p1", secrets={"token": "a-long-token"}), "me")
    return store


@pytest.fixture
async def connector(link: RedisLink, keys: Keys) -> None:
    """Let a connector be alive."""
    await link.call("ZADD", keys.instances, 1, "connector-here-1-abcd")
    await link.call("HSET", keys.instance("connector-here-1-abcd"), "service", "connector")
    await link.call("PEXPIRE", keys.instance("connector-here-1-abcd"), 60_000)


async def waiting(checks: AccountChecks, count: int = 1) -> list[str]:
    """Return the checks that wait, as soon as there are `count`."""
    found: list[str] = []

    async def there() -> bool:
        found[:] = await checks.take_checks("pigeon", "p1")
        return len(found) == count

    await wait_until_async(there)
    return found


async def test_check_is_answered_by_the_connector(checks: AccountChecks, account: AccountStore) -> None:
    """The question reaches who serves the account, the answer who asked, word for word."""
    asked = asyncio.create_task(checks.ask("pigeon", "p1", 5))
    await checks.answer("pigeon", "p1", await waiting(checks), UP)
    assert await asked == UP
    assert await checks.take_checks("pigeon", "p1") == []


async def test_one_call_answers_all_who_wait(checks: AccountChecks, account: AccountStore) -> None:
    """Many who ask at once cost the remote side one call."""
    asked = [asyncio.create_task(checks.ask("pigeon", "p1", 5)) for _ in range(5)]
    await checks.answer("pigeon", "p1", await waiting(checks, 5), UP)
    assert await asyncio.gather(*asked) == [UP] * 5


async def test_answer_of_a_check_comes_once(
    checks: AccountChecks, account: AccountStore, driver: QueueDriver
) -> None:
    """A second answer, or the first sent again, changes nothing for who asked."""
    asked = asyncio.create_task(checks.ask("pigeon", "p1", 5))
    ids = await waiting(checks)
    await checks.answer("pigeon", "p1", ids, UP)
    assert await asked == UP
    await checks.answer("pigeon", "p1", ids, AccountHealth("down", None, 1, "late", 2))
    assert '"up"' in str(await driver.link.call("GET", driver.keys.check(ids[0])))


async def test_check_is_heard_over_the_bell(
    checks: AccountChecks, account: AccountStore, keys: Keys, blocking: BlockingLink
) -> None:
    """The connector hears of a check at once."""
    await blocking.command("SUBSCRIBE", keys.notify, timeout_sec=30)
    asked = asyncio.create_task(checks.ask("pigeon", "p1", 5))
    assert await heard(blocking) == messages_due("pigeon:p1")
    await checks.answer("pigeon", "p1", await waiting(checks), UP)
    assert await asked == UP


async def test_account_that_is_not_stored_is_not_configured(checks: AccountChecks) -> None:
    """It is a result with the command that repairs it, not an error, and sends no request."""
    answer = await checks.ask("pigeon", "nobody", 5)
    assert (answer.state, answer.reason, answer.latency_ms) == ("not_configured", "no_account", None)
    assert answer.command == "multi-job connect pigeon nobody"
    assert answer.command in answer.detail


async def test_channel_without_a_connector_is_unsupported(checks: AccountChecks) -> None:
    """Such a channel has a name and nothing behind it."""
    answer = await checks.ask("slack", "x", 5)
    assert (answer.state, answer.reason, answer.command) == ("not_configured", "unsupported", None)


async def test_disabled_account_is_not_configured(checks: AccountChecks, account: AccountStore) -> None:
    """The account has no default recipient, on purpose."""
    await account.put(AccountDraft("pigeon", "p1", enabled=False), "me")
    answer = await checks.ask("pigeon", "p1", 5)
    assert (answer.state, answer.reason) == ("not_configured", "disabled")


async def test_impossible_account_id_is_not_configured(checks: AccountChecks) -> None:
    """No account can have it."""
    assert (await checks.ask("pigeon", "a:b", 5)).reason == "no_account"


async def test_sandbox_is_asked_without_a_record(checks: AccountChecks) -> None:
    """Its account is always there."""
    asked = asyncio.create_task(checks.ask("sandbox", "default", 5))
    await wait_until_async(lambda: checks.take_checks("sandbox", "default"))
    await checks.answer("sandbox", "default", await checks.take_checks("sandbox", "default"), UP)
    assert await asked == UP


async def test_check_without_a_connector_is_unavailable(checks: AccountChecks, account: AccountStore) -> None:
    """A missing check says nothing about the account, and is reported long before the time-out."""
    with pytest.raises(CheckUnavailable, match="No connector is running"):
        await checks.ask("pigeon", "p1", 60)


async def test_check_without_an_answer_is_unavailable(
    checks: AccountChecks, account: AccountStore, connector: None
) -> None:
    """The time is over; the check no longer waits."""
    with pytest.raises(CheckUnavailable, match=r"within 0\.2 s"):
        await checks.ask("pigeon", "p1", 0.2)
    assert await checks.take_checks("pigeon", "p1") == []


async def test_last_answer_is_kept(checks: AccountChecks, account: AccountStore) -> None:
    """Who asks how accounts are finds what was seen last, however it was asked for."""
    await checks.answer("pigeon", "p1", [], UP)
    assert await checks.last(["pigeon:p1", "pigeon:p2"]) == {"pigeon:p1": UP}
    assert await checks.last([]) == {}


async def test_chats_are_no_health_of_the_account(checks: AccountChecks, account: AccountStore) -> None:
    """Who asks for chats gets them, word for word; how the account is, is what a check has found."""
    await checks.answer("pigeon", "p1", [], UP)
    stored = ChatsAnswer(
        (Chat("42", "Ani: a / b", "private", 7), Chat("43", "x", "group", None)), "why", True
    )
    asked = asyncio.create_task(checks.ask_chats("pigeon", "p1", 5))
    [ask_id] = await waiting(checks)
    assert is_about_chats(ask_id)
    await checks.answer_chats("pigeon", "p1", [ask_id], stored)
    assert await asked == stored
    assert await checks.last(["pigeon:p1"]) == {"pigeon:p1": UP}


async def test_bell_is_heard_across_processes(settings: Settings, link: RedisLink, keys: Keys) -> None:
    """A notification reaches all its subscribers and no others, well before the next poll."""
    notifier = open_notifier(settings)
    with (
        notifier.listen("mail a") as first,
        notifier.listen("mail a", "accounts") as second,
        notifier.listen("x") as other,
    ):
        # The start of the subscription wakes every listener once.
        for subscription in (first, second, other):
            assert await subscription.wait(30)
        await link.call("PUBLISH", keys.notify, "mail a")
        assert await first.wait(30)
        assert await second.wait(30)
        assert not await other.wait(0.01)
        await link.call("PUBLISH", keys.notify, "accounts")
        assert await second.wait(30)
    await notifier.close()


async def test_notifier_without_redis_wakes_its_listener_regularly(settings: Settings) -> None:
    """An outage raises no error: the wait only ends without a notification."""
    notifier = open_notifier(settings.model_copy(update={"redis_url": "redis://127.0.0.1:1/0"}))
    with notifier.listen("mail a") as subscription:
        assert not await subscription.wait()
        assert not await subscription.wait()
    await notifier.close()
