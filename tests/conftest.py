"""Options of the whole run, and scripts without one of their guards."""

from __future__ import annotations

import os
import re
import shutil
import signal
import tempfile
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import pytest

from app.core.i18n import Message, reader_language
from app.core.storage import scripts
from tests.support.ci_skips import without_silent_skip
from tests.support.guards import WITHOUT_GUARD, guard_named, lua_without
from tests.support.preloaded.client import preloaded


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--full", action="store_true", help="run fault tests at their full size")
    parser.addoption(
        "--wheel", action="store_true", help="run tests/e2e on the wheel, in a project with its own `app`"
    )
    parser.addoption("--guards", action="store_true", help="check that each guard's test fails without it")
    parser.addoption(
        "--alone",
        choices=["only", "without"],
        help="select tests by the mark `alone`: only these, or all others",
    )


def pytest_configure(config: pytest.Config) -> None:
    # A run in a shell's background ignores Ctrl-C, and so would the processes in which tests press it.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    config.addinivalue_line("markers", "guards: removes guards from scripts; runs only with --guards")
    # The settings of the person who runs the tests are none of theirs.
    for setting in filter(_is_setting, list(os.environ)):
        del os.environ[setting]
    # Commands print in the language of the locale; the texts that tests look for are English.
    os.environ["LC_ALL"] = "C.UTF-8"
    # A busy machine's Redis may stand still for some seconds. Tests of an outage set the default again.
    os.environ["REQUEST_PATIENCE_SEC"] = "30"
    # No command of a test finds the login of the person who runs the tests.
    settings = Path(tempfile.mkdtemp(prefix="multi-job-settings-"))
    config.add_cleanup(lambda: shutil.rmtree(settings, ignore_errors=True))
    os.environ["XDG_CONFIG_HOME"] = str(settings)
    wanted = os.environ.get(WITHOUT_GUARD)
    if wanted:
        folder = Path(tempfile.mkdtemp(prefix="multi-job-lua-"))
        config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))
        scripts.LUA_DIR = lua_without(guard_named(wanted), folder / "lua")


_OWN_SETTINGS = re.findall(r"^#?\s*([A-Z][A-Z0-9_]+)=", Path(".env.example").read_text("utf-8"), re.MULTILINE)


def _is_setting(variable: str) -> bool:
    return variable in {*_OWN_SETTINGS, "MULTI_JOB_URL", "MULTI_JOB_API_KEY"}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if (choice := config.getoption("--alone")) is not None:
        _keep(
            config, items, lambda item: (item.get_closest_marker("alone") is not None) == (choice == "only")
        )
    if config.getoption("--wheel"):
        # A wheel has no sources and no scripts.
        _keep(config, items, lambda item: item.get_closest_marker("checkout") is None)
    for name in ("full", "guards"):
        if config.getoption(f"--{name}"):
            continue
        skip = pytest.mark.skip(reason=f"runs only with --{name}")
        for item in items:
            if item.get_closest_marker(name):
                item.add_marker(skip)


def _keep(config: pytest.Config, items: list[pytest.Item], is_kept: Callable[[pytest.Item], bool]) -> None:
    kept = [item for item in items if is_kept(item)]
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = kept


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Fail a test that CI leaves out although it has what the test needs."""
    report = yield
    return without_silent_skip(report)


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Do the same for a file that leaves itself out."""
    report = yield
    return without_silent_skip(report)


@pytest.fixture(autouse=True)
def _fresh_processes(request: pytest.FixtureRequest) -> Generator[None]:  # pyright: ignore[reportUnusedFunction]
    """A process that is measured shares no memory with another one."""
    preloaded.is_used = request.node.get_closest_marker("alone") is None
    yield
    preloaded.is_used = True


@pytest.fixture(autouse=True)
def _stored_messages(monkeypatch: pytest.MonkeyPatch) -> None:  # pyright: ignore[reportUnusedFunction]
    """No message of the platform reaches a script as a plain string: its id would be lost."""
    command = scripts.Scripts.command

    def checked(self: scripts.Scripts, name: str, /, *rows: Any, **arguments: Any) -> Any:
        lost = [value for value in (*rows, *arguments.values()) if isinstance(value, Message)]
        assert lost == [], f"{name}: use `packed` of app.core.i18n.stored"
        return command(self, name, *rows, **arguments)

    monkeypatch.setattr(scripts.Scripts, "command", checked)


@pytest.fixture(autouse=True)
def _english_reader() -> Generator[None]:  # pyright: ignore[reportUnusedFunction]
    """Commands that run in the test's own process choose a language for all of it."""
    token = reader_language.set("en")
    yield
    reader_language.reset(token)
