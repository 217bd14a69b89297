"""One peer on a server of its own, with its producer and the files of its jobs."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
import time
from collections.abc import Generator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from redis import Redis

from benchmarks.measure import Figures, ServerReading, server_reading
from benchmarks.peers.catalogue import Peer
from benchmarks.peers.environments import Environment, PeerError
from benchmarks.peers.marks import Marks, Seen
from benchmarks.peers.processes import PeerProcess, WorkerSet
from benchmarks.subject import SLOTS
from multi_job.testing.redis import EmbeddedRedis

AT_ONCE = 50
WARM_UP, WARM_UP_STEP = 300, 100
READY_SEC, POLL_SEC, SETTLE_SEC = 30.0, 0.02, 0.3


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much work each scene has."""

    single: int = 5_000
    many: int = 20_000
    sleeps: int = 5_000
    big: int = 60_000
    paced: int = 150
    delayed: int = 300
    delayed_sec: float = 3.5
    ticks: int = 10
    in_hand: int = 200
    bound_sec: float = 120.0

    def quarter(self) -> Sizes:
        """Return the sizes of `--quick`."""
        return Sizes(
            single=self.single // 4,
            many=self.many // 4,
            sleeps=self.sleeps // 4,
            big=self.big // 4,
            paced=self.paced // 4,
            delayed=self.delayed // 4,
            delayed_sec=2.0,
            ticks=5,
            in_hand=self.in_hand // 4,
            bound_sec=self.bound_sec / 2,
        )


@dataclass(slots=True)
class Stage:
    """What a scene works with."""

    peer: Peer
    sizes: Sizes
    server: EmbeddedRedis
    environment: Environment
    folder: Path
    variables: dict[str, str] = field(default_factory=dict[str, str])
    _next_run: int = 0
    _next_worker: int = 0
    _producer: PeerProcess | None = None
    traits: dict[str, Any] = field(default_factory=dict[str, Any])
    """What the program says of itself: what it keeps, which figures it cannot have, …"""

    @property
    def marks(self) -> Marks:
        return Marks(self.folder / "marks")

    @property
    def cannot(self) -> dict[str, str]:
        return self.traits["cannot"]

    @property
    def slots(self) -> int:
        """Return how many jobs a worker runs at the same time."""
        return min(int(self.variables["PEER_SLOTS"]), self.traits.get("slots") or SLOTS * 10)

    def runs(self, count: int) -> range:
        """Return numbers that no other run has."""
        self._next_run += count
        return range(self._next_run - count, self._next_run)

    def ask(self, do: str, **command: Any) -> dict[str, Any]:
        """Let the producer do something."""
        assert self._producer is not None
        return self._producer.ask(do=do, **command)

    def submit(self, count: int, ms: int = 0) -> range:
        """Submit runs in the fastest way that the peer has."""
        runs = self.runs(count)
        if "bulk" not in self.cannot:
            self.ask("bulk", first=runs.start, count=count, ms=ms)
        elif "at_once" not in self.cannot and count % AT_ONCE == 0:
            self.ask("at_once", first=runs.start, count=count, ms=ms, tasks=AT_ONCE)
        else:
            self.ask("single", first=runs.start, count=count, ms=ms)
        return runs

    def read_server(self) -> ServerReading:
        """Read the server's counters."""
        with cast("Any", Redis).from_url(self.server.url, decode_responses=True) as client:
            return server_reading(client.info("everything"), self.server.pid)

    def start_producer(self) -> None:
        """Start the producer, and learn what the program says of itself."""
        self._producer = self._process("producer", talks=True)
        self.traits = self._producer.ask()

    def workers(self, count: int) -> list[PeerProcess]:
        """Start workers."""
        return [self._process("worker") for _ in range(count)]

    def grow(self, workers: WorkerSet, count: int) -> None:
        """Let there be `count` workers, all of them warm."""
        more = count - len(workers)
        if more > 0:
            workers.add(self.workers(more))
            self._warm_up(workers, more)

    @contextlib.contextmanager
    def scheduler(self, workers: WorkerSet) -> Generator[None]:
        """Run the scheduler of a peer that has one during the block, which begins when it works."""
        if not self.traits["scheduler"]:
            yield
            return
        process = self._process("scheduler")
        try:
            if "delayed" not in self.cannot:
                runs = self.runs(1)
                self.ask("delayed", first=runs.start, delays_ms=[1])
                if self.wait_ended(runs, workers, READY_SEC).lost(runs):
                    output = process.last_lines()
                    raise PeerError(f"the scheduler started no job within {READY_SEC:.0f} s: {output}")
            yield
            process.check()
        finally:
            process.kill()

    def _warm_up(self, workers: WorkerSet, new: int) -> None:
        """Run no-ops until each new worker has run some, and `WARM_UP` in all."""
        target = self.marks.writers() + new
        until = time.monotonic() + READY_SEC
        done = 0
        while done < WARM_UP or self.marks.writers() < target:
            self.wait_ended(self.submit(WARM_UP_STEP), workers, READY_SEC)
            done += WARM_UP_STEP
            if time.monotonic() > until:
                raise PeerError(f"a new worker ran no job within {READY_SEC:.0f} s")
        time.sleep(SETTLE_SEC)

    def wait_ended(
        self, runs: range, workers: WorkerSet, seconds: float, *, stalled_sec: float | None = None
    ) -> Seen:
        """Return what the runs recorded, when all have ended or the time is over.

        With `stalled_sec` the time is also over if nothing was recorded for so long.
        """
        latest = time.monotonic() + seconds
        until = latest
        lines = -1
        while True:
            now = self.marks.lines()
            if stalled_sec is not None and now != lines:
                until = min(latest, time.monotonic() + stalled_sec)
            # The files are read only when nothing was added: reading takes CPU time from the workers.
            if now == lines or time.monotonic() > until:
                seen = self.marks.of(runs)
                if not seen.lost(runs) or time.monotonic() > until:
                    return seen
            workers.check()
            time.sleep(POLL_SEC if now != lines else POLL_SEC * 5)
            lines = now

    def close(self) -> None:
        if self._producer is not None:
            self._producer.kill()

    def _process(self, role: str, *, talks: bool = False) -> PeerProcess:
        name = f"{role}-{self._next_worker}"
        self._next_worker += 1
        variables = {
            **self.environment.variables,
            **self.variables,
            "PEER_URL": self.server.url,
            "PEER_MARKS": str(self.folder / "marks"),
            "PEER_WORKER": name,
        }
        command = (*self.environment.command, role)
        return PeerProcess(command, variables, self.folder, name, talks=talks)


@contextlib.contextmanager
def open_stage(
    peer: Peer, environment: Environment, sizes: Sizes, server: Path | None, variables: dict[str, str]
) -> Generator[Stage]:
    """Run a server and the peer's producer during the block; without `server` it is the embedded one."""
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="multi-job-peer-")))
        (folder / "marks").mkdir()
        binary = None if peer.embedded else server
        redis = stack.enter_context(EmbeddedRedis(folder / "redis", binary=binary))
        stage = Stage(peer, sizes, redis, environment, folder, {"PEER_SLOTS": str(SLOTS), **variables})
        stack.callback(stage.close)
        stage.start_producer()
        yield stage


def find_server() -> Path | None:
    """Return the `redis-server` on PATH."""
    found = shutil.which("redis-server", path=os.environ.get("PATH"))
    return Path(found) if found else None


def nothing_lost(seen: Seen, runs: range) -> Figures:
    """Return how many runs are lost and doubled."""
    return {"lost": seen.lost(runs), "doubled": seen.doubled()}
