"""A run's log over several attempts, packed into one."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import orjson

from app.core.log_lines import Place, PlacedLine, pack_placed, placed_entries, unpack_placed
from app.core.models import TERMINAL, RunStatus

if TYPE_CHECKING:
    from app.core.models import Finish
    from app.core.redis_client import RedisLink
    from app.core.storage.keys import Keys

MAX_OLD_LINES = 2_000
"""Kept of what attempts before a redrive have logged, the newest."""


async def with_earlier_lines(link: RedisLink, keys: Keys, end: Finish) -> Finish:
    """Return a finish whose log begins with what earlier attempts of the run have written."""
    packed, stream = await link.calls(
        [("GET", keys.log_packed(end.run_id)), ("XRANGE", keys.log(end.run_id), "-", "+")]
    )
    before = list(unpack_placed(packed or ""))[-MAX_OLD_LINES:]
    earlier = [*before, *(each for each in placed_entries(stream) if each.line.attempt < end.attempt)]
    return replace(end, log=pack_placed([*earlier, *unpack_placed(end.log)])) if earlier else end


# Reading a run's log a part at a time, also while lines are added.

LEVELS = ("debug", "info", "warning", "error", "critical")


@dataclass(frozen=True, slots=True)
class LogQuery:
    """Which lines: behind a place, of a level or a graver one, with `q` in message or fields."""

    after: Place = field(default_factory=Place)
    limit: int = 1_000
    level: str = LEVELS[0]
    q: str = ""

    def accepts(self, placed: PlacedLine) -> bool:
        """Tell whether a line fits; a level of no known name counts as info."""
        known = placed.line.level if placed.line.level in LEVELS else "info"
        if LEVELS.index(known) < LEVELS.index(self.level):
            return False
        return not self.q or self.q.lower() in _text_of(placed).lower()


@dataclass(frozen=True, slots=True)
class LogPage:
    """Lines in their order, and where to go on."""

    lines: list[PlacedLine]
    next: Place
    more: bool
    """There are further lines that may fit."""
    complete: bool
    """The run has ended, and no line comes behind these."""
    truncated: bool
    """Lines are missing here: the log was too long."""


async def read_log(link: RedisLink, keys: Keys, run_id: str, wanted: LogQuery) -> LogPage | None:
    """Return a part of a log; None where there is no such run."""
    # In this order: an ended run adds no line, and what leaves the stream meanwhile is packed by then.
    status, stream, packed = await link.calls(
        [
            ("HGET", keys.run(run_id), "status"),
            ("XRANGE", keys.log(run_id), f"({wanted.after}", "+"),
            ("GET", keys.log_packed(run_id)),
        ]
    )
    if status is None:
        return None
    lines = _behind(wanted.after, stream, packed or "")
    shown: list[PlacedLine] = []
    last = wanted.after
    for placed in lines:
        if len(shown) == wanted.limit:
            break
        last = placed.place
        if wanted.accepts(placed):
            shown.append(placed)
    more = bool(lines) and last != lines[-1].place
    complete = not more and RunStatus(status) in TERMINAL
    return LogPage(shown, last, more, complete, _has_gap(wanted.after, lines, last))


def _behind(after: Place, stream: list[Any], packed: str) -> list[PlacedLine]:
    found = {placed.place: placed for placed in unpack_placed(packed)}
    found |= {placed.place: placed for placed in placed_entries(stream)}
    return [found[place] for place in sorted(found) if place > after]


def _has_gap(after: Place, lines: list[PlacedLine], last: Place) -> bool:
    previous = after
    for placed in lines:
        place = placed.place
        if place > last:
            break
        follows = previous.number + 1 if place.attempt == previous.attempt else 1
        if place.number != follows:
            return True
        previous = place
    return False


def _text_of(placed: PlacedLine) -> str:
    fields = orjson.dumps(placed.line.fields, default=str).decode() if placed.line.fields else ""
    return f"{placed.line.message} {fields}"
