"""Certainty: an operator's work is to be checked, what no field shows is asked, a plain plan is certain."""

from __future__ import annotations

import pytest

from app.planner.models import HOLDS, Certainty
from tests.support.planner.memory_planner import shared_planner
from tests.support.planner.planning import JAKARTA, TUESDAY_MORNING

TURNED = [
    ("pantau wa toko_a tiap menit, eh salah, toko_b", "account_id"),
    ("cek https://a.example tiap menit, eh bukan, https://b.example", "url"),
    ("backup tiap hari jam 2 kecuali hari Minggu", "schedule"),
    ("backup tiap hari jam 2, Minggu jangan", "schedule"),
    ("laporan tiap hari jam 6, eh salah, jam 9", "schedule"),
    ("back up daily at 2am, not on Sundays", "schedule"),
    ("check https://a.example every 5 minutes, sorry, every 10 minutes", "schedule"),
]
PLAIN = [
    "backup tiap hari jam 2",
    "check https://a.example every 5 minutes",
    'wa 0811 tiap hari jam 6: "jangan lupa, eh, kecuali Minggu"',
]
ASKED = [
    "as soon as Friday's 5pm report is out, take a backup and keep 3",
    "a.example.com every 5 mins, b.example.com every 30 seconds. both alert telegram @ops",
    "ingetin jemput adek jam 2 nanti, eh jam 3 keluarnya, jadi jam 3 aja",
    "remind me to email the invoice to a@b.example on the 28th at 10am",
    "ingetin kirim wa ke 0811 besok jam 9",
    "ingetin dia bayar utang tiap sabtu jam 4 sore",
    "remind him tomorrow at 9 to pay the rent",
    "ingetin aku sama suami jam 8 malam minum vitamin tiap hari",
    "tell the team group every day at 9:55 that standup starts in 5",
    "kirim laporan ke nomor yang sama tiap hari jam 7",
]


@pytest.mark.parametrize(("prompt", "field"), TURNED)
def test_what_an_operator_made_of_a_plan_is_to_be_checked(prompt: str, field: str) -> None:
    """The note has the operator's words, and names the field."""
    plan = shared_planner().plan({"prompt": prompt, "timezone": JAKARTA, "now": TUESDAY_MORNING})
    (job,) = plan.jobs
    assert (job.certainty, job.check) == (Certainty.CHECK, (field,))
    assert any(note.span is not None and note.field == field for note in plan.notes)


@pytest.mark.parametrize("prompt", PLAIN)
def test_plain_sentence_is_certain(prompt: str) -> None:
    """Operators within a text are none."""
    plan = shared_planner().plan({"prompt": prompt, "timezone": JAKARTA, "now": TUESDAY_MORNING})
    assert [job.certainty for job in plan.jobs] == [Certainty.CERTAIN]


@pytest.mark.parametrize("prompt", ASKED)
def test_what_shows_in_no_field_is_asked(prompt: str) -> None:
    """A lost condition, a site taken for an account, a text in pieces, and a recipient that may be of it."""
    plan = shared_planner().plan({"prompt": prompt, "timezone": JAKARTA, "now": TUESDAY_MORNING})
    assert plan.doubts & HOLDS


BACKUP = {"job_id": "backup", "type": "backup.export", "inputs": {"keep": 7}}
STORED = BACKUP | {"description": "", "schedule": {"cron": "45 1 * * *", "timezone": JAKARTA}}


@pytest.mark.parametrize(
    ("prompt", "cron"),
    [
        ("backup simpan 30", "45 1 * * *"),
        ("backup tiap hari, simpan 30", "45 1 * * *"),
        ("backup tiap hari jam 3, simpan 30", "0 3 * * *"),
    ],
)
def test_time_that_was_not_said_moves_no_stored_job(prompt: str, cron: str) -> None:
    """The default hour is for new jobs; no note says that it is used."""
    plan = shared_planner().plan(
        {"prompt": prompt, "timezone": JAKARTA, "now": TUESDAY_MORNING, "stored": [STORED]}
    )
    (job,) = plan.jobs
    assert job.spec.schedule is not None
    assert (job.spec.schedule.cron, job.spec.inputs, job.check) == (cron, {"keep": 30}, ())


def test_zone_of_a_new_time_is_the_zone_of_the_job() -> None:
    """The hour of another zone is not taken for one of the old zone."""
    prompt = "ganti backup jadi jam 9 WITA"
    plan = shared_planner().plan(
        {"prompt": prompt, "timezone": JAKARTA, "now": TUESDAY_MORNING, "stored": [STORED]}
    )
    (job,) = plan.jobs
    assert job.spec.schedule is not None
    assert (job.spec.schedule.cron, job.spec.schedule.timezone) == ("0 9 * * *", "Asia/Makassar")


def test_range_of_dates_behind_a_start_ends_the_schedule() -> None:
    """The dates after "mulai" are its first and its last day."""
    prompt = "backup jam 2 tiap hari mulai tgl 7 sampai tgl 12 desember"
    plan = shared_planner().plan({"prompt": prompt, "timezone": JAKARTA, "now": TUESDAY_MORNING})
    schedule = plan.jobs[0].spec.schedule
    assert schedule is not None
    assert schedule.start_at is not None
    assert schedule.end_at is not None
    assert (schedule.start_at.day, schedule.end_at.day) == (7, 13)
