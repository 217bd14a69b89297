"""Schedules in words, and their preview."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.core.clock import from_ms, to_ms
from app.core.errors import InvalidSpec
from app.core.i18n import render
from app.core.models import Schedule
from app.core.scheduling.cron import ScheduleError
from app.core.scheduling.cron_words import cron_words
from app.core.scheduling.describe import interval_words, schedule_words
from app.core.scheduling.preview import preview

ZONE = "Asia/Jakarta"
NOW = to_ms(datetime(2026, 1, 31, tzinfo=UTC))
CRONS = [
    ("* * * * *", "setiap menit", "every minute"),
    ("*/5 * * * *", "setiap 5 menit", "every 5 minutes"),
    ("0,15,30,45 * * * *", "setiap 15 menit", "every 15 minutes"),
    (
        "*/7 * * * *",
        "setiap 7 menit (dihitung ulang tiap jam)",
        "every 7 minutes (restarts each hour)",
    ),
    ("0 * * * *", "setiap jam", "every hour"),
    ("15 * * * *", "setiap jam pada menit 15", "every hour at minute 15"),
    ("0 */6 * * *", "setiap 6 jam", "every 6 hours"),
    ("0 */5 * * *", "setiap 5 jam (dihitung ulang tiap hari)", "every 5 hours (restarts each day)"),
    ("0 7 * * *", "setiap hari pukul 07:00", "every day at 07:00"),
    ("@daily", "setiap hari pukul 00:00", "every day at 00:00"),
    ("0 7,12,19 * * *", "setiap hari pukul 07:00, 12:00 dan 19:00", "every day at 07:00, 12:00 and 19:00"),
    ("30 6 * * 1-5", "Senin sampai Jumat pukul 06:30", "Monday to Friday at 06:30"),
    ("0 8 * * 0", "setiap hari Minggu pukul 08:00", "every Sunday at 08:00"),
    ("0 8 * * 7", "setiap hari Minggu pukul 08:00", "every Sunday at 08:00"),
    ("0 8 * * sat,sun", "setiap hari Sabtu dan Minggu pukul 08:00", "every Saturday and Sunday at 08:00"),
    ("0 7 * * 0-7", "setiap hari pukul 07:00", "every day at 07:00"),
    ("0 7 1 * *", "setiap tanggal 1 pukul 07:00", "on the 1st of every month at 07:00"),
    ("0 7 L * *", "setiap akhir bulan pukul 07:00", "on the last day of every month at 07:00"),
    (
        "0 7 12,22,23 * *",
        "setiap tanggal 12, 22 dan 23 pukul 07:00",
        "on the 12th, 22nd and 23rd of every month at 07:00",
    ),
    ("0 0 1 1 *", "setiap tanggal 1 Januari pukul 00:00", "on the 1st of January at 00:00"),
    ("0 7 * 6 *", "setiap hari bulan Juni pukul 07:00", "every day in June at 07:00"),
    (
        "0 7 */2 * *",
        "setiap 2 hari mulai tanggal 1 pukul 07:00",
        "every 2 days from the 1st of the month at 07:00",
    ),
    (
        "0 0 13 * 5",
        "setiap tanggal 13 atau setiap hari Jumat pukul 00:00",
        "on the 13th of the month or every Friday at 00:00",
    ),
    # A date or any weekday: every day, as cron(8) reads it.
    ("0 0 1 * 0-6", "setiap hari pukul 00:00", "every day at 00:00"),
    (
        "*/5 9-17 * * 1-5",
        "setiap 5 menit dari 09:00 sampai 17:55, Senin sampai Jumat",
        "every 5 minutes from 09:00 to 17:55, Monday to Friday",
    ),
    ("*/30 9,12 * * *", "setiap 30 menit pada jam 09 dan 12", "every 30 minutes in hour 09 and 12"),
    ("0 9-17 * * *", "setiap jam dari 09:00 sampai 17:00", "every hour from 09:00 to 17:00"),
    ("5,10,40 * * * *", "pada menit 5, 10 dan 40 setiap jam", "at minute 5, 10 and 40 of every hour"),
    (
        "1-59/2 * * * *",
        'menurut cron "1-59/2 * * * *": menit 1-59/2, setiap jam, setiap tanggal, setiap bulan, setiap hari',
        (
            'by cron "1-59/2 * * * *": minute 1-59/2, every hour, every day of the month, every month, '
            "every day of the week"
        ),
    ),
    (
        "0 7 */2 * 1",
        'menurut cron "0 7 */2 * 1": menit 0, jam 7, tanggal */2, setiap bulan, hari 1',
        'by cron "0 7 */2 * 1": minute 0, hour 7, day of the month */2, every month, day of the week 1',
    ),
]


@pytest.mark.parametrize(("cron", "indonesian", "english"), CRONS)
def test_cron_is_described_by_its_meaning(cron: str, indonesian: str, english: str) -> None:
    """For every spelling; if words would be many, field by field."""
    words = cron_words(cron)
    assert (render(words, "id"), words) == (indonesian, english)


def test_cron_that_is_none_has_no_words() -> None:
    """It is refused as at creation."""
    with pytest.raises(ScheduleError):
        cron_words("0 0 31 2 *")


@pytest.mark.parametrize(
    ("seconds", "indonesian", "english"),
    [
        (1, "setiap detik", "every second"),
        (30, "setiap 30 detik", "every 30 seconds"),
        (60, "setiap menit", "every minute"),
        (90, "setiap 90 detik", "every 90 seconds"),
        (5_400, "setiap 90 menit", "every 90 minutes"),
        (7_200, "setiap 2 jam", "every 2 hours"),
        (172_800, "setiap 2 hari", "every 2 days"),
    ],
)
def test_interval_is_shown_in_its_largest_unit(seconds: int, indonesian: str, english: str) -> None:
    """The largest that leaves no rest."""
    assert (render(interval_words(seconds), "id"), interval_words(seconds)) == (indonesian, english)


def test_bounds_zone_and_spread_are_described() -> None:
    """In the schedule's own zone; an end is excluded, as it is when it fires."""
    start, end = datetime(2026, 2, 1, 7, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC)
    schedule = Schedule(cron="0 7 * * *", timezone="Europe/Berlin", start_at=start, end_at=end)
    words = schedule_words(schedule, ZONE, jitter_sec=30)
    assert words == (
        "every day at 07:00 (Europe/Berlin), from 2026-02-01 at 08:00, until before 2026-03-01 at 01:00, "
        "spread over up to 30 seconds"
    )
    assert render(words, "id") == (
        "setiap hari pukul 07:00 (Europe/Berlin), mulai 2026-02-01 pukul 08:00, "
        "sampai sebelum 2026-03-01 pukul 01:00, disebar sampai 30 detik"
    )


def test_once_is_shown_in_the_zone_of_the_deployment() -> None:
    """Whatever offset it was written with."""
    words = schedule_words(Schedule(at=datetime(2026, 2, 1, 0, 0, 5, tzinfo=UTC)), ZONE)
    assert words == "once, on 2026-02-01 at 07:00:05 (Asia/Jakarta)"
    assert render(words, "id") == "sekali, 2026-02-01 pukul 07:00:05 (Asia/Jakarta)"


@pytest.mark.parametrize(
    ("zone", "cron", "kinds", "words"),
    [
        ("America/New_York", "30 2 * * *", ["gap"], "fires once, at 03:00"),
        ("America/New_York", "30 1 * * *", ["overlap"], "at their first coming only"),
        ("Europe/Berlin", "*/15 * * * *", ["gap", "overlap"], "passed over"),
        ("Australia/Lord_Howe", "15 2 * * *", ["gap"], "from 02:00 to 02:30"),
        ("America/New_York", "0 7 * * *", [], ""),
        (ZONE, "30 2 * * *", [], ""),
    ],
)
def test_changes_of_the_clocks_are_noted(zone: str, cron: str, kinds: list[str], words: str) -> None:
    """Those of a year that fires fall into, whatever is shown; and none that do not concern it."""
    found = preview(Schedule(cron=cron, timezone=zone), ZONE, NOW, 1)
    assert [note.kind for note in found.notes] == kinds
    assert words in (found.notes[0].words if kinds else "")
    assert all(render(note.words, "id") != note.words for note in found.notes)


def test_note_tells_what_the_schedule_does() -> None:
    """On the night itself: one fire at the first instant after the gap."""
    schedule = Schedule(cron="30 2 * * *", timezone="America/New_York")
    (note,) = preview(schedule, ZONE, NOW, 1).notes
    fires = preview(schedule, ZONE, note.at_ms - 1, 2).fires
    assert fires[0] == note.at_ms
    assert from_ms(fires[1]) == datetime(2026, 3, 9, 6, 30, tzinfo=UTC)


def test_changes_after_the_end_are_not_noted() -> None:
    """A schedule that ends in winter does not meet the summer."""
    end = datetime(2026, 3, 1, tzinfo=UTC)
    found = preview(Schedule(cron="30 2 * * *", timezone="America/New_York", end_at=end), ZONE, NOW, 50)
    assert (found.notes, found.ends) == ([], True)
    assert len(found.fires) == 29


def test_preview_of_rare_fires_is_bounded_in_time() -> None:
    """29 February is not searched for through centuries."""
    found = preview(Schedule(cron="0 0 29 2 *"), ZONE, NOW, 50)
    assert 5 <= len(found.fires) <= 6
    assert not found.ends


@pytest.mark.parametrize(
    "schedule",
    [
        Schedule(at=datetime(2020, 1, 1, tzinfo=UTC)),
        Schedule(interval_sec=30, end_at=datetime(2020, 1, 1, tzinfo=UTC)),
        Schedule(interval_sec=30, start_at=datetime(9999, 12, 31, 23, 59, 50, tzinfo=UTC)),
        Schedule(cron="61 * * * *"),
        Schedule(cron="0 0 * * *", timezone="Asia/Jakarte"),
    ],
)
def test_schedule_that_never_fires_is_refused(schedule: Schedule) -> None:
    """As at creation, with a pointer into the schedule."""
    with pytest.raises(InvalidSpec) as refused:
        preview(schedule, ZONE, NOW, 3)
    assert refused.value.problems[0].pointer.startswith("/schedule/")


def test_ends_of_the_calendar_are_shown_as_written() -> None:
    """A bound that has no date in the zone is no reason to fail."""
    start = datetime(1, 1, 1, tzinfo=UTC)
    found = preview(Schedule(interval_sec=30, start_at=start), "America/New_York", NOW, 1)
    assert "0001-01-01" in found.words or "1-01-01" in found.words
