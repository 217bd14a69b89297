"""The audit log of a full backup: read with its chains, and put back so that they still verify."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import orjson

from app.core.access.audit import AuditLog
from app.core.access.audit.archive import AuditRestore, read_archive
from app.core.access.audit.chain import AuditEntry, read_entry
from app.core.access.audit.store import OLD_LOGS
from app.core.access.audit.verification import AuditVerifier

if TYPE_CHECKING:
    from app.core.clock import Clock
    from app.core.config import Settings
    from app.core.redis_client import Command, RedisLink
    from app.core.storage.keys import Keys
    from app.core.storage.scripts import Scripts

CHAIN, ENTRIES = "audit_chain", "audit"
"""The families of its records: keys and heads of the chains, and what is in them."""
ENTRIES_AT_ONCE = 500
_SAME, _CREATED = "SAME", "CREATED"


async def audit_records(
    link: RedisLink, scripts: Scripts, settings: Settings
) -> AsyncIterator[tuple[str, list[tuple[str, str]]]]:
    """Yield pages of one family in the order of the archive, each record with its name."""
    family, page = "", list[tuple[str, str]]()
    async for record in read_archive(link, scripts, settings):
        name, text = name_of(record), orjson.dumps(record).decode()
        of = CHAIN if record["kind"] in {"keys", "head"} else ENTRIES
        if page and (of != family or len(page) >= ENTRIES_AT_ONCE):
            yield family, page
            page = []
        family = of
        page.append((name, text))
    if page:
        yield family, page


def name_of(record: dict[str, Any]) -> str:
    """Return the name of a record, one for each; raises KeyError, TypeError or ValueError if it is none."""
    match record["kind"]:
        case "keys":
            return "keys"
        case "head":
            return f"head {AuditLog(record['log'])}"
        case "entry":
            return f"{AuditLog(record['log'])} {AuditEntry(*record['entry']).position}"
        case "old" if record["log"] in OLD_LOGS:
            return f"{record['log']} {int(record['seq'])}"
        case kind:
            raise ValueError(f"there is no record {kind!r} of an audit log")


def check_record(name: str, text: str) -> None:
    """Raise ValueError, KeyError or TypeError unless a text is the record of this name."""
    if name_of(orjson.loads(text)) != name:
        raise ValueError("it is another record of the audit log")


def is_of_audit(line: Any) -> bool:
    """Return whether a record of an export belongs to the audit log."""
    return getattr(line, "family", "") in {CHAIN, ENTRIES}


async def planned_entries(link: RedisLink, keys: Keys) -> int:
    """Return the approximate number of entries."""
    reads: list[Command] = [("XLEN", keys.audit_log(log)) for log in AuditLog]
    return sum(await link.calls([*reads, *(("ZCARD", keys.audit(log)) for log in OLD_LOGS)]))


@dataclass(slots=True)
class AuditPartWriter:
    """Restores the records of an audit log; with `writes` False it only compares them."""

    link: RedisLink
    scripts: Scripts
    clock: Clock
    settings: Settings
    writes: bool
    _restore: AuditRestore = field(init=False)
    _has_new: bool = False

    def __post_init__(self) -> None:
        self._restore = AuditRestore(self.link, self.scripts, self.clock, self.settings)

    async def words(self, texts: list[str]) -> list[str]:
        """Take the texts of records in the order of the file; return a `RestoreOutcome` for each."""
        records = [orjson.loads(text) for text in texts]
        found = await self.link.calls([self._read(record) for record in records])
        words = [self._word(record, seen) for record, seen in zip(records, found, strict=True)]
        self._has_new = self._has_new or _CREATED in words
        for record in records if self.writes else ():
            await self._restore.add(record)
        return words

    async def finish(self) -> None:
        """Put the restored chains in their place."""
        if not self.writes:
            return
        await self._restore.finish()
        if self._has_new:
            # What this machine remembers of an earlier chain would be a break of the restored one.
            AuditVerifier(self.link, self.scripts, self.settings).forget()

    def _read(self, record: dict[str, Any]) -> Command:
        keys = self.scripts.keys
        match record["kind"]:
            case "entry":
                place = f"{AuditEntry(*record['entry']).position}-0"
                return ("XRANGE", keys.audit_log(record["log"]), place, place)
            case "old":
                return ("ZSCORE", keys.audit(record["log"]), record["entry"])
            case _:
                return ("EXISTS", keys.audit_heads)

    def _word(self, record: dict[str, Any], seen: Any) -> str:
        if record["kind"] == "entry":
            entry = AuditEntry(*record["entry"])
            stored = read_entry(*seen[0]) if seen else None
            seen = stored is not None and stored.mac == entry.mac
        return _SAME if seen else _CREATED
