"""Incoming updates of channels in any shape, and replies of commands."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from app.core.connectors.messages import ProviderState
from app.core.connectors.telegram.incoming import TelegramIncoming, read_chat, read_update
from app.core.connectors.updates import MAX_TEXT_CHARS, Chat, Update
from app.core.connectors.whatsapp.incoming import WhatsAppIncoming
from app.core.i18n import pgettext
from app.services.connector.commands.messages import CommandRequest, language_of
from tests.support.channels.fake_whatsapp import NUMBER_ID
from tests.support.channels.webhook_calls import (
    APP_SECRET,
    WEBHOOK_SECRET,
    signed,
    telegram_press,
    telegram_text,
    whatsapp_body,
    whatsapp_press,
    whatsapp_text,
)

SETTINGS = {"phone_number_id": NUMBER_ID}


def test_telegram_text_is_cut_to_what_telegram_sends() -> None:
    """A caller with the secret may still send too much; the size is bounded."""
    update = read_update(telegram_text(1, "x" * 10_000))
    assert update is not None
    assert len(update.text) == MAX_TEXT_CHARS


def test_telegram_press_belongs_to_who_pressed() -> None:
    """The message with the button is the bot's; the person is the one who pressed."""
    update = read_update(telegram_press(3, "plan:1", chat=-100, person=7))
    assert update is not None
    assert (update.chat, update.person, update.pressed) == ("-100", "7", "plan:1")


PERSON = {"id": 42, "type": "private", "first_name": " Ani\n", "last_name": "\u202eK", "username": "ani"}


@pytest.mark.parametrize(
    ("raw", "chat"),
    [
        ({"message": {"chat": PERSON, "date": 5, "photo": []}}, Chat("42", "Ani K", "private", 5_000)),
        ({"message": {"chat": {"id": 42, "username": "ani"}}}, Chat("42", "@ani", "private", None)),
        ({"message": {"chat": {"id": 42, "first_name": "\u200b"}}}, Chat("42", "42", "private", None)),
        (
            {"channel_post": {"chat": {"id": -1, "type": "channel", "title": "x" * 200}, "date": 5}},
            Chat("-1", "x" * 100, "channel", 5_000),
        ),
        (
            {
                "my_chat_member": {
                    "chat": {"id": -2, "type": "group"},
                    "new_chat_member": {"status": "member"},
                }
            },
            Chat("-2", "-2", "group", None),
        ),
        ({"my_chat_member": {"chat": {"id": -2}, "new_chat_member": {"status": "kicked"}}}, None),
        ({"callback_query": {"id": "1"}}, None),
        ({"message": {"chat": {"id": "x"}}}, None),
        ({"message": 7}, None),
        ({}, None),
    ],
)
def test_telegram_chat_is_one_with_a_message(raw: dict[str, Any], chat: Chat | None) -> None:
    """Whatever was written; a name is one line that moves no text about, and never empty."""
    assert read_chat({"update_id": 1, **raw}) == chat


def test_telegram_bots_are_not_listened_to() -> None:
    """Two bots in one group would talk to each other for ever."""
    assert read_update(telegram_text(1, "/help", is_bot=True)) is None


def test_telegram_proof_is_the_word_and_nothing_else() -> None:
    """Even if the sent value is not ASCII."""
    incoming, secrets = TelegramIncoming(), {"webhook_secret": WEBHOOK_SECRET}
    header = "x-telegram-bot-api-secret-token"
    assert incoming.is_authentic(secrets, {header: WEBHOOK_SECRET}, b"")
    for sent in ({}, {header: ""}, {header: "ÿ"}, {header: WEBHOOK_SECRET[:-1]}):
        assert not incoming.is_authentic(secrets, sent, b"")


def test_whatsapp_proof_is_of_these_bytes() -> None:
    """The same JSON in other bytes is another body."""
    incoming, secrets, body = WhatsAppIncoming(), {"app_secret": APP_SECRET}, b'{"a": 1}'
    headers = {name.lower(): value for name, value in signed(body).items()}
    assert incoming.is_authentic(secrets, headers, body)
    assert not incoming.is_authentic(secrets, headers, b'{"a":1}')


def test_whatsapp_press_is_a_text_with_data() -> None:
    """A chosen button or row is a message of the person; numbers of Indonesia read Indonesian."""
    press = whatsapp_press("wamid.1", "plan:1", "Jalankan")
    row = {"type": "list_reply", "list_reply": {"id": "answer:1:0", "title": "bot_a"}}
    chosen = {**press, "id": "wamid.2", "from": "4917000000", "interactive": row}
    brought = WhatsAppIncoming().read(SETTINGS, orjson.loads(whatsapp_body([press, chosen])))
    read = [(each.press_id, each.pressed, each.text, each.language) for each in brought.updates]
    assert read == [("wamid.1", "plan:1", "Jalankan", "id"), ("wamid.2", "answer:1:0", "bot_a", "")]


def test_whatsapp_brings_texts_and_reports() -> None:
    """Each by its id; an unknown state is ignored."""
    statuses = [
        {"id": "wamid.1", "status": "read", "timestamp": "1700000000"},
        {"id": "wamid.2", "status": "failed", "timestamp": "1700000000", "errors": [{"code": 1}, {}]},
        {"id": "wamid.3", "status": "warned"},
    ]
    brought = WhatsAppIncoming().read(
        SETTINGS, orjson.loads(whatsapp_body([whatsapp_text("wamid.9", "halo")], statuses))
    )
    assert [(each.id, each.text) for each in brought.updates] == [("wamid.9", "halo")]
    read, failed = brought.reports
    assert (read.state, read.at, read.error) == (ProviderState.READ, 1_700_000_000_000, "")
    assert (failed.state, "(code 1); no reason given" in failed.error) == (ProviderState.FAILED, True)


ODD_CALLS: list[dict[str, Any]] = [
    {},
    {"entry": 7},
    {"entry": [{"changes": [{"value": []}]}]},
    {"entry": [{"changes": [{"value": {"metadata": {}}}]}]},
    {"entry": [{"changes": [{"value": {"metadata": {"phone_number_id": NUMBER_ID}, "messages": [7]}}]}]},
]


@pytest.mark.parametrize("body", ODD_CALLS)
def test_whatsapp_of_odd_shape_brings_nothing(body: dict[str, Any]) -> None:
    """Meta may add to its calls what it likes."""
    brought = WhatsAppIncoming().read(SETTINGS, body)
    assert (brought.updates, brought.reports) == ((), ())


@pytest.mark.parametrize(("code", "language"), [("id", "id"), ("ID-id", "id"), ("en", "en"), ("", "en")])
def test_words_are_in_the_persons_language(code: str, language: str) -> None:
    """Indonesian for `id`, English for all others."""
    assert language_of(code) == language
    request = CommandRequest("bot", Update("1", "7", language=code))
    assert request.say(pgettext("job", "disabled")) == ("nonaktif" if language == "id" else "disabled")
