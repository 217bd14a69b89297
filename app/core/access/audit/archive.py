"""All of the audit for a full backup, and its way back into Redis, so that the chains still verify.

An archive is a sequence of JSON objects, `keys` first:

    {"kind": "keys", "keys": {"<fingerprint>": "<hex>"}}     keys of MACs: secret, for a sealed archive only
    {"kind": "head", "log": "acts", "head": "<signed text>"} before the entries of its log
    {"kind": "entry", "log": "acts", "entry": [position, number, key, previous, mac, act]}
    {"kind": "old", "log": "done", "entry": "<act>", "seq": 7}  of versions before the chain
"""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from app.core.access.audit.acts import AuditLog
from app.core.access.audit.chain import (
    AuditEntry,
    ChainBreak,
    ChainHead,
    ChainKeys,
    link_acts,
    pack_head,
    read_entry,
    read_head,
    unpack_head,
)
from app.core.access.audit.chain_keys import AuditKeys
from app.core.access.audit.log import read_stored_head
from app.core.access.audit.store import OLD_LOGS
from app.core.errors import Conflict, InvalidInput
from app.core.i18n import _
from app.core.storage.connection import scores
from app.core.storage.scripts import flat

if TYPE_CHECKING:
    from app.core.clock import Clock
    from app.core.config import Settings
    from app.core.redis_client import RedisLink
    from app.core.storage.scripts import Scripts

PAGE = 1_000
_STAGED_AT_ONCE = 100
_TRIES = 20


async def read_archive(
    link: RedisLink, scripts: Scripts, settings: Settings
) -> AsyncIterator[dict[str, Any]]:
    """Yield all of the audit as it is stored. The first object holds keys: seal it."""
    names, keys = scripts.keys, AuditKeys(settings)
    await keys.read_earlier(link, names)
    known = {**keys.known.earlier, **keys.known.own}
    yield {"kind": "keys", "keys": {key_id: key.hex() for key_id, key in known.items()}}
    for log in AuditLog:
        stored = await read_stored_head(scripts, log)
        if not stored.text and not stored.last_id:
            continue
        yield {"kind": "head", "log": log, "head": stored.text}
        head = read_head(stored.text) if stored.text else None
        # Later entries are of a later head.
        start, end = "-", f"{head.position}-0" if head else "+"
        while page := await link.call("XRANGE", names.audit_log(log), start, end, "COUNT", PAGE):
            for entry_id, fields in page:
                entry = read_entry(entry_id, fields)
                if entry is not None:
                    yield {"kind": "entry", "log": log, "entry": list(entry)}
            start = f"({page[-1][0]}"
    for old in OLD_LOGS:
        flat_scores = await link.call("ZRANGE", names.audit(old), 0, -1, "WITHSCORES")
        for text, seq in scores(flat_scores).items():
            yield {"kind": "old", "log": old, "entry": text, "seq": seq}


@dataclass(slots=True)
class RestoredAudit:
    """What a restore has stored."""

    entries: dict[str, int] = field(default_factory=dict[str, int])
    """Entries by log."""
    old: int = 0
    kept: int = 0
    """Entries that were here before; they follow the restored ones."""


class AuditRestore:
    """Puts an archive back: `add` each object in its order, then `finish`.

    The chain of the archive takes the place of the one that is here; entries that are here already are
    appended to it once more, so nothing is lost. May be done again.
    """

    def __init__(self, link: RedisLink, scripts: Scripts, clock: Clock, settings: Settings) -> None:
        self._link = link
        self._scripts = scripts
        self._names = scripts.keys
        self._clock = clock
        self._keys = AuditKeys(settings)
        self._stage = secrets.token_hex(8)
        self._heads: dict[AuditLog, str] = {}
        self._waiting: dict[AuditLog, list[AuditEntry]] = {}
        self._macs: dict[AuditLog, set[str]] = {log: set() for log in AuditLog}
        self._last: dict[AuditLog, AuditEntry] = {}
        self._done = RestoredAudit()

    async def add(self, record: dict[str, Any]) -> None:
        """Take the next object of the archive; InvalidInput if it is none."""
        try:
            match record["kind"]:
                case "keys":
                    keys = {str(name): bytes.fromhex(text) for name, text in record["keys"].items()}
                    await self._keys.seal_all(self._link, self._names, keys)
                case "head":
                    self._heads[AuditLog(record["log"])] = str(record["head"])
                case "entry":
                    await self._add_entry(AuditLog(record["log"]), AuditEntry(*record["entry"]))
                case "old" if record["log"] in OLD_LOGS:
                    key = self._names.audit(record["log"])
                    await self._link.call("ZADD", key, int(record["seq"]), str(record["entry"]))
                    self._done.old += 1
                case kind:
                    raise InvalidInput(_("an audit archive has no record of kind {kind!r}.", kind=str(kind)))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            seen = _("this is no record of an audit archive: {error}", error=repr(error))
            raise InvalidInput(seen) from error

    async def finish(self) -> RestoredAudit:
        """Put the restored chains in their place; Conflict if writers are always faster."""
        for log, text in self._heads.items():
            await self._send(log)
            await self._replace(log, text)
        return self._done

    async def _add_entry(self, log: AuditLog, entry: AuditEntry) -> None:
        waiting = self._waiting.setdefault(log, [])
        waiting.append(entry)
        self._macs[log].add(entry.mac)
        self._last[log] = entry
        if len(waiting) >= _STAGED_AT_ONCE:
            await self._send(log)

    async def _send(self, log: AuditLog) -> None:
        waiting = self._waiting.pop(log, [])
        if waiting:
            await self._stage_entries(log, waiting)
            self._done.entries[log] = self._done.entries.get(log, 0) + len(waiting)

    async def _stage_entries(self, log: AuditLog, entries: list[AuditEntry]) -> None:
        for start in range(0, len(entries), _STAGED_AT_ONCE):
            rows = flat(entries[start : start + _STAGED_AT_ONCE])
            await self._scripts.run("access/stage_audit", *rows, stage=self._stage_of(log))

    def _stage_of(self, log: AuditLog) -> str:
        return f"restore.{self._stage}.{log}"

    async def _replace(self, log: AuditLog, text: str) -> None:
        head = unpack_head(log, text, self._with_archived()) if text else None
        head = head or self._unproven(log, text)
        stage, floor = self._names.audit_log(self._stage_of(log)), head.position
        self._keys.refresh(again=True)
        for _turn in range(_TRIES):
            here = await read_stored_head(self._scripts, log)
            current = read_head(here.text) if here.text else None
            if current is not None and current.chain == head.chain and current.number >= head.number:
                # This very chain is here and has gone on: there is nothing to restore.
                await self._link.call("DEL", stage)
                return
            key_id = self._keys.known.to_sign(here.sealing_key)
            key, acts = self._keys.known.own[key_id], await self._acts_here(log)
            after = replace(head, position=floor, replaces=current.chain if current else "")
            now_ms = self._clock.now_ms()
            kept, after = link_acts(after, log, acts, key_id=key_id, key=key, now_ms=now_ms)
            await self._stage_entries(log, kept)
            word = await self._scripts.run(
                "access/restore_audit",
                log=log,
                stage=self._stage_of(log),
                seen=here.text,
                head=pack_head(log, after, key_id, key),
            )
            if word != "CHANGED":
                self._done.kept += len(kept)
                return
            if kept:
                await self._link.call("XDEL", stage, *(f"{each.position}-0" for each in kept))
                floor = after.position
        raise Conflict(_("The audit log is being written all the time: try again."))

    async def _acts_here(self, log: AuditLog) -> list[str]:
        """Return the acts of entries that are here and not in the archive."""
        found = await self._link.call("XRANGE", self._names.audit_log(log), "-", "+")
        entries = [entry for entry_id, fields in found if (entry := read_entry(entry_id, fields)) is not None]
        return [entry.act for entry in entries if entry.mac not in self._macs[log]]

    def _unproven(self, log: AuditLog, text: str) -> ChainHead:
        """Return a head for entries whose own has no valid signature: they are restored, with a break."""
        head, last = (read_head(text) if text else None) or ChainHead.first(""), self._last.get(log)
        if last is not None:
            head = replace(head, number=last.number, position=last.position, mac=last.mac)
        return head.broken(ChainBreak(head.number, head.position, "head not signed by this deployment", ""))

    def _with_archived(self) -> ChainKeys:
        """Return the keys with those of the archive as own ones: its heads are signed by one of them."""
        known = self._keys.known
        return ChainKeys({**known.own, **known.earlier}, {})
