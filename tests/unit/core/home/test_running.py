"""Commands find the running platform of their folder."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from app.core.home import places
from app.core.home.running import another_platform, running_platform
from app.core.net.api_address import AddressSource, find_address
from app.core.process import load_own_settings
from app.local.processes import Identity, identify
from app.local.settings import load_settings, settings_of
from app.local.state import StateFiles, SupervisorState


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("API_PORT", "REDIS_PORT", "REDIS_URL", "NAMESPACE", "MULTI_JOB_URL"):
        monkeypatch.delenv(name, raising=False)
    home = tmp_path / "home"
    monkeypatch.setenv("MULTI_JOB_HOME", str(home))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setattr(places, "PROJECT_ROOT", tmp_path)
    return home


def started(home: Path, supervisor: Identity | None, **settings: Any) -> None:
    """Write the state that a start in another shell leaves."""
    given = load_settings({"MULTI_JOB_HOME": str(home), **settings}, home, reads_file=False)
    StateFiles(given).save(SupervisorState(settings_of(given), True, supervisor))


def test_ports_and_namespace_of_the_start_are_used(home: Path) -> None:
    """The start was in a shell with other variables."""
    started(home, identify(os.getpid()), API_PORT="8123", REDIS_PORT="7123", NAMESPACE="shop")
    address = find_address()
    assert (address.url, address.source) == ("http://127.0.0.1:8123", AddressSource.DEPLOYMENT)
    settings = load_own_settings()
    assert (settings.redis_port, settings.api_port, settings.namespace) == (7123, 8123, "shop")


def test_own_variables_win(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A person who sets a port means it."""
    started(home, identify(os.getpid()), API_PORT="8123", REDIS_PORT="7123")
    monkeypatch.setenv("API_PORT", "8200")
    monkeypatch.setenv("REDIS_URL", "redis://10.0.0.5:6379/0")
    assert find_address().url == "http://127.0.0.1:8200"
    assert load_own_settings().redis_port == 6379


def test_stopped_platform_is_not_found(home: Path) -> None:
    """Its ports may be those of another program by now."""
    assert running_platform() is None
    started(home, Identity(2**22 + 1, "gone"), API_PORT="8123")
    assert running_platform() is None
    assert find_address().url == "http://127.0.0.1:8000"


def test_file_of_another_user_is_not_believed(home: Path) -> None:
    """It could send a key to a port of theirs."""
    started(home, identify(os.getpid()), API_PORT="8123")
    StateFiles(load_settings({"MULTI_JOB_HOME": str(home)}, home)).state.chmod(0o666)
    assert running_platform() is None


def test_second_platform_is_named(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One in the usual folder, while this folder's data are elsewhere."""
    usual = tmp_path / "usual"
    monkeypatch.setattr("app.core.home.running.default_home", lambda: usual)
    started(home, identify(os.getpid()), API_PORT="8123")
    assert another_platform() is None
    started(usual, identify(os.getpid()), API_PORT="8001")
    other = another_platform()
    assert other is not None
    assert (other.home, other.api_url) == (usual, "http://127.0.0.1:8001")
