"""Chats that lately wrote to an account: how one is kept, and what a connector answers who asks for them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Final, Literal, cast

import orjson

ChatKind = Literal["private", "group", "channel", "sandbox"]
MAX_TITLE_CHARS: Final = 100


@dataclass(frozen=True, slots=True)
class Chat:
    """A chat, with what people call it. `last_text_at` in epoch milliseconds, None where nobody said."""

    chat_id: str
    title: str
    kind: ChatKind
    last_text_at: int | None


@dataclass(frozen=True, slots=True)
class ChatsAnswer:
    """What a look at an account's chats came to: chats, or why there are none to see."""

    chats: tuple[Chat, ...] = ()
    refusal: str = ""
    may_pass: bool = False
    """The same look may succeed later."""


def title_of(*parts: str) -> str:
    """Return the first of some names that says anything: one line, without what moves other text about."""
    for part in parts:
        plain = "".join(each if each.isprintable() else " " for each in part)
        if words := " ".join(plain.split()):
            return words[:MAX_TITLE_CHARS]
    return ""


def packed(title: str, kind: str, at: int) -> str:
    """Return a chat as it is kept beside its id: the instant first, by which the oldest are dropped."""
    return f"{at}:{kind}:{title}"


def unpacked(chat_id: str, text: str) -> Chat:
    at, kind, title = text.split(":", 2)
    return Chat(chat_id, title or chat_id, cast("ChatKind", kind), int(at) or None)


def newest(chats: Iterable[Chat]) -> tuple[Chat, ...]:
    """Return each chat once, as it was last seen, the newest first."""
    found: dict[str, Chat] = {}
    for chat in chats:
        known = found.get(chat.chat_id)
        if known is None or (chat.last_text_at or 0) >= (known.last_text_at or 0):
            found[chat.chat_id] = chat
    return tuple(sorted(found.values(), key=lambda chat: (-(chat.last_text_at or 0), chat.chat_id)))


def write_answer(answer: ChatsAnswer) -> str:
    return orjson.dumps(asdict(answer)).decode()


def read_answer(text: str) -> ChatsAnswer:
    fields = orjson.loads(text)
    chats = tuple(Chat(**each) for each in fields.pop("chats"))
    return ChatsAnswer(chats, **fields)
