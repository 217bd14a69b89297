"""The pace of an account's messages, and the outcome of failed sends."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.core.connectors.base import (
    ChannelBusy,
    ChannelError,
    ChannelRejected,
    ChannelUnreachable,
    OutcomeUnknown,
    SendRate,
)
from app.core.messaging.outbox import OutboxState
from app.services.connector.sender import SendThrottle, send_result_of
from tests.support.fake_clock import FakeClock

A_MINUTE_MS, AN_HOUR_MS = 60_000, 3_600_000


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(datetime(2026, 1, 1, tzinfo=UTC))


@pytest.fixture
def pacer(clock: FakeClock) -> SendThrottle:
    return SendThrottle(SendRate(recipient_gap_sec=1.0, account_gap_sec=0.1), clock)


def test_messages_to_one_chat_get_slots_a_second_apart(pacer: SendThrottle, clock: FakeClock) -> None:
    """Each knows when it may go, in the order in which they came."""
    assert [pacer.wait_of(message, "chat") for message in ("a", "b", "c")] == [0, 1, 2]
    assert pacer.next_slot_wait() == 1
    clock.advance(1)
    assert pacer.wait_of("b", "chat") == 0
    assert pacer.wait_of("d", "chat") == 2
    clock.advance(1)
    assert pacer.wait_of("c", "chat") == 0


def test_message_that_comes_back_early_keeps_its_slot(pacer: SendThrottle, clock: FakeClock) -> None:
    """A repeated request returns the remaining wait, and keeps its place."""
    pacer.wait_of("a", "chat")
    assert pacer.wait_of("b", "chat") == 1
    clock.advance(0.5)
    assert pacer.wait_of("b", "chat") == 0.5
    assert pacer.wait_of("c", "chat") == 1.5
    clock.advance(0.49)
    assert pacer.wait_of("b", "chat") == 0


def test_other_chats_do_not_wait(pacer: SendThrottle, clock: FakeClock) -> None:
    """The account itself only keeps its own small gap."""
    assert pacer.wait_of("a", "chat") == 0
    assert pacer.account_wait() == pytest.approx(0.1)
    clock.advance(0.1)
    assert pacer.account_wait() == 0
    assert pacer.wait_of("b", "another") == 0


def test_slots_of_closed_messages_are_free(pacer: SendThrottle, clock: FakeClock) -> None:
    """What is closed while it waits keeps no sender awake, and holds up no later message."""
    assert [pacer.wait_of(message, "chat") for message in ("a", "b", "c")] == [0, 1, 2]
    assert pacer.postponed == ["b", "c"]
    pacer.forget(["b", "c"])
    assert pacer.next_slot_wait() == float("inf")
    assert pacer.wait_of("d", "chat") == 1
    clock.advance(5)
    assert pacer.next_slot_wait() == pytest.approx(0.02)
    pacer.forget(["d", "unknown"])
    assert pacer.wait_of("e", "chat") == 0


def test_hold_stops_the_whole_account(pacer: SendThrottle, clock: FakeClock) -> None:
    """A longer hold wins over a shorter one that comes later."""
    pacer.hold(30)
    pacer.hold(5)
    assert pacer.account_wait() == 30
    clock.advance(30)
    assert pacer.account_wait() == 0
    assert pacer.next_slot_wait() == float("inf")


def test_many_recipients_are_not_kept_for_ever(pacer: SendThrottle, clock: FakeClock) -> None:
    """Memory is bounded by those who still have to wait."""
    for number in range(25_000):
        pacer.wait_of(f"m{number}", f"chat {number}")
        clock.advance(0.1)
    assert len(pacer._recipient_from) <= 10_001


@pytest.mark.parametrize(
    ("error", "tries", "age_ms", "state", "wait_sec"),
    [
        (OutcomeUnknown("?"), 1, 0, OutboxState.UNKNOWN, 0),
        (ChannelRejected("no"), 1, 0, OutboxState.FAILED, 0),
        (ChannelError("something"), 1, 0, OutboxState.FAILED, 0),
        (ChannelBusy("wait", 17), 1, 0, OutboxState.PENDING, 17),
        (ChannelBusy("wait", 17), 10, AN_HOUR_MS, OutboxState.FAILED, 0),
        (ChannelUnreachable("gone"), 1, 0, OutboxState.PENDING, 1),
        (ChannelUnreachable("gone"), 4, 0, OutboxState.PENDING, 8),
        (ChannelUnreachable("gone"), 50, A_MINUTE_MS, OutboxState.PENDING, 60),
        (ChannelUnreachable("gone"), 3, AN_HOUR_MS, OutboxState.PENDING, 4),
        (ChannelUnreachable("gone"), 10, AN_HOUR_MS, OutboxState.FAILED, 0),
    ],
)
def test_failed_send_is_tried_again_only_if_it_was_surely_not_sent(
    error: ChannelError, tries: int, age_ms: int, state: OutboxState, wait_sec: float
) -> None:
    """And then for a quarter of an hour and ten tries, whichever is longer."""
    verdict = send_result_of(error, tries, age_ms)
    assert (verdict.state, verdict.wait_sec) == (state, wait_sec)
    assert (verdict.code, verdict.error) == (error.code, error.message)
