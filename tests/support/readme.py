"""README.md as its tests read it."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

README = Path(__file__).resolve().parents[2] / "README.md"
_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def section(heading: str) -> str:
    """Return the text of the section with this heading, up to the next heading of its level."""
    text = README.read_text("utf-8")
    level = heading.split(" ", 1)[0]
    _, found, rest = f"\n{text}".partition(f"\n{heading}\n")
    assert found, f"README.md has no {heading!r}"
    return re.split(rf"\n{level} ", rest, maxsplit=1)[0]


def blocks(heading: str, language: str = "bash") -> list[str]:
    """Return the code blocks of a language in a section."""
    return [text for name, text in _BLOCK.findall(section(heading)) if name == language]


def commands(heading: str) -> list[str]:
    """Return the commands of a section's shell blocks, a line each, without comments."""
    joined = "\n".join(blocks(heading)).replace("\\\n", " ")
    lines = (line.split(" #", 1)[0].strip() for line in joined.splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def shown_output(command: str) -> list[str]:
    """Return the lines that the README shows below a shell block with this command, without `…`."""
    found = _BLOCK.findall(README.read_text("utf-8"))
    for (language, text), (following, output) in pairwise(found):
        if language == "bash" and command in text and following == "text":
            return [line for line in output.splitlines() if line.strip() not in {"", "…"}]
    raise AssertionError(f"README.md shows no output of {command!r}")
