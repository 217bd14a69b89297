"""The bare stream worker of these benchmarks: see `benchmarks/bare_stream.py`."""

import os

import peer

from benchmarks.bare_stream import BareStream, Worker

KEEPS = "a result for a week; acknowledged after the job; no record, no lease, no retry"
CANNOT = {
    "periodic": "it has no periodic jobs",
    "recovery": "it has no lease, so nothing takes over",
}
subject: BareStream


async def start():
    global subject
    subject = BareStream(peer.URL)
    await subject.prepare()


async def one(run, ms):
    await subject.submit("work", f"{run} {ms}")


async def many(runs, ms):
    await subject.submit_all("work", [f"{run} {ms}" for run in runs])


async def job(_type, inputs):
    run, ms = inputs.split()
    await peer.work_async(int(run), int(ms))


def worker():
    peer.run(Worker(peer.URL, os.environ["PEER_WORKER"], job).run())
