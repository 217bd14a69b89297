"""The messaging tool: message ids, outcomes, refusals."""

from __future__ import annotations

from typing import Any

import pytest

from app.core.connectors.messages import OutboxState
from app.core.errors import (
    InvalidInput,
    LeaseLost,
    LimitExceeded,
    NonRetryableError,
    OutboxMismatch,
    PolicyDenied,
    RetryableError,
)
from tests.support.channels.outbox_fixture import Desk, account, entry
from tests.support.queue.run_port import claimed

DEFAULT = "sandbox:default:inbox"


async def test_message_that_arrives_gives_its_receipt() -> None:
    """The answer is the recipient and the remote side's own id."""
    context = Desk()
    context.answer("OK", provider="m-9")
    receipt = await context.messaging.send("halo", channel="sandbox")
    assert (receipt.provider_id, receipt.state, receipt.channel) == ("m-9", "delivered", "sandbox")
    assert context.laid_in == [("job-a@1000:1", "sandbox:default", "inbox", "halo")]


async def test_messages_of_an_attempt_are_counted() -> None:
    """The n-th call is the message `<run>:<n>`, in every attempt, whatever became of the calls before it."""
    context = Desk(default=DEFAULT)
    await context.messaging.send("a")
    with pytest.raises(InvalidInput):
        await context.messaging.send("")
    await context.messaging.send("c")
    await context.messaging.send("own", entry_id="mine:1")
    await context.messaging.send("e")
    ids = [each[0] for each in context.laid_in]
    assert ids == ["job-a@1000:1", "job-a@1000:3", "mine:1", "job-a@1000:5"]


async def test_message_without_a_recipient_goes_to_the_sandbox() -> None:
    """If it may; the receipt says why, and what helps."""
    context = Desk()
    receipt = await context.messaging.send("hello", fallback_sandbox=True)
    assert (receipt.channel, receipt.account_id, receipt.is_fallback) == ("sandbox", "default", True)
    assert "multi-job notify set" in receipt.note


async def test_message_is_waited_for() -> None:
    """While it waits or is being sent, so does the run."""
    context = Desk(default=DEFAULT)
    context.answer("OK", OutboxState.PENDING)
    context.outbox.looks = [
        entry(OutboxState.PENDING),
        entry(OutboxState.SENDING),
        entry(OutboxState.DELIVERED, provider="7"),
    ]
    assert (await context.messaging.send("halo")).provider_id == "7"


async def test_message_that_failed_ends_the_run() -> None:
    """With the reason's own code, and the request that sends it once mended."""
    context = Desk(default=DEFAULT)
    context.answer("EXISTS", OutboxState.FAILED, code="channel_rejected", error="403 bot was blocked")
    with pytest.raises(NonRetryableError, match=r"POST /messages/x/resend|/resend") as failed:
        await context.messaging.send("halo")
    assert (failed.value.code, failed.value.retryable) == ("channel_rejected", False)
    assert "403 bot was blocked" in failed.value.message


async def test_message_of_unknown_outcome_ends_the_run() -> None:
    """It is never sent again by itself: a person decides."""
    context = Desk(default=DEFAULT)
    context.answer("EXISTS", OutboxState.UNKNOWN)
    with pytest.raises(NonRetryableError, match="/close") as ended:
        await context.messaging.send("halo")
    assert ended.value.code == "outcome_unknown"


async def test_message_that_waits_too_long_is_left_for_the_next_attempt() -> None:
    """Before the run's own time-out: it stays in the outbox, with the reason of the last try."""
    context = Desk(default=DEFAULT)
    context.answer("OK", OutboxState.PENDING, error="429 slow down")
    with pytest.raises(RetryableError, match="429 slow down") as late:
        await context.messaging.send("halo")
    assert late.value.code == "no_receipt"
    assert 18 <= context.clock.monotonic() < 20


async def test_message_without_a_connector_is_left_at_once() -> None:
    """Without a sender, the attempt does not wait until its time-out."""
    context = Desk(default=DEFAULT)
    context.answer("OK", OutboxState.PENDING)
    context.link.connectors = 0
    with pytest.raises(RetryableError, match="no connector is running"):
        await context.messaging.send("halo")
    assert context.clock.monotonic() < 5


async def test_waiting_ends_with_the_lease() -> None:
    """A run that is not ours any more waits for nothing."""
    context = Desk(default=DEFAULT)
    context.answer("OK", OutboxState.PENDING)
    context.bench.revoked = True
    with pytest.raises(LeaseLost):
        await context.messaging.send("halo")


async def test_another_message_under_a_known_id_ends_the_run() -> None:
    """An attempt that says something else than the one before it must not send at all."""
    context = Desk(default=DEFAULT)
    context.answer("MISMATCH", text="another")
    with pytest.raises(OutboxMismatch) as refused:
        await context.messaging.send("halo")
    assert not refused.value.retryable


async def test_policy_names_the_channels() -> None:
    """A type reaches the channels that its policy names, by default recipients too."""
    context = Desk(default="telegram:bot_a01:42", channels=("sandbox",))
    context.accounts.stored = [account("telegram", "bot_a01")]
    with pytest.raises(PolicyDenied, match="telegram"):
        await context.messaging.send("halo")
    await context.messaging.send("halo", channel="sandbox")
    assert len(context.laid_in) == 1


async def test_policy_bounds_the_bytes_of_an_attempt() -> None:
    """All texts together, counted in UTF-8."""
    context = Desk(default=DEFAULT, bytes=10)
    await context.messaging.send("éééé")
    with pytest.raises(LimitExceeded):
        await context.messaging.send("abc")


@pytest.mark.parametrize(
    "message",
    [{"text": "x" * 70_000}, {"text": "a", "to": "a\nb"}, {"text": "a", "entry_id": "due:x"}, {"text": 7}],
)
async def test_messages_without_a_sender_are_refused(message: dict[str, Any]) -> None:
    """Before anything is laid in."""
    context = Desk(default=DEFAULT)
    with pytest.raises(InvalidInput):
        await context.messaging.send(**message)
    assert context.laid_in == []


async def test_unknown_call_is_refused() -> None:
    """A handler that goes past the facade meets the same door."""
    with pytest.raises(InvalidInput, match=r"messaging\.shout"):
        await Desk().call("messaging", "shout", "halo")


async def test_short_run_still_waits_a_second() -> None:
    """A run that has no time left gives its message a chance to be found delivered."""
    context = Desk(claimed("test.mail", timeout_ms=500), default=DEFAULT)
    context.answer("OK", OutboxState.PENDING)
    with pytest.raises(RetryableError):
        await context.messaging.send("halo")
    assert 1 <= context.clock.monotonic() < 2
