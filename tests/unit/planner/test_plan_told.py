"""Reports of what was asked for: nothing of them is planned, and a wish behind them is."""

from __future__ import annotations

import pytest

from tests.support.planner.planning import lines, plan

TOLD = (
    "kmrn aku udah minta laporan jam 7",
    "tadi saya sudah minta backup tiap hari jam 11 malam",
    "saya sudah minta laporan jam 7",
    "kemarin saya bilang pantau telegram tiap 30 detik dan buat laporan",
    "minggu lalu aku suruh laporan jam 6, backup jam 23, pantau akun bot_x9",
    "last week I asked Budi to check https://a.example every minute, back up at 2am, and report at 7",
    "dulu saya minta cekin wa akun toko_bdg, toko_sby, sama toko_mdn tiap 2 menit dong",
    "kemarin saya cekin wa akun toko_bdg, toko_sby, sama toko_mdn tiap 2 menit",
)
WISHES = (
    ("saya minta laporan jam 7 dan backup jam 2", "report [0 7 * * *]", "backup [0 2 * * *]"),
    (
        "kemarin saya minta laporan, besok jam 9 kirim wa ke 0811: halo",
        "send 'halo' whatsapp:0811 @2026-11-25T09:00",
    ),
    ("kemarin saya minta laporan tapi ga masuk, tolong laporan jam 8", "report [0 8 * * *]"),
    ("kemarin saya minta laporan jam 7. backup jam 2", "backup [0 2 * * *]"),
    ("kemarin backup gagal, backup tiap hari jam 2", "backup [0 2 * * *]"),
    ("saya sudah backup tadi malam, laporan jam 8", "report [0 8 * * *]"),
    ("aku mau minta tolong laporan jam 7", "report [0 7 * * *]"),
)


@pytest.mark.parametrize("prompt", TOLD)
def test_what_was_asked_for_is_not_planned(prompt: str) -> None:
    """A list of what was asked for belongs to the report, and a refusal answers it."""
    draft = plan(prompt)
    assert draft.jobs == ()
    assert draft.doubts


@pytest.mark.parametrize("row", WISHES, ids=lambda row: row[0])
def test_wish_beside_a_report_is_planned(row: tuple[str, ...]) -> None:
    """A request, another sentence or a later day begins a wish."""
    prompt, *wanted = row
    assert lines(prompt) == wanted
