"""The measurements of the fault tests."""

from __future__ import annotations

from pathlib import Path

import orjson

from tests.support.faults.ledger import Attempt, Ledger, beyond_limit
from tests.support.faults.probe import longest_ms
from tests.support.faults.processes import spans_without


def test_key_held_by_two_trusted_attempts_is_beyond_its_limit() -> None:
    """Two handlers of a key with limit 1 that ran at once are found; one after the other is fine."""
    first, second = Attempt("a", 1, 10, 1000, 3000), Attempt("b", 1, 11, 2000, 4000)
    assert beyond_limit([first, second], 1, {})
    assert not beyond_limit([first, second], 2, {})
    assert not beyond_limit([first, Attempt("b", 1, 11, 3000, 4000)], 1, {})


def test_key_of_a_disturbed_process_is_free_from_then_on() -> None:
    """A handler whose process was stopped or killed counts up to that instant only."""
    first, second = Attempt("a", 1, 10, 1000), Attempt("b", 1, 11, 2500, 4000)
    assert not beyond_limit([first, second], 1, {10: [2000]})
    assert beyond_limit([first, second], 1, {10: [2600]})
    assert beyond_limit([first, second], 1, {12: [2000]})


def test_wait_is_measured_between_outages() -> None:
    """The longest span without an outage counts, from the acknowledgement to the start."""
    assert longest_ms(1000, 1400, []) == 400
    assert longest_ms(1000, 9000, [(1100, 8500)]) == 500
    assert longest_ms(1000, 9000, [(500, 2000), (1500, 3000), (8000, 10_000)]) == 5000
    assert longest_ms(1000, 1400, [(0, 900), (1500, 2000)]) == 400


def test_ledger_reads_whole_lines_once(tmp_path: Path) -> None:
    """A line that is still being written is read at the next look."""
    file = tmp_path / "ledger"
    ledger = Ledger(file)
    assert ledger.runs() == {}
    start = {"run_id": "a", "attempt": 1, "pid": 1, "phase": "start", "at_ms": 5}
    whole = orjson.dumps(start, option=orjson.OPT_APPEND_NEWLINE)
    file.write_bytes(whole + b'{"run_id"')
    assert ledger.runs() == {"a": [Attempt("a", 1, 1, 5)]}
    end = orjson.dumps({**start, "phase": "end", "at_ms": 9}, option=orjson.OPT_APPEND_NEWLINE)
    file.write_bytes(whole + end)
    assert ledger.runs()["a"][0].end_ms == 9


def test_spans_without_a_process_lie_between_a_fall_and_the_next_start() -> None:
    """With two processes, only the time in which both are down counts."""
    assert spans_without([], 9000) == [(0, 9000)]
    assert spans_without([(1000, 1)], 9000) == [(0, 1000)]
    turns = [(1000, 1), (2000, 1), (3000, -1), (4000, 1), (5000, -1), (6000, -1), (7000, 1)]
    assert spans_without(turns, 9000) == [(0, 1000), (6000, 7000)]
    assert spans_without([*turns, (8000, -1)], 9000) == [(0, 1000), (6000, 7000), (8000, 9000)]
