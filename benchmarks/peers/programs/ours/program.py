"""This platform: full records, events and metrics, default settings except 100 slots.

Settings: docs/configuration.md.
Recovery: `LEASE_SEC` (30 s by default).
"""

import os
import sys

import peer

from benchmarks.ours import Platform

KEEPS = "each run's record, result, attempts, events and metrics; acknowledged after the job"
platform: Platform


async def start():
    global platform
    platform = await Platform.open(peer.URL)
    await platform.prepare()
    if peer.PERIODIC:
        await platform.create_jobs(1, "bench.second")


async def one(run, ms):
    await platform.submit("bench.work", f'{{"run":{run},"ms":{ms}}}')


async def many(runs, ms):
    await platform.submit_all("bench.work", [f'{{"run":{run},"ms":{ms}}}' for run in runs])


async def delayed(run, delay_ms):
    await platform.submit("bench.work", f'{{"run":{run},"ms":0}}', delay_ms)


def worker():
    os.environ.update(Platform.environment_of(peer.URL), HANDLER_MODULES="handlers")
    if peer.LEASE_SEC:
        os.environ["LEASE_SEC"] = str(peer.LEASE_SEC)
    os.environ["WORKER_CONCURRENCY"] = str(peer.SLOTS)
    os.execv(sys.executable, [sys.executable, "-m", f"app.services.{sys.argv[1]}.main"])


scheduler = worker
