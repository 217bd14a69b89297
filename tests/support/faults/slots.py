"""Schedules under fault: which slots were due, which became runs, which stand in the ledger."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from app.core.clock import from_ms
from app.core.records import LedgerRange
from tests.support.faults.deployment import FaultDeployment
from tests.support.waiting import wait_until_async


@dataclass(slots=True)
class Fired:
    """What became of a job's slots."""

    runs: list[int]
    ledger: list[LedgerRange] = field(default_factory=list[LedgerRange])

    @property
    def written_off(self) -> int:
        return sum(entry.slots for entry in self.ledger)

    def slots_of(self, step_ms: int) -> list[int]:
        """Return every slot that a run or the ledger accounts for, as often as it does, ascending."""
        listed = list(self.runs)
        for entry in self.ledger:
            slots = range(entry.first, entry.last + 1, step_ms)
            assert len(slots) == entry.slots, entry
            listed += slots
        return sorted(listed)


async def fired(deployment: FaultDeployment, job_id: str) -> Fired:
    """Return what became of a job's slots so far."""
    return Fired(await deployment.slots_of(job_id), await deployment.jobs_at().ledger(job_id, 1000))


def interval(seconds: int, start_ms: int, end_ms: int | None = None) -> dict[str, object]:
    """Return a schedule anchored at `start_ms`; slots lie before `end_ms`."""
    schedule: dict[str, object] = {"interval_sec": seconds, "start_at": from_ms(start_ms).isoformat()}
    return schedule if end_ms is None else {**schedule, "end_at": from_ms(end_ms).isoformat()}


async def none_due(deployment: FaultDeployment, timeout_seconds: float) -> None:
    """Wait until no slot of any job is due."""

    async def caught_up() -> bool:
        head = await deployment.link.call("ZRANGE", deployment.keys.schedule, 0, 0, "WITHSCORES")
        return not head or int(float(head[1])) > await deployment.redis_ms()

    await wait_until_async(caught_up, timeout_seconds, "no slot is due")


async def schedule_over(deployment: FaultDeployment, timeout_seconds: float) -> None:
    """Wait until every job has had its last slot."""

    async def over() -> bool:
        return await deployment.link.call("ZCARD", deployment.keys.schedule) == 0

    await wait_until_async(over, timeout_seconds, "all schedules have ended")


async def check_slots(
    deployment: FaultDeployment, expected: dict[str, list[int]], step_ms: int
) -> Counter[str]:
    """Assert that each expected slot is one run or one line in the ledger; return the count of each."""
    counts: Counter[str] = Counter()
    for job_id, slots in expected.items():
        found = await fired(deployment, job_id)
        accounted = found.slots_of(step_ms)
        doubled = [slot for slot, times in Counter(accounted).items() if times > 1]
        assert not doubled, f"{job_id}: {doubled=}"
        assert sorted(set(accounted)) == slots, f"{job_id}: missing or invented slots"
        counts["fired"] += len(found.runs)
        for entry in found.ledger:
            counts[entry.reason] += entry.slots
    metrics = await deployment.metrics()
    assert metrics.get("slots|fired", 0) == counts["fired"], "a slot was counted twice"
    return counts


def lateness_ms(records: Iterable[dict[str, str]]) -> list[int]:
    """Return how long after its slot each run was made."""
    return [int(record["created"]) - int(record["slot"]) for record in records]
