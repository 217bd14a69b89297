"""`python -m benchmarks hostile`: blocks of the event loop by hostile requests."""

from __future__ import annotations

import contextlib
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import orjson

from benchmarks.trees import ROOT
from benchmarks.web import HOST
from tests.support.api.costly_requests import all_costly, prompts
from tests.support.api.hostile_requests import Hostile, all_hostile, post, request
from tests.support.embedded_redis import EmbeddedRedis, free_port

BOUND_MS = 50.0
SHOWN = 10
_START_SEC, _ANSWER_SEC = 30.0, 20.0
_AT_ONCE = 8
_JOB = {"job_id": "a", "type": "simulation.load", "enabled": False}


@dataclass(slots=True)
class Block:
    """The longest block during one request, a figure for each round."""

    name: str
    wall_ms: list[float] = field(default_factory=list[float])
    cpu_ms: list[float] = field(default_factory=list[float])
    status: int = 0

    @property
    def own_ms(self) -> float:
        """Return the CPU time of the API within its longest block, the median of the rounds."""
        return statistics.median(self.cpu_ms)


class ProbedApi:
    """The API with its probe."""

    def __init__(self, process: subprocess.Popen[str], port: int) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._in: IO[str] = process.stdin
        self._out: IO[str] = process.stdout
        self.port = port

    def taken(self) -> dict[str, float]:
        """Return the longest block since the last call."""
        self._in.write("\n")
        self._in.flush()
        return orjson.loads(self._out.readline())

    def send(self, requests: Sequence[bytes]) -> int:
        """Send requests, each on its own connection, all before the first answer; return its status."""
        with contextlib.ExitStack() as stack:
            lines = [
                stack.enter_context(socket.create_connection((HOST, self.port), timeout=_ANSWER_SEC))
                for _ in requests
            ]
            for line, raw in zip(lines, requests, strict=True):
                with contextlib.suppress(ConnectionError):
                    line.sendall(raw)
            statuses = [_status(line) for line in lines]
            return statuses[0]


def _status(line: socket.socket) -> int:
    got = b""
    with contextlib.suppress(ConnectionError, TimeoutError):
        while b"\r\n" not in got and (piece := line.recv(65_536)):
            got += piece
    return int(got.split(b" ", 2)[1]) if got.startswith(b"HTTP/") else 0


@contextlib.contextmanager
def probed_api() -> Generator[ProbedApi]:
    """Run the API on a server of its own during the block."""
    with EmbeddedRedis() as redis, tempfile.TemporaryDirectory() as home:
        port = free_port()
        environment = {**os.environ, "REDIS_URL": redis.url, "MULTI_JOB_HOME": home, "PYTHONPATH": str(ROOT)}
        process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.hostile_api", str(port)],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=(Path(home) / "api.log").open("wb"),
            text=True,
        )
        try:
            _wait_until_ready(process, port)
            yield ProbedApi(process, port)
        finally:
            process.terminate()
            process.wait(10)


def _wait_until_ready(process: subprocess.Popen[str], port: int) -> None:
    until = time.monotonic() + _START_SEC
    while True:
        with contextlib.suppress(OSError), socket.create_connection((HOST, port), timeout=5) as line:
            line.sendall(request("GET", "/readyz"))
            if _status(line) == 200:
                return
        if process.poll() is not None or time.monotonic() > until:
            raise SystemExit("benchmark failed: the API does not start")
        time.sleep(0.1)


def corpus() -> list[tuple[str, list[bytes]]]:
    """Return names and requests; some are sent together."""
    single = [each for each in (*all_costly(), *all_hostile()) if not _waits(each)]
    found = [(each.name, [each.raw]) for each in single]
    for name, text in prompts().items():
        raw = post(orjson.dumps({"prompt": text}), "/planner/plan")
        found.append((f"{_AT_ONCE} prompts of {name} at once", [raw] * _AT_ONCE))
    return found


def _waits(each: Hostile) -> bool:
    # Truncated requests wait for their time-out, which is no work.
    return each.cut or each.unfinished


def main(rounds: int) -> None:
    """Measure, print the slowest, and exit with 1 if one is above the bound."""
    with probed_api() as api:
        api.send([post(orjson.dumps(_JOB), "/jobs")])
        requests = corpus()
        blocks = [Block(name) for name, _ in requests]
        for _ in range(rounds):
            for block, (_, raws) in zip(blocks, requests, strict=True):
                api.taken()
                block.status = api.send(raws)
                found = api.taken()
                block.wall_ms.append(found["wall_ms"])
                block.cpu_ms.append(found["cpu_ms"])
    _report(blocks, rounds)
    sys.exit(max(block.own_ms for block in blocks) > BOUND_MS)


def _report(blocks: list[Block], rounds: int) -> None:
    worst = sorted(blocks, key=lambda block: block.own_ms, reverse=True)
    print(f"{len(blocks)} hostile requests, medians of {rounds} rounds, load {os.getloadavg()[0]:.1f}")
    print(f"{'CPU ms':>7} {'highest':>8} {'clock ms':>9} {'highest':>8} {'status':>6}  request")
    for block in worst[:SHOWN]:
        clock = f"{statistics.median(block.wall_ms):9.1f} {max(block.wall_ms):8.1f}"
        print(f"{block.own_ms:7.1f} {max(block.cpu_ms):8.1f} {clock} {block.status:6}  {block.name}")
    failed = [block.name for block in blocks if block.status >= 500]
    if failed:
        print(f"answered 5xx: {', '.join(failed)}")
