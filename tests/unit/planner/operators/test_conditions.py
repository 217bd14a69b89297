"""Conditions of alarms: how long, how often, how slow, how soon a certificate ends."""

from __future__ import annotations

import pytest

from app.planner.models import DOUBTS, NoteKind
from tests.support.planner.planning import Row, lines, plan

PAGE, SLOW, CERT = "page https://a.example", "alarm_on=degraded", "cert_days"
ROWS: tuple[Row, ...] = (
    (
        "cek https://a.example tiap menit, kalau gagal 4 kali baru kabari wa 0811",
        f"{PAGE} 60s notify=whatsapp:0811 fail_after=4",
    ),
    (
        "cek https://a.example tiap 1 menit, klo error 5x baru notif ke telegram @ops",
        f"{PAGE} 60s notify=telegram:@ops fail_after=5",
    ),
    (
        "pantau wa toko_a, kalau mati 3x berturut-turut kabari tele @budi, cek tiap 2 menit",
        "watch whatsapp/toko_a 120s notify=telegram:@budi fail_after=3",
    ),
    (
        "kalau https://a.example mati lebih dari 2 kali kabari wa 0811",
        f"{PAGE} 60s notify=whatsapp:0811 fail_after=3",
    ),
    (
        "monitor https://a.example every minute and alert telegram @ops after 3 failures in a row",
        f"{PAGE} 60s notify=telegram:@ops fail_after=3",
    ),
    (
        "monitor https://a.example every 2 minutes, alert me on telegram @me after 5 failed checks",
        f"{PAGE} 120s notify=telegram:@me fail_after=5",
    ),
    (
        "cek https://a.example tiap menit, kalau gagal coba lagi 3 kali baru kabari wa 0811",
        f"{PAGE} 60s notify=whatsapp:0811 fail_after=4",
    ),
    (
        "kalau https://a.example mati 10 menit kabari wa 0811",
        f"{PAGE} 60s notify=whatsapp:0811 after_sec=600",
    ),
    ("kalo https://a.example down 10mnt wa 0811 ya min", f"{PAGE} 60s notify=whatsapp:0811 after_sec=600"),
    (
        "pantau wa toko_a tiap 5 menit, kabari hanya kalau mati lebih dari 10 menit ke wa 0811",
        "watch whatsapp/toko_a 300s notify=whatsapp:0811 after_sec=600",
    ),
    (
        "kalau web https://a.example gak bisa dibuka lebih dari setengah jam tolong wa 0811",
        f"{PAGE} 60s notify=whatsapp:0811 after_sec=1800",
    ),
    (
        "if https://a.example is down for more than 5 minutes, alert slack #ops",
        f"{PAGE} 60s notify=slack:#ops after_sec=300",
    ),
    (
        "alert telegram @ops only after https://a.example is failing for 10 minutes, checking every minute",
        f"{PAGE} 60s notify=telegram:@ops after_sec=600",
    ),
    (
        "notify telegram @me if telegram account bot_a is offline for 15 min",
        "watch telegram/bot_a 30s notify=telegram:@me after_sec=900",
    ),
    (
        "tell telegram @me if https://a.example answers slower than 2 seconds",
        f"{PAGE} 60s notify=telegram:@me latency_ms=2000 {SLOW}",
    ),
    (
        "let me know on telegram @me when https://a.example takes longer than 3s",
        f"{PAGE} 60s notify=telegram:@me latency_ms=3000 {SLOW}",
    ),
    (
        "tell slack #ops if https://a.example doesn't answer within 5 seconds",
        f"{PAGE} 60s notify=slack:#ops latency_ms=5000 {SLOW}",
    ),
    (
        "cek https://a.example tiap 5 menit, kalo lemot lebih dari 3 detik kabarin tele @budi",
        f"{PAGE} 300s notify=telegram:@budi latency_ms=3000 {SLOW}",
    ),
    (
        "kalau https://a.example responnya lebih dari 1500 ms kabari wa 0811",
        f"{PAGE} 60s notify=whatsapp:0811 latency_ms=1500 {SLOW}",
    ),
    (
        "pantau https://a.example tiap menit, kabari wa 0811 kalau loadingnya lebih dari 4 detik",
        f"{PAGE} 60s notify=whatsapp:0811 latency_ms=4000 {SLOW}",
    ),
    (
        "kalau ssl https://a.example mau habis kabari wa 0811",
        f"{PAGE} 60s notify=whatsapp:0811 {CERT}=14 {SLOW}",
    ),
    (
        "7 hari sebelum ssl https://a.example habis kabari wa 0811",
        f"{PAGE} 60s notify=whatsapp:0811 {CERT}=7 {SLOW}",
    ),
    (
        "check cert of https://a.example daily, alert telegram @ops if less than 21 days left",
        f"{PAGE} 86400s notify=telegram:@ops {CERT}=21 {SLOW}",
    ),
    (
        "cek ssl https://a.example tiap hari, kabari wa 0811 kalau tinggal 10 hari",
        f"{PAGE} 86400s notify=whatsapp:0811 {CERT}=10 {SLOW}",
    ),
    (
        "warn slack #ops if the certificate of https://a.example expires in 10 days",
        f"{PAGE} 60s notify=slack:#ops {CERT}=10 {SLOW}",
    ),
    (
        "tell me on telegram @me if the ssl cert for https://a.example is about to expire",
        f"{PAGE} 60s notify=telegram:@me {CERT}=14 {SLOW}",
    ),
    (
        "pantau sertifikat https://a.example tiap hari jam 8, kabari wa 0811",
        f"{PAGE} [0 8 * * *] notify=whatsapp:0811 {CERT}=14 {SLOW}",
    ),
    (
        "sertifikat https://a.example kalo sisa 21 hari lagi kabari wa 0811",
        f"{PAGE} 60s notify=whatsapp:0811 {CERT}=21 {SLOW}",
    ),
    (
        "kabari discord #infra kalau https://a.example lemot, di atas 3 detik gitu",
        f"{PAGE} 60s notify=discord:#infra latency_ms=3000 {SLOW}",
    ),
)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_condition_becomes_the_inputs_that_are_meant(row: Row) -> None:
    """A length, a count or a threshold in a condition is an input of the monitor, without doubt."""
    prompt, *wanted = row
    draft = plan(prompt)
    assert lines(prompt) == wanted
    assert draft.doubts == frozenset()


def test_slow_without_a_figure_is_assumed() -> None:
    """Two seconds are used, and said."""
    draft = plan("kasih tau wa 0811 kalo https://a.example lemot")
    assert draft.jobs[0].inputs["latency_ms"] == 2_000
    assert any("2" in text for text in draft.assumptions)


@pytest.mark.parametrize(
    "prompt",
    [
        "kalau hujan kirim wa ke 0811: angkat jemuran",
        "kalau stok habis kirim wa ke 0811: stok habis",
        "if it rains send a telegram to @me 'close the window'",
        "when a customer messages whatsapp toko_a tell telegram @me",
        "kalau ada yang chat wa toko_a balas 'tutup'",
        "kalau wa toko_a lambat lebih dari 3 detik kabari tele @budi",
        "pantau wa toko_a tiap menit, kabari tele @budi kalau lambat lebih dari 3 detik",
        "backup jam 2, kalau lambat lebih dari 3 detik kabari wa 0811",
    ],
)
def test_condition_that_no_monitor_sees_plans_nothing(prompt: str) -> None:
    """Rain, stock, chats that come in, the speed of an account: no job, and a doubt."""
    draft = plan(prompt)
    assert draft.jobs == ()
    assert draft.doubts & DOUBTS


@pytest.mark.parametrize(
    ("prompt", "words"),
    [
        (
            "cek https://a.example tiap 30 detik kalau gagal 3 kali dalam 5 menit kabari wa 0811",
            "dalam 5 menit",
        ),
        ("pantau telegram akun bot_a tiap menit kalau mati kabari wa 0811 tiap 5 menit", "tiap 5 menit"),
    ],
)
def test_part_of_a_condition_that_is_not_counted_is_noted(prompt: str, words: str) -> None:
    """A window for failures, and a repeated alarm, are said to be left out; the interval stays."""
    draft = plan(prompt)
    assert len(draft.jobs) == 1
    assert any(note.kind is NoteKind.UNREAD and words in note.text for note in draft.notes)
