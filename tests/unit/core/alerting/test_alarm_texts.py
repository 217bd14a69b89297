"""The texts of alarms in both languages."""

from __future__ import annotations

import re
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.core.alerting.texts import alarm_buttons, alarm_text, digest_text
from app.core.i18n import Language, _, ngettext
from app.core.incidents.models import DeliveryPhase, IncidentKind, TimelineEntry, TimelineKind
from app.core.incidents.remedies import RemedyAction, remedy
from app.core.incidents.titles import incident_title
from tests.support.incident_samples import DOWN_AT_MS, incident

ZONE = ZoneInfo("Asia/Jakarta")
LATER = DOWN_AT_MS + 1_630_000
SITE = "https://shop.example"


def text(phase: DeliveryPhase = "opened", language: Language = "en", **changes: Any) -> str:
    return alarm_text(incident(**changes), phase, language, ZONE, LATER)


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", f"DOWN: {SITE} since 14:02 (Asia/Jakarta): 503 Service Unavailable (3 checks). Job shop."),
        (
            "id",
            f"MATI: {SITE} sejak 14:02 (Asia/Jakarta): 503 Service Unavailable (3 pemeriksaan). Job shop.",
        ),
    ],
)
def test_a_site_that_is_down(language: Language, expected: str) -> None:
    """Since when, why, and after how many checks."""
    assert text(language=language) == expected


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", f"UP AGAIN: {SITE} at 14:29 (Asia/Jakarta), after 0:27:10. Job shop."),
        ("id", f"PULIH: {SITE} pukul 14:29 (Asia/Jakarta), setelah 0:27:10. Job shop."),
    ],
)
def test_a_site_that_is_back(language: Language, expected: str) -> None:
    """With the length of the outage."""
    assert text("recovered", language, closed_at=LATER) == expected


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", f"NO LONGER WATCHED: {SITE} since 14:29 (Asia/Jakarta): The job was deleted. Job shop."),
        ("id", f"TIDAK DIPANTAU LAGI: {SITE} sejak 14:29 (Asia/Jakarta): Job ini sudah dihapus. Job shop."),
    ],
)
def test_a_site_that_is_no_longer_watched_is_not_up_again(language: Language, expected: str) -> None:
    """Its job was deleted, paused or changed while it was down."""
    timeline = [
        TimelineEntry(LATER, TimelineKind.CLOSED, "", _("The job was deleted.")),
        TimelineEntry(LATER, TimelineKind.NOTIFIED, "", "telegram:bot_a01 1"),
    ]
    assert text("recovered", language, closed_at=LATER, timeline=timeline) == expected


def test_our_own_texts_are_translated_within_an_alarm() -> None:
    """A text of a handler stays, also if it is equal."""
    cause = ngettext("the certificate ends in {count} day", "the certificate ends in {count} days", 3)
    data = {"state": "degraded", "checks": 1}
    assert text(cause=cause, data=data) == (
        f"DEGRADED: {SITE} since 14:02 (Asia/Jakarta): {cause} (1 check). Job shop."
    )
    assert "sertifikat" in text(language="id", cause=cause, data=data)
    assert str(cause) in text(language="id", cause=str(cause), data=data)


def test_another_incident_has_its_title() -> None:
    """With all of its jobs, up to five."""
    fields: dict[str, Any] = {
        "kind": IncidentKind.JOB_FAILING,
        "subject": "backup",
        "cause": "disk full.",
        "data": {},
    }
    expected = (
        "PROBLEM: backup and 2 more jobs have failed, since 14:02 (Asia/Jakarta): disk full. Jobs a, b."
    )
    assert text(jobs=["a", "b"], **fields) == expected
    assert text(jobs=list("abcdefg"), **fields).endswith("Jobs a, b, c, d, e and 2 more.")
    assert text("recovered", "id", closed_at=LATER, **fields).startswith(
        "SELESAI: backup dan 1 job lain gagal, sampai 14:29"
    )


def test_an_earlier_day_is_named() -> None:
    """Else its time alone would be today's."""
    assert "since 2026-11-29 14:02 (Asia/Jakarta)" in text(since=DOWN_AT_MS - 86_400_000)


def test_an_escalation_says_why_it_comes() -> None:
    """In both languages."""
    assert text("escalated").endswith("Job shop. No one has acknowledged it yet.")
    assert text("escalated", "id").endswith("Belum ada yang menandainya sudah dilihat.")


def test_a_digest_fits_into_one_message() -> None:
    """What it has no room for is counted."""
    many = [incident(id=f"inc{number}") for number in range(200)]
    digest = digest_text(many, "opened", "en", ZONE, LATER)
    assert digest.startswith("200 new incidents:\n• DOWN: ")
    assert len(digest) < 4_000
    listed = digest.count("•")
    assert digest.endswith(f"… and {200 - listed} more")
    assert digest_text(many[:2], "recovered", "id", ZONE, LATER).startswith("2 insiden selesai:\n")


def test_buttons_fit_into_64_bytes_and_run_needs_a_job() -> None:
    """Their words are the recipient's."""
    buttons = alarm_buttons(incident(id="inc123456789"), "id")
    assert [each.text for each in buttons] == ["Tandai sudah dilihat", "Bisukan 1 jam", "Jalankan sekarang"]
    assert all(len(each.data.encode()) <= 64 for each in buttons)
    assert len(alarm_buttons(incident(jobs=[]), "en")) == 2


def test_alarm_of_failing_runs_has_a_button_that_runs_them_again() -> None:
    """After the buttons of every alarm; a press performs it, as below an answer to /why."""
    actions = [remedy(RemedyAction.REDRIVE, "0f3a"), remedy(RemedyAction.RUN_NOW, "nightly")]
    *_others, last = alarm_buttons(incident(actions=actions), "id")
    assert (last.text, last.data) == ("Jalankan ulang run yang gagal", "inc:redrive:inc1:0f3a")


@pytest.mark.parametrize("kind", list(IncidentKind))
def test_title_of_a_closed_incident_is_in_the_past(kind: IncidentKind) -> None:
    """No list says that something is down which works again."""
    now, past = incident_title(kind, "x"), incident_title(kind, "x", is_over=True)
    assert not re.search(r"\b(is|are|has|have|does|wait|raises|ends|can) ", f"{past} ")
    assert past != now or re.search(r"\b(was|did|could)\b", past)
