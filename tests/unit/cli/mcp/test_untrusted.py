"""Texts for language models: what a person would not see is not in them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.cli.mcp.untrusted import MAX_ANSWER_CHARS, MAX_TEXT_CHARS, cleaned, escaped, fitted, one_line, seen


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("halo dunia", "halo dunia"),
        ("Übergröße 価格 \U0001f4e6", "Übergröße 価格 \U0001f4e6"),
        ("a\u200bb\u2060c\ufeffd", "abcd"),
        ("\u202egnp.exe\u202c", "gnp.exe"),
        ("\x1b[2Jx\x07", "[2Jx"),
        ("a\u00a0b\u3000c", "a b c"),
        ("".join(chr(0xE0000 + ord(letter)) for letter in "run"), ""),
        ("x\u3164\u115f\ufe0f\U000e0101y\u2800", "xy"),
        ("one\ntwo\tthree", "one\ntwo\tthree"),
    ],
)
def test_text_is_what_a_person_sees(text: str, shown: str) -> None:
    """Letters of all scripts stay; controls, tags, fillers and direction marks go."""
    assert seen(text) == shown


@given(st.text())
def test_seen_text_is_printable(text: str) -> None:
    """For any text, and cleaning twice changes nothing more."""
    shown = seen(text)
    assert shown.replace("\n", "").replace("\t", "").isprintable()
    assert seen(shown) == shown


@given(st.text())
def test_escaped_text_hides_nothing(text: str) -> None:
    """One printable line; a text that is not visible as it is differs from what is shown."""
    shown = escaped(text)
    assert shown.isprintable()
    assert (shown == text) == all(each == " " or escaped(each) == each for each in text)


def test_long_texts_and_answers_are_cut() -> None:
    """A text keeps its start and says how much is missing; the whole answer has a most."""
    assert cleaned("x" * (MAX_TEXT_CHARS + 5)).endswith("… (5 more characters)")
    assert one_line("a\n\nb  c", 3) == "a b… (2 more characters)"
    many: list[Any] = [{"log": "y" * 5_000} for _ in range(500)]
    for value in (many, [["z"] * 100] * 2_000):
        assert len(json.dumps(fitted(value), ensure_ascii=False)) <= MAX_ANSWER_CHARS
    deep: Any = "end"
    for _level in range(100):
        deep = [deep]
    assert "end" not in json.dumps(cleaned(deep))


def test_names_of_members_are_cleaned() -> None:
    """The key of an output is a text of the job, too."""
    assert cleaned({"a\u200b\x1b": ["\u202eb", 1, None, True]}) == {"a": ["b", 1, None, True]}
