"""Guards of the Lua scripts: statements that protect an invariant, each with the test that proves it.

A guard has `-- guard: <test>` on the line above it. It is the whole statement below the mark: its first line,
the lines that are indented deeper, and the `end` that closes it. If that `end` has the same mark, only the
first line and the `end` are the guard, and the block between them stays.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from app.core.storage.scripts import LUA_DIR

WITHOUT_GUARD = "MULTI_JOB_WITHOUT_GUARD"
"""Names a guard (`<file>:<line>`) that the scripts of a test run lack. Only tests read it."""
_MARK = re.compile(r"^ *-- guard: (?P<test>test_\w+)$")


@dataclass(frozen=True, slots=True)
class Guard:
    """One guard: its file below `lua/`, its lines from 1, its test."""

    file: str
    lines: tuple[int, ...]
    test: str

    @property
    def name(self) -> str:
        return f"{self.file}:{self.lines[0]}"


def all_guards() -> list[Guard]:
    """Return every guard, in the order of the files."""
    return [guard for path in sorted(LUA_DIR.rglob("*.lua")) for guard in _guards_of(path)]


def guard_named(name: str) -> Guard:
    """Return the guard at `<file>:<line>`."""
    return next(guard for guard in all_guards() if guard.name == name)


def lua_without(guard: Guard, target: Path) -> Path:
    """Copy the scripts to `target` without one guard; line numbers stay."""
    shutil.copytree(LUA_DIR, target)
    path = target / guard.file
    lines = path.read_text("utf-8").splitlines()
    for number in guard.lines:
        lines[number - 1] = ""
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return target


def _guards_of(path: Path) -> list[Guard]:
    file, lines = path.relative_to(LUA_DIR).as_posix(), path.read_text("utf-8").splitlines()
    marks = [(i, match["test"]) for i, line in enumerate(lines) if (match := _MARK.match(line))]
    return [Guard(file, _statement(lines, i), test) for i, test in marks if lines[i + 1].strip() != "end"]


def _statement(lines: Sequence[str], mark: int) -> tuple[int, ...]:
    """Return the numbers, from 1, of the lines that the mark guards."""
    first, indent = mark + 1, _indent(lines[mark])
    behind = first + 1
    while lines[behind : behind + 1] and _indent(lines[behind]) > indent:
        behind += 1
    end = " " * indent + "end"
    if lines[behind : behind + 2] == [lines[mark], end]:
        return first + 1, behind + 2
    if lines[behind : behind + 1] == [end]:
        behind += 1
    return tuple(i + 1 for i in range(first, behind) if not _MARK.match(lines[i]))


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip()) if line.strip() else 0


def script_names() -> list[str]:
    """Return the names of all scripts, for example `queue/claim`."""
    paths = (path.relative_to(LUA_DIR) for path in LUA_DIR.glob("*/*.lua"))
    return sorted(path.with_suffix("").as_posix() for path in paths if path.parts[0] != "lib")
