"""Redis replies as Python values."""

from __future__ import annotations

import pytest

from app.core.storage.connection import info_fields, pairs, scores, time_ms


def test_pairs_are_the_fields_of_a_hash() -> None:
    """A flat reply of odd length is damaged, not shortened."""
    assert pairs(["a", "1", "b", ""]) == {"a": "1", "b": ""}
    assert pairs([]) == {}
    with pytest.raises(ValueError, match="shorter"):
        pairs(["a", "1", "b"])


def test_scores_keep_the_order_of_the_reply() -> None:
    """Scores arrive as text; large ones may have an exponent."""
    assert list(scores(["b", "2", "a", "1.7e+12"]).items()) == [("b", 2), ("a", 1_700_000_000_000)]


def test_time_is_in_milliseconds() -> None:
    """TIME answers with seconds and microseconds."""
    assert time_ms(["1700000000", "123999"]) == 1_700_000_000_123


def test_info_fields_are_lines_with_a_colon() -> None:
    """Headings are left out; a value may hold a colon."""
    assert info_fields("# Server\r\nrole:master\r\nslave0:ip=10.0.0.1,port=1:2\r\n\r\n") == {
        "role": "master",
        "slave0": "ip=10.0.0.1,port=1:2",
    }
