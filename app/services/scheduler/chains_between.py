"""Chains from one shard to another: the target's run is created in the target's shard.

The entry stays until the run exists, and the id of the run follows from the entry. A scheduler that dies in
between, or two that do it at once, therefore make one run. The target's shard remembers the ids, so that a
run that retention has removed meanwhile is not created again.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from typing import TYPE_CHECKING

from app.core.errors import Unavailable
from app.core.observability import get_logger
from app.core.runs.chains import ReceivedChains
from app.core.specs.store import JobStore

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from app.core.clock import Clock
    from app.core.records import JobRecord
    from app.core.runs.chains import ChainEntry, Chains, ChainStep
    from app.core.storage.shards import ShardSet

AWAY_SEC = 1.0
"""How long entries for a shard that did not answer wait for the next try."""

log = get_logger(__name__)


class OtherShards:
    """The shards of a deployment as the chains of one of them see them."""

    def __init__(self, shards: ShardSet, own: int, clock: Clock, timezone: str) -> None:
        self._shards = shards
        self._own = own
        self._clock = clock
        self._jobs = [JobStore(each.link, each.scripts, clock, timezone) for each in shards]
        self._received = [ReceivedChains(each.scripts) for each in shards]
        self._away_until = [0.0] * len(shards)

    def split(self, entries: Sequence[ChainEntry]) -> tuple[list[ChainEntry], dict[int, list[ChainEntry]]]:
        """Return the entries whose target is in the own shard, or nowhere, and those of each other shard.

        Entries for a shard that did not answer a moment ago are left out.
        """
        own: list[ChainEntry] = []
        others: defaultdict[int, list[ChainEntry]] = defaultdict(list)
        for entry in entries:
            index = self._shards.of_job(entry.target).index if entry.target else self._own
            if index == self._own:
                own.append(entry)
            elif self._clock.monotonic() >= self._away_until[index]:
                others[index].append(entry)
        return own, others

    async def dispatch(
        self,
        chains: Chains,
        entries: dict[int, list[ChainEntry]],
        step_of: Callable[[ChainEntry, dict[str, JobRecord]], ChainStep],
    ) -> list[tuple[ChainStep, str]]:
        """Create the runs of the entries in their shards; return each step with its word."""
        sent = await asyncio.gather(
            *(self._send(chains, index, some, step_of) for index, some in entries.items())
        )
        return [step for steps in sent for step in steps]

    async def _send(
        self,
        chains: Chains,
        index: int,
        entries: list[ChainEntry],
        step_of: Callable[[ChainEntry, dict[str, JobRecord]], ChainStep],
    ) -> list[tuple[ChainStep, str]]:
        try:
            jobs = await self._jobs[index].find_some(list(dict.fromkeys(each.target for each in entries)))
            steps = [step_of(entry, jobs) for entry in entries]
            made = [step for step in steps if step.run is not None]
            words = dict(
                zip(
                    (each.entry.entry for each in made), await self._received[index].create(made), strict=True
                )
            )
        except Unavailable as error:
            self._away_until[index] = self._clock.monotonic() + AWAY_SEC
            log.warning("chains to a shard wait", shard=index, entries=len(entries), reason=error.message)
            return []
        found = await chains.finish(steps, words)
        await self._received[index].forget(
            [each for each, word in found if each.run is not None and word != "ERROR"]
        )
        return found
