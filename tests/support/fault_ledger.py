"""What really happened, by the handlers' own account, and what the test did to their processes."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import orjson


@dataclass(slots=True)
class Attempt:
    """One start of a handler; `end_ms` is None where its process never wrote the end."""

    run_id: str
    number: int
    pid: int
    start_ms: int
    end_ms: int | None = None
    cancelled: bool = False


def read_attempts(path: Path) -> dict[str, list[Attempt]]:
    """Return every run's attempts in the order of their starts."""
    attempts: dict[tuple[str, int], Attempt] = {}
    for line in path.read_bytes().splitlines() if path.exists() else []:
        entry = orjson.loads(line)
        key = (entry["run_id"], entry["attempt"])
        if entry["phase"] == "start":
            assert key not in attempts, f"one attempt started twice: {key}"
            attempts[key] = Attempt(*key, entry["pid"], entry["at_ms"])
        else:
            attempts[key].end_ms = entry["at_ms"]
            attempts[key].cancelled = entry["phase"] == "cancelled"
    runs: dict[str, list[Attempt]] = defaultdict(list)
    for attempt in sorted(attempts.values(), key=lambda each: each.start_ms):
        runs[attempt.run_id].append(attempt)
    return dict(runs)


def repeats(runs: dict[str, list[Attempt]]) -> int:
    """Return how many starts there were beyond the first of each run."""
    return sum(len(attempts) - 1 for attempts in runs.values())


def interrupted(runs: dict[str, list[Attempt]]) -> int:
    """Return how many starts followed an attempt whose handler had not come to its end."""
    return sum(first.end_ms is None for attempts in runs.values() for first, _ in pairwise(attempts))


def open_attempts(runs: dict[str, list[Attempt]]) -> list[Attempt]:
    """Return the attempts whose end is not written: they are under way, or their process is gone."""
    return [attempt for attempts in runs.values() for attempt in attempts if attempt.end_ms is None]


def unexplained(runs: dict[str, list[Attempt]], touched: set[int]) -> list[str]:
    """Return the starts that took a run from a process to which the test had done nothing."""
    return [
        f"{run_id}: attempt {second.number} after {first.number}"
        for run_id, attempts in runs.items()
        for first, second in pairwise(attempts)
        if first.pid not in touched
    ]


def overlaps(runs: dict[str, list[Attempt]], disturbed: dict[int, list[int]]) -> list[str]:
    """Return the pairs of attempts that ran at once though nobody had killed or stopped the first's process.

    `disturbed` has the instants (ms) at which a process was killed or stopped: from then on its lease is
    not to be trusted.
    """
    found: list[str] = []
    for run_id, attempts in runs.items():
        for first, second in pairwise(attempts):
            over = first.end_ms is not None and first.end_ms <= second.start_ms
            hit = any(at <= second.start_ms for at in disturbed.get(first.pid, []))
            if not over and not hit:
                found.append(f"{run_id}: attempts {first.number} and {second.number}")
    return found


def late_ends(runs: dict[str, list[Attempt]]) -> int:
    """Return how many handlers came to their end after a later attempt of their run had begun."""
    return sum(
        first.end_ms is not None and not first.cancelled and first.end_ms > second.start_ms
        for attempts in runs.values()
        for first, second in pairwise(attempts)
    )


def active_at_once(runs: dict[str, list[Attempt]]) -> int:
    """Return the largest number of attempts that ran at the same time."""
    steps: list[tuple[int, int]] = []
    for attempts in runs.values():
        for attempt in attempts:
            assert attempt.end_ms is not None, f"{attempt.run_id} never ended"
            # An end sorts before a start of the same millisecond.
            steps += [(attempt.start_ms, 1), (attempt.end_ms, -1)]
    active = most = 0
    for _, change in sorted(steps):
        active += change
        most = max(most, active)
    return most
