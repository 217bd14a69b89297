"""Exceptions, repairs and times that are past: none is read as its opposite."""

from __future__ import annotations

import pytest

from tests.support.planner.planning import Row, line, plan

ROWS: tuple[Row, ...] = (
    ("backup tiap hari jam 2 kecuali tanggal 1", "backup [0 2 2-31 * *]"),
    ("backup every day except the 1st and the 15th at 3am", "backup [0 3 2-14,16-31 * *]"),
    ("backup tanggal 1 sampai 10 kecuali tanggal 5 jam 2", "backup [0 2 1-4,6-10 * *]"),
    (
        "cek https://a.example.com tiap 5 menit kecuali tanggal 1 sampai 3",
        "page https://a.example.com [*/5 * 4-31 * *]",
    ),
    ("backup every day at 2 except on Sundays", "backup [0 2 * * 1-6]"),
)
REPAIRS: tuple[Row, ...] = (
    ("laporan jam 7, eh bukan, jam 8", "report [0 8 * * *]"),
    ("laporan jam 6, eh salah, jam 9", "report [0 9 * * *]"),
    ("backup at 1am, sorry, at 4am", "backup [0 4 * * *]"),
    ("backup jam 3 ralat jam 5", "backup [0 5 * * *]"),
    ("report at 7, I mean at 8", "report [0 8 * * *]"),
    ("laporan tiap Senin, eh, Selasa jam 8", "report [0 8 * * 2]"),
    (
        "cek https://a.example.com tiap 5 menit, maksudnya tiap 10 menit",
        "page https://a.example.com 600s",
    ),
    ("pantau slack bukan discord, akun dev tiap menit", "watch slack/dev 60s"),
    ("pantau bukan discord tapi slack akun dev tiap menit", "watch slack/dev 60s"),
    ("not telegram but whatsapp account x1, monitor it every minute", "watch whatsapp/x1 60s"),
    ("pantau wa toko_d tiap menit, maksudnya toko_e", "watch whatsapp/toko_e 60s"),
    ("pantau telegram bot_a, bukan bot_b, tiap menit", "watch telegram/bot_a 60s"),
    ("monitor telegram bot_a, not whatsapp bot_b, every minute", "watch telegram/bot_a 60s"),
    (
        "cek https://a.example.com bukan https://b.example.com tiap menit",
        "page https://a.example.com 60s",
    ),
)
NOT_UNDERSTOOD = (
    "laporan jam 8 tiap hari kecuali hari libur nasional",
    "laporan jam 8 kecuali tanggal merah",
    "backup jam 2 tiap hari kecuali 17 Agustus",
    "laporan jam 7 tiap hari kecuali bulan Desember",
    "backup jam 2 tiap hari kecuali akhir bulan",
    "laporan tiap Senin kecuali tanggal 1 jam 8",
    "backup every day at 2 except when it rains",
)
PAST = (
    "saya sudah backup tadi malam jam 2",
    "tadi pagi backup gagal lagi",
    "tadi pagi wa mati 5 menit",
    "back up last night",
)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_exception_leaves_days_out(row: Row) -> None:
    """Each prompt becomes exactly these jobs, with no warning."""
    prompt, *wanted = row
    draft = plan(prompt)
    assert [line(job) for job in draft.jobs] == wanted
    assert draft.warnings == ()


@pytest.mark.parametrize("row", REPAIRS, ids=lambda row: row[0])
def test_corrected_time_replaces_the_one_before(row: Row) -> None:
    """The last one holds, and nothing is left that was not understood."""
    prompt, *wanted = row
    draft = plan(prompt)
    assert [line(job) for job in draft.jobs] == wanted
    assert draft.warnings == ()


@pytest.mark.parametrize("prompt", NOT_UNDERSTOOD)
def test_exception_that_is_not_understood_drops_the_job(prompt: str) -> None:
    """A job on the very days that were excepted would be worse than none."""
    draft = plan(prompt)
    assert draft.jobs == ()
    assert any("kecuali" in text or "except" in text for text in draft.warnings)


@pytest.mark.parametrize("prompt", PAST)
def test_report_of_the_past_plans_nothing(prompt: str) -> None:
    """What happened last night is no wish for each night."""
    draft = plan(prompt)
    assert draft.jobs == ()
    assert draft.warnings
