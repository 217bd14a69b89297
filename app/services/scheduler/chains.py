"""Creates the runs of chains, from the present specs of their jobs."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from redis.exceptions import ResponseError

from app.core.background import run_forever, sleep_or_stop
from app.core.i18n import _
from app.core.observability import get_logger
from app.core.runs.chains import MAX_DEPTH, SOURCE, ChainEntry, Chains, ChainStep
from app.core.specs.runs import chain_text, run_of
from app.services.scheduler.timers import LoserDelay, Sleeper

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.core.records import JobRecord
    from app.core.specs.store import JobStore
    from app.services.scheduler.chains_between import OtherShards

AT_ONCE = 100
"""Equal to the limit of a promotion: about a millisecond of Redis."""
_DAMAGED_SEC = 1.0

log = get_logger(__name__)


class ChainDispatcher:
    """The loop: read entries, create runs, sleep until there are more.

    Several schedulers may do it at once.
    """

    def __init__(
        self, chains: Chains, jobs: JobStore, sleeper: Sleeper, others: OtherShards | None = None
    ) -> None:
        self._chains = chains
        self._jobs = jobs
        self._sleeper = sleeper
        self._others = others
        self._loser_delay = LoserDelay()
        self.dispatched = 0

    async def run(self, stop: asyncio.Event) -> None:
        """Create runs until `stop`."""
        await run_forever("chaining", self._step, stop)

    async def _step(self, stop: asyncio.Event) -> None:
        try:
            words = await self.dispatch()
        except ResponseError:
            # A damaged key stops the chains, not the firing in the same process.
            log.exception("chains cannot be read")
            await sleep_or_stop(stop, _DAMAGED_SEC)
            return
        if not words:
            await self._sleeper.sleep(None)
            await sleep_or_stop(stop, self._loser_delay.delay_sec)
        elif words.count("GONE") == len(words):
            self._loser_delay.lost()
        else:
            self._loser_delay.won()

    async def dispatch(self) -> list[str]:
        """Create the runs of the oldest entries; return the result of each."""
        entries = await self._chains.waiting(AT_ONCE)
        if self._others is None:
            return await self._dispatch_own(entries)
        words = await self._dispatch_all(self._others, entries)
        while not words and len(entries) == AT_ONCE:
            # All of these lead to shards that do not answer.
            entries = await self._chains.waiting(AT_ONCE, entries[-1].entry)
            words = await self._dispatch_all(self._others, entries)
        return words

    async def _dispatch_all(self, others: OtherShards, entries: list[ChainEntry]) -> list[str]:
        own, away = others.split(entries)
        words, sent = await asyncio.gather(
            self._dispatch_own(own), others.dispatch(self._chains, away, step_of)
        )
        for step, word in sent:
            self._record(step, word)
        return words + [word for _step, word in sent]

    async def _dispatch_own(self, entries: list[ChainEntry]) -> list[str]:
        targets = list(dict.fromkeys(entry.target for entry in entries if entry.target))
        jobs = await self._jobs.find_some(targets)
        steps = [step_of(entry, jobs) for entry in entries]
        words = await self._chains.dispatch(steps)
        for step, word in zip(steps, words, strict=True):
            self._record(step, word)
        return words

    def _record(self, step: ChainStep, word: str) -> None:
        self.dispatched += word == "OK"
        if word in {"DROPPED", "ERROR"}:
            log.warning(
                "chained run is not made",
                job_id=step.entry.job_id,
                run_id=step.entry.run_id,
                target=step.entry.target,
                reason=step.reason or "damaged",
            )


def step_of(entry: ChainEntry, jobs: Mapping[str, JobRecord]) -> ChainStep:
    """Return the run for an entry, or the reason why there is none."""
    if entry.depth > MAX_DEPTH:
        text = _("{target} is not run: {max_depth} runs have followed each other already.")
        return ChainStep(entry, reason="too_deep", text=text.fill(target=entry.target, max_depth=MAX_DEPTH))
    record = jobs.get(entry.target)
    if record is None:
        text = _("{target} is not run: the job does not exist any more.", target=entry.target)
        return ChainStep(entry, reason="unknown_job", text=text)
    run = run_of(
        record.spec,
        record.version,
        source=SOURCE,
        actor=entry.actor,
        trace_id=entry.trace_id,
        run_id=entry.child_id,
    )
    return ChainStep(entry, run._replace(chain=chain_text(record.spec, entry.depth, entry.run_id)))
