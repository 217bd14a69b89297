"""A handler's result or exception as JSON, a failure, a fingerprint."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import pytest
from pydantic import BaseModel

from app.core.execution.outcome import BadOutputError, encode_output, failure_of, fingerprint


@dataclass
class Point:
    x: float


class Model(BaseModel):
    x: float | None = None


class Empty(BaseModel):
    pass


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        ({}, ""),
        (Empty(), ""),
        ([], "[]"),
        ({"a": None}, '{"a":null}'),
        (Model(x=1.5), '{"x":1.5}'),
        (Model(), '{"x":null}'),
        ([Model(x=1)], '[{"x":1.0}]'),
        (Point(2.0), '{"x":2.0}'),
    ],
)
def test_output_is_encoded_as_json(value: Any, text: str) -> None:
    """Models, plain values and mixtures become JSON; nothing and {} become no text at all."""
    assert encode_output(value, 1000) == text


@pytest.mark.parametrize(
    "value",
    [
        math.nan,
        {"a": [math.inf]},
        Model(x=math.nan),
        [Model(x=-math.inf)],
        Point(math.nan),
        {1: 2},
        2**70,
        "\ud800",
        {1, 2},
    ],
)
def test_output_that_json_cannot_carry_is_refused(value: Any) -> None:
    """NaN and infinity are refused rather than written as null, and so is all else that is no JSON."""
    with pytest.raises(BadOutputError, match="no JSON"):
        encode_output(value, 1000)


def _fail(text: str) -> BaseException:
    try:
        raise ValueError(text)  # noqa: TRY301
    except ValueError as error:
        return error


def test_fingerprint_is_equal_for_errors_that_differ_in_numbers_and_ids() -> None:
    """Ports, counts, addresses and ids do not make another error; words do."""
    marks = {
        fingerprint(failure_of(_fail(f"no answer from {where}")))
        for where in ("10.0.0.1:80", "10.0.0.27:443")
    }
    ids = {fingerprint(failure_of(_fail(f"run {i}"))) for i in ("01J" + "A" * 23, "deadbeef" * 4, "7")}
    assert (len(marks), len(ids)) == (1, 1)
    assert fingerprint(failure_of(_fail("something else"))) not in marks
    assert all(len(mark) == 12 for mark in marks)


def test_failure_of_an_exception_that_cannot_print_itself_is_reported() -> None:
    """A broken __str__ hides neither the failure nor its type."""

    class BrokenError(Exception):
        def __str__(self) -> str:
            raise RuntimeError("no")

    failure = failure_of(BrokenError())
    assert "BrokenError" in failure.type
    assert "RuntimeError" in failure.message
