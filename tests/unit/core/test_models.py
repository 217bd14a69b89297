"""Specs, schedules, retry policies and states: consistency and refusals."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from app.core.ids import is_run_id
from app.core.models import (
    MAX_BACKOFF_SEC,
    TERMINAL,
    TRANSITIONS,
    Concurrency,
    ExponentialBackoff,
    JobSpec,
    Misfire,
    Overlap,
    Priority,
    RetryPolicy,
    RunStatus,
    Schedule,
)

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def spec(**changes: Any) -> JobSpec:
    return JobSpec.model_validate({"job_id": "job-a", "type": "test.noop", **changes})


# States


def test_every_state_has_its_transitions() -> None:
    """The table has all states; no transition leaves a terminal one, except for the redrive of a failure."""
    assert set(TRANSITIONS) == set(RunStatus)
    assert {s for s in RunStatus if not TRANSITIONS[s]} == TERMINAL - {RunStatus.FAILED}
    assert TRANSITIONS[RunStatus.FAILED] == {RunStatus.QUEUED, RunStatus.SCHEDULED}


def test_every_state_can_be_reached_and_every_run_can_end() -> None:
    """From both beginnings all states can come about, and from each a terminal one."""
    reached, frontier = {RunStatus.SCHEDULED, RunStatus.QUEUED}, [RunStatus.SCHEDULED, RunStatus.QUEUED]
    while frontier:
        following = TRANSITIONS[frontier.pop()] - reached
        reached |= following
        frontier += following
    assert reached == set(RunStatus)
    assert all(status in TERMINAL or RunStatus.CANCELLED in TRANSITIONS[status] for status in RunStatus)


# Specs


def test_defaults_of_a_stored_spec_never_change() -> None:
    """Specs are stored without defaults: another default would change every stored version of a job.

    A new field may be added here. A changed default needs a migration that writes the old one into the specs.
    """
    whole = spec(retry_policy={}, schedule={"interval_sec": 1}, concurrency={"key": "k", "limit": 1})
    assert whole.model_dump(mode="json", exclude_none=True, exclude={"job_id", "type"}) == {
        "description": "",
        "enabled": True,
        "schedule": {"interval_sec": 1},
        "inputs": {},
        "timeout_ms": 60_000,
        "retry_policy": {
            "max_retry": 3,
            "backoff_sec": {"base": 1.0, "factor": 2.0, "max": 300.0},
            "jitter": 0.0,
            "non_retryable": [],
        },
        "tags": [],
        "priority": "normal",
        "concurrency": {"key": "k", "limit": 1},
        "overlap": "skip",
        "misfire": "run_once",
        "misfire_grace_sec": 10,
        "jitter_sec": 0.0,
        "on_success": [],
        "on_failure": [],
        "failure_cooldown_sec": 0,
    }
    assert (whole.queue, Schedule(interval_sec=1).on_skip.value) == ("default", "drop")


def test_a_spec_needs_an_id_and_a_type() -> None:
    """Everything else has a default."""
    plain = spec()
    assert (plain.enabled, plain.schedule, plain.inputs, plain.priority) == (True, None, {}, Priority.NORMAL)
    assert (plain.overlap, plain.misfire, plain.timeout_ms) == (Overlap.SKIP, Misfire.RUN_ONCE, 60_000)


def test_the_readmes_job_is_a_spec() -> None:
    """Written as people write it."""
    read = spec(
        schedule={"interval_sec": 30},
        timeout_ms=15_000,
        retry_policy={"max_retry": 5, "backoff_sec": [1, 2, 5, 10, 30]},
        inputs={"channel": "telegram", "account_id": "bot_a01"},
    )
    assert read.retry_policy.backoff_sec == [1, 2, 5, 10, 30]
    assert JobSpec.model_validate_json(read.model_dump_json()) == read


@pytest.mark.parametrize("job_id", ["a", "A1", "a.b_c-d", "0", "x" * 64])
def test_job_ids_that_are_taken(job_id: str) -> None:
    """Letters, digits, dot, underscore, dash."""
    assert spec(job_id=job_id).job_id == job_id


@pytest.mark.parametrize(
    "job_id", ["", "new", "-a", ".a", "a b", "a/b", "a:b", "a{b}", "ä", "x" * 65, "a\n", "a@1", 5, None]
)
def test_job_ids_that_are_refused(job_id: object) -> None:
    """Nothing that could leave its key, its address or its line."""
    with pytest.raises(ValidationError):
        spec(job_id=job_id)


@pytest.mark.parametrize(
    "changes",
    [
        {"unknown": 1},
        {"type": "Test.Noop"},
        {"type": "a..b"},
        {"type": "x" * 65},
        {"timeout_ms": 0},
        {"timeout_ms": 86_400_001},
        {"timeout_ms": 1.5},
        {"timeout_ms": "5"},
        {"tags": ["a,b"]},
        {"tags": [""]},
        {"tags": [f"t{n}" for n in range(21)]},
        {"description": "x" * 501},
        {"priority": "urgent"},
        {"overlap": "maybe"},
        {"misfire": "never"},
        {"misfire_grace_sec": -1},
        {"jitter_sec": -0.1},
        {"jitter_sec": 3601},
        {"jitter_sec": float("nan")},
        {"on_failure": ["a b"]},
        {"on_success": [f"j{n}" for n in range(11)]},
        {"failure_cooldown_sec": 86_401},
        {"concurrency": {"key": "", "limit": 1}},
        {"concurrency": {"key": "a b", "limit": 1}},
        {"concurrency": {"key": "k", "limit": 0}},
        {"concurrency": {"key": "k", "limit": 10_001}},
        {"concurrency": {"key": "k", "limit": True}},
    ],
    ids=str,
)
def test_specs_that_are_refused(changes: dict[str, Any]) -> None:
    """Each of these would break something later."""
    with pytest.raises(ValidationError):
        spec(**changes)


def test_tags_stand_once_in_their_order() -> None:
    """A tag given twice is one tag."""
    assert spec(tags=["b", "a", "b"]).tags == ["b", "a"]


def test_a_spec_does_not_change() -> None:
    """A version is what was saved."""
    with pytest.raises(ValidationError):
        spec().description = "x"  # pyright: ignore[reportAttributeAccessIssue]


# Schedules


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"interval_sec": 5, "cron": "* * * * *"},
        {"interval_sec": 0},
        {"interval_sec": -1},
        {"interval_sec": 0.001},
        {"interval_sec": float("nan")},
        {"interval_sec": 1e18},
        {"interval_sec": "5"},
        {"interval_sec": True},
        {"interval_sec": 5, "timezone": "Asia/Jakarta"},
        {"cron": ""},
        {"cron": "x" * 201},
        {"cron": "* * * * *", "timezone": "x" * 65},
        {"at": "2026-01-01T12:00:00"},
        {"at": "soon"},
        {"interval_sec": 5, "start_at": NOON, "end_at": NOON},
        {"interval_sec": 5, "start_at": NOON, "end_at": NOON - timedelta(seconds=1)},
        {"interval_sec": 5, "every": "day"},
    ],
    ids=str,
)
def test_schedules_that_are_refused(values: dict[str, Any]) -> None:
    """Exactly one kind, aware instants, sane numbers."""
    with pytest.raises(ValidationError):
        Schedule.model_validate(values)


@pytest.mark.parametrize(
    "values",
    [
        {"interval_sec": 1},
        {"interval_sec": 366 * 86_400},
        {"cron": "0 7 * * *", "timezone": "Asia/Jakarta"},
        {"at": "2026-01-01T12:00:00+07:00"},
        {"interval_sec": 5, "start_at": NOON, "end_at": NOON + timedelta(days=1)},
    ],
    ids=str,
)
def test_schedules_that_are_taken(values: dict[str, Any]) -> None:
    """Each kind alone, with optional bounds."""
    read = Schedule.model_validate(values)
    assert Schedule.model_validate_json(read.model_dump_json()) == read


# Retry policies


@pytest.mark.parametrize(
    "values",
    [
        {"max_retry": -1},
        {"max_retry": 101},
        {"max_retry": 1.5},
        {"backoff_sec": []},
        {"backoff_sec": [1] * 101},
        {"backoff_sec": [-1]},
        {"backoff_sec": [MAX_BACKOFF_SEC + 1]},
        {"backoff_sec": [float("inf")]},
        {"backoff_sec": {"factor": 0.5}},
        {"backoff_sec": {"base": -1}},
        {"jitter": 1.1},
        {"non_retryable": ["x" * 101]},
    ],
    ids=str,
)
def test_retry_policies_that_are_refused(values: dict[str, Any]) -> None:
    """Bounds on every number."""
    with pytest.raises(ValidationError):
        RetryPolicy.model_validate(values)


def test_a_list_of_delays_repeats_its_last() -> None:
    """The n-th failure waits the n-th delay."""
    policy = RetryPolicy(backoff_sec=[1, 2, 5])
    assert [policy.delay_sec(n, 0.5) for n in range(5)] == [1, 1, 2, 5, 5]


def test_the_default_delay_doubles_up_to_five_minutes() -> None:
    """1, 2, 4, … 256, 300, 300."""
    policy = RetryPolicy()
    assert [policy.delay_sec(n, 0.0) for n in (1, 2, 3, 9, 10, 1000)] == [1, 2, 4, 256, 300, 300]


POLICIES = st.builds(
    RetryPolicy,
    backoff_sec=st.builds(
        ExponentialBackoff,
        base=st.floats(min_value=0, max_value=MAX_BACKOFF_SEC),
        factor=st.floats(min_value=1, max_value=100),
        max=st.floats(min_value=0, max_value=MAX_BACKOFF_SEC),
    ),
    jitter=st.floats(min_value=0, max_value=1),
)


@given(
    POLICIES,
    st.integers(min_value=0, max_value=10_000),
    st.floats(min_value=0, max_value=1, exclude_max=True),
)
def test_delays_are_never_negative_nor_beyond_the_cap(
    policy: RetryPolicy, failures: int, spread: float
) -> None:
    """No factor and no number of failures overflows."""
    assert isinstance(policy.backoff_sec, ExponentialBackoff)
    assert 0 <= policy.delay_sec(failures, spread) <= policy.backoff_sec.max * (1 + policy.jitter) + 1e-6


def test_jitter_spreads_around_the_delay() -> None:
    """Half below, half above, by at most the given part."""
    policy = RetryPolicy(backoff_sec=[10], jitter=0.5)
    assert [policy.delay_sec(1, spread) for spread in (0, 0.5, 0.999999)] == pytest.approx(
        [5, 10, 15], abs=1e-3
    )


def test_concurrency_is_a_key_and_a_limit() -> None:
    """Any name that is no key syntax of Redis."""
    assert Concurrency(key="db:main@eu", limit=3).limit == 3


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("0123456789ABCDEFGHJKMNPQRS", True),
        ("job-a@1767225600000", True),
        ("job-a", False),
        ("0123456789ABCDEFGHJKMNPQRI", False),
        ("0123456789abcdefghjkmnpqrs", False),
        ("job-a@", False),
        ("job-a@12345678901234567", False),
        ("job-a@1\n", False),
        ("a:b@1", False),
        ("", False),
    ],
)
def test_run_ids_are_recognised(text: str, fits: bool) -> None:
    """Only these two forms become part of a key."""
    assert is_run_id(text) is fits
