"""The lint of comments: which text counts, and when a limit is exceeded."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tools import prose

PYTHON = '''"""Head of the module.

Third line.
"""

name = "# a text"  # at the end
"""About the name."""


def function() -> str:
    """What it returns."""
    # before a line
    return """no docstring"""
'''
LUA = """-- head
local dashes = '-- a text' -- at the end
local other = "it's -- another" .. 'a\\'b -- c'
"""
WORD = re.compile(r"\bbad\b", re.IGNORECASE)


def test_python_prose_is_comments_and_docstrings() -> None:
    """Other texts do not count, and each line keeps its number."""
    assert sorted(prose.python_lines(PYTHON)) == [
        (1, "Head of the module."),
        (2, ""),
        (3, "Third line."),
        (4, ""),
        (6, "# at the end"),
        (7, "About the name."),
        (11, "What it returns."),
        (12, "# before a line"),
    ]


def test_lua_prose_is_comments() -> None:
    """Dashes in a quoted text start no comment."""
    assert list(prose.lua_lines(LUA)) == [(1, " head"), (2, " at the end")]


def test_limit_is_a_rate_per_1000_words() -> None:
    """Every use counts, in any case; at the limit there is no finding."""
    lines = [prose.Line(Path("a.py"), 1, "Bad and bad"), prose.Line(Path("a.py"), 2, "x " * 997)]
    assert prose.over_limit(lines, WORD, 2.0) == (2.0, [])
    assert prose.over_limit(lines, WORD, 1.9) == (2.0, lines[:1])


def test_word_inside_another_is_no_use() -> None:
    """The pattern matches whole words only."""
    line = prose.Line(Path("a.py"), 1, "elsewhere, standstill, besides, retold")
    assert [prose.over_limit([line], pattern, 0.0)[1] for pattern, _ in prose.RULES] == [[], []]


def test_folder_without_prose_has_no_finding() -> None:
    """There is no division by zero."""
    assert prose.over_limit([], WORD, 0.0) == (0.0, [])


def test_main_lists_the_lines_and_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One folder is above a limit, in Python and in Lua."""
    for folder in prose.FOLDERS:
        (tmp_path / folder).mkdir()
    monkeypatch.setattr(prose, "ROOT", tmp_path)
    assert prose.main() == 0
    (tmp_path / "app" / "a.py").write_text("x = 1\ny = 2  # nobody knows\n", "utf-8")
    (tmp_path / "app" / "b.lua").write_text("-- begins anew\n", "utf-8")
    assert prose.main() == 1
    first, second, last = capsys.readouterr().out.splitlines()
    assert first == "app/a.py:2: # nobody knows"
    assert second == "app/b.lua:1: begins anew"
    assert last.startswith("app: 500.00 uses of ")
