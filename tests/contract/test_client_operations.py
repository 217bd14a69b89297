"""The client's generated code is that of the OpenAPI document, and its methods reach every operation."""

from __future__ import annotations

import ast
import inspect
import subprocess
import sys
from pathlib import Path

import pytest

from app.core.models import TERMINAL
from multi_job.client import events, groups, handles
from multi_job.client.generated import operations
from tools.client_code import files
from tools.settings_table import ROOT

OPERATIONS = {name for name, _ in inspect.getmembers(operations, inspect.isfunction)} - {"path_of"}


@pytest.mark.parametrize(("name", "text"), files().items(), ids=files())
def test_generated_client_is_in_sync(name: str, text: str) -> None:
    """`python -m tools.generate_docs` updates it."""
    assert (ROOT / name).read_text("utf-8") == text


def test_every_operation_has_a_method() -> None:
    """A new operation gets a line in multi_job/client/groups.py; `stream_events` is `events.follow`."""
    used: set[str] = set()
    for module in (groups, handles, events):
        tree = ast.parse(Path(module.__file__ or "").read_text("utf-8"))
        used |= {
            node.attr
            for node in ast.walk(tree)
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "ops"
        }
    assert len(OPERATIONS) > 90
    assert used == OPERATIONS


def test_ended_states_are_the_terminal_ones() -> None:
    """The client waits for the states that nothing but a redrive leaves."""
    assert set(TERMINAL) == events.ENDED


def test_client_loads_nothing_of_the_platform() -> None:
    """A program that only calls the API does not load the API's libraries, and a job type not httpx."""
    heavy = ("fastapi", "pydantic", "redis")
    program = f"import sys, multi_job.client; print([name for name in {heavy} if name in sys.modules])"
    assert _printed(program) == "[]"
    assert _printed("import sys; from multi_job import job; print('httpx' in sys.modules)") == "False"


def _printed(program: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()
