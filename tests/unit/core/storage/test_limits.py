"""Names of groups and rates: as in the scripts, plain, and never the same for two values."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.models import Concurrency, JobSpec, Rate
from app.core.storage.limits import (
    NO_GROUP,
    group_of,
    limit_in,
    names_of_run,
    names_of_spec,
    run_key,
    slot_text,
)

BY = "inputs.customer_id"
PLAIN = set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._:@+-%~")


def _spec(**fields: Any) -> JobSpec:
    return JobSpec(job_id="job-a", type="test.noop", **fields)


@pytest.mark.parametrize(
    ("inputs", "group"),
    [
        ({"customer_id": "42"}, "42"),
        ({"customer_id": 42}, "42"),
        ({"customer_id": True}, "true"),
        ({"customer_id": "toko berkah/2,|"}, "toko%20berkah%2F2%2C%7C"),
        ({"customer_id": "~"}, "%7E"),
        ({"customer_id": ""}, NO_GROUP),
        ({"customer_id": None}, NO_GROUP),
        ({}, NO_GROUP),
    ],
)
def test_group_is_the_value_in_plain_characters(inputs: dict[str, Any], group: str) -> None:
    """Texts, numbers and truth values name a group; runs without a value are one."""
    assert group_of(inputs, BY) == group


def test_group_may_lie_deeper_in_the_inputs() -> None:
    """A path of names; a value on the way that has no members leads nowhere."""
    assert group_of({"shop": {"id": "x"}}, "inputs.shop.id") == "x"
    assert group_of({"shop": "x"}, "inputs.shop.id") == NO_GROUP


@given(st.text(min_size=1, max_size=200), st.text(min_size=1, max_size=200))
def test_two_values_are_two_groups(first: str, second: str) -> None:
    """No value takes another's group, however long or strange; a group is short and plain."""
    groups = [group_of({"customer_id": value}, BY) for value in (first, second)]
    assert (groups[0] == groups[1]) == (first == second)
    assert all(len(group) <= 64 and set(group) <= PLAIN and group != NO_GROUP for group in groups)


def test_key_of_a_run_has_its_group_and_its_rate() -> None:
    """What the run stores, and the names that the scripts make of it."""
    slots = Concurrency(key="shop", limit=2, group_by=BY)
    inputs = {"customer_id": 7}
    assert run_key(_spec(), inputs) == ""
    assert run_key(_spec(concurrency=slots), inputs) == "shop/7"
    assert run_key(_spec(rate=Rate(key="api", per_minute=60)), inputs) == "|api"
    both = run_key(_spec(concurrency=slots, rate=Rate(key="api", per_minute=60, group_by=BY)), inputs)
    assert both == "shop/7|api/7"
    assert names_of_run("job-a", "1", both) == ["job:job-a", "user:shop/7", "user:shop", "rate:api/7"]
    assert names_of_run("job-a", None, "db") == ["user:db"]
    assert names_of_run("job-a", None, None) == []


def test_limits_of_a_spec_are_stored_as_texts() -> None:
    """A key without groups keeps its number; one with groups has all three values."""
    spec = _spec(
        concurrency=Concurrency(key="shop", limit=2, total=8, group_by=BY, strategy="group_round_robin"),
        rate=Rate(key="api", per_minute=60),
    )
    assert names_of_spec(spec) == {"user:shop": "2|8|group_round_robin", "rate:api": "60"}
    assert slot_text(Concurrency(key="db", limit=3)) == "3"
    assert [limit_in("2|8|group_round_robin", name) for name in ("user:shop/7", "user:shop")] == [2, 8]
    assert limit_in("2||oldest_first", "user:shop") is None
    assert limit_in(None, "user:gone") == 1
    assert limit_in(None, "rate:gone") is None


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"total": 4}, "add group_by"),
        ({"strategy": "group_round_robin"}, "needs groups"),
        ({"group_by": BY, "total": 1}, "must not be less than limit"),
        ({"group_by": "customer_id"}, "should match pattern"),
        ({"group_by": "inputs"}, "should match pattern"),
        ({"strategy": "newest_first"}, "group_round_robin"),
    ],
)
def test_limits_that_mean_nothing_are_refused(fields: dict[str, Any], message: str) -> None:
    """Each part needs the one that it speaks of."""
    with pytest.raises(ValueError, match=message):
        Concurrency.model_validate({"key": "shop", "limit": 2, **fields})


def test_absent_fields_are_not_shown() -> None:
    """A job without groups and rates looks as before."""
    spec = _spec(concurrency=Concurrency(key="db", limit=1)).model_dump(mode="json")
    assert spec["concurrency"] == {"key": "db", "limit": 1}
    assert "rate" not in spec
