"""The queue's interface for schedulers: fire slots, promote due runs, heal, remove old runs."""

from __future__ import annotations

import asyncio
from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson

from app.core.errors import VersionNotFound
from app.core.models import JobSpec
from app.core.observability import get_logger
from app.core.queue.base import QueueBase
from app.core.records import Scope
from app.core.storage.lane_directory import read_lanes
from app.core.storage.scripts import flat, script_row

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from app.core.models import NewRun
    from app.core.redis_client import Arg

PROMOTE_AT_ONCE = 100
"""100 due runs block Redis for about a millisecond; without a limit, 50,000 blocked it for 81."""
HEAL_PAGE = 200
"""A page blocks Redis for 1 ms if nothing was lost, and for 3 ms if every entry was lost."""
HEAL_BUDGET = 2_000
"""Runs that one round of a walk checks: 100,000 take about 5 s, with Redis free for half of it."""
NET_PAGE = 400
"""A round each 5 s without any sign of a loss: 1,000,000 active runs are checked in 3.5 h."""
SWEEP_KEYS = 100
PURGE_PAGE = 200
PURGE_BUDGET = 2_000
"""Runs removed in one round: about 40 ms of Redis, in scripts of a few milliseconds."""
EARLY_BUDGET = 20_000
"""Runs removed for memory in one round, in portions of PURGE_BUDGET."""
DAY_MS = 86_400_000
# A pause between two portions: Redis serves other clients for at least as long as it removed.
_BREATH_SEC = 0.05

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class DueJob:
    """A job whose next fire is due."""

    job_id: str
    version: int
    score_ms: int
    slot_ms: int


@dataclass(frozen=True, slots=True)
class DueJobs:
    """The due jobs, and the time of the next fire."""

    now_ms: int
    next_due_ms: int | None
    jobs: list[DueJob]


@dataclass(frozen=True, slots=True)
class MissedSlots:
    """Slots that go into the ledger: first and last inclusive."""

    first_ms: int
    last_ms: int
    slots: int
    reason: str = "missed"


@dataclass(frozen=True, slots=True)
class MovedRun:
    """A run that fires in place of a skipped slot on another day: that slot, and why it is skipped."""

    from_ms: int
    reason: str


@dataclass(frozen=True, slots=True)
class FireItem:
    """One step of a job's schedule: slots that are left out, a slot that runs, or both, in this order.

    `expected_score_ms` is the schedule's score that the scheduler read; the step is void if it has changed.
    `slot_ms` must not lie in Redis' future.
    """

    job_id: str
    version: int
    expected_score_ms: int
    slot_ms: int
    previous_slot_ms: int | None
    miss: MissedSlots | None
    next_slot_ms: int | None
    next_score_ms: int | None
    overlap: str
    run: NewRun | None
    moved: MovedRun | None = None
    """The skipped slot in whose place the run fires; None for a slot of its own."""


@dataclass(frozen=True, slots=True)
class PromotionResult:
    """How many runs became ready, and when the next one is due or the next pause is over."""

    count: int
    next_due_ms: int | None
    now_ms: int
    over: tuple[Scope, ...] = ()
    """Scopes whose pause is over."""


@script_row("schedule/fire")
class FireRow(NamedTuple):
    """A step of a job's schedule, as the script takes it."""

    job: str
    version: int
    score: int
    slot: int
    previous: Arg
    miss: str
    next_slot: Arg
    next_score: Arg
    overlap: str
    makes_run: str
    run_id: str
    inputs: str
    trace_id: str
    kind: int


class ScheduleQueue(QueueBase):
    """Firing without a leader."""

    async def due(self, limit: int) -> DueJobs:
        """Read the jobs whose fire is due; reading claims nothing."""
        now, following, jobs = await self.scripts.run("schedule/due", page_size=limit)
        return DueJobs(
            now_ms=now,
            next_due_ms=int(float(following)) if following else None,
            jobs=[
                DueJob(job, int(version), int(float(score)), int(slot)) for job, version, score, slot in jobs
            ],
        )

    async def fire(self, items: list[FireItem]) -> list[str]:
        """Fire slots: FIRED, SKIPPED (in the ledger), RECORDED (no run asked), LOST, EARLY."""
        if not items:
            return []
        kinds: dict[tuple[Any, ...], int] = {}
        rows = [_fire_row(item, kinds) for item in items]
        listed = orjson.dumps([[*map(str, kind)] for kind in kinds])
        return await self.scripts.run("schedule/fire", *flat(rows), kinds=listed)

    async def reschedule(
        self,
        job: DueJob,
        next_slot_ms: int | None,
        next_score_ms: int | None,
        left_out: MissedSlots | None = None,
    ) -> bool:
        """Set a job's next fire; False if another process changed it meanwhile."""
        passed = () if left_out is None else astuple(left_out)
        word = await self.scripts.run(
            "schedule/reschedule",
            job=job.job_id,
            version=job.version,
            score=job.score_ms,
            next_slot=_text(next_slot_ms),
            next_score=_text(next_score_ms),
            **dict(zip(("first", "last", "slots", "reason"), passed, strict=False)),
        )
        return word == "OK"

    async def spec(self, job_id: str, version: int) -> JobSpec:
        """Read one version of a job's spec; a version never changes, so it may be kept."""
        return saved_spec(job_id, version, (await self.saved_texts([(job_id, version)]))[0])[0]

    async def saved_texts(self, versions: Sequence[tuple[str, int]]) -> list[str]:
        """Read versions of specs for `saved_spec`, in one round trip; empty texts for missing ones."""
        return await self.scripts.run("schedule/specs", *flat(versions))

    async def promote(self) -> PromotionResult:
        """Make up to 100 due runs ready; the next due instant may be the end of a pause."""
        count, following, now, over = await self.scripts.run("queue/promote", page_size=PROMOTE_AT_ONCE)
        next_due_ms = int(float(following)) if following else None
        return PromotionResult(count, next_due_ms, now, tuple(map(Scope.parse, over)))

    async def sweep(self, worker_slots: int | None = None) -> int:
        """Give free slots of concurrency keys to waiting runs; store the slots of all live workers."""
        known = {} if worker_slots is None else {"worker_slots": worker_slots}
        return await self.scripts.run("queue/grant_free_slots", max_keys=SWEEP_KEYS, **known)

    async def forget_queues(self, served: Collection[str]) -> int:
        """Remove queues that nothing uses from the list; live workers serve `served`. Return how many."""
        return await self.scripts.run("queue/forget_queues", served=f" {' '.join(served)} ")

    async def heal(self) -> int:
        """Walk through all active runs now; return how many ready entries were restored."""
        await self.scripts.run("queue/ensure_groups", *(await read_lanes(self.link, self.keys)).all)
        total, step = 0, "begin"
        while True:
            word, healed, _ = await self.scripts.run("queue/repair_entries", step=step, page_size=HEAL_PAGE)
            total, step = total + healed, "walk"
            if word == "DONE":
                return total

    async def heal_round(self) -> int:
        """Look for signs of lost ready entries; heal within a budget if there is one.

        Returns how many runs were healed, or `HEAL_BUDGET` while the walk has not ended. Without a sign, one
        page of the continuous walk is done, because a loss may leave no sign.
        """
        word, sign = await self.scripts.run("queue/check_lanes", server_id=await self._server_run_id())
        if sign:
            log.info("a walk looks for lost ready entries", sign=sign)
        if word == "FINE":
            _, healed, _ = await self.scripts.run("queue/repair_entries", step="net", page_size=NET_PAGE)
            return _reported(healed)
        return await self._heal_pages()

    async def _heal_pages(self) -> int:
        healed = 0
        for _ in range(HEAL_BUDGET // HEAL_PAGE):
            word, count, _ = await self.scripts.run("queue/repair_entries", step="walk", page_size=HEAL_PAGE)
            healed += count
            if word == "DONE":
                return _reported(healed)
        _reported(healed)
        return HEAL_BUDGET

    async def _server_run_id(self) -> str:
        info: str = await self.link.call("INFO", "server")
        return next((line[7:].strip() for line in info.splitlines() if line.startswith("run_id:")), "")

    # Retention of ended runs by age, by number and for memory; dead letters stay.

    async def purge(self) -> int:
        """Remove runs by the rules of age and number, within a budget; return the number of removed runs."""
        now = self.clock.now_ms()
        kept, failed = self.settings.retention_days * DAY_MS, self.settings.retention_failed_days * DAY_MS
        removed = 0
        for status, age_ms in (("success", kept), ("cancelled", kept), ("failed", failed)):
            removed += await self._purge_index(f"status:{status}", int(now - age_ms), PURGE_BUDGET - removed)
        return removed + await self._purge_long_histories(now, PURGE_BUDGET - removed)

    async def purge_early(self, count: int, floor_ms: int) -> int:
        """Remove up to `count` ended runs that are older than the floor, the oldest first, for memory."""
        removed = 0
        for status in ("success", "cancelled", "failed"):
            while (wanted := min(count, EARLY_BUDGET) - removed) > 0:
                portion = min(wanted, PURGE_BUDGET)
                went = await self._purge_index(f"status:{status}", self.clock.now_ms() - floor_ms, portion)
                removed += went
                if went < portion:
                    break
                await asyncio.sleep(_BREATH_SEC)
        return removed

    async def _purge_index(self, index: str, before_ms: int, budget: int) -> int:
        removed, start = 0, "0"
        while start and removed < budget:
            count, start = await self.scripts.run(
                "runs/purge",
                index_name=index,
                after_seq=start,
                page_size=PURGE_PAGE,
                ended_before=before_ms,
                budget=min(PURGE_PAGE, budget - removed),
            )
            removed += count
        return removed

    async def _purge_long_histories(self, now_ms: int, budget: int) -> int:
        """Trim each job to its number of runs; jobs are checked in turn, 1,000 a round."""
        removed = 0
        for job_id, excess in await self._long_histories():
            if budget - removed <= 0:
                break
            removed += await self._purge_index(f"job:{job_id}", now_ms, min(excess, budget - removed))
        return removed

    async def _long_histories(self) -> list[tuple[str, int]]:
        start = await self.link.call("HGET", self.keys.meta, "history_cursor") or "0"
        page = await self.link.call(
            *("ZRANGEBYSCORE", self.keys.jobs, f"({start}", "+inf", "WITHSCORES", "LIMIT", 0, 1000)
        )
        following = page[-1] if len(page) == 2000 else "0"  # noqa: PLR2004 - member and score of 1,000
        await self.scripts.run("deployment/store_cursor", field="history_cursor", value=following)
        jobs = page[::2]
        sizes = await self.link.calls([("ZCARD", self.keys.runs_job(job)) for job in jobs]) if jobs else []
        most = self.settings.retention_runs_per_job
        return [(job, size - most) for job, size in zip(jobs, sizes, strict=True) if size > most]


def saved_spec(job_id: str, version: int, text: str) -> tuple[JobSpec, int]:
    """Return a version of a job's spec, and the time of its save (epoch ms); VersionNotFound for no text."""
    if not text:
        raise VersionNotFound(job_id, version)
    saved = orjson.loads(text)
    return JobSpec.model_validate_json(saved["spec"]), int(saved["at"])


def _reported(healed: int) -> int:
    if healed:
        log.warning("lost ready entries were made again", count=healed)
    return healed


def _fire_row(item: FireItem, kinds: dict[tuple[Any, ...], int]) -> FireRow:
    miss, run = item.miss, item.run
    return FireRow(
        job=item.job_id,
        version=item.version,
        score=item.expected_score_ms,
        slot=item.slot_ms,
        previous=_text(item.previous_slot_ms),
        miss="" if miss is None else f"{miss.first_ms}|{miss.last_ms}|{miss.slots}|{miss.reason}",
        next_slot=_text(item.next_slot_ms),
        next_score=_text(item.next_score_ms),
        overlap=item.overlap,
        makes_run="" if run is None else _makes_run(item.moved),
        run_id="" if run is None else run.run_id,
        inputs="" if run is None else run.inputs,
        trace_id="" if run is None else run.trace_id,
        # Of a run's job and version, which are in the row, nothing is in its kind: jobs share kinds.
        kind=0 if run is None else kinds.setdefault(run._replace(job_id="", version=0).kind, len(kinds) + 1),
    )


def _makes_run(moved: MovedRun | None) -> str:
    return "1" if moved is None else orjson.dumps({"from": moved.from_ms, "reason": moved.reason}).decode()


def _text(number: int | None) -> Arg:
    return "" if number is None else number
