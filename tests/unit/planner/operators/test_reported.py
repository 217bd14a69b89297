"""The past and reports of speech end a wish."""

from __future__ import annotations

import pytest

from tests.support.planner.planning import Row, assert_doubted, assert_planned

ROWS: tuple[Row, ...] = (
    ("bos bilang laporan jam 7", "report [0 7 * * *]"),
    ("kemarin aku minta jam 7, sekarang laporan jam 9 aja", "report [0 9 * * *]"),
)

ASKED = (
    "kemarin saya bilang laporan jam 7",
    "kemarin aku minta laporan jam 7",
    "kemaren bu Wati minta laporannya dihapus tp saya bilang jangan",
    "tadi pagi kasir minta pantau wa toko_a, saya tolak",
    "tadi aku minta backup jam 2, terus minta laporan jam 7",
    "kemarin gue suruh backup jam 2",
    "minggu lalu aku suruh backup jam 2",
    "minggu lalu saya nyuruh backup jam 2",
    "tadi saya suruh pantau wa toko_a tiap menit",
    "dulu ada laporan tiap Senin",
    "dulu laporannya tiap Senin jam 8",
    "dulu kita backup tiap malam",
    "laporannya biasanya jam 7 kan ya",
    "biasanya laporan jam 7 kan",
    "we used to get a report every Monday at 8",
    "there used to be a backup every night",
    "last week I told you to back up at 2",
    "yesterday I said report at 7",
    "I asked for a report at 7 yesterday",
    "katanya laporan tiap Senin",
    "kemarin saya bilang laporan jam 7, sekarang jam 9",
    "dulu laporan jam 7, sekarang jam 9 aja",
    "waktu itu saya minta backup tiap jam 3",
    "pernah minta laporan jam 8",
    "saya pernah minta laporan jam 8",
    "the report was at 7",
    "laporan sudah jam 7 kok",
    "tadi pagi backup gagal lagi",
    "sebelumnya backup tiap jam 3",
)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_wish_behind_a_report_holds(row: Row) -> None:
    """Only what is asked for now is planned."""
    assert_planned(row)


@pytest.mark.parametrize("prompt", ASKED)
def test_nothing_is_planned_without_a_word_about_it(prompt: str) -> None:
    """No job is planned, and a doubt says why."""
    assert_doubted(prompt)
