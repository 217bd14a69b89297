"""The real API with a probe of its event loop.

`python -m benchmarks.hostile_api PORT`: for each line on stdin it prints one on stdout, the longest block of
the loop since the line before, as JSON.
"""

from __future__ import annotations

import asyncio
import sys
import threading
import time

import orjson
import uvicorn
import uvloop

from benchmarks.web import HOST, OURS

TICK_SEC = 0.001


class LoopProbe:
    """Wakes each millisecond and keeps the longest delay.

    A block is measured by the clock, and by this process' CPU time within it: the clock also counts other
    load of the machine. The CPU time includes other threads, which hold the interpreter's lock meanwhile.
    """

    def __init__(self) -> None:
        self._longest = (0.0, 0.0)

    async def run(self) -> None:
        """Measure until cancelled."""
        while True:
            at, used = time.perf_counter(), time.process_time()
            await asyncio.sleep(TICK_SEC)
            wall = time.perf_counter() - at - TICK_SEC
            cpu = time.process_time() - used
            self._longest = max(self._longest[0], wall), max(self._longest[1], cpu)

    def taken(self) -> dict[str, float]:
        """Return the longest block since the last call, in milliseconds."""
        (wall, cpu), self._longest = self._longest, (0.0, 0.0)
        return {"wall_ms": wall * 1000, "cpu_ms": cpu * 1000}


def _answer_lines(probe: LoopProbe, loop: asyncio.AbstractEventLoop) -> None:
    async def taken() -> dict[str, float]:
        # One turn after the probe's own, which is late by the length of the block.
        await asyncio.sleep(2 * TICK_SEC)
        return probe.taken()

    for _ in sys.stdin:
        found = asyncio.run_coroutine_threadsafe(taken(), loop).result()
        sys.stdout.write(orjson.dumps(found).decode() + "\n")
        sys.stdout.flush()


async def _serve(port: int) -> None:
    config = uvicorn.Config(OURS, host=HOST, port=port, log_level="warning", access_log=False)
    probe, server = LoopProbe(), uvicorn.Server(config)
    probing = asyncio.create_task(probe.run())
    loop = asyncio.get_running_loop()
    threading.Thread(target=_answer_lines, args=(probe, loop), daemon=True).start()
    await server.serve()
    probing.cancel()


def main() -> None:
    """Serve until SIGTERM."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_serve(int(sys.argv[1])))


if __name__ == "__main__":
    main()
