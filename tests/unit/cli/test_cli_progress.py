"""Progress bars for long work: with a terminal, and without one."""

from __future__ import annotations

import io
import sys

import pytest
from rich.console import Console

from app.cli import download as module
from app.cli.download import progress


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("terminal", "as_json", "shown"), [(True, False, True), (True, True, False), (False, False, False)]
)
def test_bar_is_shown_at_a_terminal_alone(
    monkeypatch: pytest.MonkeyPatch, terminal: bool, as_json: bool, shown: bool
) -> None:
    """Never in a pipe, never with JSON."""
    stderr = _Terminal() if terminal else io.StringIO()
    monkeypatch.setattr(sys, "stderr", stderr)
    monkeypatch.setattr(module, "err", Console(file=stderr, force_terminal=terminal))
    with progress("export", None, as_json=as_json) as bar:
        bar(1, 2, "export running")
    assert ("export running" in stderr.getvalue()) is shown
