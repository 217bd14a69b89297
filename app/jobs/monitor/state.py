"""The conditions of an incident that a monitor's job names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from app.core.monitors.models import CheckState, MonitorReport


class CheckFinding(Protocol):
    """The result of a check, as its handler has it."""

    @property
    def state(self) -> CheckState: ...
    @property
    def reason(self) -> str | None: ...
    @property
    def detail(self) -> str: ...
    @property
    def latency_ms(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class Tolerance:
    """Bad checks in a row, the time since the first of them, and the bad states."""

    fail_after: int
    after_ms: int = 0
    bad: frozenset[CheckState] = frozenset({"down"})

    @classmethod
    def of(
        cls, fail_after: int, after_sec: int | None, *, counted: bool, degraded: bool = False
    ) -> Tolerance:
        """Return the tolerance of inputs; a length replaces `fail_after` unless the job sets both."""
        fails = 1 if after_sec is not None and not counted else fail_after
        bad: tuple[CheckState, ...] = ("down", "degraded") if degraded else ("down",)
        return cls(fails, (after_sec or 0) * 1000, frozenset(bad))

    def report(self, found: CheckFinding, *, target: str, group: str) -> MonitorReport:
        """Return what a check has found, with these conditions of an incident."""
        return MonitorReport(
            state=found.state,
            target=target,
            group=group,
            reason=found.reason or "",
            detail=found.detail,
            latency_ms=-1 if found.latency_ms is None else found.latency_ms,
            command=getattr(found, "command", None) or "",
            fail_after=self.fail_after,
            after_ms=self.after_ms,
            bad=tuple(sorted(self.bad)),
        )
