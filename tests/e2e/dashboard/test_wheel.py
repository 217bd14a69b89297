"""The wheel: built as a release is, installed outside of any checkout, started with its dashboard."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from app import __version__
from app.local.dashboard_build import DashboardBuild, find_node
from tests.support.embedded_redis import free_port
from tests.support.local.installation import PROJECT_ROOT
from tests.support.local.memory import MemoryPeak
from tests.support.local.node import needs_node
from tests.support.local.package import install_wheel
from tools.build_wheel import build_wheel, locked_versions

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="it measures memory as Linux does"),
    needs_node,
]

MOST_MEGABYTES = 600
PLATFORM = "multi_job/_platform"


@dataclass(slots=True)
class Package:
    """An environment with the wheel, a user's home, and a working directory with `.env`."""

    folder: Path
    api_port: int = field(default_factory=free_port)
    ui_port: int = field(default_factory=free_port)
    redis_port: int = field(default_factory=free_port)

    def __post_init__(self) -> None:
        for name in ("home", "shop", "temporary"):
            (self.folder / name).mkdir()
        ports = f"API_PORT={self.api_port}\nUI_PORT={self.ui_port}\nREDIS_PORT={self.redis_port}\n"
        (self.folder / "shop" / ".env").write_text(ports, "utf-8")
        # Modules of the working directory must not hide the package or one of its dependencies.
        for name in ("app", "redis", "calendar"):
            (self.folder / "shop" / f"{name}.py").write_text("raise SystemExit('the wrong one')\n", "utf-8")

    @property
    def python(self) -> Path:
        return self.folder / "environment" / "bin" / "python"

    @property
    def data(self) -> Path:
        return self.folder / "home" / ".local" / "share" / "multi-job"

    def run(self, *words: str) -> str:
        """Run `multi-job` and return its output; its failure fails the test."""
        done = subprocess.run(
            [self.python.with_name("multi-job"), *words],
            cwd=self.folder / "shop",
            env={
                "PATH": os.environ["PATH"],
                "HOME": str(self.folder / "home"),
                "TMPDIR": str(self.folder / "temporary"),
                "LC_ALL": "C.UTF-8",
            },
            check=False,
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def files(self) -> dict[str, int]:
        """Return all files outside of the data folder, with the time of their last change."""
        return {
            str(path.relative_to(self.folder)): path.stat().st_mtime_ns
            for path in self.folder.rglob("*")
            if not path.is_relative_to(self.data) and path.is_file()
        }


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The checkout keeps the dashboard's build for all tests."""
    build = DashboardBuild(PROJECT_ROOT, find_node(os.environ)).make()
    return build_wheel(tmp_path_factory.mktemp("dist"), build)


@pytest.fixture
def package(wheel: Path, tmp_path: Path) -> Iterator[Package]:
    """The wheel in an environment that sees the packages of this one, so that nothing is downloaded."""
    package = Package(tmp_path)
    install_wheel(tmp_path / "environment", wheel)
    yield package
    package.run("down")


@pytest.mark.timeout(900)
def test_wheel_holds_everything_and_no_path_of_its_builder(wheel: Path) -> None:
    """The code, its data, the dashboard without tools of its build; nothing compiled for one system."""
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        texts = {name: archive.read(name) for name in names if name.startswith(f"{PLATFORM}/dashboard/")}
    assert wheel.name == f"multi_job-{__version__}-py3-none-any.whl"
    wanted = {
        f"{PLATFORM}/core/storage/lua/queue/claim.lua",
        f"{PLATFORM}/locale/id/LC_MESSAGES/messages.po",
        f"{PLATFORM}/jobs/policies.yaml",
        f"{PLATFORM}/dashboard/serve.mjs",
        f"{PLATFORM}/dashboard/server.js",
        f"{PLATFORM}/dashboard/.next/BUILD_ID",
        "multi_job/__init__.py",
        f"multi_job-{__version__}.dist-info/licenses/LICENSE",
    }
    assert wanted - names == set()
    specs = {
        f"{PLATFORM}/jobs/specs/{path.name}" for path in (PROJECT_ROOT / "app" / "jobs" / "specs").iterdir()
    }
    assert specs <= names
    assert [name for name in names if re.search(r"\.static/.*\.css$|\.next/static/.*\.js$", name)] != []
    foreign = re.compile(r"\.(node|so|pyc)$|/node_modules/(typescript|eslint)/|^tests/")
    assert [name for name in names if foreign.search(name)] == []
    assert [name for name, text in texts.items() if str(PROJECT_ROOT).encode() in text] == []


@pytest.mark.timeout(900)
def test_wheel_starts_with_its_dashboard_and_writes_to_its_data_folder_only(package: Package) -> None:
    """`up`, a page, `status`, `down`: with less memory than a small server has."""
    before = package.files()
    with MemoryPeak("HOME", str(package.folder / "home")) as memory:
        started = package.run("up")
        page = httpx.get(f"http://127.0.0.1:{package.ui_port}/", timeout=30, follow_redirects=True)
    assert f"Dashboard ready: http://127.0.0.1:{package.ui_port}" in started
    assert f"Data and logs: {package.data}" in started
    assert page.is_success, page.text[:500]
    script = page.text.partition('src="/_next/static/')[2].partition('"')[0]
    assert httpx.get(f"http://127.0.0.1:{package.ui_port}/_next/static/{script}", timeout=30).is_success
    assert memory.samples > 1
    assert memory.peak_bytes < MOST_MEGABYTES * 2**20, memory.peak
    assert "ready" in package.run("status")
    assert "All stopped" in package.run("down")
    assert package.files() == before
    assert (package.data / "runtime-data" / "secret.key").is_file()


@pytest.mark.full
@pytest.mark.timeout(900)
def test_wheel_runs_the_demo_in_an_empty_environment(wheel: Path, tmp_path: Path) -> None:
    """Its dependencies are installed with it; 30 seconds are promised, twice of that is the bound."""
    package = Package(tmp_path)
    subprocess.run([sys.executable, "-m", "venv", str(tmp_path / "environment")], check=True)
    versions = tmp_path / "constraints.txt"
    versions.write_text(locked_versions((PROJECT_ROOT / "requirements.txt").read_text("utf-8")), "utf-8")
    install = [
        str(package.python),
        "-m",
        "pip",
        "install",
        "--quiet",
        "--constraint",
        str(versions),
        str(wheel),
    ]
    subprocess.run(install, check=True)
    before = package.files()
    try:
        with MemoryPeak("HOME", str(package.folder / "home")) as memory:
            printed = package.run("up", "--demo")
    finally:
        package.run("down")
    assert f"Dashboard ready: http://127.0.0.1:{package.ui_port}" in printed
    assert "Laporan harian" in printed
    assert memory.peak_bytes < MOST_MEGABYTES * 2**20, memory.peak
    assert package.files() == before
