"""The printer of the launchers: a line at once, without control characters."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import IO

from app.core.text import visible


def print_line(*lines: object, file: IO[str] | None = None) -> None:
    """Print lines on stdout or `file`; control characters in them are written out."""
    target = sys.stdout if file is None else file
    target.write("".join(f"{visible(str(line))}\n" for line in lines))
    target.flush()


# What the launcher says when it cannot go on: one line in English and Indonesian, then details.

ERROR_MARK = "GAGAL / ERROR: "


class LocalError(Exception):
    """A reason to stop, fit to be shown to a person as it is."""

    def __init__(self, english: str, indonesian: str, *, details: Sequence[str] = ()) -> None:
        super().__init__(f"{english} / {indonesian}")
        self.details = tuple(details)
