"""Builds the dashboard unless it is built, and prints the build's folder."""

from __future__ import annotations

import os
from pathlib import Path

from app.local.dashboard_build import DashboardBuild, find_node

ROOT = Path(__file__).resolve().parents[1]


def main() -> None:
    """Print only the folder, because a script reads it. The output of npm goes to standard error."""
    printed = os.dup(1)
    os.dup2(2, 1)
    folder = DashboardBuild(ROOT, find_node(os.environ)).make()
    os.write(printed, f"{folder}\n".encode())


if __name__ == "__main__":
    main()
