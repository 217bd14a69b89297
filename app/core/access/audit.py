"""The audit log of actions, completed or refused, with actor and address.

There are two logs with a limit each. Anyone can send requests that are refused; they must not push out
entries of completed actions. Both are read as one, newest first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import orjson

from app.core.ids import new_id
from app.core.records import Page
from app.core.redaction import redactor
from app.core.storage.connection import scores

if TYPE_CHECKING:
    from app.core.clock import Clock
    from app.core.fields import Change
    from app.core.redis_client import Command, RedisLink
    from app.core.storage.keys import Keys
    from app.core.storage.scripts import Scripts

MAX_CHANGES = 50
MAX_VALUE_CHARS = 500
MAX_TEXT_CHARS = 200
PAGE = 200
# All stored entries, and one page for entries added meanwhile.
MAX_PAGES = 62


class AuditOutcome(StrEnum):
    """The outcome of an action."""

    OK = "ok"
    """It was done."""
    REFUSED = "refused"
    """It was not done: the response was a 4xx."""
    FAILED = "failed"
    """The response was a 5xx; it may have been done."""


KEPT = {"done": 10_000, "refused": 2_000}
"""The number of entries in each log, the newest."""


@dataclass(frozen=True, slots=True)
class AuditedAction:
    """A completed or attempted action. `origin` is the client's address, `cli` for the command line."""

    actor: str
    role: str
    action: str
    target: str
    outcome: AuditOutcome
    origin: str
    status: int | None = None
    trace_id: str = ""
    diff: Sequence[Change] = ()
    skipped: int = 0
    """The number of refusals before this one that were too many to be written."""


@dataclass(frozen=True, slots=True)
class AuditRecord:
    """A stored action; `at` in epoch milliseconds."""

    id: str
    at: int
    act: AuditedAction


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Conditions on actions, combined with AND. A target that ends in `:` matches all of its kind."""

    actor: str | None = None
    target: str | None = None

    def accepts(self, act: AuditedAction) -> bool:
        """True if an action matches."""
        if self.actor is not None and act.actor != self.actor:
            return False
        if self.target is None or act.target == self.target:
            return True
        return self.target.endswith(":") and act.target.startswith(self.target)


class Audit:
    """Writes and reads the audit of a deployment."""

    def __init__(self, link: RedisLink, scripts: Scripts, keys: Keys, clock: Clock) -> None:
        self._link = link
        self._scripts = scripts
        self._keys = keys
        self._clock = clock

    async def write(self, act: AuditedAction, lost: int = 0) -> None:
        """Store an action, without secrets; `lost` is the number of unwritten ones before it."""
        log = "refused" if act.outcome is AuditOutcome.REFUSED else "done"
        packed = _packed(new_id(self._clock), self._clock.now_ms(), act)
        await self._scripts.run("access/audit", log=log, entry=packed, max_entries=KEPT[log], lost=lost)

    async def list(self, audit_filter: AuditFilter, after: int | None, limit: int) -> Page[AuditRecord]:
        """Return actions, newest first, after the cursor `after`."""
        found: list[AuditRecord] = []
        cursor = after
        for _ in range(MAX_PAGES):
            page = await self._page(cursor)
            for seq, record in page:
                if len(found) == limit:
                    return Page(found, cursor)
                cursor = seq
                if audit_filter.accepts(record.act):
                    found.append(record)
            if len(page) < PAGE:
                return Page(found, None)
        return Page(found, cursor)

    async def _page(self, after: int | None) -> list[tuple[int, AuditRecord]]:
        newest = "+inf" if after is None else f"({after}"
        reads: list[Command] = [
            *(
                ("ZREVRANGEBYSCORE", self._keys.audit(log), newest, "-inf", "WITHSCORES", "LIMIT", 0, PAGE)
                for log in KEPT
            )
        ]
        rows: list[tuple[int, str]] = []
        for flat in await self._link.calls(reads):
            rows += [(seq, text) for text, seq in scores(flat).items()]
        rows.sort(key=lambda row: -row[0])
        return [(seq, _unpacked(text)) for seq, text in rows[:PAGE]]


def _packed(entry_id: str, at: int, act: AuditedAction) -> str:
    texts = {name: _text(getattr(act, name)) for name in ("actor", "action", "target", "origin")}
    diff = [_change(change) for change in act.diff[:MAX_CHANGES]]
    return orjson.dumps({"id": entry_id, "at": at, **asdict(replace(act, diff=diff, **texts))}).decode()


def _text(text: str) -> str:
    # Not `text`, which would mask the name in `secret:NAME`.
    return redactor.answer(text)[:MAX_TEXT_CHARS]


def _change(change: Change) -> Change:
    path = str(change["path"])
    name = path.rpartition("/")[2] or "value"
    return {
        "path": _text(path),
        "from": _value(name, change["from"]),
        "to": _value(name, change["to"]),
    }


def _value(name: str, value: Any) -> Any:
    # Under its own name, so that a value is masked if its name is a secret's.
    [shown] = redactor.tree({name: value}).values()
    text = orjson.dumps(shown).decode()
    return shown if len(text) <= MAX_VALUE_CHARS else text[:MAX_VALUE_CHARS] + "…"


def _unpacked(text: str) -> AuditRecord:
    fields: dict[str, Any] = orjson.loads(text)
    entry_id, at, outcome = fields.pop("id"), fields.pop("at"), AuditOutcome(fields.pop("outcome"))
    return AuditRecord(entry_id, at, AuditedAction(outcome=outcome, **fields))
