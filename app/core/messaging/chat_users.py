"""Reads and changes the persons who may act in groups over an account."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import orjson

from app.core.connectors.updates import unpacked
from app.core.messaging.account_models import ChatUser, first_chat_users

if TYPE_CHECKING:
    from app.core.connectors.base import ChannelKind
    from app.core.messaging.account_models import AccountDraft
    from app.core.redis_client import RedisLink
    from app.core.storage.keys import Keys

FIELD = "chat_users"
"""The field of the account's record; absent if no person was ever named."""


def read_chat_users(stored: Mapping[str, str]) -> tuple[ChatUser, ...] | None:
    """Return the persons of an account's record; None if none was ever named."""
    text = stored.get(FIELD)
    return None if text is None else tuple(ChatUser(**fields) for fields in orjson.loads(text))


def chat_users_text(users: Sequence[ChatUser]) -> str:
    """Return the text that is stored."""
    return orjson.dumps([{"id": user.id, "name": user.name} for user in users]).decode()


def with_user(users: Sequence[ChatUser], user: ChatUser) -> tuple[ChatUser, ...]:
    """Return the persons with one more, or with another name of one of them."""
    if any(each.id == user.id for each in users):
        return tuple(user if each.id == user.id else each for each in users)
    return (*users, user)


def without_user(users: Sequence[ChatUser], user_id: str) -> tuple[ChatUser, ...]:
    return tuple(each for each in users if each.id != user_id)


async def saved_chat_users(
    link: RedisLink, keys: Keys, kind: ChannelKind, draft: AccountDraft, stored: Mapping[str, str]
) -> tuple[ChatUser, ...] | None:
    """Return the persons that a save leaves: those of the draft, else the stored, else who connected it."""
    if draft.chat_users is not None:
        return draft.chat_users
    if FIELD in stored:
        return read_chat_users(stored)
    first = first_chat_users(kind, draft)
    if first is None:
        return None
    titles = await link.call("HMGET", keys.chats(draft.name), *(user.id for user in first))
    return tuple(
        ChatUser(user.id, "" if title is None else _name_in(user.id, title))
        for user, title in zip(first, titles, strict=True)
    )


def _name_in(chat: str, record: str) -> str:
    title = unpacked(chat, record).title
    return "" if title == chat else title
