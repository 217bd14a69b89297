"""The command `multi-job` that a start puts into `.venv`."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from app import __version__
from app.local.install import add_command, add_modules
from tests.support.local.installation import PROJECT_ROOT


@pytest.fixture
def python(tmp_path: Path) -> Path:
    """An interpreter in a folder with a space, as people have them."""
    folder = tmp_path / "my project" / ".venv" / "bin"
    folder.mkdir(parents=True)
    (folder / "python").symlink_to(sys.executable)
    return folder / "python"


@pytest.mark.skipif(sys.platform == "win32", reason="a shell script")
def test_command_runs_from_anywhere(python: Path, tmp_path: Path) -> None:
    """It finds the project from any folder, even one that holds an `app` of its own."""
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "__init__.py").write_text("raise SystemExit('the wrong one')\n", "utf-8")
    # The interpreter behind the link knows no packages of this environment.
    packages = os.pathsep.join(path for path in sys.path if path.endswith("-packages"))
    environment = {**os.environ, "PYTHONPATH": packages}
    command = add_command(PROJECT_ROOT, python, windows=False)
    done = subprocess.run(
        [command, "--version"], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout.strip()) == (0, __version__), done.stderr


def test_command_of_pip_is_left_alone(python: Path) -> None:
    """If `pip install -e .` ran first, its command stays."""
    there = python.with_name("multi-job")
    there.write_text("pip's", "utf-8")
    assert add_command(PROJECT_ROOT, python, windows=False) == there
    assert there.read_text("utf-8") == "pip's"


def test_command_for_windows_ends_lines_as_windows_does(python: Path) -> None:
    """The batch file goes by its own folder and hands the exit code on."""
    text = add_command(PROJECT_ROOT, python, windows=True).read_bytes()
    assert text.count(b"\r\n") == text.count(b"\n") == 5
    assert b'"%~dp0python.exe" -P -m app.cli %*' in text


@pytest.mark.skipif(sys.platform == "win32", reason="folders of POSIX")
def test_programs_and_tests_of_job_types_import_the_checkout(tmp_path: Path) -> None:
    """As in the guide: `python` of the environment runs them in any folder."""
    root = tmp_path / "my project"
    venv.create(root / ".venv", symlinks=True)
    (root / "multi_job").mkdir()
    (root / "multi_job" / "__init__.py").write_text("ORIGIN = 'checkout'\n", "utf-8")
    for _ in range(2):
        add_modules(root)
    moved = root.rename(tmp_path / "moved")
    program = "import multi_job; print(multi_job.ORIGIN)"
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    done = subprocess.run(
        [moved / ".venv" / "bin" / "python", "-c", program],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout.strip()) == (0, "checkout"), done.stderr
