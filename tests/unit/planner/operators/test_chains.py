"""Jobs that another job starts: "habis backup jam 3 kirim …", "kalau backup gagal …", "and then"."""

from __future__ import annotations

import pytest

from app.planner.models import NoteKind, PlannedJob
from app.planner.summary import summary_of
from tests.support.planner.planning import line, plan

BACKUP_3, REPORT_6 = "backup [0 3 * * *]", "report [0 6 * * *]"
DONE, FAILED = "on_success", "on_failure"


def chains(*jobs: PlannedJob) -> list[tuple[str, str, str]]:
    """Return each link of a plan: the first job, the field, the job that it starts."""
    by_key = {job.key: line(job) for job in jobs}
    return [(line(job), link.outcome, by_key[link.key]) for job in jobs for link in job.chains]


@pytest.mark.parametrize(
    ("prompt", "links"),
    [
        (
            "habis backup jam 3 kirim wa ke 0811: backup beres",
            [(BACKUP_3, DONE, "send 'backup beres' whatsapp:0811 now")],
        ),
        ("setelah laporan jam 6 selesai, jalankan backup", [(REPORT_6, DONE, "backup now")]),
        ("jalankan backup setelah laporan jam 6", [(REPORT_6, DONE, "backup now")]),
        ("laporan jam 6, setelah itu backup", [(REPORT_6, DONE, "backup now")]),
        ("run the report at 6 and then a backup", [(REPORT_6, DONE, "backup now")]),
        ("once the 6am report is done, back up", [(REPORT_6, DONE, "backup now")]),
        ("backup jam 3 lalu laporan", [(BACKUP_3, DONE, "report now")]),
        ("laporan jam 6; backup sesudahnya", [(REPORT_6, DONE, "backup now")]),
        ("after each backup at 3am, send the report", [(BACKUP_3, DONE, "report now")]),
        ("backup jam 3, setelah selesai jalankan laporan", [(BACKUP_3, DONE, "report now")]),
        (
            "tiap jam 3 backup, kelar itu kirim wa 0811: beres",
            [(BACKUP_3, DONE, "send 'beres' whatsapp:0811 now")],
        ),
        (
            "backup at 3, if that fails tell telegram @me",
            [(BACKUP_3, FAILED, "send 'The backup has failed.' telegram:@me now")],
        ),
        (
            "back up at 3 and when it's done send telegram @me 'done'",
            [(BACKUP_3, DONE, "send 'done' telegram:@me now")],
        ),
        (
            "after the report at 6, run a backup, then message telegram @me 'all done'",
            [(REPORT_6, DONE, "backup now"), ("backup now", DONE, "send 'all done' telegram:@me now")],
        ),
        (
            "backup jam 3, kalau gagal kirim wa ke 0811 'backup gagal'",
            [(BACKUP_3, FAILED, "send 'backup gagal' whatsapp:0811 now")],
        ),
        (
            "backup jam 3, kalau berhasil kirim laporan, kalau gagal kabari wa 0811",
            [
                (BACKUP_3, DONE, "report now"),
                (BACKUP_3, FAILED, "send 'Backup gagal.' whatsapp:0811 now"),
            ],
        ),
        (
            "backup at 3. when that's done the daily report goes out to slack #ops",
            [(BACKUP_3, DONE, "report now notify=slack:#ops")],
        ),
        (
            "backup jam 3, kalau gagal kabari wa 0811",
            [(BACKUP_3, FAILED, "send 'Backup gagal.' whatsapp:0811 now")],
        ),
        (
            "kirim wa 0811 kalau backup jam 3 gagal: tolong cek",
            [(BACKUP_3, FAILED, "send 'tolong cek' whatsapp:0811 now")],
        ),
        (
            "abis backup tiap malem jam 1 kabarin wa 0811 ya",
            [("backup [0 1 * * *]", DONE, "send 'Backup selesai.' whatsapp:0811 now")],
        ),
        (
            "backup at 3, if it fails tell telegram @me",
            [(BACKUP_3, FAILED, "send 'The backup has failed.' telegram:@me now")],
        ),
    ],
)
def test_wish_follows_another(prompt: str, links: list[tuple[str, str, str]]) -> None:
    """The first job has the time, the other none; nothing is in doubt."""
    draft = plan(prompt)
    assert chains(*draft.jobs) == links
    assert draft.doubts == frozenset()


@pytest.mark.parametrize(
    ("prompt", "outcome"),
    [
        ("kalau backup gagal kirim wa ke 0811: backup gagal", FAILED),
        ("kabari wa 0811 kalau backup gagal", FAILED),
        ("if the backup fails send a telegram to @me 'backup failed'", FAILED),
        ("setelah backup selesai kirim wa ke 0811: beres", DONE),
        ("run the report after the backup", DONE),
        ("jalankan laporan tiap kali backup selesai", DONE),
        ("every time the backup fails, tell telegram @ops", FAILED),
    ],
)
def test_job_without_a_time_only_names_a_stored_one(prompt: str, outcome: str) -> None:
    """What starts the other job is stored, or asked for."""
    first = next(job for job in plan(prompt).jobs if job.chains)
    assert (first.type, first.is_named, first.schedule) == ("backup.export", True, None)
    assert [link.outcome for link in first.chains] == [outcome]


def test_named_job_is_the_one_of_the_sentence() -> None:
    """A backup with a time, named again in a condition, is one job."""
    draft = plan("backup jam 3, laporan jam 6, kalau backup gagal kirim wa ke 0811: backup gagal")
    assert [line(job) for job in draft.jobs][:2] == [BACKUP_3, REPORT_6]
    assert chains(*draft.jobs) == [(BACKUP_3, FAILED, "send 'backup gagal' whatsapp:0811 now")]


def test_time_of_its_own_is_a_conflict() -> None:
    """Both run at their times, and a note says that none follows the other."""
    draft = plan("laporan jam 6 setelah backup jam 3")
    assert sorted(line(job) for job in draft.jobs) == [BACKUP_3, REPORT_6]
    assert chains(*draft.jobs) == []
    assert NoteKind.CONFLICT in draft.doubts


@pytest.mark.parametrize(
    "prompt",
    ["10 menit setelah backup jam 3 kirim wa ke 0811: cek", "setelah laporan jam 25 jalankan backup"],
)
def test_follower_without_its_first_job_is_dropped(prompt: str) -> None:
    """It would run at once: a delay is not possible, and neither is a first job that is not planned."""
    draft = plan(prompt)
    assert not [job for job in draft.jobs if job.schedule is None]
    assert NoteKind.REFUSAL in draft.doubts


@pytest.mark.parametrize(
    ("prompt", "jobs"),
    [
        ("laporan jam 6 lalu backup jam 3", [REPORT_6, BACKUP_3]),
        ("backup jam 3 terus pantau wa akun cs9", [BACKUP_3, "watch whatsapp/cs9 30s"]),
        ("setelah 10 menit backup", ["backup @2026-11-24T10:10"]),
        ("laporan jam 6 lalu kirim ke wa 0811", ["report [0 6 * * *] notify=whatsapp:0811"]),
    ],
)
def test_list_of_wishes_is_no_chain(prompt: str, jobs: list[str]) -> None:
    """A time of its own, a monitor, a delay and a recipient follow nothing."""
    draft = plan(prompt)
    assert [line(job) for job in draft.jobs] == jobs
    assert chains(*draft.jobs) == []


def test_summary_says_what_follows() -> None:
    """The job that another one starts is not said to run now."""
    after, fails = (
        plan("setelah laporan jam 6 selesai, jalankan backup"),
        plan("backup jam 3, kalau gagal kabari wa 0811"),
    )
    assert "backup setelah laporan" in summary_of(after.jobs, after.language)
    assert "jika backup gagal" in summary_of(fails.jobs, fails.language)


def test_answer_goes_after_the_noun() -> None:
    """A time makes the first job one of the sentence, an id names a stored one."""
    timed = plan("kalau backup jam 3 gagal kirim wa ke 0811: backup gagal")
    assert chains(*timed.jobs) == [(BACKUP_3, FAILED, "send 'backup gagal' whatsapp:0811 now")]
    named = plan("setelah laporan report-daily jalankan backup").jobs
    assert [(job.type, job.job_id) for job in named if job.is_named] == [("report.daily", "report-daily")]
