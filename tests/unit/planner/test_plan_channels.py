"""Channels that are named in sentences: email, ntfy, webhook, Slack and Discord."""

from __future__ import annotations

import pytest

from tests.support.planner.planning import Row, line, plan

ROWS: tuple[Row, ...] = (
    ("ingatkan saya lewat ntfy besok jam 8: rapat", "send 'rapat' ntfy @2026-11-25T08:00"),
    ('kirim "halo" ke ntfy toko-alarm besok jam 8', "send 'halo' ntfy:toko-alarm @2026-11-25T08:00"),
    ('send "hi" to ntfy topic toko-alarm at 9', "send 'hi' ntfy:toko-alarm @2026-11-25T09:00"),
    (
        "kabari ntfy topik gudang kalau telegram akun bot_a mati",
        "watch telegram/bot_a 30s notify=ntfy:gudang",
    ),
    ('send "hi" via ntfy tomorrow at 9', "send 'hi' ntfy @2026-11-25T09:00"),
    (
        "remind me on ntfy every monday at 9 to water the plants",
        "send 'water the plants' ntfy [0 9 * * 1]",
    ),
    (
        "pantau https://example.org tiap menit, kabari lewat ntfy kalau mati",
        "page https://example.org 60s notify=ntfy",
    ),
    (
        "check https://example.org every minute, alert me via webhook if it is down",
        "page https://example.org 60s notify=webhook",
    ),
    (
        "cek https://example.org tiap menit, kalau mati kirim ke webhook erp",
        "page https://example.org 60s notify=webhook:erp",
    ),
    ("pantau ntfy akun ponsel tiap menit", "watch ntfy/ponsel 60s"),
    ("monitor webhook account erp every 5 minutes", "watch webhook/erp 300s"),
    ("pantau email akun toko tiap 10 menit", "watch email/toko 600s"),
    ("laporan harian jam 7 ke ntfy", "report [0 7 * * *] notify=ntfy"),
    ("daily report at 7 to webhook erp", "report [0 7 * * *] notify=webhook:erp"),
    ("laporan harian jam 7 ke discord", "report [0 7 * * *] notify=discord"),
    # Without a preposition it is the verb that it sounds like.
    ("ntfy me if https://example.org is down, check every minute", "page https://example.org 60s"),
    (
        "ntfy slack channel ops if telegram bot_a fails, check every minute",
        "watch telegram/bot_a 60s notify=slack:ops",
    ),
)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_channels_become_the_places_that_are_meant(row: Row) -> None:
    """Each prompt becomes exactly the job that is meant, with no warning."""
    prompt, *wanted = row
    draft = plan(prompt)
    assert [line(job) for job in draft.jobs] == wanted
    assert draft.warnings == ()


def test_address_of_a_webhook_is_a_page() -> None:
    """What is called and watched there is a URL, not an account."""
    draft = plan("pantau webhook https://example.org/hook tiap 5 menit")
    assert [line(job) for job in draft.jobs] == ["page https://example.org/hook 300s"]
