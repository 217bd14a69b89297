"""Reports: uptime, target, incidents and messages, in both languages."""

from __future__ import annotations

from dataclasses import replace

import orjson
import pytest

from app.core.clock import DAY_MS
from app.core.i18n import Language
from app.core.incidents.spans import IncidentSpan
from app.core.messaging.outbox import MessageCounts
from app.jobs.report.document import compose
from app.jobs.report.figures import Report, as_json, incident_figures, period_until
from app.jobs.report.messages import ReportLocale
from app.jobs.report.render import html, message
from tests.support.jobs.report_samples import END_MS, SPANS, empty_report, full_report

DAY = period_until(END_MS, "day", "Asia/Jakarta")
MIN_MS = 60_000


def span(from_ms: int, to_ms: int | None) -> IncidentSpan:
    return IncidentSpan("inc1", "monitor_down", "x.example", "down", "critical", from_ms, to_ms)


def test_incident_figures_are_about_causes_that_ended() -> None:
    """An open incident counts in the longest up to the end of the period, and not in the mean."""
    spans = (
        span(DAY.from_ms - 5 * MIN_MS, DAY.from_ms + 5 * MIN_MS),
        span(DAY.from_ms, DAY.from_ms + 20 * MIN_MS),
        span(DAY.to_ms - 60 * MIN_MS, None),
        span(DAY.to_ms - MIN_MS, DAY.to_ms + 60 * MIN_MS),
    )
    figures = incident_figures(spans, DAY)
    assert (figures.open_count, figures.longest_ms) == (1, 60 * MIN_MS)
    assert figures.mean_to_recover_ms == 15 * MIN_MS
    assert incident_figures((), DAY) == replace(figures, spans=(), longest_ms=None, mean_to_recover_ms=None)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "en",
            [
                "The target of 99.90% was missed by 1 of 1 monitors.",
                "2 incidents, 1 still open. The longest: 1 h. Mean time to recover: 3 min 20 s.",
                "Messages: 12 delivered, 1 failed.",
                "x.example was down",
                "missed",
            ],
        ),
        (
            "id",
            [
                "Target 99,90 % tidak dicapai 1 dari 1 monitor.",
                "2 insiden, 1 masih terbuka. Terlama: 1 jam. Rata-rata waktu pulih: 3 mnt 20 dtk.",
                "Pesan: 12 terkirim, 1 gagal.",
                "x.example sempat mati",
                "tidak tercapai",
            ],
        ),
    ],
)
def test_report_says_target_incidents_and_messages(language: Language, words: list[str]) -> None:
    """In the message and in the page."""
    document = compose(replace(full_report(language), sla_percent=99.9))
    for text in (message(document), html(document)):
        assert [each for each in words if each not in text] == []


def test_target_is_met_at_its_own_value() -> None:
    """A share that is cut for people is compared in full; a monitor that was not watched is not judged."""
    report = replace(full_report("en"), sla_percent=100 * (1 - 200_000 / DAY_MS))
    watched, unset = report.stats.monitors
    assert report.sla_met(watched) is True
    assert report.sla_met(unset) is None
    assert replace(report, sla_percent=None).sla_met(watched) is None
    met = compose(replace(report, stats=replace(report.stats, monitors=(watched,)))).summary
    assert "was met by all 1 monitors." in " ".join(met)
    assert "target" not in " ".join(compose(full_report("en")).summary).lower()


def test_uptime_is_cut_after_two_decimals() -> None:
    """Only a time without any outage is 100 %."""
    words = ReportLocale("en", "UTC")
    assert [words.uptime(share) for share in (1.0, 0.999999, 0.5, 0.0, None)] == [
        *("100.00%", "99.99%", "50.00%", "0.00%", "–"),
    ]


def test_month_has_no_comparison() -> None:
    """No column and no sentence of the time before; messages say that they are kept for a week."""
    month = replace(
        full_report("en"),
        length="month",
        before=None,
        messages=MessageCounts({"delivered": 1}, complete=True),
    )
    text = message(compose(month))
    assert text.startswith("Monthly report\n")
    assert "Before" not in text
    assert "Messages are kept for 7 days." in text
    assert as_json(month)["compared_with"] is None


def test_json_has_incidents_messages_and_the_target() -> None:
    """Programs get every incident, and whether each monitor met the target."""
    rendered = orjson.loads(orjson.dumps(as_json(replace(full_report("en"), sla_percent=99.0))))
    assert rendered["incidents"]["count"] == 2
    assert rendered["incidents"]["mean_to_recover_ms"] == 200_000
    assert [each["to"] for each in rendered["incidents"]["items"]] == ["2026-07-28T06:58:20+07:00", None]
    assert rendered["messages"] == {"delivered": 12, "failed": 1}
    assert [each["sla_met"] for each in rendered["monitors"]] == [True, None]
    assert len(SPANS) == 2


def test_many_incidents_are_cut() -> None:
    """The open ones first; the rest is counted."""
    spans = tuple(span(END_MS - number * MIN_MS, None) for number in range(1, 26))
    report: Report = replace(empty_report("en"), incidents=incident_figures(spans, DAY))
    [table] = [each for each in compose(report).tables if each.title == "Incidents"]
    assert (len(table.rows), table.notes) == (20, ("5 more not shown",))
