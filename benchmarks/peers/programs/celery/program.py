"""Celery.

Settings: its user guide, "Optimizing" (results, prefetch), "Workers" and "Using Redis" (visibility).

One process with 100 threads, no results (`task_ignore_result`), no events between workers. Redis holds
delayed jobs in the worker's memory until they are due. Jobs are acknowledged before they start, its
default.
Recovery: `task_acks_late`, and `visibility_timeout` (1 hour by default).
"""

import peer
from celery import Celery

KEEPS = "no results; acknowledged before the job, its default (recovery: after it)"
CANNOT = {"at_once": "its client blocks: one call at a time"}
ALIGNED = False

app = Celery("program", broker=peer.URL)
app.conf.update(
    task_ignore_result=True,
    worker_prefetch_multiplier=4,
    task_acks_late=bool(peer.LEASE_SEC),
    broker_transport_options={
        "visibility_timeout": peer.LEASE_SEC or 3600,
        "socket_timeout": peer.SOCKET_SEC,
    },
    broker_connection_retry_on_startup=True,
    beat_schedule={"second": {"task": "second", "schedule": 1.0}},
)


@app.task(name="job")
def job(run, ms):
    peer.work(run, ms)


@app.task(name="second")
def second():
    peer.tick()


async def one(run, ms):
    job.delay(run, ms)


async def delayed(run, delay_ms):
    job.apply_async((run, 0), countdown=delay_ms / 1000)


def worker():
    quiet = ("--without-gossip", "--without-mingle", "--without-heartbeat", "-l", "ERROR")
    peer.execute("celery", "-A", "program", "worker", "-P", "threads", "-c", str(peer.SLOTS), *quiet)


def scheduler():
    peer.execute("celery", "-A", "program", "beat", "-l", "ERROR")
