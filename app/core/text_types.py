"""Types of model fields that hold text without control characters."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from app.core.plain_text import CODE, line_problem, text_problem

_LINE_PATTERN = r"^[^\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]*$"


def refusal(problem: str) -> PydanticCustomError:
    """Return the error that a model raises for a text with a problem."""
    return PydanticCustomError(CODE, "{problem}", {"problem": problem})


def _line(text: str) -> str:
    return _checked(text, line_problem(text))


def _text(text: str) -> str:
    return _checked(text, text_problem(text))


def _checked(text: str, problem: str | None) -> str:
    if problem is not None:
        raise refusal(problem)
    return text


Line = Annotated[str, AfterValidator(_line), Field(json_schema_extra={"pattern": _LINE_PATTERN})]
"""A text of one line that holds no control character."""
Text = Annotated[str, AfterValidator(_text)]
"""A text of several lines: tabs and newlines are its only controls."""
