"""The worked cases of the planner's contract: each prompt becomes exactly the listed jobs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.planner.plan_scoring import answer, is_silently_wrong, passes

CASES: list[dict[str, Any]] = [
    json.loads(row)
    for row in (Path(__file__).parents[2] / "planner_cases" / "cases.jsonl").read_text("utf-8").splitlines()
]


def test_worked_cases_are_all_there() -> None:
    """The file of cases has all of its 150 lines, so that none can pass by being lost."""
    assert len({case["id"] for case in CASES}) == 150


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_worked_case_becomes_its_jobs(case: dict[str, Any]) -> None:
    """The plan of a worked case matches its jobs at the next sixty fires, and has the wanted warnings."""
    draft = answer(case)
    assert passes(case, draft), [(job.type, job.schedule, job.inputs) for job in draft.jobs]


def test_no_worked_case_is_silently_wrong() -> None:
    """A job that was not requested always has an assumption or a warning."""
    assert [case["id"] for case in CASES if is_silently_wrong(case, answer(case))] == []
