"""Any text whatever becomes a draft: nothing raises, nothing hangs, every span lies in the prompt."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.planner.planning import plan

CASES = Path(__file__).parents[2] / "planner_cases"
UNSEEN = [
    json.loads(row)["prompt"]
    for path in sorted(CASES.glob("unseen/*.jsonl"))
    for row in path.read_text("utf-8").splitlines()
]
PIECES = json.loads((CASES / "pieces.json").read_text("utf-8"))
WORDS: str = PIECES["words"]
PATHOLOGICAL: list[str] = PIECES["pieces"]


def _check(prompt: str) -> None:
    draft = plan(prompt)
    assert draft.jobs or draft.warnings or draft.requests
    assert all(0 <= span.start < span.end <= len(prompt) for span in draft.explain)
    ends = [span.end for span in draft.explain]
    assert all(end <= span.start for end, span in zip(ends, draft.explain[1:], strict=False))
    json.dumps([[job.schedule, job.inputs, job.reason, job.assumptions] for job in draft.jobs])


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=300))
def test_any_text_becomes_a_draft(prompt: str) -> None:
    """Text of any characters becomes a draft with jobs or a warning."""
    _check(prompt)


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(WORDS.split()), max_size=40).map(" ".join))
def test_any_words_become_a_draft(prompt: str) -> None:
    """The planner's own words in any order become a draft with jobs or a warning."""
    _check(prompt)


@pytest.mark.parametrize("prompt", UNSEEN)
def test_sentence_of_people_becomes_a_draft(prompt: str) -> None:
    """Sentences that no rule was written for become drafts, right or not."""
    _check(prompt)


@pytest.mark.parametrize("piece", PATHOLOGICAL)
def test_repeated_piece_becomes_a_draft(piece: str) -> None:
    """A thousand characters of the same piece become a draft."""
    _check((piece * 1000)[:1000])


def test_long_chain_of_distances_becomes_a_draft() -> None:
    """Ten thousand characters of "5 menit sebelum" nest nowhere."""
    _check("5 menit sebelum " * 600)


def test_surrogate_and_control_characters_become_a_draft() -> None:
    """Lone surrogates, zero-width and control characters are passed over."""
    _check("pan\u200btau\ud800 tele\u00adgram\x00 tiap\u2028 30\u00a0detik")


def test_number_of_thousands_of_digits_becomes_a_draft() -> None:
    """A figure too long to count anything is only a name."""
    _check(f"tiap {'9' * 5000} detik pantau telegram -{'1' * 5000} {'1.000' * 900}")
