"""Fills a deployment quickly, through the real scripts: jobs of every kind, runs in every state."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from app.core.connectors.messages import OutboxState
from app.core.ids import new_id, scheduled_run_id
from app.core.log_lines import pack_log
from app.core.messaging.outbox import Outbox
from app.core.models import AttemptOutcome, AttemptResult, Concurrency, JobSpec, NewRun, RetryPolicy, Schedule
from app.core.queue import FireItem, MissedSlots
from app.core.records import LogLine
from app.core.specs.runs import run_of
from app.core.specs.store import JobStore
from tests.support.queue.queue_driver import QueueDriver, ending

if TYPE_CHECKING:
    from app.core.models import ClaimedRun

AT_ONCE = 256
_SAVES_AT_ONCE = 50
_QUOTAS = {"high": AT_ONCE, "normal": AT_ONCE, "low": AT_ONCE}
_CRON = Schedule(cron="0 7 * * *", timezone="Asia/Jakarta")
_LATER = datetime(2035, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Active:
    """Runs that have not ended, one in each state."""

    scheduled: str
    queued: str
    running: str
    retrying: str

    @property
    def all(self) -> tuple[str, ...]:
        return (self.scheduled, self.queued, self.running, self.retrying)


class Bulk:
    """Makes much of everything."""

    def __init__(self, driver: QueueDriver, jobs: JobStore) -> None:
        self.driver = driver
        self.jobs = jobs
        self.specs: list[JobSpec] = []
        self._consumer = 0

    async def make_jobs(self, count: int) -> list[JobSpec]:
        """Save jobs with and without schedules; every tenth has a second version, every seventh is off."""
        specs = [_spec(number) for number in range(count)]
        for start in range(0, count, _SAVES_AT_ONCE):
            for spec in specs[start : start + _SAVES_AT_ONCE]:
                await self.jobs._save(spec, "0", "ana", "bulk", None, must_fire=False)
        for spec in specs[::10]:
            await self.jobs._save(_described(spec), "1", "budi", "bulk", None, must_fire=False)
        for spec in specs[::7]:
            await self.jobs.set_enabled(spec.job_id, enabled=False)
        self.specs += specs
        return specs

    async def make_runs(self, count: int) -> None:
        """Let runs end: a tenth fails, another succeeds at its second try, a twentieth is cancelled."""
        for start in range(0, count, AT_ONCE):
            numbers = range(start, min(start + AT_ONCE, count))
            await self.driver.queue.enqueue_many([self._run(number) for number in numbers])
            retried = await self._end(dict(enumerate(await self._claim())))
            if retried:
                await self.driver.make_due()
                while (await self.driver.queue.promote()).count:
                    pass
                await self._finish([_success(run) for run in await self._claim()])

    async def fire(self, spec: JobSpec, slots: int) -> list[str]:
        """Let slots of a job fire and one be missed before them; their runs succeed. Return the runs."""
        first = (await self.driver.now_ms()) // 1000 * 1000 - 3_600_000
        runs: list[str] = []
        for number in range(slots):
            slot = first + number * 1000
            assert await self.fire_slot(spec, slot, missed=number == 0) == "FIRED"
            runs.append(scheduled_run_id(spec.job_id, slot))
        await self._finish([_success(run) for run in await self._claim()])
        return runs

    async def keep_values(self, job_id: str) -> None:
        """Keep values for good and for a while, and report metrics, as a run of the job does."""
        run = await self.driver.start(job_id, consumer=self._next_consumer())
        queue = self.driver.queue
        kept = {"op": "set", "max_keys": 1000}
        await queue.tool(run, "tools/kv", 1, **kept, key="state", value='{"up": true}', ttl_ms=0)
        await queue.tool(run, "tools/kv", 2, **kept, key="short", value="1", ttl_ms=3_600_000)
        figure = {"kind": "counter", "name": "things", "series": 'things|{"a":"b"}', "value": 2, "bound": ""}
        await queue.tool(run, "tools/metrics", 3, **figure, max_series=20)
        await self.driver.finish(run)

    async def send(self, run_id: str, job_id: str, to: OutboxState) -> str:
        """Let a run have sent a message that came to a state; return its entry."""
        queue, entry_id = self.driver.queue, f"{run_id}:1"
        outbox = Outbox(queue.link, queue.scripts, queue.keys, queue.clock)
        account = new_id(queue.clock)
        await outbox.put(entry_id, "telegram", account, "42", "hello", job_id=job_id, run_id=run_id)
        if to is OutboxState.PENDING:
            return entry_id
        assert await outbox.take("telegram", account, "connector-a:1") is not None
        if to is not OutboxState.SENDING:
            await outbox.settle(entry_id, "connector-a:1", to, provider_id="7")
        return entry_id

    async def make_active(self, job_id: str = "active") -> Active:
        """Leave a run in each state that is not terminal."""
        driver = self.driver
        retrying = await driver.start(job_id, consumer=self._next_consumer())
        await driver.queue.append_log(retrying, 1, [LogLine(1, "info", "first try", {}, 1)])
        await driver.finish(retrying, AttemptOutcome.RETRY, delay_ms=3_600_000, error='{"code": "busy"}')
        running = await driver.start(job_id, consumer=self._next_consumer())
        await driver.queue.append_log(running, 1, [LogLine(2, "info", "at work", {"n": 1}, 1)])
        scheduled = await driver.enqueue(job_id, delay_ms=3_600_000)
        return Active(scheduled, await driver.enqueue(job_id), running.run_id, retrying.run_id)

    def _run(self, number: int) -> NewRun:
        spec = self.specs[number % len(self.specs)]
        # Keys and overlap rules would make runs wait for each other.
        free = spec.model_copy(update={"concurrency": None})
        run = run_of(free, 1, run_id=new_id(self.driver.queue.clock), source="api", trace_id="ab" * 16)
        return run._replace(inputs=f'{{"n":{number}}}', actor="ana")

    async def _claim(self) -> list[ClaimedRun]:
        consumer = self._next_consumer()
        return (await self.driver.claim(AT_ONCE, consumer, _QUOTAS)).runs

    async def _end(self, runs: dict[int, ClaimedRun]) -> int:
        ends = [_end_of(number, run) for number, run in runs.items()]
        await self._finish(ends)
        return sum(end.outcome is AttemptOutcome.RETRY for end in ends)

    async def _finish(self, ends: list[AttemptResult]) -> None:
        if ends:
            assert set(await self.driver.queue.finish_many(ends)) == {"OK"}

    async def fire_slot(self, spec: JobSpec, slot: int, *, missed: bool = False) -> str:
        """Let a slot of a job come, five missed ones before it if so wished; return the word."""
        driver, run_id = self.driver, scheduled_run_id(spec.job_id, slot)
        await driver.link.call("ZADD", driver.keys.schedule, slot, spec.job_id)
        run = run_of(spec, 1, run_id=run_id, source="schedule", trace_id="cd" * 16)
        item = FireItem(
            job_id=spec.job_id,
            version=1,
            expected_score_ms=slot,
            slot_ms=slot,
            previous_slot_ms=slot - 1000,
            miss=MissedSlots(slot - 5000, slot - 1000, 5) if missed else None,
            next_slot_ms=slot + 1000,
            next_score_ms=slot + 1000,
            overlap="allow",
            run=run,
        )
        return (await driver.queue.fire([item]))[0]

    def _next_consumer(self) -> str:
        self._consumer += 1
        return f"bulk-{self._consumer}"


def _spec(number: int) -> JobSpec:
    schedules: list[Schedule | None] = [None, Schedule(interval_sec=3600), _CRON, Schedule(at=_LATER)]
    return JobSpec(
        job_id=f"job-{number:05}",
        type="simulation.load",
        description="beban / load",
        schedule=schedules[number % 4],
        inputs={"duration_ms": number % 7},
        tags=["bulk", f"t{number % 5}"],
        concurrency=Concurrency(key=f"k{number % 3}", limit=5) if number % 6 == 0 else None,
        retry_policy=RetryPolicy(max_retry=number % 4),
    )


def _described(spec: JobSpec) -> JobSpec:
    return spec.model_copy(update={"description": "versi kedua / second version"})


def _end_of(number: int, run: ClaimedRun) -> AttemptResult:
    match number % 20:
        case 0 | 1:
            error = '{"kind":"exception","code":"broken","message":"it broke","retryable":true}'
            return ending(
                run, AttemptOutcome.FAILED, error=error, fingerprint="abcdefabcdef", log=_log(number)
            )
        case 2:
            return ending(run, AttemptOutcome.CANCELLED)
        case 3 | 4:
            return ending(run, AttemptOutcome.RETRY, error='{"code":"busy"}', calls='[{"tool":"kv"}]')
        case _:
            return _success(run, number)


def _success(run: ClaimedRun, number: int = 0) -> AttemptResult:
    return ending(
        run, output=f'{{"slept_ms":{number}}}', calls='[{"tool":"kv","op":"get"}]', log=_log(number)
    )


def _log(number: int) -> str:
    return pack_log([LogLine(number, "info", f"line {n} of {number}", {"n": n}, 1) for n in range(5)])
