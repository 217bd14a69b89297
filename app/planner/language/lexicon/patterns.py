"""Patterns: regular expressions whose words are those of a role."""

from __future__ import annotations

import re
from typing import Final

from app.planner.language.lexicon.roles import words_of
from app.planner.language.lexicon.sense import Sense

_ROLE: Final = re.compile(r"\{([a-z]\w*)\}")


def pattern(text: str) -> re.Pattern[str]:
    """Return a regular expression in which `{role}` matches any word or phrase of a role."""
    return re.compile(_ROLE.sub(lambda role: any_of(Sense(role[1])), text))


def any_of(role: Sense) -> str:
    """Return the words of a role as an expression, the longest first."""
    texts = sorted(words_of(role), key=lambda text: (-len(text), text))
    return f"(?:{'|'.join(map(re.escape, texts))})"
