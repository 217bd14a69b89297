"""Modules that a worker loads before a tool is used."""

from __future__ import annotations

import subprocess
import sys

_PROGRAM = """
import sys
from app.core.tools import build_tools
from app.core.tools.base import ToolDependencies
from app.services.worker import worker
tools = build_tools(ToolDependencies(None, None, None, None))
print(sorted(tools), sorted({"httpcore", "httpx", "telegram", "litellm"} & set(sys.modules)))
"""


def test_worker_starts_without_client_libraries() -> None:
    """Every tool is offered, and none has loaded what only its calls need."""
    done = subprocess.run([sys.executable, "-c", _PROGRAM], check=True, capture_output=True, text=True)
    offered = ["alarms", "files", "http", "kv", "messaging", "metrics", "platform"]
    assert done.stdout.strip() == f"{offered} []"
