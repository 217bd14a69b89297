"""streaQ.

Settings: its documentation, "Worker" (`concurrency`, `prefetch`, `idle_timeout`) and "Tasks" (pipelining).

uvloop through `anyio_kwargs`; `prefetch` as its default, which equals `concurrency`. Results are kept for
five minutes (its default); `silent` leaves out two log lines a task.
Recovery: `idle_timeout` (60 s by default).
"""

from datetime import timedelta

import peer
from streaq import Worker

KEEPS = "results for 5 minutes (its default); acknowledged after the job"
LEASE = {"idle_timeout": peer.LEASE_SEC} if peer.LEASE_SEC else {}
queue = Worker(redis_url=peer.URL, concurrency=peer.SLOTS, anyio_kwargs={"use_uvloop": True}, **LEASE)


@queue.task(name="job", silent=True)
async def job(run: int, ms: int) -> None:
    await peer.work_async(run, ms)


if peer.PERIODIC:

    @queue.cron("* * * * * * *", name="second", silent=True)
    async def second() -> None:
        peer.tick()


async def start():
    await queue.__aenter__()


async def one(run, ms):
    await job.enqueue(run, ms)


async def many(runs, ms):
    await queue.enqueue_many([job.enqueue(run, ms) for run in runs])


async def delayed(run, delay_ms):
    await job.enqueue(run, 0).start(delay=timedelta(milliseconds=delay_ms))


def worker():
    queue.run_sync()
