"""How README examples are read, and what counts as the answer that they show."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.readme_examples import Example, differences, examples

ULID = "01M87K9HMSTY4S1N0BDJ44B109"
OTHER_ULID = "01M87K9SYD16SAGVPR9G38YCGR"


@pytest.mark.parametrize(
    ("shown", "answer"),
    [
        ({"a": 1}, {"a": 1}),
        ({"a": 1, "…": "…"}, {"a": 1, "b": 2}),
        ([1, "…"], [1, 2, 3]),
        ({"run_id": ULID}, {"run_id": OTHER_ULID}),
        ("tick@1795551450000", "tick@1795551455000"),
        ("2026-01-31T07:00:00+07:00", "2027-02-01T07:00:00+07:00"),
        ({"duration_ms": 12}, {"duration_ms": 3}),
        ("1795551455187-0", "1795552088085-1"),
        ("not set up: …", "not set up: multi-job connect"),
        ("…", None),
    ],
)
def test_answer_that_is_shown_matches(shown: Any, answer: Any) -> None:
    """Equal but for ids, instants and measured figures; `…` stands for more."""
    assert differences(shown, answer) == []


@pytest.mark.parametrize(
    ("shown", "answer", "where"),
    [
        ({"a": 1}, {"a": 2}, "/a"),
        ({"a": 1}, {}, "/a"),
        ({"a": 1}, {"a": 1, "b": 2}, "/b"),
        ([1], [1, 2], ""),
        ([1, 2, "…"], [1], ""),
        ({"ok": True}, {"ok": 1}, "/ok"),
        ({"run_id": ULID}, {"run_id": None}, "/run_id"),
        ({"duration_ms": 12}, {"duration_ms": None}, "/duration_ms"),
        ({"a": ["x"]}, {"a": ["y"]}, "/a/0"),
        ({"a": "set up …"}, {"a": "not set up"}, "/a"),
    ],
)
def test_answer_that_is_another_is_found(shown: Any, answer: Any, where: str) -> None:
    """A value, a field or an item that is not as shown is named by where it stands."""
    found = differences(shown, answer)
    assert [text.partition(":")[0] for text in found] == [where]


def test_examples_fill_in_what_came_before() -> None:
    """A command runs against another address, with the ids that earlier answers gave."""
    example = Example(("curl", "http://127.0.0.1:8000/runs/RUN_ID"), None)
    assert example.command("http://127.0.0.1:9", {"RUN_ID": ULID})[-1] == f"http://127.0.0.1:9/runs/{ULID}"


def test_examples_tell_reading_from_writing() -> None:
    """What writes is run once."""
    assert Example(("curl", "http://127.0.0.1:8000/runs"), None).is_read
    assert not Example(("curl", "-X", "POST", "http://127.0.0.1:8000/pause"), None).is_read


def test_examples_of_the_readme_are_found() -> None:
    """The README has a good number of them, many with their answers."""
    found = examples()
    assert len(found) >= 15
    assert sum(example.answer is not None for example in found) >= 9
