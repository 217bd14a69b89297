"""Incoming updates: chats that wrote recently, webhook calls, and the durable update store."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, NamedTuple, Protocol, cast

import orjson
from pydantic import BeforeValidator

from app.core.storage.connection import time_ms
from app.core.storage.scripts import flat, script_row

if TYPE_CHECKING:
    from app.core.connectors.messages import ProviderReport
    from app.core.redis_client import RedisLink
    from app.core.storage.keys import Keys
    from app.core.storage.scripts import Scripts

ChatKind = Literal["private", "group", "channel", "sandbox"]
MAX_TITLE_CHARS: Final = 100
_END_OF_TIME: Final = 2**40


@dataclass(frozen=True, slots=True)
class Chat:
    """A chat with its display name. `last_text_at` in epoch milliseconds, None if unknown."""

    chat_id: str
    title: str
    kind: ChatKind
    last_text_at: int | None


@dataclass(frozen=True, slots=True)
class ChatsAnswer:
    """The chats of an account, or the reason why none are visible."""

    chats: tuple[Chat, ...] = ()
    refusal: str = ""
    may_pass: bool = False
    """The same request may succeed later."""


def _seconds(value: object) -> int:
    try:
        seconds = int(value) if isinstance(value, int | str) else 0
    except ValueError:
        return 0
    return seconds if 0 < seconds < _END_OF_TIME else 0


SentAt = Annotated[int, BeforeValidator(_seconds)]
"""The instant of a message in epoch seconds; 0 if it is missing or malformed, so that it is not dropped."""


def title_of(*parts: str) -> str:
    """Return the first non-empty name as one line, without control characters that move other text."""
    for part in parts:
        plain = "".join(each if each.isprintable() else " " for each in part)
        if words := " ".join(plain.split()):
            return words[:MAX_TITLE_CHARS]
    return ""


def packed(title: str, kind: str, at: int) -> str:
    """Return the stored form of a chat: the instant first, by which the oldest are dropped."""
    return f"{at}:{kind}:{title}"


def unpacked(chat_id: str, text: str) -> Chat:
    at, kind, title = text.split(":", 2)
    return Chat(chat_id, title or chat_id, cast("ChatKind", kind), int(at) or None)


def newest(chats: Iterable[Chat]) -> tuple[Chat, ...]:
    """Return each chat once, in its latest version, the newest first."""
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


# Webhook calls of a channel: authentication and content.


@dataclass(frozen=True, slots=True)
class IncomingBatch:
    """The content of one call; anything but texts, buttons and reports is left out."""

    updates: tuple[Update, ...] = ()
    reports: tuple[ProviderReport, ...] = ()


class IncomingWebhook(Protocol):
    """The webhook of a channel. Bodies are untrusted: a malformed one has no content."""

    needs: str
    """The account secret that authentication needs."""

    def is_authentic(self, secrets: Mapping[str, str], headers: Mapping[str, str], body: bytes) -> bool:
        """True if the call is authentic, compared in constant time; header names in lower case."""
        ...

    def challenge_answer(self, secrets: Mapping[str, str], query: Mapping[str, str]) -> str | None:
        """Return the response to a GET that verifies the address; None if the request is not authentic."""
        ...

    def read(self, settings: Mapping[str, Any], body: Mapping[str, Any]) -> IncomingBatch:
        """Return the content of a body."""
        ...


# The update store: durable, without duplicates; an update stays until it is acknowledged.

KEPT: Final = 1_000
REMEMBERED: Final = 10_000
CHATS_KEPT: Final = 50
LIFETIME_MS: Final = 8 * 86_400_000
"""Providers repeat an unconfirmed update for a week at most."""
COMMAND_MAX_AGE_MS: Final = 600_000
"""An older command is refused: its person no longer waits for it, or somebody replays it."""
COMMAND_MAX_AHEAD_MS: Final = 120_000
"""How far the clock of a channel may be ahead of Redis' clock."""
ID_KEPT_MS: Final = COMMAND_MAX_AGE_MS + COMMAND_MAX_AHEAD_MS
"""For so long after its arrival a command could be executed, so its id is remembered, whatever the number."""
MAX_TEXT_CHARS: Final = 4_096
_AT_ONCE: Final = 256


@dataclass(frozen=True, slots=True)
class Update:
    """A text that a person wrote, or a button that they pressed.

    `id` is the provider's, permanently unique.
    """

    id: str
    chat: str
    """The chat it came from, and to which a reply goes."""
    chat_name: str = ""
    """The chat's public name with its `@`, if it has one."""
    chat_title: str = ""
    """The chat's display name."""
    chat_kind: ChatKind = "private"
    private: bool = True
    """A chat of one person with the bot."""
    person: str = ""
    language: str = ""
    """The language of the person's app, such as `id` or `en-GB`."""
    sent_at: int = 0
    text: str = ""
    press_id: str = ""
    """Set if a button was pressed; `pressed` is the button's data."""
    pressed: str = ""
    person_name: str = ""
    """The display name that the person chose."""
    is_forwarded: bool = False
    """Another person or a bot wrote the text."""
    pressed_after: int = 0
    """For a press that was fetched: when nothing waited to be fetched. The press is not older."""

    @property
    def is_timeless_press(self) -> bool:
        """Return True for a press that is no message: `sent_at` is that of the message with the button."""
        return bool(self.press_id) and not self.text


PRESSED_ANY_TIME: Final = 1
"""`pressed_after` of a press if it is not known when the updates before it were fetched."""
_ADDED_FIELDS: Final = frozenset({"person_name", "is_forwarded", "pressed_after"})
"""Stored apart: a process of the release before refuses an update with fields that it does not know."""


@dataclass(frozen=True, slots=True)
class StoredUpdate:
    """An update with its position in the stream."""

    place: str
    update: Update

    @property
    def received_at(self) -> int:
        """Return when it was stored, by Redis' clock, epoch milliseconds."""
        return int(self.place.partition("-")[0])


@script_row("accounts/store_updates")
class UpdateRow(NamedTuple):
    """An update to store, and the chat that wrote it: its id and its record, both empty if there is none."""

    id: str
    update: str
    added: str
    chat: str
    chat_record: str


class Updates:
    """The updates of accounts."""

    def __init__(self, link: RedisLink, scripts: Scripts, keys: Keys) -> None:
        self._link = link
        self._scripts = scripts
        self._keys = keys

    async def store(self, account: str, updates: Sequence[Update]) -> int:
        """Store updates; return how many were new. They are durable on return."""
        new = 0
        for start in range(0, len(updates), _AT_ONCE):
            rows = map(_row, updates[start : start + _AT_ONCE])
            _, count = await self._scripts.run(
                "accounts/store_updates",
                *flat(rows),
                account=account,
                max_updates=KEPT,
                max_ids=REMEMBERED,
                id_kept_ms=ID_KEPT_MS,
                lifetime_ms=LIFETIME_MS,
                max_chats=CHATS_KEPT,
            )
            new += count
        return new

    async def waiting(self, account: str, limit: int) -> list[StoredUpdate]:
        """Return the oldest unacknowledged updates."""
        entries = await self._link.call("XRANGE", self._keys.updates(account), "-", "+", "COUNT", limit)
        return [StoredUpdate(place, _unpacked(flat[1::2])) for place, flat in entries]

    async def chats(self, account: str) -> tuple[Chat, ...]:
        """Return the chats that wrote recently, acknowledged or not, the newest first."""
        stored = await self._link.hash(self._keys.chats(account))
        return newest(unpacked(chat, text) for chat, text in stored.items())

    async def last_text_at(self, account: str, chat: str) -> int | None:
        """Return when a chat wrote last, epoch milliseconds; None if it is not known."""
        stored = await self._link.call("HGET", self._keys.chats(account), chat)
        return unpacked(chat, stored).last_text_at if stored else None

    async def count(self, account: str) -> int:
        """Return how many updates are unacknowledged."""
        return await self._link.call("XLEN", self._keys.updates(account))

    async def begin(self, account: str, stored: StoredUpdate) -> None:
        """Store that the command of an update is admitted; an account executes one at a time."""
        key = self._keys.updates_begun(account)
        await self._link.call("SET", key, stored.place, "PX", LIFETIME_MS)

    async def begun(self, account: str) -> str | None:
        """Return the place of the last update whose command was admitted."""
        return await self._link.call("GET", self._keys.updates_begun(account))

    async def note_fetched(self, account: str) -> None:
        """Store that nothing waits to be fetched at this moment, by Redis' clock."""
        now_ms = time_ms(await self._link.call("TIME"))
        await self._link.call("SET", self._keys.updates_fetched(account), now_ms, "PX", LIFETIME_MS)

    async def fetched_at(self, account: str) -> int | None:
        """Return when nothing waited to be fetched, epoch milliseconds; None if it is not known."""
        found = await self._link.call("GET", self._keys.updates_fetched(account))
        return None if found is None else int(found)

    async def acknowledge(self, account: str, stored: StoredUpdate) -> None:
        """Remove an update whose effect is complete; its id is still remembered, against duplicates."""
        await self._link.call("XDEL", self._keys.updates(account), stored.place)


def _row(update: Update) -> UpdateRow:
    values = asdict(update)
    added = orjson.dumps({name: values.pop(name) for name in _ADDED_FIELDS}).decode()
    text = orjson.dumps(values).decode()
    # A press is not a text: its instant is that of the message with the button.
    if not update.text:
        return UpdateRow(update.id, text, added, "", "")
    title = update.chat_title or update.chat_name
    return UpdateRow(update.id, text, added, update.chat, packed(title, update.chat_kind, update.sent_at))


def _unpacked(parts: Sequence[str]) -> Update:
    values: dict[str, Any] = {}
    for part in parts:
        values |= orjson.loads(part)
    return Update(**values)
