"""Modules that the command line and the launcher load before a command runs."""

from __future__ import annotations

import subprocess
import sys

import pytest

_PROGRAM = """
import importlib, sys
for module in sys.argv[1:]:
    importlib.import_module(module)
print(sorted({"redis", "croniter", "app.core.redis_client", "app.core.specs.store"} & set(sys.modules)))
"""


# Commands that speak HTTP.
_HTTP = (
    *("activity", "apply", "dead_letters", "export", "jobs", "messaging", "plan", "platform"),
    *("runs", "secrets", "versions"),
)


@pytest.mark.parametrize(
    "modules",
    [("app.cli.main", *(f"app.cli.commands.{name}" for name in _HTTP)), ("app.local.__main__",)],
)
def test_commands_start_without_a_redis_client(modules: tuple[str, ...]) -> None:
    """Most commands speak HTTP: what only a direct command needs is loaded when that command runs."""
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM, *modules], check=True, capture_output=True, text=True
    )
    assert done.stdout.strip() == "[]"


def test_a_checkout_names_the_command_that_people_type() -> None:
    """In the usage, and so in the completion of the shell."""
    done = subprocess.run(
        [sys.executable, "-m", "app.cli", "jobs", "list"], check=False, capture_output=True, text=True
    )
    assert done.returncode == 2
    assert done.stderr.startswith("Usage: multi-job jobs [OPTIONS]")
