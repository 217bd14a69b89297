"""What comes in over channels: kept durably, each once, until somebody has treated it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Final

import orjson

from app.core.chats import Chat, ChatKind, newest, packed, unpacked

if TYPE_CHECKING:
    from app.core.keys import Keys
    from app.core.redis_client import RedisLink
    from app.core.scripts import Scripts

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
    """The chat's public name with its `@`, where it has one."""
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
            arguments: list[str] = []
            for update in updates[start : start + _AT_ONCE]:
                arguments += [update.id, orjson.dumps(asdict(update)).decode(), *_chat_of(update)]
            _, count = await self._scripts.run(
                "accounts/store_updates", account, KEPT, REMEMBERED, LIFETIME_MS, CHATS_KEPT, *arguments
            )
            new += count
        return new

    async def waiting(self, account: str, limit: int) -> list[StoredUpdate]:
        """Return the oldest updates that nobody has treated."""
        entries = await self._link.call("XRANGE", self._keys.updates(account), "-", "+", "COUNT", limit)
        return [StoredUpdate(place, Update(**orjson.loads(flat[1]))) for place, flat in entries]

    async def chats(self, account: str) -> tuple[Chat, ...]:
        """Return the chats that wrote lately, whether that was treated or not, the newest first."""
        flat = await self._link.call("HGETALL", self._keys.chats(account))
        return newest(unpacked(chat, text) for chat, text in zip(flat[::2], flat[1::2], strict=True))

    async def count(self, account: str) -> int:
        """Return how many wait."""
        return await self._link.call("XLEN", self._keys.updates(account))

    async def treated(self, account: str, stored: StoredUpdate) -> None:
        """Forget an update whose effect is done; that it came is still remembered."""
        await self._link.call("XDEL", self._keys.updates(account), stored.place)


def _chat_of(update: Update) -> tuple[str, str]:
    # Who presses a button has not written: its instant is that of the message above it.
    if not update.text:
        return "", ""
    title = update.chat_title or update.chat_name
    return update.chat, packed(title, update.chat_kind, update.sent_at)
