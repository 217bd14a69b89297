"""The documented way by hand, word for word: a fresh environment, four services, the dashboard with npm."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.local.dashboard_build import DashboardBuild, find_node
from app.local.settings import parse_env_file
from tests.support.documents.documents import Document
from tests.support.embedded_redis import EmbeddedRedis, free_port
from tests.support.local.installation import PROJECT_ROOT, copy_project
from tests.support.local.node import needs_node
from tests.support.waiting import wait_until

PAGE, HEADING = Document("docs/operations.md"), "### By hand"
SERVICES = ("api", "worker", "scheduler", "connector")

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals and paths of POSIX")


def test_manual_way_is_what_the_project_promises() -> None:
    """A password for Redis, then the commands as they always were, so that old notes go on working."""
    password, *others = PAGE.commands(HEADING)
    assert password.startswith("python -c ")
    assert others == [
        "docker-compose up -d redis",
        "pip install -e .",
        "python -m uvicorn app.services.api.main:app --host 127.0.0.1 --port 8000",
        "python -m app.services.worker.main",
        "python -m app.services.scheduler.main",
        "python -m app.services.connector.main",
        "cd ui",
        "npm install",
        "npm run build",
        "npm run serve",
    ]


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project's files, and an environment into which the documented command has installed the project."""
    folder = tmp_path_factory.mktemp("clone")
    copy_project(folder, lend=False)
    (folder / "docs").mkdir()
    for name in ("README.md", "LICENSE", "docs/openapi.json"):
        (folder / name).write_bytes((PROJECT_ROOT / name).read_bytes())
    made = shutil.ignore_patterns("node_modules", ".next", "next-env.d.ts", "*.tsbuildinfo", "test-results")
    shutil.copytree(PROJECT_ROOT / "ui", folder / "ui", ignore=made)
    subprocess.run([sys.executable, "-m", "venv", str(folder / ".venv")], check=True)
    install = shlex.split(PAGE.commands(HEADING)[2])
    subprocess.run(install, check=True, cwd=folder, env=environment_in(folder), timeout=280)
    return folder


def environment_in(clone: Path) -> dict[str, str]:
    """Return the environment of a terminal in the clone, with the environment's `bin` on the path."""
    foreign = ("PYTHON", "VIRTUAL", "REDIS_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    return {**kept, "PATH": os.pathsep.join([str(clone / ".venv" / "bin"), os.environ["PATH"]])}


class ByHand:
    """Terminals that somebody opened in the clone."""

    def __init__(self, clone: Path, redis_port: int, home: Path) -> None:
        self.folder, self.port, self.ui_port = clone, free_port(), free_port()
        self.terminals: list[subprocess.Popen[bytes]] = []
        own = {"REDIS_PORT": str(redis_port), "MULTI_JOB_HOME": str(home), "DRAIN_SEC": "2"}
        at = {"UI_PORT": str(self.ui_port), "API_BASE_URL": f"http://127.0.0.1:{self.port}"}
        self.environment = {**environment_in(clone), **own, **at}

    def lend(self, builds: DashboardBuild) -> None:
        """Give the clone the packages and the compiler's cache of the checkout's build."""
        builds.make()
        ui = self.folder / "ui"
        shutil.copytree(builds.work / "node_modules", ui / "node_modules", symlinks=True, copy_function=_link)
        shutil.copytree(builds.work / ".next" / "cache", ui / ".next" / "cache")
        self.environment["npm_config_omit"] = "dev"

    def words(self, command: str) -> list[str]:
        return shlex.split(command.replace("--port 8000", f"--port {self.port}"))

    def do(self, command: str) -> None:
        if command.startswith("cd "):
            self.folder /= command.removeprefix("cd ")
            return
        subprocess.run(self.words(command), check=True, cwd=self.folder, env=self.environment, timeout=280)

    def open(self, command: str, log: Path) -> None:
        with log.open("wb") as out:
            started = subprocess.Popen(
                self.words(command),
                cwd=self.folder,
                env=self.environment,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
        self.terminals.append(started)

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        url = f"http://127.0.0.1:{self.port}{path}"
        request = urllib.request.Request(url, data, headers, method=method)
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)

    def shown(self, path: str) -> httpx.Response | None:
        """Return what the dashboard answers; None while it does not."""
        with suppress(httpx.TransportError):
            return httpx.get(f"http://127.0.0.1:{self.ui_port}{path}", timeout=30, follow_redirects=True)
        return None

    def ready(self) -> bool:
        try:
            checks = self.ask("GET", "/readyz")["checks"]
        except (OSError, urllib.error.HTTPError):
            return False
        return all(check["status"] == "ok" for check in checks.values())

    def close(self) -> list[int]:
        """Press Ctrl-C in each terminal, which reaches all that runs in there, and return how they ended."""
        for terminal in self.terminals:
            _signal(terminal, signal.SIGINT)
        try:
            return [terminal.wait(30) for terminal in self.terminals]
        finally:
            for terminal in self.terminals:
                _signal(terminal, signal.SIGKILL)
                terminal.wait(5)


def _link(source: str, target: str) -> None:
    """Link a file, or copy it onto another file system."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def _signal(terminal: subprocess.Popen[bytes], number: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(terminal.pid, number)


@pytest.fixture
def by_hand(clone: Path, tmp_path: Path) -> Iterator[ByHand]:
    subprocess.run([sys.executable, *shlex.split(PAGE.commands(HEADING)[0])[1:]], cwd=clone, check=True)
    password = parse_env_file((clone / ".env").read_text("utf-8"))["REDIS_PASSWORD"]
    with EmbeddedRedis(tmp_path / "redis", password=password) as server:
        terminals = ByHand(clone, server.port, tmp_path / "home")
        yield terminals
        terminals.close()


@pytest.mark.timeout(400)
def test_manual_way_runs_a_job(by_hand: ByHand, tmp_path: Path) -> None:
    """After the documented commands a job runs, and Ctrl-C ends each process in order."""
    services = PAGE.commands(HEADING)[3 : 3 + len(SERVICES)]
    for name, command in zip(SERVICES, services, strict=True):
        by_hand.open(command, tmp_path / f"{name}.log")
    wait_until(by_hand.ready, 60, message="all four services are ready")
    by_hand.ask("POST", "/jobs", {"job_id": "hand", "type": "simulation.load"})
    run = by_hand.ask("POST", "/jobs/hand/run", {})["run_id"]
    wait_until(lambda: by_hand.ask("GET", f"/runs/{run}")["status"] == "success", 60)
    assert [code for code in by_hand.close() if code not in {0, -signal.SIGINT, 130}] == []


@needs_node
@pytest.mark.timeout(600)
def test_manual_way_shows_the_dashboard(
    by_hand: ByHand, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """After the documented commands the dashboard shows pages, and passes on what the API answers.

    Only with --full the packages are downloaded and everything is compiled once more.
    """
    if not request.config.getoption("--full"):
        by_hand.lend(DashboardBuild(PROJECT_ROOT, find_node(os.environ)))
    by_hand.open(PAGE.commands(HEADING)[3], tmp_path / "api.log")
    enter, install, build, serve = PAGE.commands(HEADING)[3 + len(SERVICES) :]
    for command in (enter, install, build):
        by_hand.do(command)
    by_hand.open(serve, tmp_path / "dashboard.log")
    wait_until(lambda: by_hand.shown("/healthz"), 60, message="the dashboard answers")
    page = by_hand.shown("/")
    assert page is not None
    assert (page.status_code, page.headers["content-type"].split(";")[0]) == (200, "text/html")
    by_hand.ask("POST", "/jobs", {"job_id": "shown", "type": "simulation.load"})
    jobs = by_hand.shown("/api/jobs")
    assert jobs is not None
    assert [job["job_id"] for job in jobs.json()] == ["shown"]
    assert [code for code in by_hand.close() if code not in {0, -signal.SIGINT, 130}] == []
