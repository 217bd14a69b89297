"""The dashboard as the launchers build, start, watch and stop it: a tiny one in place of the real one."""

from __future__ import annotations

import os
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from app.local.processes import is_alive
from app.local.state import ServiceState
from tests.support.local.installation import Installed, MakeInstalled, copy_project, dashboard_line, kill
from tests.support.local.node import needs_node
from tests.support.local.tiny_dashboard import TinyDashboard
from tests.support.waiting import wait_until

pytestmark = [
    # A wheel holds a dashboard that is built: tests/e2e/dashboard/test_wheel.py.
    pytest.mark.checkout,
    pytest.mark.skipif(sys.platform == "win32", reason="these are the POSIX launchers"),
    needs_node,
]


@pytest.fixture
def own_tree(tmp_path: Path) -> Path:
    return copy_project(tmp_path / "shop")


@pytest.fixture
def tiny(own_tree: Path) -> TinyDashboard:
    return TinyDashboard(own_tree)


@pytest.fixture
def installed(install: MakeInstalled, own_tree: Path, tiny: TinyDashboard) -> Installed:
    return install(own_tree)


@pytest.fixture(scope="module")
def shared_tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_project(tmp_path_factory.mktemp("shared") / "shop")


@pytest.fixture(scope="module")
def shared_tiny(shared_tree: Path) -> TinyDashboard:
    return TinyDashboard(shared_tree)


@pytest.fixture(scope="module")
def shared(install_shared: MakeInstalled, shared_tree: Path, shared_tiny: TinyDashboard) -> Installed:
    return install_shared(shared_tree)


@pytest.fixture
def served(shared: Installed, shared_tiny: TinyDashboard) -> Installed:
    """Return the installation of the tests that need a built dashboard; all of it runs."""
    shared_tiny.show("first")
    shared.up()
    until_it_shows(shared, "first")
    return shared


def until_it_shows(installed: Installed, page: str) -> None:
    wait_until(
        lambda: installed.ask_dashboard().get("page") == page, 60, message=f"the dashboard shows {page!r}"
    )


def port_is_free(port: int) -> bool:
    """Return whether the port is free; connections left in TIME_WAIT do not count."""
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) != 0


def test_start_does_not_wait_for_the_build(installed: Installed, tiny: TinyDashboard) -> None:
    """All else is ready while it is built, which start and status say with the log; then it answers.

    Neither a service nor the build holds the output of a caller that waits for its end.
    """
    tiny.hold()
    done = installed.run("bash", "-c", 'out=$(./start-local.sh 2>&1); printf "got:%s" "$out"')
    printed = done.stdout.removeprefix("got:")
    assert printed != done.stdout
    assert "All ready" in printed
    assert tiny.holds.exists()
    log = installed.settings.logs_dir / "dashboard-build.log"
    log = min(str(log), os.path.relpath(log, installed.root), key=len)
    assert dashboard_line(printed) == (
        f"Dashboard being built: http://127.0.0.1:{installed.ui_port} (log: {log})"
    )
    shown = installed.status()
    assert shown.returncode == 0, shown.stdout
    row = next(line for line in shown.stdout.splitlines() if line.startswith("dashboard "))
    assert "building" in row
    assert "dashboard-build.log" in row
    tiny.let_go()
    until_it_shows(installed, "first")
    assert installed.ask_dashboard()["api"] == f"http://127.0.0.1:{installed.api_port}"
    assert installed.status().returncode == 0


def test_second_start_finds_it_built(served: Installed, shared_tiny: TinyDashboard) -> None:
    """Neither a start while it runs nor one after a stop builds again, and sessions stay valid."""
    before, built = served.ask_dashboard(), shared_tiny.built()
    printed = served.up().stdout
    assert dashboard_line(printed) == f"Dashboard ready: http://127.0.0.1:{served.ui_port}"
    assert served.ask_dashboard()["pid"] == before["pid"]
    served.stop()
    assert "Dashboard ready" in served.up().stdout
    after = served.ask_dashboard()
    assert after["pid"] != before["pid"]
    assert after["secret"] == before["secret"]
    assert len(after["secret"]) == 64
    stored = served.settings.data_dir / "ui-session.key"
    assert stat.S_IMODE(stored.stat().st_mode) == 0o600
    assert shared_tiny.built() == built


def test_killed_dashboard_comes_back(served: Installed) -> None:
    """The supervisor restarts it as it does every service, and the status says why it was gone."""
    before, killed = served.service("dashboard").restarts, served.process("dashboard")
    kill(killed)
    wait_until(lambda: served.ask_dashboard().get("pid") not in {None, killed.pid}, 60, message="another one")
    shown = served.status()
    why = [line for line in shown.stdout.splitlines() if "dashboard" in line and "killed by SIGKILL" in line]
    assert (shown.returncode, len(why)) == (0, 1), shown.stdout
    assert served.service("dashboard").restarts == before + 1


def test_stop_ends_it_first_and_frees_the_port(served: Installed) -> None:
    """An open event stream, which never ends, does not hold it."""
    url = f"http://127.0.0.1:{served.ui_port}/forever"
    with httpx.stream("GET", url, timeout=30):
        started = time.monotonic()
        stopped = served.stop()
        assert time.monotonic() - started < 30
    order = [line.partition(":")[0] for line in stopped.stdout.splitlines() if line.endswith(": stopped")]
    assert order == ["dashboard", "scheduler", "connector", "worker", "api", "redis"]
    assert served.left() == []
    assert port_is_free(served.ui_port)


def test_stop_during_a_build_leaves_nothing(installed: Installed, tiny: TinyDashboard) -> None:
    """What npm has started ends as well, and the next start builds."""
    tiny.hold()
    installed.up()
    wait_until(lambda: len(tiny.built()) == 1, 60, message="the build has begun")
    assert installed.stop().returncode == 0
    assert installed.left() == []
    tiny.let_go()
    installed.up()
    until_it_shows(installed, "first")


def test_changed_dashboard_is_built_while_the_old_one_runs(
    served: Installed, shared_tiny: TinyDashboard
) -> None:
    """A start after a change builds the new one; the old one serves until it is there."""
    restarts, built = served.service("dashboard").restarts, len(shared_tiny.built())
    shared_tiny.show("second")
    shared_tiny.hold()
    assert "Dashboard ready" in served.up().stdout
    wait_until(lambda: len(shared_tiny.built()) == built + 1, 60, message="the second build has begun")
    assert served.ask_dashboard()["page"] == "first"
    shared_tiny.let_go()
    until_it_shows(served, "second")
    assert served.service("dashboard").restarts == restarts


def test_dashboard_that_cannot_be_built_keeps_nothing_from_running(
    installed: Installed, tiny: TinyDashboard
) -> None:
    """The log that the status names holds the reason; after a repair, a start builds it."""
    tiny.show("broken")
    installed.up()
    wait_until(lambda: installed.service("dashboard").state is ServiceState.FAILED, 60)
    shown = installed.status()
    assert (shown.returncode, "npm run build" in shown.stdout) == (1, True), shown.stdout
    assert "dashboard-build.log" in shown.stdout
    assert "the page is broken" in installed.log("dashboard-build")
    ready = httpx.get(f"http://127.0.0.1:{installed.api_port}/readyz", timeout=10)
    assert ready.json()["status"] == "ready"
    tiny.show("mended")
    installed.up()
    until_it_shows(installed, "mended")
    assert installed.status().returncode == 0


@pytest.fixture
def path_without_node(tmp_path: Path) -> str:
    """Everything that is on PATH, but for Node.js and npm."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for each in os.environ["PATH"].split(os.pathsep):
        programs = Path(each).iterdir() if Path(each).is_dir() else ()
        for program in programs:
            link = folder / program.name
            if program.name not in {"node", "nodejs", "npm", "npx"} and not link.is_symlink():
                link.symlink_to(program)
    return str(folder)


def test_start_without_node_says_what_to_do(installed: Installed, path_without_node: str) -> None:
    """One line, all else is ready; a start from a shell that has Node.js adds it."""
    installed.extra["PATH"] = path_without_node
    line = dashboard_line(installed.up().stdout)
    assert "needs Node.js 20.9 or newer" in line
    assert "./start-local.sh" in line
    shown = installed.status()
    assert shown.returncode == 0, shown.stdout
    assert any(line.split()[:2] == ["dashboard", "absent"] for line in shown.stdout.splitlines())
    before = installed.processes()
    del installed.extra["PATH"]
    installed.up()
    until_it_shows(installed, "first")
    assert before.items() <= installed.processes().items()


def test_start_without_a_dashboard_can_add_it_later(installed: Installed) -> None:
    """With --no-ui nothing is said, built or watched; a second start without it adds the dashboard."""
    without = installed.start("--no-ui")
    assert (without.returncode, "Dashboard" in without.stdout) == (0, False)
    assert "dashboard" not in installed.state().services
    installed.up()
    until_it_shows(installed, "first")
    installed.stop()
    installed.start("--no-ui")
    assert "dashboard" not in installed.state().services
    assert port_is_free(installed.ui_port)


def test_taken_ui_port_is_named_and_taken_once_it_is_free(installed: Installed) -> None:
    """Who holds it is said, all else runs, and the dashboard starts when the port is let go."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", installed.ui_port))
        listener.listen()
        started = installed.up()
        wait_until(lambda: installed.service("dashboard").state is ServiceState.FAILED, 60)
        line = dashboard_line(installed.up().stdout)
        assert f"UI_PORT {installed.ui_port} is taken" in line
        assert f"pid {os.getpid()}" in line
        assert "set UI_PORT" in line
        assert installed.status().returncode == 1
    assert "All ready" in started.stdout
    until_it_shows(installed, "first")
    assert installed.status().returncode == 0


def test_dashboard_outlives_its_supervisor(served: Installed) -> None:
    """A start after the supervisor was killed takes it over, and it is watched again."""
    before = served.process("dashboard")
    kill(served.supervisor())
    assert "Dashboard ready" in served.up().stdout
    assert served.process("dashboard") == before
    kill(before)
    wait_until(lambda: served.ask_dashboard().get("pid") not in {None, before.pid}, 60, message="another one")


def test_start_without_dashboard_ends_one_that_was_left(served: Installed) -> None:
    """A dashboard that a killed supervisor left is ended if the start leaves it out."""
    left = served.process("dashboard")
    kill(served.supervisor())
    assert served.start("--no-ui").returncode == 0
    assert not is_alive(left)
    assert "dashboard" not in served.processes()


def test_installations_of_one_checkout_share_a_build(
    install: MakeInstalled, own_tree: Path, tiny: TinyDashboard
) -> None:
    """Two homes that start while nothing is built build once, and both serve it."""
    first, second = install(own_tree), install(own_tree)
    tiny.hold()
    first.up()
    wait_until(lambda: len(tiny.built()) == 1, 60, message="the build has begun")
    second.up()
    tiny.let_go()
    until_it_shows(first, "first")
    until_it_shows(second, "first")
    assert first.ask_dashboard()["secret"] != second.ask_dashboard()["secret"]
    assert tiny.built() == ['"first"']


def test_by_hand_a_port_that_is_none_is_refused(tiny: TinyDashboard) -> None:
    """No port is opened that was not requested."""
    environment = {**os.environ, "UI_PORT": "three thousand"}
    subprocess.run(["npm", "run", "build"], cwd=tiny.folder, env=environment, check=True, capture_output=True)
    served = subprocess.run(
        ["node", "scripts/serve.mjs"],
        cwd=tiny.folder,
        env=environment,
        check=False,
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert (served.returncode, "UI_PORT" in served.stderr) == (1, True)
