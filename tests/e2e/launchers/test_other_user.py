"""Another user of the machine gets no secret and no record of an installation."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from app.local.environment import SERVICE_SECRETS
from app.local.state import ServiceState
from tests.support.local import other_user
from tests.support.local.installation import Installed, copy_project
from tests.support.local.node import needs_node
from tests.support.local.tiny_dashboard import TinyDashboard
from tests.support.waiting import wait_until

pytestmark = [
    pytest.mark.checkout,
    pytest.mark.skipif(sys.platform != "linux", reason="reads /proc"),
    pytest.mark.skipif(
        sys.platform != "win32" and os.geteuid() != 0, reason="only root can become another user"
    ),
    needs_node,
]

NOBODY = 65_534
RECORD = "canary-record-of-a-run"
SECRETS = {
    "SECRET_KEY": "canary-Zq8vT3mXw1Lr7Yb5Nc2Kd9Hs4Jf6Pg0UaQw3Ez8",
    "API_KEYS": "owner:admin:canary-of-the-owners-key-0002",
    "UI_SESSION_SECRET": "canary-of-the-session-secret-0003",
    "OPENAI_API_KEY": "canary-of-the-model-key-0004",
    "PLANNER_AI_API_KEY": "canary-of-the-planner-key-0005",
    "MULTI_JOB_API_KEY": "canary-of-the-owners-key-0002",
}
KEY = SECRETS["MULTI_JOB_API_KEY"]
# Root's own files; each Python process that may have a variable is in `SERVICE_SECRETS`.
PROCESSES = ("redis", "dashboard", "api", "scheduler", "worker", "connector")


@dataclass(slots=True)
class Deployment:
    installed: Installed
    control: Path
    """A file of the home that everybody may read, with the canary of a record."""

    def look(self, uid: int) -> dict[str, Any]:
        """Return what a user gets: files, answers of Redis, /proc of our processes."""
        pids = [each.pid for each in self.installed.left()]
        canaries = [*set(SECRETS.values()), RECORD, self.installed.redis_password]
        wanted = {
            "folder": str(self.installed.home),
            "port": self.installed.redis_port,
            "pids": pids,
            "canaries": canaries,
            "uid": uid,
        }
        done = subprocess.run(
            # Not as an argument: another test reads the command lines of all processes.
            [sys.executable, other_user.__file__],
            input=json.dumps(wanted),
            check=True,
            capture_output=True,
            text=True,
            timeout=60,
        )
        return json.loads(done.stdout)

    def environment_of(self, name: str) -> dict[str, str]:
        return psutil.Process(self.installed.process(name).pid).environ()


def _run_a_job(installed: Installed) -> None:
    """Leave a record: a run with the canary in its inputs."""
    headers = {"Authorization": f"Bearer {KEY}"}
    with httpx.Client(
        base_url=f"http://127.0.0.1:{installed.api_port}", headers=headers, timeout=30
    ) as client:
        spec = {"job_id": "recorded", "type": "simulation.load", "description": RECORD}
        assert client.post("/jobs", json=spec).is_success
        run = client.post("/jobs/recorded/run", json={}).json()["run_id"]
        wait_until(lambda: client.get(f"/runs/{run}").json()["status"] == "success", 60, "the run has ended")


@pytest.fixture(scope="module")
def deployment() -> Iterator[Deployment]:
    """A start whose caller creates files for everybody, over a folder that an earlier version left open."""
    # pytest's own folders are closed to others, which would hide what the installation leaves open.
    folder = Path(tempfile.mkdtemp(prefix="multi-job-open-", dir="/tmp"))
    folder.chmod(0o755)
    root = copy_project(folder / "tree")
    TinyDashboard(root)
    home = folder / "home"
    installed = Installed(root, home, dict(SECRETS))
    for name in ("runtime-data", "runtime-logs"):
        (home / name / "earlier").mkdir(parents=True)
        (home / name / "earlier" / "file").write_text(RECORD, "utf-8")
        for path in (home, home / name, home / name / "earlier", home / name / "earlier" / "file"):
            path.chmod(0o777)
    control = home / "control"
    control.write_text(RECORD, "utf-8")
    control.chmod(0o644)
    try:
        started = installed.run("bash", "-c", "umask 000; exec ./start-local.sh")
        assert started.returncode == 0, started.stdout + started.stderr
        _run_a_job(installed)
        # Until it is built, its process is the build.
        wait_until(lambda: installed.service("dashboard").state is ServiceState.RUNNING, 60, "it is built")
        assert set(installed.processes()) == set(PROCESSES)
        yield Deployment(installed, control)
    finally:
        installed.stop()
        shutil.rmtree(folder)


def test_other_user_gets_no_secret_and_no_record(deployment: Deployment) -> None:
    """Files, the port of Redis and /proc: nothing. Root's look finds all of it, so the search is sound."""
    all_of_it, seen = deployment.look(0), deployment.look(NOBODY)
    assert {RECORD, deployment.installed.redis_password, SECRETS["SECRET_KEY"]} <= {
        hit.rpartition(": ")[2] for hit in (*all_of_it["files"], *all_of_it["proc"])
    }
    assert seen["files"] == [f"{deployment.control}: {RECORD}"]
    assert seen["read"] == [str(deployment.control)]
    assert seen["proc"] == []
    assert all(path.endswith("/cmdline") for path in seen["seen_of_processes"])
    assert {answer.split()[0] for answer in seen["redis"].values()} == {"-NOAUTH"}, seen["redis"]
    assert httpx.get(f"http://127.0.0.1:{deployment.installed.api_port}/jobs").status_code == 401


def test_files_are_private_whatever_the_umask(deployment: Deployment) -> None:
    """Nothing in data and logs has a permission for others, old files included."""
    home = deployment.installed.home
    paths = [path for name in ("runtime-data", "runtime-logs") for path in (home / name).rglob("*")]
    opened = [str(path) for path in paths if stat.S_IMODE(path.lstat().st_mode) & 0o077]
    assert len(paths) > 10
    assert opened == []


@pytest.mark.parametrize("name", PROCESSES)
def test_process_has_only_the_secrets_that_it_needs(deployment: Deployment, name: str) -> None:
    """As its /proc/PID/environ says: a table for Python's services, next to nothing for the other two."""
    environment = deployment.environment_of(name)
    held = {variable for variable, value in environment.items() if "canary" in value}
    if name == "redis":
        assert held == set()
    elif name == "dashboard":
        assert held == {"UI_SESSION_SECRET"}
    else:
        models = set[str]() if name == "scheduler" else {"OPENAI_API_KEY"}
        assert held == (SERVICE_SECRETS[name] & SECRETS.keys()) | models
    assert environment["MULTI_JOB_INSTANCE"] == deployment.installed.settings.instance
