"""The plan of a model passes the gate of the rules' plans."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.planner.language.gate import gated, judged
from app.planner.models import NoteKind, PlanRequest, TextSpan
from tests.support.planner.planner_fakes import NOW, ZONE, draft_of, planned
from tests.support.planner.planning import plan_text


def request(prompt: str) -> PlanRequest:
    return PlanRequest(prompt, ZONE, NOW, deployment_timezone=ZONE)


@pytest.mark.parametrize(
    ("cron", "is_doubted"), [("0 7 * * *", True), ("0 7 * * 0", True), ("0 7 * * 1-6", False)]
)
def test_excepted_time_of_a_job_is_asked_about(cron: str, is_doubted: bool) -> None:
    """A job that fires at a time that its words except is a question, whoever made it."""
    prompt = "ceritakan tiap hari jam 7 kecuali Minggu"
    job = replace(
        planned(schedule={"cron": cron, "timezone": ZONE}), spans=(TextSpan(0, len(prompt), "intent"),)
    )
    found = judged(request(prompt), draft_of(job, prompt=prompt))
    assert (NoteKind.QUESTION in found.doubts) is is_doubted


@pytest.mark.parametrize(
    "prompt",
    [
        "laporan tiap hari jam 7 kecuali Minggu, backup tiap hari jam 2",
        "laporan tiap hari jam 7, backup tiap hari jam 2 kecuali Minggu",
        "laporan tiap hari jam 7, hari Minggu jangan, backup tiap hari jam 2",
    ],
)
def test_exception_of_one_job_is_not_one_of_another(prompt: str) -> None:
    """Of two jobs only the one whose words have the exception must leave the time out."""
    found = gated(request(prompt))
    assert found.jobs == plan_text(request(prompt)).jobs
    assert found.doubts == frozenset()
