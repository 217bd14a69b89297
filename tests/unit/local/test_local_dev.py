"""`multi-job dev` and restarts: the project of a folder, checked code, services that are asked to end."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.local import __main__ as local
from app.local import start as start_module
from app.local.develop.reload import Project, check_code, dev_environment, find_project, is_source
from app.local.output import LocalError
from app.local.processes import identify
from app.local.settings import LocalSettings, load_settings
from app.local.start import SettingsDifferError, wants_restart
from app.local.state import ServiceState, write_atomically
from app.local.supervisor import SupervisedService, Supervisor
from tests.support.waiting import wait_until

ROOT = Path(__file__).resolve().parents[3]
PROJECT = (
    '[project.entry-points."multi_job.handlers"]\nmine = "dev_shop.jobs:hello"\nmore = "dev_shop.more"\n'
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project with one job type and a policy."""
    (tmp_path / "pyproject.toml").write_text(PROJECT, "utf-8")
    (tmp_path / "policies.yaml").write_text("types: {dev.hello: {allow: [kv]}}", "utf-8")
    (tmp_path / "dev_shop").mkdir()
    (tmp_path / "dev_shop" / "jobs.py").write_text(
        "from multi_job import job\n@job('dev.hello')\nasync def hello(ctx, name: str) -> str: ...\n", "utf-8"
    )
    (tmp_path / "dev_shop" / "more.py").write_text("", "utf-8")
    return tmp_path


def environment_of(folder: Path, **more: str) -> dict[str, str]:
    base = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **more}
    return dev_environment(base, find_project(folder))


def test_project_is_read_from_its_entry_points(folder: Path) -> None:
    """The modules that an installed package would bring are those of the folder."""
    assert find_project(folder) == Project(folder, ("dev_shop.jobs", "dev_shop.more"))
    assert find_project(folder / "dev_shop") is None
    (folder / "pyproject.toml").write_text("[project", "utf-8")
    with pytest.raises(LocalError, match=r"pyproject\.toml cannot be read"):
        find_project(folder)


def test_dev_environment_leads_to_the_project(folder: Path) -> None:
    """Modules and policies are found; what the developer has set stays."""
    found = environment_of(folder, HANDLER_MODULES="other", DRAIN_SEC="9")
    assert found["HANDLER_MODULES"] == "other,dev_shop.jobs,dev_shop.more"
    assert found["PYTHONPATH"].split(os.pathsep) == [str(folder), str(ROOT)]
    assert (found["POLICIES_FILE"], found["DRAIN_SEC"]) == (str(folder / "policies.yaml"), "9")
    assert environment_of(folder, POLICIES_FILE="mine.yaml")["POLICIES_FILE"] == "mine.yaml"
    assert environment_of(folder)["DRAIN_SEC"] == "1"
    assert dev_environment({"HANDLER_MODULES": "mine"}, None)["HANDLER_MODULES"] == "mine"
    with pytest.raises(LocalError, match=r"multi-job new job shop\.hello"):
        dev_environment({}, None)


def test_code_is_checked_apart(folder: Path) -> None:
    """A syntax error and a wrong policy are shown with their place."""
    check_code(environment_of(folder))
    (folder / "policies.yaml").write_text("types: {dev.hello: {allow: {kv: {call: 1}}}}", "utf-8")
    with pytest.raises(LocalError) as refused:
        check_code(environment_of(folder))
    assert "call: Extra inputs are not permitted" in "\n".join(refused.value.details)
    (folder / "dev_shop" / "jobs.py").write_text("def (\n", "utf-8")
    with pytest.raises(LocalError) as refused:
        check_code(environment_of(folder))
    assert "jobs.py" in refused.value.details[0]
    assert any("SyntaxError" in line for line in refused.value.details)


def test_sources_are_watched_and_nothing_else() -> None:
    """Python and YAML count; hidden and generated folders do not, except above the project."""
    folder = Path("/home/budi/.projects/shop")
    watched = ["a.py", "pkg/b.py", "policies.yaml", "x.yml"]
    ignored = ["a.txt", ".venv/a.py", "pkg/__pycache__/a.py", "runtime-data/a.yaml", ".git/x.py"]
    assert all(is_source(folder, None, str(folder / name)) for name in watched)
    assert not any(is_source(folder, None, str(folder / name)) for name in ignored)


# Restarts by the supervisor.


class StartsSleepers(Supervisor):
    """A supervisor of processes that only wait; `deaf` ones ignore the request to end."""

    def __init__(self, settings: LocalSettings, *, deaf: bool = False) -> None:
        super().__init__(settings, embedded=False)
        self.starts: list[str] = []
        ignore = "signal.signal(signal.SIGTERM, signal.SIG_IGN);" if deaf else ""
        self.program = f"import signal, time; {ignore} print('on', flush=True); time.sleep(60)"

    def _start(self, service: SupervisedService) -> None:
        service.child = subprocess.Popen([sys.executable, "-c", self.program], stdout=subprocess.PIPE)
        assert service.child.stdout is not None
        service.child.stdout.readline()
        service.record.process = identify(service.child.pid)
        service.record.state = ServiceState.RUNNING
        self.starts.append(service.spec.name)


@pytest.fixture
def settings(tmp_path: Path) -> LocalSettings:
    return load_settings({"API_PORT": "8219"}, tmp_path)


@pytest.fixture
def children() -> Iterator[list[Supervisor]]:
    """Supervisors whose children end with the test."""
    known: list[Supervisor] = []
    yield known
    for supervisor in known:
        for service in supervisor._services:
            if service.child is not None:
                service.child.kill()
                service.child.wait()
                assert service.child.stdout is not None
                service.child.stdout.close()


def _run(supervisor: StartsSleepers) -> SupervisedService:
    supervisor._services = [each for each in supervisor._services if each.spec.name in {"api", "worker"}]
    supervisor._ready_once |= {"api", "redis"}
    supervisor.tick()
    return next(each for each in supervisor._services if each.spec.name == "worker")


def test_supervisor_restarts_a_service_without_a_pause(
    settings: LocalSettings, children: list[Supervisor]
) -> None:
    """A service that was asked to end starts at once, and its end counts as no death."""
    supervisor = StartsSleepers(settings)
    children.append(supervisor)
    worker = _run(supervisor)
    first = worker.child
    write_atomically(supervisor._files.command, "restart worker")
    assert first is not None

    def has_restarted() -> bool:
        supervisor.tick()
        return worker.child is not None and worker.child is not first

    wait_until(has_restarted, 10, "the worker runs again")
    assert first.stdout is not None
    first.stdout.close()
    assert supervisor.starts == ["api", "worker", "worker"]
    assert (worker.record.restarts, worker.restart_before) == (0, 0.0)


def test_supervisor_kills_a_service_that_does_not_end(
    settings: LocalSettings, children: list[Supervisor]
) -> None:
    """The time of an orderly stop is its limit; the request is sent once."""
    supervisor = StartsSleepers(settings, deaf=True)
    children.append(supervisor)
    worker = _run(supervisor)
    first = worker.child
    assert first is not None
    for _ in range(2):
        write_atomically(supervisor._files.command, "restart worker")
        supervisor.tick()
    assert worker.child is first
    worker.restart_before = time.monotonic() - 1

    def has_restarted() -> bool:
        supervisor.tick()
        return worker.child is not first

    wait_until(has_restarted, 10, "the worker runs again")
    assert first.returncode == -9
    assert first.stdout is not None
    first.stdout.close()


# A start with other settings.


def _always(value: object) -> Callable[..., object]:
    def answer(*_parts: object) -> object:
        return value

    return answer


@pytest.mark.parametrize(("answer", "restarts"), [("y\n", True), ("yes\n", True), ("\n", False), ("", False)])
def test_changed_settings_are_shown_with_the_question(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], answer: str, restarts: bool
) -> None:
    """At a terminal the difference is shown, and only a yes restarts."""
    monkeypatch.setattr(start_module, "is_interactive", _always(True))
    monkeypatch.setattr(start_module, "read_answer", _always(answer))
    error = SettingsDifferError("other", details=["LEASE_SEC: running 30, asked 20"])
    assert wants_restart({}, error) is restarts
    assert "  LEASE_SEC: running 30, asked 20" in capsys.readouterr().out


def test_changed_settings_without_a_terminal_name_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    """A program gets the error with the command to type; nothing is stopped."""
    monkeypatch.setattr(start_module, "is_interactive", _always(False))

    def refuse(*_parts: object, **_options: object) -> None:
        raise SettingsDifferError("already running", details=["a: b"])

    monkeypatch.setattr(local, "start", refuse)
    stopped: list[object] = []
    monkeypatch.setattr(local, "_stop", stopped.append)
    with pytest.raises(SettingsDifferError):
        local._start_or_restart(load_settings({}), {}, no_ui=True)
    assert stopped == []


def test_a_yes_stops_and_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    """The restart stops everything, then starts with the new settings."""
    done: list[str] = []

    def start_second_time(*_parts: object, **_options: object) -> None:
        done.append("start")
        if len(done) == 1:
            raise SettingsDifferError("already running", details=["a: b"])

    monkeypatch.setattr(local, "start", start_second_time)

    def stop(_settings: LocalSettings) -> None:
        done.append("stop")

    monkeypatch.setattr(local, "wants_restart", _always(True))
    monkeypatch.setattr(local, "_stop", stop)
    local._start_or_restart(load_settings({}), {}, no_ui=True)
    assert done == ["start", "stop", "start"]
