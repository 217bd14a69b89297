"""report.daily: its period, its delivery, its files."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from app.core.errors import LimitExceeded, NonRetryableError
from app.core.statistics.periods import Period
from app.jobs.handlers.report_daily import ReportDailyInputs, report_daily
from app.jobs.report.delivery import KEPT
from tests.support.jobs.job_fakes import FakeHost
from tests.support.jobs.report_samples import END_MS, full_report

DAY_MS = 86_400_000


@pytest.fixture
def host() -> FakeHost:
    return FakeHost("report.daily", "laporan")


async def test_report_is_about_the_day_until_its_slot(host: FakeHost) -> None:
    """However late it runs, it is the slot's own day, against the day before."""
    output = await report_daily(host.context(END_MS + 3_600_000, slot_ms=END_MS), ReportDailyInputs())
    assert host.tools.platform.periods == [
        Period(END_MS - DAY_MS, END_MS),
        Period(END_MS - 2 * DAY_MS, END_MS - DAY_MS),
    ]
    assert (output.period_from, output.period_to) == (
        "2026-07-27T07:00:00+07:00",
        "2026-07-28T07:00:00+07:00",
    )


async def test_report_by_hand_is_about_the_day_until_now(host: FakeHost) -> None:
    """Without a slot the present moment ends the period."""
    await report_daily(host.context(END_MS + 5), ReportDailyInputs())
    assert host.tools.platform.periods[0] == Period(END_MS - DAY_MS, END_MS + 5)


async def test_report_of_an_empty_platform_is_true(host: FakeHost) -> None:
    """Nothing ran, and that is what it says, in the summary and in the message."""
    output = await report_daily(host.context(END_MS), ReportDailyInputs())
    assert output.summary == (
        "Tidak ada run yang selesai dalam periode ini. Pada periode sebelumnya juga tidak ada. "
        "Tidak ada pemantau yang tercatat dalam periode ini. Tidak ada insiden. Tidak ada pesan yang dikirim."
    )
    assert output.summary.split(". ")[0] in host.tools.messaging.sent[0].text
    assert output.delivered.model_dump() == {
        "entry_id": "entry-1",
        "channel": "sandbox",
        "account_id": "default",
        "to": "inbox",
        "state": "delivered",
        "note": None,
    }


async def test_report_is_delivered_to_whom_the_job_names(host: FakeHost) -> None:
    """Else it is left to DEFAULT_NOTIFY, and last to the sandbox's inbox."""
    inputs = ReportDailyInputs.model_validate({"notify": {"channel": "telegram", "to": "42"}})
    await report_daily(host.context(END_MS), inputs)
    assert host.tools.messaging.sent[0].target == {
        "channel": "telegram",
        "account_id": None,
        "to": "42",
        "fallback_sandbox": True,
    }


async def test_report_is_in_the_language_and_zone_that_are_asked_for(host: FakeHost) -> None:
    """English and New York, in place of Indonesian and the deployment's zone."""
    inputs = ReportDailyInputs(language="en", timezone="America/New_York")
    output = await report_daily(host.context(END_MS), inputs)
    assert output.markdown.startswith("# Daily report\n\n26 Jul 2026 20:00 – 27 Jul 2026 20:00")
    assert output.period_to == "2026-07-27T20:00:00-04:00"


async def test_every_attempt_of_a_run_sends_the_same_text(host: FakeHost) -> None:
    """The figures go on between attempts; another text would be another message."""
    await report_daily(host.context(END_MS, run_id="laporan@1"), ReportDailyInputs())
    host.tools.platform.figures = full_report().stats
    second = await report_daily(host.context(END_MS + 9_000, run_id="laporan@1"), ReportDailyInputs())
    first, again = host.tools.messaging.sent
    assert first.text == again.text
    assert "2.882" in second.summary
    await report_daily(host.context(END_MS + 20_000, run_id="laporan@2"), ReportDailyInputs())
    assert "2.882" in host.tools.messaging.sent[2].text


async def test_report_is_filed_in_three_forms(host: FakeHost) -> None:
    """JSON, Markdown and HTML in one folder, named by the end of the period in its zone."""
    host.tools.platform.figures = full_report().stats
    output = await report_daily(host.context(END_MS), ReportDailyInputs())
    stem = "reports/laporan/2026-07-28T070000"
    assert output.files == [f"{stem}.json", f"{stem}.md", f"{stem}.html"]
    assert sorted(host.tools.files.texts) == sorted(output.files)
    assert orjson.loads(host.tools.files.texts[f"{stem}.json"])["total"]["runs"] == 2882
    assert host.tools.files.texts[f"{stem}.md"] == output.markdown
    assert host.tools.files.texts[f"{stem}.html"].startswith("<!doctype html>")


async def test_old_files_of_the_job_are_removed(host: FakeHost) -> None:
    """The newest 90 reports of the job stay; those of other jobs are not its own."""
    files = host.tools.files.files
    for number in range(KEPT + 5):
        for ending in ("json", "md", "html"):
            files[f"reports/laporan/2025-01-01T{number:06}.{ending}"] = b""
    files["reports/laporan2/2024-01-01T000000.md"] = b""
    await report_daily(host.context(END_MS), ReportDailyInputs())
    own = sorted(path for path in files if path.startswith("reports/laporan/"))
    assert len(own) == 3 * KEPT
    assert own[0] == "reports/laporan/2025-01-01T000006.html"
    assert "reports/laporan2/2024-01-01T000000.md" in files


async def test_report_that_cannot_be_filed_is_delivered(host: FakeHost) -> None:
    """A full disk is logged in the run, and the report stays readable."""
    host.tools.files.error = LimitExceeded("no room")
    output = await report_daily(host.context(END_MS), ReportDailyInputs())
    assert (output.files, len(host.tools.messaging.sent)) == ([], 1)
    assert ("error", "the report was not filed") in [line[:2] for line in host.lines]


async def test_report_that_cannot_be_delivered_fails(host: FakeHost) -> None:
    """Its files are published; the run says why no message was sent."""
    host.tools.messaging.error = NonRetryableError("set it up", code="account_missing")
    with pytest.raises(NonRetryableError):
        await report_daily(host.context(END_MS), ReportDailyInputs())
    assert len(host.tools.files.texts) == 3


async def test_report_of_a_week_is_against_the_week_before(host: FakeHost) -> None:
    """Seven days until the slot; a month has no comparison, because figures of runs are kept for 40 days."""
    week = ReportDailyInputs(period="week", sla_percent=99.9)
    output = await report_daily(host.context(END_MS, slot_ms=END_MS), week)
    assert host.tools.platform.periods == [
        Period(END_MS - 7 * DAY_MS, END_MS),
        Period(END_MS - 14 * DAY_MS, END_MS - 7 * DAY_MS),
    ]
    assert output.markdown.startswith("# Laporan mingguan")
    host.tools.platform.periods.clear()
    month = await report_daily(host.context(END_MS, slot_ms=END_MS), ReportDailyInputs(period="month"))
    assert host.tools.platform.periods == [Period(END_MS - 30 * DAY_MS, END_MS)]
    assert "sebelumnya" not in month.markdown


@pytest.mark.parametrize(
    "inputs",
    [
        *({"timezone": "Mars/Base"}, {"timezone": "../x"}, {"language": "de"}, {"x": 1}),
        *({"period": "year"}, {"sla_percent": 0}, {"sla_percent": 100.1}),
    ],
)
def test_inputs_out_of_bounds_are_refused(inputs: dict[str, Any]) -> None:
    """Zones that exist, and two languages."""
    with pytest.raises(ValueError, match="validation error"):
        ReportDailyInputs.model_validate(inputs)
