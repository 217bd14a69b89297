"""The head of a script names values; callers and the composed text use these names."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import NamedTuple

import pytest

from app.core.storage.keys import Keys
from app.core.storage.script_head import (
    Places,
    ScriptHeadError,
    check_row,
    local_variables,
    parse_head,
)
from app.core.storage.scripts import (
    LUA_DIR,
    compose,
    flat,
    head_of,
    in_order,
    script_row,
)
from tests.support.guards import script_names

APP = Path(__file__).resolve().parents[4] / "app"
HEAD = """#!lua
-- queue/example: an example.
-- ARGV: owner, lease_ms, reason?
-- ROW: RUN, scope,
--   seen
-- PAIR: first, second
-- Returns OK. MORE: call again.
local x = 1
-- LATER: is, not, the, head
"""
RUN = parse_head("-- RUN: run, job\nlocal y = 1\n")


def replaced(code: str) -> str:
    return Places(parse_head(HEAD), [RUN]).replaced(code)


def test_head_names_arguments_and_lists() -> None:
    """Optional arguments, lists over several lines; a sentence in capitals is no list."""
    head = parse_head(HEAD)
    assert (head.arguments, head.required) == (("owner", "lease_ms", "reason"), 2)
    assert head.lists == {"ROW": ("RUN", "scope", "seen"), "PAIR": ("first", "second")}
    assert parse_head("#!lua\n-- x: y.\n-- ARGV: none.\nreturn 1").arguments == ()


@pytest.mark.parametrize("line", ["-- ARGV: the owner", "-- ROW: run, the lease", "-- ARGV: "])
def test_head_without_names_is_refused(line: str) -> None:
    """Prose in place of names would leave the script without its variables."""
    with pytest.raises(ScriptHeadError, match="list of names"):
        parse_head(f"#!lua\n{line}\nreturn 1")


@pytest.mark.parametrize(
    ("code", "composed"),
    [
        ("ARGV[at + ROW.scope]", "ARGV[at + 3]"),
        ("for at = ROW.start, #ARGV - 1, ROW.width do", "for at = 3, #ARGV - 1, 4 do"),
        ("create(at + ROW.RUN + RUN.job)", "create(at + 0 + 2)"),
        ("call('HMGET', key, PAIR.names)", "call('HMGET', key, 'first', 'second')"),
        ("return PAIR{second = f(1, {2}), first = h[PAIR.second]}", "return {h[2], f(1, {2})}"),
        ("K.run .. x.ROW", "K.run .. x.ROW"),
    ],
)
def test_names_become_places(code: str, composed: str) -> None:
    """The composed text has plain numbers and lists."""
    assert replaced(code) == composed


@pytest.mark.parametrize(
    "code",
    [
        "ROW.unknown",
        "OTHER.first",
        "PAIR{first = 1}",
        "PAIR{first = 1, second = 2, third = 3}",
        "PAIR{first = 1",
    ],
)
def test_unknown_and_missing_names_are_refused(code: str) -> None:
    """A wrong name fails when the script is composed, not when it runs."""
    with pytest.raises(ScriptHeadError):
        replaced(code)


def test_arguments_become_local_variables_at_their_use() -> None:
    """A name in a text or behind a dot is no use of a variable."""
    head = parse_head("-- ARGV: owner, lease_ms, job\n")
    assert local_variables(head, "call(job, owner)") == "local owner, job = ARGV[1], ARGV[3]\n"
    assert local_variables(head, "h.owner .. 'job'") == ""


def test_arguments_are_ordered_and_checked() -> None:
    """A missing, an unknown and a skipped argument are refused; the last ones may be optional."""
    head = parse_head(HEAD)
    assert in_order("x", head, {"lease_ms": 5, "owner": "a"}) == ["a", 5]
    assert in_order("x", head, {"lease_ms": 5, "owner": "a", "reason": "r"}) == ["a", 5, "r"]
    for named in ({"owner": "a"}, {"owner": "a", "lease_ms": 5, "other": 1}, {"owner": "a", "reason": "r"}):
        with pytest.raises(ScriptHeadError, match="x takes owner, lease_ms, reason"):
            in_order("x", head, named)


def test_a_row_of_another_width_is_an_error_when_it_is_made() -> None:
    """A field too few, or in another place, fails at import."""

    class Short(NamedTuple):
        run: str

    head = parse_head("-- ROW: run, lease\n")
    check_row(head, "ROW", "Whole", ("run", "lease"))
    for wrong in (("lease", "run"), ("run",)):
        with pytest.raises(ScriptHeadError, match="ROW has run, lease"):
            check_row(head, "ROW", "Wrong", wrong)
    with pytest.raises(ScriptHeadError, match="Short"):
        script_row("queue/finish")(Short)


def test_rows_are_flat_values() -> None:
    """A row at the beginning or the end of a row gives its values in its place."""
    assert flat([(("a", "b"), 1), ("c", 2, ("d",)), ("e",)]) == ["a", "b", 1, "c", 2, "d", "e"]


@pytest.mark.parametrize("name", script_names())
def test_a_composed_script_names_no_place(name: str) -> None:
    """Nothing in capitals with a dot is left, and no argument hides a function or a library of Lua."""
    text = compose(name, Keys("ns"))
    assert re.findall(r"\b[A-Z]{2,}\.\w+", text) == []
    functions = set(re.findall(r"^local function (\w+)", text, re.MULTILINE))
    taken = {"type", "next", "select", "pairs", "ipairs", "table", "string", "math", "redis", "unpack"}
    assert set(head_of(name).arguments) & (functions | taken) == set()


def test_scripts_do_not_index_arguments_by_number() -> None:
    """What a caller fills by name is read by name."""
    code = "\n".join(
        line
        for path in LUA_DIR.rglob("*.lua")
        for line in path.read_text("utf-8").splitlines()
        if not line.lstrip().startswith("--")
    )
    assert re.findall(r"ARGV\[(?:at \+ )?\d+\]|unpack\(ARGV, \d", code) == []


def _calls() -> list[tuple[str, ast.Call]]:
    found: list[tuple[str, ast.Call]] = []
    for path in sorted(APP.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            match node:
                case ast.Call(func=ast.Attribute(attr="run"), args=[ast.Constant(value=str(name)), *_]):
                    if name in script_names():
                        found.append((f"{path.relative_to(APP)}:{node.lineno} {name}", node))
                case _:
                    pass
    return found


@pytest.mark.parametrize(
    ("place", "call"), _calls(), ids=lambda value: value if isinstance(value, str) else ""
)
def test_callers_name_the_arguments_of_a_script(place: str, call: ast.Call) -> None:
    """Names that the head has not, and arguments without a name, are found without a server."""
    head = head_of(place.split()[1])
    names = {keyword.arg for keyword in call.keywords if keyword.arg is not None}
    has_more = len(names) < len(call.keywords)
    given = (
        {"run", "lease", "call", "job"}
        if head.arguments[:4] == ("run", "lease", "call", "job")
        else set[str]()
    )
    required = set(head.arguments[: head.required]) - given
    assert names <= set(head.arguments)
    assert has_more or required <= names
    assert len(call.args) == 1 or head.lists.keys() & {"ROW", "ITEM"}
