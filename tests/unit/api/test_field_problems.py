"""Field problems: bounded in number and in time."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import BaseModel, ConfigDict, ValidationError

from app.core import fields as module
from app.core.errors import FieldProblem
from app.core.fields import MAX_PROBLEMS, unknown_field, validation_problems
from app.services.api.http.problems import HttpProblem, render_http


class Point(BaseModel):
    model_config = ConfigDict(extra="forbid")
    width: int = 0
    either: list[int | list[int]] = []


def problems_of(raw: dict[str, Any]) -> tuple[FieldProblem, ...]:
    with pytest.raises(ValidationError) as refused:
        Point.model_validate(raw)
    return validation_problems(refused.value, raw, Point)


def test_problems_beyond_fifty_are_counted() -> None:
    """The first fifty are listed; one more entry says how many there are beyond."""
    found = problems_of({f"field{number}": 1 for number in range(990)})
    assert len(found) == MAX_PROBLEMS + 1
    assert found[0].pointer == "/field0"
    assert (found[-1].pointer, found[-1].code) == ("", "more_problems")
    assert found[-1].message.startswith("940 more problems")


def test_problems_up_to_fifty_are_all_listed() -> None:
    """There is no number of others if nothing was left out."""
    found = problems_of({f"field{number}": 1 for number in range(MAX_PROBLEMS)})
    assert {each.code for each in found} == {"unknown_field"}
    assert len(found) == MAX_PROBLEMS


def test_suggestions_are_looked_for_only_in_what_is_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A comparison of names is costly: one for each listed problem, none for a name of any length."""
    compared: list[str] = []

    def counted(name: str, _known: list[str], n: int) -> list[str]:
        compared.append(name)
        return []

    monkeypatch.setattr(module, "get_close_matches", counted)
    problems_of({f"field{number}": 1 for number in range(990)})
    assert len(compared) == MAX_PROBLEMS
    unknown_field("a" * 10_000, ["width"])
    assert len(compared) == MAX_PROBLEMS


def test_union_problems_are_merged_in_one_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each branch of a union is looked at for its own place alone."""
    seen = 0
    merged = module._merged  # pyright: ignore[reportPrivateUsage]

    def counted(detail: Any, several: list[Any]) -> Any:
        nonlocal seen
        seen += len(several)
        return merged(detail, several)

    monkeypatch.setattr(module, "_merged", counted)
    found = problems_of({"either": ["x"] * 900})
    assert found[0].pointer == "/either/0"
    assert found[-1].message.startswith("850 more problems")
    assert seen == 2 * 900


def test_answer_lists_no_more_than_fifty() -> None:
    """Problems of every source are cut in the answer."""
    many = [FieldProblem(f"/{number}", "no", "invalid") for number in range(5_000)]
    answer = bytes(render_http(HttpProblem("invalid_request", "no", many), {"type": "http"}, "a" * 32).body)
    assert answer.count(b'"pointer"') == MAX_PROBLEMS + 1
    assert b"4,950 more problems" in answer
