"""huey.

Settings: its documentation, "Consuming tasks" (worker types, blocking Redis) and "Performance tips".

100 threads, blocking reads (the default of `RedisHuey`), scheduler interval of 1 s (the least). A job that
returns None stores no result (`store_none`), its default. It has no acknowledgement, so a killed worker
loses its jobs.
"""

import peer
from huey import RedisHuey
from redis import ConnectionPool

KEEPS = "results of jobs that return one; no acknowledgement: a killed worker loses its jobs"
CANNOT = {
    "at_once": "its client blocks: one call at a time",
    "periodic": "its crontab has minutes only",
}
# A connection for each thread that waits; redis-py allows 100 by default.
pool = ConnectionPool.from_url(peer.PATIENT_URL, max_connections=2 * peer.SLOTS)
huey = RedisHuey("bench", connection_pool=pool)


@huey.task(name="job")
def job(run, ms):
    peer.work(run, ms)


async def one(run, ms):
    job(run, ms)


async def delayed(run, delay_ms):
    job.schedule((run, 0), delay=delay_ms / 1000)


def worker():
    words = ("-w", str(peer.SLOTS), "-k", "thread", "-n", "-s", "1", "-q")
    peer.execute("huey_consumer", "program.huey", *words)
