"""The time-outs of many attempts by one timer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, cast

import pytest

from app.core.execution.time_outs import TimeOuts


@dataclass
class TimerLoop:
    """An event loop's timers, and a time that the test moves on."""

    now: float = 0.0
    timers: list[tuple[float, Callable[[], None]]] = field(default_factory=list[Any])
    made: int = 0

    def time(self) -> float:
        return self.now

    def call_at(self, when: float, call: Callable[[], None]) -> TimerLoop:
        self.made += 1
        self.timers = [(when, call)]
        return self

    def cancel(self) -> None:
        self.timers = []

    def advance(self, seconds: float) -> None:
        """Let time pass, and call the timers that are due by then."""
        until = self.now + seconds
        while self.timers and self.timers[0][0] <= until:
            ((self.now, call),) = self.timers
            self.timers = []
            call()
        self.now = until


class Desk:
    """Time-outs, and the attempts whose time was over."""

    def __init__(self) -> None:
        self.loop = TimerLoop()
        self.time_outs = TimeOuts(cast("Any", self.loop))
        self.over: list[str] = []

    def set(self, name: str, seconds: float) -> None:
        self.time_outs.set(name, seconds, lambda: self.over.append(name))


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_each_attempt_times_out_at_its_own_time(desk: Desk) -> None:
    """The shortest comes first, whatever the order of their starts."""
    for name, seconds in (("long", 30.0), ("short", 1.0), ("middle", 5.0)):
        desk.set(name, seconds)
    for seconds, names in ((0.9, []), (0.1, ["short"]), (4.0, ["short", "middle"])):
        desk.loop.advance(seconds)
        assert desk.over == names
    desk.loop.advance(100)
    assert desk.over == ["short", "middle", "long"]
    assert not desk.loop.timers


def test_an_attempt_that_has_ended_does_not_time_out(desk: Desk) -> None:
    """The attempts that started after it still do."""
    desk.set("ended", 1.0)
    desk.set("stuck", 2.0)
    desk.time_outs.discard("ended")
    desk.time_outs.discard("unknown")
    desk.loop.advance(10)
    assert desk.over == ["stuck"]


def test_the_last_call_of_an_attempt_counts(desk: Desk) -> None:
    """A grace replaces the time-out, earlier or later."""
    desk.set("a", 1.0)
    desk.set("a", 5.0)
    desk.set("b", 5.0)
    desk.set("b", 1.0)
    desk.loop.advance(4)
    assert desk.over == ["b"]
    desk.loop.advance(1)
    assert desk.over == ["b", "a"]


def test_many_attempts_share_one_timer(desk: Desk) -> None:
    """A worker starts thousands of attempts a second with the same time-out."""
    for number in range(1_000):
        desk.set(f"{number}", 300.0)
        desk.time_outs.discard(f"{number}")
        desk.loop.advance(0.001)
    assert desk.loop.made == 1


def test_an_error_of_one_stops_no_other(desk: Desk) -> None:
    """The event loop reports it, and the others follow."""

    def fail() -> None:
        raise OSError("no such process")

    desk.time_outs.set("broken", 1.0, fail)
    desk.set("stuck", 1.0)
    with pytest.raises(OSError, match="no such process"):
        desk.loop.advance(1)
    desk.loop.advance(1)
    assert desk.over == ["stuck"]
