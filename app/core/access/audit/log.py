"""One log of the audit in Redis: appends entries to its chain and removes old ones."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from app.core.access.audit.acts import AuditLog
from app.core.access.audit.chain import (
    MICRO,
    AuditEntry,
    ChainBreak,
    ChainCheck,
    ChainHead,
    link_acts,
    pack_head,
    read_entry,
    read_head,
    unpack_head,
)
from app.core.clock import DAY_MS
from app.core.errors import Conflict
from app.core.i18n import _
from app.core.observability import get_logger
from app.core.storage.scripts import flat

if TYPE_CHECKING:
    from app.core.access.audit.chain_keys import AuditKeys
    from app.core.clock import Clock
    from app.core.config import Settings
    from app.core.redis_client import RedisLink
    from app.core.storage.scripts import Scripts

AT_ONCE = 100
"""Acts that one script stores; those of requests that wait at the same time share it."""
MAX_TRIES = 1_000
REMOVED_AT_ONCE = 500
# Down to this share of the limit, so that not each entry removes another one.
_ROOM = 0.98
_WAIT_SEC = 0.005
_SHARES = {AuditLog.PROTECTED: 0.5, AuditLog.ACTS: 0.4375, AuditLog.REFUSED: 0.0625}
_MEGABYTE = 1_048_576
_WARN_EACH_SEC = 600.0

OnStored = Callable[[AuditLog, "list[AuditEntry]"], None]
"""Called with the entries that Redis has taken."""

log = get_logger(__name__)


def limit_bytes(name: AuditLog, settings: Settings) -> int:
    """Return the share of a log in AUDIT_MAX_MB."""
    return round(settings.audit_max_mb * _MEGABYTE * _SHARES[name])


class StoredHead(NamedTuple):
    """A head as Redis has it, the fingerprint of the key that seals now, and the newest entry."""

    text: str
    sealing_key: str
    last_id: str
    last: Sequence[str]


async def read_stored_head(scripts: Scripts, name: AuditLog) -> StoredHead:
    """Return the head and the newest entry of a log, of the same instant."""
    return StoredHead(*await scripts.run("access/read_audit", log=name))


@dataclass(slots=True)
class _Waiting:
    act: str
    lost: int
    stored: asyncio.Future[AuditEntry]


class ChainedLog:
    """A log as one process writes it. Processes agree by comparing the head."""

    def __init__(
        self,
        name: AuditLog,
        link: RedisLink,
        scripts: Scripts,
        clock: Clock,
        settings: Settings,
        *,
        keys: AuditKeys,
        on_stored: OnStored | None = None,
    ) -> None:
        self.name = name
        self._link = link
        self._scripts = scripts
        self._clock = clock
        self._settings = settings
        self._keys = keys
        self._on_stored = on_stored
        self._stream = scripts.keys.audit_log(name)
        self._writer = secrets.token_hex(8)
        self._limit = limit_bytes(name, settings)
        self._waiting: list[_Waiting] = []
        self._storing: asyncio.Task[None] | None = None
        self._one_at_a_time = asyncio.Lock()
        self._text: str | None = None
        """The head as last seen; None before it was read."""
        self._sealing_key = ""
        self._head: ChainHead | None = None
        """Its content; None if it is not known or cannot be trusted."""
        self._met: ChainHead | None = None
        """The last head that could be trusted."""
        self._owed: tuple[ChainBreak, ...] = ()
        """Breaks that this process has seen and not stored yet."""
        self._warned_at = float("-inf")

    async def append(self, act: str, lost: int = 0) -> AuditEntry:
        """Store an act and return its entry. Acts that wait at the same time share a round trip."""
        waiting = _Waiting(act, lost, asyncio.get_running_loop().create_future())
        self._waiting.append(waiting)
        if self._storing is None or self._storing.done():
            # A task of its own: a request that is cancelled stops no entry of others.
            self._storing = asyncio.create_task(self._store_waiting(), name=f"audit {self.name}")
        return await asyncio.shield(waiting.stored)

    async def remove_old(self) -> int:
        """Remove entries that are too old, or too many if others may push them out; return how many."""
        async with self._one_at_a_time:
            for _turn in range(MAX_TRIES):
                self._took(await read_stored_head(self._scripts, self.name))
                if self._head is None:
                    # The next entry notes why; nothing is removed without a head that can be trusted.
                    return 0
                removed = await self._remove(self._head)
                if removed is not None:
                    return removed
        return 0

    async def update_head(self, change: Callable[[ChainHead], ChainHead]) -> None:
        """Store the head that `change(head)` returns, signed by the key that seals now."""
        async with self._one_at_a_time:
            for turn in range(MAX_TRIES):
                head = await self._current()
                word = await self._commit(change(head), (), turn)
                if word in {"OK", "SAME"}:
                    return
        raise _busy()

    async def _store_waiting(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[:AT_ONCE], self._waiting[AT_ONCE:]
            try:
                async with self._one_at_a_time:
                    entries = await self._store(batch)
            except BaseException as error:
                for each in batch:
                    if not each.stored.done():
                        each.stored.set_exception(error)
                if isinstance(error, asyncio.CancelledError):
                    raise
                continue
            if self._on_stored is not None:
                self._on_stored(self.name, entries)
            for each, entry in zip(batch, entries, strict=True):
                if not each.stored.done():
                    each.stored.set_result(entry)
            await self._stay_within_limit()

    async def _store(self, batch: list[_Waiting]) -> list[AuditEntry]:
        lost = sum(each.lost for each in batch)
        for turn in range(MAX_TRIES):
            head = await self._current()
            key_id = self._keys.known.to_sign(self._sealing_key)
            entries, linked = link_acts(
                head,
                self.name,
                [each.act for each in batch],
                key_id=key_id,
                key=self._keys.known.own[key_id],
                now_ms=self._clock.now_ms(),
                after=self._keys.last_position,
            )
            over = len(entries) if self._is_over(linked) else 0
            word = await self._commit(linked, entries, turn, lost=lost, over=over)
            if word in {"OK", "SAME"}:
                self._keys.last_position = max(self._keys.last_position, linked.position)
                self._warn(linked)
                return entries
            if word == "BLOCKED":
                await self._break_off("entries behind the head")
        raise _busy()

    async def _current(self) -> ChainHead:
        """Return the head to go on from; starts or breaks the chain if there is none that can be trusted."""
        self._keys.refresh()
        if self._text is None:
            self._took(await read_stored_head(self._scripts, self.name))
        for _turn in range(MAX_TRIES):
            if self._head is not None:
                return self._head
            await self._break_off("no head" if not self._text else "head not signed by this deployment")
        raise _busy()

    async def _commit(
        self,
        head: ChainHead,
        entries: Sequence[AuditEntry],
        turn: int,
        *,
        lost: int = 0,
        over: int = 0,
        keep_from: str = "",
        dropped: int = 0,
    ) -> str:
        key_id = self._keys.known.to_sign(self._sealing_key)
        text = pack_head(self.name, head, key_id, self._keys.known.own[key_id])
        word, stored, sealing_key = await self._scripts.run(
            "access/audit",
            *flat(entries),
            log=self.name,
            seen=self._text or "",
            head=text,
            sealing_key=self._sealing_key,
            writer=self._writer,
            tries=turn,
            keep_from=keep_from,
            lost=lost,
            dropped=dropped,
            over=over,
        )
        if word == "OK":
            self._text, self._head, self._met, self._owed = text, head, head, ()
        else:
            self._took(StoredHead(stored, sealing_key, "", ()))
        if word == "WAIT":
            await asyncio.sleep(_WAIT_SEC)
        return word

    def _took(self, stored: StoredHead) -> None:
        """Take a head that another process has stored; one that cannot be trusted is not taken."""
        self._sealing_key = stored.sealing_key
        if stored.text == self._text and self._head is not None:
            return
        self._text = stored.text
        found = unpack_head(self.name, stored.text, self._keys.known) if stored.text else None
        if found is None and stored.text:
            self._keys.refresh(again=True)
            found = unpack_head(self.name, stored.text, self._keys.known)
        if found is not None:
            if self._met is not None and _went_back(self._met, found):
                self._owe(found.number + 1, "the head went back")
            self._met = found
            for each in self._owed:
                found = found.broken(each)
        self._head = found

    def _owe(self, number: int, reason: str) -> None:
        log.error("the audit log is broken", log=self.name, reason=reason, number=number)
        self._owed = (*self._owed, ChainBreak(number, self._clock.now_ms() * MICRO, reason, ""))

    async def _break_off(self, reason: str) -> None:
        """Go on with a new link behind all that is stored; the head remembers it.

        A log without entries and without a head that this process has met begins here. If another process has
        stored a head meanwhile, that one is taken and nothing is broken.
        """
        stored = await read_stored_head(self._scripts, self.name)
        if stored.text != self._text:
            self._took(stored)
            return
        self._sealing_key = stored.sealing_key
        if not stored.text and not stored.last_id and self._met is None:
            self._head = ChainHead.first(secrets.token_hex(8))
            return
        claimed = (read_head(stored.text) if stored.text else None) or ChainHead.first("")
        last = read_entry(stored.last_id, stored.last) if stored.last_id else None
        met = self._met.number if self._met else 0
        number = max(last.number if last else 0, met)
        link = secrets.token_hex(8)
        # Lost with the commit if another process was first: it has seen the same.
        found = ChainBreak(number + 1, self._clock.now_ms() * MICRO, reason, link)
        position = int(stored.last_id.partition("-")[0] or 0)
        # An unsigned head accepts nothing.
        head = replace(claimed, chain=link, number=number, position=position, mac=link, accepted=0)
        self._head = head.broken(found)
        log.error("the audit log is broken", log=self.name, reason=reason, number=number + 1)

    async def _stay_within_limit(self) -> None:
        """Remove the oldest entries beyond the limit; an error waits for the next entry."""
        head = self._head
        if head is None or self.name is AuditLog.PROTECTED or head.bytes <= self._limit:
            return
        try:
            async with self._one_at_a_time:
                await self._remove(head)
        except Exception:
            log.exception("old audit entries were not removed", log=self.name)

    async def _remove(self, head: ChainHead) -> int | None:
        """Remove what is due and return how many entries; None if another process was first."""
        found = await self._link.call("XRANGE", self._stream, "-", "+", "COUNT", REMOVED_AT_ONCE)
        if any(self._keys.known.find(fields[3]) is None for _id, fields in found if len(fields) > 3):  # noqa: PLR2004
            await self._keys.read_earlier(self._link, self._scripts.keys)
        oldest = (self._clock.now_ms() - round(self._settings.audit_days * DAY_MS)) * MICRO
        can_drop = self.name is not AuditLog.PROTECTED and head.bytes > self._limit
        excess = head.bytes - self._limit * _ROOM if can_drop else 0.0
        check, size, after = ChainCheck(self.name, head, self._keys.known), 0, head
        count, expired = 0, 0
        for entry_id, fields in found:
            position = int(entry_id.partition("-")[0])
            if position >= oldest and size >= excess:
                break
            entry = check.add(entry_id, fields)
            count += 1
            expired += position < oldest
            size += entry.size if entry else 0
            number, mac = (entry.number, entry.mac) if entry else (after.removed + 1, after.removed_mac)
            dropped_to = position if position >= oldest else after.dropped_to
            after = replace(after, removed=number, removed_mac=mac, dropped_to=dropped_to)
        if not count:
            return 0
        for problem in check.problems:
            noticed = self._clock.now_ms() * MICRO
            after = after.broken(ChainBreak(problem.number, noticed, f"removed: {problem.reason}", ""))
        after = replace(
            after,
            bytes=max(0, head.bytes - size),
            expired=head.expired + expired,
            dropped=head.dropped + count - expired,
            # What was broken among the entries that are gone goes with them.
            breaks=tuple(each for each in after.breaks if each.at >= oldest),
        )
        keep_from = f"{int(found[count - 1][0].partition('-')[0]) + 1}-0"
        word = await self._commit(after, (), 0, keep_from=keep_from, dropped=count - expired)
        return count if word in {"OK", "SAME"} else None

    def _is_over(self, head: ChainHead) -> bool:
        return self.name is AuditLog.PROTECTED and head.bytes > self._limit

    def _warn(self, head: ChainHead) -> None:
        now = self._clock.monotonic()
        if self._is_over(head) and now - self._warned_at >= _WARN_EACH_SEC:
            self._warned_at = now
            log.warning(
                "protected audit entries are beyond their share of AUDIT_MAX_MB; they are kept",
                bytes=head.bytes,
                limit=self._limit,
            )


def _went_back(met: ChainHead, found: ChainHead) -> bool:
    if found.chain == met.chain:
        return found.number < met.number
    # A restore names the chain that it replaces, and a break has the link of the new one.
    is_known = found.replaces == met.chain or any(each.link == found.chain for each in found.breaks)
    return met.number > 0 and not is_known


def _busy() -> Conflict:
    return Conflict(_("The audit log is being written all the time: try again."))
