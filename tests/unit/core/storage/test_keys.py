"""Every key is declared, is in one slot, and belongs to one family."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.storage.key_families import KeySpec, KeyType
from app.core.storage.key_rendering import lua_names, lua_table, schema_markdown
from app.core.storage.keys import KEY_SPECS, Keys

KEYS = Keys("ns")
# What ids may look like: jobs, runs, types, tags, concurrency keys, scopes.
SUFFIXES = st.from_regex(r"\A[A-Za-z0-9][A-Za-z0-9._@-]{0,20}\Z")
NAMED = st.from_regex(r"\A(job|user):[A-Za-z0-9][A-Za-z0-9._:@+-]{0,20}\Z")


def _key_of(spec: KeySpec, suffix: str = "x") -> str:
    member: Any = getattr(KEYS, spec.name)
    return member(*[suffix] * spec.parameters) if spec.parameters else member


@pytest.mark.parametrize("spec", KEY_SPECS, ids=lambda spec: spec.name)
def test_a_family_makes_its_keys(spec: KeySpec) -> None:
    """The function, the declaration and the names in Lua agree."""
    key = _key_of(spec)
    assert key.startswith("{ns}:")
    assert key.startswith("{ns}:" + spec.lua_value)
    assert KEYS.declaration(key) is spec
    assert getattr(Keys, spec.name) is spec


def test_a_key_is_made_of_its_parts() -> None:
    """Parts are joined by colons, and a family takes as many as it names."""
    assert KEYS.run("r-1") == "{ns}:run:r-1"
    assert KEYS.rollup_quarter("job-a", 20_000) == "{ns}:rollup:quarter:job-a:20000"
    assert (KEYS.seq, Keys("other").seq) == ("{ns}:seq", "{other}:seq")
    make: Any = KEYS.run
    with pytest.raises(TypeError):
        make("r-1", "r-2")


def test_families_are_declared_once() -> None:
    """Names and stems are unique."""
    assert len({spec.name for spec in KEY_SPECS}) == len(KEY_SPECS)
    assert len({spec.lua_value for spec in KEY_SPECS}) == len(KEY_SPECS)


@given(SUFFIXES, SUFFIXES, st.sampled_from(KEY_SPECS), st.sampled_from(KEY_SPECS))
def test_two_families_never_share_a_key(one: str, other: str, first: KeySpec, second: KeySpec) -> None:
    """Whatever the ids, a key belongs to the family that made it."""
    if first is not second:
        assert _key_of(first, one) != _key_of(second, other)
    assert KEYS.declaration(_key_of(first, one)) is first


@given(NAMED)
def test_names_of_concurrency_keys_stay_in_their_family(name: str) -> None:
    """They may hold colons, and begin with `job:` or `user:`."""
    for spec in KEY_SPECS:
        if spec.name in {"holders", "waiting", "waiting_lines", "limit_jobs"}:
            assert KEYS.declaration(_key_of(spec, name)) is spec


def test_foreign_keys_are_not_declared() -> None:
    """Another namespace's, and an undeclared family."""
    assert KEYS.declaration("{other}:seq") is None
    assert KEYS.declaration("{ns}:nothing") is None
    assert KEYS.declaration("{ns}:seq:more") is None


def test_all_keys_of_a_namespace_share_one_slot() -> None:
    """The hash tag is the namespace, so a cluster keeps them together."""
    assert {_key_of(spec).split("}")[0] for spec in KEY_SPECS} == {"{ns"}


def test_what_expires_says_for_how_long() -> None:
    """A lifetime that is no lifetime is not promised."""
    for spec in KEY_SPECS:
        assert spec.lifetime
        assert not (spec.expires and spec.lifetime == "permanent")
        assert (spec.type is KeyType.CHANNEL) == (spec.lifetime == "–")


def test_lua_gets_the_names_that_it_uses() -> None:
    """The table `K` holds those and no others."""
    assert lua_names("redis.call('GET', K.seq) .. K.run .. x") == {"seq", "run"}
    assert lua_table(KEYS, {"seq", "run"}) == "local K = {run='{ns}:run:', seq='{ns}:seq'}"
    with pytest.raises(KeyError):
        lua_table(KEYS, {"nothing"})


def test_the_schema_page_has_a_row_for_each_family() -> None:
    """One line a family, with its type."""
    rows = [line for line in schema_markdown().splitlines() if line.startswith("| `")]
    assert len(rows) == len(KEY_SPECS)
