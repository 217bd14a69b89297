"""The outbox on a real server: put, take, settle, each repeated."""

from __future__ import annotations

import asyncio
import random
from typing import Any, cast

import pytest

from app.core.clock import SystemClock
from app.core.errors import InvalidInput, OutboxMismatch
from app.core.messaging.outbox import SENDER_PATIENCE_MS, Outbox, OutboxState, put_arguments
from app.core.models import ClaimedRun
from app.core.queue import Queue
from app.core.redis_client import BlockingLink, RedisLink
from app.core.storage.keys import Keys
from app.core.storage.notifications import receipt_changed
from app.core.storage.scripts import Scripts
from tests.support.channels.outbox_driver import ACCOUNT, ME, put, sending, settled, stored
from tests.support.queue.queue_driver import QueueDriver, heard
from tests.support.queue.run_port import claimed

RUN = claimed("test.kv")


@pytest.fixture
def outbox(link: RedisLink, scripts: Scripts, keys: Keys, clock: SystemClock) -> Outbox:
    return Outbox(link, scripts, keys, clock)


@pytest.fixture
async def run(link: RedisLink, keys: Keys) -> ClaimedRun:
    """Give a run that is being run under the lease of `RUN`."""
    await link.call("HSET", keys.run(RUN.run_id), "status", "running", "lease", RUN.lease_id)
    return RUN


@pytest.fixture
async def alive(link: RedisLink, keys: Keys) -> None:
    """Let the process `ME` be alive."""
    await beat(link, keys)


async def beat(link: RedisLink, keys: Keys, at_ms: int | None = None) -> None:
    """Put `ME` on the list of the living, as heard of now or at an instant."""
    (seconds, _) = await link.call("TIME")
    await link.call("ZADD", keys.instances, int(seconds) * 1000 if at_ms is None else at_ms, ME)


def put_fenced(queue: Queue, run: ClaimedRun, number: int, text: str, *, again: bool = False) -> Any:
    """Lay a message in as the messaging tool does."""
    arguments = put_arguments("alarm:job-a:7", "telegram:bot_a01", "42", text, again=again)
    return queue.tool(run, "outbox/put", number, **arguments)


async def test_put_stores_a_pending_message(outbox: Outbox) -> None:
    """Everything that was said of it is read back, and it waits."""
    entry = await put(outbox)
    assert entry == await outbox.get("r:1")
    assert (entry.account, entry.to, entry.text) == ("telegram:bot_a01", "42", "halo")
    assert (entry.state, entry.attempts, entry.job_id, entry.run_id) == ("pending", 0, "job-a", "r")
    assert (entry.provider_id, entry.error, entry.error_code, entry.not_before) == (None, None, None, None)
    assert await outbox.get("r:2") is None


async def test_put_of_the_same_message_finds_the_stored_one(outbox: Outbox) -> None:
    """A later attempt of the run finds the message and what became of it."""
    await settled(outbox, OutboxState.DELIVERED)
    again = await put(outbox)
    assert again.state == "delivered"
    assert await outbox.take(*ACCOUNT, f"{ME}:2") is None


@pytest.mark.parametrize("change", [{"text": "other"}, {"to": "43"}])
async def test_put_of_another_message_is_a_mismatch(outbox: Outbox, change: dict[str, str]) -> None:
    """Another text or recipient under a known id is refused, and the stored message stays."""
    await put(outbox)
    with pytest.raises(OutboxMismatch, match="r:1"):
        await put(outbox, **change)
    assert (await stored(outbox)).text == "halo"


async def test_messages_of_one_millisecond_keep_their_order(outbox: Outbox) -> None:
    """Laid in at once, whatever their ids, they are taken as they came."""
    ids = [f"{random.random()}:{number}" for number in range(60)]
    laid = await asyncio.gather(*(outbox.put(each, *ACCOUNT, "1", "x") for each in ids))
    taken = [await outbox.take(*ACCOUNT, f"{ME}:{number}") for number in range(60)]
    assert len({entry.created_at for entry in laid}) < 60
    assert [entry.id for entry in taken if entry] == ids


async def test_put_sent_again_lays_one_message(scripts: Scripts, outbox: Outbox, driver: QueueDriver) -> None:
    """The very same call, sent twice because its answer was lost, changes nothing."""
    again = put_arguments("r:1", "telegram:bot_a01", "42", "halo", again=True)
    call = {"run": "r", "lease": "", "call": "n1", "job": "job-a", **again}
    assert (await scripts.run("outbox/put", **call))[0] == "OK"
    await outbox.take(*ACCOUNT, f"{ME}:1")
    await outbox.settle("r:1", f"{ME}:1", OutboxState.FAILED)
    before = await driver.snapshot()
    assert (await scripts.run("outbox/put", **call))[0] == "EXISTS"
    assert await driver.snapshot() == before


async def test_put_of_a_lost_lease_is_refused(
    queue: Queue, run: ClaimedRun, link: RedisLink, keys: Keys
) -> None:
    """An attempt that no longer owns its run lays nothing in."""
    assert (await put_fenced(queue, run, 1, "halo"))[0] == "OK"
    await link.call("HSET", keys.run(run.run_id), "lease", "another")
    answer = await queue.scripts.run(
        "outbox/put",
        run=run.run_id,
        lease=run.lease_id,
        call="1:2",
        job="job-a",
        **put_arguments("r:2", "telegram:a", "42", "x"),
    )
    assert answer == ["LOST"]
    assert await link.call("EXISTS", keys.outbox("r:2")) == 0


async def test_alarm_that_was_delivered_is_not_queued_again(
    queue: Queue, run: ClaimedRun, outbox: Outbox
) -> None:
    """An alarm is sent once: another text with its id finds the delivered or waiting message."""
    await put_fenced(queue, run, 1, "down for 10 s", again=True)
    word, _ = await put_fenced(queue, run, 2, "down for 20 s", again=True)
    assert word == "EXISTS"
    await outbox.take(*ACCOUNT, f"{ME}:1")
    await outbox.settle("alarm:job-a:7", f"{ME}:1", OutboxState.DELIVERED, provider_id="9")
    word, _ = await put_fenced(queue, run, 3, "down for 30 s", again=True)
    entry = await stored(outbox, "alarm:job-a:7")
    assert (word, entry.text, entry.provider_id) == ("EXISTS", "down for 10 s", "9")


@pytest.mark.parametrize("state", [OutboxState.FAILED, OutboxState.UNKNOWN])
async def test_alarm_that_may_be_lost_is_queued_again(
    queue: Queue, run: ClaimedRun, outbox: Outbox, state: Any
) -> None:
    """Rather twice than never: it goes out again with its newest text, as a message that was never sent."""
    await put_fenced(queue, run, 1, "down for 10 s", again=True)
    await outbox.take(*ACCOUNT, f"{ME}:1")
    await outbox.settle("alarm:job-a:7", f"{ME}:1", state, error="why")
    word, _ = await put_fenced(queue, run, 2, "down for 20 s", again=True)
    entry = await outbox.take(*ACCOUNT, f"{ME}:2")
    assert entry is not None
    assert (word, entry.text, entry.error, entry.attempts) == ("OK", "down for 20 s", None, 2)
    assert await outbox.settle("alarm:job-a:7", f"{ME}:1", OutboxState.FAILED) == "LOST"


@pytest.mark.parametrize("entry_id", ["", "a b", "due:telegram:a", "state:x", "sending:x", "é", "x" * 201])
async def test_put_refuses_ids_that_name_no_message(outbox: Outbox, entry_id: str) -> None:
    """An id is a part of a key: what would meet another family is refused."""
    with pytest.raises(InvalidInput):
        await put(outbox, entry_id)


async def test_take_hands_out_messages_in_their_order(outbox: Outbox) -> None:
    """One at a time, each marked as being sent, until none is due."""
    await put(outbox, "r:1")
    await put(outbox, "r:2", "later")
    first, second = await outbox.take(*ACCOUNT, f"{ME}:1"), await outbox.take(*ACCOUNT, f"{ME}:2")
    assert first is not None
    assert second is not None
    assert [first.id, second.id] == ["r:1", "r:2"]
    assert (first.state, first.attempts) == ("sending", 1)
    assert await outbox.take(*ACCOUNT, f"{ME}:3") is None
    assert await outbox.take("telegram", "other", f"{ME}:4") is None


async def test_take_sent_again_gives_the_same_message(outbox: Outbox) -> None:
    """The answer of the first may be lost: the second must not take another message."""
    await put(outbox, "r:2", "later")
    first = await sending(outbox)
    second = await outbox.take(*ACCOUNT, f"{ME}:2")
    assert second is not None
    assert second.id != first.id
    await put(outbox, "r:3", "latest")
    assert await outbox.take(*ACCOUNT, f"{ME}:1") == first
    assert await outbox.take(*ACCOUNT, f"{ME}:2") == second
    assert (await stored(outbox, first.id)).attempts == 1


async def test_takers_at_the_same_time_share_the_messages(outbox: Outbox) -> None:
    """However many take at once, each message is handed out once."""
    for number in range(20):
        await put(outbox, f"r:{number}")
    taken = await asyncio.gather(*(outbox.take(*ACCOUNT, f"{ME}:{n}") for n in range(30)))
    ids = [entry.id for entry in taken if entry is not None]
    assert sorted(ids) == sorted(f"r:{number}" for number in range(20))


async def test_take_drops_what_is_not_pending(outbox: Outbox, link: RedisLink, keys: Keys) -> None:
    """An index entry without its message, or of one that was sent, is no message."""
    due = keys.outbox_due("telegram:bot_a01")
    await settled(outbox, OutboxState.DELIVERED)
    await link.call("ZADD", due, 1, "ghost", 2, "r:1")
    await put(outbox, "r:2")
    entry = await outbox.take(*ACCOUNT, f"{ME}:1")
    assert entry is not None
    assert entry.id == "r:2"
    assert await link.call("ZCARD", due) == 0


async def test_settle_keeps_the_receipt(outbox: Outbox, keys: Keys, blocking: BlockingLink) -> None:
    """Who waits for the receipt hears of it at once, and finds the remote side's id."""
    entry = await sending(outbox)
    await blocking.command("SUBSCRIBE", keys.notify, timeout_sec=30)
    assert await outbox.settle(entry.id, f"{ME}:1", OutboxState.DELIVERED, provider_id="m-9") == "OK"
    assert await heard(blocking) == receipt_changed("r:1")
    assert ((await stored(outbox)).state, (await stored(outbox)).provider_id) == ("delivered", "m-9")


@pytest.mark.parametrize(
    "state", [OutboxState.DELIVERED, OutboxState.FAILED, OutboxState.UNKNOWN, OutboxState.PENDING]
)
async def test_settle_sent_again_changes_nothing(outbox: Outbox, driver: QueueDriver, state: Any) -> None:
    """The same word of the same sender, sent twice, is one."""
    entry = await sending(outbox)
    assert await outbox.settle(entry.id, f"{ME}:1", state) == "OK"
    before = await driver.snapshot()
    assert await outbox.settle(entry.id, f"{ME}:1", state) == "OK"
    assert await driver.snapshot() == before


async def test_settle_of_another_sender_is_refused(outbox: Outbox) -> None:
    """Only who took the message may say what became of it."""
    entry = await sending(outbox)
    assert await outbox.settle(entry.id, f"{ME}:2", OutboxState.DELIVERED) == "LOST"
    assert (await stored(outbox)).state == "sending"


async def test_settle_of_what_is_settled_is_refused(outbox: Outbox) -> None:
    """A receipt is not taken back, and a message that waits again was given up by its sender."""
    await settled(outbox, OutboxState.DELIVERED)
    assert await outbox.settle("r:1", f"{ME}:1", OutboxState.FAILED) == "LOST"
    assert (await stored(outbox)).state == "delivered"


async def test_settle_of_what_does_not_exist_is_not_found(outbox: Outbox) -> None:
    """There is nothing to settle."""
    assert await outbox.settle("nobody", f"{ME}:1", OutboxState.DELIVERED) == "NOT_FOUND"


async def test_message_that_has_to_wait_is_due_when_the_remote_side_said(
    outbox: Outbox, clock: SystemClock, keys: Keys, link: RedisLink
) -> None:
    """After a 429 it is pending until then, and taken no earlier; then it is taken like any other."""
    entry = await sending(outbox)
    retry_at = clock.now_ms() + 60_000
    word = await outbox.settle(
        entry.id, f"{ME}:1", OutboxState.PENDING, error="429", error_code="channel_busy", retry_at=retry_at
    )
    entry = await stored(outbox)
    assert (word, entry.state, entry.not_before, entry.error_code) == (
        "OK",
        "pending",
        retry_at,
        "channel_busy",
    )
    assert await outbox.take(*ACCOUNT, f"{ME}:2") is None
    await link.call("ZADD", keys.outbox_due(entry.account), 1, entry.id)
    again = await outbox.take(*ACCOUNT, f"{ME}:3")
    assert again is not None
    assert (again.attempts, again.not_before) == (2, None)


async def test_orphan_of_a_dead_sender_is_unknown(outbox: Outbox) -> None:
    """Whether it was sent is unknown: it is never repeated automatically, and its reader gets the reason."""
    await sending(outbox)
    assert await outbox.orphans(*ACCOUNT, f"{ME[:-1]}x") == ["r:1"]
    entry = await stored(outbox)
    assert (entry.state, entry.error_code) == ("unknown", "outcome_unknown")
    assert await outbox.take(*ACCOUNT, f"{ME}:2") is None
    assert await outbox.orphans(*ACCOUNT, f"{ME[:-1]}x") == []


async def test_message_of_a_living_sender_is_no_orphan(outbox: Outbox, alive: None) -> None:
    """Not for another process while its sender lives, and not for the sender itself."""
    await sending(outbox)
    assert await outbox.orphans(*ACCOUNT, "connector-there-2-abcd") == []
    assert await outbox.orphans(*ACCOUNT, ME) == []
    assert (await stored(outbox)).state == "sending"


async def test_orphan_of_a_replaced_task_is_unknown(outbox: Outbox, alive: None) -> None:
    """A task of the asking process has ended if another one has replaced it."""
    await sending(outbox, f"{ME}/1:1")
    assert await outbox.orphans(*ACCOUNT, f"{ME}/2") == ["r:1"]


async def test_orphan_of_a_silent_sender_is_unknown_in_time(
    outbox: Outbox, alive: None, link: RedisLink, keys: Keys
) -> None:
    """A sender that lives but says nothing is waited for two minutes, and no longer."""
    await sending(outbox)
    await link.call("ZADD", keys.outbox_sending("telegram:bot_a01"), 1, "r:1")
    assert await outbox.orphans(*ACCOUNT, ME) == ["r:1"]


async def test_message_is_no_orphan_because_redis_was_away(
    outbox: Outbox, link: RedisLink, keys: Keys
) -> None:
    """Last heard of before the outage, its hash lapsed: the sender could not yet say what became of it."""
    taken_at = 1_000_000
    await sending(outbox)
    await link.call("ZADD", keys.outbox_sending("telegram:bot_a01"), taken_at, "r:1")
    await beat(link, keys, taken_at + 1_000)
    assert await outbox.orphans(*ACCOUNT, "connector-there-2-abcd") == []
    assert await outbox.sweep() == 0
    # Back again, everybody gets time to speak.
    await beat(link, keys, taken_at + 600_000)
    await link.call("HSET", keys.meta, "judge_from", taken_at + 630_000)
    assert await outbox.orphans(*ACCOUNT, "connector-there-2-abcd") == []
    await beat(link, keys, taken_at + 630_000 + SENDER_PATIENCE_MS + 1)
    assert await outbox.orphans(*ACCOUNT, "connector-there-2-abcd") == ["r:1"]


async def test_sweep_finds_orphans_of_unserved_accounts(outbox: Outbox) -> None:
    """The scheduler looks through all accounts, those that were deleted included."""
    await sending(outbox)
    assert await outbox.sweep() == 1
    assert (await stored(outbox)).state == "unknown"
    assert await outbox.sweep() == 0


async def test_sender_that_was_given_up_may_still_tell(outbox: Outbox) -> None:
    """Its word is better than none: unknown becomes delivered or failed."""
    await sending(outbox)
    await outbox.orphans(*ACCOUNT, "")
    assert await outbox.settle("r:1", f"{ME}:1", OutboxState.DELIVERED, provider_id="7") == "OK"
    assert (await stored(outbox)).provider_id == "7"


async def test_unknown_message_is_never_pending_by_itself(outbox: Outbox) -> None:
    """A person may already have looked at it: only a person sends it again."""
    await settled(outbox, OutboxState.UNKNOWN)
    assert await outbox.settle("r:1", f"{ME}:1", OutboxState.PENDING) == "LOST"
    assert (await stored(outbox)).state == "unknown"


async def test_doubt_about_a_message_stays(outbox: Outbox) -> None:
    """An attempt that may have sent it is not forgotten by the next; a person ends the doubt."""
    later = (("outcome_unknown", "pending"), ("channel_busy", "pending"), ("channel_rejected", "unknown"))
    await put(outbox)
    for number, (code, state) in enumerate(later, 1):
        entry = await outbox.take(*ACCOUNT, f"{ME}:{number}")
        assert entry is not None
        assert entry.is_doubtful is (number > 1)
        await outbox.settle(entry.id, f"{ME}:{number}", cast("Any", OutboxState(state)), error_code=code)
    assert (await stored(outbox)).is_doubtful
    assert not (await outbox.resend("r:1")).is_doubtful
