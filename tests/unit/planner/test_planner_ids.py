"""Ids of new jobs: legible, legal, and never another target's."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.models import JOB_ID_PATTERN, RESERVED_JOB_IDS
from app.core.specs.search import target_of
from app.planner.job_ids import id_choices, slug_of

URL = "https://kasir.example.com/ping"


@pytest.mark.parametrize(
    ("job_type", "inputs", "expected"),
    [
        ("monitor.channel", {"channel": "telegram", "account_id": "bot_a01"}, "monitor-telegram-bot_a01"),
        ("monitor.channel", {"channel": "email", "account_id": "a@b.co"}, "monitor-email-a-b.co"),
        ("monitor.http", {"url": URL}, "monitor-kasir.example.com-ping"),
        ("monitor.http", {"url": "HTTPS://Kasir.example.com:443"}, "monitor-kasir.example.com"),
        ("report.daily", {"timezone": "UTC"}, "report-daily"),
        ("backup.export", {"keep": 3}, "backup-export"),
        ("message.send", {"to": "+62 812", "text": "Halo Café!"}, "message-62-812-Halo-Cafe"),
        ("message.send", {"channel": "telegram", "text": "hi"}, "message-telegram-hi"),
        ("shop.greet", {}, "shop-greet"),
    ],
)
def test_slug_says_what_the_job_is_about(job_type: str, inputs: dict[str, Any], expected: str) -> None:
    """People see in the id what a job does."""
    assert slug_of(job_type, inputs) == expected


@pytest.mark.parametrize(
    "text", ["x" * 500, "satu dua tiga empat lima enam tujuh delapan", "早上好，各位同事"]
)
def test_slug_of_a_long_or_foreign_text_is_short(text: str) -> None:
    """A text that is not allowed in ids is cut and distinguished by its hash."""
    slug = slug_of("message.send", {"to": "ops", "text": text})
    assert re.fullmatch(JOB_ID_PATTERN, slug)
    assert slug.startswith("message-ops")


def test_slugs_of_two_long_texts_differ() -> None:
    """What is cut off still tells two messages apart."""
    slugs = {slug_of("message.send", {"to": "ops", "text": f"{'kata ' * 20}{end}"}) for end in "ab"}
    assert len(slugs) == 2


def test_id_of_a_second_schedule_has_its_time() -> None:
    """If a target has a job already, the time is appended."""
    choices = id_choices("report.daily", {}, "1630")
    assert (choices.first[0], choices.again[0]) == ("report-daily", "report-daily-1630")
    assert id_choices("report.daily", {}, "").again[0] == "report-daily-2"


@given(
    st.sampled_from(["monitor.channel", "monitor.http", "message.send", "report.daily", "shop.greet"]),
    st.fixed_dictionaries(
        {}, optional=dict.fromkeys(("channel", "account_id", "url", "to", "text"), st.text())
    ),
    st.text(max_size=10),
)
def test_every_choice_is_a_legal_id(job_type: str, inputs: dict[str, str], slot: str) -> None:
    """Whatever is asked for, no id is refused, and one of them is the target's own."""
    choices = id_choices(job_type, inputs, slot)
    assert all(
        re.fullmatch(JOB_ID_PATTERN, each) and each not in RESERVED_JOB_IDS
        for each in choices.first + choices.again
    )
    assert choices.first[-1].endswith(target_of(job_type, inputs))
