"""State transitions of a monitor: its next memory and notices after a check.

Pure functions.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Protocol

from app.core.monitors.models import MonitorReport
from app.jobs.monitor.memory import MonitorMemory, MonitorState, Notice, Outage

MAX_OUTAGES, MAX_NOTICES = 50, 20
# A shorter gap is normal: restarts and retries cause it in any schedule.
SHORT_GAP_MS = 900_000
MUCH_LONGER = 3
# A monitor that runs once a day still has an availability; a longer gap counts as unwatched.
MAX_GAP_MS = 26 * 3_600_000


@dataclass(frozen=True, slots=True)
class MonitorCheck:
    """What one check found; `reason` is a short code, empty if all is well."""

    state: MonitorState
    reason: str
    at_ms: int
    subject: str = ""
    """The checked target, for people."""
    command: str = ""
    """The command that sets it up, if it is not configured."""


class CheckFinding(Protocol):
    """The result of a check, as its handler has it."""

    @property
    def state(self) -> MonitorState: ...
    @property
    def reason(self) -> str | None: ...
    @property
    def detail(self) -> str: ...
    @property
    def latency_ms(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class Tolerance:
    """The conditions of an alarm: bad checks in a row, the time since the first of them, the bad states."""

    fail_after: int
    after_ms: int = 0
    bad: frozenset[MonitorState] = frozenset({"down"})

    @classmethod
    def of(
        cls, fail_after: int, after_sec: int | None, *, counted: bool, degraded: bool = False
    ) -> Tolerance:
        """Return the tolerance of inputs; a length replaces `fail_after` unless the job sets both."""
        fails = 1 if after_sec is not None and not counted else fail_after
        bad: tuple[MonitorState, ...] = ("down", "degraded") if degraded else ("down",)
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

    def is_over(self, fails: int, lasted_ms: int) -> bool:
        """True if so many bad checks, over so long a time, raise an alarm."""
        return fails >= self.fail_after and lasted_ms >= self.after_ms


def advance(memory: MonitorMemory | None, check: MonitorCheck, tolerance: Tolerance) -> MonitorMemory:
    """Return the memory after a check; an older check than the last one changes nothing."""
    if memory is None:
        return _evaluate(_renewed(MonitorMemory("up", 0, 0), check, 0), check, tolerance)
    if check.at_ms < memory.at_ms:
        return memory
    gap_ms = check.at_ms - memory.at_ms
    seen = memory if was_watched(memory, check.at_ms) else _with_end(memory, memory.at_ms)
    usual_ms = min(MAX_GAP_MS, max(gap_ms, memory.usual_gap_ms // 2))
    return _evaluate(_renewed(seen, check, usual_ms), check, tolerance)


def _renewed(memory: MonitorMemory, check: MonitorCheck, usual_gap_ms: int) -> MonitorMemory:
    stays = memory.since_ms and memory.state == check.state
    since_ms = memory.since_ms if stays else check.at_ms
    return replace(memory, **asdict(check), since_ms=since_ms, usual_gap_ms=usual_gap_ms)


def was_watched(memory: MonitorMemory, at_ms: int) -> bool:
    """True if the time since the last check counts as watched: the gap is not much longer than usual."""
    longest = max(SHORT_GAP_MS, MUCH_LONGER * memory.usual_gap_ms)
    return 0 <= at_ms - memory.at_ms <= min(longest, MAX_GAP_MS)


def _evaluate(memory: MonitorMemory, check: MonitorCheck, tolerance: Tolerance) -> MonitorMemory:
    known = _with_start(memory, check) if check.state == "down" else _with_end(memory, check.at_ms)
    if check.state in tolerance.bad:
        return _failed(known, check, tolerance)
    ended = replace(known, fails_in_a_row=0, failing_since_ms=None)
    # It is unknown if an account that is not set up works again, so its alarm stays.
    return ended if check.state == "not_configured" else _recovered(ended, check)


def _failed(memory: MonitorMemory, check: MonitorCheck, tolerance: Tolerance) -> MonitorMemory:
    fails = memory.fails_in_a_row + 1
    since_ms = check.at_ms if memory.failing_since_ms is None else memory.failing_since_ms
    failing = replace(memory, fails_in_a_row=fails, failing_since_ms=since_ms)
    if failing.alarm_since_ms is not None or not tolerance.is_over(fails, check.at_ms - since_ms):
        return failing
    alarm = Notice(str(since_ms), True, since_ms, check.at_ms, check.reason, fails, check.state)
    return _with_notice(replace(failing, alarm_since_ms=since_ms), alarm)


def _recovered(memory: MonitorMemory, check: MonitorCheck) -> MonitorMemory:
    since_ms = memory.alarm_since_ms
    if since_ms is None:
        return memory
    notice = Notice(f"{since_ms}:end", False, since_ms, check.at_ms, check.reason, 0)
    return _with_notice(replace(memory, alarm_since_ms=None), notice)


def _with_notice(memory: MonitorMemory, notice: Notice) -> MonitorMemory:
    return replace(memory, notices=(*memory.notices, notice)[-MAX_NOTICES:])


def _with_start(memory: MonitorMemory, check: MonitorCheck) -> MonitorMemory:
    """Return the memory with an outage that lasts; one begins if none does."""
    if memory.outages and memory.outages[-1].to_ms is None:
        return memory
    began = Outage(check.at_ms, None, check.reason)
    return replace(memory, outages=(*memory.outages, began)[-MAX_OUTAGES:])


def _with_end(memory: MonitorMemory, at_ms: int) -> MonitorMemory:
    """Return the memory with its last outage over, if one lasts."""
    if not memory.outages or memory.outages[-1].to_ms is not None:
        return memory
    ended = replace(memory.outages[-1], to_ms=at_ms)
    return replace(memory, outages=(*memory.outages[:-1], ended))


def without_notices(memory: MonitorMemory, keys: frozenset[str]) -> MonitorMemory:
    """Return the memory without the notices that have been sent."""
    return replace(memory, notices=tuple(n for n in memory.notices if n.key not in keys))
