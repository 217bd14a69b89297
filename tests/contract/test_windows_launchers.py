"""The Windows launchers, as far as they can be read without Windows: grammar, words used, line ends."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import tree_sitter_powershell
from tree_sitter import Language, Node, Parser

ROOT = Path(__file__).resolve().parents[2]
POWERSHELL = sorted([*ROOT.glob("*.ps1"), *ROOT.glob("scripts/*.ps1")])
BATCH = sorted([*ROOT.glob("*.cmd"), *ROOT.glob("scripts/*.cmd")])

# Every cmdlet and parameter exists in Windows PowerShell 5.1 and in PowerShell 7.
CMDLETS = {
    "Get-Command": {"-Name", "-CommandType", "-ErrorAction"},
    "Join-Path": {"-Path", "-ChildPath"},
    "Out-Null": set[str](),
    "Select-Object": {"-Skip"},
    "Set-Location": {"-LiteralPath"},
    "Test-Path": {"-LiteralPath"},
    "Write-Host": set[str](),
}
OURS = {"Find-Python": set[str](), "Test-Python": {"-Candidate"}}
NATIVE = {"-c", "-m"}
"""Arguments of programs that are called with `&`."""


def _names(paths: list[Path]) -> list[str]:
    return [str(path.relative_to(ROOT)) for path in paths]


def _tree(name: str) -> Node:
    parser = Parser(Language(tree_sitter_powershell.language()))
    return parser.parse((ROOT / name).read_bytes()).root_node


def _walk(node: Node) -> Iterator[Node]:
    yield node
    for child in node.children:
        yield from _walk(child)


def _parameters(command: Node) -> set[str]:
    """Return a command's own parameters, without those of commands inside it."""
    found: set[str] = set()
    left = list(command.children)
    while left:
        node = left.pop()
        if node.type == "command_parameter":
            found.add(_text(node))
        elif node.type != "command":
            left += node.children
    return found


def _text(node: Node) -> str:
    return (node.text or b"").decode()


def test_the_launchers_are_there() -> None:
    """Three for PowerShell, two for the command prompt, and what they share."""
    assert _names(POWERSHELL) == [
        "scripts/find-python.ps1",
        "start-local.ps1",
        "status-local.ps1",
        "stop-local.ps1",
    ]
    assert _names(BATCH) == [
        "scripts/find-python.cmd",
        "scripts/window.cmd",
        "start-local.cmd",
        "stop-local.cmd",
    ]


@pytest.mark.parametrize("name", _names(POWERSHELL))
def test_powershell_parses(name: str) -> None:
    """Nothing in it is outside the grammar of 5.1."""
    broken = [_text(node) for node in _walk(_tree(name)) if node.type == "ERROR" or node.is_missing]
    assert broken == []


def test_the_grammar_notices_what_5_1_does_not_know() -> None:
    """The gate itself: an unclosed block, and the chains and ternaries that only 7 has, are noticed."""
    parser = Parser(Language(tree_sitter_powershell.language()))
    for wrong in (b"if ($true) {", b"$a = $b ? 1 : 2", b"Get-Item a ?? b | |"):
        assert parser.parse(wrong).root_node.has_error, wrong


@pytest.mark.parametrize("name", _names(POWERSHELL))
def test_powershell_uses_known_commands_and_parameters(name: str) -> None:
    """Only cmdlets and parameters of the list, which both editions have."""
    for command in (node for node in _walk(_tree(name)) if node.type == "command"):
        called = command.child_by_field_name("command_name")
        parameters = _parameters(command)
        if called is None or called.type == "command_name_expr":
            assert parameters <= NATIVE, _text(command)
            continue
        known = {**CMDLETS, **OURS}
        assert _text(called) in known, _text(command)
        assert parameters <= known[_text(called)] | {"--"}, _text(command)


@pytest.mark.parametrize("name", _names(POWERSHELL + BATCH))
def test_windows_files_are_ascii_with_crlf(name: str) -> None:
    """5.1 reads a file without a mark as ANSI, and the command prompt loses labels behind a bare LF."""
    raw = (ROOT / name).read_bytes()
    assert raw.isascii()
    assert raw.count(b"\n") == raw.count(b"\r\n") > 0


@pytest.mark.parametrize("name", _names(POWERSHELL + BATCH))
def test_git_keeps_the_line_ends(name: str) -> None:
    """A clone on any system has CRLF there."""
    rules = (ROOT / ".gitattributes").read_text("utf-8")
    assert f"*{Path(name).suffix} text eol=crlf" in rules
