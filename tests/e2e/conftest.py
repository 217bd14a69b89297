"""Installations of their own: a copy of the tree, and for each test a home and ports."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.installation import Installed, MakeInstalled, copy_project


@pytest.fixture(scope="session")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_project(tmp_path_factory.mktemp("tree"))


@pytest.fixture
def install(tree: Path, tmp_path: Path) -> Iterator[MakeInstalled]:
    """Make installations, and see to it that nothing of them outlives the test."""
    made: list[Installed] = []

    def make(root: Path = tree, **extra: str) -> Installed:
        installed = Installed(root, tmp_path / f"home{len(made)}", extra)
        made.append(installed)
        return installed

    yield make
    for installed in made:
        installed.stop()
        assert installed.left() == []
