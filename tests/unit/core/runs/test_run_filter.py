"""Filters of runs: required fields and comparison of texts."""

from __future__ import annotations

import json
import random
import re
from typing import Any

import pytest

from app.core.models import RunStatus
from app.core.runs.search import RunFilter, contains, is_literal, normalized, unescaped

RUN_ID = "01J0000000000000000000000A"
RECORD = {
    "job": "monitor-a01",
    "status": "failed",
    "type": "monitor.http",
    "created": "1000",
    "trace": "ab" * 16,
    "fingerprint": "0123456789ab",
    "inputs": '{"city":"Bandung","n":[{"order":4711}]}',
    "error": '{"message":"Bécak\\nrusak \\"parah\\"","traceback":null}',
}


@pytest.mark.parametrize(
    ("wanted", "fits"),
    [
        (RunFilter(), True),
        (RunFilter(job_id="monitor-a01"), True),
        (RunFilter(job_id="monitor-a0"), False),
        (RunFilter(job_id="monitor-*"), True),
        (RunFilter(status=RunStatus.FAILED), True),
        (RunFilter(statuses=(RunStatus.QUEUED, RunStatus.FAILED)), True),
        (RunFilter(statuses=(RunStatus.QUEUED,)), False),
        (RunFilter(status=RunStatus.FAILED, statuses=(RunStatus.QUEUED,)), False),
        (RunFilter(type="monitor.http"), True),
        (RunFilter(type="monitor"), False),
        (RunFilter(trace_id="ab" * 16), True),
        (RunFilter(trace_id="ab" * 15), False),
        (RunFilter(since_ms=1000, until_ms=1001), True),
        (RunFilter(since_ms=1001), False),
        (RunFilter(until_ms=1000), False),
        (RunFilter(q="BANDUNG"), True),
        (RunFilter(q='"order":4711'), True),
        (RunFilter(q='rusak "parah"'), True),
        (RunFilter(q="BE\u0301CAK\nrusak"), True),
        (RunFilter(q="becak"), False),
        (RunFilter(q="MONITOR-A"), True),
        (RunFilter(q=RUN_ID[:20].lower()), True),
        (RunFilter(q="ab" * 16), True),
        (RunFilter(q="ab" * 8), False),
        (RunFilter(q="0123456789ab"), True),
        (RunFilter(q="Jakarta"), False),
        (RunFilter(q="bandung", job_id="other"), False),
    ],
    ids=str,
)
def test_run_filter_accepts_what_has_all_its_parts(wanted: RunFilter, fits: bool) -> None:
    """Each part alone and together; a trace and a fingerprint only as a whole."""
    assert wanted.accepts(RECORD, RUN_ID) is fits


def test_job_pattern_is_what_its_stars_say() -> None:
    """Compared with a regular expression over thousands of patterns and names."""
    chance = random.Random(7)
    for _ in range(5_000):
        pattern = "".join(chance.choices("ab*", k=chance.randint(1, 7)))
        name = "".join(chance.choices("ab", k=chance.randint(1, 7)))
        expected = re.fullmatch(".*".join(map(re.escape, pattern.split("*"))), name) is not None
        assert RunFilter(job_id=pattern).accepts({**RECORD, "job": name}, RUN_ID) is expected, (pattern, name)


def test_job_pattern_of_many_stars_is_matched_at_once() -> None:
    """No pattern takes longer than its length times that of the name."""
    assert not RunFilter(job_id="*a" * 31 + "*b").accepts({**RECORD, "job": "a" * 64}, RUN_ID)


@pytest.mark.parametrize("ascii_only", [False, True])
def test_stored_json_is_searched_as_it_was_meant(ascii_only: bool) -> None:
    """Whichever escapes its writer used."""
    values: list[Any] = [
        "a\\b",
        'say "hi"',
        "line\nnext\ttab",
        "Bécak",
        "報告 😀",
        "\u0001",
        "/path",
        "\\u0041",
    ]
    for value in values:
        text = json.dumps({"x": value}, ensure_ascii=ascii_only)
        assert contains(text, normalized(value)), value
    assert not contains(json.dumps("\\u0041"), "a\\u")
    assert not contains(json.dumps("a\nb"), "nb")
    assert unescaped("plain") == "plain"


@pytest.mark.parametrize(
    ("wanted", "literal"),
    [("zebra", True), ("a.b/c", True), ("bécak", False), ('"', False), ("\\", False), ("a\nb", False)],
)
def test_only_some_texts_stand_in_json_as_they_are(wanted: str, literal: bool) -> None:
    """For the others a script can not rule out a record by looking for them."""
    assert is_literal(wanted) is literal


def test_a_whole_run_id_needs_no_search() -> None:
    """Unless a tag must hold, which no record has."""
    assert RunFilter(q=RUN_ID).run_id == RUN_ID
    assert RunFilter(q="a@5").run_id == "a@5"
    assert RunFilter(q=RUN_ID, tag="ops").run_id is None
    assert RunFilter(q=RUN_ID[:25]).run_id is None
