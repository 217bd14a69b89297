"""`multi-job dev` and restarts: the project of a folder, checked code, services that are asked to end."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from app.local import __main__ as local
from app.local import start as start_module
from app.local.develop import reload as reload_module
from app.local.develop.reload import (
    Project,
    Reloader,
    Sources,
    check_code,
    dev_environment,
    find_project,
    only_one,
)
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
    [line] = refused.value.details
    assert line.endswith("/types/dev.hello/allow/kv/call: Extra inputs are not permitted")
    (folder / "dev_shop" / "jobs.py").write_text("def (\n", "utf-8")
    with pytest.raises(LocalError) as refused:
        check_code(environment_of(folder))
    assert "jobs.py" in refused.value.details[0]
    assert any("SyntaxError" in line for line in refused.value.details)


def _not_called(*_parts: object) -> None:
    raise AssertionError("nothing restarts everything here")


def reloader_of(folder: Path, *, restart: Callable[..., None] = _not_called) -> Reloader:
    environment = environment_of(folder)
    return Reloader(load_settings(environment, folder), environment, folder, restart)


def test_files_that_the_processes_load_are_watched(folder: Path) -> None:
    """Loaded modules, new ones next to them, policies and `.env`; no test, no other YAML, no other folder."""
    found = reloader_of(folder)
    watched = ["dev_shop/jobs.py", "dev_shop/more.py", "dev_shop/new.py", "policies.yaml", ".env"]
    ignored = [
        *("job.yaml", "tests/test_jobs.py", "tests/helper.py", "tool.py", "dev_shop/test_jobs.py"),
        *("dev_shop/conftest.py", "dev_shop/a.txt", ".venv/a.py", "dev_shop/__pycache__/jobs.py"),
    ]
    assert [name for name in watched if not found.wants(None, str(folder / name))] == []
    assert [name for name in ignored if found.wants(None, str(folder / name))] == []


def test_missing_module_is_waited_for(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file that the last check missed is loaded once it is there; a broken change restarts nothing."""
    restarted: list[LocalSettings] = []

    def restart_services(settings: LocalSettings) -> bool:
        restarted.append(settings)
        return True

    monkeypatch.setattr(reload_module, "restart_services", restart_services)
    found, jobs = reloader_of(folder), folder / "dev_shop" / "jobs.py"
    jobs.write_text(f"import dev_helper\n{jobs.read_text('utf-8')}", "utf-8")
    found.reload({jobs})
    assert "dev_shop/jobs.py: not reloaded, the running processes go on" in capsys.readouterr().out
    assert restarted == []
    helper = folder / "dev_helper.py"
    assert found.wants(None, str(helper))
    assert not found.wants(None, str(folder / "tests" / "test_jobs.py"))
    helper.write_text("", "utf-8")
    found.reload({helper})
    first, last = capsys.readouterr().out.splitlines()
    assert first == "dev_helper.py: changed, it is checked and loaded …"
    assert last.startswith("dev_helper.py: reloaded in ")
    assert restarted == [found.settings]
    assert found.wants(None, str(helper))
    assert not found.wants(None, str(folder / "other.py"))


def test_changed_setting_restarts_everything(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A setting of `.env` reaches all processes; one that is not valid is refused while they go on."""
    asked: list[tuple[str, str]] = []

    def restart(before: LocalSettings, after: LocalSettings) -> None:
        asked.append((before.values.get("LEASE_SEC", ""), after.values["LEASE_SEC"]))

    found, file = reloader_of(folder, restart=restart), folder / ".env"

    def load(values: Mapping[str, str]) -> LocalSettings:
        return load_settings(values, folder)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reload_module, "load_settings", load)
        file.write_text("LEASE_SEC=much\n", "utf-8")
        found.reload({file})
        assert ".env: not reloaded, the running processes go on" in capsys.readouterr().out
        assert asked == []
        file.write_text("LEASE_SEC=20\n", "utf-8")
        found.reload({file})
    assert asked == [("", "20")]
    assert found.settings.values["LEASE_SEC"] == "20"
    assert "  LEASE_SEC: running 30.0, asked 20.0" in capsys.readouterr().out


def test_second_dev_is_refused(settings: LocalSettings) -> None:
    """The message names the running one; afterwards the place is free."""
    with (
        only_one(settings),
        pytest.raises(LocalError, match=r"(?s)another terminal .*8219.*Ctrl-C there stops it"),
        only_one(settings),
    ):
        pass
    with only_one(settings):
        pass


@pytest.fixture
def dev(folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """`multi-job dev` in the project, with a start, a watch and a stop that only say so."""
    done: list[str] = []
    monkeypatch.chdir(folder)
    monkeypatch.setenv("MULTI_JOB_HOME", str(folder / "home"))
    monkeypatch.setattr(reload_module, "check_code", _always(Sources(frozenset(), frozenset())))
    monkeypatch.setattr(start_module, "is_interactive", _always(False))

    def start(*_parts: object, **_options: object) -> None:
        done.append("start")

    def stop(_settings: LocalSettings) -> None:
        done.append("stop")

    def watch(_self: Reloader) -> None:
        done.append("watch")
        raise KeyboardInterrupt

    for place, name, function in ((local, "start", start), (local, "_stop", stop), (Reloader, "run", watch)):
        monkeypatch.setattr(place, name, function)
    return done


def test_dev_stops_the_platform_at_ctrl_c(dev: list[str]) -> None:
    assert local.main(["dev", "--no-ui"]) == 0
    assert dev == ["start", "watch", "stop"]


def test_dev_leaves_a_platform_with_other_settings_alone(
    dev: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is refused before anything stops, with the difference and the two commands that help."""

    def refuse(*_parts: object, **_options: object) -> None:
        raise SettingsDifferError("already running", details=["DRAIN_SEC: running 25, asked 1"])

    monkeypatch.setattr(local, "start", refuse)
    assert local.main(["dev", "--no-ui"]) == 1
    assert dev == []
    said = capsys.readouterr().err
    assert "the platform runs already, with other settings; it goes on" in said
    assert "start again: multi-job dev" in said
    assert "  DRAIN_SEC: running 25, asked 1" in said


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

    wait_until(has_restarted, 60, "the worker runs again")
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

    wait_until(has_restarted, 60, "the worker runs again")
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
    monkeypatch.setattr(local, "check_code", _always(None))
    monkeypatch.setattr(local, "_stop", stop)
    local._start_or_restart(load_settings({}), {}, no_ui=True)
    assert done == ["start", "stop", "start"]


def test_restart_with_a_broken_job_type_stops_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise a misspelt module or a broken policy file ends a platform that works."""
    stopped: list[object] = []
    monkeypatch.setattr(local, "_stop", stopped.append)
    monkeypatch.setenv("HANDLER_MODULES", "no_such_module")
    with pytest.raises(LocalError, match="cannot be loaded") as refused:
        local._restart(load_settings({}, tmp_path), [], no_ui=True)
    assert "no_such_module" in refused.value.details[-1]
    assert stopped == []
