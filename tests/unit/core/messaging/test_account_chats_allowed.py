"""Chats that may give commands are named by ids that last."""

from __future__ import annotations

import pytest

from app.core.connectors.channels import CHANNELS
from app.core.errors import InvalidInput
from app.core.messaging.account_models import AccountDraft


@pytest.mark.parametrize("chat", ["42", "-100", "-1001234567890"])
def test_telegram_chat_is_allowed_by_its_number(chat: str) -> None:
    """A person's chat, a group, a channel."""
    AccountDraft("telegram", "bot", allow_chats=(chat,)).check_shape(CHANNELS)


@pytest.mark.parametrize(
    "chat", ["@ana", "ana", "42a", "+42", " 42", "4 2", "0", "-0", "٤٢", "4" * 20, "t.me/ana"]
)
def test_telegram_chat_is_not_allowed_by_its_name(chat: str) -> None:
    """A username can change hands; the refusal says how to find the id and how to set it."""
    with pytest.raises(InvalidInput) as refused:
        AccountDraft("telegram", "bot", allow_chats=("42", chat), default_to="@toko").check_shape(CHANNELS)
    [problem] = refused.value.problems
    assert problem.pointer == "/allow_chats"
    assert "POST /connectors/telegram/accounts/bot/chats" in problem.message
    assert "multi-job connect telegram bot --allow-chat ID" in problem.message


def test_messages_may_go_to_a_name() -> None:
    """Only commands need an id: a recipient stays a public channel's name."""
    AccountDraft("telegram", "bot", default_to="@toko").check_shape(CHANNELS)
