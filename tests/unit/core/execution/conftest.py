"""Attempts that may take as long as the machine needs to end."""

from __future__ import annotations

import pytest

from app.core.execution import attempt


@pytest.fixture
def long_grace(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give handlers that were asked to stop longer than a test waits for their end."""
    monkeypatch.setattr(attempt, "GRACE_SEC", 600)
