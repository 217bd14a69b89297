"""`multi-job reshard` by the number of kept runs: time, records a second, memory."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import orjson

from app.core.config import Settings
from app.core.redis_client import open_shards
from benchmarks.bulk_load import clone_runs, make_jobs, real_template
from benchmarks.growth.server import growth_server

if TYPE_CHECKING:
    import resource

    from benchmarks.growth.line import Lines
    from benchmarks.growth.scale import Scale
    from benchmarks.growth.server import Figures, GrowthServer

JOBS, SHARDS = 200, 3
_MULTI_JOB = (sys.executable, "-m", "app.cli", "reshard")


async def resharding(scale: Scale, lines: Lines) -> None:
    """Divide 1,000 to 100,000 kept runs into three shards on the same server, and join them again."""
    for size in scale.sizes(1_000, 100_000, 10_000):
        async with growth_server() as server:
            template = await real_template(server.platform)
            await make_jobs(server.platform, JOBS)
            await clone_runs(server.platform, template, jobs=JOBS, runs=size)
            lines.add(size, await _divided(server, "divided", 1, SHARDS), digits=1)
            await _command(server, SHARDS, "--remove-old", "--yes")
            lines.add(size, await _divided(server, "joined", SHARDS, 1), digits=1)


async def _divided(server: GrowthServer, title: str, before: int, after: int) -> Figures:
    """Change the number of shards; return the time of a record and the memory of the command."""
    runs = await _runs(server, before)
    used, began = server.cpu_sec(), time.monotonic()
    usage, report = await _command(server, before, "--to", str(after), "--json")
    seconds = time.monotonic() - began
    if report["counts"]["runs"] != runs:
        raise SystemExit(f"benchmark failed: {runs} runs became {report['counts']['runs']}")
    return {
        (f"{title}, time", "s"): seconds,
        (f"{title}, time of a run", "µs"): seconds / runs * 1e6,
        (f"{title}, CPU of the command for a run", "µs"): (usage.ru_utime + usage.ru_stime) / runs * 1e6,
        (f"{title}, Redis CPU of a run", "µs"): (server.cpu_sec() - used) / runs * 1e6,
        (f"{title}, memory of the command", "MB"): usage.ru_maxrss / 1024,
    }


async def _runs(server: GrowthServer, shards: int) -> int:
    found = await open_shards(Settings(_env_file=None, **_place(server, shards)))  # pyright: ignore[reportCallIssue]
    try:
        return sum([await shard.link.call("ZCARD", shard.keys.runs) for shard in found])
    finally:
        await found.close()


def _place(server: GrowthServer, shards: int) -> dict[str, object]:
    return {"redis_url": server.settings.redis_url, "namespace": server.settings.namespace, "shards": shards}


async def _command(
    server: GrowthServer, shards: int, *words: str
) -> tuple[resource.struct_rusage, dict[str, dict[str, int]]]:
    """Run `multi-job reshard`; return what it used and its answer."""
    own = {name.upper(): str(value) for name, value in _place(server, shards).items()}
    environment = {**os.environ, **server.platform.environment(), **own}
    code, usage, output = await asyncio.to_thread(_finished, [*_MULTI_JOB, *words], environment)
    if code:
        raise SystemExit(f"benchmark failed: {' '.join(words)} exited with {code}")
    return usage, orjson.loads(output) if "--json" in words else {}


def _finished(command: list[str], environment: dict[str, str]) -> tuple[int, resource.struct_rusage, bytes]:
    """Run a process; return its exit code, what it used and its output."""
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE)
    assert process.stdout is not None
    with process.stdout as stream:
        output = stream.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode, usage, output
