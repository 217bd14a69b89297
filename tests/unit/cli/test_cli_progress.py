"""Progress bars for long work: with a terminal, and without one."""

from __future__ import annotations

import io
import sys

import pytest
from rich.console import Console

from app.cli import download as module
from app.cli.download import progress
from app.cli.options import as_json


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("terminal", "json", "shown"), [(True, False, True), (True, True, False), (False, False, False)]
)
def test_bar_is_shown_at_a_terminal_alone(
    monkeypatch: pytest.MonkeyPatch, terminal: bool, json: bool, shown: bool
) -> None:
    """Never in a pipe, never with JSON."""
    stderr = _Terminal() if terminal else io.StringIO()
    monkeypatch.setattr(sys, "stderr", stderr)
    monkeypatch.setattr(module, "err", Console(file=stderr, force_terminal=terminal))
    token = as_json.set(json)
    with progress("export", None) as bar:
        bar(1, 2, "export running")
    as_json.reset(token)
    assert ("export running" in stderr.getvalue()) is shown
