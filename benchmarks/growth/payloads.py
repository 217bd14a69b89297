"""Runs with larger inputs and results, and with more log lines."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import orjson

from benchmarks.growth.server import growth_server
from benchmarks.growth.sim_worker import SimulatedWorker
from benchmarks.measure import cpu_seconds
from benchmarks.subject import started, wait_until_ended, wait_until_listening

if TYPE_CHECKING:
    import subprocess

    from benchmarks.growth.line import Lines
    from benchmarks.growth.scale import Scale
    from benchmarks.ours import Platform

    Processes = list[subprocess.Popen[bytes]]

SIZES = (100, 1_000, 10_000, 65_536)
LOG_LINES = (1, 10, 100, 1_000)
_RUNS, _LOGGING_RUNS, _SLOTS, _WARM_UP = 1_000, 100, 100, 100


async def payloads(scale: Scale, lines: Lines) -> None:
    """Measure runs whose inputs, and whose results, have 100 bytes to 64 KB."""
    for size in SIZES:
        text = orjson.dumps({"text": "x" * (size - len('{"text":""}'))}).decode()
        count = _RUNS // 4 if scale.quick else _RUNS
        async with growth_server() as server:
            worker = SimulatedWorker(server.queue, "bench-worker", output=text)
            await server.platform.submit_bulk("bench.noop", "{}", _WARM_UP)
            await worker.take_all(_WARM_UP, _SLOTS)
            empty, client = await server.dataset_bytes(), time.process_time()
            enqueued = await server.redis_us(server.platform.submit_bulk("bench.noop", text, count), count)
            client = time.process_time() - client
            queued = await server.dataset_bytes()
            ended = await server.redis_us(worker.take_all(count, _SLOTS), count)
            lines.add(
                size,
                {
                    ("enqueue, Redis CPU", "µs"): enqueued,
                    ("enqueue, client CPU", "µs"): client / count * 1e6,
                    ("claim and end, Redis CPU", "µs"): ended,
                    ("memory of a queued run", "bytes"): (queued - empty) / count,
                    ("memory of an ended run", "bytes"): (await server.dataset_bytes() - empty) / count,
                },
            )


async def logs(scale: Scale, lines: Lines) -> None:
    """Measure runs that log 1 to 1,000 lines, in a real worker."""
    count = _LOGGING_RUNS // 4 if scale.quick else _LOGGING_RUNS
    for size in LOG_LINES:
        async with growth_server() as server:
            platform = server.platform
            with started([platform.worker_command()], platform.environment()) as processes:
                await wait_until_listening(platform, processes, 1)
                await platform.submit_bulk("bench.log", '{"lines":1}', _WARM_UP)
                await wait_until_ended(platform, _WARM_UP, processes)
                empty, pid = await server.dataset_bytes(), processes[0].pid

                async def logged(
                    size: int = size, platform: Platform = platform, processes: Processes = processes
                ) -> None:
                    await platform.submit_bulk("bench.log", f'{{"lines":{size}}}', count)
                    await wait_until_ended(platform, _WARM_UP + count, processes)

                used = cpu_seconds(pid)
                redis_us = await server.redis_us(logged(), count)
                used = cpu_seconds(pid) - used
                stored = await server.dataset_bytes() - empty
            lines.add(
                size,
                {
                    ("a run, worker CPU", "µs"): used / count * 1e6,
                    ("a run, Redis CPU", "µs"): redis_us,
                    ("memory of an ended run with its log", "bytes"): stored / count,
                },
            )
