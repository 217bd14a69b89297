"""Ways of speaking: office hours without a part of day, second thoughts, ends of months."""

from __future__ import annotations

import pytest

from app.planner.models import NoteKind
from tests.support.planner.planning import Row, line, lines, plan

ROWS: list[Row] = [
    ("cek https://a.example tiap 5 menit jam kerja 9-5", "page https://a.example [*/5 9-16 * * *]"),
    ("check https://a.example every 5 min from 9 to 5", "page https://a.example [*/5 9-16 * * *]"),
    ("pantau wa akun t tiap 5 menit dari jam 22 sampai 6", "watch whatsapp/t [*/5 22-23,0-5 * * *]"),
    ("laporan jam 7, oh ya backup jam 2", "report [0 7 * * *]", "backup [0 2 * * *]"),
    (
        "laporan tiap hari jam 7 dan backup jam 2, oh ya laporannya jam 8 aja",
        "report [0 8 * * *]",
        "backup [0 2 * * *]",
    ),
    ("laporan jam 7 dan backup jam 2, oiya backupnya jam 3", "report [0 7 * * *]", "backup [0 3 * * *]"),
    ("backup at 2 until the end of December", "backup [0 2 * * *] end=2027-01-01"),
    (
        "wa 0811 kalau https://a.example lebih dari 2 detik",
        "page https://a.example 60s notify=whatsapp:0811 latency_ms=2000 alarm_on=degraded",
    ),
    ("laporan jam 8 sampai akhir bulan Desember", "report [0 8 * * *] end=2027-01-01"),
    (
        "cek https://a.example tiap 2 menit, lapor ke telegram @ops kalau 3x gagal berturut-turut",
        "page https://a.example 120s notify=telegram:@ops fail_after=3",
    ),
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_sentence_is_read_as_people_mean_it(row: Row) -> None:
    """It is planned as meant, without a doubt."""
    prompt, *wanted = row
    assert lines(prompt) == wanted
    assert plan(prompt).doubts == frozenset()


OUTAGES = [
    "setelah monitor a down jalankan backup",
    "kalau monitor toko down, jalankan backup",
    "after the website goes down run a backup",
    "setelah wa mati kirim laporan",
]


@pytest.mark.parametrize("prompt", OUTAGES)
def test_job_that_an_outage_shall_start_is_refused(prompt: str) -> None:
    """A monitor starts no job, so it is never planned on a time of its own."""
    draft = plan(prompt)
    assert draft.jobs == ()
    assert NoteKind.REFUSAL in draft.doubts


FOLLOWED = [
    ("habis backup jam 3, wa 0811: backup beres", "send 'backup beres' whatsapp:0811 now"),
    (
        "setelah laporan jam 5 sore, wa 0811: laporan udah masuk ya bu",
        "send 'laporan udah masuk ya bu' whatsapp:0811 now",
    ),
    ("begitu backup jam 3 kelar, email a@b.id: done", "send 'done' email:a@b.id now"),
]


@pytest.mark.parametrize(("prompt", "message"), FOLLOWED)
def test_message_follows_a_job_that_is_named_before_a_comma(prompt: str, message: str) -> None:
    """Its text is data, whatever it tells."""
    draft = plan(prompt)
    assert [line(job) for job in draft.jobs][1:] == [message]
    assert draft.doubts == frozenset()
