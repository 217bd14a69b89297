"""The limit of open files is raised as far as it may be."""

from __future__ import annotations

import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="limits of POSIX")
PROGRAM = """
import resource
from app.core.system import raise_open_files
print(raise_open_files(), *resource.getrlimit(resource.RLIMIT_NOFILE))
"""


@pytest.mark.parametrize(
    ("limits", "reported"),
    [
        ("ulimit -n 1024; ulimit -Sn 200", "1024 1024 1024"),
        ("ulimit -n 1024", "1024 1024 1024"),
    ],
)
def test_soft_limit_is_raised_to_the_hard_one(limits: str, reported: str) -> None:
    """Whatever the shell gave, the process has all that it may have, and knows how much that is."""
    command = ["sh", "-c", f'{limits}; exec "$@"', "sh", sys.executable, "-c", PROGRAM]
    found = subprocess.run(command, capture_output=True, text=True, check=True, timeout=30)
    assert found.stdout.splitlines()[-1] == reported
