"""The changelog: upgrade steps of each release, and its commit for the tests of two releases."""

from __future__ import annotations

import re
import subprocess

import pytest

from tests.support.faults.processes import PROJECT_ROOT
from tests.support.faults.releases import RELEASES

TEXT = (PROJECT_ROOT / "CHANGELOG.md").read_text("utf-8")
PARTS = dict(re.findall(r"^## \[([^\]]+)\](.*?)(?=^## |\Z)", TEXT, re.MULTILINE | re.DOTALL))


def test_each_release_has_its_commit() -> None:
    """A release that is missing would not be tested beside the next one."""
    assert [*RELEASES] == [name for name in reversed(PARTS) if name != "Unreleased"]


@pytest.mark.parametrize("release", PARTS)
def test_each_release_says_what_to_do_first(release: str) -> None:
    """Numbered steps, before the changes."""
    first = PARTS[release].split("### ")[1]
    assert first.startswith("Upgrade: do this first\n\n1. "), first[:60]


@pytest.mark.parametrize("release", RELEASES)
def test_the_commit_of_a_release_has_its_version(release: str) -> None:
    """The code that the tests start is that of the release."""
    command = ["git", "-C", PROJECT_ROOT, "show", f"{RELEASES[release]}:app/__init__.py"]
    shown = subprocess.run(command, check=False, capture_output=True, text=True)
    if shown.returncode:
        pytest.skip("needs the history of the project")
    assert f'__version__ = "{release}"' in shown.stdout
