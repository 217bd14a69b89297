"""W3C trace context: reading and writing the header, ids that two processes derive alike."""

from __future__ import annotations

import re

import pytest

from app.core.tracing.spans import (
    TraceContext,
    attempt_span_id,
    call_span_id,
    enqueue_span_id,
    new_span_id,
    parse_traceparent,
)

PLACE = TraceContext("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331")


def test_traceparent_goes_there_and_back() -> None:
    """What is written is read again; a later version may carry more."""
    assert parse_traceparent(PLACE.traceparent) == PLACE
    assert parse_traceparent(f" cc{PLACE.traceparent[2:]}-more ") == PLACE


@pytest.mark.parametrize(
    "header",
    [
        "",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
        "00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
        "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
    ],
)
def test_traceparent_that_is_not_valid_is_ignored(header: str) -> None:
    """W3C: a header that does not parse is treated as absent."""
    assert parse_traceparent(header) is None


def test_span_ids_are_the_same_for_all_and_differ_from_each_other() -> None:
    """Derived from the run, the attempt and the call; other ids are random."""
    ids = [
        enqueue_span_id("r"),
        attempt_span_id("r", 1),
        attempt_span_id("r", 2),
        call_span_id("r", 1, 1),
        call_span_id("r", 1, 2),
        new_span_id(),
        new_span_id(),
    ]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[0-9a-f]{16}", each) for each in ids)
    assert enqueue_span_id("r") == ids[0]
