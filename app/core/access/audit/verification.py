"""Verifies the chains of the audit, and remembers on this machine how far they had come."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeAlias, cast

import orjson

from app.core.access.audit.acts import AuditLog
from app.core.access.audit.chain import (
    AuditEntry,
    ChainCheck,
    ChainHead,
    ChainProblem,
    open_problems,
    read_entry,
    read_head,
    unpack_head,
)
from app.core.access.audit.chain_keys import AuditKeys
from app.core.access.audit.log import StoredHead, limit_bytes, read_stored_head
from app.core.access.audit.store import OLD_LOGS, SINK_FIELD, instant_of

if TYPE_CHECKING:
    from pathlib import Path

    from app.core.config import Settings
    from app.core.redis_client import RedisLink
    from app.core.storage.scripts import Scripts

_Seen: TypeAlias = "dict[str, Any]"
"""The head of a log as it was remembered: `number`, `mac`, `at`."""
PAGE = 1_000
MAX_PROBLEMS = 20
"""Problems of a log that a report names; the others are counted."""
_TRIES = 5
_FILE = "audit.verified"


@dataclass(slots=True)
class LogReport:
    """What one log has, and what is broken in it."""

    log: AuditLog
    entries: int = 0
    oldest_at: int = 0
    """Epoch milliseconds; 0 if it is empty."""
    newest_at: int = 0
    bytes: int = 0
    limit_bytes: int = 0
    head: ChainHead = field(default_factory=lambda: ChainHead.first(""))
    problems: list[ChainProblem] = field(default_factory=list["ChainProblem"])
    """The first ones that no person has accepted."""
    problem_count: int = 0

    @property
    def is_over(self) -> bool:
        """Return whether protected entries are beyond their share; they are kept."""
        return self.log is AuditLog.PROTECTED and self.bytes > self.limit_bytes


@dataclass(slots=True)
class AuditReport:
    """The outcome of a verification."""

    logs: list[LogReport]
    unchained: int
    """Entries of earlier versions, which have no chain."""
    unreadable_keys: list[str]
    """Fingerprints of earlier secret keys that no key of this machine opens."""
    sink_failure: dict[str, Any] | None
    """The last failure of AUDIT_SINK: `at`, `host`, `reason`, `lost`."""

    @property
    def is_whole(self) -> bool:
        """Return whether nothing is broken."""
        return not any(log.problem_count for log in self.logs)


class AuditVerifier:
    """Reads all logs and checks them. Writes nothing to Redis."""

    def __init__(self, link: RedisLink, scripts: Scripts, settings: Settings) -> None:
        self._link = link
        self._scripts = scripts
        self._names = scripts.keys
        self._settings = settings
        self.keys = AuditKeys(settings)
        self._file = settings.data_dir / _FILE

    async def verify(self) -> AuditReport:
        """Check every entry of every log."""
        unreadable = await self.keys.read_earlier(self._link, self._names)
        seen = self.read_remembered()
        logs = [await self._log(name, seen.get(name, {})) for name in AuditLog]
        old = await self._link.calls([("ZCARD", self._names.audit(name)) for name in OLD_LOGS])
        failure = await self._link.call("HGET", self._names.audit_heads, SINK_FIELD)
        return AuditReport(logs, sum(old), unreadable, _object(failure))

    def remember(self, report: AuditReport) -> None:
        """Keep the heads of a verification on this machine; the next one looks for them. Raises OSError."""
        heads = {
            each.log.value: {"number": each.head.number, "mac": each.head.mac, "at": each.newest_at}
            for each in report.logs
        }
        _replace(self._file, orjson.dumps(heads))

    def forget(self) -> None:
        """Drop what this machine remembers, such as after a restore. Raises OSError."""
        self._file.unlink(missing_ok=True)

    def read_remembered(self) -> dict[str, _Seen]:
        """Return the heads of the last verification on this machine; empty if there was none."""
        try:
            found = _object(self._file.read_text("utf-8")) or {}
        except (OSError, UnicodeDecodeError):
            return {}
        return {name: each for name, each in found.items() if isinstance(each, dict)}

    async def _log(self, name: AuditLog, seen: _Seen) -> LogReport:
        for turn in range(_TRIES):
            stored = await read_stored_head(self._scripts, name)
            report = await self._once(name, stored, seen)
            # Meanwhile old entries may have been removed, which makes another head.
            if not report.problem_count or turn == _TRIES - 1:
                return report
            again = await read_stored_head(self._scripts, name)
            if again.text == stored.text:
                return report
        raise AssertionError  # the last turn returns

    async def _once(self, name: AuditLog, stored: StoredHead, seen: _Seen) -> LogReport:
        report = LogReport(name, limit_bytes=limit_bytes(name, self._settings))
        head = unpack_head(name, stored.text, self.keys.known) if stored.text else None
        problems: list[ChainProblem] = []
        if head is None:
            claimed = (read_head(stored.text) if stored.text else None) or ChainHead.first("")
            if stored.text or stored.last_id:
                reason = "head not signed by this deployment" if stored.text else "no head"
                problems.append(ChainProblem(max(1, claimed.number), claimed.position, reason))
            # A head without a signature accepts nothing.
            head = replace(claimed, accepted=0)
        report.head, report.bytes = head, head.bytes
        mac = await self._entries(name, head, report, problems, seen)
        problems += _tail_problems(head, stored)
        problems += _seen_problems(head, seen, mac)
        found = list(open_problems(head, problems))
        report.problems, report.problem_count = found[:MAX_PROBLEMS], len(found)
        return report

    async def _entries(
        self, name: AuditLog, head: ChainHead, report: LogReport, problems: list[ChainProblem], seen: _Seen
    ) -> str:
        """Check the entries up to the head; return the MAC of the entry that was remembered."""
        check, start, remembered = ChainCheck(name, head, self.keys.known), "-", ""
        wanted = seen.get("number")
        stream, end = self._names.audit_log(name), f"{head.position}-0"
        while True:
            page = await self._link.call("XRANGE", stream, start, end, "COUNT", PAGE)
            for entry_id, fields in page:
                entry = check.add(entry_id, fields)
                at = instant_of(int(entry_id.partition("-")[0]))
                report.oldest_at, report.newest_at = report.oldest_at or at, at
                if entry is not None and entry.number == wanted:
                    remembered = entry.mac
            if len(page) < PAGE:
                break
            start = f"({page[-1][0]}"
        check.end()
        report.entries = check.entries
        problems += check.problems
        return remembered


def _tail_problems(head: ChainHead, stored: StoredHead) -> list[ChainProblem]:
    position = int(stored.last_id.partition("-")[0] or 0) if stored.last_id else 0
    if position <= head.position and (position or head.number == head.removed):
        return []
    if position > head.position:
        last: AuditEntry | None = read_entry(stored.last_id, stored.last)
        return [ChainProblem(head.number + 1, position, "inserted", last.act if last else "")]
    return []


def _seen_problems(head: ChainHead, seen: _Seen, mac: str) -> list[ChainProblem]:
    """Compare with the head that an earlier verification on this machine has seen."""
    number = seen.get("number")
    if not isinstance(number, int) or number == 0 or number <= head.removed:
        return []
    if number > head.number:
        return [ChainProblem(head.number + 1, head.position, "missing: an earlier verification saw more")]
    if mac != seen.get("mac"):
        return [ChainProblem(number, head.position, "another entry than an earlier verification saw")]
    return []


def _object(text: str | None) -> dict[str, Any] | None:
    try:
        found: Any = orjson.loads(text) if text else None
    except ValueError:
        return None
    return cast("dict[str, Any]", found) if isinstance(found, dict) else None


def _replace(path: Path, content: bytes) -> None:
    """Write a file of mode 0600 as a whole."""
    staged = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(staged, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        staged.replace(path)
    finally:
        staged.unlink(missing_ok=True)
