"""When a message is sent: once at its next time, unless the sentence says "every"."""

from __future__ import annotations

import pytest

from app.planner.models import NoteKind
from tests.support.planner.planning import Row, line, lines, plan

ROWS: tuple[Row, ...] = (
    ("wa 0811 jam 3 sore: halo", "send 'halo' whatsapp:0811 @2026-11-24T15:00"),
    ("wa 0811 jam 9: halo", "send 'halo' whatsapp:0811 @2026-11-25T09:00"),
    ("kirim wa ke 0811 Jumat jam 11: absen", "send 'absen' whatsapp:0811 @2026-11-27T11:00"),
    ("kirim wa ke 0811 Selasa jam 9: absen", "send 'absen' whatsapp:0811 @2026-12-01T09:00"),
    ("kirim wa ke 0811 Selasa jam 11: absen", "send 'absen' whatsapp:0811 @2026-11-24T11:00"),
    ("kirim wa ke 0811 tanggal 25 jam 8: gajian", "send 'gajian' whatsapp:0811 @2026-11-25T08:00"),
    ("kirim wa ke 0811 tanggal 3 jam 8: sewa", "send 'sewa' whatsapp:0811 @2026-12-03T08:00"),
    ("kirim wa ke 0811 malam Minggu jam 7: nonton", "send 'nonton' whatsapp:0811 @2026-11-28T19:00"),
    ("kirim wa ke 0811 sore: pulang", "send 'pulang' whatsapp:0811 @2026-11-24T16:00"),
    (
        "kirim wa ke 0811 jam 8 dan 17: minum obat",
        "send 'minum obat' whatsapp:0811 @2026-11-24T17:00",
        "send 'minum obat' whatsapp:0811 @2026-11-25T08:00",
    ),
    (
        "kirim wa ke 0811 Senin dan Kamis jam 9: piket",
        "send 'piket' whatsapp:0811 @2026-11-26T09:00",
        "send 'piket' whatsapp:0811 @2026-11-30T09:00",
    ),
    ("kirim wa ke 0811 antara jam 13 dan 15: rapat", "send 'rapat' whatsapp:0811 @2026-11-24T13:00"),
    ("remind me at 5pm to call Bob", "send 'call Bob' @2026-11-24T17:00"),
)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_message_without_every_is_sent_once(row: Row) -> None:
    """It is sent at the next time that is meant, and an assumption says so."""
    prompt, *wanted = row
    draft = plan(prompt)
    assert [line(job) for job in draft.jobs] == wanted
    assert any('"Every" was not said' in text or '"tiap"' in text for text in draft.assumptions)
    assert draft.warnings == ()


RECURRING: tuple[Row, ...] = (
    ("kirim wa ke 0811 tiap jam 8 pagi: obat", "send 'obat' whatsapp:0811 [0 8 * * *]"),
    ("kirim wa ke 0811 tiap pagi: obat", "send 'obat' whatsapp:0811 [0 9 * * *]"),
    ("kirim wa ke 0811 setiap hari jam 8: obat", "send 'obat' whatsapp:0811 [0 8 * * *]"),
    ("kirim wa ke 0811 tiap malam Minggu jam 7: nonton", "send 'nonton' whatsapp:0811 [0 19 * * 6]"),
    ("send 'standup' to slack #dev on Mondays at 9", "send 'standup' slack:#dev [0 9 * * 1]"),
    ("send 'standup' to slack #dev on weekdays at 9", "send 'standup' slack:#dev [0 9 * * 1-5]"),
    ("kirim wa ke 0811 Senin sampai Jumat jam 8: absen", "send 'absen' whatsapp:0811 [0 8 * * 1-5]"),
    ("kirim wa ke 0811 dua kali sehari: obat", "send 'obat' whatsapp:0811 [0 8,20 * * *]"),
    ("daily at 8 send 'hi' to slack #dev", "send 'hi' slack:#dev [0 8 * * *]"),
    ("laporan jam 9", "report [0 9 * * *]"),
    ("backup Jumat jam 9", "backup [0 9 * * 5]"),
    ("kirim wa ke 0811 mulai besok: obat", "send 'obat' whatsapp:0811 [0 9 * * *] start=2026-11-25"),
)


@pytest.mark.parametrize("row", RECURRING, ids=lambda row: row[0])
def test_message_with_every_and_other_jobs_recur(row: Row) -> None:
    """Reports, backups and messages "every" day or on more than two days recur."""
    prompt, *wanted = row
    assert lines(prompt) == wanted


@pytest.mark.parametrize(
    ("prompt", "at"),
    [
        ("nanti jam 3 kirim wa ke 0811: rapat", "@2026-11-24T15:00"),
        ("hari ini jam 9 kirim wa ke 0811: rapat", "@2026-11-24T21:00"),
    ],
)
def test_hour_of_today_that_is_past_is_half_a_day_later(prompt: str, at: str) -> None:
    """If that is still today."""
    assert lines(prompt) == [f"send 'rapat' whatsapp:0811 {at}"]


def test_several_days_without_every_are_a_timetable() -> None:
    """And an assumption says so; a report needs none."""
    draft = plan("kirim wa ke 0811 Senin, Rabu, Jumat jam 8: absen")
    assert [line(job) for job in draft.jobs] == ["send 'absen' whatsapp:0811 [0 8 * * 1,3,5]"]
    assert len(draft.assumptions) > len(
        plan("kirim wa ke 0811 tiap Senin, Rabu, Jumat jam 8: absen").assumptions
    )


def test_message_without_time_is_sent_now() -> None:
    """Only a reminder needs a time."""
    assert lines("kirim wa ke 0811: halo") == ["send 'halo' whatsapp:0811 now"]


@pytest.mark.parametrize("prompt", ["ingatkan saya bayar listrik", "remind me to pay rent"])
def test_reminder_without_time_asks_for_it(prompt: str) -> None:
    """Nothing is planned until it is said."""
    draft = plan(prompt)
    assert draft.jobs == ()
    assert [note.kind for note in draft.notes] == [NoteKind.QUESTION]
