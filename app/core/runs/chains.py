"""Chains: runs that the end of another run starts.

The script that ends a run leaves an entry for each job to start, once per ending attempt and target. The
script that creates the started run, called by a scheduler, removes the entry. So nothing is lost and nothing
is doubled, even if a process dies in between.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import orjson

from app.core.ids import stable_id
from app.core.queue.base import NO_RUN
from app.core.storage.connection import pairs
from app.core.storage.scripts import flat, script_row

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.core.models import NewRun
    from app.core.redis_client import RedisLink
    from app.core.storage.scripts import Scripts

SOURCE = "chain"
MAX_DEPTH = 10
"""The most runs in sequence. The check at save refuses circles; two concurrent saves could still make one."""


@dataclass(frozen=True, slots=True)
class ChainEntry:
    """A job that is to run because another run has ended. `depth` counts the runs before it in its chain."""

    entry: str
    run_id: str
    attempt: str
    job_id: str
    target: str
    depth: int
    ended_at_ms: int
    trace_id: str
    actor: str

    @property
    def child_id(self) -> str:
        """Return the id of the run that it becomes: the same in every process."""
        data = f"{self.run_id}|{self.attempt}|{self.target}".encode()
        return stable_id(self.ended_at_ms, hashlib.sha256(data).digest()[:10])


@dataclass(frozen=True, slots=True)
class ChainStep:
    """The decision on an entry: a run, or none and why (`reason` is a word, `text` is for people)."""

    entry: ChainEntry
    run: NewRun | None = None
    reason: str = ""
    text: str = ""


@script_row("queue/dispatch_chains")
class ChainRow(NamedTuple):
    """An entry of a chain and the run that it becomes, as the script takes them."""

    entry: str
    parent_job: str
    parent_run: str
    problem: str
    run: NewRun


class Chains:
    """The entries of one namespace."""

    def __init__(self, link: RedisLink, scripts: Scripts) -> None:
        self._link = link
        self._scripts = scripts
        self._key = scripts.keys.chains

    async def waiting(self, limit: int, after: str = "") -> list[ChainEntry]:
        """Return the oldest entries, of all or of those after one; reading claims nothing."""
        start = f"({after}" if after else "-"
        found = await self._link.call("XRANGE", self._key, start, "+", "COUNT", limit)
        return [_entry(entry, pairs(flat)) for entry, flat in found]

    async def dispatch(self, steps: list[ChainStep]) -> list[str]:
        """Create the runs: OK, DUPLICATE (exists already), GONE (another process did it), DROPPED, ERROR."""
        return await self._scripts.run("queue/dispatch_chains", *flat(map(_row, steps))) if steps else []

    async def finish(self, steps: list[ChainStep], words: Mapping[str, str]) -> list[tuple[ChainStep, str]]:
        """Remove the entries whose runs other shards have created; `words` are by entry.

        Entries without a run are dropped, with the reason. Returns each step with its word.
        """
        made = [each for each in steps if words.get(each.entry.entry) in {"OK", "DUPLICATE"}]
        if made:
            await self._link.call("XDEL", self._key, *(each.entry.entry for each in made))
        dropped = [
            each if each.run is None else ChainStep(each.entry, reason="damaged")
            for each in steps
            if words.get(each.entry.entry) not in {"OK", "DUPLICATE"}
        ]
        found = [(each, words[each.entry.entry]) for each in made]
        return found + list(zip(dropped, await self.dispatch(dropped), strict=True))


@script_row("queue/forget_chained")
class _ChainedRow(NamedTuple):
    run: str


class ReceivedChains:
    """The runs that chains of other shards create in one shard."""

    def __init__(self, scripts: Scripts) -> None:
        self._scripts = scripts

    async def create(self, steps: list[ChainStep]) -> list[str]:
        """Create the runs: OK, DUPLICATE (they exist, or have existed), ERROR."""
        runs = [step.run or NO_RUN for step in steps]
        return await self._scripts.run("queue/receive_chained", *flat(runs)) if runs else []

    async def forget(self, steps: list[ChainStep]) -> None:
        """Note that the entries are gone, so that the runs need not be remembered for long."""
        rows = [_ChainedRow(step.entry.child_id) for step in steps]
        if rows:
            await self._scripts.run("queue/forget_chained", *flat(rows))


def _row(step: ChainStep) -> ChainRow:
    entry = step.entry
    return ChainRow(entry.entry, entry.job_id, entry.run_id, _why(step), step.run or NO_RUN)


def _why(step: ChainStep) -> str:
    if step.run is not None:
        return ""
    data = {"target": step.entry.target, "reason": step.reason, "text": step.text}
    return orjson.dumps(data).decode()


def _entry(entry: str, fields: dict[str, str]) -> ChainEntry:
    depth, ended = fields.get("depth", ""), fields.get("ended", "")
    return ChainEntry(
        entry=entry,
        run_id=fields.get("run", ""),
        attempt=fields.get("attempt", "0"),
        job_id=fields.get("job", ""),
        # An unreadable entry names no job, and is dropped like one whose job is gone.
        target=fields.get("target", "") if depth.isdecimal() and ended.isdecimal() else "",
        depth=int(depth) if depth.isdecimal() else 0,
        ended_at_ms=int(ended) if ended.isdecimal() else 0,
        trace_id=fields.get("trace", ""),
        actor=fields.get("actor", ""),
    )
