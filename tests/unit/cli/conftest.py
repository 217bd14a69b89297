"""Commands of one test do not choose the output of the next one."""

from __future__ import annotations

from collections.abc import Generator

import pytest

from app.cli.options import as_json


@pytest.fixture(autouse=True)
def _plain_output() -> Generator[None]:  # pyright: ignore[reportUnusedFunction]
    """`--json` of a command that runs in the test's own process stays chosen for all of it."""
    token = as_json.set(False)
    yield
    as_json.reset(token)
