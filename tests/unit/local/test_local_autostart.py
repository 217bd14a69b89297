"""What each service manager is given: units of systemd, property lists of launchd, tasks of Windows."""

from __future__ import annotations

import os
import plistlib
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path, PureWindowsPath
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from app.local.autostart import launchd, manager, systemd, task_scheduler
from app.local.autostart import serve as serving
from app.local.autostart.entry import STOP_SECONDS, Registration, StartAtBoot
from app.local.autostart.task_scheduler import NAMESPACE
from app.local.output import LocalError
from app.local.processes import identify
from app.local.services import DEFAULT_STOP_SECONDS, STOP_ORDER
from app.local.services import STOP_SECONDS as OF_SERVICES
from app.local.settings import load_settings, settings_of
from app.local.state import StateFiles, SupervisorState

# A name that each of the three formats has to escape.
ODD = 'o d%d$"<&é'

ON_LINUX = pytest.mark.skipif(sys.platform != "linux", reason="units of systemd, with paths of Linux")


class Fixed:
    """A function of one argument that returns the same for all."""

    def __init__(self, value: object) -> None:
        self._value = value

    def __call__(self, _argument: object) -> object:
        return self._value


def entry(tmp_path: Path, *, system: bool = True) -> StartAtBoot:
    return StartAtBoot(
        name="multi-job",
        system=system,
        user="nobody",
        user_home=tmp_path / "user",
        root=tmp_path / ODD,
        home=tmp_path / "data" / ODD,
        environment={"MULTI_JOB_HOME": str(tmp_path / "data" / ODD), "PATH": "/usr/bin"},
        options=["--no-ui"],
        writable=[tmp_path / "files"],
    )


def verify(folder: Path, made: StartAtBoot) -> str:
    """Return what systemd's own parser says about a unit."""
    file = folder / "multi-job.service"
    file.write_text(systemd.unit(made), "utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", str(file)], check=False, capture_output=True, text=True
    )
    return f"{done.returncode} {done.stdout}{done.stderr}"


def test_unit_has_a_watchdog(tmp_path: Path) -> None:
    """The supervisor says at its start that it is ready, then each 10 s that it lives."""
    lines = systemd.unit(entry(tmp_path)).splitlines()
    assert {"Type=notify", "WatchdogSec=60", "Restart=on-failure"} <= set(lines)
    # By default systemd waits after its SIGABRT as long as at a stop.
    assert "TimeoutAbortSec=10" in lines
    assert "NotifyAccess=all" not in lines


@ON_LINUX
@pytest.mark.parametrize("system", [True, False])
def test_unit_is_one_that_systemd_understands(tmp_path: Path, system: bool) -> None:
    """Its own parser has no complaint, with names that need quotes and escapes."""
    if shutil.which("systemd-analyze") is None:
        assert not os.environ.get("CI"), "systemd-analyze is missing, and CI tests with it"
        pytest.skip("no systemd-analyze on this machine")
    made = replace(entry(tmp_path, system=system), user="root", python=sys.executable)
    for folder in (made.root, made.home):
        folder.mkdir(parents=True)
    assert verify(tmp_path, made) == "0 "
    assert verify(tmp_path, replace(made, python=str(tmp_path / "missing"))) != "0 "


@ON_LINUX
def test_unit_of_the_machine_is_hardened_and_of_a_user_as_far_as_it_may(tmp_path: Path) -> None:
    """A unit of a user may not change its view of the file system; both gain no rights."""
    unit, own = systemd.unit(entry(tmp_path)), systemd.unit(entry(tmp_path, system=False))
    for line in (
        "User=nobody",
        "CapabilityBoundingSet=",
        "ProtectSystem=strict",
        "WantedBy=multi-user.target",
    ):
        assert f"\n{line}\n" in unit
        assert line not in own
    assert "\nNoNewPrivileges=yes\n" in unit
    assert "\nNoNewPrivileges=yes\n" in own
    assert "\nWantedBy=default.target\n" in own
    assert f'ReadWritePaths="{tmp_path}/files"' in unit
    assert '/o d%%d$\\"<&é"' in unit


def test_unit_waits_for_the_slowest_orderly_stop() -> None:
    """Otherwise the service manager kills what still drains."""
    assert sum(OF_SERVICES.get(name, DEFAULT_STOP_SECONDS) for name in STOP_ORDER) < STOP_SECONDS


def test_property_list_starts_at_load_and_again_after_a_failure(tmp_path: Path) -> None:
    """After `multi-job down` the supervisor ends with code 0, and stays down."""
    made = entry(tmp_path)
    found = launchd.registration(made)
    properties: dict[str, Any] = plistlib.loads(found.content)
    assert found.file == Path("/Library/LaunchDaemons/multi-job.plist")
    assert properties["ProgramArguments"] == [made.python, "-m", "app.local", "serve", "--no-ui"]
    assert (properties["RunAtLoad"], properties["KeepAlive"]) == (True, {"SuccessfulExit": False})
    assert (properties["UserName"], properties["ExitTimeOut"]) == ("nobody", STOP_SECONDS)
    assert properties["EnvironmentVariables"]["MULTI_JOB_HOME"] == str(made.home)
    agent = launchd.registration(entry(tmp_path, system=False))
    assert agent.file == tmp_path / "user" / "Library" / "LaunchAgents" / "multi-job.plist"
    assert "UserName" not in plistlib.loads(agent.content)


@pytest.mark.parametrize(
    ("system", "trigger", "logon"),
    [(True, "BootTrigger", "S4U"), (False, "LogonTrigger", "InteractiveToken")],
)
def test_task_runs_at_the_boot_or_the_logon(tmp_path: Path, system: bool, trigger: str, logon: str) -> None:
    """Its elements are those of the schema, in UTF-16, without a limit of time."""
    made = replace(entry(tmp_path, system=system), python="C:\\mj\\Scripts\\python.exe")
    content = task_scheduler.task(made)
    assert content.startswith((b"\xff\xfe", b"\xfe\xff"))
    root = ET.fromstring(content)
    assert root.tag == f"{{{NAMESPACE}}}Task"
    texts = {element.tag.removeprefix(f"{{{NAMESPACE}}}"): element.text for element in root.iter()}
    assert trigger in texts
    assert (texts["LogonType"], texts["UserId"], texts["ExecutionTimeLimit"]) == (logon, "nobody", "PT0S")
    assert PureWindowsPath(texts["Command"] or "").name == "pythonw.exe"
    arguments = texts["Arguments"] or ""
    assert arguments.startswith("-m app.local serve --no-ui --home ")
    assert subprocess.list2cmdline([str(made.home)]) in arguments


def test_foreign_registration_of_the_same_name_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second installation needs a name of its own, and cannot remove the first."""
    made = entry(tmp_path)
    found = replace(systemd.registration(made), file=tmp_path / "multi-job.service")
    found.file.write_text("Environment=MULTI_JOB_HOME=/elsewhere\n", "utf-8")
    monkeypatch.setattr(manager, "_registration", Fixed(found))
    for change in (lambda: manager.install(load_settings({}, tmp_path), made), lambda: manager.remove(made)):
        with pytest.raises(LocalError, match="belongs to another installation"):
            change()
    assert "elsewhere" in found.file.read_text("utf-8")


def test_refused_registration_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A unit that the manager does not know would start at the next boot, or never."""
    made = replace(entry(tmp_path, system=False), root=tmp_path)
    file = tmp_path / "units" / "multi-job.service"
    refusing = Registration(
        file, systemd.unit(made).encode(), [[sys.executable, "-c", "raise SystemExit('no bus')"]], [], []
    )
    monkeypatch.setattr(manager, "_registration", Fixed(refusing))
    monkeypatch.setattr(manager, "_stop", Fixed(None))
    with pytest.raises(LocalError, match="failed:") as refused:
        manager.install(load_settings({}, tmp_path), made)
    assert refused.value.details == ("no bus",)
    assert not file.exists()


@pytest.mark.parametrize("starts", [True, False])
def test_failed_installation_leaves_nothing_enabled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, starts: bool
) -> None:
    """Neither if the manager refuses after it enabled the unit, nor if the platform does not get ready."""
    made = replace(entry(tmp_path, system=False), root=tmp_path)
    enabled, file = tmp_path / "enabled", tmp_path / "units" / "multi-job.service"
    enable = [sys.executable, "-c", f"open({str(enabled)!r}, 'w'); raise SystemExit({int(not starts)})"]
    disable = [sys.executable, "-c", f"import os; os.unlink({str(enabled)!r})"]
    show = [sys.executable, "-c", "print('it ended at once')"]
    monkeypatch.setattr(
        manager, "_registration", Fixed(Registration(file, b"unit", [enable], [disable], show))
    )
    stopped: list[StartAtBoot] = []
    monkeypatch.setattr(manager, "_stop", stopped.append)

    def wait(*_arguments: object) -> None:
        assert enabled.exists()
        raise LocalError("not ready")

    monkeypatch.setattr(manager, "wait", wait)
    with pytest.raises(LocalError) as refused:
        manager.install(load_settings({}, tmp_path), made)
    assert not enabled.exists()
    assert not file.exists()
    if starts:
        assert refused.value.details == ("it ended at once",)
        assert len(stopped) == 2


@pytest.mark.skipif(sys.platform == "win32", reason="accounts of POSIX")
def test_entry_has_the_folders_of_its_account(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A service of the machine belongs to the caller of sudo, and its data are that account's."""
    monkeypatch.setattr(manager, "IS_CHECKOUT", False)
    monkeypatch.setattr(manager.os, "geteuid", lambda: 0)
    monkeypatch.setenv("SUDO_USER", "nobody")
    monkeypatch.setattr(manager, "_home_of", Fixed(Path("/home/nobody")))
    settings = replace(load_settings({}, tmp_path), home=Path.home() / ".local" / "share" / "multi-job")
    made = manager.entry_of(settings, "multi-job", system=True, run_as="", with_dashboard=True)
    assert (made.user, made.home) == ("nobody", Path("/home/nobody/.local/share/multi-job"))
    assert made.environment["MULTI_JOB_HOME"] == str(made.home)
    given = replace(settings, home=tmp_path, values={"MULTI_JOB_HOME": str(tmp_path)})
    assert manager.entry_of(given, "multi-job", system=True, run_as="", with_dashboard=True).home == tmp_path


@pytest.mark.skipif(sys.platform == "win32", reason="Windows asks for an administrator itself")
def test_service_of_the_machine_needs_root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The text has the command."""
    monkeypatch.setattr(manager.os, "geteuid", lambda: 1000)
    with pytest.raises(LocalError, match=r"sudo .*multi-job service install --system"):
        manager.entry_of(
            load_settings({}, tmp_path), "multi-job", system=True, run_as="", with_dashboard=True
        )


def test_settings_of_the_shell_alone_are_named(tmp_path: Path) -> None:
    """The service manager starts with `.env`, and without the variables of this shell."""
    (tmp_path / ".env").write_text("API_PORT=8100\n", "utf-8")
    shell = {
        "API_PORT": "8200",
        "UI_PORT": "3100",
        "SECRET_KEY": "x",
        "HOME": "/root",
        "MULTI_JOB_HOME": "/x",
    }
    assert manager.only_in_shell(load_settings({}, tmp_path), shell) == ["SECRET_KEY", "UI_PORT"]


@pytest.mark.skipif(sys.platform == "win32", reason="there it starts a supervisor and returns")
def test_second_supervisor_is_refused(tmp_path: Path) -> None:
    """The text has the command that stops the first."""
    settings = load_settings({"MULTI_JOB_HOME": str(tmp_path)}, tmp_path)
    StateFiles(settings).save(
        SupervisorState(settings_of(settings), embedded_redis=True, supervisor=identify(os.getpid()))
    )
    with pytest.raises(LocalError, match="already running"):
        serving.serve(settings, {}, with_dashboard=False)


def test_manager_that_does_not_answer_stops_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A running platform goes on, and the unit of an earlier installation stays."""
    made = replace(entry(tmp_path, system=False), root=tmp_path)
    file = tmp_path / "multi-job.service"
    file.write_text(str(made.home), "utf-8")
    mute = [[sys.executable, "-c", "raise SystemExit('no bus')"]]
    silent = Registration(file, systemd.unit(made).encode(), mute, [], [], mute)
    stopped: list[StartAtBoot] = []
    monkeypatch.setattr(manager, "_registration", Fixed(silent))
    monkeypatch.setattr(manager, "_stop", stopped.append)
    with pytest.raises(LocalError, match="failed:") as refused:
        manager.install(load_settings({}, tmp_path), made)
    assert refused.value.details == ("no bus",)
    assert stopped == []
    assert file.read_text("utf-8") == str(made.home)


def test_task_of_a_package_imports_nothing_from_its_working_directory(tmp_path: Path) -> None:
    """Others have a variable for that, and a task has none."""
    made = entry(tmp_path)
    made = replace(made, environment={**made.environment, "PYTHONSAFEPATH": "1"})
    assert "Arguments>-P -m app.local serve" in task_scheduler.task(made).decode("utf-16")
