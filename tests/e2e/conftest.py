"""Installations of their own: a copy of the tree, and for each test or module a home and ports."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from tests.support.local.installation import Installed, MakeInstalled, MakeTree, copy_project
from tests.support.local.package import bare_wheel, make_project, shared_folder


@pytest.fixture(scope="session")
def make_tree(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> MakeTree:
    """Return a function that makes a copy of the checkout, or with --wheel a project with the wheel."""
    if not request.config.getoption("--wheel"):
        return copy_project
    return partial(make_project, wheel=bare_wheel(shared_folder(tmp_path_factory)))


@pytest.fixture(scope="session")
def tree(make_tree: MakeTree, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_tree(tmp_path_factory.mktemp("tree"))


@pytest.fixture
def install(tree: Path, tmp_path: Path) -> Iterator[MakeInstalled]:
    """Make installations, and see to it that nothing of them outlives the test."""
    with _installations(tree, tmp_path) as make:
        yield make


@pytest.fixture(scope="module")
def install_shared(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[MakeInstalled]:
    """Make installations that the tests of a module share: each keeps to job ids of its own."""
    with _installations(tree, tmp_path_factory.mktemp("shared")) as make:
        yield make


@contextmanager
def _installations(tree: Path, folder: Path) -> Generator[MakeInstalled]:
    made: list[Installed] = []

    def make(root: Path = tree, **extra: str) -> Installed:
        installed = Installed(root, folder / f"home{len(made)}", extra)
        made.append(installed)
        return installed

    yield make
    for installed in made:
        if installed.left():
            installed.stop()
        assert installed.left() == []
