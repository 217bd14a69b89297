"""saq.

Settings: docstrings of `saq.worker.Worker` and `saq.queue.redis.RedisQueue`, its documentation's "Worker".

`max_concurrent_ops` (20 by default) is raised to the slots, uvloop and hiredis are installed. Job results
are kept for ten minutes, its default. Scheduled jobs are looked for each second, the least that `timers`
allow.
Recovery: a job that is active longer than its `timeout` is swept, and retried if it has `retries`.
"""

import time

import peer
from saq import CronJob, Queue, Worker

KEEPS = "results for 10 minutes (its default); acknowledged after the job"
queue = Queue.from_url(peer.URL, max_concurrent_ops=peer.SLOTS)
LEASE = {"timeout": peer.LEASE_SEC, "retries": 3} if peer.LEASE_SEC else {}


async def job(ctx, *, run, ms):
    await peer.work_async(run, ms)


async def second(ctx):
    peer.tick()


async def start():
    await queue.connect()


async def one(run, ms):
    await queue.enqueue("job", run=run, ms=ms, **LEASE)


async def delayed(run, delay_ms):
    await queue.enqueue("job", run=run, ms=0, scheduled=time.time() + delay_ms / 1000)


def worker():
    peer.run(work())


async def work():
    await queue.connect()
    timers = {"sweep": 1} if peer.LEASE_SEC else {}
    crons = [CronJob(second, cron="* * * * * *")] if peer.PERIODIC else []
    await Worker(queue, [job], concurrency=peer.SLOTS, cron_jobs=crons, timers=timers).start()
