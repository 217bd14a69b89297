"""The printer of the launchers: a line at once, without control characters."""

from __future__ import annotations

import sys
from typing import IO

from app.core.plain_text import visible


def tell(*lines: object, file: IO[str] | None = None) -> None:
    """Print lines on stdout or `file`; control characters in them are written out."""
    target = sys.stdout if file is None else file
    target.write("".join(f"{visible(str(line))}\n" for line in lines))
    target.flush()
