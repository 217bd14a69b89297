"""Changes of existing jobs: ordinary plans with the new schedule."""

from __future__ import annotations

import pytest

from tests.support.planner.planning import Row, line, plan

ROWS: tuple[Row, ...] = (
    ("change bot_a01 to every 5 minutes", "watch telegram/bot_a01 300s"),
    ("ubah interval backup jadi 6 jam", "backup 21600s"),
    ("change the report from telegram to slack", "report [0 7 * * *] notify=slack"),
    ("mundurkan laporan jadi jam 9", "report [0 9 * * *]"),
    ("ganti pantau bot_a01 jadi tiap 5 menit", "watch telegram/bot_a01 300s"),
    ("change the report to 8am", "report [0 8 * * *]"),
    ("ubah laporan dari jam 7 jadi jam 9 pagi", "report [0 9 * * *]"),
    ("pindahkan backup ke jam 4 pagi", "backup [0 4 * * *]"),
    ("move the backup from 2am to 4am", "backup [0 4 * * *]"),
    ("ubah jadwal backup jadi jam 4 pagi", "backup [0 4 * * *]"),
    ("ganti laporan jadi tiap senin jam 9", "report [0 9 * * 1]"),
    ("ganti interval pantau bot_a01 menjadi 2 menit", "watch telegram/bot_a01 120s"),
    ("change monitoring of bot_a01 to every 10 minutes", "watch telegram/bot_a01 600s"),
    ("switch the backup from daily to weekly", "backup [0 2 * * 1]"),
    ("laporan dipindah ke jam 6 sore", "report [0 18 * * *]"),
    ("backup geser ke jam 5", "backup [0 5 * * *]"),
    ("reschedule the backup to 5am on sundays", "backup [0 5 * * 0]"),
    ("update the report to every weekday at 8", "report [0 8 * * 1-5]"),
    ("ganti jam laporan dari jam 7 ke jam 8", "report [0 8 * * *]"),
    (
        "ubah pantau https://a.example.com dari tiap 5 menit jadi tiap menit",
        "page https://a.example.com 60s",
    ),
    (
        "change the telegram monitor bot_1 from every 30 seconds to every 5 minutes",
        "watch telegram/bot_1 300s",
    ),
    ("ganti pantau telegram akun bot_1 dari 30 detik jadi 1 menit", "watch telegram/bot_1 60s"),
    ("jadikan laporan jam 8", "report [0 8 * * *]"),
    ("berhenti pantau bot_a01, pantau bot_a02 saja tiap menit", "watch telegram/bot_a02 60s"),
    (
        "remove the telegram monitor and add a whatsapp monitor for account cs_9 every minute",
        "watch whatsapp/cs_9 60s",
    ),
    ('ingatkan tim tiap Senin jam 9 di slack "update board"', "send 'update board' slack [0 9 * * 1]"),
    ("ganti jam backup jadi jam 4 pagi", "backup [0 4 * * *]"),
    ("ubah pantau wa akun cs_1 jadi tiap 10 menit", "watch whatsapp/cs_1 600s"),
    ("change the backup to Sundays at 3am", "backup [0 3 * * 0]"),
    ("update the report: 9am instead of 7am", "report [0 9 * * *]"),
    ("change the report to 9am instead of 7am", "report [0 9 * * *]"),
)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_changes_become_the_jobs_that_are_meant(row: Row) -> None:
    """A change is an ordinary plan of its target with the new schedule."""
    prompt, *wanted = row
    draft = plan(prompt)
    assert [line(job) for job in draft.jobs] == wanted
