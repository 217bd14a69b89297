"""A worker's share of Redis without its handlers: claims and ends of runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.core.models import AttemptOutcome, AttemptResult
from app.core.storage.keys import LANES

if TYPE_CHECKING:
    from app.core.queue import Queue


@dataclass(slots=True)
class SimulatedWorker:
    """One consumer; each claim is followed by the ends of its runs, as a worker with no-ops does."""

    queue: Queue
    name: str
    output: str = "null"
    claims: int = 0

    async def take(self, slots: int) -> int:
        """Claim up to `slots` runs and end them as successes; return how many."""
        self.claims += 1
        quotas = {lane: slots if lane == "normal" else 0 for lane in LANES}
        claim = await self.queue.claim(self.name, self.claims, self.name, slots, quotas, [])
        if claim.runs:
            await self.queue.finish_many(
                [
                    AttemptResult(
                        run.run_id, run.lease_id, run.attempt, AttemptOutcome.SUCCESS, output=self.output
                    )
                    for run in claim.runs
                ]
            )
        return len(claim.runs)

    async def take_all(self, count: int, slots: int) -> None:
        """Claim and end `count` runs, `slots` at a time."""
        done = 0
        while done < count:
            taken = await self.take(min(slots, count - done))
            if not taken:
                raise SystemExit(f"benchmark failed: {count - done} runs cannot be claimed")
            done += taken
