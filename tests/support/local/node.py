"""Whether this machine can build and serve the dashboard."""

from __future__ import annotations

import os

import pytest

from app.local.dashboard_build import find_node
from app.local.output import LocalError


def _has_node() -> bool:
    try:
        return bool(find_node(os.environ).npm)
    except LocalError:
        return False


needs_node = pytest.mark.skipif(not _has_node(), reason="Node.js 20.9 or newer and npm are not installed")
