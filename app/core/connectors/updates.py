"""Chats that lately wrote to an account: how one is kept, and what a connector answers who asks for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, Protocol, cast

import orjson

from app.core.storage.script_head import flat
from app.core.storage.scripts import script_row

if TYPE_CHECKING:
    from app.core.connectors.messages import ProviderReport
    from app.core.redis_client import RedisLink
    from app.core.storage.keys import Keys
    from app.core.storage.scripts import Scripts

ChatKind = Literal["private", "group", "channel", "sandbox"]
MAX_TITLE_CHARS: Final = 100


@dataclass(frozen=True, slots=True)
class Chat:
    """A chat, with what people call it. `last_text_at` in epoch milliseconds, None if nobody said."""

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


# What a channel calls our webhook with: how it proves who calls, and what it brings.


@dataclass(frozen=True, slots=True)
class IncomingBatch:
    """What one call brought; what is neither text, button nor report is left out."""

    updates: tuple[Update, ...] = ()
    reports: tuple[ProviderReport, ...] = ()


class IncomingWebhook(Protocol):
    """The webhook of a channel. Bodies are untrusted: of odd shape they bring nothing."""

    needs: str
    """The secret of an account without which nobody can prove anything."""

    def is_authentic(self, secrets: Mapping[str, str], headers: Mapping[str, str], body: bytes) -> bool:
        """Tell, in constant time, whether the call is the channel's own; header names in lower case."""
        ...

    def challenge_answer(self, secrets: Mapping[str, str], query: Mapping[str, str]) -> str | None:
        """Return what a GET that verifies the address is answered with; None if it proves nothing."""
        ...

    def read(self, settings: Mapping[str, Any], body: Mapping[str, Any]) -> IncomingBatch:
        """Return what a body brings."""
        ...


# What comes in over channels: kept durably, each once, until somebody has treated it.

KEPT: Final = 1_000
REMEMBERED: Final = 10_000
CHATS_KEPT: Final = 50
LIFETIME_MS: Final = 8 * 86_400_000
"""Providers repeat what they were not thanked for, for a week at most."""
MAX_TEXT_CHARS: Final = 4_096
_AT_ONCE: Final = 256


@dataclass(frozen=True, slots=True)
class Update:
    """A text that a person wrote, or a button that they pressed. `id` is the provider's, once for ever."""

    id: str
    chat: str
    """Where it came from, and where an answer goes."""
    chat_name: str = ""
    """The chat's public name with its `@`, if it has one."""
    chat_title: str = ""
    """What people call it."""
    chat_kind: ChatKind = "private"
    private: bool = True
    """Nobody but the person and the bot is there."""
    person: str = ""
    language: str = ""
    """What the person's own app is set to, such as `id` or `en-GB`."""
    sent_at: int = 0
    text: str = ""
    press_id: str = ""
    """Given where a button was pressed; `pressed` is the button's data."""
    pressed: str = ""


@dataclass(frozen=True, slots=True)
class StoredUpdate:
    """An update with its place."""

    place: str
    update: Update


@script_row("accounts/store_updates")
class UpdateRow(NamedTuple):
    """An update to store, and the chat that wrote it: its id and its record, both empty if nobody wrote."""

    id: str
    update: str
    chat: str
    chat_record: str


class Updates:
    """The updates of accounts."""

    def __init__(self, link: RedisLink, scripts: Scripts, keys: Keys) -> None:
        self._link = link
        self._scripts = scripts
        self._keys = keys

    async def store(self, account: str, updates: Sequence[Update]) -> int:
        """Keep updates; return how many were new. Acknowledged means kept."""
        new = 0
        for start in range(0, len(updates), _AT_ONCE):
            rows = map(_row, updates[start : start + _AT_ONCE])
            _, count = await self._scripts.run(
                "accounts/store_updates",
                *flat(rows),
                account=account,
                max_updates=KEPT,
                max_ids=REMEMBERED,
                lifetime_ms=LIFETIME_MS,
                max_chats=CHATS_KEPT,
            )
            new += count
        return new

    async def waiting(self, account: str, limit: int) -> list[StoredUpdate]:
        """Return the oldest updates that nobody has treated."""
        entries = await self._link.call("XRANGE", self._keys.updates(account), "-", "+", "COUNT", limit)
        return [StoredUpdate(place, Update(**orjson.loads(flat[1]))) for place, flat in entries]

    async def chats(self, account: str) -> tuple[Chat, ...]:
        """Return the chats that wrote lately, whether that was treated or not, the newest first."""
        stored = await self._link.hash(self._keys.chats(account))
        return newest(unpacked(chat, text) for chat, text in stored.items())

    async def count(self, account: str) -> int:
        """Return how many wait."""
        return await self._link.call("XLEN", self._keys.updates(account))

    async def acknowledge(self, account: str, stored: StoredUpdate) -> None:
        """Forget an update whose effect is done; that it came is still remembered."""
        await self._link.call("XDEL", self._keys.updates(account), stored.place)


def _row(update: Update) -> UpdateRow:
    chat, record = _chat_of(update)
    return UpdateRow(update.id, orjson.dumps(asdict(update)).decode(), chat, record)


def _chat_of(update: Update) -> tuple[str, str]:
    # Who presses a button has not written: its instant is that of the message above it.
    if not update.text:
        return "", ""
    title = update.chat_title or update.chat_name
    return update.chat, packed(title, update.chat_kind, update.sent_at)
