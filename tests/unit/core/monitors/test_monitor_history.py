"""What a process keeps of a monitor's roll-ups gives the same figures as all of them read at once."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

import pytest

from app.core.clock import DAY_MS, HOUR_MS, QUARTER_MS
from app.core.monitors.history import (
    HOURS,
    KEPT_QUARTERS,
    MonitorHistory,
    Newest,
    RecentHistory,
    StoredTimes,
)
from app.core.monitors.models import HourBar, LatencyFigures, TimeByState, Uptime

START = 20_000 * DAY_MS + 5 * HOUR_MS
UP, DEGRADED, DOWN = range(3)


@dataclass
class Stored:
    """The roll-ups in Redis: the time between two checks counts as the state of the earlier one."""

    times: dict[int, list[int]] = field(default_factory=dict[int, list[int]])
    days: dict[int, list[int]] = field(default_factory=dict[int, list[int]])
    latencies: dict[int, dict[int, int]] = field(default_factory=dict[int, dict[int, int]])
    seen: int = START
    values_read: int = 0

    def check(self, before: int, at: int, bucket: int) -> None:
        """Store a check at an instant; `before`: the state since the last one."""
        while self.seen < at:
            quarter = self.seen // QUARTER_MS
            stop = min(at, (quarter + 1) * QUARTER_MS)
            for sums, place in ((self.times, quarter), (self.days, self.seen // DAY_MS)):
                sums.setdefault(place, [0, 0, 0])[before] += stop - self.seen
            self.seen = stop
        counts = self.latencies.setdefault(at // QUARTER_MS, {})
        counts[bucket] = counts.get(bucket, 0) + 1

    def read(self, history: MonitorHistory, now_ms: int) -> RecentHistory:
        """Return the history as a list reads it: from the part on that is not kept."""
        newest, since = Newest.at(now_ms), Newest(history.quarter, history.day)
        self.values_read = newest.quarter - since.quarter + newest.day - since.day + 2
        quarters = range(since.quarter, newest.quarter + 1)
        stored = StoredTimes(
            [_text(self.times, quarter) for quarter in quarters],
            [" ".join(f"{i}:{n}" for i, n in self.latencies.get(each, {}).items()) for each in quarters],
            [_text(self.days, day) for day in range(since.day, newest.day + 1)],
        )
        return RecentHistory(history, history.keep(stored, since, self.seen), now_ms)


def _text(sums: dict[int, list[int]], place: int) -> str:
    return ",".join(map(str, sums[place])) if place in sums else ""


def _figures(found: RecentHistory, since: int) -> tuple[Uptime, LatencyFigures, list[HourBar], object]:
    live = (0, 500, 0)
    return found.uptime(live), found.latency(), found.hours("degraded", since), found.days(live)


@pytest.mark.parametrize("seed", range(8))
def test_figures_of_kept_and_new_parts_are_those_of_all_parts(seed: int) -> None:
    """Over days, with checks each minute, each hour or rarer, and lists at any time between."""
    chance, stored, at, now_ms = random.Random(seed), Stored(), START, START
    kept = MonitorHistory("shop", START)
    for _ in range(400):
        at += chance.choice((60_000, QUARTER_MS, HOUR_MS))
        stored.check(chance.choice((UP, UP, UP, DEGRADED, DOWN)), at, chance.randrange(40, 60))
        if chance.random() < 0.4:
            now_ms = max(now_ms, at + chance.randrange(2 * QUARTER_MS))
            if not kept.is_usable(now_ms):
                kept = MonitorHistory("shop", now_ms)
            fresh = stored.read(MonitorHistory("shop", now_ms), now_ms)
            assert _figures(stored.read(kept, now_ms), at) == _figures(fresh, at)


def test_a_list_reads_the_quarter_hours_since_the_last_check_alone() -> None:
    """Two hundred values the first time; then those of this quarter hour and of today."""
    stored, history = Stored(), MonitorHistory("shop", START)
    stored.read(history, START)
    assert stored.values_read > KEPT_QUARTERS + 90
    stored.check(UP, START + HOUR_MS, 50)
    stored.read(history, START + HOUR_MS)
    stored.read(history, START + HOUR_MS + 60_000)
    assert stored.values_read <= 3


def test_hours_show_the_worst_state_and_the_present_one_where_nothing_was_seen() -> None:
    """A down monitor is down since the beginning of its outage; hours before the first check are unknown."""
    stored, now_ms = Stored(), START + 3 * HOUR_MS
    stored.check(UP, START + HOUR_MS, 50)
    stored.check(DOWN, START + HOUR_MS + QUARTER_MS, 50)
    bars = stored.read(MonitorHistory("shop", now_ms), now_ms).hours("paused", START + 2 * HOUR_MS)
    assert [(bar.state, bar.uptime) for bar in bars[-5:]] == [
        ("unknown", None),
        ("up", 1.0),
        ("down", 0.0),
        ("paused", None),
        ("paused", None),
    ]
    assert [bar.at for bar in bars] == [
        now_ms // HOUR_MS * HOUR_MS - HOUR_MS * (HOURS - 1 - n) for n in range(24)
    ]
    bars = stored.read(MonitorHistory("shop", now_ms), now_ms).hours("down", START + HOUR_MS)
    assert [bar.state for bar in bars[-4:]] == ["up", "down", "down", "down"]


def test_periods_take_their_days_and_the_time_since_the_last_check() -> None:
    """A day that is too old for one period counts in a longer one, also if no check came since."""
    stored = Stored()
    stored.check(DOWN, START + HOUR_MS, 50)
    now_ms = START + 20 * DAY_MS
    found = stored.read(MonitorHistory("shop", now_ms), now_ms)
    assert found.uptime((HOUR_MS, 0, 0)) == Uptime(1.0, 1.0, 0.5, 0.5)
    assert found.days((1, 0, 0)) == {
        START // DAY_MS: TimeByState(down=HOUR_MS),
        now_ms // DAY_MS: TimeByState(up=1),
    }


def test_a_history_belongs_to_one_life_of_a_monitor() -> None:
    """A deleted monitor that is made again has another place; a restored one has fewer changes."""
    history = MonitorHistory("shop", START)
    assert history.is_of("7", 3)
    history.seq, history.changes = "7", 3
    assert history.is_of("7", 4)
    assert not history.is_of("9", 4)
    assert not history.is_of("7", 2)


def test_a_history_is_read_anew_after_some_hours() -> None:
    """A restore may have changed it; after a day without lists its parts are not stored any more."""
    history = MonitorHistory("shop", START)
    Stored().read(history, START)
    assert history.is_usable(START + HOUR_MS - 1)
    assert not history.is_usable(START + 2 * HOUR_MS)
    history.read_again_at += 5 * DAY_MS
    assert history.is_usable(START + DAY_MS)
    assert not history.is_usable(START + DAY_MS + QUARTER_MS)
