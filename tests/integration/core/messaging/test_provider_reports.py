"""Delivery reports of a channel, in any order and number."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.core.clock import SystemClock
from app.core.connectors.messages import OutboxEntry, ProviderReport, ProviderState
from app.core.messaging.outbox import Outbox, OutboxState
from app.core.redis_client import RedisLink
from app.core.storage.keys import Keys
from app.core.storage.scripts import Scripts
from tests.support.channels.outbox_driver import ACCOUNT, ME, put, sending, stored


@pytest.fixture
def outbox(link: RedisLink, scripts: Scripts, keys: Keys, clock: SystemClock) -> Outbox:
    return Outbox(link, scripts, keys, clock)


async def delivered(outbox: Outbox, provider_id: str = "wamid.1", number: int = 1) -> OutboxEntry:
    entry = await outbox.take(*ACCOUNT, f"{ME}:{number}")
    assert entry is not None
    await outbox.settle(
        entry.id, f"{ME}:{number}", OutboxState.DELIVERED, provider_id=provider_id, reported=True
    )
    return await stored(outbox)


async def say(outbox: Outbox, state: ProviderState, provider_id: str = "wamid.1") -> str:
    return await outbox.report(*ACCOUNT, ProviderReport(provider_id, state, 1_700_000_000_000, "blocked"))


async def test_report_says_how_far_a_message_came(outbox: Outbox) -> None:
    """Each later report counts, and the message stays delivered."""
    await put(outbox)
    await delivered(outbox)
    for state in (ProviderState.SENT, ProviderState.DELIVERED, ProviderState.READ):
        assert await say(outbox, state) == "OK"
        entry = await stored(outbox)
        assert (entry.state, entry.provider_state) == (OutboxState.DELIVERED, state)
    assert entry.provider_state_at == 1_700_000_000_000


async def test_report_of_a_failure_fails_the_message(outbox: Outbox) -> None:
    """It was taken and never arrived: a person sees it among the failed, and may send it again."""
    await put(outbox)
    await delivered(outbox)
    assert await say(outbox, ProviderState.FAILED) == "OK"
    entry = await stored(outbox)
    assert (entry.state, entry.error_code, entry.error) == ("failed", "provider_failed", "blocked")
    assert [each.id for each in (await outbox.find_many(OutboxState.FAILED, None, 9)).items] == [entry.id]
    again = await outbox.resend(entry.id)
    assert (again.state, again.provider_state) == (OutboxState.PENDING, None)


async def test_report_that_comes_late_takes_nothing_back(outbox: Outbox) -> None:
    """Reports overtake each other, and come again."""
    await put(outbox)
    await delivered(outbox)
    await say(outbox, ProviderState.READ)
    for state in ProviderState:
        assert await say(outbox, state) == "STALE"
    assert (await stored(outbox)).provider_state is ProviderState.READ


async def test_report_on_an_earlier_sending_changes_nothing(outbox: Outbox) -> None:
    """A message that is sent again is a new one for the channel."""
    await put(outbox)
    await delivered(outbox)
    await say(outbox, ProviderState.FAILED)
    await outbox.resend("r:1")
    await delivered(outbox, "wamid.2", 2)
    assert await say(outbox, ProviderState.READ) == "STALE"
    assert (await stored(outbox)).provider_state is None
    assert await say(outbox, ProviderState.READ, "wamid.2") == "OK"


async def test_report_that_comes_early_waits_for_its_message(outbox: Outbox) -> None:
    """The channel may call before its own answer was written down; the best of the early reports counts."""
    await sending(outbox)
    assert await say(outbox, ProviderState.FAILED) == "EARLY"
    assert await say(outbox, ProviderState.SENT) == "STALE"
    await outbox.settle("r:1", f"{ME}:1", OutboxState.DELIVERED, provider_id="wamid.1", reported=True)
    entry = await stored(outbox)
    assert (entry.state, entry.provider_state) == ("failed", ProviderState.FAILED)


async def test_report_is_awaited_only_if_the_channel_makes_any(
    outbox: Outbox, link: RedisLink, keys: Keys
) -> None:
    """A channel that never reports leaves no trace of its receipts."""
    await sending(outbox)
    await outbox.settle("r:1", f"{ME}:1", OutboxState.DELIVERED, provider_id="7")
    assert await link.call("EXISTS", keys.receipts("telegram:bot_a01", "7")) == 0


WINDOW = ProviderReport("wamid.1", ProviderState.FAILED, 1_700_000_000_000, "24 hours", needs_template=True)


async def test_text_that_was_refused_is_sent_again_as_a_template(outbox: Outbox) -> None:
    """It surely did not arrive, so the message waits for its sender again, which knows what to send."""
    await put(outbox)
    await delivered(outbox)
    assert await outbox.report(*ACCOUNT, WINDOW, has_template=True) == "OK"
    entry = await stored(outbox)
    assert (entry.state, entry.error_code, entry.needs_template) == ("pending", "template_needed", True)
    assert await outbox.report(*ACCOUNT, WINDOW, has_template=True) == "STALE"
    entry = await delivered(outbox, "wamid.2", 2)
    assert (entry.state, entry.attempts, entry.needs_template) == ("delivered", 2, True)


async def test_refused_template_is_not_sent_again(outbox: Outbox) -> None:
    """The template was the last means: a person decides."""
    await put(outbox)
    await delivered(outbox)
    await outbox.report(*ACCOUNT, WINDOW, has_template=True)
    await delivered(outbox, "wamid.2", 2)
    again = replace(WINDOW, provider_id="wamid.2")
    assert await outbox.report(*ACCOUNT, again, has_template=True) == "OK"
    entry = await stored(outbox)
    assert (entry.state, entry.error_code) == ("failed", "template_needed")
    # A person may have heard that the recipient wrote since: text is tried first again.
    assert not (await outbox.resend(entry.id)).needs_template


async def test_refused_text_without_a_template_fails(outbox: Outbox) -> None:
    """The code says what is missing."""
    await put(outbox)
    await delivered(outbox)
    await outbox.report(*ACCOUNT, WINDOW)
    entry = await stored(outbox)
    assert (entry.state, entry.error_code, entry.error) == ("failed", "template_needed", "24 hours")


async def test_early_report_of_a_refused_text_sends_the_template(outbox: Outbox) -> None:
    """The report may come before the channel's own answer was written down."""
    await sending(outbox)
    assert await outbox.report(*ACCOUNT, WINDOW, has_template=True) == "EARLY"
    await outbox.settle("r:1", f"{ME}:1", OutboxState.DELIVERED, provider_id="wamid.1", reported=True)
    entry = await stored(outbox)
    assert (entry.state, entry.needs_template) == ("pending", True)
