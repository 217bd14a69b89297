"""An installation in a temporary folder, a copy of the project or a wheel, driven like a person would."""

from __future__ import annotations

import compileall
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from app.core.redis_login import embedded_password_file
from app.local.install import Installation as Environment
from app.local.processes import Identity, identify, is_alive, marked
from app.local.settings import LocalSettings, load_settings
from app.local.state import ServiceRecord, StateFiles, SupervisorState
from tests.support.api.command_server import CommandServer
from tests.support.embedded_redis import free_port
from tests.support.waiting import wait_until
from tools.build_backend import PACKAGE

PROJECT_ROOT = Path(__file__).resolve().parents[3]
# What a developer may have set for an installation of their own.
_FOREIGN = ("REDIS_", "API_", "UI_", "MULTI_JOB_", "AUTH", "NAMESPACE", "PYTHONPATH", "WORKER_")


@dataclass(slots=True)
class Installed:
    """One installation: a tree, a home of its own and free ports."""

    root: Path
    home: Path
    extra: dict[str, str] = field(default_factory=dict[str, str])
    api_port: int = field(default_factory=free_port)
    redis_port: int = field(default_factory=free_port)
    ui_port: int = field(default_factory=free_port)

    @property
    def environment(self) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(_FOREIGN)}
        own = {
            "MULTI_JOB_HOME": str(self.home),
            "API_PORT": str(self.api_port),
            "REDIS_PORT": str(self.redis_port),
            "UI_PORT": str(self.ui_port),
            "LC_ALL": "C.UTF-8",
        }
        return {**inherited, **own, **self.extra}

    @property
    def settings(self) -> LocalSettings:
        return load_settings(self.environment, self.root)

    @property
    def is_package(self) -> bool:
        """Whether the wheel is installed in a project's folder; else it is a copy of the checkout."""
        return not (self.root / "multi_job").is_dir()

    @property
    def python(self) -> Path:
        return self.root / ".venv" / "bin" / "python"

    @property
    def command(self) -> list[str]:
        """Return the words of `multi-job`."""
        if self.is_package:
            return [str(self.python.with_name("multi-job"))]
        return [str(self.python), "-m", "app.cli"]

    def command_server(self, environment: Mapping[str, str] | None = None) -> CommandServer:
        """Return a server of its commands."""
        main = f"{PACKAGE if self.is_package else 'app'}.cli.main"
        return CommandServer(self.python, self.root, environment or self.environment, main)

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run a script in the tree and return when it and all that hold its output are done."""
        return subprocess.run(
            command,
            cwd=self.root,
            env=self.environment,
            check=False,
            capture_output=True,
            text=True,
            timeout=100,
        )

    def start(self, *options: str) -> subprocess.CompletedProcess[str]:
        return self.run("./start-local.sh", *options)

    def up(self) -> subprocess.CompletedProcess[str]:
        """Start, and fail with the launcher's output if that does not succeed."""
        started = self.start()
        assert started.returncode == 0, started.stdout + started.stderr
        return started

    def stop(self) -> subprocess.CompletedProcess[str]:
        return self.run("./stop-local.sh")

    def status(self) -> subprocess.CompletedProcess[str]:
        return self.run("./status-local.sh")

    def state(self) -> SupervisorState:
        state = StateFiles(self.settings).load()
        assert state is not None, "nothing was started here"
        return state

    def supervisor(self) -> Identity:
        supervisor = self.state().supervisor
        assert supervisor is not None
        return supervisor

    def service(self, name: str) -> ServiceRecord:
        return self.state().services[name]

    def process(self, name: str) -> Identity:
        process = self.service(name).process
        assert process is not None, f"{name} does not run"
        return process

    def processes(self) -> Mapping[str, Identity]:
        """Return what the state file says is alive."""
        records = self.state().services.values()
        return {each.name: each.process for each in records if each.process and is_alive(each.process)}

    def left(self) -> list[Identity]:
        """Return every living process of this installation, recorded or not."""
        return [each for each in marked(self.settings.instance) if identify(each.pid) == each]

    @property
    def redis_password(self) -> str:
        """Return the password that the start made for the embedded Redis."""
        return embedded_password_file(self.settings.data_dir).read_text("utf-8")

    def ask_dashboard(self) -> dict[str, Any]:
        """Return the dashboard's health; empty if it does not answer."""
        try:
            # With `verify`, each of the many questions would load all authorities: 10 ms of a processor.
            return httpx.get(f"http://127.0.0.1:{self.ui_port}/healthz", timeout=5, verify=False).json()
        except httpx.HTTPError:
            return {}

    def log(self, name: str) -> str:
        return (self.home / "runtime-logs" / f"{name}.log").read_text("utf-8", "replace")


def dashboard_line(printed: str) -> str:
    """Return what a start has printed about the dashboard."""
    return next(line for line in printed.splitlines() if line.startswith("Dashboard"))


MakeInstalled = Callable[..., Installed]
MakeTree = Callable[[Path], Path]


def kill(process: Identity) -> None:
    """Kill a process the hard way, and wait until it is gone."""
    os.kill(process.pid, signal.SIGKILL)
    wait_until(lambda: not is_alive(process), message="SIGKILL took effect")


def copy_project(target: Path, *, lend: bool = True) -> Path:
    """Copy what the launchers need; `lend` adds a `.venv` on the running interpreter's packages."""
    # Compiled once: else each process of each copy would compile the whole of it.
    compileall.compile_dir(PROJECT_ROOT / "app", quiet=2)
    for folder in ("app", "multi_job", "scripts"):
        shutil.copytree(PROJECT_ROOT / folder, target / folder, ignore=shutil.ignore_patterns("*.egg-info"))
    (target / "tools").mkdir()
    for name in (
        "requirements.txt",
        "pyproject.toml",
        "tools/build_backend.py",
        *(path.name for path in PROJECT_ROOT.glob("*-local.sh")),
    ):
        shutil.copy2(PROJECT_ROOT / name, target / name)
    if lend:
        _lend_environment(target)
    return target


def _lend_environment(root: Path) -> None:
    environment = Environment(root, "requirements.txt")
    environment.python.parent.mkdir(parents=True)
    base = Path(sys.executable).resolve()
    environment.python.symlink_to(base)
    (environment.folder / "lib").symlink_to(Path(sys.prefix) / "lib")
    version = ".".join(map(str, sys.version_info[:3]))
    config = f"home = {base.parent}\ninclude-system-site-packages = false\nversion = {version}\n"
    (environment.folder / "pyvenv.cfg").write_text(config, "utf-8")
    environment.marker.write_text(environment.digest(), "ascii")
