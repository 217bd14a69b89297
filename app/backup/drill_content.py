"""The content of a record, as a restore drill compares it: opened, and independent of keys and order."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import orjson

from app.backup.audit_entries import CHAIN
from app.backup.format import (
    AccountLine,
    FiguresLine,
    IncidentLine,
    MessageLine,
    MonitorLine,
    RunLine,
    ValueLine,
)
from app.backup.full_parts import PART_OF, FullLine
from app.backup.items import settled_fields
from app.core.access.records import RecordSeal, opened_pepper, unpacked
from app.core.alerting.platform_incidents import members_here
from app.core.errors import SecretUnreadable
from app.core.messaging.accounts import secret_context
from app.core.monitors.pings import ping_context
from app.core.secrets.sealing import SecretBox
from app.core.secrets.store import context_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.backup.format import Line
    from app.backup.items import RestoreItems

_DAY_SEC, _QUARTER_DAYS = 86_400, 10
_SHARDS = 1


@dataclass(slots=True)
class DrillContents:
    """Reads records of one side: of the file, or of the deployment that was restored from it."""

    keys: Sequence[bytes]
    """The keys that may open its secrets."""
    items: RestoreItems
    """Ends the runs and messages that a restore ends."""
    now_ms: int
    opened: int = 0
    """How many sealed values have been opened."""
    unreadable: list[str] = field(default_factory=list[str])
    """Sealed values that no key opens."""
    not_valid: list[str] = field(default_factory=list[str])
    """API keys without a valid MAC."""
    _box: SecretBox = field(init=False)
    _seal: RecordSeal = field(init=False)

    def __post_init__(self) -> None:
        self._box, self._seal = SecretBox(*self.keys), RecordSeal(self.keys)

    def digest(self, line: Line) -> bytes:
        """Return a digest of a record's content."""
        return hashlib.sha256(orjson.dumps(self._content(line), option=orjson.OPT_SORT_KEYS)).digest()

    def is_own(self, line: Line) -> bool:
        """Return whether a record belongs to its machine, and is not compared."""
        # The audit signs its heads with the key of the machine; the drill verifies the chains instead.
        return isinstance(line, FullLine) and line.family in {"secret_key", CHAIN}

    def is_over(self, line: Line) -> bool:
        """Return whether a record's lifetime has ended."""
        timed = isinstance(line, (ValueLine, FiguresLine))
        return timed and line.lapses_at is not None and line.lapses_at <= self.now_ms

    def _content(self, line: Line) -> Any:
        content = line.model_dump()
        match line:
            case RunLine():
                content["fields"] = self.items.ended_fields(line)
            case MessageLine():
                content["fields"] = settled_fields(line)
            case IncidentLine():
                content["members"] = sorted(members_here(line.members, _SHARDS))
            case MonitorLine():
                content["quarters"] = self._live_quarters(line)
                content["token"] = self._opened(line.token, ping_context(line.id)) if line.token else ""
            case AccountLine():
                # An account whose secrets are not in the file has none after the restore.
                content |= {"fields": self._account(line), "without": []}
            case FullLine():
                content["text"] = self._full(line)
            case _:
                pass
        return content

    def _live_quarters(self, line: MonitorLine) -> dict[str, str]:
        today = self.now_ms // 1000 // _DAY_SEC
        return {
            place: time
            for place, time in line.quarters.items()
            if int(place.partition(":")[0]) + _QUARTER_DAYS > today
        }

    def _account(self, line: AccountLine) -> dict[str, str]:
        sealed = {
            f"secret:{name}": self._opened(text, secret_context(line.id, name))
            for name, text in line.secrets.items()
        }
        return {**line.fields, **sealed}

    def _full(self, line: FullLine) -> Any:
        match PART_OF[line.family].seal:
            case "secret":
                fields: dict[str, Any] = orjson.loads(line.text)
                return {**fields, "sealed": self._opened(fields["sealed"], context_of(line.name), line.id)}
            case "api_key":
                fields = orjson.loads(line.text)
                is_valid = unpacked(line.name, line.text, self._seal).valid
                if not is_valid:
                    self.not_valid.append(line.name)
                return {**fields, "mac": is_valid}
            case "pepper":
                pepper = opened_pepper(line.text, list(self.keys))
                return self._unreadable(line.id) if pepper is None else self._counted(pepper.hex())
            case "none":
                return line.text

    def _opened(self, sealed: str, context: str, shown: str = "") -> str:
        try:
            return self._counted(self._box.open(sealed, context))
        except SecretUnreadable:
            return self._unreadable(shown or context)

    def _counted(self, plain: str) -> str:
        self.opened += 1
        return plain

    def _unreadable(self, name: str) -> str:
        self.unreadable.append(name)
        return ""
