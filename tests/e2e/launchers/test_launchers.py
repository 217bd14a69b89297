"""The launcher scripts against the real services, in homes and on ports of their own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
import redis

from app.core.secret_keys import new_key
from app.core.system import MEGABYTE
from app.local.redis_probe import ProbeState, RedisAddress, probe, read_info
from app.local.redis_server import choose_server
from app.local.settings import INSTANCE_VARIABLE
from app.local.state import StateFiles
from tests.support.embedded_redis import EmbeddedRedis, free_port
from tests.support.local.installation import Installed, MakeInstalled, copy_project, kill
from tests.support.waiting import wait_until

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="these are the POSIX launchers"),
]

SERVICES = {"redis", "api", "scheduler", "worker", "connector"}


@pytest.fixture(scope="module")
def shared(install_shared: MakeInstalled) -> Installed:
    return install_shared(SECRET_KEY=new_key())


@pytest.fixture
def running(shared: Installed) -> Installed:
    """Return the installation of the tests that leave everything running; a start ends when all is ready."""
    shared.up()
    return shared


def listen() -> socket.socket:
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    return listener


def test_start_brings_everything_up_and_stop_ends_it_in_order(install: MakeInstalled) -> None:
    """A start ends with the API's address printed and every service ready in the status.

    A stop ends producers before the worker, Redis last, and leaves no process.
    """
    installed = install()
    started = installed.up()
    assert f"API ready: http://127.0.0.1:{installed.api_port}" in started.stdout
    server = choose_server(installed.settings.redis_dir, os.environ).label
    limit = installed.settings.redis_maxmemory_mb
    assert f"\n  {server}, at most {limit:,} MB\n" in started.stdout
    address = RedisAddress("127.0.0.1", installed.redis_port, password=installed.redis_password)
    assert read_info(address, "memory")["maxmemory"] == str(limit * MEGABYTE)
    assert set(installed.processes()) == SERVICES
    shown = installed.status()
    assert shown.returncode == 0, shown.stdout
    assert all(str(process.pid) in shown.stdout for process in installed.processes().values())
    assert f"  redis: {server}, at most {limit:,} MB\n" in shown.stdout
    _assert_stop_is_in_order(installed)


def test_start_is_idempotent(running: Installed) -> None:
    """A second start says that all is running and leaves every process as it was."""
    before = running.processes()
    again = running.start("--no-ui")
    assert again.returncode == 0
    assert "Already running" in again.stdout
    assert running.processes() == before


def _assert_stop_is_in_order(installed: Installed) -> None:
    stopped = installed.stop()
    assert stopped.returncode == 0
    order = [line.partition(":")[0] for line in stopped.stdout.splitlines() if line.endswith(": stopped")]
    assert order == ["scheduler", "connector", "worker", "api", "redis"]
    logged = [
        line.split()[-2] for line in installed.log("supervisor").splitlines() if line.endswith(": stopped")
    ]
    assert [name.rstrip(":") for name in logged] == order
    assert installed.left() == []
    assert installed.status().returncode == 3


def test_stop_without_anything_running_succeeds(install: MakeInstalled) -> None:
    """A stop with nothing running says so and is no error."""
    stopped = install().stop()
    assert (stopped.returncode, "Not running" in stopped.stdout) == (0, True)


def open_redis(installed: Installed) -> redis.Redis:
    """Connect to the embedded Redis with the password that its start made."""
    return redis.Redis(port=installed.redis_port, password=installed.redis_password, socket_timeout=5)


def test_data_of_a_redis_without_a_password_stay(install: MakeInstalled) -> None:
    """The next start makes the password, the data stay, and a later start keeps both."""
    installed = install()
    with EmbeddedRedis(installed.settings.redis_dir) as earlier, redis.Redis(port=earlier.port) as client:
        client.set("launcher-test", "kept")
    installed.up()
    password = installed.redis_password
    assert probe(RedisAddress("127.0.0.1", installed.redis_port)).state is ProbeState.DENIED
    with open_redis(installed) as client:
        assert client.get("launcher-test") == b"kept"
        client.set("launcher-test", "kept by a stop")
    installed.stop()
    installed.up()
    assert installed.redis_password == password
    with open_redis(installed) as client:
        assert client.get("launcher-test") == b"kept by a stop"


def test_supervisor_restarts_a_killed_worker(running: Installed) -> None:
    """A worker that is killed comes back, and the status says why it was gone."""
    before = running.service("worker").restarts
    kill(running.process("worker"))
    wait_until(lambda: "worker" in running.processes(), 60, message="worker restarted")
    wait_until(lambda: running.status().returncode == 0, 60, message="all ready again")
    assert running.service("worker").restarts == before + 1
    shown = running.status().stdout.splitlines()
    assert any("worker" in line and "killed by SIGKILL" in line for line in shown), shown


def test_supervisor_restarts_a_killed_redis(running: Installed) -> None:
    """The embedded Redis comes back on its data, and the services connect to it again."""
    kill(running.process("redis"))
    wait_until(lambda: "redis" in running.processes(), 60, message="redis restarted")
    wait_until(lambda: running.status().returncode == 0, 60, message="all ready again")


def test_start_adopts_services_of_a_killed_supervisor(running: Installed) -> None:
    """A start after the supervisor was killed keeps the running services and watches them again.

    A supervisor that then hangs is killed by a stop, and its services are stopped all the same.
    """
    before = running.processes()
    kill(running.supervisor())
    assert running.status().returncode == 1
    assert running.start().returncode == 0
    assert running.processes() == before
    kill(running.process("connector"))
    wait_until(lambda: "connector" in running.processes(), 60, message="connector restarted")
    wait_until(lambda: running.status().returncode == 0, 60, message="all ready again")
    # Adopted processes are no children, so a supervisor cannot say which signal ends them; another test asks.
    os.kill(running.supervisor().pid, signal.SIGSTOP)
    assert running.stop().returncode == 0
    assert running.left() == []


def test_stop_works_without_a_supervisor(install: MakeInstalled) -> None:
    """A stop after the supervisor was killed still ends everything."""
    installed = install()
    installed.up()
    kill(installed.supervisor())
    assert installed.stop().returncode == 0
    assert installed.left() == []


def test_start_ends_strays_that_no_record_names(install: MakeInstalled) -> None:
    """A process with our mark and without a record, left by a supervisor that died, is ended by a start."""
    installed = install()
    environment = {**installed.environment, INSTANCE_VARIABLE: installed.settings.instance}
    code = "import signal; signal.pause()"
    with subprocess.Popen([sys.executable, "-c", code], env=environment) as stray:
        wait_until(lambda: stray.pid in {each.pid for each in installed.left()}, 60, message="stray is there")
        assert installed.start().returncode == 0
        assert stray.wait(timeout=30) == -signal.SIGTERM


def test_start_refuses_a_taken_api_port(install: MakeInstalled) -> None:
    """A port that another program holds is named in one line, and nothing is left behind."""
    installed = install()
    with listen() as listener:
        installed.api_port = listener.getsockname()[1]
        refused = installed.start()
    assert refused.returncode == 1
    assert refused.stderr.startswith(f"ERROR: API_PORT {installed.api_port} is taken")
    assert len(refused.stderr.splitlines()) == 1
    assert installed.left() == []


def test_start_refuses_a_redis_port_held_by_a_stranger(install: MakeInstalled) -> None:
    """Something on REDIS_PORT that does not speak Redis is an error that names the setting."""
    installed = install()
    with listen() as listener:
        installed.redis_port = listener.getsockname()[1]
        refused = installed.start()
    assert refused.returncode == 1
    assert "REDIS_PORT" in refused.stderr
    assert installed.left() == []


def test_start_refuses_an_evicting_redis(install: MakeInstalled) -> None:
    """A Redis that may drop keys is refused with the setting to change, password or not."""
    with EmbeddedRedis(password="p@ss/word", extra=("--maxmemory-policy", "allkeys-lru")) as server:
        installed = install(REDIS_URL=server.url)
        refused = installed.start()
    assert refused.returncode == 1
    assert "maxmemory-policy noeviction" in refused.stderr
    assert "p@ss" not in refused.stderr
    assert installed.left() == []


def test_start_refuses_a_redis_url_that_does_not_answer(install: MakeInstalled) -> None:
    """An address elsewhere that does not answer is an error, never an empty database of our own."""
    installed = install(REDIS_URL=f"redis://127.0.0.1:{free_port()}/0")
    refused = installed.start()
    assert refused.returncode == 1
    assert "does not answer" in refused.stderr
    assert installed.left() == []
    assert not installed.settings.redis_dir.exists()


def test_start_uses_a_redis_that_is_there_and_stop_leaves_it(install: MakeInstalled) -> None:
    """A Redis that answers at REDIS_URL is used as it is and still runs after the stop."""
    with EmbeddedRedis(password="secret") as server:
        installed = install(REDIS_URL=server.url)
        installed.up()
        assert set(installed.processes()) == SERVICES - {"redis"}
        installed.stop()
        assert probe(RedisAddress.parse(server.url)).state is ProbeState.READY


def test_embedded_redis_asks_for_the_configured_password(install: MakeInstalled) -> None:
    """REDIS_PASSWORD protects the embedded Redis and is in no command line.

    Started with a password and ports of that shell alone, all is found ready from another one, and stopped.
    """
    installed = install(REDIS_PASSWORD='pa"ss word')
    installed.up()
    address = RedisAddress("127.0.0.1", installed.redis_port)
    assert probe(address).state is ProbeState.DENIED
    assert not any("pa" in word and "ss word" in word for word in installed.service("redis").command)
    assert not (installed.settings.data_dir / "redis.password").exists()
    port = installed.api_port
    installed.api_port, installed.redis_port = free_port(), free_port()
    installed.extra.clear()
    status = installed.status()
    assert (status.returncode, f"ready: http://127.0.0.1:{port}" in status.stdout) == (0, True), status.stdout
    assert "missing" not in status.stdout
    assert "All stopped" in installed.stop().stdout
    assert installed.left() == []


@pytest.mark.checkout
def test_start_reports_a_dying_service(install: MakeInstalled, tmp_path: Path) -> None:
    """A service that dies at start is named with its last log lines, and all else is stopped again."""
    broken = copy_project(tmp_path / "broken")
    main = broken / "app" / "services" / "worker" / "main.py"
    main.write_text('print("about to fail")\nraise SystemExit(7)\n', "utf-8")
    installed = install(broken)
    failed = installed.start()
    assert failed.returncode == 1
    assert "worker died at start (exit code 7)" in failed.stderr
    assert "about to fail" in failed.stderr
    assert installed.left() == []


def test_interrupted_start_leaves_nothing(install: MakeInstalled) -> None:
    """Ctrl-C in the middle of a start stops what it had started."""
    installed = install()
    with subprocess.Popen(
        ["./start-local.sh"], cwd=installed.root, env=installed.environment, stderr=subprocess.DEVNULL
    ) as start:
        wait_until((installed.home / "runtime-logs" / "redis.log").exists, 60, message="begun")
        start.send_signal(signal.SIGINT)
        assert start.wait(timeout=60) == 130
    assert installed.left() == []


def test_concurrent_starts_make_one_installation(install: MakeInstalled) -> None:
    """Two starts at the same moment end with one supervisor and one of each service."""
    installed = install()
    starts = [
        subprocess.Popen(
            ["./start-local.sh"], cwd=installed.root, env=installed.environment, stdout=subprocess.PIPE
        )
        for _ in range(2)
    ]
    outputs = [start.communicate(timeout=100)[0].decode() for start in starts]
    assert [start.returncode for start in starts] == [0, 0]
    assert sorted("Already running" in output for output in outputs) == [False, True]
    commands = [psutil.Process(each.pid).cmdline() for each in installed.left()]
    assert sum("watch" in command for command in commands) == 1
    assert set(installed.processes()) == SERVICES


def test_installations_side_by_side_do_not_touch_each_other(
    running: Installed, install: MakeInstalled
) -> None:
    """Two homes with ports of their own run together, and stopping one leaves the other whole."""
    before, other = running.processes(), install()
    other.up()
    other.stop()
    assert other.left() == []
    assert running.processes() == before
    assert running.status().returncode == 0


def test_start_with_other_settings_names_each_of_them(running: Installed) -> None:
    """Both values of each, a secret without its value, and the command that applies them."""
    before, port = running.processes(), running.api_port
    asked, key = free_port(), new_key()
    refused = replace(
        running, api_port=asked, extra={**running.extra, "WORKER_CONCURRENCY": "7", "SECRET_KEY": key}
    ).start("--no-ui")
    assert refused.returncode == 1
    headline, *lines = (line.strip() for line in refused.stderr.splitlines())
    restart = "multi-job restart" if running.is_package else "./stop-local.sh && ./start-local.sh"
    assert restart in headline
    assert sorted(lines) == [
        f"API_PORT: running {port}, asked {asked}",
        "SECRET_KEY: running a value, asked another value",
        "WORKER_CONCURRENCY: running 100, asked 7",
    ]
    assert running.processes() == before
    kept = StateFiles(running.settings).state.read_text("utf-8")
    assert not any(each in kept for each in (key, running.extra["SECRET_KEY"], running.redis_password))


def test_start_names_an_unknown_option(install: MakeInstalled) -> None:
    """An option that does not exist is named, and nothing is started."""
    installed = install()
    refused = installed.start("--surprise")
    assert (refused.returncode, "--surprise" in refused.stderr) == (2, True)
    assert installed.left() == []
