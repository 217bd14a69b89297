"""The liveness probe: unrelated short runs that must start in time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.support.waiting import wait_until_async

if TYPE_CHECKING:
    from tests.support.faults.deployment import FaultDeployment

JOB = "unrelated"
# The test machine may be busy with other processes: the stated bound is asserted at twice its value.
_TOLERANCE = 2
# More than any fault lasts with which the probe's client waits for its answer.
_END_SEC = 600.0


@dataclass(slots=True)
class UnrelatedWork:
    """The runs of one probe: when each was acknowledged, and how long each waited for its start."""

    deployment: FaultDeployment
    starts_within_sec: float
    acknowledged_ms: dict[str, int] = field(default_factory=dict[str, int])

    async def submit_one(self) -> None:
        """Enqueue one short run of normal priority."""
        run = self.deployment.new_run(job=JOB, inputs={"duration_ms": 1})
        (result,) = await self.deployment.queue.enqueue_many([run])
        assert result.word in {"OK", "DUPLICATE"}, result
        self.acknowledged_ms[run.run_id] = self.deployment.clock.now_ms()
        self.deployment.unrelated.append(run.run_id)

    def waits_sec(self) -> dict[str, float]:
        """Return how long each run waited, or has waited so far, while nothing kept it from starting."""
        runs, outages, now = self.deployment.ledger.runs(), self._outages(), self.deployment.clock.now_ms()
        return {
            run_id: longest_ms(at, runs[run_id][0].start_ms if run_id in runs else now, outages) / 1000
            for run_id, at in self.acknowledged_ms.items()
        }

    def all_started(self) -> bool:
        """Return whether every run has started; raises AssertionError if one waited longer than the bound."""
        waits = self.waits_sec()
        run_id = max(waits, key=waits.__getitem__)
        assert waits[run_id] <= _TOLERANCE * self.starts_within_sec, (
            f"unrelated work did not start within {self.starts_within_sec} s: {run_id} was acknowledged at "
            f"{self.acknowledged_ms[run_id]} and waited {waits[run_id]:.1f} s\n{self.deployment.fleet.tail()}"
        )
        return waits.keys() <= self.deployment.ledger.runs().keys()

    def summary(self) -> str:
        """Return the figures for people."""
        longest = max(self.waits_sec().values())
        return f"{len(self.acknowledged_ms)} unrelated runs started within {longest:.2f} s each"

    def _outages(self) -> list[tuple[int, int]]:
        """Return the spans in which no worker was up or the test had taken Redis away."""
        now = self.deployment.clock.now_ms()
        declared = [(begin, now if end is None else end) for begin, end in self.deployment.outages]
        return sorted([*declared, *self.deployment.fleet.down_spans("worker")])


@asynccontextmanager
async def unrelated_work(
    deployment: FaultDeployment, *, starts_within_sec: float, each_sec: float = 0.5
) -> AsyncGenerator[UnrelatedWork]:
    """Submit an unrelated run each `each_sec`; in the end assert that every one of them started in time.

    The time counts from the acknowledgement, or from the end of an outage: no worker was up, or the test
    declared one (`deployment.outage()`). `deployment.check` asserts that all of them succeeded.
    """
    probe, stop = UnrelatedWork(deployment, starts_within_sec), asyncio.Event()
    client = asyncio.create_task(_keep_submitting(probe, stop, each_sec), name="unrelated-work")
    try:
        yield probe
    except BaseException:
        client.cancel()
        await asyncio.wait({client})
        raise
    stop.set()
    await client
    await wait_until_async(probe.all_started, _END_SEC, "all unrelated work has started")
    deployment.liveness.append(probe.summary())


async def _keep_submitting(probe: UnrelatedWork, stop: asyncio.Event, each_sec: float) -> None:
    while True:
        await probe.submit_one()
        try:
            async with asyncio.timeout(each_sec):
                await stop.wait()
        except TimeoutError:
            continue
        return


def longest_ms(acknowledged: int, started: int, outages: Iterable[tuple[int, int]]) -> int:
    """Return the longest span between two instants that no outage touches; `outages` are sorted."""
    longest, since = 0, acknowledged
    for begin, end in outages:
        if since < end and begin < started:
            longest, since = max(longest, begin - since), end
    return max(longest, started - since)
