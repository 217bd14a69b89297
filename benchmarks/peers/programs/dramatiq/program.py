"""dramatiq. Settings: its API reference ("Workers", "Redis Broker") and `dramatiq --help`.

One process with 100 threads; `dramatiq_worker_timeout` bounds how long an idle consumer sleeps (1 s by
default), which is the latency of an idle worker and of delayed messages. hiredis parses the replies.
Recovery: `heartbeat_timeout` (60 s by default); `maintenance_chance` decides how often it is looked at.
"""

import os

import dramatiq
import peer
from dramatiq.brokers.redis import RedisBroker

KEEPS = "no results; acknowledged after the job"
CANNOT = {
    "at_once": "its client blocks: one call at a time",
    "periodic": "it has no periodic jobs",
}
LEASE = {"heartbeat_timeout": peer.LEASE_SEC * 1000, "maintenance_chance": 100_000} if peer.LEASE_SEC else {}
dramatiq.set_broker(RedisBroker(url=peer.PATIENT_URL, **LEASE))


@dramatiq.actor
def job(run, ms):
    peer.work(run, ms)


async def one(run, ms):
    job.send(run, ms)


async def delayed(run, delay_ms):
    job.send_with_options(args=(run, 0), delay=delay_ms)


def worker():
    os.environ["dramatiq_worker_timeout"] = "10"
    peer.execute("dramatiq", "program", "--processes", "1", "--threads", str(peer.SLOTS))
