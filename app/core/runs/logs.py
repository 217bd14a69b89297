"""A run's log over several attempts, packed into one."""

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
"""Kept of what attempts before a redrive have logged, the newest."""


async def with_earlier_lines(link: RedisLink, keys: Keys, end: AttemptResult) -> AttemptResult:
    """Return a finish whose log begins with what earlier attempts of the run have written."""
    packed, stream = await link.calls(
        [("GET", keys.log_packed(end.run_id)), ("XRANGE", keys.log(end.run_id), "-", "+")]
    )
    before = list(unpack_numbered(packed or ""))[-MAX_OLD_LINES:]
    earlier = [*before, *(each for each in numbered_entries(stream) if each.line.attempt < end.attempt)]
    return replace(end, log=pack_numbered([*earlier, *unpack_numbered(end.log)])) if earlier else end


# Reading a run's log a part at a time, also while lines are added.

LEVELS = ("debug", "info", "warning", "error", "critical")


@dataclass(frozen=True, slots=True)
class LogQuery:
    """Which lines: behind a place, of a level or a graver one, with `q` in message or fields."""

    after: LinePosition = field(default_factory=LinePosition)
    limit: int = 1_000
    level: str = LEVELS[0]
    q: str = ""

    def accepts(self, placed: NumberedLine) -> bool:
        """Tell whether a line fits; a level of no known name counts as info."""
        known = placed.line.level if placed.line.level in LEVELS else "info"
        if LEVELS.index(known) < LEVELS.index(self.level):
            return False
        return not self.q or self.q.lower() in _text_of(placed).lower()


@dataclass(frozen=True, slots=True)
class LogPage:
    """Lines in their order, and where to go on."""

    lines: list[NumberedLine]
    next: LinePosition
    more: bool
    """There are further lines that may fit."""
    complete: bool
    """The run has ended, and no line comes behind these."""
    truncated: bool
    """Lines are missing here: the log was too long."""


async def read_log(link: RedisLink, keys: Keys, run_id: str, query: LogQuery) -> LogPage | None:
    """Return a part of a log; None if there is no such run."""
    # In this order: an ended run adds no line, and what leaves the stream meanwhile is packed by then.
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
