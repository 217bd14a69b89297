"""The launchers of the command prompt, run by wine's `cmd` with a stand-in for Python."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.waiting import wait_until

ROOT = Path(__file__).resolve().parents[3]
SERVICES = ("api", "scheduler", "worker", "connector", "dashboard")
# Each call leaves a file of its own, named for its words: windows work at the same time.
STAND_IN = """@echo off
if "%1"=="-c" exit /b %FAKE_OLD%
echo %*> "%FAKE_LOG%\\%3-%4.txt"
if "%3"=="check" exit /b %FAKE_CHECK%
if "%3"=="wait" exit /b %FAKE_WAIT%
exit /b 0
"""

pytestmark = [
    pytest.mark.checkout,
    pytest.mark.skipif(shutil.which("wine") is None, reason="wine is not installed"),
]


@pytest.fixture(scope="session")
def prefix(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh Windows of wine's."""
    folder = tmp_path_factory.mktemp("wine")
    environment = {**os.environ, "WINEPREFIX": str(folder), "WINEDEBUG": "-all"}
    subprocess.run(["wineboot", "-i"], check=True, capture_output=True, env=environment, timeout=240)
    return folder


class Prompt:
    """A copy of the launchers in a folder with a space in its name."""

    def __init__(self, prefix: Path, folder: Path) -> None:
        self.folder = folder / "my shop"
        self.calls = folder / "calls"
        self.calls.mkdir(parents=True)
        shutil.copytree(ROOT / "scripts", self.folder / "scripts")
        for launcher in ROOT.glob("*.cmd"):
            shutil.copy(launcher, self.folder)
        stand_in = folder / "python.cmd"
        stand_in.write_text(STAND_IN.replace("\n", "\r\n"), "ascii")
        self.environment = {
            **os.environ,
            "WINEPREFIX": str(prefix),
            "WINEDEBUG": "-all",
            "FAKE_LOG": _windows(self.calls),
            "FAKE_OLD": "0",
            "FAKE_CHECK": "0",
            "FAKE_WAIT": "0",
            "PYTHON": _windows(stand_in),
            "VENV_PYTHON": _windows(stand_in),
        }

    def run(self, launcher: str, *options: str, **changed: str) -> subprocess.CompletedProcess[str]:
        command = ["wine", "cmd", "/c", _windows(self.folder / launcher), *options]
        environment = {**self.environment, **changed}
        return subprocess.run(
            command, check=False, capture_output=True, text=True, env=environment, timeout=100, cwd="/"
        )

    def made(self) -> set[str]:
        return {path.stem for path in self.calls.iterdir()}


def _windows(path: Path) -> str:
    return "Z:" + str(path).replace("/", "\\")


@pytest.fixture
def prompt(prefix: Path, tmp_path: Path) -> Prompt:
    return Prompt(prefix, tmp_path)


def test_start_opens_a_window_for_each_service(prompt: Prompt) -> None:
    """It installs, checks, starts four services and the dashboard, and waits until they are ready."""
    done = prompt.run("start-local.cmd")
    assert done.returncode == 0, done.stdout + done.stderr
    expected = {"requirements.txt-", "check-", "wait-", *(f"run-{name}" for name in SERVICES)}
    wait_until(lambda: prompt.made() == expected, 60)


def test_start_leaves_the_dashboard_out(prompt: Prompt) -> None:
    """With --no-ui there are four windows."""
    done = prompt.run("start-local.cmd", "--no-ui")
    assert done.returncode == 0, done.stdout + done.stderr
    expected = {"requirements.txt-", "check-", "wait-", *(f"run-{name}" for name in SERVICES[:-1])}
    wait_until(lambda: prompt.made() == expected, 60)


def test_start_opens_nothing_if_the_check_fails(prompt: Prompt) -> None:
    """Without a Redis, or with a taken port, no window appears and the exit code says so."""
    assert prompt.run("start-local.cmd", FAKE_CHECK="1").returncode == 1
    assert prompt.made() == {"requirements.txt-", "check-"}


def test_start_fails_if_the_platform_does_not_get_ready(prompt: Prompt) -> None:
    """The exit code is that of the wait."""
    assert prompt.run("start-local.cmd", FAKE_WAIT="1").returncode == 1


def test_start_without_a_python_says_what_to_install(prompt: Prompt) -> None:
    """An interpreter that is too old counts as none."""
    done = prompt.run("start-local.cmd", FAKE_OLD="1")
    assert done.returncode == 1
    assert "Python 3.11 or newer is needed" in done.stdout
    assert prompt.made() == set()


def test_stop_ends_what_was_started(prompt: Prompt) -> None:
    """It asks the launcher to stop all, or says that nothing was ever installed."""
    assert prompt.run("stop-local.cmd").returncode == 0
    assert prompt.made() == {"stop-"}
    bare = prompt.run("stop-local.cmd", VENV_PYTHON="")
    assert (bare.returncode, "Not running" in bare.stdout) == (0, True)
