"""The wheel in a project that has a package `app` of its own, as most projects with FastAPI have."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import httpx
import pytest

from tests.support.local.installation import Installed, MakeInstalled
from tests.support.local.package import bare_wheel, make_project, shared_folder
from tests.support.waiting import wait_until
from tools.build_backend import ROOT

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="the environment is made as on POSIX"),
]

TESTS = """
from app.core import PRICE
from app.jobs import price
from multi_job.testing import FakeTools, run_job


def test_in_memory():
    assert run_job(price, {"count": 3}, tools=FakeTools()).assert_success() == 3 * PRICE


def test_on_a_platform(job_platform):
    job_platform.create_job("three", "shop.price", {"count": 3})
    assert job_platform.run_job("three")["result"]["output"] == 21
"""
SETTINGS = """
import pytest


@pytest.fixture(scope="session")
def job_platform_settings():
    return {"HANDLER_MODULES": "app.jobs"}
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return bare_wheel(shared_folder(tmp_path_factory))


@pytest.fixture(scope="module")
def project(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_project(tmp_path_factory.mktemp("shop"), wheel)


def test_wheel_has_no_name_app(wheel: Path) -> None:
    """Neither a package of that name, nor a text that names a module of it."""
    parts = "|".join(path.stem for path in (ROOT / "app").iterdir() if path.stem != "__init__")
    left = re.compile(rf"(?<![\w./-])app[./](?:{parts})\b|\b(?:from|import) app\b")
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        texts = {name: archive.read(name).decode("utf-8") for name in names}
    assert {name.split("/")[0].split("-")[0] for name in names} == {"multi_job"}
    [owned] = [text for name, text in texts.items() if name.endswith("/top_level.txt")]
    assert owned == "multi_job\n"
    named = {name: left.findall(text) for name, text in texts.items()}
    assert {name: found for name, found in named.items() if found} == {}


def test_kit_tests_the_job_types_of_the_project(project: Path) -> None:
    """In memory and on a platform; `app.core` and `app.jobs` are the project's."""
    (project / "test_jobs.py").write_text(TESTS, "utf-8")
    (project / "conftest.py").write_text(SETTINGS, "utf-8")
    # The suites run with the checkout in PYTHONPATH, which would come before the wheel.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [project / ".venv" / "bin" / "python", "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        cwd=project,
        env=environment,
        check=False,
        capture_output=True,
        text=True,
        timeout=250,
    )
    assert "2 passed" in done.stdout, done.stdout + done.stderr


def test_platform_runs_the_job_types_of_the_project(project: Path, install: MakeInstalled) -> None:
    """`HANDLER_MODULES=app.jobs` in `.env` names the project's module; nothing loads the platform's own."""
    installed: Installed = install(project)
    installed.up()
    with httpx.Client(base_url=f"http://127.0.0.1:{installed.api_port}", timeout=60) as api:
        assert "shop.price" in {each["type"] for each in api.get("/job-types").json()}
        job = {"job_id": "two", "type": "shop.price", "inputs": {"count": 2}}
        assert api.post("/jobs", json=job).is_success
        run = api.post("/jobs/two/run", json={}).json()["run_id"]
        wait_until(lambda: api.get(f"/runs/{run}").json()["status"] == "success", 60, "the run has ended")
        assert api.get(f"/runs/{run}").json()["result"]["output"] == 14
