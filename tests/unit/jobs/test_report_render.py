"""Reports in both languages, with escaped markup."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from html.parser import HTMLParser

import orjson
import pytest

from app.core.clock import DAY_MS, to_ms
from app.core.i18n import Language
from app.core.statistics.periods import ErrorGroup, Period, RunFigures
from app.jobs.report.document import compose
from app.jobs.report.figures import as_json, period_before, period_until
from app.jobs.report.messages import ReportLocale
from app.jobs.report.models import ReportPeriod
from app.jobs.report.render import MAX_MESSAGE_CHARS, html, markdown, message
from tests.support.jobs.report_samples import END_MS, empty_report, full_report

ZONE = "Asia/Jakarta"
LANGUAGES: tuple[Language, ...] = ("id", "en")


def test_period_is_the_day_until_the_slot() -> None:
    """On a quarter hour it is exactly 24 h; else it begins a little earlier, so that no run falls out."""
    assert period_until(END_MS, "day", ZONE) == Period(END_MS - DAY_MS, END_MS)
    late = period_until(END_MS + 7 * 60_000, "day", ZONE)
    assert late == Period(END_MS - DAY_MS, END_MS + 7 * 60_000)
    assert period_before(late, "day", ZONE) == Period(END_MS - 2 * DAY_MS, END_MS - DAY_MS)


@pytest.mark.parametrize(
    ("length", "zone", "end", "start"),
    [
        ("month", "Asia/Jakarta", "2026-09-01T07:00:00+07:00", "2026-08-01T07:00:00+07:00"),
        ("month", "Asia/Jakarta", "2026-03-01T07:00:00+07:00", "2026-02-01T07:00:00+07:00"),
        ("month", "Asia/Jakarta", "2026-03-31T07:00:00+07:00", "2026-02-28T07:00:00+07:00"),
        ("month", "Asia/Jakarta", "2026-01-01T07:00:00+07:00", "2025-12-01T07:00:00+07:00"),
        ("day", "Europe/Berlin", "2026-03-29T07:00:00+02:00", "2026-03-28T07:00:00+01:00"),
        ("day", "Europe/Berlin", "2026-10-25T07:00:00+01:00", "2026-10-24T07:00:00+02:00"),
        ("week", "America/New_York", "2026-03-09T00:00:00-04:00", "2026-03-02T00:00:00-05:00"),
    ],
)
def test_a_period_has_the_days_and_months_of_its_zone(
    length: ReportPeriod, zone: str, end: str, start: str
) -> None:
    """A month is that of the calendar, and a day in which the clocks change has 23 or 25 hours."""
    end_ms, start_ms = (to_ms(datetime.fromisoformat(text)) for text in (end, start))
    period = period_until(end_ms, length, zone)
    assert period == Period(start_ms, end_ms)
    assert period_before(period, length, zone).to_ms == start_ms


def test_empty_platform_is_reported_as_such() -> None:
    """Without runs the report says so, and claims nothing else."""
    said = message(compose(empty_report("id")))
    assert "Tidak ada run yang selesai dalam periode ini. Pada periode sebelumnya juga tidak ada." in said
    assert "Tidak ada pemantau yang tercatat dalam periode ini." in said
    assert "%" not in said.replace("–", "")
    english = markdown(compose(empty_report("en")))
    assert "No run ended in this period. None in the period before it either." in english
    assert "No monitor is on record for this period." in english
    assert "No run failed." in english


@pytest.mark.parametrize(
    ("now", "before", "indonesian", "english"),
    [
        (
            RunFigures(),
            RunFigures(),
            "Tidak ada run yang selesai dalam periode ini. Pada periode sebelumnya juga tidak ada.",
            "No run ended in this period. None in the period before it either.",
        ),
        (
            RunFigures(success=12),
            RunFigures(),
            "12 run selesai, semuanya berhasil. Pada periode sebelumnya tidak ada run yang selesai.",
            "12 runs ended, all of them successfully. No run ended in the period before it.",
        ),
        (
            RunFigures(),
            RunFigures(success=12),
            "Tidak ada run yang selesai dalam periode ini. Pada periode sebelumnya: 12 run.",
            "No run ended in this period. In the period before it: 12 runs.",
        ),
        (
            RunFigures(success=1),
            RunFigures(failed=1),
            "1 run selesai dan berhasil. Pada periode sebelumnya: 1 run.",
            "1 run ended, and it succeeded. In the period before it: 1 run.",
        ),
        (
            RunFigures(failed=1),
            None,
            "1 run selesai dan gagal.",
            "1 run ended, and it failed.",
        ),
        (
            RunFigures(cancelled=1),
            None,
            "1 run dibatalkan.",
            "1 run was cancelled.",
        ),
    ],
)
def test_runs_of_a_period_and_of_the_one_before(
    now: RunFigures, before: RunFigures | None, indonesian: str, english: str
) -> None:
    """With none or one in either, the sentence is true and says of which period it speaks."""
    pairs: tuple[tuple[Language, str], ...] = (("id", indonesian), ("en", english))
    for language, expected in pairs:
        report = full_report(language)
        assert report.before is not None
        stats = replace(report.stats, total=now)
        earlier = None if before is None else replace(report.before, total=before)
        assert compose(replace(report, stats=stats, before=earlier)).summary[0] == expected


def test_report_names_its_period_in_its_zone() -> None:
    """From and to stand in the head, in the report's own zone."""
    said = compose(full_report("id"))
    assert said.span.startswith("27 Jul 2026 07:00 – 28 Jul 2026 07:00 (Asia/Jakarta)")
    abroad = compose(replace(full_report("en"), timezone="America/New_York"))
    assert abroad.span.startswith("26 Jul 2026 20:00 – 27 Jul 2026 20:00 (America/New_York)")


def test_report_in_indonesian_tells_runs_monitors_and_errors() -> None:
    """Counts, the day before, downtime, and the command that sets an account up."""
    said = message(compose(full_report("id")))
    assert (
        "2.882 run selesai: 2.878 berhasil, 3 gagal, 1 dibatalkan. Pada periode sebelumnya: 1.100 run."
        in said
    )
    assert "1 dari 1 pemantau sempat mati, total 3 mnt 20 dtk." in said
    assert "Pemantau yang belum disetel (1): wa." in said
    assert "multi-job connect whatsapp ops_01" in said
    assert "Tersedia 99,76 %" in said
    assert "Sebelumnya 1 mnt 1 dtk" in said


def test_report_in_english_tells_the_same() -> None:
    """The other language has the same figures in its own form."""
    said = message(compose(full_report("en")))
    assert (
        "2,882 runs ended: 2,878 succeeded, 3 failed, 1 cancelled. In the period before it: 1,100 runs."
        in said
    )
    assert "1 of 1 monitors had downtime, 3 min 20 s in all." in said
    assert "Duration p95: These 24 h ≈ 2.5 s, Before –" in said
    assert "1 more not shown" in said
    assert "gone: Type (deleted)" in said


def test_well_day_says_so() -> None:
    """All runs successful, all monitors without an outage."""
    report = full_report("id")
    total = replace(report.stats.total, failed=0, cancelled=0)
    up = replace(report.stats.monitors[0], down_ms=0, outages=())
    said = compose(replace(report, stats=replace(report.stats, total=total, monitors=(up,)))).summary
    assert said[0].startswith("2.878 run selesai, semuanya berhasil.")
    assert said[1] == "Monitornya tanpa gangguan."


@pytest.mark.parametrize("language", LANGUAGES)
def test_markdown_escapes_what_it_quotes(language: Language) -> None:
    """An error's text opens no link, heading, table cell or tag, and stays on its line."""
    text = markdown(compose(full_report(language)))
    row = next(line for line in text.splitlines() if "javascript" in line)
    assert row.startswith("| exception: \\<b\\>\\|\\`\\*\\[x\\](javascript:alert(1)) \\# head | 3 | sync |")
    tables = [line for line in text.splitlines() if line.startswith("|")]
    assert all(line.endswith("|") for line in tables)


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("language", LANGUAGES)
def test_html_is_one_page_with_its_tags_closed(language: Language) -> None:
    """It has no tag from an error's text, and refers to nothing outside."""
    page = html(compose(full_report(language)))
    tags = _Tags()
    tags.feed(page)
    assert tags.open == []
    assert tags.seen.isdisjoint({"b", "a", "script", "img", "link"})
    assert "<b>|`*[x](javascript:alert(1))" in tags.text
    assert f'<html lang="{language}">' in page
    assert "http" not in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_json_has_the_figures(language: Language) -> None:
    """Programs get every figure, instants with the zone's offset, and null for unknown values."""
    rendered = orjson.loads(orjson.dumps(as_json(full_report(language))))
    assert rendered["period"] == {"from": "2026-07-27T07:00:00+07:00", "to": "2026-07-28T07:00:00+07:00"}
    assert rendered["total"]["failed"] == 3
    assert rendered["total_before"]["p95_ms"] is None
    assert rendered["monitors"][0]["down_ms_before"] == 61_000
    assert rendered["monitors"][0]["outages"][0]["reason"] == "unreachable"
    assert rendered["monitors"][1]["availability"] is None
    assert rendered["monitors"][1]["command"] == "multi-job connect whatsapp ops_01"
    error = rendered["errors"][0]
    assert error["count"] == 3
    assert list(error) == ["fingerprint", "code", "message", "count", "job_ids", "last_run_id", "last_at"]
    assert rendered["jobs"][1]["type"] is None


def test_message_fits_a_chat() -> None:
    """However much happened, the message has at most 3,500 characters; the files have the rest."""
    report = full_report("id")
    errors = tuple(
        ErrorGroup(str(n), "exception", "x" * 2000, 1, ("job-" + "y" * 60,) * 5, "r", END_MS)
        for n in range(20)
    )
    said = message(compose(replace(report, stats=replace(report.stats, errors=errors))))
    assert len(said) <= MAX_MESSAGE_CHARS
    assert said.startswith("Laporan harian\n27 Jul 2026")
    assert "… +12" in said or said.endswith("…")


def test_incomplete_errors_are_reported() -> None:
    """If more runs failed than are read, the report says how many its errors are based on."""
    report = full_report("id")
    partly = replace(report, stats=replace(report.stats, errors_complete=False))
    assert "Dihitung dari 1.000 run gagal terbaru." in markdown(compose(partly))


@pytest.mark.parametrize(
    ("ms", "indonesian", "english"),
    [
        (0, "0 ms", "0 ms"),
        (999, "999 ms", "999 ms"),
        (1500, "1,5 dtk", "1.5 s"),
        (60_000, "1 mnt", "1 min"),
        (3_725_000, "1 jam 2 mnt", "1 h 2 min"),
        (90_000_000, "1 hari 1 jam", "1 d 1 h"),
    ],
)
def test_durations_are_shown_in_two_units(ms: int, indonesian: str, english: str) -> None:
    """The two largest units, in the words of the language."""
    assert ReportLocale("id", "UTC").duration(ms) == indonesian
    assert ReportLocale("en", "UTC").duration(ms) == english


def test_hundred_percent_is_never_rounded_up() -> None:
    """What failed once in a million is not reported as perfect."""
    words = ReportLocale("en", "UTC")
    assert words.percent(1.0) == "100.0%"
    assert words.percent(0.999999) == "99.9%"
    assert words.percent(None) == "–"
