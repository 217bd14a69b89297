"""`group_by` names an input of the job's type that has one value."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import pytest
from pydantic import BaseModel

from app.core.models import Concurrency, JobSpec, Rate
from app.core.registry import HandlerSpec
from app.core.specs.groups import group_problems


class Size(StrEnum):
    SMALL = "small"
    LARGE = "large"


class Shop(BaseModel):
    code: str
    tags: list[str] = []


class Inputs(BaseModel):
    customer_id: str
    number: int | None = None
    size: Size = Size.SMALL
    shop: Shop | None = None
    labels: dict[str, str] = {}
    names: list[str] = []


async def _none(_context: Any, _inputs: Any) -> None: ...


HANDLER = HandlerSpec("test.shop", _none, inputs=Inputs)


def _problems(path: str, handler: HandlerSpec = HANDLER) -> list[tuple[str, str]]:
    spec = JobSpec(
        job_id="job-a",
        type=handler.type,
        concurrency=Concurrency(key="shop", limit=1, group_by=path),
        rate=Rate(key="api", per_minute=1, group_by=path),
    )
    return [(problem.pointer, problem.code) for problem in group_problems(handler, spec)]


@pytest.mark.parametrize("name", ["customer_id", "number", "size", "shop.code", "labels.region"])
def test_inputs_with_a_single_value_make_groups(name: str) -> None:
    """Texts, numbers, choices, members of a model and of a map."""
    assert _problems(f"inputs.{name}") == []


@pytest.mark.parametrize("name", ["customer", "shop", "shop.tags", "shop.name", "names", "labels", "size.x"])
def test_other_places_are_refused(name: str) -> None:
    """Unknown names, lists, maps and models, in both parts of the spec."""
    expected = [("/concurrency/group_by", "unknown_input"), ("/rate/group_by", "unknown_input")]
    assert _problems(f"inputs.{name}") == expected


def test_problem_names_the_inputs_that_fit() -> None:
    """So a person sees which to choose."""
    spec = JobSpec(
        job_id="job-a", type="test.shop", concurrency=Concurrency(key="k", limit=1, group_by="inputs.x")
    )
    [problem] = group_problems(HANDLER, spec)
    assert problem.message.endswith("this type has inputs.customer_id, inputs.number, inputs.size")


def test_type_without_inputs_has_no_groups() -> None:
    """A type that takes nothing is said so."""
    assert len(_problems("inputs.x", HandlerSpec("test.none", _none))) == 2
