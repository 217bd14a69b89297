"""Calls of webhooks as Telegram and Meta make them."""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

import httpx
import orjson

from app.core.clock import SystemClock
from tests.support.channels.fake_whatsapp import NUMBER_ID

APP_SECRET = "app-secret-of-the-tests"
VERIFY_TOKEN = "verify-token-of-the-tests"
WEBHOOK_SECRET = "webhook_secret-of-the-tests"
TELEGRAM_PATH = "/webhooks/telegram/bot_a01"
WHATSAPP_PATH = "/webhooks/whatsapp/ops_01"


def now_sec() -> int:
    """Return the instant of a message that is written now, as channels send it."""
    return SystemClock().now_ms() // 1000


def telegram_text(
    update_id: int, text: str, chat: int = 42, *, date: int | None = None, **person: Any
) -> dict[str, Any]:
    """Return an update with a text, written now if no date is given."""
    sender = {"id": chat, "is_bot": False, "first_name": "Ani", "language_code": "id", **person}
    message = {
        "message_id": update_id,
        "date": now_sec() if date is None else date,
        "chat": {"id": chat, "type": "private" if chat > 0 else "supergroup", "first_name": "Ani"},
        "from": sender,
        "text": text,
    }
    return {"update_id": update_id, "message": message}


def telegram_press(
    update_id: int, data: str, chat: int = 42, person: int | None = None, language: str = "id"
) -> dict[str, Any]:
    """Return an update with a pressed button."""
    bot = {"id": 1, "is_bot": True, "first_name": "Bot"}
    message = {
        "message_id": 1,
        "date": 1_700_000_000,
        "chat": {"id": chat, "type": "private" if chat > 0 else "supergroup"},
        "from": bot,
        "text": "?",
    }
    sender = {"id": person or chat, "is_bot": False, "first_name": "Ani", "language_code": language}
    press = {
        "id": f"press-{update_id}",
        "from": sender,
        "chat_instance": "1",
        "message": message,
        "data": data,
    }
    return {"update_id": update_id, "callback_query": press}


def whatsapp_body(
    messages: list[dict[str, Any]] | None = None,
    statuses: list[dict[str, Any]] | None = None,
    number_id: str = NUMBER_ID,
    contacts: list[dict[str, Any]] | None = None,
) -> bytes:
    """Return a body as Meta sends it."""
    value: dict[str, Any] = {"messaging_product": "whatsapp", "metadata": {"phone_number_id": number_id}}
    value |= {
        name: found
        for name, found in (("messages", messages), ("statuses", statuses), ("contacts", contacts))
        if found is not None
    }
    change = {"field": "messages", "value": value}
    return orjson.dumps({"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": [change]}]})


def whatsapp_text(message_id: str, text: str, sent_at: int | None = None) -> dict[str, Any]:
    """Return the message of a person, written now if no instant is given."""
    return {
        "from": "628110000",
        "id": message_id,
        "timestamp": str(now_sec() if sent_at is None else sent_at),
        "type": "text",
        "text": {"body": text},
    }


def whatsapp_press(message_id: str, data: str, title: str) -> dict[str, Any]:
    """Return the message of a person who chose a button."""
    reply = {"type": "button_reply", "button_reply": {"id": data, "title": title}}
    return {
        "from": "628110000",
        "id": message_id,
        "timestamp": str(now_sec()),
        "type": "interactive",
        "interactive": reply,
    }


def signed(body: bytes, secret: str = APP_SECRET) -> dict[str, str]:
    """Return the header that proves a body to be Meta's."""
    digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return {"X-Hub-Signature-256": f"sha256={digest}", "Content-Type": "application/json"}


async def call_whatsapp(
    client: httpx.AsyncClient, body: bytes, headers: dict[str, str] | None = None
) -> httpx.Response:
    return await client.post(
        WHATSAPP_PATH, content=body, headers=signed(body) if headers is None else headers
    )


async def call_telegram(
    client: httpx.AsyncClient, update: dict[str, Any], secret: str = WEBHOOK_SECRET
) -> httpx.Response:
    return await client.post(TELEGRAM_PATH, json=update, headers={"X-Telegram-Bot-Api-Secret-Token": secret})
