"""Reports and backups at an interval."""

from __future__ import annotations

import pytest

from tests.support.planner.planning import Row, line, plan

ROWS: tuple[Row, ...] = (
    ("laporan dua minggu sekali", "report 1209600s"),
    ("ekspor data setiap 3 hari", "backup 259200s"),
    ("tiap satu setengah jam ekspor data", "backup 5400s"),
    ("tiap 1,5 jam ekspor data", "backup 5400s"),
    ("every 2.5 hours back up", "backup 9000s"),
    ("tiap 90 menit laporan", "report 5400s"),
    ("we need hourly backups", "backup 3600s"),
    ("hourly report", "report 3600s"),
    ("tiap dua belas jam backup", "backup 43200s"),
    ("tiap enam puluh menit laporan", "report 3600s"),
    ("tiap 3600 detik backup", "backup 3600s"),
    ("tiap 24 jam backup", "backup 86400s"),
    ("tiap 7 hari backup", "backup 604800s"),
    ("every fortnight back up", "backup 1209600s"),
    ("tiap 2 minggu backup", "backup 1209600s"),
    ("every other week report", "report 1209600s"),
    ("laporan selang sehari", "report 172800s"),
    ("backup sekarang", "backup now"),
    ("backup now please", "backup now"),
    ("kirim laporan sekarang juga", "report now"),
    ("make a backup copy every 8 hours", "backup 28800s"),
    ("laporan tiap 3 hari sekali", "report 259200s"),
    ("backup every 10 days", "backup 864000s"),
    ("laporan per jam", "report 3600s"),
    ("report every hour on the hour", "report 3600s"),
    ("report every 30 min", "report 1800s"),
    ("rekap tiap 8 jam", "report 28800s"),
    ("export the data every two and a half hours", "backup 9000s"),
    ("back up every two days", "backup 172800s"),
    ("laporan tiga hari sekali", "report 259200s"),
    ("back up every hour and a half", "backup 5400s"),
    ("report every single hour", "report 3600s"),
    ("each and every hour back up", "backup 3600s"),
    ("report every third day", "report 259200s"),
    ("report every 3rd day", "report 259200s"),
    ("report half-hourly", "report 1800s"),
    ("report on alternate days", "report 172800s"),
    ("report every second hour", "report 7200s"),
    ("report every second", "report 1s"),
)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_intervals_become_the_jobs_that_are_meant(row: Row) -> None:
    """Each prompt about intervals becomes exactly the jobs that are meant, with no warning."""
    prompt, *wanted = row
    draft = plan(prompt)
    assert [line(job) for job in draft.jobs] == wanted
    assert draft.warnings == ()
