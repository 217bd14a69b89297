"""The words of an explanation: both languages whole, times in the zone, next steps that exist."""

from __future__ import annotations

import re
from typing import cast

import click
import pytest
import typer.main

from app.cli.main import app as cli
from app.core.i18n import Language, render
from app.explain.facts import Cause, Count, DurationValue, InstantValue, TimeRange
from app.explain.messages import CAUSE_TEXTS
from app.explain.render import in_words
from app.services.api.app import create_app
from tests.support.explain.why_samples import HOUR_MS, MIDNIGHT_MS

LANGUAGES: tuple[Language, ...] = ("en", "id")


def _all_texts(language: Language) -> str:
    return " ".join(render(text, language) for texts in CAUSE_TEXTS.values() for text in texts)


@pytest.mark.parametrize("key", [key for key, texts in CAUSE_TEXTS.items() if "{span}" in texts.text])
def test_next_step_of_a_range_is_something_to_do(key: str) -> None:
    """A command, a route, or a change of the job; but for what is well already."""
    for language in LANGUAGES:
        assert "`" in render(CAUSE_TEXTS[key].next_step, language) or key == "paused.resumed"


@pytest.mark.parametrize("language", LANGUAGES)
def test_commands_that_are_named_exist(language: Language) -> None:
    """Each `multi-job …` is a command, with the options that it is named with."""
    command = cast("click.Group", typer.main.get_command(cli))
    named = re.findall(r"`multi-job ([a-z-]+)([^`]*)`", _all_texts(language))
    assert len(named) > 10
    for name, rest in named:
        known = {option for each in command.commands[name].params for option in each.opts}
        assert set(re.findall(r"--[a-z]+", rest)) <= known, name
    assert {"--job", "--type"} <= {
        option for each in command.commands["resume"].params for option in each.opts
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_routes_that_are_named_exist(language: Language) -> None:
    """Each `GET /…` is a route of the API."""
    served = {
        f"{method.upper()} {path.replace('{job_id}', '{job}')}"
        for path, operations in create_app().openapi()["paths"].items()
        for method in operations
    }
    named = set(re.findall(r"`((?:GET|POST|PUT|DELETE) /[^`]*)`", _all_texts(language)))
    assert len(named) >= 3
    assert named - served == set()


def test_times_are_shown_in_the_zone_of_the_schedule() -> None:
    """A range has its zone's name, a single instant has none."""
    span = TimeRange(MIDNIGHT_MS, MIDNIGHT_MS + 2 * HOUR_MS)
    values = {
        "span": span,
        "slots": Count(7_200, "slot"),
        "down": InstantValue(MIDNIGHT_MS - 1_000),
        "up": InstantValue(span.last_ms),
    }
    finding = Cause("missed", "missed.run_all", values)
    english, step = in_words(finding, "en", "Asia/Jakarta", "job")
    assert english.startswith(
        "7,200 slots of 2026-01-31 00:00:00–02:00:00 (Asia/Jakarta) were missed: no scheduler was at "
        "work from 2026-01-30 23:59:59 to 2026-01-31 02:00:00 (Asia/Jakarta)"
    )
    assert "`multi-job run job`" in step
    indonesian, _ = in_words(finding, "id", "Europe/Berlin", "job")
    assert indonesian.startswith("7.200 slot pada 2026-01-30 18:00:00–20:00:00 (Europe/Berlin) terlewat")


@pytest.mark.parametrize(
    ("ms", "english", "indonesian"),
    [
        (0, "0 ms", "0 md"),
        (999, "999 ms", "999 md"),
        (1_000, "1 s", "1 dtk"),
        (1_500, "1.5 s", "1,5 dtk"),
        (61_000, "1 min 1 s", "1 mnt 1 dtk"),
        (3_600_000, "1 h", "1 jam"),
        (90_000_000, "1 d 1 h", "1 hari 1 jam"),
    ],
)
def test_lengths_of_time_are_shown_as_people_write_them(ms: int, english: str, indonesian: str) -> None:
    """Two units at most, in the language's own words and comma."""
    for language, expected in (("en", english), ("id", indonesian)):
        values = {
            "runs": Count(1, "run"),
            "span": TimeRange(0, 0),
            "ended": InstantValue(0),
            "took": DurationValue(ms),
        }
        text, _ = in_words(
            Cause("ran", "ran.cancelled", {**values, "job": "x"}), cast("Language", language), "UTC", "x"
        )
        assert f" {expected}." in text


def test_count_of_one_has_no_plural() -> None:
    """One run, two runs; Indonesian has one form."""
    for count, english in ((1, "1 run of"), (2, "2 runs of")):
        finding = Cause("ran", "ran.successes", {"runs": Count(count, "run"), "span": TimeRange(0, 0)})
        assert in_words(finding, "en", "UTC", "x")[0].startswith(english)
        assert in_words(finding, "id", "UTC", "x")[0].startswith(f"{count} run pada")


def test_span_over_midnight_names_both_days() -> None:
    """Within a day the date appears once."""
    finding = Cause("x", "backlog", {"slots": Count(2, "slot"), "span": TimeRange(0, 25 * HOUR_MS)})
    assert "1970-01-01 00:00:00–1970-01-02 01:00:00 (UTC)" in in_words(finding, "en", "UTC", "x")[0]
