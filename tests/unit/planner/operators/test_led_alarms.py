"""Alarms whose recipient comes first: "email ops@… when telegram bot_b is down"."""

from __future__ import annotations

import pytest

from app.planner.models import DOUBTS, NoteKind
from tests.support.planner.planning import Row, line, lines, plan

ROWS: tuple[Row, ...] = (
    (
        "latency https://a.example klo lebih dari 800ms kabarin slack #infra",
        "page https://a.example 60s notify=slack:#infra latency_ms=800 alarm_on=degraded",
    ),
    (
        "kalau https://a.example lemot di atas 3 detik, telegram @raka dikabari ya",
        "page https://a.example 60s notify=telegram:@raka latency_ms=3000 alarm_on=degraded",
    ),
    ("kabari dc #web klo https://a.example ilang", "page https://a.example 60s notify=discord:#web"),
    (
        "tell slack #ops if anything is up with https://a.example",
        "page https://a.example 60s notify=slack:#ops",
    ),
    (
        "telegram akun bot_b dipantau 15 detik sekali, kalo ada apa2 kabarin slack #ops",
        "watch telegram/bot_b 15s notify=slack:#ops",
    ),
    (
        "cek https://a.example tiap jam harus ada tulisan 'Buka', klo gak ada telegram @me",
        "page https://a.example 3600s notify=telegram:@me contains=Buka",
    ),
    (
        "check https://a.example every 2 min and ping my telegram @rio after it's failed 3 checks in a row",
        "page https://a.example 120s notify=telegram:@rio fail_after=3",
    ),
    (
        "ping slack #infra if https://a.example comes back with anything other than 403",
        "page https://a.example 60s notify=slack:#infra expect_status=403",
    ),
    (
        "if https://a.example fails twice in a row, whatsapp 0811. check it every 20 seconds",
        "page https://a.example 20s notify=whatsapp:0811 fail_after=2",
    ),
    (
        "check the certificate of https://a.example daily at 6 and warn slack #ops 30 days before it expires",
        "page https://a.example [0 6 * * *] notify=slack:#ops cert_days=30 alarm_on=degraded",
    ),
    (
        "warn slack #ops when the cert of https://a.example has less than 21 days left",
        "page https://a.example 60s notify=slack:#ops cert_days=21 alarm_on=degraded",
    ),
    (
        "pantau https://a.example tiap 40 detik, down 2 menit langsung wa 0811",
        "page https://a.example 40s notify=whatsapp:0811 after_sec=120",
    ),
    (
        "bot @info_a sama @info_b di tele, dua2nya dipantau tiap 25 detik",
        "watch telegram/info_a 25s",
        "watch telegram/info_b 25s",
    ),
    (
        "email ops@a.example when telegram bot_b is down for more than 10 minutes, check it each minute",
        "watch telegram/bot_b 60s notify=email:ops@a.example after_sec=600",
    ),
    ("wa 0811 kalau telegram akun bot_b mati", "watch telegram/bot_b 30s notify=whatsapp:0811"),
    ("tolong wa 0811 kalau slack toko_s mati", "watch slack/toko_s 30s notify=whatsapp:0811"),
    ("slack #ops if whatsapp toko_a goes down", "watch whatsapp/toko_a 30s notify=slack:#ops"),
    ("telegram @me when whatsapp toko_a goes offline", "watch whatsapp/toko_a 30s notify=telegram:@me"),
    ("telegram @me kalau https://a.example mati", "page https://a.example 60s notify=telegram:@me"),
    ("tell slack #ops if telegram bot_b is down", "watch telegram/bot_b 30s notify=slack:#ops"),
    (
        "kasih tau saya di telegram @me kalau wa toko_a mati 3 menit",
        "watch whatsapp/toko_a 30s notify=telegram:@me after_sec=180",
    ),
    ("kalau wa toko_a mati kabari telegram @me", "watch whatsapp/toko_a 30s notify=telegram:@me"),
    (
        "ping me on telegram @rio when https://a.example takes longer than 800ms",
        "page https://a.example 60s notify=telegram:@rio latency_ms=800 alarm_on=degraded",
    ),
    (
        "report at 6am, if it fails retry twice every 2 minutes",
        "report [0 6 * * *] retry_policy={'max_retry': 2, 'backoff_sec': [120]}",
    ),
    ("wa 0811 ya kalau https://a.example mati", "page https://a.example 60s notify=whatsapp:0811"),
    (
        "pantau wa toko_a, lapor tiap pagi ke wa 0811",
        "watch whatsapp/toko_a 30s",
        "report [0 7 * * *] notify=whatsapp:0811",
    ),
    ("text 0811 when https://a.example is down", "page https://a.example 60s notify=whatsapp:0811"),
    ("wa toko_a kalau mati kabari telegram @me", "watch whatsapp/toko_a 30s notify=telegram:@me"),
    (
        "wa 0811 jika telegram bot_b dan slack dev_c mati",
        "watch telegram/bot_b 30s notify=whatsapp:0811",
        "watch slack/dev_c 30s notify=whatsapp:0811",
    ),
    ("kabari wa 0811 kalau https://a.example balas 500", "page https://a.example 60s notify=whatsapp:0811"),
    (
        "check https://a.example every minute and tell slack #ops when it returns 404",
        "page https://a.example 60s notify=slack:#ops",
    ),
    (
        "cek https://a.example tiap menit, kalau bukan 200 kabari wa 0811",
        "page https://a.example 60s notify=whatsapp:0811 expect_status=200",
    ),
    (
        "cek https://a.example tiap menit, kalau tulisan 'ok' hilang kabari wa 0811",
        "page https://a.example 60s notify=whatsapp:0811 contains=ok",
    ),
    (
        "report at 8, on failure retry three times every minute",
        "report [0 8 * * *] retry_policy={'max_retry': 3, 'backoff_sec': [60]}",
    ),
    (
        "pantau wa toko_a tiap 5 menit terus laporin tiap hari jam 6 sore ke telegram @me",
        "watch whatsapp/toko_a 300s",
        "report [0 18 * * *] notify=telegram:@me",
    ),
    ("backup jam 3, kalau gagal coba sekali lagi", "backup [0 3 * * *] retry_policy={'max_retry': 1}"),
)


@pytest.mark.parametrize(("prompt", "expected"), [(row[0], row[1:]) for row in ROWS])
def test_led_alarm_monitors_what_follows_the_condition(prompt: str, expected: tuple[str, ...]) -> None:
    """The place before the condition gets the alarm, and the target after it is monitored, without doubt."""
    assert lines(prompt) == list(expected)
    assert [note.kind for note in plan(prompt).notes if note.kind in DOUBTS] == []


@pytest.mark.parametrize(
    "prompt",
    [
        "wa bos kalau https://a.example mati",
        "wa Budi kalau https://a.example mati",
        "wa pak budi kalau telegram bot_b mati",
        "kasih tau bos di telegram kalau wa toko_a mati",
    ],
)
def test_alarm_for_a_person_without_an_address_asks_for_it(prompt: str) -> None:
    """No monitor is planned that tells another place, and none of the person's channel."""
    draft = plan(prompt)
    assert draft.jobs == ()
    assert [note.kind for note in draft.notes if note.kind in DOUBTS] == [NoteKind.QUESTION]


@pytest.mark.parametrize(
    "prompt", ["setelah itu selesai kirim laporannya", "abis itu kirim laporan", "after that run a backup"]
)
def test_wish_after_a_job_that_is_not_named_is_a_question(prompt: str) -> None:
    """No job is before it, so that it can follow none."""
    draft = plan(prompt)
    assert draft.jobs == ()
    assert [note.kind for note in draft.notes] == [NoteKind.QUESTION]


def test_wish_with_a_time_of_its_own_follows_no_job() -> None:
    """The first words only go on with a conversation."""
    assert lines("abis itu laporan jam 8") == ["report [0 8 * * *]"]


@pytest.mark.parametrize(
    "prompt",
    [
        "check https://a.example every minute, actually never mind",
        "backup every day at 3, oh never mind",
        "laporan jam 7, eh gak jadi deh",
    ],
)
def test_withdrawn_wish_plans_nothing(prompt: str) -> None:
    """A word before the withdrawal changes nothing."""
    draft = plan(prompt)
    assert draft.jobs == ()
    assert any(note.kind in DOUBTS for note in draft.notes)


@pytest.mark.parametrize(
    "prompt",
    [
        "kabari wa 0811 kalau https://a.example balas 200",
        "check https://a.example every minute, alert slack #ops if it contains 'error'",
        "kabari wa 0811 kalau https://a.example ada tulisan 'maintenance'",
    ],
)
def test_alarm_for_what_a_page_has_is_refused(prompt: str) -> None:
    """An alarm is raised by what a page lacks: the opposite is never planned."""
    draft = plan(prompt)
    assert draft.jobs == ()
    assert [note.kind for note in draft.notes if note.kind in DOUBTS] == [NoteKind.REFUSAL]


def test_second_recipient_before_a_condition_is_left_out_with_a_note() -> None:
    """Neither recipient is monitored."""
    prompt = "wa 0811 dan telegram @me kalau slack dev_b mati"
    assert lines(prompt) == ["watch slack/dev_b 30s notify=whatsapp:0811"]
    assert any(note.kind is NoteKind.REFUSAL for note in plan(prompt).notes)


def test_second_recipient_of_a_clause_is_said_to_be_left_out() -> None:
    """A clause of monitors has one recipient: the rest is refused and not read in part."""
    draft = plan("pantau wa toko_a tiap menit kabari tele @a_ops, toko_b tiap 2 menit kabari tele @b_ops")
    assert [line(job) for job in draft.jobs] == ["watch whatsapp/toko_a 60s notify=telegram:@a_ops"]
    assert draft.doubts >= {NoteKind.REFUSAL, NoteKind.UNREAD}
