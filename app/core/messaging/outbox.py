"""The outbox: messages, each sent at most once; the sandbox's inbox; retention."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import orjson

from app.core.connectors.messages import (
    OUTBOX_TRANSITIONS,
    Button,
    InboxMessage,
    OutboxEntry,
    OutboxState,
    ProviderReport,
    digest_of,
    entry_of,
    inbox_message_of,
)
from app.core.errors import InvalidInput, MessageNotFound, OutboxMismatch, StateConflict
from app.core.i18n import _
from app.core.i18n.stored import cut, masked, packed
from app.core.ids import new_id
from app.core.messaging.lateness import EXPIRED_WORDS
from app.core.recipient import SANDBOX_ACCOUNT, SANDBOX_CHANNEL, account_name
from app.core.records import Page
from app.core.redaction import redactor
from app.core.storage.connection import pairs
from app.core.storage.index_scan import page

if TYPE_CHECKING:
    from app.core.clock import Clock
    from app.core.messaging.lateness import DeliveryTime
    from app.core.queue import Queue
    from app.core.redis_client import RedisLink
    from app.core.storage.keys import Keys
    from app.core.storage.scripts import Scripts

__all__ = ["OUTBOX_TRANSITIONS", "InboxMessage", "Outbox", "OutboxEntry", "OutboxState", "SettleWord"]

SettleWord = Literal["OK", "LOST", "NOT_FOUND"]
ReportWord = Literal["OK", "STALE", "EARLY"]
Settlement = Literal[OutboxState.DELIVERED, OutboxState.FAILED, OutboxState.UNKNOWN, OutboxState.PENDING]

INBOX_KEEPS = 1_000
INBOX_AT_ONCE = 32
SENDER_PATIENCE_MS = 120_000
"""Twice as long as a lost reply is asked for again. After it, no sender is still sending its message."""
MAX_ERROR_CHARS = 1_000
_EXPIRED = packed(EXPIRED_WORDS)
COUNTED_AT_ONCE, MOST_COUNTED = 500, 5_000
# Other key families start with these words, and an id is the rest of a key.
_ENTRY_ID = re.compile(r"(?!(?:due|sending|state):)[!-~]{1,200}")


@dataclass(frozen=True, slots=True)
class MessageCounts:
    """Messages by state; `complete` is False if there are more than are read."""

    by_state: dict[str, int]
    complete: bool


class Outbox:
    """Stores messages, takes and settles them, and reads their states."""

    def __init__(self, link: RedisLink, scripts: Scripts, keys: Keys, clock: Clock) -> None:
        self._link = link
        self._scripts = scripts
        self._keys = keys
        self._clock = clock

    async def put(
        self,
        entry_id: str,
        channel: str,
        account_id: str,
        to: str,
        text: str,
        *,
        job_id: str = "",
        run_id: str = "",
        buttons: Sequence[Button] = (),
        time: DeliveryTime | None = None,
    ) -> OutboxEntry:
        """Store a message, once per id; OutboxMismatch if the id has another content already."""
        arguments = put_arguments(
            entry_id, account_name(channel, account_id), to, text, buttons=buttons, time=time
        )
        # Not under a lease: the number identifies this call.
        answer = await self._scripts.run(
            "outbox/put", run=run_id, lease="", call=new_id(self._clock), job=job_id, **arguments
        )
        return entry_of_answer(entry_id, answer)

    async def get(self, entry_id: str) -> OutboxEntry | None:
        if _ENTRY_ID.fullmatch(entry_id) is None:
            return None
        fields = await self._link.hash(self._keys.outbox(entry_id))
        return entry_of(entry_id, fields) if fields else None

    async def find_many(self, state: OutboxState | None, cursor: int | None, limit: int) -> Page[OutboxEntry]:
        """Return messages, newest first, after the cursor, in one state or in all."""
        states = list(OutboxState) if state is None else [state]
        indexes = [self._keys.outbox_state(each) for each in states]
        return await page(self._link, indexes, cursor, limit, self._entries)

    async def counts(self, from_ms: int, to_ms: int) -> MessageCounts:
        """Return how many messages were stored in a period, by their present state, of the newest 5,000."""
        counts: Counter[str] = Counter()
        cursor: int | None = None
        for _turn in range(MOST_COUNTED // COUNTED_AT_ONCE):
            found = await self.find_many(None, cursor, COUNTED_AT_ONCE)
            counts.update(each.state.value for each in found.items if from_ms <= each.created_at < to_ms)
            cursor = found.next_cursor
            if cursor is None or (found.items and found.items[-1].created_at < from_ms):
                return MessageCounts(dict(counts), complete=True)
        return MessageCounts(dict(counts), complete=False)

    async def take(self, channel: str, account_id: str, send_id: str) -> OutboxEntry | None:
        """Take the oldest due message of an account and mark it as sending; None if there is none.

        `send_id` is `<owner>:<n>`; the owner is `<instance>` or `<instance>/<task>`. A repeat with the same
        id returns the same message.
        """
        answer = await self._scripts.run(
            "outbox/take", account=account_name(channel, account_id), send=send_id, failure=_EXPIRED
        )
        return entry_of(answer[1], pairs(answer[2])) if answer[0] == "OK" else None

    async def next_due(self, channel: str, account_id: str) -> float | None:
        """Return the instant from which the next message of an account is due, ms; None if there is none."""
        due = self._keys.outbox_due(account_name(channel, account_id))
        found = await self._link.call("ZRANGE", due, 0, 0, "WITHSCORES")
        return float(found[1]) if found else None

    async def waiting(self, channel: str, account_id: str, entry_ids: Sequence[str]) -> set[str]:
        """Return those of these messages that are pending."""
        due = self._keys.outbox_due(account_name(channel, account_id))
        found = await self._link.call("ZMSCORE", due, *entry_ids)
        return {entry_id for entry_id, at in zip(entry_ids, found, strict=True) if at is not None}

    async def settle(
        self,
        entry_id: str,
        send_id: str,
        state: Settlement,
        *,
        provider_id: str | None = None,
        error: str | None = None,
        error_code: str | None = None,
        retry_at: int | None = None,
        reported: bool = False,
    ) -> SettleWord:
        """Settle a message taken with `send_id`; PENDING puts it back until `retry_at` (ms).

        `reported`: the remote side will report on it later, by the provider's id.
        """
        failure = packed(cut(masked(error or "", redactor.text), MAX_ERROR_CHARS))
        return await self._scripts.run(
            "outbox/settle",
            message=entry_id,
            send=send_id,
            state=state.value,
            provider_id=provider_id or "",
            failure=failure,
            code=error_code or "",
            due="" if retry_at is None else retry_at,
            has_receipt="1" if reported else "",
        )

    async def report(
        self, channel: str, account_id: str, said: ProviderReport, *, has_template: bool = False
    ) -> ReportWord:
        """Store the remote side's report on a message that it took; a reported failure makes it `failed`.

        If it failed only because it was free text, and the account has a template, it is sent again as that.
        """
        failure = packed(cut(masked(said.error, redactor.text), MAX_ERROR_CHARS))
        return await self._scripts.run(
            "outbox/provider_report",
            account=account_name(channel, account_id),
            provider_id=said.provider_id,
            state=said.state.value,
            at=said.at,
            failure=failure,
            code=_failure_code(said, has_template),
        )

    async def orphans(self, channel: str, account_id: str, owner: str) -> list[str]:
        """Mark messages that an account's earlier senders left unfinished as `unknown`; return them."""
        name = account_name(channel, account_id)
        return await self._scripts.run(
            "outbox/expire_senders", account=name, owner=owner, patience_ms=SENDER_PATIENCE_MS
        )

    async def sweep(self) -> int:
        """Do the same for all accounts, of all connectors, also after a crash; return how many changed."""
        sending = self._keys.outbox_state(OutboxState.SENDING)
        oldest = await self._link.call("ZRANGE", sending, 0, 255)
        names = await self._link.calls([("HGET", self._keys.outbox(each), "account") for each in oldest])
        accounts = sorted({name for name in names if name})
        found = [
            await self._scripts.run(
                "outbox/expire_senders", account=each, owner="", patience_ms=SENDER_PATIENCE_MS
            )
            for each in accounts
        ]
        return sum(len(turned) for turned in found)

    async def resend(self, entry_id: str, act_id: str | None = None) -> OutboxEntry:
        """Send a failed or unknown message again; MessageNotFound, StateConflict."""
        _require_id(entry_id)
        word = await self._scripts.run("outbox/resend", message=entry_id, act=act_id or new_id(self._clock))
        return await self._decided(entry_id, word)

    async def close(self, entry_id: str, actor: str) -> OutboxEntry:
        """Close a message as failed, code `closed`; MessageNotFound, StateConflict."""
        _require_id(entry_id)
        error = _("Closed by {actor}.", actor=actor)
        return await self._decided(
            entry_id, await self._scripts.run("outbox/close", message=entry_id, failure=packed(error))
        )

    async def deliver_to_inbox(self, account_id: str = SANDBOX_ACCOUNT) -> int:
        """Move due messages of a sandbox account into the inbox, 32 at most; return how many."""
        name = account_name(SANDBOX_CHANNEL, account_id)
        _, done = await self._scripts.run(
            "outbox/deliver_to_inbox",
            account=name,
            page_size=INBOX_AT_ONCE,
            max_kept=INBOX_KEEPS,
            failure=_EXPIRED,
        )
        return len(done)

    async def inbox(self, limit: int, cursor: str | None = None) -> tuple[list[InboxMessage], str | None]:
        """Return messages of the inbox, newest first, after the cursor, and the next cursor."""
        if cursor is not None and not cursor.strip("0-"):
            # Redis refuses to read before its first id.
            return [], None
        end = "+" if cursor is None else f"({cursor}"
        entries = await self._link.call("XREVRANGE", self._keys.inbox, end, "-", "COUNT", limit + 1)
        shown = [inbox_message_of(place, pairs(flat)) for place, flat in entries[:limit]]
        return shown, shown[-1].id if len(entries) > limit else None

    async def _entries(self, ids: list[str]) -> dict[str, OutboxEntry]:
        hashes = await self._link.hashes(self._keys.outbox(entry_id) for entry_id in ids)
        return {name: entry_of(name, fields) for name, fields in zip(ids, hashes, strict=True) if fields}

    async def _decided(self, entry_id: str, word: str) -> OutboxEntry:
        entry = await self.get(entry_id)
        if entry is None or word == "NOT_FOUND":
            raise MessageNotFound(entry_id)
        if word == "STATE":
            raise StateConflict(
                _(
                    "Message {entry_id!r} is {state}: this is not for it.",
                    entry_id=entry_id,
                    state=entry.state,
                )
            )
        return entry


def _failure_code(said: ProviderReport, has_template: bool) -> str:
    if not said.needs_template:
        return "provider_failed"
    return "by_template" if has_template else "template_needed"


def _require_id(entry_id: str) -> None:
    if _ENTRY_ID.fullmatch(entry_id) is None:
        raise MessageNotFound(entry_id[:200])


def put_arguments(
    entry_id: str,
    account: str,
    to: str,
    text: str,
    *,
    again: bool = False,
    buttons: Sequence[Button] = (),
    time: DeliveryTime | None = None,
) -> dict[str, str]:
    """Return the arguments of `outbox/put` without run, lease, call and job."""
    check_entry_id(entry_id)
    arguments = {
        "message": entry_id,
        "account": account,
        "recipient": to,
        "body": text,
        "digest": digest_of(account, to, text),
        "replaces": "1" if again else "",
    }
    if buttons or time is not None:
        pressed = [[each.text, each.data] for each in buttons]
        arguments["buttons"] = orjson.dumps(pressed).decode() if pressed else ""
    if time is not None:
        expires = "" if time.expires_at is None else str(time.expires_at)
        arguments |= {"slot": str(time.due_at), "expires": expires, "failure": _EXPIRED}
    return arguments


def check_entry_id(entry_id: str) -> None:
    """Raise InvalidInput if a message cannot have this id."""
    if _ENTRY_ID.fullmatch(entry_id) is None:
        raise InvalidInput("a message's id has 1 to 200 printable ASCII characters without blanks")


def other_message(entry_id: str) -> OutboxMismatch:
    """Return the error of a message whose id is that of another one."""
    return OutboxMismatch(
        _(
            "Message {entry_id!r} was laid in before and is another one: an attempt must send "
            "the same messages in the same order as the one before it.",
            entry_id=entry_id,
        )
    )


def entry_of_answer(entry_id: str, answer: list[Any]) -> OutboxEntry:
    """Return the entry that `outbox/put` returns; OutboxMismatch."""
    if answer[0] == "MISMATCH":
        raise other_message(entry_id)
    return entry_of(entry_id, pairs(answer[1]))


# Retention of the outbox: removes old messages, and ends messages whose time is over.

KEEP_MS = 7 * 86_400_000
PAGE = 200
PAGES_A_ROUND = 10
# Unknown outcomes wait for a person, without limit.
_ENDED = (OutboxState.DELIVERED, OutboxState.FAILED)


class OutboxRetention:
    """Removes messages that ended 7 days ago and whose run is gone, page by page through the index."""

    def __init__(self, queue: Queue) -> None:
        self._queue = queue
        self._expire_after = "0"

    async def purge(self) -> int:
        """Check the next 2,000 messages of each state; return how many were removed."""
        return sum([await self._purge_state(state) for state in _ENDED])

    async def expire(self) -> int:
        """End pending messages whose time is over, of the next 2,000; return how many.

        A connector does the same before it sends; this finds those of accounts that none serves.
        """
        expired = 0
        for _turn in range(PAGES_A_ROUND):
            count, following = await self._queue.scripts.run(
                "outbox/expire", after_seq=self._expire_after, page_size=PAGE, failure=_EXPIRED
            )
            expired += count
            self._expire_after = following or "0"
            if not following:
                break
        return expired

    async def _purge_state(self, state: OutboxState) -> int:
        # Messages of stored runs stay, so a round continues at the end of the one before it.
        link, meta, field = self._queue.link, self._queue.keys.meta, f"outbox_cursor|{state}"
        start = await link.call("HGET", meta, field) or "0"
        before = self._queue.clock.now_ms() - KEEP_MS
        removed = 0
        for _turn in range(PAGES_A_ROUND):
            count, following = await self._queue.scripts.run(
                "outbox/purge", state=state.value, after_seq=start, page_size=PAGE, settled_before=before
            )
            removed += count
            start = following or "0"
            if not following:
                break
        await self._queue.scripts.run("deployment/store_cursor", field=field, value=start)
        return removed
