"""The recipient of a message, by the job, the account and the deployment."""

from __future__ import annotations

from typing import Any, cast

import pytest

from app.core.config import Settings
from app.core.connectors.channels import SUPPORTED
from app.core.errors import NonRetryableError
from app.core.messaging.recipients import RecipientRequest, Recipients
from app.core.recipient import Recipient, parse_default_notify
from app.jobs.handlers.message_send import MessageSendInputs
from tests.support.channels.outbox_fixture import FakeAccounts, account, fixed_default

STORED = [
    account("telegram", "bot_a01", "42"),
    account("telegram", "bot_b02"),
    account("telegram", "asleep", "42", enabled=False),
    account("whatsapp", "ops"),
]


def recipients(default: str = "") -> Recipients:
    return Recipients(cast("Any", FakeAccounts(STORED)), fixed_default(parse_default_notify(default)))


@pytest.mark.parametrize(
    ("wanted", "default", "expected"),
    [
        (RecipientRequest("telegram", "bot_a01", "7"), "", "telegram:bot_a01:7"),
        (RecipientRequest("telegram", "bot_a01"), "", "telegram:bot_a01:42"),
        (RecipientRequest("telegram", "bot_a01"), "telegram:bot_a01:9", "telegram:bot_a01:42"),
        (RecipientRequest("telegram", "bot_b02"), "telegram:bot_b02:9", "telegram:bot_b02:9"),
        (RecipientRequest("telegram", None, "7"), "telegram:bot_b02:9", "telegram:bot_b02:7"),
        (RecipientRequest("telegram"), "telegram:bot_a01:9", "telegram:bot_a01:42"),
        (RecipientRequest("whatsapp", None, "7"), "", "whatsapp:ops:7"),
        (RecipientRequest(None, "bot_b02"), "telegram:bot_b02:9", "telegram:bot_b02:9"),
        (RecipientRequest(), "telegram:bot_b02:9", "telegram:bot_b02:9"),
        (RecipientRequest(to="7"), "telegram:bot_b02:9", "telegram:bot_b02:7"),
        (RecipientRequest("sandbox"), "", "sandbox:default:inbox"),
        (RecipientRequest("sandbox", "default", "me"), "", "sandbox:default:me"),
        (RecipientRequest(fallback_sandbox=True), "", "sandbox:default:inbox"),
        (RecipientRequest(fallback_sandbox=True), "telegram:bot_a01:9", "telegram:bot_a01:9"),
        (RecipientRequest("telegram", "bot_b02", fallback_sandbox=True), "", "sandbox:default:inbox"),
        (RecipientRequest("telegram", fallback_sandbox=True), "", "sandbox:default:inbox"),
    ],
)
async def test_recipient_is_what_was_said_most_closely(
    wanted: RecipientRequest, default: str, expected: str
) -> None:
    """The job comes before the account, the account before DEFAULT_NOTIFY, that before the sandbox."""
    found = (await recipients(default).find(wanted)).recipient
    assert f"{found.account}:{found.to}" == expected


@pytest.mark.parametrize(
    ("wanted", "default", "code", "remedy"),
    [
        (RecipientRequest(), "", "no_recipient", "DEFAULT_NOTIFY=channel:account:to"),
        (RecipientRequest(to="7"), "", "no_recipient", "DEFAULT_NOTIFY"),
        (
            RecipientRequest("telegram", "bot_b02"),
            "",
            "no_recipient",
            "connect telegram bot_b02 --to RECIPIENT",
        ),
        (RecipientRequest("telegram", "bot_b02"), "whatsapp:ops:9", "no_recipient", "default_to"),
        (RecipientRequest("telegram"), "", "account_unclear", "bot_a01, bot_b02.*account_id"),
        (RecipientRequest(None, "bot_a01"), "", "no_recipient", "channel"),
        (
            RecipientRequest("telegram", "nobody", "7"),
            "",
            "account_missing",
            "multi-job connect telegram nobody",
        ),
        (RecipientRequest(), "telegram:nobody:9", "account_missing", "multi-job connect telegram nobody"),
        (RecipientRequest(None, None, None, True), "telegram:nobody:9", "account_missing", "telegram nobody"),
        (RecipientRequest("telegram", "asleep", "7"), "", "account_disabled", "enabled: true"),
        (RecipientRequest("pigeon", "x", "7"), "", "channel_unsupported", "telegram, whatsapp, email"),
    ],
)
async def test_message_without_a_recipient_says_what_mends_it(
    wanted: RecipientRequest, default: str, code: str, remedy: str
) -> None:
    """No retry helps, and the text has the command or the setting."""
    with pytest.raises(NonRetryableError, match=remedy) as refused:
        await recipients(default).find(wanted)
    assert refused.value.code == code


async def test_channel_without_accounts_names_the_command() -> None:
    """A channel's name alone means its only account; here is none."""
    with pytest.raises(NonRetryableError, match="multi-job connect telegram") as refused:
        await Recipients(cast("Any", FakeAccounts()), fixed_default(None)).find(RecipientRequest("telegram"))
    assert refused.value.code == "account_missing"


def test_default_notify_is_channel_account_and_recipient() -> None:
    """The recipient may hold colons; nothing at all is no recipient."""
    assert parse_default_notify("") is None
    assert parse_default_notify("telegram:bot:-100:7") == Recipient("telegram", "bot", "-100:7")


@pytest.mark.parametrize(
    "text", ["telegram", "telegram:bot", "telegram:bot:", ":bot:1", "a b:c:1", "Telegram:bot:1"]
)
def test_default_notify_that_names_no_recipient_is_refused(text: str) -> None:
    """A deployment does not start with one."""
    with pytest.raises(ValueError, match="channel:account:to"):
        Settings(_env_file=None, default_notify=text)  # pyright: ignore[reportCallIssue]


@pytest.mark.parametrize(
    ("wanted", "account", "choices"),
    [
        (RecipientRequest(fallback_sandbox=True), "", ()),
        (RecipientRequest("telegram", "bot_b02", fallback_sandbox=True), "telegram:bot_b02", ()),
        (RecipientRequest("whatsapp", fallback_sandbox=True), "whatsapp:ops", ()),
        (RecipientRequest("telegram", fallback_sandbox=True), "", ("bot_a01", "bot_b02")),
    ],
)
async def test_fallback_says_what_is_missing(
    wanted: RecipientRequest, account: str, choices: tuple[str, ...]
) -> None:
    """An account without a recipient, or a choice between several accounts."""
    found = await recipients().find(wanted)
    assert (found.recipient.account, found.is_fallback) == ("sandbox:default", True)
    assert (found.account, found.choices) == (account, choices)


async def test_recipient_that_is_set_is_no_fallback() -> None:
    """Also if it is the sandbox's inbox, by name or as the default."""
    for wanted, default in (
        (RecipientRequest("sandbox", fallback_sandbox=True), ""),
        (RecipientRequest(fallback_sandbox=True), "sandbox:default:inbox"),
        (RecipientRequest("whatsapp", to="7", fallback_sandbox=True), ""),
    ):
        assert not (await recipients(default).find(wanted)).is_fallback


def test_forms_offer_the_channels_that_a_connector_serves() -> None:
    """Job inputs name exactly the channels that have a connector."""
    schema = MessageSendInputs.model_json_schema()["properties"]["channel"]["anyOf"][0]
    assert schema["enum"] == list(SUPPORTED)


SLACKS = [
    account("slack", "ops", "#ops"),
    account("slack", "dev", "slack"),
    account("slack", "old", "#old", enabled=False),
]


@pytest.mark.parametrize(
    ("to", "recipient"),
    [
        ("#ops", Recipient("slack", "ops", "#ops")),
        ("OPS", Recipient("slack", "ops", "#ops")),
        ("dev", Recipient("slack", "dev", "slack")),
    ],
)
async def test_place_of_a_webhook_is_found_by_its_name(to: str, recipient: Recipient) -> None:
    """Each account of Slack posts to one place: its name chooses the account."""
    found = await Recipients(cast("Any", FakeAccounts(SLACKS)), fixed_default(None)).find(
        RecipientRequest("slack", to=to)
    )
    assert found.recipient == recipient


@pytest.mark.parametrize(
    ("wanted", "code", "text"),
    [
        (RecipientRequest("slack", to="#old"), "no_recipient", "multi-job connect slack NAME --to #old"),
        (RecipientRequest("slack", "dev", "#ops"), "no_recipient", "posts to slack only"),
        (RecipientRequest("slack", to="slack"), "account_unclear", "ops, dev"),
    ],
)
async def test_place_of_another_webhook_is_refused(wanted: RecipientRequest, code: str, text: str) -> None:
    """A message never goes to another place than it names."""
    recipients = Recipients(cast("Any", FakeAccounts(SLACKS)), fixed_default(None))
    with pytest.raises(NonRetryableError, match=text) as refused:
        await recipients.find(wanted)
    assert refused.value.code == code


async def test_only_webhook_needs_no_recipient() -> None:
    """The channel's name is enough, and an account that is named takes what is open."""
    recipients = Recipients(cast("Any", FakeAccounts(SLACKS[1:2])), fixed_default(None))
    for wanted in (
        RecipientRequest("slack"),
        RecipientRequest("slack", to="slack"),
        RecipientRequest("slack", "dev"),
    ):
        assert (await recipients.find(wanted)).recipient == Recipient("slack", "dev", "slack")


async def test_unknown_place_falls_back_to_the_sandbox() -> None:
    """An alarm is not lost; the plan says how to connect the place."""
    recipients = Recipients(cast("Any", FakeAccounts(SLACKS)), fixed_default(None))
    found = await recipients.find(RecipientRequest("slack", to="#sales", fallback_sandbox=True))
    assert (found.recipient.account, found.account) == ("sandbox:default", "slack:NAME")
