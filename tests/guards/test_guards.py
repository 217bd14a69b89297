"""Each guard of the scripts is proven by a test that fails without it."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.core.storage.scripts import LUA_DIR
from tests.guards.run_guards import chosen_guards, table, try_all
from tests.support.guards import all_guards, guard_named, lua_without


@pytest.mark.guards
@pytest.mark.timeout(600)
def test_every_guard_is_noticed_by_its_test() -> None:
    """Without a guard its test fails, and not because the script no longer runs."""
    verdicts = try_all(chosen_guards([]))
    assert [verdict for verdict in verdicts if not verdict.noticed] == [], table(verdicts)


def test_a_guard_is_taken_out_alone(tmp_path: Path) -> None:
    """The copy lacks the guard's lines and differs in nothing else; the scripts stay whole."""
    guard = guard_named(all_guards()[0].name)
    copy = lua_without(guard, tmp_path / "lua")
    original = (LUA_DIR / guard.file).read_text("utf-8").splitlines()
    left = (copy / guard.file).read_text("utf-8").splitlines()
    assert [n for n, pair in enumerate(zip(original, left, strict=True), 1) if pair[0] != pair[1]] == list(
        guard.lines
    )
    assert all(
        (copy / path.relative_to(LUA_DIR)).read_bytes() == path.read_bytes()
        for path in LUA_DIR.rglob("*.lua")
        if str(path.relative_to(LUA_DIR)) != guard.file
    )


def test_guards_are_chosen_by_name_file_and_test() -> None:
    """A developer may ask for one guard, one script or one test."""
    first = all_guards()[0]
    assert first in chosen_guards([first.name])
    assert {guard.file for guard in chosen_guards([first.file])} == {first.file}
    assert {guard.test for guard in chosen_guards([first.test])} == {first.test}
    assert chosen_guards(["nothing.lua"]) == []
