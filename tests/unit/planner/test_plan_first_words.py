"""Sets of words that decide whether a pattern is searched for have a word of each of its matches."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core.redaction import token_kind
from app.planner.directory import NameDirectory
from app.planner.language.clauses.texts import read_lexemes
from app.planner.language.speech.acts import SpeechAct, Utterance
from app.planner.language.speech.questions import questions_in
from app.planner.language.speech.said import LACKING, LACKS, PAST, PAST_WORDS

QUICK = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def parts(text: str) -> set[str]:
    return set(re.findall(r"\w+", text))


def is_question(text: str) -> bool:
    lex = read_lexemes(text, NameDirectory())
    return questions_in(text, lex) == [Utterance(SpeechAct.QUESTION, 0, len(lex))]


@QUICK
@given(st.from_regex(PAST))
def test_past_has_its_word(text: str) -> None:
    """A pattern of the past is searched for only in a segment with one of the words."""
    assert parts(text) & PAST_WORDS


@QUICK
@given(st.from_regex(LACKS))
def test_lack_has_its_word(text: str) -> None:
    """So it is with "belum … masuk"."""
    assert parts(text) & LACKING


@pytest.mark.parametrize(
    "start",
    [
        *("apakah", "siapa", "kapan", "kenapa", "mengapa", "bagaimana", "gimana", "adakah", "sudahkah"),
        *("sejak kapan", "why", "how", "when is", "when do"),
    ],
)
def test_question_is_found_by_its_start(start: str) -> None:
    """Without a question mark, too."""
    text = f"{start} laporan masuk"
    assert is_question(text)


@pytest.mark.parametrize(
    "end", ["kapan ya", "berapa", "dimana", "di mana", "siapa sih", "apa aja", "apa saja"]
)
def test_question_is_found_by_its_end(end: str) -> None:
    """At the end of a sentence, as people write in a chat."""
    text = f"backup terakhir {end}"
    assert is_question(text)


def test_mark_makes_a_question() -> None:
    """With a question mark a sentence needs none of these words; without one this is none."""
    assert is_question("is the backup ok?")
    assert not is_question("is the backup ok")


def test_shortest_token_is_found() -> None:
    """Shorter texts are not searched for tokens."""
    assert token_kind("xoxb-" + "a1" * 5) == "a Slack token"
    assert token_kind("xoxb-" + "a1" * 4) is None
