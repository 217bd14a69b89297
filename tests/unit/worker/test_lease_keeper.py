"""The pace of lease renewals, and their content."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from redis.exceptions import ResponseError

from app.core.clock import SystemClock
from app.core.config import Settings
from app.core.errors import RedisUnavailable
from app.services.worker import leases
from app.services.worker.leases import InFlight, LeaseKeeper
from tests.support.queue.run_port import claimed

LEASE_SEC = 3.0


class FakeQueue:
    """Answers renewals one after the other; an exception is raised."""

    def __init__(self, answers: list[list[str] | Exception]) -> None:
        self._answers = answers
        self.asked: list[tuple[list[tuple[str, str]], int]] = []

    async def renew(self, _consumer: str, held: list[tuple[str, str]], claiming: int) -> list[str]:
        self.asked.append((held, claiming))
        answer = self._answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def close(self) -> None:
        """Be the link as well."""


async def renew(
    monkeypatch: pytest.MonkeyPatch, home: Path, in_flight: InFlight, queue: FakeQueue, times: int
) -> list[float]:
    """Let a keeper renew so many times; return how long it paused after each."""
    pauses: list[float] = []

    async def open_link(*_: Any, **__: Any) -> FakeQueue:
        return queue

    def open_queue(*_: Any) -> FakeQueue:
        return queue

    async def pause(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == times:
            keeper.finish()

    settings = Settings(_env_file=None, lease_sec=LEASE_SEC, multi_job_home=home)  # pyright: ignore[reportCallIssue]
    keeper = LeaseKeeper("w1", in_flight, SystemClock(), settings)
    monkeypatch.setattr(leases, "open_link", open_link)
    monkeypatch.setattr(leases, "open_queue", open_queue)
    monkeypatch.setattr(keeper, "_wait_watching", pause)
    await keeper._renew_forever()
    return pauses


async def test_failed_renewal_is_tried_again_soon(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A call may hang for a third of a lease, so no third may pass before the next."""
    queue = FakeQueue([[], RedisUnavailable("away"), RedisUnavailable("away"), []])
    pauses = await renew(monkeypatch, tmp_path, InFlight(4), queue, 4)
    assert pauses == [1.0, 0.25, 0.25, 1.0]


async def test_refused_renewal_is_tried_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An error answer of Redis does not end the renewals: every run in hand would start again elsewhere."""
    queue = FakeQueue([ResponseError("WRONGTYPE"), []])
    assert await renew(monkeypatch, tmp_path, InFlight(4), queue, 2) == [0.25, 1.0]


async def test_failed_lease_thread_ends_the_process(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A process that renews no lease any more must not go on with its runs."""
    codes: list[int] = []
    monkeypatch.setattr(leases.os, "_exit", codes.append)
    queue = FakeQueue([ValueError("unexpected")])

    def open_queue(*_: Any) -> FakeQueue:
        return queue

    monkeypatch.setattr(leases, "open_queue", open_queue)
    settings = Settings(_env_file=None, multi_job_home=tmp_path)  # pyright: ignore[reportCallIssue]
    keeper = LeaseKeeper("w1", InFlight(4), SystemClock(), settings)
    await asyncio.to_thread(keeper._run_thread)
    assert codes == [leases.EXIT_HUNG]


async def test_claim_in_flight_is_counted_with_held_runs(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Of a claim that is not answered yet only its number is known."""
    in_flight = InFlight(4)
    in_flight.claiming = 7
    in_flight.claimed([claimed("test.noop", run_id="run-0", lease_id="w1:6:1")], 0.0)
    queue = FakeQueue([["OK"]])
    await renew(monkeypatch, tmp_path, in_flight, queue, 1)
    assert queue.asked == [([("run-0", "w1:6:1")], 7)]
