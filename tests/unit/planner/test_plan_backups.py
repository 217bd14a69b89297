"""Backups, and how many of them are kept."""

from __future__ import annotations

import pytest

from tests.support.planner.planning import Row, line, plan

ROWS: tuple[Row, ...] = (
    ("backup tiap 12 jam simpan 5", "backup 43200s keep=5"),
    ("export every 6 hours, keep last 10 backups", "backup 21600s keep=10"),
    ("backup harian simpan 14 file terakhir", "backup [0 2 * * *] keep=14"),
    ("backup hourly, keep 24", "backup 3600s keep=24"),
    ("backup at 3am, keep only the last five", "backup [0 3 * * *] keep=5"),
    ("backup tiap hari, simpan tujuh terakhir", "backup [0 2 * * *] keep=7"),
    ("backup tiap hari simpan maksimal 10", "backup [0 2 * * *] keep=10"),
    ("backup weekly, keep 4 copies", "backup [0 2 * * 1] keep=4"),
    ("backup jam 1, sisakan 3 terakhir saja", "backup [0 1 * * *] keep=3"),
    ("backup jam 1 retain 30", "backup [0 1 * * *] keep=30"),
    ("keep 5 backups, run daily at 4", "backup [0 4 * * *] keep=5"),
    ("simpan 5 backup terakhir tiap jam 3 pagi", "backup [0 3 * * *] keep=5"),
    ("backup data every day jam 1 malam, keep 7 terakhir", "backup [0 1 * * *] keep=7"),
    ("Backup dong. Tiap malam jam 1. Simpan 3 aja.", "backup [0 1 * * *] keep=3"),
    ("backup (simpan 5) tiap jam 3 pagi", "backup [0 3 * * *] keep=5"),
    ("simpan hanya 3 backup terakhir, jalankan tiap minggu", "backup [0 2 * * 1] keep=3"),
    ("backup every sunday, retention 8", "backup [0 2 * * 0] keep=8"),
    ("export data daily; hold on to the last 30", "backup [0 2 * * *] keep=30"),
    ("cadangkan tiap hari, sisakan sepuluh salinan", "backup [0 2 * * *] keep=10"),
    ("backup mingguan simpan 4 versi", "backup [0 2 * * 1] keep=4"),
    ("backup tanggal 1 simpan 12", "backup [0 2 1 * *] keep=12"),
    ("jangan simpan lebih dari 5 backup, backup tiap hari jam 2", "backup [0 2 * * *] keep=5"),
    ("backup tiap 6 jam, paling banyak 8 file", "backup 21600s keep=8"),
    ("backup harian jam 3 pagi, simpan 10 ekspor terakhir", "backup [0 3 * * *] keep=10"),
    ("export weekly on Sunday at 2am and keep the last 8", "backup [0 2 * * 0] keep=8"),
    ("don't back up every day, just every Sunday at 3am", "backup [0 3 * * 0]"),
    ("jangan backup tiap hari, cukup tiap Minggu jam 3", "backup [0 3 * * 0]"),
    ("make sure not to forget the backup at 2am", "backup [0 2 * * *]"),
    ("let's have a backup every 36 hours, keeping 6", "backup 129600s keep=6"),
    ("archive everything monthly", "backup [0 2 1 * *]"),
    ("keep a copy of the data every night at 1", "backup [0 1 * * *]"),
    ("why not back up every night at 1?", "backup [0 1 * * *]"),
    ("may I have a backup every day at 3?", "backup [0 3 * * *]"),
)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_backups_become_the_jobs_that_are_meant(row: Row) -> None:
    """Each prompt about backups becomes exactly the jobs that are meant, with no warning."""
    prompt, *wanted = row
    draft = plan(prompt)
    assert [line(job) for job in draft.jobs] == wanted
    assert draft.warnings == ()
