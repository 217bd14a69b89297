"""An installed package, in contrast to a checkout: its folders, its environment, its dashboard."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from app.core.config import Settings
from app.core.home import places
from app.core.home.places import default_home, own_folder
from app.core.registry import load_handlers
from app.local import dashboard, dashboard_build
from app.local import settings as local_settings
from app.local.dashboard import desired_dashboard
from app.local.dashboard_build import DashboardBuild, Node
from app.local.settings import load_settings
from app.local.start import remember_start

NODE = Node("node", "", (20, 9, 0))


@pytest.fixture
def package(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Pretend that the code is installed; return the working directory of the start."""
    for module in (places, dashboard, local_settings):
        monkeypatch.setattr(module, "IS_CHECKOUT", False)
    monkeypatch.setattr(dashboard_build, "PACKAGED", tmp_path / "packaged")
    monkeypatch.setattr(dashboard, "PACKAGED", tmp_path / "packaged")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    folder = tmp_path / "shop"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.mark.skipif(sys.platform != "linux", reason="XDG_DATA_HOME is a rule of Linux")
def test_package_keeps_data_in_the_folder_of_the_user(package: Path, tmp_path: Path) -> None:
    """The launcher and the services agree on it, and MULTI_JOB_HOME wins."""
    expected = tmp_path / "data" / "multi-job"
    assert load_settings({}).home == default_home() == Settings(_env_file=None).multi_job_home == expected  # pyright: ignore[reportCallIssue]
    assert load_settings({"MULTI_JOB_HOME": "here"}).home == package / "here"


def test_package_reads_the_env_file_of_the_working_directory(package: Path) -> None:
    """So several folders may hold the settings of several installations."""
    (package / ".env").write_text("API_PORT=8100\nMULTI_JOB_HOME=data\n", "utf-8")
    settings = load_settings({})
    assert (settings.root, settings.api_port, settings.home) == (package, 8100, package / "data")


def test_package_does_not_import_from_the_working_directory(package: Path) -> None:
    """A `redis.py` there must not hide the package of that name, nor a `calendar.py` that of Python."""
    child = load_settings({}).child_environment({"PATH": "/bin"})
    assert child["PYTHONSAFEPATH"] == "1"
    assert "PYTHONPATH" not in child


def test_own_handlers_are_found_in_the_working_directory(
    package: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """HANDLER_MODULES may name a file next to `.env`, and it is searched last."""
    (package / "shop_jobs_of_package.py").write_text("LOADED = True\n", "utf-8")
    monkeypatch.setattr(sys, "path", [each for each in sys.path if each not in {"", str(Path.cwd())}])
    load_handlers(Settings(_env_file=None, handler_modules=["shop_jobs_of_package"]))  # pyright: ignore[reportCallIssue]
    assert sys.modules.pop("shop_jobs_of_package").LOADED
    assert sys.path[-1] == str(package)


def test_packaged_dashboard_is_served_and_never_built(package: Path, tmp_path: Path) -> None:
    """It needs neither npm nor a folder `ui`, even if the working directory has one."""
    (package / "ui").mkdir()
    (package / "ui" / "package.json").write_text("{}", "utf-8")
    settings = load_settings({})
    assert desired_dashboard(settings, os.environ).problem == "this package was built without it"
    (tmp_path / "packaged").mkdir()
    assert "built without" not in desired_dashboard(settings, os.environ).problem
    builds = DashboardBuild(package, NODE)
    assert builds.make() == builds.finished() == tmp_path / "packaged"
    assert not (package / "runtime-data").exists()


def test_start_makes_the_env_file_of_its_folder_the_deployments_own(
    package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also if that file moves the data: commands know only the environment before they read it."""
    monkeypatch.delenv("MULTI_JOB_HOME", raising=False)
    (package / ".env").write_text(f"API_PORT=8200\nMULTI_JOB_HOME={tmp_path / 'moved'}\n", "utf-8")
    assert own_folder() is None
    remember_start(load_settings({}))
    assert own_folder() == package
    monkeypatch.setenv("MULTI_JOB_HOME", str(tmp_path / "moved"))
    assert own_folder() == package


@pytest.mark.usefixtures("package")
def test_start_says_that_it_cannot_record_its_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It goes on: only commands with a key need the record."""
    (tmp_path / "file").touch()
    remember_start(load_settings({"MULTI_JOB_HOME": str(tmp_path / "file")}))
    assert "if MULTI_JOB_URL is in the environment" in capsys.readouterr().out
