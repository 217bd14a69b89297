"""Run logs: merges logs of several attempts, reads pages while lines are added."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import orjson

from app.core.log_lines import LinePosition, NumberedLine, numbered_entries, pack_numbered, unpack_numbered
from app.core.models import TERMINAL, RunStatus

if TYPE_CHECKING:
    from app.core.models import AttemptResult
    from app.core.redis_client import RedisLink
    from app.core.storage.keys import Keys

MAX_OLD_LINES = 2_000
"""The number of lines kept from attempts before a redrive, the newest."""


async def with_earlier_lines(link: RedisLink, keys: Keys, end: AttemptResult) -> AttemptResult:
    """Return the attempt's end with a log that includes the lines of the run's earlier attempts."""
    packed, stream = await link.calls(
        [("GET", keys.log_packed(end.run_id)), ("XRANGE", keys.log(end.run_id), "-", "+")]
    )
    before = list(unpack_numbered(packed or ""))[-MAX_OLD_LINES:]
    earlier = [*before, *(each for each in numbered_entries(stream) if each.line.attempt < end.attempt)]
    return replace(end, log=pack_numbered([*earlier, *unpack_numbered(end.log)])) if earlier else end


# Reads a run's log in pages.

LEVELS = ("debug", "info", "warning", "error", "critical")


@dataclass(frozen=True, slots=True)
class LogQuery:
    """A filter of lines: after a position, of at least a level, with `q` in message or fields."""

    after: LinePosition = field(default_factory=LinePosition)
    limit: int = 1_000
    level: str = LEVELS[0]
    q: str = ""

    def accepts(self, placed: NumberedLine) -> bool:
        """True if a line matches; an unknown level counts as info."""
        known = placed.line.level if placed.line.level in LEVELS else "info"
        if LEVELS.index(known) < LEVELS.index(self.level):
            return False
        return not self.q or self.q.lower() in _text_of(placed).lower()


@dataclass(frozen=True, slots=True)
class LogPage:
    """Lines in order, and the position to continue from."""

    lines: list[NumberedLine]
    next: LinePosition
    more: bool
    """There are more lines that may match."""
    complete: bool
    """The run has ended, and no line follows these."""
    truncated: bool
    """Lines are missing here: the log was too long."""


async def read_log(link: RedisLink, keys: Keys, run_id: str, query: LogQuery) -> LogPage | None:
    """Return a part of a log; None if there is no such run."""
    # In this order: an ended run adds no line, and lines that leave the stream meanwhile are packed by then.
    status, stream, packed = await link.calls(
        [
            ("HGET", keys.run(run_id), "status"),
            ("XRANGE", keys.log(run_id), f"({query.after}", "+"),
            ("GET", keys.log_packed(run_id)),
        ]
    )
    if status is None:
        return None
    lines = _behind(query.after, stream, packed or "")
    shown: list[NumberedLine] = []
    last = query.after
    for placed in lines:
        if len(shown) == query.limit:
            break
        last = placed.position
        if query.accepts(placed):
            shown.append(placed)
    more = bool(lines) and last != lines[-1].position
    complete = not more and RunStatus(status) in TERMINAL
    return LogPage(shown, last, more, complete, _has_gap(query.after, lines, last))


def _behind(after: LinePosition, stream: list[Any], packed: str) -> list[NumberedLine]:
    found = {placed.position: placed for placed in unpack_numbered(packed)}
    found |= {placed.position: placed for placed in numbered_entries(stream)}
    return [found[place] for place in sorted(found) if place > after]


def _has_gap(after: LinePosition, lines: list[NumberedLine], last: LinePosition) -> bool:
    previous = after
    for placed in lines:
        place = placed.position
        if place > last:
            break
        follows = previous.number + 1 if place.attempt == previous.attempt else 1
        if place.number != follows:
            return True
        previous = place
    return False


def _text_of(placed: NumberedLine) -> str:
    fields = orjson.dumps(placed.line.fields, default=str).decode() if placed.line.fields else ""
    return f"{placed.line.message} {fields}"
