"""Counts words that make comments hard to read: `python -m tools.prose`.

A limit is a number of uses per 1,000 words of the comments and docstrings of a folder, Python and Lua.
"""

from __future__ import annotations

import ast
import io
import re
import sys
import tokenize
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ("app", "benchmarks", "multi_job", "tests", "tools")
# Lower a limit when the count has dropped; never raise one.
RULES = (
    # A condition begins with "if" or "when"; a place may keep the word.
    (re.compile(r"\bwhere\b", re.IGNORECASE), 1.0),
    (re.compile(r"\b(?:nobody|told|anew|beside|stands)\b", re.IGNORECASE), 0.2),
)
_WORD = re.compile(r"[A-Za-z']+")
# A quoted Lua text, which may contain dashes, or the comment up to the end of the line.
_LUA = re.compile(r"""'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|--(?P<comment>.*)""")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a comment or docstring."""

    path: Path
    number: int
    text: str


def python_lines(source: str) -> Iterator[tuple[int, str]]:
    """Yield the number and text of each line of a comment or docstring."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            text = node.value.value
            if isinstance(text, str):
                yield from enumerate(text.split("\n"), node.lineno)
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string


def lua_lines(source: str) -> Iterator[tuple[int, str]]:
    """Yield the number and text of each comment."""
    for number, line in enumerate(source.split("\n"), 1):
        for match in _LUA.finditer(line):
            if match["comment"] is not None:
                yield number, match["comment"]


def lines_of(folder: Path) -> list[Line]:
    """Return every line of prose below a folder."""
    readers = {".py": python_lines, ".lua": lua_lines}
    return [
        Line(path, number, text)
        for path in sorted(folder.rglob("*"))
        if path.suffix in readers and path.is_file()
        for number, text in readers[path.suffix](path.read_text("utf-8"))
    ]


def over_limit(lines: Iterable[Line], pattern: re.Pattern[str], limit: float) -> tuple[float, list[Line]]:
    """Return the uses per 1,000 words, and the lines with a use if they exceed the limit."""
    words = uses = 0
    found: list[Line] = []
    for line in lines:
        words += len(_WORD.findall(line.text))
        if hits := len(pattern.findall(line.text)):
            uses += hits
            found.append(line)
    rate = uses / max(words, 1) * 1_000
    return rate, found if rate > limit else []


def main() -> int:
    """Print each rate above its limit with its lines; return the exit code."""
    failed = False
    for folder in FOLDERS:
        lines = lines_of(ROOT / folder)
        for pattern, limit in RULES:
            rate, found = over_limit(lines, pattern, limit)
            for line in found:
                print(f"{line.path.relative_to(ROOT)}:{line.number}: {line.text.strip()}")
            if found:
                failed = True
                print(f"{folder}: {rate:.2f} uses of {pattern.pattern} per 1,000 words, limit {limit}")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
