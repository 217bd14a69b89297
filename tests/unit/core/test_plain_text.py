"""Control characters: which texts are refused, and how others are shown."""

from __future__ import annotations

import json
import re
from typing import Any

import orjson
import pytest
from pydantic import TypeAdapter, ValidationError

from app.core.fields import Line
from app.core.text import (
    line_problem,
    may_have_controls,
    paragraphs_problem,
    text_problem,
    texts_in,
    visible,
    visible_json,
)

C0 = [chr(code) for code in range(0x20)]
C1 = [chr(code) for code in range(0x7F, 0xA0)]
BIDI = [*"\u061c\u200e\u200f", *map(chr, range(0x202A, 0x202F)), *map(chr, range(0x2066, 0x206A))]
FAMILY = "\U0001f469\u200d\U0001f469\u200d\U0001f467"
FINE = [
    "",
    "plain",
    "Laporan – 07:00 ✓",
    FAMILY,
    "שלום עולם",
    "مرحبا",
    "日本語",
    "a\u00a0b",
    "a\u2028b",
    "\u200b",
]


@pytest.mark.parametrize("text", FINE)
def test_plain_text_leaves_letters_and_joiners(text: str) -> None:
    """Emoji of several parts, letters of every script, odd spaces: all text."""
    assert line_problem(text) is paragraphs_problem(text) is text_problem(text) is None
    assert visible(text) == text


@pytest.mark.parametrize("control", [*C0, *C1, *BIDI], ids=ascii)
def test_plain_text_refuses_controls(control: str) -> None:
    """A line has none; several lines have tabs and newlines; a message also has bidi marks."""
    text = f"a{control}b"
    assert f"U+{ord(control):04X}" in (line_problem(text) or "")
    assert (paragraphs_problem(text) is None) == (control in "\t\n")
    assert (text_problem(text) is None) == (control in "\t\n" or control in BIDI)


def test_plain_text_takes_line_ends_of_windows() -> None:
    r"""`\r\n` ends a line; a `\r` alone writes over it."""
    assert text_problem("a\r\nb") is None
    assert text_problem("a\rb") is not None
    assert text_problem("a\r") is not None


@pytest.mark.parametrize("control", [*C0, *C1, *BIDI], ids=ascii)
def test_visible_shows_controls_as_escapes(control: str) -> None:
    """What a terminal would obey is shown instead; the rest of the line stays."""
    shown = visible(f"a{control}b")
    if control in "\t\n":
        assert shown == f"a{control}b"
    else:
        assert re.fullmatch(r"a(\\x[0-9a-f]{2}|\\u[0-9a-f]{4})b", shown)
        assert int(shown[3:-1], 16) == ord(control)


def test_visible_json_stays_the_same_document() -> None:
    """The escapes are JSON's own, so that a program reads what was there."""
    value = {"".join([*C0, *C1, *BIDI]): ["\x1b]0;x\x07", "שלום\u200f"]}
    shown = visible_json(json.dumps(value, ensure_ascii=False))
    assert json.loads(shown) == value
    assert visible(shown) == shown
    assert "שלום" in shown


@pytest.mark.parametrize("text", [f"a{control}" for control in [*C0, *C1, *BIDI]], ids=ascii)
def test_line_pattern_is_what_is_checked(text: str) -> None:
    """The document's pattern and the check refuse the same."""
    adapter: TypeAdapter[Any] = TypeAdapter(Line)
    pattern = adapter.json_schema()["pattern"].removesuffix("$")
    assert re.fullmatch(pattern, text) is None
    with pytest.raises(ValidationError) as refused:
        adapter.validate_python(text)
    assert refused.value.errors()[0]["type"] == "control_character"
    for fine in FINE:
        assert re.fullmatch(pattern, fine) is not None
        assert adapter.validate_python(fine) == fine


def test_texts_in_finds_every_text_with_its_pointer() -> None:
    """Members, names and elements, escaped as JSON Pointers are."""
    found = list(texts_in({"a/b": ["x", {"~": "y"}], "n": 1}, "/inputs"))
    assert found == [
        ("/inputs/a~1b", "a/b"),
        ("/inputs/a~1b/0", "x"),
        ("/inputs/a~1b/1/~0", "~"),
        ("/inputs/a~1b/1/~0", "y"),
        ("/inputs/n", "n"),
    ]


@pytest.mark.parametrize("character", [each for each in (*C0, *C1) if text_problem(f"a{each}b")])
def test_a_document_with_a_refused_character_is_examined(character: str) -> None:
    """In values and in names, however JSON writes it."""
    assert may_have_controls(orjson.dumps({"a": [f"b{character}"]}))
    assert may_have_controls(orjson.dumps({f"a{character}": 1}))


@pytest.mark.parametrize("text", [each for each in FINE if "\r" not in each])
def test_a_document_without_one_is_not_examined(text: str) -> None:
    """Most inputs have none: their texts are not looked at one by one."""
    assert not may_have_controls(orjson.dumps({"a": [text], text: 1}))
