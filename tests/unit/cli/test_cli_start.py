"""Modules that the command line and the launcher load before a command runs."""

from __future__ import annotations

import subprocess
import sys

import pytest

_PROGRAM = """
import importlib, sys
importlib.import_module(sys.argv[1])
print(sorted({"redis", "croniter", "app.core.redis_client", "app.core.specs.store"} & set(sys.modules)))
"""


@pytest.mark.parametrize("module", ["app.cli.main", "app.local.__main__"])
def test_commands_start_without_a_redis_client(module: str) -> None:
    """Most commands speak HTTP: what only a direct command needs is loaded when that command runs."""
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM, module], check=True, capture_output=True, text=True
    )
    assert done.stdout.strip() == "[]"
