"""A RunPort in memory that fails on demand."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from app.core.clock import SystemClock
from app.core.config import Settings
from app.core.errors import LeaseLost
from app.core.models import AttemptResult, ClaimedRun
from app.core.policies import Policies, read_policy_file
from app.core.records import LogLine
from app.core.registry import HandlerSpec, Registry, recorded_specs
from app.core.runner import Attempt, RunEnd, Runner
from tests.support.queue import handlers

POLICIES = Policies(read_policy_file(Path(__file__).with_name("policies.yaml")).types)


@dataclass
class FakePort:
    """Answers every tool script with `answer`; raises `error` if it is set."""

    progress_values: list[Any] = field(default_factory=list[Any])
    batches: list[tuple[int, list[LogLine]]] = field(default_factory=list[tuple[int, list[LogLine]]])
    tool_calls: list[tuple[str, int, dict[str, Any]]] = field(
        default_factory=list[tuple[str, int, dict[str, Any]]]
    )
    answer: list[Any] = field(default_factory=lambda: ["OK", "1"])
    error: Exception | None = None
    refusals: int = 0
    lost: bool = False

    async def progress(self, run: ClaimedRun, value_json: str) -> None:
        await self._check()
        self.progress_values.append(orjson.loads(value_json))

    async def append_log(self, run: ClaimedRun, first_number: int, lines: list[LogLine]) -> None:
        await self._check()
        self.batches.append((first_number, list(lines)))

    async def tool(self, run: ClaimedRun, name: str, number: int, /, **arguments: str | bytes | float) -> Any:
        await self._check()
        self.tool_calls.append((name, number, arguments))
        return self.answer

    async def _check(self) -> None:
        await asyncio.sleep(0)
        if self.lost:
            raise LeaseLost("lost")
        if self.error is not None:
            self.refusals += 1
            raise self.error

    @property
    def lines(self) -> list[LogLine]:
        return [line for _, batch in self.batches for line in batch]


def claimed(job_type: str, inputs: dict[str, Any] | None = None, **changes: Any) -> ClaimedRun:
    """Return a claimed run of a type."""
    values: dict[str, Any] = {
        "run_id": "job-a@1000",
        "lease_id": "worker-1:1:1",
        "attempt": 1,
        "job_id": "job-a",
        "type": job_type,
        "version": 1,
        "inputs": orjson.dumps(inputs or {}).decode(),
        "source": "schedule",
        "trace_id": "ab" * 16,
        "timeout_ms": 20_000,
        "retry": "",
        "failures": 0,
        "crashes": 0,
        "slot_ms": 1000,
        "queued_at_ms": 0,
        "started_at_ms": 0,
    }
    return ClaimedRun(**{**values, **changes})


class Bench:
    """A runner with the test handlers, and the ends that it reported."""

    def __init__(
        self, *, policies: Policies = POLICIES, registry: Registry | None = None, **settings: Any
    ) -> None:
        self.port = FakePort()
        self.ends: list[tuple[Attempt, RunEnd]] = []
        self._ended = asyncio.Event()
        known = registry or Registry(recorded_specs(handlers.__name__))
        chosen = Settings(_env_file=None, **settings)  # pyright: ignore[reportCallIssue]
        self.runner = Runner(known, policies, self.port, SystemClock(), chosen)

    def start(self, job_type: str, inputs: dict[str, Any] | None = None, **changes: Any) -> Attempt:
        return self.runner.start(claimed(job_type, inputs, **changes), self._on_end)

    async def end(self) -> RunEnd:
        """Wait for the next end and return it."""
        async with asyncio.timeout(60):
            await self._ended.wait()
        self._ended.clear()
        return self.ends[-1][1]

    async def run(self, job_type: str, inputs: dict[str, Any] | None = None, **changes: Any) -> RunEnd:
        self.start(job_type, inputs, **changes)
        return await self.end()

    async def finish(
        self, job_type: str, inputs: dict[str, Any] | None = None, **changes: Any
    ) -> AttemptResult:
        """Run to a Finish and return it."""
        end = await self.run(job_type, inputs, **changes)
        assert isinstance(end, AttemptResult), end
        return end

    def _on_end(self, execution: Attempt, end: RunEnd) -> None:
        self.ends.append((execution, end))
        self._ended.set()


def bench_with(function: Any, **spec: Any) -> Bench:
    """Return a bench that knows one type, `made.up`, whose handler is the function."""
    return Bench(registry=Registry([HandlerSpec("made.up", function, **spec)]))


def error_of(end: RunEnd) -> dict[str, Any]:
    """Return the error that a finish carries."""
    assert isinstance(end, AttemptResult), end
    return orjson.loads(end.error)
