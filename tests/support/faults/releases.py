"""The code of an earlier commit, for processes that run side by side with the present ones."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.faults.processes import PROJECT_ROOT

RELEASES = {"1.0.0": "930626fcfde9"}
"""The commit of each release, the newest last; the changelog has the same releases."""
WITHOUT_SCHEMA = "ca17cb71114b"
"""The last commit whose data have no schema."""
FIRST_BUILD = "cb321a8783c0"


def checked_out(commit: str, folder: Path) -> Path:
    """Return a folder with the code of a commit; without this project's history the test is skipped."""
    git = shutil.which("git")
    archive = folder / f"{commit}.tar"
    if git is None or not _archived(git, commit, archive):
        reason = f"needs the history of the project with the commit {commit}"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    target = folder / commit
    target.mkdir()
    subprocess.run(["tar", "-xf", archive, "-C", target], check=True)
    return target


def _archived(git: str, commit: str, archive: Path) -> bool:
    command = [git, "-C", PROJECT_ROOT, "archive", "-o", archive, commit, "app", "tests/support"]
    return subprocess.run(command, check=False, capture_output=True).returncode == 0
