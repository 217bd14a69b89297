"""Who may give which command, and how old it may be."""

from __future__ import annotations

from typing import Any

import pytest

from app.core.connectors.telegram.incoming import read_update
from app.core.connectors.updates import (
    COMMAND_MAX_AGE_MS,
    COMMAND_MAX_AHEAD_MS,
    ID_KEPT_MS,
    LIFETIME_MS,
    PRESSED_ANY_TIME,
    StoredUpdate,
    Update,
)
from app.core.connectors.whatsapp.incoming import WhatsAppIncoming
from app.services.connector.commands.handlers import COMMANDS
from app.services.connector.commands.messages import CommandRequest
from app.services.connector.commands.rights import (
    READING,
    RefusalReason,
    acts,
    age_refusal,
    is_command,
    person_refusal,
)
from tests.support.channels.fake_whatsapp import NUMBER_ID
from tests.support.channels.webhook_calls import telegram_press, telegram_text, whatsapp_text

NOW_MS = 1_800_000_000_000
GROUP = -100
CHANNEL = {"id": -200, "type": "channel", "title": "Kanal"}
ANONYMOUS_ADMIN = {"id": 1087968824, "is_bot": True, "first_name": "Group"}
LINKED_CHANNEL = {"id": 777000, "is_bot": False, "first_name": "Telegram"}


@pytest.mark.parametrize(
    ("age_ms", "reason"),
    [
        (0, None),
        (COMMAND_MAX_AGE_MS, None),
        (COMMAND_MAX_AGE_MS + 1, RefusalReason.TOO_OLD),
        (3 * 3_600_000, RefusalReason.TOO_OLD),
        (-COMMAND_MAX_AHEAD_MS, None),
        (-COMMAND_MAX_AHEAD_MS - 1, RefusalReason.IN_FUTURE),
        (NOW_MS, RefusalReason.NO_TIME),
    ],
)
def test_command_is_refused_for_its_age(age_ms: int, reason: RefusalReason | None) -> None:
    """Ten minutes old at most, two minutes ahead at most; without an instant it is refused."""
    update = Update("1", "42", sent_at=NOW_MS - age_ms, text="/run kerja")
    refusal = age_refusal(StoredUpdate(f"{NOW_MS}-0", update), NOW_MS)
    assert (None if refusal is None else refusal.reason) == reason


@pytest.mark.parametrize(
    ("received_ms", "pressed_after", "is_refused"),
    [
        (NOW_MS, NOW_MS - COMMAND_MAX_AGE_MS, False),
        (NOW_MS, NOW_MS - COMMAND_MAX_AGE_MS - 1, True),
        (NOW_MS, PRESSED_ANY_TIME, True),
        (NOW_MS - COMMAND_MAX_AGE_MS, 0, False),
        (NOW_MS - COMMAND_MAX_AGE_MS - 1, 0, True),
    ],
)
def test_press_without_an_instant_counts_from_the_fetch_before(
    received_ms: int, pressed_after: int, is_refused: bool
) -> None:
    """The date of a press in Telegram is that of the message with the button, which may be days old."""
    update = Update("1", "42", sent_at=5, press_id="p", pressed="fix:x", pressed_after=pressed_after)
    refusal = age_refusal(StoredUpdate(f"{received_ms}-0", update), NOW_MS)
    assert (refusal is not None) == is_refused


def test_id_of_an_update_is_remembered_longer_than_it_is_accepted() -> None:
    """A replay within the accepted time is known by its id."""
    assert LIFETIME_MS > ID_KEPT_MS >= COMMAND_MAX_AGE_MS + COMMAND_MAX_AHEAD_MS


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_command_that_is_not_known_to_read_acts(command: str) -> None:
    """A new command is for the named persons until it is listed as reading."""
    request = CommandRequest("telegram:a", Update("1", "-100", text=f"/{command}"), command)
    assert acts(request, COMMANDS) == (command not in READING)
    assert set(COMMANDS) - READING == {"run", "plan", "answer", "jawab"}


def test_press_acts_and_an_unknown_command_does_not() -> None:
    """Every button changes something; a command that is not there gets its own reply."""
    assert acts(CommandRequest("telegram:a", Update("1", "-100", press_id="p", pressed="fix:x")), COMMANDS)
    assert not acts(CommandRequest("telegram:a", Update("1", "-100", text="/x"), "x"), COMMANDS)


@pytest.mark.parametrize(
    ("update", "is_one"),
    [
        (Update("1", "42", text="/run"), True),
        (Update("1", "42", text="Ya", press_id="w"), True),
        (Update("1", "42", text="halo"), False),
    ],
)
def test_only_commands_have_an_age(update: Update, is_one: bool) -> None:
    """An ordinary message is handled at any age."""
    assert is_command(update) == is_one


def in_group(message: dict[str, Any]) -> Update:
    """Return a command in a group by person 42, with further fields of its message."""
    raw = telegram_text(1, "/run kerja", chat=GROUP, id=42)
    raw["message"] |= message
    update = read_update(raw)
    assert update is not None
    return update


@pytest.mark.parametrize(
    ("update", "reason"),
    [
        (in_group({}), None),
        (in_group({"from": {"id": 8, "is_bot": False}}), RefusalReason.NOT_NAMED),
        (in_group({"from": ANONYMOUS_ADMIN, "sender_chat": {"id": GROUP}}), RefusalReason.ANONYMOUS),
        (in_group({"sender_chat": CHANNEL}), RefusalReason.ANONYMOUS),
        (in_group({"from": LINKED_CHANNEL, "sender_chat": CHANNEL}), RefusalReason.ANONYMOUS),
        (in_group({"forward_origin": {"type": "user", "date": 1}}), RefusalReason.FORWARDED),
        (in_group({"forward_date": 1}), RefusalReason.FORWARDED),
        (in_group({"via_bot": {"id": 3, "is_bot": True}}), RefusalReason.FORWARDED),
    ],
)
def test_person_acts_in_a_group_if_named(update: Update, reason: RefusalReason | None) -> None:
    """Anonymous admins, channels and forwarded texts are no named person."""
    refusal = person_refusal(update, {"42", "777000", "1087968824"})
    assert (None if refusal is None else refusal.reason) == reason


def test_press_in_a_group_is_of_the_person_who_pressed() -> None:
    """Not of the author of the message, and also below a forwarded one."""
    raw = telegram_press(1, "fix:x", chat=GROUP, person=8)
    raw["callback_query"]["message"] |= {"forward_origin": {"type": "user"}, "from": {"id": 42}}
    update = read_update(raw)
    assert update is not None
    assert person_refusal(update, {"8"}) is None
    assert person_refusal(update, {"42"}) is not None


def test_private_chat_needs_no_named_person() -> None:
    """Its allowed id is the person's own."""
    assert person_refusal(Update("1", "42", person="42", is_forwarded=True), ()) is None


def read_whatsapp(**message: Any) -> Update:
    raw = {**whatsapp_text("wamid.1", "/run kerja"), **message}
    value = {"metadata": {"phone_number_id": NUMBER_ID}, "messages": [raw]}
    body = {"entry": [{"changes": [{"field": "messages", "value": value}]}]}
    (update,) = WhatsAppIncoming().read({"phone_number_id": NUMBER_ID}, body).updates
    return update


@pytest.mark.parametrize("timestamp", ["", "soon", "-5", "1.5", None, [], "9" * 30, 10**400, "１２３x"])
def test_message_with_a_malformed_instant_is_kept_without_one(timestamp: object) -> None:
    """It is refused with a reply: dropped here, its person would hear nothing."""
    assert read_whatsapp(timestamp=timestamp).sent_at == 0


def test_message_of_a_whatsapp_group_is_not_of_a_private_chat() -> None:
    """Its chat is the group, so the allowed number of its writer does not let it act."""
    update = read_whatsapp(group_id="Y2FwaV9ncm91cDox", context={"forwarded": True})
    assert (update.chat, update.private, update.person) == ("Y2FwaV9ncm91cDox", False, "628110000")
    assert update.is_forwarded
    assert person_refusal(update, {"628110000"}) is not None
    assert read_whatsapp(group_id=None, context=None).private
