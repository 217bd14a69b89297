"""Errors of the core: a tree, stable codes, texts for people."""

from __future__ import annotations

import inspect
import re
from typing import Any

import pytest

from app.core import errors
from app.core.errors import FieldProblem, MultiJobError, RunFailure

CLASSES = [
    value
    for _, value in inspect.getmembers(errors, inspect.isclass)
    if issubclass(value, MultiJobError) and value.__module__ == errors.__name__
]


def _tree() -> dict[str, str | None]:
    """Return each name in the module's picture with the name above it."""
    found: dict[str, str | None] = {}
    above: list[str] = []
    for line in (errors.__doc__ or "").splitlines():
        match = re.match(r"^((?:[│ ]   )*)(?:[├└]── )?([A-Z]\w+)(?:  .*)?$", line)
        if match is None or not hasattr(errors, match[2]):
            continue
        depth = line.index(match[2]) // 4
        above[depth:] = [match[2]]
        found[match[2]] = above[depth - 1] if depth else None
    return found


def test_the_picture_shows_every_class_below_its_parent() -> None:
    """The tree at the head of the module is the tree of the classes."""
    actual = {cls.__name__: None if cls is MultiJobError else cls.__bases__[0].__name__ for cls in CLASSES}
    assert _tree() == actual


def test_codes_are_stable_and_distinct() -> None:
    """Each class has a code of its own, in the form that clients compare."""
    codes = [cls.code for cls in CLASSES]
    assert len(set(codes)) == len(codes)
    assert all(re.fullmatch(r"[a-z]+(_[a-z]+)*", code) for code in codes)


def test_a_code_is_the_name_of_its_class() -> None:
    """A class may set another code; an error class of a handler has the code of its base."""

    class QuotaSpent(RunFailure):
        """The quota of a remote service is used up."""

    assert (errors.JobNotFound.code, errors.HttpTooLarge.code) == ("job_not_found", "http_too_large")
    assert (RunFailure.code, QuotaSpent.code) == ("failed", "failed")


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)
def test_a_class_says_what_it_means(cls: type[MultiJobError]) -> None:
    """One sentence each."""
    assert (cls.__doc__ or "").endswith(".")


@pytest.mark.parametrize(
    ("error", "parts"),
    [
        (errors.JobNotFound("job-a"), ["job-a"]),
        (errors.RunNotFound("job-a@1"), ["job-a@1"]),
        (errors.VersionNotFound("job-a", 7), ["job-a", "7"]),
        (errors.JobExists("job-a"), ["job-a", "PUT"]),
        (errors.VersionConflict("job-a", 2, 3), ["job-a", "2", "3"]),
        (errors.UnknownJobType("reprot.daily", ("report.daily",), "report.daily"), ["Did you mean"]),
        (errors.UnknownJobType("x", (), None), ["none"]),
    ],
    ids=lambda value: type(value).__name__,
)
def test_messages_name_what_they_are_about(error: MultiJobError, parts: list[str]) -> None:
    """The message has the details and the next step, and is the exception's text."""
    assert all(part in error.message for part in parts)
    assert str(error) == error.message


def test_field_problems_travel_with_invalid_input() -> None:
    """Every refused field is named."""
    problem = FieldProblem("/schedule/cron", "bad", "cron")
    assert errors.InvalidSpec("The spec is not valid.", (problem,)).problems == (problem,)


@pytest.mark.parametrize(
    ("cls", "retryable"),
    [(RunFailure, True), (errors.RetryableError, True), (errors.NonRetryableError, False)],
)
def test_run_failures_say_whether_to_try_again(cls: Any, retryable: bool) -> None:
    """A handler may give its own code; the class's stays for the others."""
    failure = cls("no luck", code="quota")
    assert (failure.retryable, failure.code) == (retryable, "quota")
    assert cls("again").code == cls.code
