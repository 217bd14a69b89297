"""Certainty: a plan that an operator changed is to be checked, a plain one is certain."""

from __future__ import annotations

import pytest

from app.planner.models import Certainty
from tests.support.planner.memory_planner import shared_planner
from tests.support.planner.planning import JAKARTA, TUESDAY_MORNING

TURNED = [
    "backup tiap hari jam 2 kecuali hari Minggu",
    "backup tiap hari jam 2, Minggu jangan",
    "laporan tiap hari jam 6, eh salah, jam 9",
    "back up daily at 2am, not on Sundays",
    "check https://a.example every 5 minutes, sorry, every 10 minutes",
]
PLAIN = [
    "backup tiap hari jam 2",
    "check https://a.example every 5 minutes",
    'wa 0811 tiap hari jam 6: "jangan lupa, eh, kecuali Minggu"',
]


@pytest.mark.parametrize("prompt", TURNED)
def test_what_an_operator_made_of_a_plan_is_to_be_checked(prompt: str) -> None:
    """The note has the operator's words, and names the field."""
    plan = shared_planner().plan({"prompt": prompt, "timezone": JAKARTA, "now": TUESDAY_MORNING})
    (job,) = plan.jobs
    assert (job.certainty, "schedule" in job.check) == (Certainty.CHECK, True)
    assert any(note.span is not None and note.field == "schedule" for note in plan.notes)


@pytest.mark.parametrize("prompt", PLAIN)
def test_plain_sentence_is_certain(prompt: str) -> None:
    """Operators within a text are none."""
    plan = shared_planner().plan({"prompt": prompt, "timezone": JAKARTA, "now": TUESDAY_MORNING})
    assert [job.certainty for job in plan.jobs] == [Certainty.CERTAIN]
