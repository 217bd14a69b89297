"""Guards of the Lua scripts: lines that protect an invariant, each with the test that proves it.

A guard is a line that ends in `-- guard: <test>`. Where it only opens a block, the block's closing line
carries the same comment and both go together.
"""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from app.core.scripts import LUA_DIR

WITHOUT_GUARD = "MULTI_JOB_WITHOUT_GUARD"
"""Names a guard (`<file>:<line>`) that the scripts of a test run lack. Only tests read it."""
_COMMENT = re.compile(r"^(?P<code>.*?) *-- guard: (?P<test>test_\w+)$")


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
    file, found, opened = str(path.relative_to(LUA_DIR)), list[Guard](), dict[str, int]()
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        match = _COMMENT.match(line)
        if match is None:
            continue
        code, test = match["code"].strip(), match["test"]
        if code == "end":
            found.append(Guard(file, (opened.pop(test), number), test))
        elif code.endswith(("then", "do")):
            opened[test] = number
        else:
            found.append(Guard(file, (number,), test))
    assert not opened, f"{path}: a guard's block is opened and not closed: {opened}"
    return found
