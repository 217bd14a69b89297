"""Services in windows of their own."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.local import __main__ as local
from app.local import foreground as local_foreground
from app.local.dashboard_build import DashboardBuild, Node
from app.local.foreground import FOREGROUND, check, run, wait
from app.local.output import LocalError
from app.local.probes import ReadinessAnswer
from app.local.services import API, BACKGROUND
from app.local.settings import INSTANCE_VARIABLE, LocalSettings, load_settings
from tests.support.embedded_redis import free_port


@pytest.fixture
def settings(tmp_path: Path) -> LocalSettings:
    return load_settings({"MULTI_JOB_HOME": str(tmp_path), "API_PORT": "8123"})


def _always(_settings: LocalSettings) -> bool:
    return True


def _make_readiness(monkeypatch: pytest.MonkeyPatch, readiness: ReadinessAnswer) -> None:
    def read(_settings: LocalSettings) -> ReadinessAnswer:
        return readiness

    monkeypatch.setattr(local_foreground, "read_readiness", read)


def test_windows_are_those_of_the_launcher() -> None:
    """start-local.cmd opens one for each service that can run in the foreground."""
    launcher = (Path(__file__).resolve().parents[3] / "start-local.cmd").read_text("ascii")
    assert f'set "SERVICES={" ".join(FOREGROUND)}"' in launcher
    assert f'--no-ui" set "SERVICES={" ".join(FOREGROUND[:-1])}"' in launcher


def test_check_needs_a_redis_that_answers(settings: LocalSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    """A window starts no server of its own, so the ways to get one are listed."""
    monkeypatch.setattr(local_foreground, "choose_redis", _always)
    with pytest.raises(LocalError, match="no Redis answers") as refused:
        check(settings)
    assert any(line.startswith("Docker:") for line in refused.value.details)


@pytest.mark.parametrize("service", [API, *BACKGROUND])
def test_run_is_the_service_with_our_mark(
    settings: LocalSettings, monkeypatch: pytest.MonkeyPatch, service: str
) -> None:
    """The process is replaced by the service's own command, and stop can find it by its mark."""
    seen: dict[str, Any] = {}

    def execve(path: str, command: list[str], environment: dict[str, str]) -> None:
        seen.update(path=path, command=command, environment=environment)
        raise SystemExit

    monkeypatch.setattr(os, "execve", execve)

    def chdir(folder: Path) -> None:
        seen.update(folder=folder)

    monkeypatch.setattr(os, "chdir", chdir)
    with pytest.raises(SystemExit):
        run(settings, {"HOME": "/x"}, service)
    assert f"-m app.services.{service}" in " ".join(seen["command"])
    assert seen["environment"][INSTANCE_VARIABLE] == settings.instance
    assert seen["folder"] == settings.root


def test_wait_names_what_is_missing(settings: LocalSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    """A window that closed again leaves a service missing, and the message says so."""
    _make_readiness(monkeypatch, ReadinessAnswer(False, {"worker": "missing"}))
    with pytest.raises(LocalError, match="worker"):
        wait(settings, seconds=0.05)


def test_wait_ends_once_all_is_ready(
    settings: LocalSettings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It prints the API's address."""
    _make_readiness(monkeypatch, ReadinessAnswer(True, {}))
    wait(settings, seconds=0.05)
    assert "http://127.0.0.1:8123" in capsys.readouterr().out


def test_unknown_service_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    """Only services that can run in the foreground have a window."""
    with pytest.raises(SystemExit):
        local.main(["run", "redis"])
    assert "invalid choice" in capsys.readouterr().err


def test_dashboard_runs_in_its_window(settings: LocalSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is built first on request, and gets the API's address."""
    seen: dict[str, Any] = {}
    node = Node("/opt/node", "/opt/npm", (22, 0, 0))

    def find(_environment: Mapping[str, str]) -> Node:
        return node

    def make(_builds: DashboardBuild) -> Path:
        return Path("/builds/1")

    def execve(path: str, command: list[str], environment: dict[str, str]) -> None:
        seen.update(path=path, command=command, environment=environment)
        raise SystemExit

    def chdir(_folder: Path) -> None: ...

    monkeypatch.setattr(local_foreground, "find_node", find)
    monkeypatch.setattr(DashboardBuild, "make", make)
    monkeypatch.setattr(os, "execve", execve)
    monkeypatch.setattr(os, "chdir", chdir)
    with pytest.raises(SystemExit):
        run(replace(settings, ui_port=free_port()), {"HOME": "/x"}, "dashboard")
    assert seen["command"] == ["/opt/node", str(Path("/builds/1/serve.mjs"))]
    assert seen["environment"]["API_BASE_URL"] == "http://127.0.0.1:8123"
    assert seen["environment"][INSTANCE_VARIABLE] == settings.instance
