"""Inconsistent specs are refused, with a pointer to the field."""

from __future__ import annotations

from typing import Any

import pytest

from app.core.errors import InvalidSpec, UnknownJobType
from app.core.models import JobSpec
from app.core.policies import Policies
from app.core.specs.validation import READ_ONLY_FIELDS, check_spec
from app.services.api.schemas.jobs import JobBody
from tests.support.api.api_fakes import fake_registry
from tests.support.api.refused_specs import REFUSED


def check(**changes: Any) -> Any:
    raw: dict[str, Any] = {"job_id": "a", "type": "test.load", **changes}
    return check_spec(raw, fake_registry(), Policies(), "Asia/Jakarta")


@pytest.mark.parametrize(("changes", "pointer", "code"), REFUSED)
def test_spec_check_points_at_the_refused_field(changes: dict[str, Any], pointer: str, code: str) -> None:
    """Each refused value is named by its pointer and a stable code, and by nothing else."""
    with pytest.raises(InvalidSpec) as refusal:
        check(**changes)
    assert [(problem.pointer, problem.code) for problem in refusal.value.problems] == [(pointer, code)]
    assert refusal.value.problems[0].message


@pytest.mark.parametrize(
    ("changes", "suggestion"),
    [
        ({"schedule": {"crn": "* * * * *"}}, "'cron'"),
        ({"inputs": {"duration": 1}}, "'duration_ms'"),
        ({"inputs": {"place": {"ctiy": "x"}}}, "'city'"),
        ({"retry_polcy": {}}, "'retry_policy'"),
        ({"retry_policy": {"backoff_sec": {"bse": 1}}}, "'base'"),
    ],
)
def test_spec_check_suggests_the_field_that_was_meant(changes: dict[str, Any], suggestion: str) -> None:
    """An unknown field is met with the nearest known one of the same object."""
    with pytest.raises(InvalidSpec) as refusal:
        check(**changes)
    assert f"did you mean {suggestion}?" in refusal.value.problems[0].message


def test_spec_check_names_every_problem_at_once() -> None:
    """Shape problems come together, and so do those of schedule and inputs."""
    with pytest.raises(InvalidSpec) as refusal:
        check(schedule={"cron": "61 * * * *"}, inputs={"duration_ms": "x", "mode": "both"})
    pointers = {problem.pointer for problem in refusal.value.problems}
    assert pointers == {"/schedule/cron", "/inputs/duration_ms", "/inputs/mode"}


def test_spec_check_names_the_nearest_type() -> None:
    """An unknown type is an error of its own, with the nearest known one."""
    with pytest.raises(UnknownJobType) as refusal:
        check(type="test.laod")
    assert "Did you mean 'test.load'?" in refusal.value.message


def test_spec_check_fills_in_what_the_type_says() -> None:
    """A spec's own values win over the defaults of its type."""
    assert check().timeout_ms == 1234
    assert check(timeout_ms=7).timeout_ms == 7
    assert check(retry_policy={"max_retry": 9}).retry_policy.max_retry == 9


def test_spec_check_ignores_read_only_fields() -> None:
    """What a GET adds may come back in a PUT."""
    assert check(**dict.fromkeys(READ_ONLY_FIELDS, "anything")) == check()


@pytest.mark.parametrize("value", ["\ud800", 2**64, object()])
def test_spec_check_refuses_what_is_no_json(value: object) -> None:
    """Values that JSON cannot carry are refused and never raise anything else."""
    with pytest.raises(InvalidSpec):
        check(inputs={"x": value})


def test_every_field_that_an_answer_adds_may_stay_in_a_request() -> None:
    """GET, edit, PUT: a field of the answer that is no part of the spec is ignored."""
    assert JobBody.model_fields.keys() - JobSpec.model_fields.keys() <= READ_ONLY_FIELDS
