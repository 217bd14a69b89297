"""Alarms whose recipient comes first: "email ops@… when telegram bot_b is down"."""

from __future__ import annotations

import pytest

from app.planner.models import DOUBTS, NoteKind
from tests.support.planner.planning import Row, lines, plan

ROWS: tuple[Row, ...] = (
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
        "page https://a.example 60s notify=telegram:@rio degraded_ms=800 alarm_on=degraded",
    ),
    (
        "report at 6am, if it fails retry twice every 2 minutes",
        "report [0 6 * * *] retry_policy={'max_retry': 2, 'backoff_sec': [120]}",
    ),
    ("backup jam 3, kalau gagal coba sekali lagi", "backup [0 3 * * *] retry_policy={'max_retry': 1}"),
)


@pytest.mark.parametrize(("prompt", "expected"), [(row[0], row[1:]) for row in ROWS])
def test_led_alarm_monitors_what_follows_the_condition(prompt: str, expected: tuple[str, ...]) -> None:
    """The place before the condition is told, the target after it is monitored; without doubt."""
    assert lines(prompt) == list(expected)
    assert [note.kind for note in plan(prompt).notes if note.kind in DOUBTS] == []


@pytest.mark.parametrize(
    "prompt",
    [
        "wa bos kalau https://a.example mati",
        "wa Budi kalau https://a.example mati",
        "wa pak budi kalau telegram bot_b mati",
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
