"""A model of a monitor: its state, incidents and time by state, from the documented rules alone.

It counts in platform time: that of the clock, which stands still while the clock goes back. So nothing in it
is ever earlier than what came before.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

SEC = 1_000
AWAKE_MS = 15 * SEC
"""A process that notes nothing for longer does not run."""
SILENT_MS, LATE_MS, MAX_WITHOUT_SCHEDULE_MS = 300 * SEC, 240 * SEC, 93_600 * SEC
COUNTED: tuple[str, ...] = ("up", "degraded", "down")


@dataclass(slots=True)
class PlatformTime:
    """The platform's time, and the stops in it, from the clock at each note of a process."""

    wall_ms: int
    now: int = 0
    back_ms: int = 0
    """By how much the clock went back so far."""
    stops: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])

    def note(self, wall_ms: int, *, goes_on: bool = False) -> bool:
        """A process notes that it runs; return whether there was a stop. `goes_on`: it ran since the last."""
        passed = wall_ms - self.wall_ms
        began = self.now
        self.now += max(0, passed)
        self.back_ms += max(0, -passed)
        self.wall_ms = wall_ms
        stopped = passed < 0 or (passed > AWAKE_MS and not goes_on)
        if stopped:
            self.stops.append((began, self.now))
        return stopped

    def of(self, wall_ms: int) -> int:
        """Return the platform time of an instant of the present clock."""
        return wall_ms - self.wall_ms + self.now

    def awake_ms(self, first: int, last: int) -> int:
        """Return how much of a time processes ran."""
        return last - first - sum(max(0, min(end, last) - max(start, first)) for start, end in self.stops)


@dataclass(frozen=True, slots=True)
class Wait:
    """A ping is expected within `length` from `start` on."""

    start: int
    length: int

    def due(self) -> int:
        """Return when it is late without a stop."""
        return self.start + self.length

    def late(self, time: PlatformTime) -> int:
        """Return when it is late: each stop starts the wait again, at most until it has lasted twice."""
        start, waited, due = self.start, 0, self.due()
        for stop, end in time.stops:
            if start <= stop < due:
                waited += stop - start
                start = end
                due = end + min(self.length, 2 * self.length - waited)
        return due


@dataclass(frozen=True, slots=True)
class Fact:
    """A state from an instant on; `silent_ms`: it counts only if the next fact comes within this."""

    at: int
    state: str
    silent_ms: int | None = None
    wait: Wait | None = None


@dataclass(slots=True)
class MonitorModel:
    """One monitor. Its methods are called at instants of platform time, each after those before it."""

    time: PlatformTime
    fail_after: int
    after_ms: int
    facts: list[Fact] = field(default_factory=list[Fact])
    wait: Wait | None = None
    run: int = 0
    fails: int = 0
    failing: int = 0
    silence: int | None = None
    """The silence that was noted, and for which the incident is open."""
    open_kind: str = ""
    closed: int = 0
    paused: bool = False

    def reset(self) -> None:
        """The job watches something else."""
        self._close()
        self.facts, self.wait, self.run, self.fails = [], None, 0, 0

    def check(self, run: int, at: int, state: str, slot: int | None) -> None:
        """A check of a run ended that began at an instant; `slot`: when the job fires next."""
        if run < self.run:
            return
        self.run = run
        last = self.facts[-1].at if self.facts else None
        at = min(self.time.now, at if last is None else max(at, last))
        self.facts.append(Fact(at, state, _silent_ms(slot, at, last) if state in COUNTED else None))
        if state == "down":
            self.fails += 1
            self.failing = at if self.fails == 1 else self.failing
            if self.fails >= self.fail_after and self.time.awake_ms(self.failing, at) >= self.after_ms:
                self.open_kind = self.open_kind or "monitor_down"
        else:
            self.fails = 0
            if state != "not_configured":
                self._close()

    def check_failed(self, run: int) -> None:
        """A run failed without a finding."""
        if self.facts and run >= self.run and self.state() != "unknown":
            self.run = run
            self.facts.append(Fact(self.time.now, "unknown"))

    def expect_first_ping(self, length: int) -> None:
        """The job has a ping URL."""
        self.wait = Wait(self.time.now, length)
        self.facts.append(Fact(self.time.now, "unknown", None, self.wait))

    def ping(self, length: int, *, failed: bool) -> None:
        """A ping came."""
        self.settle()
        self.wait = Wait(self.time.now, length)
        if self.paused:
            self._await_again()
            return
        state = "down" if failed else "up"
        self.facts.append(Fact(self.time.now, state, None, self.wait))
        if failed:
            self.open_kind = self.open_kind or "monitor_down"
        else:
            self._close()

    def start(self, grace: int) -> None:
        """The program says that it begins."""
        self.settle()
        self.wait = Wait(self.time.now, grace)
        self._await_again()

    def pause(self) -> None:
        """The job is paused, and a process has seen it."""
        self.settle()
        self.paused = True
        if self.facts:
            self.facts.append(Fact(self.time.now, "paused"))
        self._close()

    def resume(self, length: int | None) -> None:
        """The pause is over, and a process has seen it; `length`: a ping is expected within it."""
        self.paused = False
        self.wait = None if length is None else Wait(self.time.now, length)
        if self.facts:
            self.facts.append(Fact(self.time.now, "unknown", None, self.wait))

    def promote(self, length: int) -> None:
        """A scheduler looks for late pings."""
        if self.paused and self.wait is not None and self.wait.late(self.time) < self.time.now:
            self.wait = Wait(self.time.now, length)
        self.settle()

    def settle(self) -> None:
        """A late ping opens an incident."""
        if self.wait is None or self.paused:
            return
        late = self.wait.late(self.time)
        if self.facts[-1].state == "up" and self.wait.due() < min(late, self.time.now):
            self.facts.append(Fact(self.wait.due(), "unknown", None, self.wait))
        if late < self.time.now:
            self.open_kind = self.open_kind or "heartbeat_silent"
            self.facts.append(Fact(late, "down"))
            self.wait = None

    def state(self) -> str:
        """Return the state at this moment."""
        return self._spans()[-1][2] if self.facts else ""

    def times(self) -> dict[str, int]:
        """Return the time by state."""
        total = dict.fromkeys(COUNTED, 0)
        for first, last, state in self._spans():
            if state in total:
                total[state] += self.time.awake_ms(first, last)
        return total

    def _spans(self) -> list[tuple[int, int, str]]:
        spans: list[tuple[int, int, str]] = []
        ends = [each.at for each in self.facts[1:]] + [self.time.now] * bool(self.facts)
        for fact, end in zip(self.facts, ends, strict=True):
            if fact.silent_ms is not None and end - fact.at > fact.silent_ms:
                spans.append((fact.at, end, "unknown"))
            elif fact.wait is not None and fact.state != "down":
                spans += _span_of_wait(fact, fact.wait, end, self.time)
            else:
                spans.append((fact.at, end, fact.state))
        assert all(one[1] == other[0] for one, other in pairwise(spans))
        return spans

    def _await_again(self) -> None:
        """Let the present state end by the new wait, not by the earlier one."""
        if self.facts and self.facts[-1].wait is not None:
            fact = self.facts[-1]
            self.facts[-1] = Fact(fact.at, fact.state, None, self.wait)

    def _close(self) -> None:
        self.closed += bool(self.open_kind)
        self.open_kind = ""


def _span_of_wait(fact: Fact, wait: Wait, end: int, time: PlatformTime) -> list[tuple[int, int, str]]:
    """An up state ends when the ping is due; then it is unknown after a stop, and down once it is late."""
    late = min(end, wait.late(time))
    due = min(wait.due() if fact.state == "up" else late, late)
    spans = [(fact.at, due, fact.state), (due, late, "unknown"), (late, end, "down")]
    return [each for each in spans if each[0] < each[1]] or [spans[0]]


def _silent_ms(slot: int | None, at: int, last: int | None) -> int:
    before = None if last is None else at - last
    if slot is None:
        return max(SILENT_MS, 3 * min(MAX_WITHOUT_SCHEDULE_MS, before or 0))
    wait = max(0, slot - at)
    return max(SILENT_MS, wait + max(LATE_MS, 2 * min(wait, wait if before is None else before)))
