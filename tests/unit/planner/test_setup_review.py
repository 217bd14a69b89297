"""Notes on planned jobs about accounts that are missing, and how to connect one."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any, cast

import pytest

from app.core.messaging.account_models import AccountInfo, ChatUser
from app.core.messaging.recipients import Recipients
from app.core.models import JobSpec
from app.core.recipient import Recipient
from app.planner.models import NoteKind
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
    return tuple(note.text for note in notes if note.kind is NoteKind.ENVIRONMENT)


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


OWN = Recipient("whatsapp", "toko", "6281200000001")
SHOP = replace(
    account("whatsapp", "toko", "+62 812-0000-0002"),
    allow_chats=("6281200000003",),
    chat_users=(ChatUser("6281200000004"),),
)


@pytest.mark.parametrize(
    ("inputs", "is_sent"),
    [
        ({}, "however late"),
        ({"to": "+6281200000001"}, "however late"),
        ({"to": "6281200000002"}, "however late"),
        ({"to": "6281200000003"}, "however late"),
        ({"to": "6281200000004"}, "however late"),
        ({"to": "6289900000000"}, "over 1 hour late"),
        ({"to": "6289900000000", "expires_after_sec": 0}, "however late"),
        ({"to": "6281200000001", "expires_after_sec": 90}, "over 90 seconds late"),
    ],
)
async def test_plan_says_until_when_a_late_message_is_sent(inputs: dict[str, Any], is_sent: str) -> None:
    """Customers get no message that is over an hour late; the deployment's own recipients get each."""
    fake = cast("Any", FakeAccounts([SHOP]))
    review = SetupReview(fake, Recipients(fake, fixed_default(OWN)))
    spec = JobSpec.model_validate({**MESSAGE, "inputs": {"text": "halo", "channel": "whatsapp", **inputs}})
    _, [[note]] = await review.review([spec], asyncio.sleep(0))
    assert note.kind is NoteKind.ASSUMPTION
    assert is_sent in note.text


async def test_place_that_no_account_has_is_said() -> None:
    """Another place would read the message."""
    [note] = await notes_of(
        ACCOUNTS, {**MESSAGE, "inputs": {"channel": "slack", "to": "#hr", "text": "gaji"}}
    )
    assert "multi-job connect slack NAME --to #hr" in note
