"""The words that variants put into a sentence, from `tests/planner_cases/variants.toml`."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path

_FILE = Path(__file__).parents[3] / "planner_cases" / "variants.toml"


@lru_cache(maxsize=1)
def _tables() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads(_FILE.read_text("utf-8"))


def phrases_of(kind: str, group: str) -> tuple[str, ...]:
    """Return the phrases of a kind in a language or another group."""
    return tuple(_tables()[kind][group])
