"""taskiq.

Settings: taskiq-redis README (`RedisStreamBroker`, `ListRedisScheduleSource`) and `taskiq worker --help`.

The stream broker acknowledges, the list broker does not. `--no-parse` skips pydantic on each call; uvloop
and hiredis are installed. No result backend, which is its default. Delayed and periodic jobs need `taskiq
scheduler`.
Recovery: `idle_timeout` (10 minutes by default); it takes over only when new jobs arrive.
"""

from datetime import UTC, datetime, timedelta

import peer
from taskiq import TaskiqScheduler
from taskiq.schedule_sources import LabelScheduleSource
from taskiq_redis import ListRedisScheduleSource, RedisStreamBroker

KEEPS = "no results; acknowledged after the job, entries stay in the stream"
LEASE = {"idle_timeout": peer.LEASE_SEC * 1000, "xread_block": 1000} if peer.LEASE_SEC else {}
# A group that reads from the beginning loses nothing that is sent before the first worker starts.
broker = RedisStreamBroker(peer.PATIENT_URL, consumer_id="0", **LEASE)
source = ListRedisScheduleSource(peer.PATIENT_URL)
scheduling = TaskiqScheduler(broker, [source, LabelScheduleSource(broker)])


@broker.task(task_name="job")
async def job(run, ms):
    await peer.work_async(run, ms)


@broker.task(task_name="second", schedule=[{"interval": 1}] if peer.PERIODIC else [])
async def second():
    peer.tick()


async def start():
    await broker.startup()
    await source.startup()


async def one(run, ms):
    await job.kiq(run, ms)


async def delayed(run, delay_ms):
    await job.schedule_by_time(source, datetime.now(UTC) + timedelta(milliseconds=delay_ms), run, 0)


def worker():
    words = ("--workers", "1", "--max-async-tasks", str(peer.SLOTS), "--no-parse", "--log-level", "WARNING")
    peer.execute("taskiq", "worker", "program:broker", *words)


def scheduler():
    words = ("--update-interval", "1", "--loop-interval", "1", "--log-level", "WARNING")
    peer.execute("taskiq", "scheduler", "program:scheduling", *words)
