"""RQ. Settings: its documentation, "Workers" (`SimpleWorker`: no fork a job), "Jobs" (bulk), "Cron".

A worker runs one job at a time. Results are kept for 500 s (its default). The scheduler of delayed jobs
looks each second.
Recovery: `maintenance_interval` is lowered; a job is retried a minute after its `default_timeout`.
"""

from datetime import timedelta

import peer
from redis import Redis
from rq import Queue, Retry, SimpleWorker
from rq.cron import CronScheduler

KEEPS = "results for 500 s (its default); acknowledged after the job"
CANNOT = {"at_once": "its client blocks: one call at a time"}
SLOTS, ALIGNED = 1, False
LEASE = {"retry": Retry(max=3)} if peer.LEASE_SEC else {}
queue = Queue(connection=Redis.from_url(peer.PATIENT_URL), default_timeout=peer.LEASE_SEC or 180)


def job(run, ms):
    peer.work(run, ms)


def second():
    peer.tick()


async def one(run, ms):
    queue.enqueue(job, run, ms, **LEASE)


async def many(runs, ms):
    queue.enqueue_many([Queue.prepare_data(job, (run, ms), **LEASE) for run in runs])


async def delayed(run, delay_ms):
    queue.enqueue_in(timedelta(milliseconds=delay_ms), job, run, 0)


def worker():
    quick = {"maintenance_interval": 1, "job_monitoring_interval": 1} if peer.LEASE_SEC else {}
    SimpleWorker([queue], connection=queue.connection, **quick).work(
        with_scheduler=True, logging_level="ERROR"
    )


def scheduler():
    periodic = CronScheduler(connection=queue.connection)
    if peer.PERIODIC:
        periodic.register(second, "default", interval=1)
    periodic.start()
