"""Counts the cost of a run, an enqueue and a plan: `python -m benchmarks.gate.measure` prints them as JSON.

Nothing here measures time. A server of its own and a worker in this process handle a fixed number of runs;
round trips block (`lockstep.py`), so the counts do not depend on the machine's load.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import sysconfig
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType, FrameType
from typing import Self

import orjson

from app.core.clock import SystemClock
from app.core.config import Settings
from app.core.ids import new_id, new_trace_id
from app.core.models import NewRun
from app.core.observability import configure_logging
from app.core.policies import load_policies
from app.core.process import ServiceContext, context_of
from app.core.queue import Queue, open_queue
from app.core.redis_client import open_link, open_shards
from app.core.registry import load_handlers
from app.core.runner import Attempt, ChildSlots, RunEnd
from app.core.storage import link as link_module
from app.planner.models import PlanRequest
from app.services.worker.attempts import AttemptLog
from app.services.worker.claimer import Claimer
from app.services.worker.shard_worker import ShardWorker
from benchmarks.gate.lockstep import Lockstep
from benchmarks.ours import JOB
from benchmarks.planner import NOW, padded_cases
from benchmarks.subject import HERE
from tests.support.embedded_redis import EmbeddedRedis
from tests.support.planner.planning import plan_text

RUNS, AT_ONCE, IDLE, PLANS = 1_024, 50, 32, 150
POLL_SEC = 0.002
Figures = dict[str, float]

ENTRIES = {
    **{name: f"app.services.{name}.main" for name in ("api", "connector", "scheduler", "worker")},
    "child": "app.core.execution.child",
}
"""What each process imports at its start; a child runs one handler."""

_STANDARD = (sysconfig.get_path("stdlib"), "<frozen")
_INLINED = {"<listcomp>", "<dictcomp>", "<setcomp>"}
"""Functions in Python 3.11, and none in later versions."""
_OTHERS = ("/redis/", "/benchmarks/", "/tests/")
_NO_WORK = {"info", "eval", "evalsha", "fcall", "memory|usage", "scan", "select", "client|setinfo", "hello"}


class StillClock(SystemClock):
    """Elapsed time does not pass, so nothing is done because a second is over."""

    monotonic = staticmethod(lambda: 1_000.0)

    def boottime(self) -> float:
        return 1_000.0


class Calls:
    """Counts the Python functions that this thread calls, except those of Python itself and of redis-py."""

    def __init__(self) -> None:
        self._codes: Counter[CodeType] = Counter()

    def __enter__(self) -> Self:
        codes = self._codes

        def count(frame: FrameType, event: str, _argument: object) -> None:
            if event == "call":
                codes[frame.f_code] += 1

        sys.setprofile(count)
        return self

    def __exit__(self, *_error: object) -> None:
        sys.setprofile(None)

    def by_name(self) -> Counter[str]:
        """Return the number of calls of each counted function."""
        found: Counter[str] = Counter()
        for code, count in self._codes.items():
            if _is_counted(code):
                found[f"{code.co_filename}:{code.co_qualname}"] += count
        return found


def _is_counted(code: CodeType) -> bool:
    path = code.co_filename.replace("\\", "/")
    if code.co_name in _INLINED or any(part in path for part in _OTHERS):
        return False
    return "site-packages" in path or not path.startswith(_STANDARD)


@dataclass(slots=True)
class Counters:
    """The counters of the server and of the links at an instant."""

    commands: int
    aof_bytes: int
    round_trips: int


@dataclass(slots=True)
class Bench:
    """A namespace of the server, the queue of a client, and what its use has cost."""

    lockstep: Lockstep
    settings: Settings
    clock: StillClock = field(default_factory=StillClock)
    profile: Path | None = None

    async def queue(self) -> Queue:
        """Return the queue of a client on a link of its own."""
        return open_queue(await open_link(self.settings), self.clock, self.settings)

    def counters(self) -> Counters:
        """Read the counters; the reading itself is not counted."""
        round_trips = self.lockstep.round_trips
        (info,) = self.lockstep.send(0, [("INFO", "everything")])
        self.lockstep.round_trips = round_trips
        fields = dict(line.split(":", 1) for line in info.splitlines() if ":" in line)
        commands = {name[8:]: value for name, value in fields.items() if name.startswith("cmdstat_")}
        return Counters(
            commands=sum(
                int(value.split("=")[1].split(",")[0])
                for name, value in commands.items()
                if name not in _NO_WORK
            ),
            aof_bytes=int(fields["aof_current_size"]) + int(fields["aof_buffer_length"]),
            round_trips=round_trips,
        )

    def memory(self) -> int:
        """Return the bytes of all keys of the namespace."""
        keys: list[str] = []
        cursor = "0"
        while True:
            ((cursor, page),) = self.lockstep.send(0, [("SCAN", cursor, "COUNT", 1_000)])
            keys += page
            if cursor == "0":
                break
        return sum(self.lockstep.send(0, [("MEMORY", "USAGE", key, "SAMPLES", 0) for key in keys]))

    async def cost(self, name: str, runs: int, work: Callable[[], Awaitable[None]]) -> Figures:
        """Return what `work` costs for each of its runs."""
        before = self.counters()
        with Calls() as calls:
            await work()
        after, by_name = self.counters(), calls.by_name()
        if self.profile is not None:
            lines = [f"{count / runs:8.2f} {where}" for where, count in by_name.most_common()]
            (self.profile / f"{name}.txt").write_text("\n".join(lines), "utf-8")
        return {
            f"{name}_commands": (after.commands - before.commands) / runs,
            f"{name}_round_trips": (after.round_trips - before.round_trips) / runs,
            f"{name}_python_calls": by_name.total() / runs,
            f"{name}_aof_bytes": (after.aof_bytes - before.aof_bytes) / runs,
        }


def new_run(clock: SystemClock) -> NewRun:
    """Return a run of a no-op."""
    return NewRun(
        run_id=new_id(clock),
        job_id=JOB,
        type="bench.noop",
        version=1,
        inputs="{}",
        source="api",
        trace_id=new_trace_id(),
    )


class CountedWorker(ShardWorker):
    """A worker of which only the claims, the attempts and their ends run."""

    def __init__(self, context: ServiceContext) -> None:
        settings, clock = context.settings, context.clock
        super().__init__(
            context,
            f"w{new_id(clock)[-12:]}",
            load_handlers(settings),
            load_policies(settings),
            children=ChildSlots(settings.child_processes),
            pool=None,
            attempts=AttemptLog(clock, settings.log_runs_per_sec),
            keep_ends=lambda: None,
        )
        self._ends = 0

    async def claimers(self) -> list[Claimer]:
        """Return the loops that claim and start runs."""
        self._claims_link = await open_link(self._context.settings)
        return [loop for loop in await self._loops() if isinstance(loop, Claimer)]

    def _ended(self, attempt: Attempt, end: RunEnd) -> None:
        self._ends += 1
        super()._ended(attempt, end)

    async def ended(self, count: int) -> None:
        """Wait until Redis has recorded `count` ends."""
        # No event: the functions that it would call are counted.
        while self._ends < count or not self.in_flight.empty:  # noqa: ASYNC110
            await asyncio.sleep(0)


def plans() -> Figures:
    """Plan the worked cases at 200 characters."""
    requests = [PlanRequest(prompt, None, NOW) for prompt in padded_cases(PLANS)]
    # What is kept for words that come again is there after the first time.
    for request in requests:
        plan_text(request)
    with Calls() as calls:
        for request in requests:
            plan_text(request)
    return {"plan_python_calls": calls.by_name().total() / PLANS}


async def _worker(bench: Bench) -> tuple[CountedWorker, asyncio.Event]:
    stop, shards = asyncio.Event(), await open_shards(bench.settings)
    context = context_of("worker", "worker-gate", bench.settings, bench.clock, shards, stop)
    return CountedWorker(context), stop


async def enqueues(bench: Bench) -> Figures:
    """Submit runs one by one, 50 at once and in bulk, without a worker."""
    queue = await bench.queue()
    await queue.ensure_groups()

    async def one_by_one(count: int) -> None:
        for _ in range(count):
            await queue.enqueue(new_run(bench.clock))

    async def at_once() -> None:
        await asyncio.gather(*(one_by_one(RUNS // AT_ONCE) for _ in range(AT_ONCE)))

    async def bulk() -> None:
        await queue.enqueue_many([new_run(bench.clock) for _ in range(RUNS)])

    await one_by_one(IDLE)
    at_once_runs = RUNS // AT_ONCE * AT_ONCE
    figures = await bench.cost("enqueue", RUNS, lambda: one_by_one(RUNS))
    figures |= await bench.cost("enqueue_50_at_once", at_once_runs, at_once)
    before = bench.memory()
    figures |= await bench.cost("enqueue_bulk", RUNS, bulk)
    return {**figures, "queued_run_memory_bytes": (bench.memory() - before) / RUNS}


async def drains(bench: Bench) -> Figures:
    """Let a worker run a backlog."""
    queue = await bench.queue()
    figures: Figures = {}
    # The first round loads the scripts and whatever is imported at its first use.
    for name in ("", "run"):
        before = bench.memory()
        await queue.enqueue_many([new_run(bench.clock) for _ in range(RUNS)])
        worker, stop = await _worker(bench)
        loops = await worker.claimers()

        async def drain(worker: CountedWorker = worker, loops: list[Claimer] = loops) -> None:
            tasks.extend(asyncio.create_task(loop.run(stop)) for loop in loops)  # noqa: B023
            await worker.ended(RUNS)

        tasks: list[asyncio.Task[None]] = []
        figures = await bench.cost(name or "first", RUNS, drain)
        await _cancel(tasks)
        figures["finished_run_memory_bytes"] = (bench.memory() - before) / RUNS
    return figures


async def idle_runs(bench: Bench) -> Figures:
    """Submit single runs to an idle worker: from the submission to the end."""
    queue, (worker, stop) = await bench.queue(), await _worker(bench)
    tasks = [asyncio.create_task(loop.run(stop)) for loop in await worker.claimers()]

    async def one_by_one(first: int) -> None:
        for number in range(first, first + IDLE):
            await _blocked(bench)
            await queue.enqueue(new_run(bench.clock))
            await worker.ended(number + 1)
        await _blocked(bench)

    await one_by_one(0)
    figures = await bench.cost("idle_run", IDLE, lambda: one_by_one(IDLE))
    await _cancel(tasks)
    # The rest is that of a backlog.
    return {name: figures[name] for name in ("idle_run_commands", "idle_run_round_trips")}


async def _blocked(bench: Bench) -> None:
    """Wait until the worker has nothing to do and waits in Redis."""
    while True:
        round_trips = bench.lockstep.round_trips
        (info,) = bench.lockstep.send(0, [("INFO", "clients")])
        bench.lockstep.round_trips = round_trips
        if "blocked_clients:1" in info:
            return
        await asyncio.sleep(POLL_SEC)


async def _cancel(tasks: list[asyncio.Task[None]]) -> None:
    # Python 3.11 loses a cancellation that meets the end of a `wait_for`.
    while pending := [task for task in tasks if not task.done()]:
        for task in pending:
            task.cancel()
        await asyncio.wait(pending, timeout=POLL_SEC)


def modules(entry: str) -> int:
    """Return how many modules a process loads to start, except those of Python itself and of its set-up."""
    code = (
        f"import sys, {entry}; own = {{*sys.stdlib_module_names, 'colorama', 'sitecustomize'}};"
        "print(sum(name.split('.')[0] not in own and name[:1] != '_' for name in sys.modules))"
    )
    return int(subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout)


async def measure(url: str, folder: Path, profile: Path | None = None) -> Figures:
    """Return all figures from an empty server."""
    lockstep = Lockstep(url)
    link_module.exchange = lockstep.exchange
    figures: Figures = {f"{name}_start_modules": modules(entry) for name, entry in ENTRIES.items()}
    for number, part in enumerate((enqueues, drains, idle_runs)):
        settings = Settings(
            _env_file=None,  # pyright: ignore[reportCallIssue]
            redis_url=url,
            namespace=f"gate{number}",
            multi_job_home=folder,
            handler_modules=["benchmarks.handlers"],
            policies_file=HERE / "policies.yaml",
        )
        figures |= await part(Bench(lockstep, settings, profile=profile))
    lockstep.close()
    return figures | plans()


def main() -> None:
    """Measure and print; an argument is a folder for the calls by function."""
    configure_logging("worker", "worker-gate", "WARNING")
    profile = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    with EmbeddedRedis() as server:
        figures = asyncio.run(measure(server.url, server.data_dir, profile))
    print(orjson.dumps(figures).decode())


if __name__ == "__main__":
    main()
