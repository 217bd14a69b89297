"""The Lua scripts keep the contract of their heads: words, keys, flags, guards, states."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app.core.models import TRANSITIONS, RunStatus
from app.core.storage.key_rendering import lua_names
from app.core.storage.keys import KEY_SPECS, Keys
from app.core.storage.scripts import LUA_DIR, compose, script_source
from tests.support.guards import all_guards, script_names
from tests.support.script_contracts import WORDS
from tests.support.script_memory import ALLOWED_WHEN_FULL

TESTS = Path(__file__).resolve().parents[1]
APP = TESTS.parent / "app"
SOURCES = {path.stem: path.read_text("utf-8") for path in TESTS.rglob("test_*.py")}
TEST_NAMES = {name for text in SOURCES.values() for name in re.findall(r"def (test_\w+)", text)}
LIBRARIES = sorted(path.stem for path in (LUA_DIR / "lib").glob("*.lua"))


def _head(name: str) -> str:
    lines = script_source(name).splitlines()[1:]
    end = next(i for i, line in enumerate(lines) if not line.startswith("--"))
    return "\n".join(lines[:end])


def _words(text: str) -> set[str]:
    return set(re.findall(r"\b[A-Z][A-Z_]+\b", text))


def _promised(name: str) -> set[str]:
    # Words alone: a sentence or a bracket behind them explains.
    returns = _head(name).split("-- Returns", 1)[1].split("; ", 1)[0]
    return _words(returns.split(". ", 1)[0])


@pytest.mark.parametrize("name", script_names())
def test_a_script_begins_with_its_contract(name: str) -> None:
    """What it does, what it needs, what it is given, which keys it builds, what it answers."""
    first, head = script_source(name).splitlines()[0], _head(name)
    assert first.startswith("#!lua")
    assert head.startswith(f"-- {name}: ")
    assert all(part in head for part in ("-- ARGV: ", "-- Keys built inside: ", "-- Returns "))


@pytest.mark.parametrize("name", script_names())
def test_every_word_of_a_script_has_a_test(name: str) -> None:
    """The words of the head are those of the table, and each names a test that exists."""
    table = WORDS.get(name, {})
    assert _promised(name) == set(table)
    assert set(table.values()) <= TEST_NAMES


@pytest.mark.parametrize("name", script_names())
def test_a_script_answers_with_no_other_words(name: str) -> None:
    """Every word that the script returns is declared in its head."""
    returned = re.findall(r"return \{?'([A-Z_]+)'", script_source(name))
    assert set(returned) <= _promised(name)


@pytest.mark.parametrize("name", script_names())
def test_a_script_names_its_keys_in_the_head(name: str) -> None:
    """Every family that its own lines touch is announced and declared."""
    source, head = script_source(name), _head(name)
    announced = head.split("-- Keys built inside:", 1)[1].split("-- Returns")[0]
    used = {family for family in lua_names(source) if family not in {"events", "metrics", "control", "wake"}}
    assert used <= set(re.findall(r"\w+", announced))
    assert lua_names(source) <= {spec.name for spec in KEY_SPECS}


@pytest.mark.parametrize("name", script_names())
def test_only_scripts_that_let_work_end_pass_when_redis_is_full(name: str) -> None:
    """`allow-oom` is set on exactly these scripts."""
    flagged = "allow-oom" in script_source(name).splitlines()[0]
    assert flagged == (name in ALLOWED_WHEN_FULL)


@pytest.mark.parametrize("name", script_names())
def test_a_script_is_composed_of_all_that_it_calls(name: str) -> None:
    """Each library function that is called is defined once, before its first use."""
    text = compose(name, Keys("ns"))
    for part in LIBRARIES:
        library = (LUA_DIR / "lib" / f"{part}.lua").read_text("utf-8")
        for function in re.findall(r"^local function (\w+)", library, re.MULTILINE):
            defined = [match.start() for match in re.finditer(rf"local function {function}\(", text)]
            used = re.search(rf"(?<!function )\b{function}\(", text)
            assert len(defined) <= 1
            assert used is None or (defined and defined[0] < used.start()), f"{function} is not there"


@pytest.mark.parametrize(
    "path", sorted(LUA_DIR.rglob("*.lua")), ids=lambda path: f"{path.parent.name}/{path.stem}"
)
def test_scripts_search_nothing_and_hold_no_key_literal(path: Path) -> None:
    """No KEYS, no SCAN, and every key comes from `K`."""
    text = path.read_text("utf-8")
    assert re.search(r"'(KEYS|[HSZ]?SCAN|FLUSHALL|FLUSHDB)'", text) is None
    for command in re.findall(r"redis\.p?call\('(?:[A-Z]+)', ([^,)]+)", text):
        assert not command.startswith("'{"), command


@pytest.mark.parametrize(
    "path", sorted(LUA_DIR.rglob("*.lua")), ids=lambda path: f"{path.parent.name}/{path.stem}"
)
def test_lines_of_a_script_are_short_and_a_guards_mark_has_its_own(path: Path) -> None:
    """At most 110 columns; the mark of a guard is the line above what it marks."""
    lines = path.read_text("utf-8").splitlines()
    assert [line for line in lines if len(line) > 110] == []
    assert [
        line for line in lines if "-- guard:" in line and not line.lstrip().startswith("-- guard: ")
    ] == []


def test_no_folder_holds_many_scripts() -> None:
    """At most 25 files in a folder, and no script outside of one."""
    folders = {path.parent for path in LUA_DIR.rglob("*.lua")}
    assert LUA_DIR not in folders
    assert [folder.name for folder in folders if len(list(folder.glob("*.lua"))) > 25] == []


def test_every_guard_names_a_test() -> None:
    """A guard whose test was renamed protects nothing."""
    assert {guard.test for guard in all_guards()} <= TEST_NAMES
    assert [guard for guard in all_guards() if not guard.lines] == []
    assert len(all_guards()) >= 220


def test_a_tests_name_is_one_tests() -> None:
    """Guards and words name tests, so a name must not stand in two suites of scripts."""
    wanted = {guard.test for guard in all_guards()} | {t for words in WORDS.values() for t in words.values()}
    found = [name for text in SOURCES.values() for name in re.findall(r"def (test_\w+)", text)]
    assert [name for name in wanted if found.count(name) != 1] == []


def test_moves_of_the_scripts_stand_in_the_table() -> None:
    """A move with both states written out is a transition; every status that is written is one."""
    text = "\n".join(path.read_text("utf-8") for path in LUA_DIR.rglob("*.lua"))
    moves = re.findall(r"move_status\([^,]+, [^,]+, '(\w+)', '(\w+)'\)", text)
    assert len(moves) >= 5
    assert all(RunStatus(target) in TRANSITIONS[RunStatus(source)] for source, target in moves)
    written = re.findall(r"'status', '(\w+)'", text) + re.findall(r"finalize\(run, h, '(\w+)'", text)
    names = {status.value for status in RunStatus}
    assert set(written) - {"lease", "attempt", "seq", "entry", "job", "waiting"} <= names


def test_every_declared_family_is_used() -> None:
    """A key family that no code writes is not part of the schema."""
    python = "\n".join(path.read_text("utf-8") for path in APP.rglob("*.py") if path.name != "keys.py")
    lua = lua_names("\n".join(path.read_text("utf-8") for path in LUA_DIR.rglob("*.lua")))
    unused = {s.name for s in KEY_SPECS if s.name not in lua and f".{s.name}" not in python}
    assert unused == set()
