"""mayu. Settings: its README ("Quickstart", "Reliability").

Threads as others have slots: async jobs share one event loop. A build of Python with the GIL runs tasks in
processes by default, one at a time each, so thread mode is chosen. It runs as many async jobs at once as it
prefetches, so `--prefetch-multiplier 1` makes them 100. Results are kept (`result_ttl`).
Recovery: `--visibility-timeout` (30 s by default).
"""

import peer
from mayu import App

KEEPS = "results for an hour; acknowledged after the job"
CANNOT = {
    "at_once": "its client blocks: one call at a time",
    "periodic": "it has no periodic jobs",
}
app = App(broker=peer.URL, result_ttl=3600)


@app.task(name="job")
async def job(run: int, ms: int) -> None:
    await peer.work_async(run, ms)


async def one(run, ms):
    job.send(run, ms)


async def delayed(run, delay_ms):
    job.send(run, 0, countdown=delay_ms / 1000)


def worker():
    lease = ("--visibility-timeout", str(peer.LEASE_SEC)) if peer.LEASE_SEC else ()
    mode = ("--mode", "thread", "--threads", str(peer.SLOTS), "--prefetch-multiplier", "1")
    peer.execute("mayu", "worker", "program:app", *mode, *lease)
