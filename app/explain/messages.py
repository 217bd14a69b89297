"""One finding in one language."""

from __future__ import annotations

from typing import NamedTuple


class CauseText(NamedTuple):
    """The cause, and the next step; `{names}` in braces are filled in."""

    text: str
    next_step: str
