"""Why a job is refused, in words."""

from __future__ import annotations

from typing import Final

from app.core.errors import InvalidInput, MultiJobError

_SHOWN: Final = 5


def why(error: MultiJobError) -> str:
    """Return what is wrong: each refused field with its reason, or the error's own sentence, in English."""
    if isinstance(error, InvalidInput) and error.problems:
        return "; ".join(f"{each.pointer}: {_english(each.message)}" for each in error.problems[:_SHOWN])
    return _english(error.message)


def _english(text: str) -> str:
    return text.partition(" / ")[0].rstrip(".")
