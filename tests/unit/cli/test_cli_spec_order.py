"""The order in which `multi-job apply` saves specs."""

from __future__ import annotations

from typing import Any

from app.cli.spec_files import FileSpec, targets_first


def spec(job_id: str, *targets: str, field: str = "on_success") -> FileSpec:
    chains = {field: list(targets)} if targets else {}
    return FileSpec("jobs.yaml", {"job_id": job_id, **chains})


def ids(specs: list[FileSpec]) -> list[str]:
    return [each.job_id for each in targets_first(specs)]


def test_specs_without_chains_keep_their_order() -> None:
    """Nothing moves that need not."""
    assert ids([spec("c"), spec("a"), spec("b")]) == ["c", "a", "b"]


def test_a_job_comes_after_those_that_it_starts() -> None:
    """Over both lists and several steps, each spec once."""
    specs = [spec("a", "b", "d"), spec("b", "c", field="on_failure"), spec("d", "c"), spec("c")]
    assert ids(specs) == ["c", "b", "d", "a"]


def test_targets_that_are_not_there_are_passed_over() -> None:
    """They may be stored already; if not, the server says so."""
    assert ids([spec("a", "stored"), spec("b")]) == ["a", "b"]


def test_a_circle_neither_hangs_nor_loses_a_spec() -> None:
    """The server refuses it."""
    assert sorted(ids([spec("a", "b"), spec("b", "a"), spec("c", "c")])) == ["a", "b", "c"]


def test_specs_that_hold_anything_are_passed_on() -> None:
    """What is no list of ids, and an id twice, are the server's to refuse."""
    odd: list[dict[str, Any]] = [{"on_success": 5}, {"job_id": "a", "on_failure": [1, "a"]}, {"job_id": "a"}]
    assert len(targets_first([FileSpec("jobs.yaml", each) for each in odd])) == 3
