"""A run's message on a real queue: whatever happens to the run, the remote side hears of it once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any, cast

import pytest

from app.core.clock import SystemClock
from app.core.config import Settings
from app.core.errors import NonRetryableError, OutboxMismatch
from app.core.messaging.outbox import Outbox, OutboxState
from app.core.messaging.recipients import DefaultNotify
from app.core.models import AttemptOutcome, ClaimedRun
from app.core.policies import Allowance, ToolLimits
from app.core.recipient import Recipient
from app.core.redis_client import RedisLink
from app.core.storage.scripts import Scripts
from app.core.tools import ToolSet
from app.core.tools.base import FencedScripts, ToolDependencies
from app.core.tools.messaging import MessagingTool
from app.core.tools.messaging.performer import messaging_factory
from tests.support.channels.outbox_fixture import FakeBench
from tests.support.queue.queue_driver import QueueDriver
from tests.support.waiting import wait_until_async

ALLOWANCE = Allowance("test.mail", "messaging", ToolLimits(channels=("*",)))
ACCOUNT = ("sandbox", "default")


class Attempts:
    """Makes the messaging tool of an attempt, as a worker does."""

    def __init__(self, settings: Settings, driver: QueueDriver, link: RedisLink, scripts: Scripts) -> None:
        self._queue = driver.queue
        self._factory = messaging_factory(ToolDependencies(settings, SystemClock(), link, scripts))

    def of(self, run: ClaimedRun) -> MessagingTool:
        performer = self._factory(FakeBench(run), FencedScripts(run, self._queue), ALLOWANCE)

        class Caller:
            async def call(self, tool: str, op: str, *args: Any) -> Any:
                return await performer.perform(op, args)

        return ToolSet(Caller()).messaging


class Remote:
    """A remote side that counts what reaches it, behind a sender that takes and settles."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox
        self.heard: list[str] = []

    async def serve(self) -> None:
        """Send what is due, until cancelled."""
        number = 0
        while True:
            number += 1
            entry = await self._outbox.take(*ACCOUNT, f"connector-a-1-x:{number}")
            if entry is None:
                await asyncio.sleep(0.01)
                continue
            self.heard.append(entry.text)
            receipt = f"receipt-{len(self.heard)}"
            await self._outbox.settle(
                entry.id, f"connector-a-1-x:{number}", OutboxState.DELIVERED, provider_id=receipt
            )


@pytest.fixture
def attempts(settings: Settings, driver: QueueDriver, link: RedisLink, scripts: Scripts) -> Attempts:
    return Attempts(settings, driver, link, scripts)


@pytest.fixture
def outbox(link: RedisLink, scripts: Scripts, clock: SystemClock) -> Outbox:
    return Outbox(link, scripts, scripts.keys, clock)


@pytest.fixture
async def remote(outbox: Outbox) -> AsyncIterator[Remote]:
    remote = Remote(outbox)
    serving = asyncio.create_task(remote.serve())
    yield remote
    serving.cancel()
    await asyncio.wait({serving})


async def claim_again(driver: QueueDriver) -> ClaimedRun:
    """Return the next attempt of the only run."""
    await driver.make_due()
    await driver.queue.promote()
    return (await driver.claim()).runs[0]


async def retry(driver: QueueDriver, run: ClaimedRun) -> ClaimedRun:
    await driver.finish(run, AttemptOutcome.RETRY, error="{}", delay_ms=1)
    return await claim_again(driver)


async def redeliver(driver: QueueDriver, _run: ClaimedRun) -> ClaimedRun:
    await driver.crash()
    return await claim_again(driver)


async def redrive(driver: QueueDriver, run: ClaimedRun) -> ClaimedRun:
    await driver.finish(run, AttemptOutcome.FAILED, error="{}", fingerprint="f")
    await driver.queue.redrive(run.run_id, run.attempt)
    return await claim_again(driver)


@pytest.mark.parametrize("again", [retry, redeliver, redrive])
async def test_run_that_has_sent_sends_no_second_message(
    attempts: Attempts, driver: QueueDriver, remote: Remote, again: Any
) -> None:
    """A retry, a redelivery and a redrive find the receipts of the first attempt, message by message."""
    run = await driver.start()
    first = [await attempts.of(run).send("halo", fallback_sandbox=True)]
    later = cast("ClaimedRun", await again(driver, run))
    assert later.attempt == run.attempt + 1
    messaging = attempts.of(later)
    second = [await messaging.send("halo", fallback_sandbox=True)]
    third = await messaging.send("dunia", fallback_sandbox=True)
    assert second == first
    assert (third.entry_id, third.provider_id) == (f"{run.run_id}:2", "receipt-2")
    assert remote.heard == ["halo", "dunia"]


@pytest.mark.parametrize("again", [retry, redeliver, redrive])
async def test_message_that_was_in_the_senders_hands_is_not_sent_again(
    attempts: Attempts, driver: QueueDriver, outbox: Outbox, again: Any
) -> None:
    """Its sender died in the middle: every later attempt ends, and only a person can send it again."""
    run = await driver.start()
    sending = asyncio.create_task(attempts.of(run).send("halo", fallback_sandbox=True))
    await wait_until_async(lambda: outbox.take(*ACCOUNT, "connector-dead-1-x:1"))
    sending.cancel()
    await asyncio.wait({sending})
    later = cast("ClaimedRun", await again(driver, run))
    await outbox.orphans(*ACCOUNT, "connector-b-2-y")
    with pytest.raises(NonRetryableError) as ended:
        await attempts.of(later).send("halo", fallback_sandbox=True)
    assert ended.value.code == "outcome_unknown"
    assert await outbox.take(*ACCOUNT, "connector-b-2-y:1") is None


async def test_attempt_that_was_cut_off_finds_its_message(
    attempts: Attempts, driver: QueueDriver, outbox: Outbox
) -> None:
    """It waits in the outbox while no sender is active, and the next attempt waits for the same message."""
    run = await driver.start()
    sending = asyncio.create_task(attempts.of(run).send("halo", fallback_sandbox=True))
    await wait_until_async(lambda: outbox.get(f"{run.run_id}:1"))
    sending.cancel()
    await asyncio.wait({sending})
    later = await redeliver(driver, run)
    waiting = asyncio.create_task(attempts.of(later).send("halo", fallback_sandbox=True))
    await outbox.deliver_to_inbox()
    assert (await waiting).entry_id == f"{run.run_id}:1"
    assert [message.text for message in (await outbox.inbox(10))[0]] == ["halo"]


async def test_attempt_that_says_something_else_sends_nothing(
    attempts: Attempts, driver: QueueDriver, remote: Remote
) -> None:
    """A handler whose text changes from attempt to attempt is stopped, not sent twice."""
    run = await driver.start()
    await attempts.of(run).send("at 07:00", fallback_sandbox=True)
    later = await retry(driver, run)
    with pytest.raises(OutboxMismatch):
        await attempts.of(later).send("at 07:05", fallback_sandbox=True)
    assert remote.heard == ["at 07:00"]


@pytest.mark.parametrize("again", [retry, redeliver, redrive])
async def test_message_keeps_its_recipient_after_the_default_changes(
    settings: Settings, driver: QueueDriver, scripts: Scripts, remote: Remote, again: Any
) -> None:
    """No message is sent twice, and no run fails because of it, unless the job names the recipient."""
    link, clock = driver.link, SystemClock()
    default = DefaultNotify(link, driver.keys, clock, settings)
    await default.put(Recipient(*ACCOUNT, "first"), "ana")
    run = await driver.start()
    first = await Attempts(settings, driver, link, scripts).of(run).send("halo")
    await default.put(Recipient(*ACCOUNT, "second"), "ana")
    later = Attempts(settings, driver, link, scripts).of(cast("ClaimedRun", await again(driver, run)))
    assert await later.send("halo") == first
    assert (await later.send("dunia")).to == "second"
    assert (first.to, remote.heard) == ("first", ["halo", "dunia"])


async def test_message_to_somebody_else_is_refused(
    attempts: Attempts, driver: QueueDriver, remote: Remote
) -> None:
    """A handler that names another recipient in the next attempt is stopped, not sent twice."""
    run = await driver.start()
    channel, account_id = ACCOUNT
    await attempts.of(run).send("halo", channel=channel, account_id=account_id, to="first")
    later = await retry(driver, run)
    with pytest.raises(OutboxMismatch):
        await attempts.of(later).send("halo", channel=channel, account_id=account_id, to="second")
    assert remote.heard == ["halo"]
