"""Stand-ins for dead letters and for what is kept of calls."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.core.errors import IdempotencyMismatch
from app.core.queue.idempotency import CallRecord
from app.core.records import Page
from app.core.runs.dead_letters import Choice, DeadGroup, Decided, Letter, Refused

if TYPE_CHECKING:
    from app.core.clock import FakeClock
    from app.core.queue import Idempotency


@dataclass
class FakeCalls:
    clock: FakeClock
    bodies: dict[str, str] = field(default_factory=dict[str, str])
    records: dict[str, CallRecord] = field(default_factory=dict[str, CallRecord])

    async def begin(self, call: Idempotency) -> CallRecord:
        if self.bodies.setdefault(call.scope, call.body_hash) != call.body_hash:
            raise IdempotencyMismatch("another body")
        return self.records.setdefault(call.scope, CallRecord(self.clock.now_ms(), ""))

    async def keep(self, call: Idempotency, answer: str) -> None:
        self.records[call.scope] = CallRecord(self.records[call.scope].first_at, answer)


@dataclass
class FakeDead:
    """Letters by group; a choice is kept as it came."""

    stored: list[DeadGroup] = field(default_factory=list[DeadGroup])
    waiting: list[Letter] = field(default_factory=list[Letter])
    choices: list[tuple[Choice, int | None]] = field(default_factory=list[tuple[Choice, "int | None"]])
    rates: list[float | None] = field(default_factory=list["float | None"])

    async def groups(self, fingerprint: str | None, after: int | None, limit: int) -> Page[DeadGroup]:
        found = [group for group in self.stored if fingerprint in {None, group.fingerprint}]
        return Page(found[:limit], 7 if len(found) > limit else None, len(self.waiting))

    async def groups_of_job(self, job_id: str, fingerprint: str | None) -> list[DeadGroup]:
        return [group for group in self.stored if job_id in group.jobs]

    async def letters(
        self, choice: Choice, until_ms: int | None = None
    ) -> tuple[list[Letter], list[Refused]]:
        self.choices.append((choice, until_ms))
        return self.waiting, [Refused("gone@1", "run_not_found")]

    async def redrive(self, letters: list[Letter], rate_per_sec: float | None) -> Decided:
        self.rates.append(rate_per_sec)
        return Decided(len(letters), [], 1_000 if rate_per_sec else None)

    async def discard(self, letters: list[Letter]) -> Decided:
        return Decided(len(letters), [Refused("b@1", "changed")])
