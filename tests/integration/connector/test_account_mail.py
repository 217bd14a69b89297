"""Messages of one account in several shards: sent once each, in the order in which they are due."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

import pytest

from app.core.errors import RedisUnavailable
from app.core.messaging.outbox import Outbox, OutboxState
from app.core.storage.notifications import messages_due, open_notifiers
from app.services.connector.account_mail import AWAY_SEC, AccountMail
from tests.support.fake_clock import FakeClock
from tests.support.queue.sharded import Sharded
from tests.support.waiting import wait_until_async

if TYPE_CHECKING:
    from app.core.clock import SystemClock
    from app.core.config import Settings
    from app.core.connectors.messages import OutboxEntry
    from app.core.redis_client import RedisLink

CHANNEL, ACCOUNT = "telegram", "bot_a01"


class Flaky(Outbox):
    """An outbox whose shard may be away, or lose its answers."""

    is_away = False
    loses_answers = False

    async def take(self, channel: str, account_id: str, send_id: str) -> OutboxEntry | None:
        """Take a message."""
        self._require()
        entry = await super().take(channel, account_id, send_id)
        if self.loses_answers:
            raise RedisUnavailable("the answer is lost")
        return entry

    async def next_due(self, channel: str, account_id: str) -> float | None:
        """Return when the next one is due."""
        self._require()
        return await super().next_due(channel, account_id)

    async def orphans(self, channel: str, account_id: str, owner: str) -> list[str]:
        """Mark orphans."""
        self._require()
        return await super().orphans(channel, account_id, owner)

    def _require(self) -> None:
        if self.is_away:
            raise RedisUnavailable("away")


class Mail:
    """An account with messages in three shards."""

    def __init__(self, sharded: Sharded, clock: SystemClock) -> None:
        self.sharded = sharded
        self.clock = FakeClock()
        self.outboxes = [Flaky(each.link, each.scripts, each.keys, clock) for each in sharded.shards]
        self.mail = AccountMail(self.outboxes, self.clock, CHANNEL, ACCOUNT, "connector-1/1")

    async def put(self, shard: int, name: str) -> None:
        await self.outboxes[shard].put(name, CHANNEL, ACCOUNT, "42", f"text of {name}")

    async def send_all(self) -> list[str]:
        sent: list[str] = []
        while (taken := await self.mail.take()) is not None:
            await taken.outbox.settle(taken.entry.id, taken.send_id, OutboxState.DELIVERED)
            sent.append(taken.entry.id)
        return sent


@pytest.fixture
async def mail(link: RedisLink, clock: SystemClock, settings: Settings) -> AsyncIterator[Mail]:
    sharded = await Sharded.open(link, clock, settings)
    yield Mail(sharded, clock)
    problems = await sharded.close()
    assert not problems, "\n".join(problems)


async def test_messages_of_all_shards_are_sent_in_the_order_of_their_time(mail: Mail) -> None:
    """The message that was stored first is sent first, in whichever shard it is."""
    order = [0, 2, 1, 1, 0, 2]
    for number, shard in enumerate(order):
        keys = mail.sharded.shards[shard].keys
        await mail.put(shard, f"m{number}")
        await mail.sharded.shards[shard].link.call(
            "ZADD", keys.outbox_due(f"{CHANNEL}:{ACCOUNT}"), 1000 + number, f"m{number}"
        )
    assert await mail.send_all() == [f"m{number}" for number in range(len(order))]
    assert await mail.mail.take() is None


async def test_a_take_without_an_answer_is_repeated(mail: Mail) -> None:
    """The message of a lost answer is taken again, once: others do not use its number."""
    await mail.put(1, "lost")
    await mail.put(2, "other")
    mail.outboxes[1].loses_answers = True
    assert [taken.entry.id for taken in [await mail.mail.take()] if taken] == ["other"]
    mail.outboxes[1].loses_answers = False
    mail.clock.advance(AWAY_SEC)
    taken = await mail.mail.take()
    assert taken is not None
    assert (taken.entry.id, taken.entry.attempts) == ("lost", 1)
    assert await mail.mail.take() is None


async def test_a_shard_that_is_away_holds_up_no_messages_of_others(mail: Mail) -> None:
    """Its messages are sent once it answers again; until then it is asked once a second."""
    for shard in range(3):
        await mail.put(shard, f"m{shard}")
    mail.outboxes[0].is_away = True
    assert await mail.mail.orphans() == []
    assert sorted(await mail.send_all()) == ["m1", "m2"]
    mail.outboxes[0].is_away = False
    assert await mail.send_all() == []
    mail.clock.advance(AWAY_SEC)
    assert await mail.send_all() == ["m0"]


async def test_messages_of_a_dead_sender_are_found_in_each_shard(mail: Mail) -> None:
    """A message that a connector left in the middle is unknown, and is not sent again."""
    for shard in range(3):
        await mail.put(shard, f"m{shard}")
    dead = AccountMail(mail.outboxes, mail.clock, CHANNEL, ACCOUNT, "connector-9/1")
    for _message in range(3):
        assert await dead.take() is not None
    assert sorted(await mail.mail.orphans()) == ["m0", "m1", "m2"]
    assert await mail.send_all() == []


async def test_a_notification_of_any_shard_wakes_a_listener(mail: Mail, settings: Settings) -> None:
    """One subscription hears what the scripts of each shard publish."""
    three = settings.model_copy(update={"shards": 3})
    group = open_notifiers(three)
    try:
        with group.listen(messages_due(f"{CHANNEL}:{ACCOUNT}")) as subscription:
            for shard in range(3):

                async def is_heard(shard: int = shard) -> bool:
                    await mail.put(shard, f"m{shard}")
                    keys = mail.sharded.shards[shard].keys
                    await mail.sharded.shards[shard].link.call(
                        "PUBLISH", keys.notify, f"mail {CHANNEL}:{ACCOUNT}"
                    )
                    return await subscription.wait(0.2)

                await wait_until_async(is_heard, 60, f"shard {shard} is heard")
    finally:
        await group.close()
