"""Claims runs for free slots, and blocks in Redis for new ones."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from app.core.background import run_forever
from app.core.errors import MultiJobError, RedisUnavailable
from app.core.ids import DEFAULT_QUEUE
from app.core.observability import get_logger
from app.core.queue import Claim
from app.core.records import LaneName
from app.core.runner import StopReason
from app.core.storage.keys import SUSPECT_LANE
from app.core.storage.lane_directory import lanes_of, suspect_lanes_of
from app.services.worker.leases import RENEWALS_A_LEASE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from app.core.models import ClaimedRun
    from app.core.queue import Queue, StreamEntry
    from app.core.redis_client import BlockingLink
    from app.services.worker.leases import InFlight

# Divides free slots among queues equally, and among the lanes of each by weight, 8 : 3 : 1. Credit is carried
# over.

WEIGHTS = {"high": 8, "normal": 3, "low": 1}
_SUM = sum(WEIGHTS.values())


class WeightedRoundRobin:
    """Shares slots by weight over time: with one free slot at a time `low` still gets one in twelve."""

    def __init__(self, queues: Sequence[str] = (DEFAULT_QUEUE,)) -> None:
        lanes = lanes_of(queues)
        self._share = {lane: WEIGHTS[LaneName.parse(lane).priority] / (_SUM * len(queues)) for lane in lanes}
        self._lowest = -float(_SUM * len(queues))
        self._credit = dict.fromkeys(lanes, 0.0)

    def quotas(self, free: int) -> dict[str, int]:
        """Return a number for each lane, `free` in all."""
        for lane, share in self._share.items():
            self._credit[lane] += free * share
        quotas = {lane: max(0, int(credit)) for lane, credit in self._credit.items()}
        while sum(quotas.values()) > free:
            quotas[max(quotas, key=lambda lane: quotas[lane])] -= 1
        while sum(quotas.values()) < free:
            quotas[max(quotas, key=lambda lane: self._credit[lane] - quotas[lane])] += 1
        return quotas

    def spent(self, quotas: dict[str, int], taken: dict[str, int]) -> None:
        """Settle after a claim: an empty lane saves no credit, and no lane falls behind permanently."""
        for lane, credit in self._credit.items():
            left = credit - taken[lane]
            self._credit[lane] = 0.0 if taken[lane] < quotas[lane] else max(self._lowest, left)


log = get_logger(__name__)

# Below redis-py's default socket time-out of 5 s; also the delay after which a stop or a free slot is seen.
BLOCK_MS = 2500
MOST_AT_ONCE = 256
PENDING_PAGE = 1000
LOOK_AGAIN_SEC = 1.0
NO_CLAIM = Claim([], {}, 0.0)
# Turns of the event loop from a new task over the link's flusher to the socket.
LOOP_TURNS_UNTIL_SENT = 3


class Claimer:
    """Claims, adopts and starts runs until it is stopped.

    `claims` is the queue on a connection of its own: a claim never waits behind a batch of ends.
    """

    def __init__(
        self,
        queue: Queue,
        claims: Queue,
        blocking: BlockingLink,
        in_flight: InFlight,
        *,
        consumer: str,
        worker: str,
        start: Callable[[ClaimedRun], None],
        give_back: Callable[[ClaimedRun], None],
        queues: Sequence[str] = (DEFAULT_QUEUE,),
        types: Iterable[str] = (),
        waits_in_claim: bool = False,
    ) -> None:
        self._queue = queue
        self._claims = claims
        self._blocking = blocking
        self._in_flight = in_flight
        self._consumer = consumer
        self._worker = worker
        self._start = start
        self._give_back = give_back
        self._lanes = lanes_of(queues)
        self._suspect_lanes = suspect_lanes_of(queues)
        self._types = "".join(f" {job_type} " for job_type in types)
        # Below the time after which a claim's answer is late.
        self._block_ms = min(BLOCK_MS, queue.settings.lease_ms // (2 * RENEWALS_A_LEASE))
        self._credit = WeightedRoundRobin(queues)
        self._number = 1
        self._delivered: list[StreamEntry] = []
        self._recover = False
        # While it waits, a claim holds its slots, and it is not confirmed by replicas.
        self._waits_in_claim = waits_in_claim
        self._more_waits = True
        self._suspects_at = 0.0

    async def run(self, stop: asyncio.Event) -> None:
        """Claim until `stop`; entries that were delivered but not started go back to their lane."""
        await self._queue.ensure_groups((*self._lanes, *self._suspect_lanes))
        await run_forever("claimer", self._step, stop)
        if self._delivered:
            self._release_all((await self._claim(0, 0)).runs)
        await self._blocking.close()

    async def _step(self, stop: asyncio.Event) -> None:
        if self._recover:
            await self._take_up_own()
        if self._in_flight.free == 0:
            if self._delivered and self._in_flight.gives_back:
                # Another shard has taken the slot meanwhile; another worker may have one.
                self._release_all((await self._claim(0)).runs)
            await self._in_flight.change(LOOK_AGAIN_SEC)
            if self._in_flight.free == 0 and not self._suspects_are_due():
                return
        waits = self._waits_in_claim and not self._more_waits and not self._delivered
        # A claim without an answer is sent again at once: it may have claimed.
        self._more_waits = True
        if waits and self._in_flight.free:
            claim = await self._wait_and_claim(stop)
        else:
            claim = await self._claim(self._in_flight.free)
        while claim.runs:
            ahead = await self._claim_ahead(claim, stop)
            await self._start_all(claim)
            if ahead is None:
                # The handlers begin before the next claim takes the event loop.
                await asyncio.sleep(0)
                break
            claim = await ahead
        if not claim.runs and self._in_flight.free and not self._waits_in_claim:
            await self._wait_for_work(stop)

    def _suspects_are_due(self) -> bool:
        """Return whether a worker without a free slot for normal runs should look for suspects."""
        since = self._queue.clock.monotonic() - self._suspects_at
        return self._in_flight.free_alone > 0 and since >= LOOK_AGAIN_SEC

    async def _claim_ahead(self, claim: Claim, stop: asyncio.Event) -> asyncio.Task[Claim] | None:
        """Claim the next runs before these take the event loop, so Redis and handlers work in parallel."""
        suspects = len([run for run in claim.runs if run.alone])
        free = self._in_flight.free - (len(claim.runs) - suspects)
        if free <= 0 or not self._more_waits or stop.is_set():
            return None
        free_alone = self._in_flight.free_alone - suspects
        ahead = asyncio.create_task(self._claim(free, free_alone), name="claim-ahead")
        for _ in range(LOOP_TURNS_UNTIL_SENT):
            await asyncio.sleep(0)
        return ahead

    async def _claim(self, free: int, free_alone: int | None = None) -> Claim:
        delivered = sum(LaneName.parse(item.lane).priority != SUSPECT_LANE for item in self._delivered)
        slots = self._slots(free, delivered)
        quotas = self._credit.quotas(max(0, slots - delivered))
        alone = self._in_flight.free_alone if free_alone is None else free_alone
        wanted = self._wanted(quotas, alone)
        self._in_flight.asks(slots, alone)
        # The number rises only after a reply: if it is sent again, the same claim returns the same runs.
        try:
            claim = await self._claims.claim(
                self._consumer, self._number, self._worker, slots, wanted, self._delivered, self._types
            )
        except BaseException:
            self._in_flight.is_unanswered()
            raise
        self._delivered = []
        self._accept(claim, slots, quotas)
        return claim

    async def _wait_and_claim(self, stop: asyncio.Event) -> Claim:
        """Wait for work and claim it in one round trip; no runs if none came, or if this is to stop."""
        slots, alone = self._slots(self._in_flight.free), self._in_flight.free_alone
        quotas = self._credit.quotas(slots)
        wanted = self._wanted(quotas, alone)
        if alone == 0:
            wanted = quotas
        try:
            arrived, claim = await self._queue.wait_and_claim(
                *(self._blocking, self._consumer, self._number, self._worker),
                *(slots, wanted, self._types, self._block_ms),
            )
        except RedisUnavailable:
            self._recover = True
            raise
        if claim is None:
            self._delivered = arrived
            return NO_CLAIM
        self._accept(claim, slots, quotas)
        known = {run.run_id for run in claim.runs}
        # An entry that the claim did not find, because the clock of Redis went back, is adopted by the next.
        self._delivered = [entry for entry in arrived if entry.run_id not in known]
        if stop.is_set() or self._in_flight.closed:
            self._release_all(claim.runs)
            return NO_CLAIM
        return claim

    def _slots(self, free: int, delivered: int = 0) -> int:
        # Half of the slots at most: while one half runs, the other is on its way.
        return min(free, MOST_AT_ONCE, max(delivered, -(-self._in_flight.slots // 2)))

    def _wanted(self, quotas: dict[str, int], alone: int) -> dict[str, int]:
        self._suspects_at = self._queue.clock.monotonic()
        # A handler may block the event loop before the reply is read: the lease thread uses the number.
        self._in_flight.claiming = self._number
        return quotas | dict.fromkeys(self._suspect_lanes, alone)

    def _accept(self, claim: Claim, slots: int, quotas: dict[str, int]) -> None:
        self._in_flight.claimed(self._fresh(claim.runs), claim.asked_at)
        is_late = self._in_flight.answered(len(claim.runs))
        self._in_flight.claiming = 0
        self._number += 1
        self._more_waits = len([run for run in claim.runs if not run.alone]) == slots
        self._credit.spent(quotas, claim.taken)
        if is_late:
            # Other shards may have taken the slots since.
            self._release_all([run for run in claim.runs if not run.alone][self._in_flight.free :])

    def _fresh(self, runs: list[ClaimedRun]) -> list[ClaimedRun]:
        """Return the runs whose handler may start; release other runs that are not held here.

        Redis returns a lease again if its entry is pending for this consumer. The second part of a lease is
        the number of its claim. If it is below the current one, the handler may have started.
        """
        fresh: list[ClaimedRun] = []
        for run in runs:
            if int(run.lease_id.split(":")[1]) < self._number:
                if not self._in_flight.holds(run.run_id):
                    self._give_back(run)
            elif (older := self._in_flight.attempt(run.run_id)) is not None:
                # The run has a new lease, so the lease of the handler that still runs is lost.
                older.stop(StopReason.LOST)
                self._give_back(run)
            else:
                fresh.append(run)
        return fresh

    async def _start_all(self, claim: Claim) -> None:
        runs = self._in_flight.pending(claim.runs)
        if self._late(claim.asked_at):
            runs = await self._still_ours(runs)
        for run in runs:
            self._start(run)

    def _late(self, asked_at: float) -> bool:
        """True if a lease may expire before its next renewal, or has expired."""
        return self._queue.clock.boottime() - asked_at > self._queue.settings.lease_sec / RENEWALS_A_LEASE

    async def _still_ours(self, runs: list[ClaimedRun]) -> list[ClaimedRun]:
        """Return the runs that may start though the reply to their claim came late; release the others."""
        asked_at = self._queue.clock.boottime()
        try:
            words = await self._claims.renew(self._consumer, [(run.run_id, run.lease_id) for run in runs])
        except MultiJobError as error:
            log.warning("claimed runs not started", count=len(runs), reason=error.message)
            words = []
        late = self._late(asked_at)
        kept = [run for run, word in zip(runs, words, strict=False) if word == "OK" and not late]
        for run in kept:
            self._in_flight.renewed(run.lease_id, asked_at)
        self._release_all([run for run in runs if run not in kept])
        return kept

    def _release_all(self, runs: list[ClaimedRun]) -> None:
        # Fenced: a run of another owner stays with it, a cancelled one ends as cancelled.
        for run in self._in_flight.pending(runs):
            self._give_back(run)

    async def _wait_for_work(self, stop: asyncio.Event) -> None:
        if stop.is_set():
            return
        try:
            lanes = (*self._lanes, *self._suspect_lanes) if self._in_flight.free_alone else self._lanes
            self._in_flight.waits_for_entries()
            self._delivered = await self._queue.wait_for_entry(
                self._blocking, self._consumer, BLOCK_MS, lanes
            )
            self._in_flight.may_have_work()
        except RedisUnavailable:
            # Entries delivered into the broken connection are pending under our name and unknown to us.
            self._recover = True
            raise

    async def _take_up_own(self) -> None:
        """Adopt entries that were delivered without our knowledge; no claim is in flight here."""
        lanes = (*self._lanes, *self._suspect_lanes)
        pending = await self._queue.pending_of(self._blocking, self._consumer, PENDING_PAGE, lanes)
        known = {item.entry_id for item in self._delivered}
        unknown = [i for i in pending if i.entry_id not in known and not self._in_flight.holds(i.run_id)]
        self._delivered += unknown
        self._recover = False
        if unknown:
            log.info("entries of a broken connection are taken up", count=len(unknown))
