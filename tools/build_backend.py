"""The build backend (PEP 517): a wheel in which the package `app` is `multi_job._platform`.

Most projects with FastAPI have an `app` of their own, so a wheel owns the name `multi_job` alone. A checkout,
a source distribution and an editable installation keep `app`. Needs setuptools and the standard library.
"""

from __future__ import annotations

import io
import os
import re
import shutil
import sys
import tempfile
import tokenize
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = "multi_job._platform"
FILES = ("pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md")
_NOT_SOURCES = shutil.ignore_patterns("__pycache__", "*.egg-info")
_SETTING = re.compile(r'"app(?=[".])')
_IMPORTS = frozenset({"from", "import"})
_ENDS = frozenset({tokenize.NEWLINE, tokenize.NL, tokenize.INDENT, tokenize.DEDENT, tokenize.COMMENT})
# From Python 3.12 on an f-string has several tokens.
_F_STRING = getattr(tokenize, "FSTRING_START", -1), getattr(tokenize, "FSTRING_END", -1)

_SETUPTOOLS = frozenset(
    {
        *("build_sdist", "build_editable", "prepare_metadata_for_build_editable"),
        *(f"get_requires_for_build_{kind}" for kind in ("wheel", "sdist", "editable")),
    }
)
"""Hooks that are setuptools' own. A wheel's metadata are taken from the wheel: a checkout's name `app`."""


def __getattr__(name: str) -> Any:
    """Return a hook of setuptools, which the tests of this module need not load."""
    if name not in _SETUPTOOLS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module("setuptools.build_meta"), name)


def build_wheel(
    wheel_directory: str,
    config_settings: dict[str, Any] | None = None,
    metadata_directory: str | None = None,
) -> str:
    """Build the wheel of the checkout, without a dashboard; `tools.build_wheel` adds that."""
    del metadata_directory
    target = str(Path(wheel_directory).resolve())
    with tempfile.TemporaryDirectory() as folder:
        stage_sources(Path(folder))
        os.chdir(folder)
        try:
            return import_module("setuptools.build_meta").build_wheel(target, config_settings)
        finally:
            os.chdir(ROOT)


def stage_sources(stage: Path) -> Path:
    """Copy what a wheel is built from into an empty folder; return the folder of the package there."""
    shutil.copytree(ROOT / "multi_job", stage / "multi_job", ignore=_NOT_SOURCES)
    package = stage.joinpath(*PACKAGE.split("."))
    shutil.copytree(ROOT / "app", package, ignore=_NOT_SOURCES)
    parts = frozenset(path.stem for path in (ROOT / "app").iterdir())
    for path in (stage / "multi_job").rglob("*.py"):
        path.write_text(renamed(path.read_text("utf-8"), parts), "utf-8", newline="\n")
    for name in FILES:
        if (ROOT / name).is_file():
            shutil.copyfile(ROOT / name, stage / name)
    settings = stage / "pyproject.toml"
    settings.write_text(_SETTING.sub(f'"{PACKAGE}', settings.read_text("utf-8")), "utf-8")
    return package


def renamed(source: str, parts: frozenset[str]) -> str:
    """Return Python source in which `app` is `PACKAGE`: in imports, strings and comments, line for line.

    In strings and comments, one of the `parts` of the package must follow: `app.core`, `app/core`. A variable
    named `app` stays.
    """
    below = "|".join(sorted(map(re.escape, parts)))
    named = re.compile(rf"(?<![\w./-])app(?=([./])(?:{below})\b)")
    lines = source.splitlines(keepends=True)
    for first, last, is_import in reversed(list(_places(source))):
        text = _cut(lines, first, last)
        new = PACKAGE if is_import else named.sub(_in_the_form_of, text)
        if new != text:
            _paste(lines, first, last, new)
    return "".join(lines)


Place = tuple[int, int]
"""A line, from 1, and a column."""


def _in_the_form_of(found: re.Match[str]) -> str:
    return PACKAGE.replace(".", found[1])


def _places(source: str) -> Iterator[tuple[Place, Place, bool]]:
    """Yield start and end of each string and comment, and of each `app` that is imported or imported from."""
    words: list[str] = []
    f_strings: list[Place] = []
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == _F_STRING[0]:
            f_strings.append(token.start)
        elif token.type == _F_STRING[1]:
            start = f_strings.pop()
            if not f_strings:
                yield start, token.end, False
        elif token.type in {tokenize.STRING, tokenize.COMMENT} and not f_strings:
            yield token.start, token.end, False
        elif token.type == tokenize.NAME and token.string == "app" and words and words[-1] in _IMPORTS:
            if words[0] == "import" and "as" not in token.line:
                sys.exit(f"`{token.line.strip()}` binds `app`, which a wheel has not: import from it")
            if len(words) == 1:
                yield token.start, token.end, True
        words = [] if token.type in _ENDS else [*words, token.string]


def _cut(lines: list[str], first: Place, last: Place) -> str:
    (row, column), (end_row, end_column) = first, last
    if row == end_row:
        return lines[row - 1][column:end_column]
    return "".join([lines[row - 1][column:], *lines[row : end_row - 1], lines[end_row - 1][:end_column]])


def _paste(lines: list[str], first: Place, last: Place, text: str) -> None:
    (row, column), (end_row, end_column) = first, last
    before, after = lines[row - 1][:column], lines[end_row - 1][end_column:]
    lines[row - 1 : end_row] = f"{before}{text}{after}".splitlines(keepends=True)
