"""Fakes of dead letters and call records."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.core.errors import IdempotencyMismatch
from app.core.queue.idempotency import IdempotencyRecord
from app.core.records import Page
from app.core.runs.dead_letters import DeadLetter, DeadLetterFilter, DeadLetterGroup, DecisionResult, Rejected

if TYPE_CHECKING:
    from app.core.queue import Idempotency
    from tests.support.fake_clock import FakeClock


@dataclass
class FakeCalls:
    clock: FakeClock
    bodies: dict[str, str] = field(default_factory=dict[str, str])
    records: dict[str, IdempotencyRecord] = field(default_factory=dict[str, IdempotencyRecord])

    async def begin(self, call: Idempotency) -> IdempotencyRecord:
        if self.bodies.setdefault(call.scope, call.body_hash) != call.body_hash:
            raise IdempotencyMismatch("another body")
        return self.records.setdefault(call.scope, IdempotencyRecord(self.clock.now_ms(), ""))

    async def keep(self, call: Idempotency, answer: str) -> None:
        self.records[call.scope] = IdempotencyRecord(self.records[call.scope].first_at, answer)


@dataclass
class FakeDead:
    """Letters by group; a choice is kept as it came."""

    stored: list[DeadLetterGroup] = field(default_factory=list[DeadLetterGroup])
    waiting: list[DeadLetter] = field(default_factory=list[DeadLetter])
    choices: list[tuple[DeadLetterFilter, int | None]] = field(
        default_factory=list[tuple[DeadLetterFilter, "int | None"]]
    )
    rates: list[float | None] = field(default_factory=list["float | None"])

    async def groups(self, fingerprint: str | None, after: int | None, limit: int) -> Page[DeadLetterGroup]:
        found = [group for group in self.stored if fingerprint in {None, group.fingerprint}]
        return Page(found[:limit], 7 if len(found) > limit else None, len(self.waiting))

    async def groups_of_job(self, job_id: str, fingerprint: str | None) -> list[DeadLetterGroup]:
        return [group for group in self.stored if job_id in group.jobs]

    async def letters(
        self, choice: DeadLetterFilter, until_ms: int | None = None
    ) -> tuple[list[DeadLetter], list[Rejected]]:
        self.choices.append((choice, until_ms))
        return self.waiting, [Rejected("gone@1", "run_not_found")]

    async def redrive(self, letters: list[DeadLetter], rate_per_sec: float | None) -> DecisionResult:
        self.rates.append(rate_per_sec)
        return DecisionResult(len(letters), last_due_at=1_000 if rate_per_sec else None)

    async def discard(self, letters: list[DeadLetter]) -> DecisionResult:
        return DecisionResult(len(letters), failed=[Rejected("b@1", "changed")])
