"""ArdiQ. Settings: its documentation, "Configuration" (`concurrency`, `prefetch`, `cron_poll_s`).

`concurrency` is 100 like all others; `prefetch` is twice that, "a sensible starting point" there.
Recovery: `idle_timeout_ms` is how long a dead worker's tasks wait (60 s by default).
"""

import peer
from ardiq import Ardiq

KEEPS = "results for 5 minutes (its default); acknowledged after the job"
LEASE = {"idle_timeout_ms": peer.LEASE_SEC * 1000} if peer.LEASE_SEC else {}

app = Ardiq(peer.URL, concurrency=peer.SLOTS, prefetch=2 * peer.SLOTS, cron_poll_s=0.1, **LEASE)


@app.task
async def job(run: int, ms: int) -> None:
    await peer.work_async(run, ms)


if peer.PERIODIC:

    @app.cron(every=1.0)
    async def second() -> None:
        peer.tick()


async def one(run, ms):
    await job.enqueue(run, ms)


async def many(runs, ms):
    await app.enqueue_many([job.prepare(run, ms) for run in runs])


async def delayed(run, delay_ms):
    await job.options(delay_ms=delay_ms).enqueue(run, 0)


def worker():
    peer.execute("ardiq", "run", "program:app")
