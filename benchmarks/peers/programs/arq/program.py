"""arq. Settings: its documentation, "Reference" (`Worker`: `max_jobs`, `poll_delay`, `keep_result`).

It polls, each 0.5 s by default and each 5 ms here, which its latency and lateness follow. Results are kept
for an hour (its default). Cron jobs start at 0.123 s of a second by default, at 0 here.
Recovery: a job may start again when its `job_timeout` plus 10 s have passed.
"""

from datetime import timedelta

import peer
from arq import create_pool, cron
from arq.connections import RedisSettings
from arq.worker import Worker

KEEPS = "results for an hour (its default); acknowledged after the job"
SETTINGS = RedisSettings.from_dsn(peer.URL)
pool = None


async def job(ctx, run, ms):
    await peer.work_async(run, ms)


async def second(ctx):
    peer.tick()


async def start():
    global pool
    pool = await create_pool(SETTINGS)


async def one(run, ms):
    await pool.enqueue_job("job", run, ms)


async def delayed(run, delay_ms):
    await pool.enqueue_job("job", run, 0, _defer_by=timedelta(milliseconds=delay_ms))


def worker():
    peer.run(work())


async def work():
    crons = [cron(second, second=set(range(60)), microsecond=0)] if peer.PERIODIC else None
    limits = {"job_timeout": peer.LEASE_SEC} if peer.LEASE_SEC else {}
    settings = {"max_jobs": peer.SLOTS, "poll_delay": 0.005, "log_results": False, **limits}
    await Worker([job], redis_settings=SETTINGS, cron_jobs=crons, **settings).async_run()
