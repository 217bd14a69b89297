"""Scopes and address lists of keys: what they take, and what they decide."""

from __future__ import annotations

import pytest

from app.core.access.records import Role
from app.core.access.scope import (
    MAX_ENTRIES,
    admits_address,
    checked_addresses,
    checked_scope,
    closed_types,
    job_scope,
)
from app.core.config import Settings
from app.core.errors import InvalidInput
from app.core.models import JobSpec
from app.core.registry import load_handlers


def _spec(job_id: str, *tags: str, job_type: str = "test.load") -> JobSpec:
    return JobSpec(job_id=job_id, type=job_type, tags=list(tags))


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        ("shop", "neither `tag:NAME` nor `job:PREFIX`"),
        ("tag:", "neither"),
        ("job:", "neither"),
        ("job:*", "neither"),
        ("tag:a b", "neither"),
        ("Tag:shop", "neither"),
        ("team:shop", "neither"),
        ("job:-a", "neither"),
        ("", "neither"),
        ("job:" + "a" * 100, "longer than 80"),
    ],
)
def test_scope_entry_of_another_form_is_refused(entry: str, says: str) -> None:
    """The error names the field, the entry and the forms."""
    with pytest.raises(InvalidInput, match=says) as refusal:
        checked_scope([entry], Role.VIEWER)
    assert refusal.value.message.startswith("scope:")


def test_scope_is_kept_in_order_each_entry_once() -> None:
    """Repeats and surrounding blanks are left out."""
    given = ["tag:shop", " job:shop- ", "tag:shop", "tag:a:b.c_d-e"]
    assert checked_scope(given, Role.OPERATOR) == ("tag:shop", "job:shop-", "tag:a:b.c_d-e")


@pytest.mark.parametrize("role", [role for role in Role if role not in {Role.VIEWER, Role.OPERATOR}])
def test_scope_of_a_role_for_the_whole_deployment_is_refused(role: Role) -> None:
    """An admin acts on the whole deployment; without a scope each role is fine."""
    assert checked_scope([], role) == ()
    with pytest.raises(InvalidInput, match=f"the role {role} concerns the whole"):
        checked_scope(["tag:shop"], role)


def test_scope_and_addresses_have_a_limit() -> None:
    """Each request compares them, so there are at most 50."""
    many = range(MAX_ENTRIES + 1)
    with pytest.raises(InvalidInput, match="51 entries are too many; 50 are allowed"):
        checked_scope([f"job:j{number}" for number in many], Role.VIEWER)
    with pytest.raises(InvalidInput, match="addresses: 51 entries"):
        checked_addresses([f"10.0.0.{number}" for number in many])


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("10.0.0.5", "10.0.0.5/32"),
        ("10.0.0.0/8", "10.0.0.0/8"),
        ("2001:DB8::/32", "2001:db8::/32"),
        ("::ffff:10.0.0.0/104", "10.0.0.0/8"),
        ("::ffff:10.0.0.5", "10.0.0.5/32"),
        ("::/0", "::/0"),
    ],
)
def test_address_is_kept_in_its_usual_form(given: str, kept: str) -> None:
    """IPv4 inside IPv6 is kept as IPv4, as addresses are compared."""
    assert checked_addresses([given]) == (kept,)


@pytest.mark.parametrize(
    "entry",
    ["", "10.0.0.5/8", "10.0.0.0/33", "10.0.0", "host.example", "10.0.0.1-10.0.0.9", "1.2.3.4:80", "*"],
)
def test_address_that_is_no_network_is_refused(entry: str) -> None:
    """Nothing is guessed, also not from a network with bits behind its prefix."""
    with pytest.raises(InvalidInput, match="no address and no network"):
        checked_addresses([entry])


@pytest.mark.parametrize(
    ("address", "is_admitted"),
    [
        ("10.9.9.9", True),
        ("::ffff:10.9.9.9", True),
        ("2001:db8::7", True),
        ("fe80::1%eth0", False),
        ("11.0.0.1", False),
        ("::ffff:11.0.0.1", False),
        ("127.0.0.1", False),
        ("::1", False),
        ("", False),
        ("unknown", False),
    ],
)
def test_address_is_compared_with_the_list(address: str, is_admitted: bool) -> None:
    """An unknown address is in no list."""
    assert admits_address(("10.0.0.0/8", "2001:db8::/32"), address) is is_admitted


def test_scope_covers_by_prefix_or_tag() -> None:
    """One of them is enough; the case counts."""
    scope = job_scope(("job:shop-", "job:toko", "tag:shop"), frozenset())
    assert scope is not None
    inside = [_spec("shop-1"), _spec("toko"), _spec("x", "other", "shop")]
    outside = [_spec("shop"), _spec("my-shop-1"), _spec("Shop-1"), _spec("x", "shops"), _spec("x", "Shop")]
    assert [scope.covers(spec) for spec in inside] == [True] * 3
    assert [scope.covers(spec) for spec in outside] == [False] * 5


def test_scope_of_unknown_entries_covers_nothing() -> None:
    """A record of a later version must not open everything."""
    scope = job_scope(("team:shop", "job:", "tag:"), frozenset())
    assert scope is not None
    assert not scope.covers(_spec("a", "shop"))
    assert not scope.covers_id("a")
    assert job_scope((), frozenset()) is None


def test_scope_has_no_job_that_reaches_the_whole_deployment() -> None:
    """Reports and exports show all jobs, whatever the id and the tags of their own job are."""
    settings = Settings(_env_file=None)  # pyright: ignore[reportCallIssue]
    closed = closed_types(load_handlers(settings).specs())
    assert closed == {"report.daily", "backup.export", "backup.verify"}
    scope = job_scope(("job:shop-", "tag:shop"), closed)
    assert scope is not None
    assert not scope.covers(_spec("shop-report", "shop", job_type="report.daily"))
