"""Parses updates from Telegram, from the webhook or from polling."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, Field, ValidationError

from app.core.connectors.updates import (
    MAX_TEXT_CHARS,
    Chat,
    ChatKind,
    IncomingBatch,
    SentAt,
    Update,
    title_of,
)

_KINDS: Mapping[str, ChatKind] = {"group": "group", "supergroup": "group", "channel": "channel"}
_GONE = frozenset({"left", "kicked"})
_Id = Annotated[int, Field(ge=-(2**63), lt=2**63)]


class _Chat(BaseModel):
    id: _Id
    type: str = ""
    username: str = ""
    title: str = ""
    first_name: str = ""
    last_name: str = ""


class _User(BaseModel):
    id: _Id
    is_bot: bool = False
    first_name: str = ""
    last_name: str = ""
    language_code: str = ""


class _Message(BaseModel):
    chat: _Chat
    date: SentAt = 0
    text: str = ""
    from_: Annotated[_User | None, Field(alias="from")] = None
    sender_chat: Any = None
    """Set for an anonymous admin and for a channel; then `from` is an account of Telegram's own."""
    forward_origin: Any = None
    forward_date: Any = None
    """Of servers before Bot API 7.0."""
    via_bot: Any = None
    """The bot that made the text."""


class _Press(BaseModel):
    id: str
    from_: Annotated[_User, Field(alias="from")]
    message: _Message | None = None
    data: str = ""


class _Member(BaseModel):
    status: str = ""


class _Membership(BaseModel):
    chat: _Chat
    date: int = 0
    new_chat_member: _Member = _Member()


class _Post(BaseModel):
    """A message of any kind; one with a picture also names its chat."""

    chat: _Chat
    date: int = 0


class _AnyUpdate(BaseModel):
    message: _Post | None = None
    channel_post: _Post | None = None
    my_chat_member: _Membership | None = None


class _Update(BaseModel):
    update_id: _Id
    message: _Message | None = None
    callback_query: _Press | None = None


_NO_PERSON = _User(id=0)


class TelegramIncoming:
    """The webhook of a bot. Telegram sends the secret token that was passed to `setWebhook`."""

    needs = "webhook_secret"

    def is_authentic(self, secrets: Mapping[str, str], headers: Mapping[str, str], body: bytes) -> bool:  # noqa: ARG002
        sent = headers.get("x-telegram-bot-api-secret-token", "")
        return hmac.compare_digest(sent.encode(), secrets[self.needs].encode())

    def challenge_answer(self, secrets: Mapping[str, str], query: Mapping[str, str]) -> str | None:  # noqa: ARG002
        return None

    def read(self, settings: Mapping[str, Any], body: Mapping[str, Any]) -> IncomingBatch:  # noqa: ARG002
        update = read_update(body)
        return IncomingBatch() if update is None else IncomingBatch((update,))


def read_update(raw: Mapping[str, Any]) -> Update | None:
    """Return an update; None if it is malformed, or neither a text nor a press by a person."""
    try:
        found = _Update.model_validate(raw)
    except ValidationError:
        return None
    if found.callback_query is not None:
        return _pressed(found.update_id, found.callback_query)
    message = found.message
    if message is None or not message.text or message.from_ is None:
        return None
    is_anonymous = message.sender_chat is not None
    if message.from_.is_bot and not is_anonymous:
        return None
    person = _NO_PERSON if is_anonymous else message.from_
    return _update(found.update_id, message, person, text=message.text[:MAX_TEXT_CHARS])


def read_chat(raw: Mapping[str, Any]) -> Chat | None:
    """Return the chat of an update: someone wrote in it, or added the bot to it."""
    try:
        found = _AnyUpdate.model_validate(raw)
    except ValidationError:
        return None
    member = found.my_chat_member
    if member is not None and member.new_chat_member.status in _GONE:
        member = None
    seen = found.message or found.channel_post or member
    if seen is None:
        return None
    chat = seen.chat
    title = _title(chat) or str(chat.id)
    return Chat(str(chat.id), title, _KINDS.get(chat.type, "private"), seen.date * 1000 or None)


def _title(chat: _Chat) -> str:
    name = f"@{chat.username}" if chat.username else ""
    return title_of(chat.title, f"{chat.first_name} {chat.last_name}", name)


def _pressed(update_id: int, press: _Press) -> Update | None:
    if press.message is None:
        return None
    # The message with the button is the bot's own, so the user of the press is a separate field.
    return _update(update_id, press.message, press.from_, press_id=press.id, pressed=press.data[:64])


def _update(
    update_id: int, message: _Message, person: _User, *, text: str = "", press_id: str = "", pressed: str = ""
) -> Update:
    chat = message.chat
    origins = (message.forward_origin, message.forward_date, message.via_bot)
    return Update(
        id=str(update_id),
        chat=str(chat.id),
        chat_name=f"@{chat.username}" if chat.username else "",
        chat_title=_title(chat),
        chat_kind=_KINDS.get(chat.type, "private"),
        private=chat.type == "private",
        person="" if person is _NO_PERSON else str(person.id),
        person_name=title_of(f"{person.first_name} {person.last_name}"),
        # A press is its user's own, also below a message that was forwarded.
        is_forwarded=not press_id and any(each is not None for each in origins),
        language=person.language_code[:35],
        sent_at=message.date * 1000,
        text=text,
        press_id=press_id,
        pressed=pressed,
    )
