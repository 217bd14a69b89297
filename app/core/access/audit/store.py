"""Writes and reads the audit of a deployment."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

import orjson

from app.core.access.audit.acts import (
    AuditedAction,
    AuditFilter,
    AuditLog,
    AuditRecord,
    log_of,
    pack_act,
    unpack_act,
)
from app.core.access.audit.chain import MICRO, AuditEntry, ChainHead
from app.core.access.audit.chain_keys import AuditKeys
from app.core.access.audit.log import ChainedLog, read_stored_head
from app.core.access.audit.sink import AuditSink, writer_of
from app.core.clock import DAY_MS
from app.core.errors import MultiJobError
from app.core.ids import new_id
from app.core.observability import get_logger
from app.core.records import Page
from app.core.storage.connection import scores

if TYPE_CHECKING:
    from app.core.clock import Clock
    from app.core.config import Settings
    from app.core.redis_client import Command, RedisLink
    from app.core.storage.keys import Keys
    from app.core.storage.scripts import Scripts

PAGE = 200
MAX_PAGES = 100
"""Pages that one request looks through; a filter with few matches goes on from its cursor."""
OLD_LOGS = ("done", "refused")
"""The logs of earlier versions: without a chain, read as long as they are kept."""
SINK_FIELD = "sink"
_REMOVED_AT_ONCE = 500

log = get_logger(__name__)


class Audit:
    """The audit of a deployment, as one process writes and reads it."""

    def __init__(
        self, link: RedisLink, scripts: Scripts, keys: Keys, clock: Clock, settings: Settings
    ) -> None:
        self._link = link
        self._scripts = scripts
        self._keys = keys
        self._clock = clock
        self._settings = settings
        self._audit_keys = AuditKeys(settings)
        self._logs = {
            name: ChainedLog(
                name, link, scripts, clock, settings, keys=self._audit_keys, on_stored=self._stored
            )
            for name in AuditLog
        }
        self._sink: AuditSink | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._noting: asyncio.Task[None] | None = None
        self._sink_lost = 0
        self.sink_failure = ""
        """The last failure of AUDIT_SINK in this process."""

    async def write(self, act: AuditedAction, lost: int = 0) -> None:
        """Store an action, without secrets; `lost` is the number of unwritten ones before it."""
        text = pack_act(new_id(self._clock), self._clock.now_ms(), act)
        await self._logs[log_of(act)].append(text, lost)

    async def append_stored(self, name: AuditLog, act: str) -> None:
        """Store an act in its stored form once more, at the end of a log."""
        await self._logs[name].append(act)

    async def close(self) -> None:
        """Write what waits for AUDIT_SINK, and count what it has lost."""
        if self._sink is not None:
            await asyncio.to_thread(self._sink.close)
            await asyncio.sleep(0)
            if self._noting is not None:
                await self._noting

    async def remove_old(self) -> int:
        """Remove entries beyond AUDIT_DAYS and AUDIT_MAX_MB; return how many."""
        removed = [await each.remove_old() for each in self._logs.values()]
        return sum(removed) + await self._remove_old_of_earlier_versions()

    async def renew_seals(self) -> int:
        """Sign all heads with the current secret key, and seal the earlier keys; return how many heads.

        For a change of SECRET_KEY, while the previous secret is still known. May be done again.
        """
        await self._audit_keys.seal_all(self._link, self._keys)
        signed = 0
        for name, each in self._logs.items():
            if (await read_stored_head(self._scripts, name)).text:
                await each.update_head(lambda head: head)
                signed += 1
        return signed

    async def accept_problems(self, names: Iterable[AuditLog]) -> None:
        """Note that a person knows what is broken in these logs up to now."""
        for name in names:
            await self._logs[name].update_head(_accepted)

    async def list(self, audit_filter: AuditFilter, after: int | None, limit: int) -> Page[AuditRecord]:
        """Return actions, newest first, after the cursor `after`."""
        found: list[AuditRecord] = []
        cursor = after
        for _ in range(MAX_PAGES):
            page = await self._page(cursor)
            for position, text in page:
                if len(found) == limit:
                    return Page(found, cursor)
                cursor = position
                record = _readable(text)
                if record is not None and audit_filter.accepts(record.act):
                    found.append(record)
            if len(page) < PAGE:
                return Page(found, None)
        return Page(found, cursor)

    async def _page(self, after: int | None) -> list[tuple[int, str]]:
        """Return the newest acts of all logs. Positions of the old logs are all below those of the new."""
        below, newest = ("+", "+inf") if after is None else (f"({after}-0", f"({after}")
        if after == 0:
            below = "0-0"  # a stream refuses what is below its least id
        reads: list[Command] = [
            *(("XREVRANGE", self._keys.audit_log(name), below, "-", "COUNT", PAGE) for name in AuditLog),
            *(
                ("ZREVRANGEBYSCORE", self._keys.audit(old), newest, "-inf", "WITHSCORES", "LIMIT", 0, PAGE)
                for old in OLD_LOGS
            ),
        ]
        answers = await self._link.calls(reads)
        rows: list[tuple[int, str]] = []
        for entries in answers[: len(AuditLog)]:
            rows += [(int(entry_id.partition("-")[0]), fields[-1]) for entry_id, fields in entries]
        for flat in answers[len(AuditLog) :]:
            rows += [(seq, text) for text, seq in scores(flat).items()]
        rows.sort(key=lambda row: -row[0])
        return rows[:PAGE]

    async def _remove_old_of_earlier_versions(self) -> int:
        oldest = self._clock.now_ms() - round(self._settings.audit_days * DAY_MS)
        removed = 0
        for old in OLD_LOGS:
            key = self._keys.audit(old)
            flat = await self._link.call("ZRANGE", key, 0, _REMOVED_AT_ONCE - 1, "WITHSCORES")
            last = 0
            for text, seq in scores(flat).items():
                record = _readable(text)
                if record is not None and record.at >= oldest:
                    break
                last = seq
            if last:
                removed += await self._link.call("ZREMRANGEBYSCORE", key, "-inf", last)
        return removed

    # AUDIT_SINK.

    def _stored(self, name: AuditLog, entries: list[AuditEntry]) -> None:
        if not self._settings.audit_sink:
            return
        if self._sink is None:
            self._loop = asyncio.get_running_loop()
            self._sink = AuditSink(writer_of(self._settings.audit_sink), self._sink_has_lost)
        for entry in entries:
            self._sink.write(sink_line(name, entry))

    def _sink_has_lost(self, count: int, reason: str) -> None:
        """Count lost lines; called in the sink's thread."""
        loop = self._loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(self._note_sink_failure, count, reason)

    def _note_sink_failure(self, count: int, reason: str) -> None:
        self._sink_lost += count
        self.sink_failure = reason
        if self._noting is None or self._noting.done():
            self._noting = asyncio.create_task(self._store_sink_failure(), name="audit sink failure")

    async def _store_sink_failure(self) -> None:
        while self._sink_lost:
            lost, self._sink_lost = self._sink_lost, 0
            fields = {
                "id": new_id(self._clock),
                "at": self._clock.now_ms(),
                "host": socket.gethostname(),
                "pid": os.getpid(),
                "lost": lost,
            }
            failure = orjson.dumps({**fields, "sink": self._settings.audit_sink, "reason": self.sink_failure})
            try:
                await self._scripts.run("access/note_audit_sink", failure=failure.decode(), lost=lost)
            except MultiJobError:
                # Counted with the next failure.
                self._sink_lost += lost
                log.exception("a failure of AUDIT_SINK was not counted", lost=lost)
                return


def sink_line(name: AuditLog, entry: AuditEntry) -> str:
    """Return an entry as a JSON line: the act, and its place in the chain."""
    act = orjson.loads(entry.act)
    chain = {"log": name, "number": entry.number, "previous": entry.previous, "mac": entry.mac}
    return orjson.dumps({**act, **chain, "position": entry.position, "key": entry.key}).decode()


def instant_of(position: int) -> int:
    """Return the instant of a position, epoch milliseconds."""
    return position // MICRO


def _accepted(head: ChainHead) -> ChainHead:
    return replace(head, accepted=max([head.number, *(each.number for each in head.breaks)]))


def _readable(text: str) -> AuditRecord | None:
    """Return a stored act; None if somebody changed it so that it is none (`audit verify` finds it)."""
    try:
        return unpack_act(text)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
