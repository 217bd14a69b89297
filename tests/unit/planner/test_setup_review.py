"""Notes on planned jobs about accounts that are missing, and how to connect one."""

from __future__ import annotations

import asyncio
from typing import Any, cast

import pytest

from app.core.messaging.account_models import AccountInfo
from app.core.messaging.recipients import Recipients
from app.core.models import JobSpec
from app.planner.review import SetupReview
from tests.support.channels.outbox_fixture import FakeAccounts, account, fixed_default

MESSAGE: dict[str, Any] = {"job_id": "m", "type": "message.send"}
ACCOUNTS = [
    account("slack", "ops", "#ops"),
    account("email", "toko", "owner@example.org"),
    account("ntfy", "hp", "ntfy"),
]


async def notes_of(accounts: list[AccountInfo], spec: dict[str, Any]) -> tuple[str, ...]:
    """Return what the plan of one job says about its set-up."""
    fake = cast("Any", FakeAccounts(accounts))
    review = SetupReview(fake, Recipients(fake, fixed_default(None)))
    _, [notes] = await review.review([JobSpec.model_validate(spec)], asyncio.sleep(0))
    return notes


@pytest.mark.parametrize("channel", ["email", "slack", "discord", "ntfy", "webhook"])
async def test_channel_without_an_account_says_how_to_connect_one(channel: str) -> None:
    """A message waits for an account, not for a connector that does not exist."""
    to = {"email": {"to": "owner@example.org"}}.get(channel, {})
    [note] = await notes_of([], {**MESSAGE, "inputs": {"channel": channel, "text": "halo", **to}})
    assert f"multi-job connect {channel} NAME" in note
    watched = {"channel": channel, "account_id": "toko"}
    notes = await notes_of(ACCOUNTS[:1], {"job_id": "w", "type": "monitor.channel", "inputs": watched})
    assert f"multi-job connect {channel} toko" in notes[0]


@pytest.mark.parametrize(
    "inputs",
    [
        {"channel": "slack", "to": "#ops"},
        {"channel": "slack", "to": "ops"},
        {"channel": "slack"},
        {"channel": "email", "to": "siti@example.com"},
        {"channel": "email"},
        {"channel": "ntfy"},
    ],
    ids=str,
)
async def test_channel_with_an_account_has_no_note(inputs: dict[str, Any]) -> None:
    """The account of the place that is named, or the only one, sends it."""
    assert await notes_of(ACCOUNTS, {**MESSAGE, "inputs": {"text": "halo", **inputs}}) == ()


async def test_place_that_no_account_has_is_said() -> None:
    """Another place would read the message."""
    [note] = await notes_of(
        ACCOUNTS, {**MESSAGE, "inputs": {"channel": "slack", "to": "#hr", "text": "gaji"}}
    )
    assert "multi-job connect slack NAME --to #hr" in note
