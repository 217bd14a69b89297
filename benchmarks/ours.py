"""The platform as a subject: its Queue and its service processes."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import orjson

from app.core.clock import SystemClock
from app.core.config import Settings
from app.core.ids import new_id, new_trace_id
from app.core.models import JobSpec, NewRun, Overlap, Schedule
from app.core.queue import Queue, open_queue
from app.core.redis_client import RedisLink, open_link
from benchmarks.subject import HERE, SLOTS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.core.specs.store import JobStore
    from app.core.storage.keys import Keys

JOB = NAMESPACE = "bench"
BULK = 1_000
_PAGE = 500
_TERMINAL = ("success", "failed", "cancelled")


class Platform:
    """Submits runs through `Queue`; workers and schedulers run as in a deployment."""

    def __init__(self, link: RedisLink, queue: Queue, settings: Settings) -> None:
        self._link = link
        self._queue = queue
        self._settings = settings
        self._clock = queue.clock

    @classmethod
    async def open(cls, url: str, namespace: str = NAMESPACE) -> Platform:
        """Return the platform in an empty namespace."""
        settings = Settings(_env_file=None, redis_url=url, namespace=namespace)  # pyright: ignore[reportCallIssue]
        link = await open_link(settings)
        return cls(link, open_queue(link, SystemClock(), settings), settings)

    @property
    def link(self) -> RedisLink:
        return self._link

    @property
    def keys(self) -> Keys:
        return self._queue.keys

    @property
    def jobs(self) -> JobStore:
        """Return the stored jobs."""
        return _job_store()(self._link, self._queue.scripts, self._clock, "UTC")

    def now_ms(self) -> int:
        return self._clock.now_ms()

    def worker_command(self) -> Sequence[str]:
        return (sys.executable, "-m", "app.services.worker.main")

    def scheduler_command(self) -> Sequence[str]:
        """Return the command of a scheduler."""
        return (sys.executable, "-m", "app.services.scheduler.main")

    def environment(self) -> Mapping[str, str]:
        return self.environment_of(self._settings.redis_url, self._settings.namespace)

    @staticmethod
    def environment_of(url: str, namespace: str = NAMESPACE) -> Mapping[str, str]:
        """Return the environment of the services, without a connection."""
        return {
            "REDIS_URL": url,
            "NAMESPACE": namespace,
            "HANDLER_MODULES": "benchmarks.handlers",
            "POLICIES_FILE": str(HERE / "policies.yaml"),
            "MULTI_JOB_HOME": str(Path.cwd()),
            "WORKER_CONCURRENCY": str(SLOTS),
            "WORKER_PROCESSES": "1",
            # The clients of `events` need no key, so they all count as one.
            "MAX_EVENT_STREAMS_PER_KEY": "1000",
            "LOG_LEVEL": "WARNING",
        }

    async def prepare(self) -> None:
        await self._queue.ensure_groups()

    async def submit(self, job_type: str, inputs: str, delay_ms: int = 0) -> str:
        return (await self._queue.enqueue(self._run(job_type, inputs, delay_ms))).run_id

    async def submit_all(self, job_type: str, inputs: Sequence[str]) -> None:
        for start in range(0, len(inputs), BULK):
            batch = [self._run(job_type, each) for each in inputs[start : start + BULK]]
            await self._queue.enqueue_many(batch)

    async def submit_bulk(self, job_type: str, inputs: str, count: int) -> None:
        await self.submit_all(job_type, [inputs] * count)

    async def submit_keyed(self, job_type: str, inputs: str, keys: Sequence[str]) -> list[str]:
        """Submit a run with each of these keys; return their ids."""
        runs = [self._run(job_type, inputs)._replace(key=key) for key in keys]
        return [result.run_id for result in await self._queue.enqueue_many(runs)]

    async def submit_delayed(self, delays_ms: Sequence[int]) -> None:
        """Submit no-ops that wait."""
        await self._queue.enqueue_many([self._run("bench.noop", "{}", delay) for delay in delays_ms])

    async def create_jobs(self, count: int, job_type: str = "bench.noop") -> None:
        """Store jobs that fire each second."""
        jobs = self.jobs
        for number in range(count):
            spec = JobSpec(
                job_id=f"tick-{number}",
                type=job_type,
                schedule=Schedule(interval_sec=1),
                overlap=Overlap.ALLOW,
            )
            await jobs.create(spec, actor="bench", origin="bench")

    def _run(self, job_type: str, inputs: str, delay_ms: int = 0) -> NewRun:
        return NewRun(
            run_id=new_id(self._clock),
            job_id=JOB,
            type=job_type,
            version=1,
            inputs=inputs,
            source="api",
            trace_id=new_trace_id(),
            delay_ms=delay_ms,
        )

    async def workers(self) -> int:
        # The reclaimers of all workers share a consumer of another name.
        found = await self._link.call("XINFO", "CONSUMERS", self._queue.keys.ready("normal"), "workers")
        return sum(each[each.index("name") + 1].startswith("w") for each in found)

    async def ended(self) -> int:
        keys = [self._queue.keys.runs_status(status) for status in _TERMINAL]
        return sum(await self._link.calls([("ZCARD", key) for key in keys]))

    async def ended_of(self, job_type: str) -> int:
        """Return how many runs of a type have succeeded."""
        name = f"runs|{job_type}|success"
        return int(await self._link.call("HGET", self._queue.keys.metrics, name) or 0)

    async def spans_ms(self) -> list[tuple[float, float]]:
        return [(float(row[0]), float(row[1])) for row in await self.fields("started", "ended")]

    async def stamps_ns(self, ids: Sequence[str]) -> list[int]:
        rows = await self._rows(ids, ("output",))
        return [orjson.loads(row[0])["at_ns"] for row in rows]

    async def fields(self, *names: str) -> list[list[str]]:
        """Return these fields of all runs, in the order of their creation."""
        return await self._rows(await self.run_ids(), names)

    async def run_ids(self) -> list[str]:
        """Return all runs in the order of their creation."""
        return await self._link.call("ZRANGE", self._queue.keys.runs, 0, -1)

    async def _rows(self, ids: Sequence[str], names: Sequence[str]) -> list[list[str]]:
        rows: list[list[str]] = []
        for start in range(0, len(ids), _PAGE):
            page = ids[start : start + _PAGE]
            rows += await self._link.calls([("HMGET", self._queue.keys.run(run), *names) for run in page])
        return rows

    async def close(self) -> None:
        await self._link.close()


def _job_store() -> type[JobStore]:
    """Return the class from its module: an earlier commit that is measured has it in another one."""
    try:
        return importlib.import_module("app.core.specs.store").JobStore
    except ModuleNotFoundError:
        return importlib.import_module("app.core.job_store").JobStore
