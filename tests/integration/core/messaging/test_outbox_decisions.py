"""Decisions about messages on a real server: resend, close, inbox, retention."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from app.core.clock import SystemClock
from app.core.connectors.messages import OUTBOX_TRANSITIONS
from app.core.errors import MessageNotFound, StateConflict
from app.core.messaging.outbox import Outbox, OutboxRetention, OutboxState
from app.core.queue import Queue
from app.core.redis_client import BlockingLink, RedisLink
from app.core.storage.keys import Keys
from app.core.storage.notifications import messages_due
from app.core.storage.scripts import Scripts
from tests.support.channels.outbox_driver import ACCOUNT, ME, after, put, sending, settled, stored
from tests.support.queue.queue_driver import heard


@pytest.fixture
def outbox(link: RedisLink, scripts: Scripts, keys: Keys, clock: SystemClock) -> Outbox:
    return Outbox(link, scripts, keys, clock)


@pytest.mark.parametrize("state", [OutboxState.FAILED, OutboxState.UNKNOWN])
async def test_resend_lets_a_message_wait_again(outbox: Outbox, state: OutboxState) -> None:
    """A person sends it again: only the count of the first try is left."""
    await settled(outbox, state)
    entry = await outbox.resend("r:1")
    assert (entry.state, entry.error, entry.error_code, entry.attempts) == ("pending", None, None, 1)
    assert await outbox.settle("r:1", f"{ME}:1", OutboxState.DELIVERED) == "LOST"


async def test_resend_sent_again_sends_once(outbox: Outbox, scripts: Scripts) -> None:
    """The same act repeated after the message went out does not send it a second time."""
    await settled(outbox, OutboxState.FAILED)
    assert await scripts.run("outbox/resend", "r:1", "act") == "OK"
    await outbox.take(*ACCOUNT, f"{ME}:2")
    await outbox.settle("r:1", f"{ME}:2", OutboxState.FAILED)
    assert await scripts.run("outbox/resend", "r:1", "act") == "OK"
    assert (await stored(outbox)).state == "failed"


async def test_resend_of_what_is_not_over_is_refused(outbox: Outbox) -> None:
    """Neither what waits nor what was delivered is sent again."""
    await put(outbox)
    with pytest.raises(StateConflict, match="pending"):
        await outbox.resend("r:1")
    await outbox.take(*ACCOUNT, f"{ME}:1")
    await outbox.settle("r:1", f"{ME}:1", OutboxState.DELIVERED)
    with pytest.raises(StateConflict, match="delivered"):
        await outbox.resend("r:1")


async def test_deciding_about_an_unknown_id_is_not_found(outbox: Outbox) -> None:
    """There is no such message to resend or close."""
    with pytest.raises(MessageNotFound):
        await outbox.resend("nobody")
    with pytest.raises(MessageNotFound):
        await outbox.close("nobody", "me")


async def test_close_gives_a_message_up(outbox: Outbox) -> None:
    """What waits is failed as closed by somebody, and not sent; closed again it stays so."""
    await put(outbox)
    entry = await outbox.close("r:1", "ops")
    assert (entry.state, entry.error_code) == ("failed", "closed")
    assert "ops" in str(entry.error)
    assert await outbox.close("r:1", "other") == entry
    assert await outbox.take(*ACCOUNT, f"{ME}:1") is None


async def test_close_keeps_why_it_was_open(outbox: Outbox) -> None:
    """The reason of the first end stays readable."""
    await settled(outbox, OutboxState.UNKNOWN)
    entry = await outbox.close("r:1", "ops")
    assert (entry.state, entry.error_code, entry.error) == ("failed", "closed", "why")


@pytest.mark.parametrize("deliver", [False, True])
async def test_close_of_what_is_sent_is_refused(outbox: Outbox, deliver: bool) -> None:
    """What is in the sender's hands, or arrived, cannot be called back."""
    entry = await sending(outbox)
    if deliver:
        await outbox.settle(entry.id, f"{ME}:1", OutboxState.DELIVERED)
    with pytest.raises(StateConflict):
        await outbox.close("r:1", "ops")


async def test_sandbox_message_lands_in_the_inbox_once(outbox: Outbox) -> None:
    """Delivered and laid in are one step; the receipt is the message's place in the inbox."""
    for number in (1, 2):
        await outbox.put(
            f"r:{number}", "sandbox", "default", "inbox", f"text {number}", job_id="j", run_id="r"
        )
    assert await outbox.deliver_to_inbox() == 2
    assert await outbox.deliver_to_inbox() == 0
    messages, cursor = await outbox.inbox(10)
    assert [(message.entry_id, message.text) for message in messages] == [
        ("r:2", "text 2"),
        ("r:1", "text 1"),
    ]
    assert cursor is None
    entry = await stored(outbox)
    assert (entry.state, entry.provider_id, entry.attempts) == ("delivered", messages[1].id, 1)
    assert (messages[1].account_id, messages[1].to, messages[1].job_id) == ("default", "inbox", "j")


async def test_inbox_pages_to_its_end(outbox: Outbox) -> None:
    """The cursor leads behind the last message of a page."""
    for number in range(5):
        await outbox.put(f"r:{number}", "sandbox", "default", "inbox", str(number))
    await outbox.deliver_to_inbox()
    first, cursor = await outbox.inbox(3)
    rest, end = await outbox.inbox(3, cursor)
    assert [message.text for message in first + rest] == ["4", "3", "2", "1", "0"]
    assert end is None


async def test_inbox_keeps_the_newest(scripts: Scripts, outbox: Outbox) -> None:
    """It is bounded: the oldest go."""
    for number in range(4):
        await outbox.put(f"r:{number}", "sandbox", "default", "inbox", str(number))
    word, done = await scripts.run("outbox/deliver_to_inbox", "sandbox:default", 10, 2)
    assert (word, len(done)) == ("OK", 4)
    assert [message.text for message in (await outbox.inbox(10))[0]] == ["3", "2"]


async def test_inbox_passes_over_what_is_no_message(outbox: Outbox, link: RedisLink, keys: Keys) -> None:
    """An index entry without its message leaves no trace."""
    await link.call("ZADD", keys.outbox_due("sandbox:default"), 1, "ghost")
    assert await outbox.deliver_to_inbox() == 0
    assert await link.call("EXISTS", keys.outbox_due("sandbox:default"), keys.outbox("ghost")) == 0


async def test_mail_is_rung_for(outbox: Outbox, keys: Keys, blocking: BlockingLink) -> None:
    """The connector hears at once of a new message and of one that a person sends again."""
    await blocking.command("SUBSCRIBE", keys.notify, timeout_sec=30)
    await put(outbox)
    assert await heard(blocking) == messages_due("telegram:bot_a01")


async def test_messages_are_listed_newest_first(outbox: Outbox) -> None:
    """By state or all; pages join without a gap, with the number of all."""
    for number in range(5):
        await put(outbox, f"r:{number}")
    await outbox.close("r:1", "me")
    first = await outbox.find_many(None, None, 3)
    rest = await outbox.find_many(None, first.next_cursor, 3)
    assert [entry.id for entry in first.items + rest.items] == [f"r:{n}" for n in (4, 3, 2, 1, 0)]
    assert (first.total, rest.next_cursor) == (5, None)
    failed = await outbox.find_many(OutboxState.FAILED, None, 10)
    assert ([entry.id for entry in failed.items], failed.total, failed.next_cursor) == (["r:1"], 1, None)


ACTS = (
    *("take", "close", "resend", "orphans", "reported", "by_template"),
    *("delivered", "failed", "unknown", "pending"),
)


@pytest.mark.parametrize("source", list(OutboxState))
async def test_every_move_is_in_the_table(outbox: Outbox, source: OutboxState) -> None:
    """The scripts and OUTBOX_TRANSITIONS agree, for every caller."""
    reached: set[OutboxState] = set()
    for act in ACTS:
        try:
            reached.add(await after(outbox, source, act))
        except StateConflict:
            continue
    if source is OutboxState.PENDING:
        reached.add(OutboxState.DELIVERED)  # test_sandbox_message_lands_in_the_inbox_once
        # test_message_that_expired_after_a_doubtful_attempt_is_unknown
        reached.add(OutboxState.UNKNOWN)
    assert reached - {source} == OUTBOX_TRANSITIONS[source]


Purge = Callable[[str], Awaitable[int]]


@pytest.fixture
def age(link: RedisLink, keys: Keys) -> Callable[[], Awaitable[None]]:
    """Let the message r:1 be ten minutes old."""

    async def older() -> None:
        for field in ("created", "updated"):
            await link.call("HINCRBY", keys.outbox("r:1"), field, -600_000)

    return older


@pytest.fixture
def purge(scripts: Scripts, clock: SystemClock) -> Purge:
    """Remove from a state what is older than five minutes; the call returns how many went."""

    async def remove(state: str) -> int:
        removed, _ = await scripts.run("outbox/purge", state, "0", 100, clock.now_ms() - 300_000)
        return removed

    return remove


@pytest.mark.parametrize("state", [OutboxState.DELIVERED, OutboxState.FAILED])
async def test_purge_removes_old_messages(
    outbox: Outbox, age: Callable[[], Awaitable[None]], purge: Purge, state: OutboxState
) -> None:
    """What is over and older than the rule goes, with its place in the index."""
    await settled(outbox, state)
    assert await purge(state) == 0
    await age()
    assert await purge(state) == 1
    assert await outbox.get("r:1") is None
    assert (await outbox.find_many(None, None, 10)).total == 0


async def test_purge_of_messages_keeps_what_waits_for_a_decision(
    outbox: Outbox, age: Callable[[], Awaitable[None]], purge: Purge
) -> None:
    """Unknown outcomes stay until a person has looked."""
    await settled(outbox, OutboxState.UNKNOWN)
    await age()
    assert await purge("unknown") == 0
    assert await outbox.get("r:1") is not None


async def test_purge_keeps_messages_of_kept_runs(
    outbox: Outbox, age: Callable[[], Awaitable[None]], purge: Purge, link: RedisLink, keys: Keys
) -> None:
    """A dead letter may be redriven after any time, and has to find what it sent."""
    await settled(outbox, OutboxState.DELIVERED)
    await age()
    await link.call("HSET", keys.run("r"), "status", "failed")
    assert await purge("delivered") == 0
    await link.call("DEL", keys.run("r"))
    assert await purge("delivered") == 1


async def test_purge_keeps_messages_that_may_be_sent_again(
    outbox: Outbox, scripts: Scripts, clock: SystemClock
) -> None:
    """Whatever the rule says, nothing goes that a repeat of a call could still ask for."""
    await settled(outbox, OutboxState.DELIVERED)
    removed, following = await scripts.run("outbox/purge", "delivered", "0", 100, clock.now_ms() + 9)
    assert (removed, following) == (0, "")


async def test_retention_goes_through_all_messages(
    outbox: Outbox, queue: Queue, link: RedisLink, keys: Keys
) -> None:
    """Week-old messages go, whatever younger or kept ones lie between, and the next round goes on."""
    for number in range(5):
        await outbox.put(f"m:{number}", "sandbox", "default", "inbox", "text", run_id=f"r{number}")
    await outbox.deliver_to_inbox()
    await link.call("HSET", keys.run("r1"), "status", "failed")
    for number in (0, 1, 3):
        for field in ("created", "updated"):
            await link.call("HINCRBY", keys.outbox(f"m:{number}"), field, -8 * 86_400_000)
    retention = OutboxRetention(queue)
    assert [await retention.purge(), await retention.purge()] == [2, 0]
    left = await outbox.find_many(None, None, 10)
    assert [entry.id for entry in left.items] == ["m:4", "m:2", "m:1"]


async def test_sweep_marks_messages_that_a_crash_left(outbox: Outbox) -> None:
    """Even without a connector that would check its own messages."""
    await sending(outbox)
    assert await outbox.sweep() == 1
    assert (await stored(outbox)).state == "unknown"
