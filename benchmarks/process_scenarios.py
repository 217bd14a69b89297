"""Worker processes: throughput by their number, and the cost of handlers in threads and child processes."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from benchmarks.measure import Figures
from benchmarks.subject import READY_SEC, held, started, wait_for, wait_until_ended, wait_until_listening

if TYPE_CHECKING:
    import subprocess

    from benchmarks.ours import Platform
    from benchmarks.scenarios import Stage

COUNTS = (1, 2, 4)
WARM_UP = 200
SETTLE_SEC = 0.3


@dataclass(frozen=True, slots=True)
class Work:
    """A kind of handler, and how many runs of it are measured."""

    name: str
    full: int
    quick: int
    """The number for `--quick`."""

    @property
    def job_type(self) -> str:
        return f"bench.{self.name}"


WORK = (
    Work("noop", 20_000, 4_000),
    Work("burn", 2_000, 400),
    Work("thread", 4_000, 800),
    Work("child", 24, 8),
)


async def processes(stage: Stage, subject: Platform) -> Figures:
    """Drain backlogs of each kind of handler with 1, 2 and 4 worker processes."""
    figures: Figures = {}
    ended = 0
    await subject.prepare()
    for count in COUNTS:
        environment = {**subject.environment(), "WORKER_PROCESSES": str(count)}
        with started([subject.worker_command()], environment) as running:
            await wait_until_listening(subject, running, count)
            for work in WORK:
                runs = stage.size(work.full, work.quick)
                warm_up = min(WARM_UP, work.quick // 2)
                await subject.submit_bulk(work.job_type, "{}", warm_up)
                await wait_until_ended(subject, ended := ended + warm_up, running)
                await asyncio.sleep(SETTLE_SEC)
                used = _cpu(running)
                with held([*running, *_children(running)]):
                    await subject.submit_bulk(work.job_type, "{}", runs)
                    wanted = _wanted_sec(running)
                await wait_until_ended(subject, ended := ended + runs, running)
                await asyncio.sleep(SETTLE_SEC)
                spans = sorted(await subject.spans_ms())[-runs:]
                seconds = (max(end for _, end in spans) - spans[0][0]) / 1000
                figures[f"{work.name}_{count}_per_sec"] = runs / seconds
                figures[f"{work.name}_{count}_us"] = (_cpu(running) - used) / runs * 1e6
                figures[f"{work.name}_{count}_cores"] = (_wanted_sec(running) - wanted) / seconds
        await wait_for(lambda: _is_left(subject), [], READY_SEC)
    return figures


async def _is_left(subject: Platform) -> bool:
    return await subject.workers() == 0


def _children(running: list[subprocess.Popen[bytes]]) -> list[psutil.Process]:
    """Return the worker processes below the one that was started, if it is their parent."""
    return [child for process in running for child in psutil.Process(process.pid).children()]


def _wanted_sec(running: list[subprocess.Popen[bytes]]) -> float:
    """Return for how long the event loops of the workers ran or waited for a processor."""
    found = 0
    for process in [*(psutil.Process(process.pid) for process in running), *_children(running)]:
        ran, waited, _count = (
            Path(f"/proc/{process.pid}/task/{process.pid}/schedstat").read_text("ascii").split()
        )
        found += int(ran) + int(waited)
    return found / 1e9


def _cpu(running: list[subprocess.Popen[bytes]]) -> float:
    """Return the CPU time of the workers and of their ended child processes."""
    workers = [*(psutil.Process(process.pid) for process in running), *_children(running)]
    return sum(sum(worker.cpu_times()[:4]) for worker in workers)
