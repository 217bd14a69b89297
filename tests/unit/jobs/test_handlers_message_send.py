"""message.send: one message and its receipt."""

from __future__ import annotations

from typing import Any

import pytest

from app.core.errors import NonRetryableError
from app.jobs.handlers.message_send import MessageSendInputs, message_send
from tests.support.jobs.job_fakes import FakeHost


async def test_message_is_sent_and_its_receipt_is_the_output() -> None:
    """What is said goes through as it is; what is left open stays open for the tool to find."""
    host = FakeHost("message.send")
    output = await message_send(host.context(1), MessageSendInputs(text="Selamat pagi"))
    assert output.model_dump() == {
        "entry_id": "entry-1",
        "provider_id": "p-1",
        "channel": "sandbox",
        "account_id": "default",
        "to": "inbox",
        "note": None,
    }
    sent = host.tools.messaging.sent[0]
    left_open = {"channel": None, "account_id": None, "to": None, "fallback_sandbox": True}
    assert (sent.text, sent.target) == ("Selamat pagi", left_open)


async def test_message_goes_to_whom_the_inputs_name() -> None:
    """Channel, account and recipient are handed on."""
    host = FakeHost("message.send")
    named = {"channel": "telegram", "account_id": "bot_a01", "to": "42"}
    await message_send(host.context(1), MessageSendInputs.model_validate({"text": "x", **named}))
    assert host.tools.messaging.sent[0].target == {**named, "fallback_sandbox": True}


async def test_message_that_cannot_be_sent_fails_the_run() -> None:
    """The tool's own reason is the run's."""
    host = FakeHost("message.send")
    host.tools.messaging.error = NonRetryableError("nowhere to go", code="no_recipient")
    with pytest.raises(NonRetryableError, match="nowhere"):
        await message_send(host.context(1), MessageSendInputs(text="x"))


@pytest.mark.parametrize(
    "inputs",
    [{}, {"text": ""}, {"text": "x" * 4_001}, {"text": "x", "channel": "fax"}, {"text": "x", "to": ""}],
)
def test_inputs_out_of_bounds_are_refused(inputs: dict[str, Any]) -> None:
    """A message has a text of a length that channels take."""
    with pytest.raises(ValueError, match="validation error"):
        MessageSendInputs.model_validate(inputs)
