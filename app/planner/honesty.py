"""Attempts to command the planner. Anything of the kind drops the whole prompt, wherever it stands."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from app.planner.lexicon.commands import COMMANDS
from app.planner.reading.normalise import fold
from app.planner.reading.tokens import Token

_DATA: Final = frozenset({"quote", "url", "www", "email"})


def commands_planner(prompt: str, tokens: Sequence[Token]) -> bool:
    """True where a prompt, quotes and addresses left out, tries to change what the planner is or does."""
    letters = list(prompt)
    for token in tokens:
        if token.kind in _DATA:
            letters[token.start : token.end] = "." * (token.end - token.start)
    plain = re.sub(r"[ \t]+", " ", fold("".join(letters)).text)
    return any(pattern.search(plain) for pattern in COMMANDS)
