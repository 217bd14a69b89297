"""Late messages on a real server: which are sent, which expire, and what is said about it."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.core.clock import HOUR_MS, SystemClock, to_ms
from app.core.config import Settings
from app.core.errors import NonRetryableError
from app.core.incidents.store import IncidentStore
from app.core.messaging.account_models import AccountDraft
from app.core.messaging.accounts import AccountStore
from app.core.messaging.lateness import DeliveryTime, as_received, late_note
from app.core.messaging.outbox import Outbox, OutboxEntry, OutboxRetention, OutboxState
from app.core.models import ClaimedRun
from app.core.policies import Allowance, ToolLimits
from app.core.redis_client import RedisLink
from app.core.scheduling.schedule import jitter_ms
from app.core.secrets.sealing import open_box
from app.core.storage.keys import Keys
from app.core.storage.scripts import Scripts
from app.core.tools import ToolSet
from app.core.tools.base import FencedScripts, ToolDependencies
from app.core.tools.messaging.performer import messaging_factory
from tests.support.channels.outbox_driver import ACCOUNT, ME, stored
from tests.support.channels.outbox_fixture import FakeBench
from tests.support.queue.queue_driver import QueueDriver
from tests.support.waiting import wait_until_async

MINUTE_MS = 60_000
LATE_MS = 6 * MINUTE_MS
"""So late that the message says so."""


@pytest.fixture
def outbox(link: RedisLink, scripts: Scripts, keys: Keys, clock: SystemClock) -> Outbox:
    return Outbox(link, scripts, keys, clock)


@pytest.fixture
def incidents(link: RedisLink, scripts: Scripts, keys: Keys, clock: SystemClock) -> IncidentStore:
    return IncidentStore(link, scripts, keys, clock)


def time_of(late_ms: int, expires_ms: int | None = None) -> DeliveryTime:
    """Return the time of a message that was due some time ago, and expires some time after that."""
    due = SystemClock().now_ms() - late_ms
    return DeliveryTime(due, None if expires_ms is None else due + expires_ms)


async def put(outbox: Outbox, time: DeliveryTime, *account: str) -> None:
    channel, account_id = account or ACCOUNT
    await outbox.put("r:1", channel, account_id, "42", "halo", job_id="job-a", run_id="r", time=time)


async def open_kinds(incidents: IncidentStore) -> list[str]:
    return [each.kind for each in (await incidents.list("open")).items]


async def wait_for_end(outbox: Outbox, time: DeliveryTime) -> None:
    """Lay in a message that expires in a moment, and wait until it has."""
    await put(outbox, time)
    assert (await stored(outbox)).state is OutboxState.PENDING
    await asyncio.sleep(0.3)


async def test_message_that_expired_is_not_sent(outbox: Outbox, incidents: IncidentStore) -> None:
    """No connector gets it; it is failed with an open incident, and a person may send it all the same."""
    await wait_for_end(outbox, time_of(HOUR_MS, HOUR_MS + 200))
    assert await outbox.take(*ACCOUNT, f"{ME}:1") is None
    entry = await stored(outbox)
    assert (entry.state, entry.error_code, entry.attempts) == ("failed", "expired", 0)
    assert await open_kinds(incidents) == ["message_undelivered"]
    assert (await outbox.find_many(OutboxState.FAILED, None, 5)).items == [entry]
    await outbox.resend(entry.id)
    taken = await outbox.take(*ACCOUNT, f"{ME}:2")
    assert taken is not None
    assert (taken.id, taken.is_late, taken.expires_at) == (entry.id, True, None)
    assert await open_kinds(incidents) == []


async def test_message_that_is_laid_in_after_its_time_fails_at_once(outbox: Outbox) -> None:
    """Its run does not wait for a connector; the same call again finds the same end."""
    for _ in range(2):
        await put(outbox, time_of(2 * HOUR_MS, HOUR_MS))
        assert (await stored(outbox)).error_code == "expired"


async def test_message_that_expired_after_a_doubtful_attempt_is_unknown(outbox: Outbox) -> None:
    """The attempt may have reached the recipient, so its outcome is open."""
    await put(outbox, time_of(HOUR_MS, HOUR_MS + 200))
    await outbox.take(*ACCOUNT, f"{ME}:1")
    await outbox.settle("r:1", f"{ME}:1", OutboxState.PENDING, error="?", error_code="outcome_unknown")
    await asyncio.sleep(0.3)
    assert await outbox.take(*ACCOUNT, f"{ME}:2") is None
    assert (await stored(outbox)).state is OutboxState.UNKNOWN


async def test_messages_of_an_account_without_a_connector_expire(outbox: Outbox, driver: QueueDriver) -> None:
    """The scheduler ends them; what has no end waits."""
    await wait_for_end(outbox, time_of(0, 200))
    await outbox.put("r:2", *ACCOUNT, "42", "halo", time=time_of(HOUR_MS))
    assert await OutboxRetention(driver.queue).expire() == 1
    assert (await stored(outbox)).state is OutboxState.FAILED
    assert (await stored(outbox, "r:2")).state is OutboxState.PENDING


@pytest.mark.parametrize(("late_ms", "is_late"), [(LATE_MS, True), (MINUTE_MS, False)])
async def test_message_that_is_sent_late_is_late(outbox: Outbox, late_ms: int, is_late: bool) -> None:
    """A minute is the usual wait of a queue; after five minutes the text says so."""
    await put(outbox, time_of(late_ms))
    taken = await outbox.take(*ACCOUNT, f"{ME}:1")
    assert taken is not None
    assert taken.is_late is is_late
    await outbox.put("i:1", "sandbox", "default", "inbox", "halo", time=time_of(late_ms))
    assert await outbox.deliver_to_inbox() == 1
    [message], _ = await outbox.inbox(5)
    assert as_received(message, ZoneInfo("Asia/Jakarta"), "id").text.startswith("halo\n(terlambat") is is_late


async def test_expired_message_does_not_reach_the_inbox(outbox: Outbox) -> None:
    """The sandbox does what a channel does."""
    await put(outbox, time_of(0, 200), "sandbox", "default")
    await asyncio.sleep(0.3)
    assert await outbox.deliver_to_inbox() == 0
    assert await outbox.inbox(5) == ([], None)
    assert (await stored(outbox)).error_code == "expired"


@pytest.mark.parametrize(
    ("language", "sent", "text"),
    [
        ("en", "2026-12-01T09:00+07:00", "\n(late, was due 07:21)"),
        ("id", "2026-12-01T09:00+07:00", "\n(terlambat, seharusnya 07.21)"),
        ("en", "2026-12-02T00:10+07:00", "\n(late, was due 1 December 07:21)"),
        ("id", "2026-12-02T00:10+07:00", "\n(terlambat, seharusnya 1 Desember 07.21)"),
    ],
)
def test_late_note_names_the_time_in_the_deployments_zone(language: Any, sent: str, text: str) -> None:
    """With the date if it is another day."""
    due = to_ms(datetime.fromisoformat("2026-12-01T00:21+00:00"))
    at = to_ms(datetime.fromisoformat(sent))
    assert late_note(due, at, ZoneInfo("Asia/Jakarta"), language) == text


class Attempt:
    """A run of an account whose own recipient is 7, and the messaging tool that a worker gives it."""

    def __init__(self, settings: Settings, driver: QueueDriver, run: ClaimedRun) -> None:
        queue = driver.queue
        factory = messaging_factory(ToolDependencies(settings, queue.clock, queue.link, queue.scripts))
        allowance = Allowance("message.send", "messaging", ToolLimits(channels=("*",)))
        self.run = run
        self._outbox = Outbox(queue.link, queue.scripts, queue.keys, queue.clock)
        self._performer = factory(FakeBench(run), FencedScripts(run, queue), allowance)
        self.messaging = ToolSet(self).messaging

    async def call(self, tool: str, op: str, *args: Any) -> Any:
        del tool
        return await self._performer.perform(op, args)

    async def laid_in(self, **message: Any) -> OutboxEntry:
        """Send a message, and return it as it waits for a connector."""
        sending = asyncio.create_task(self.messaging.send("halo", channel="telegram", **message))
        await wait_until_async(lambda: self._outbox.get(f"{self.run.run_id}:1"))
        sending.cancel()
        await asyncio.wait({sending})
        return await stored(self._outbox, f"{self.run.run_id}:1")


@pytest.fixture
async def attempt(settings: Settings, driver: QueueDriver) -> Attempt:
    queue = driver.queue
    accounts = AccountStore(queue.link, queue.scripts, queue.keys, queue.clock, open_box(settings))
    token = {"token": "123456:" + "a" * 35}
    await accounts.put(AccountDraft("telegram", "bot_a01", secrets=token, default_to="7"), "me")
    return Attempt(settings, driver, await driver.start())


async def test_run_says_that_its_message_expired(attempt: Attempt) -> None:
    """A message to a customer that is over an hour late is not sent; the run fails and says why."""
    due = attempt.run.started_at_ms - 2 * HOUR_MS
    with pytest.raises(NonRetryableError, match=r"was not sent: it was due at .* /messages/") as refused:
        await attempt.messaging.send("halo", channel="telegram", to="42", due_ms=due)
    assert refused.value.code == "expired"


@pytest.mark.parametrize(
    ("message", "expires_ms"),
    [
        ({"to": "42"}, HOUR_MS),
        ({"to": "7"}, None),
        ({}, None),
        ({"to": "42", "expires_after_sec": 0}, None),
        ({"to": "7", "expires_after_sec": 60}, MINUTE_MS),
    ],
)
async def test_message_to_others_expires_after_an_hour(
    attempt: Attempt, message: dict[str, Any], expires_ms: int | None
) -> None:
    """Those to the account's own recipient never do, unless the job says so."""
    due = attempt.run.started_at_ms - 1_000
    entry = await attempt.laid_in(due_ms=due, **message)
    assert (entry.due_at, entry.expires_at) == (due, None if expires_ms is None else due + expires_ms)


async def test_message_without_a_time_never_expires(attempt: Attempt) -> None:
    """Job types of others send when they are done, however long that takes."""
    entry = await attempt.laid_in(to="42")
    assert (entry.due_at, entry.expires_at) == (None, None)


async def test_jitter_of_a_slot_is_no_delay(
    settings: Settings, driver: QueueDriver, attempt: Attempt, keys: Keys
) -> None:
    """A job that is spread over an hour is due when its jitter says."""
    slot = SystemClock().now_ms() - HOUR_MS
    run = attempt.run._replace(slot_ms=slot)
    await driver.link.call("HSET", keys.job(run.job_id), "spec", '{"jitter_sec": 3600}')
    entry = await Attempt(settings, driver, run).laid_in(to="7", due_ms=slot)
    assert entry.due_at == slot + jitter_ms(run.job_id, slot, 3_600)
