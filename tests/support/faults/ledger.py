"""The handlers' own record of starts and ends, and the test's kills."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import orjson

# A process that has just woken up may start a handler before it learns that the lease has lapsed.
_WAKING_MS = 1000


@dataclass(slots=True)
class Attempt:
    """One start of a handler; `end_ms` is None if its process never wrote the end."""

    run_id: str
    number: int
    pid: int
    start_ms: int
    end_ms: int | None = None
    cancelled: bool = False


def gate_of(ledger: Path) -> Path:
    """Return the file for which handlers of gated runs wait."""
    return ledger.with_suffix(".gate")


class Ledger:
    """The file that the handlers write; each read starts at the end of the last one."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._offset = 0
        self._attempts: dict[tuple[str, int], Attempt] = {}
        self._runs: dict[str, list[Attempt]] = defaultdict(list)

    def runs(self) -> dict[str, list[Attempt]]:
        """Return the attempts of every run, in the order of their starts."""
        for line in self._new_lines():
            self._add(orjson.loads(line))
        return self._runs

    def _new_lines(self) -> list[bytes]:
        if not self.path.exists():
            return []
        with self.path.open("rb") as file:
            file.seek(self._offset)
            whole, newline, _ = file.read().rpartition(b"\n")
        self._offset += len(whole) + len(newline)
        return whole.splitlines()

    def _add(self, entry: dict[str, Any]) -> None:
        key = (entry["run_id"], entry["attempt"])
        if entry["phase"] == "start":
            assert key not in self._attempts, f"one attempt started twice: {key}"
            self._attempts[key] = Attempt(*key, entry["pid"], entry["at_ms"])
            self._runs[key[0]].append(self._attempts[key])
            self._runs[key[0]].sort(key=lambda each: each.start_ms)
        else:
            self._attempts[key].end_ms = entry["at_ms"]
            self._attempts[key].cancelled = entry["phase"] == "cancelled"


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
    """Return the pairs of attempts that overlapped although the first one's process was undisturbed.

    `disturbed` has the instants (ms) at which a process was killed or stopped: from then on its lease is not
    to be trusted.
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


def beyond_limit(attempts: Iterable[Attempt], limit: int, disturbed: dict[int, list[int]]) -> list[str]:
    """Return the attempts that began while `limit` others ran under a lease that could be trusted."""
    found: list[str] = []
    ends: list[float] = []
    for attempt in sorted(attempts, key=lambda each: each.start_ms):
        end_ms = _trusted_until(attempt, disturbed.get(attempt.pid, []))
        if end_ms <= attempt.start_ms:
            continue
        # An end of the same millisecond came before the start: the next holder starts after it.
        ends = [each for each in ends if each > attempt.start_ms]
        if len(ends) >= limit:
            found.append(f"{attempt.run_id}: attempt {attempt.number} while {len(ends)} others ran")
        ends.append(end_ms)
    return found


def _trusted_until(attempt: Attempt, disturbed: list[int]) -> float:
    """Return the instant (ms) up to which a handler ran under a lease; its start if never."""
    end_ms = math.inf if attempt.end_ms is None else attempt.end_ms
    hits = [at for at in disturbed if at >= attempt.start_ms - _WAKING_MS]
    return max(attempt.start_ms, min([end_ms, *hits]))


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
