"""Bars for long work: on stderr where that is a terminal, and never beside JSON."""

from __future__ import annotations

import sys
from collections.abc import Generator
from contextlib import contextmanager
from typing import Protocol

from app.cli.output import err
from app.core.plain_text import visible


class Bar(Protocol):
    """Says how far the work is; `of` where that is known only now, `text` for what is under way."""

    def __call__(self, done: float, of: float | None = None, text: str | None = None) -> None: ...


@contextmanager
def progress(text: str, of: float | None, *, as_json: bool) -> Generator[Bar]:
    """Show a bar for as long as the work lasts; it leaves nothing behind."""
    if as_json or not sys.stderr.isatty():
        yield _nothing
        return
    # Here, because most commands show none, and it takes a while to load.
    from rich.markup import escape  # noqa: PLC0415
    from rich.progress import Progress  # noqa: PLC0415

    with Progress(console=err, transient=True) as bars:
        task = bars.add_task(text, total=of)

        def bar(done: float, of: float | None = None, text: str | None = None) -> None:
            shown = None if text is None else escape(visible(text))
            bars.update(task, completed=done, total=of, description=shown)

        yield bar


def _nothing(done: float, of: float | None = None, text: str | None = None) -> None:
    del done, of, text
