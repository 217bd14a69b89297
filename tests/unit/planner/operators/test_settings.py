"""Settings of jobs: retries and priority."""

from __future__ import annotations

from typing import Any

import pytest

from app.planner.models import NoteKind
from tests.support.planner.planning import plan, when


def retries(count: int, *gaps: float) -> dict[str, Any]:
    """Return the fields of a job that is tried again."""
    return {"retry_policy": {"max_retry": count, **({"backoff_sec": [*gaps]} if gaps else {})}}


@pytest.mark.parametrize(
    ("prompt", "schedule", "fields"),
    [
        ("backup jam 5, kalau gagal ulangi 2 kali tiap 4 menit", "[0 5 * * *]", retries(2, 240)),
        ("kalau laporan gagal, coba lagi 3 kali tiap 5 menit", "[0 7 * * *]", retries(3, 300)),
        ("retry 5 kali kalau backup gagal, backup jam 2", "[0 2 * * *]", retries(5)),
        ("backup tiap hari jam 2 retry 3x", "[0 2 * * *]", retries(3)),
        (
            "backup tiap malam jam 1, klo gagal dicoba lagi max 4 kali jeda 5 menit",
            "[0 1 * * *]",
            retries(4, 300),
        ),
        (
            "backup every day at 2am, if it fails retry 3 times every 10 minutes",
            "[0 2 * * *]",
            retries(3, 600),
        ),
        ("backup jam 1, ulangi 2x kalo gagal tiap 5 menit", "[0 1 * * *]", retries(2, 300)),
        ("backup nightly at 1 with 5 retries 2 minutes apart", "[0 1 * * *]", retries(5, 120)),
        ("send the report at 8 to telegram @me, retry up to 4 times on failure", "[0 8 * * *]", retries(4)),
        ("laporan jam 7, on failure try again 3 times", "[0 7 * * *]", retries(3)),
        ("backup jam 3 tanpa retry", "[0 3 * * *]", retries(0)),
        ("backup jam 2, kalau gagal coba lagi", "[0 2 * * *]", retries(3)),
        ("backup jam 2 dengan prioritas tinggi", "[0 2 * * *]", {"priority": "high"}),
        ("run the report at 7 with low priority", "[0 7 * * *]", {"priority": "low"}),
        ("high priority backup at 4am", "[0 4 * * *]", {"priority": "high"}),
        ("backup jam 2 dan prioritaskan", "[0 2 * * *]", {"priority": "high"}),
        (
            "laporan jam 7 prioritas rendah, kalau gagal coba lagi 3x",
            "[0 7 * * *]",
            {"priority": "low", **retries(3)},
        ),
    ],
)
def test_setting_becomes_a_field_of_the_job(prompt: str, schedule: str, fields: dict[str, Any]) -> None:
    """One job, at the time that is said, with the fields that are said and no doubt."""
    (job,) = plan(prompt).jobs
    assert (when(job.schedule), job.fields) == (schedule, fields)
    assert plan(prompt).doubts == frozenset()


def test_retry_belongs_to_the_job_that_it_names() -> None:
    """Of two jobs only the one whose failure is named is tried again."""
    backup, report = plan("backup jam 2, laporan jam 7, kalau backup gagal ulangi 3 kali").jobs
    assert (backup.fields, report.fields) == (retries(3), {})


def test_job_that_only_its_retry_names_keeps_a_stored_schedule() -> None:
    """No words say when it runs."""
    (job,) = plan("kalau backup gagal ulangi 2 kali").jobs
    assert job.keeps_schedule
    assert not plan("backup jam 2, kalau gagal ulangi 2 kali").jobs[0].keeps_schedule


@pytest.mark.parametrize(
    ("prompt", "choices"),
    [
        ("backup jam 3 prioritas 5", ("high", "normal", "low")),
        ("backup jam 3, kalau gagal ulangi sampai berhasil", ("2 times", "3 times")),
    ],
)
def test_setting_that_is_not_understood_drops_its_job(prompt: str, choices: tuple[str, ...]) -> None:
    """A question asks for it."""
    draft = plan(prompt)
    assert draft.jobs == ()
    assert [note.choices for note in draft.notes if note.kind is NoteKind.QUESTION] == [choices]
