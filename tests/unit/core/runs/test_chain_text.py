"""The chain fields of a run, and their parsing by a scheduler."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import orjson
import pytest
from pydantic import ValidationError

from app.core.ids import id_time_ms, is_run_id
from app.core.models import JobSpec
from app.core.runs.chains import MAX_DEPTH, ChainEntry
from app.core.runs.store import run_record_of
from app.core.specs.runs import chain_text, run_of

ENTRY = ChainEntry("1-0", "01M87TBRE4ETASV9HH24B0C2HH", "1", "a", "b", 1, 1_700_000_000_000, "ab" * 16, "ana")


def spec(**changes: Any) -> JobSpec:
    return JobSpec.model_validate({"job_id": "a", "type": "a.b", **changes})


def test_chain_text_of_a_plain_job_is_empty() -> None:
    """Nothing is stored, and nothing is looked at when its run ends."""
    assert chain_text(spec()) == ""
    assert run_of(spec(), 1, run_id="x", source="api", trace_id="t").chain == ""


def test_chain_text_says_what_the_spec_says() -> None:
    """Both lists, the cooldown, and the place in the chain, each only if there is one."""
    text = chain_text(spec(on_success=["b"], on_failure=["c", "d"], failure_cooldown_sec=60), 2, "p")
    assert orjson.loads(text) == {"s": ["b"], "f": ["c", "d"], "c": 60, "d": 2, "p": "p"}
    assert orjson.loads(chain_text(spec(on_failure=["c"]))) == {"f": ["c"]}


def test_chain_place_reads_what_chain_text_wrote() -> None:
    """A child knows its parent and its depth, even if it starts nothing itself."""
    stored = dict.fromkeys(("seq", "rev", "version", "timeout", "created", "inputs"), "1")
    stored |= {"job": "a", "type": "a.b", "source": "api", "trace": "t", "status": "queued", "pri": "high"}
    for text, place in (
        (chain_text(spec(), 3, "parent"), ("parent", 3)),
        (chain_text(spec(on_success=["b"])), (None, 0)),
        ("", (None, 0)),
    ):
        run = run_record_of("x", {**stored, "chain": text}, [])
        assert (run.parent_run_id, run.chain_depth) == place


@pytest.mark.parametrize("changes", [{"run_id": "other"}, {"attempt": "2"}, {"target": "c"}])
def test_child_id_is_of_parent_attempt_and_target(changes: dict[str, str]) -> None:
    """Every derivation gives the same id; another end or another target gives another one."""
    assert replace(ENTRY, entry="9-9").child_id == ENTRY.child_id
    assert replace(ENTRY, **changes).child_id != ENTRY.child_id


def test_child_id_sorts_by_the_end_of_its_parent() -> None:
    """It is a run id like any other, made when the parent ended."""
    assert is_run_id(ENTRY.child_id)
    assert id_time_ms(ENTRY.child_id) == ENTRY.ended_at_ms


@pytest.mark.parametrize(
    "changes",
    [
        {"on_success": ["-"]},
        {"on_failure": [f"j{n}" for n in range(11)]},
        {"failure_cooldown_sec": -1},
        {"failure_cooldown_sec": 86_401},
        {"failure_cooldown_sec": "60"},
    ],
)
def test_spec_refuses_chains_out_of_bounds(changes: dict[str, Any]) -> None:
    """Ids only, ten a list, a day at most."""
    with pytest.raises(ValidationError):
        spec(**changes)


def test_spec_names_a_target_once() -> None:
    """A job listed twice is run once."""
    assert spec(on_success=["b", "c", "b"]).on_success == ["b", "c"]


def test_depth_cap_is_the_documented_one() -> None:
    """The documents and the message say ten."""
    assert MAX_DEPTH == 10
