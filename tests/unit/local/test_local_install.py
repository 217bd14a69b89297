"""When `.venv` is created, updated, and created again."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from app.local.install import Installation
from app.local.output import LocalError

ROOT = Path(__file__).resolve().parents[3]


class Recorded(Installation):
    """An installation that notes what it would do."""

    def __init__(self, root: Path) -> None:
        super().__init__(root, "requirements.txt")
        self.done: list[str] = []
        self.works = True
        self.fails = False

    def runs(self) -> bool:
        return self.folder.is_dir() and self.works

    def _create(self) -> None:
        self.done.append("create")
        self.folder.mkdir(exist_ok=True)

    def _install(self) -> None:
        self.done.append("install")
        if self.fails:
            raise LocalError("no network")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "requirements.txt").write_text("one==1\n", "utf-8")
    return tmp_path


def test_first_installation_creates_and_installs(root: Path) -> None:
    """Nothing there: both steps, and then it is current."""
    first = Recorded(root)
    first.bring_up_to_date()
    assert first.done == ["create", "install"]
    assert first.is_current()


def test_second_installation_does_nothing(root: Path) -> None:
    """The same requirements are not installed twice."""
    Recorded(root).bring_up_to_date()
    second = Recorded(root)
    second.bring_up_to_date()
    assert second.done == []


def test_changed_requirements_are_installed_into_the_same_environment(root: Path) -> None:
    """Other content: only the second step."""
    Recorded(root).bring_up_to_date()
    (root / "requirements.txt").write_text("one==2\n", "utf-8")
    second = Recorded(root)
    second.bring_up_to_date()
    assert second.done == ["install"]


def test_interrupted_installation_is_repeated(root: Path) -> None:
    """Half-installed packages are not trusted: the next start begins from nothing."""
    first = Recorded(root)
    first.fails = True
    with pytest.raises(LocalError):
        first.bring_up_to_date()
    second = Recorded(root)
    assert not second.is_current()
    second.bring_up_to_date()
    assert second.done == ["create", "install"]
    assert second.is_current()


def test_environment_whose_interpreter_is_gone_is_created_again(root: Path) -> None:
    """After the system's Python was replaced the old links lead nowhere."""
    Recorded(root).bring_up_to_date()
    second = Recorded(root)
    second.works = False
    second.bring_up_to_date()
    assert second.done == ["create", "install"]


def test_installer_needs_the_standard_library_only() -> None:
    """It runs on an interpreter without any package: without `site`, no installed package is found."""
    code = "import sys; sys.path.insert(0, sys.argv[1]); import app.local.install"
    done = subprocess.run([sys.executable, "-S", "-c", code, str(ROOT)], check=False, capture_output=True)
    assert done.returncode == 0, done.stderr.decode()
