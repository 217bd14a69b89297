"""Hung processes are replaced by the supervisor, and nothing is lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from typing import Any

import httpx
import pytest

from app.cli.client import Client
from app.cli.commands.platform import ANSWER_SEC, ask_at_once
from app.cli.output import CliError
from app.core.activity.watchdog import HUNG_STOP_SEC, LEAST_LIMIT_SEC
from app.core.clock import SystemClock
from app.local.processes import Identity, is_alive
from app.local.status import collect
from app.local.supervision.watchdog import REDIS_LIMIT_SEC
from tests.support.faults.deployment import Figures
from tests.support.local.installation import PROJECT_ROOT, Installed
from tests.support.waiting import wait_until

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="SIGSTOP is POSIX's"),
    pytest.mark.timeout(300),
]
# The start of a Python service on a busy machine.
START_SEC = 10.0
STATUS_SEC = 3.0
SERVICES = ("api", "scheduler", "worker", "connector")


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installed]:
    """A platform under the launcher, with the shortest limits."""
    extra = {"HEARTBEAT_SEC": "1", "LEASE_SEC": "8", "PYTHONPATH": str(PROJECT_ROOT)}
    installed = Installed(PROJECT_ROOT, tmp_path_factory.mktemp("home"), extra)
    started = launcher(installed, "start", "--no-ui")
    assert started.returncode == 0, started.stdout + started.stderr
    yield installed
    launcher(installed, "stop")
    assert installed.left() == []


def launcher(installed: Installed, *words: str) -> subprocess.CompletedProcess[str]:
    return installed.run(sys.executable, "-m", "app.local", *words)


def multi_job(installed: Installed, *words: str) -> subprocess.CompletedProcess[str]:
    return installed.run(sys.executable, "-m", "app.cli", *words)


def ask(installed: Installed, method: str, path: str, body: Any = None) -> Any:
    """Ask as a client that tries again: each enqueue has a key of its own."""
    url = f"http://127.0.0.1:{installed.api_port}{path}"
    answer = httpx.request(method, url, json=body, timeout=5, verify=False)
    answer.raise_for_status()
    return answer.json()


def is_watched(installed: Installed, name: str) -> bool:
    record = installed.service(name)
    return record.watched and is_alive(record.process)


def is_replaced(installed: Installed, name: str, before: Identity) -> Callable[[], bool]:
    return lambda: installed.service(name).process != before and is_watched(installed, name)


def hang(installed: Installed, name: str) -> Identity:
    """Stop a service as soon as the supervisor has heard of it."""
    wait_until(lambda: is_watched(installed, name), message=f"{name} is watched")
    process = installed.process(name)
    os.kill(process.pid, signal.SIGSTOP)
    return process


def has_succeeded(installed: Installed, run_id: str) -> bool:
    try:
        return ask(installed, "GET", f"/runs/{run_id}")["status"] == "success"
    except httpx.HTTPError:
        return False


def new_run(installed: Installed) -> str:
    job = {"job_id": "work", "type": "simulation.load", "inputs": {"duration_ms": 1}}
    try:
        ask(installed, "PUT", "/jobs/work", job)
    except httpx.HTTPStatusError:
        ask(installed, "POST", "/jobs", job)
    return ask(installed, "POST", "/jobs/work/run", {})["run_id"]


@pytest.mark.parametrize("name", SERVICES)
def test_hung_service_is_replaced(platform: Installed, name: str, figures: Figures) -> None:
    """It is ended and started again; its log has the stacks, and work that was there before goes on."""
    wait_until(lambda: all(is_watched(platform, each) for each in SERVICES))
    run_id = new_run(platform)
    process = hang(platform, name)
    began = time.monotonic()
    wait_until(is_replaced(platform, name, process), 120, f"{name} is replaced")
    wait_until(lambda: has_succeeded(platform, run_id), 120, "the run of before has succeeded")
    wait_until(lambda: has_succeeded(platform, new_run(platform)), 60, "a new run succeeds")
    took = time.monotonic() - began
    figures(f"{name}: work went on after {took:.1f} s")
    assert took <= 2 * (LEAST_LIMIT_SEC + HUNG_STOP_SEC + START_SEC)
    record = platform.service(name)
    assert record.last_exit.startswith("did not answer for 1")
    assert record.replaced >= 1
    assert "most recent call first" in platform.log(name)
    assert "it is replaced" in platform.log("supervisor")


def test_hung_redis_is_replaced(platform: Installed, figures: Figures) -> None:
    """It is stopped in order, so that all acknowledged runs are there after its start."""
    wait_until(lambda: all(is_watched(platform, each) for each in (*SERVICES, "redis")))
    run_id = new_run(platform)
    wait_until(lambda: has_succeeded(platform, run_id))
    process = hang(platform, "redis")
    began = time.monotonic()
    wait_until(is_replaced(platform, "redis", process), 120, "Redis is replaced")
    wait_until(lambda: has_succeeded(platform, run_id), 60, "the run is still there")
    wait_until(lambda: has_succeeded(platform, new_run(platform)), 60, "a new run succeeds")
    took = time.monotonic() - began
    figures(f"redis: work went on after {took:.1f} s")
    assert took <= 2 * (REDIS_LIMIT_SEC + HUNG_STOP_SEC + START_SEC)


def test_supervisor_that_was_stopped_too_replaces_nothing(platform: Installed) -> None:
    """A laptop that slept, or a machine that stood still, looks like no hung process."""
    wait_until(lambda: all(is_watched(platform, each) for each in (*SERVICES, "redis")))
    before = dict(platform.processes())
    pids = [platform.supervisor().pid, *(each.pid for each in before.values())]
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    # Longer than the limit.
    time.sleep(LEAST_LIMIT_SEC + 3)
    for pid in pids:
        os.kill(pid, signal.SIGCONT)
    wait_until(lambda: has_succeeded(platform, new_run(platform)), message="a new run succeeds")
    time.sleep(2)
    assert platform.processes() == before


def test_hung_service_is_restarted_by_its_command(platform: Installed) -> None:
    """The next step of its incident works at once."""
    process = hang(platform, "worker")
    restarted = multi_job(platform, "restart", "worker")
    assert restarted.returncode == 0, restarted.stdout + restarted.stderr
    assert platform.process("worker") != process
    assert is_watched(platform, "worker")
    unknown = multi_job(platform, "restart", "workers")
    assert unknown.returncode == 1
    assert "no service workers" in unknown.stderr


@pytest.mark.parametrize("name", ["api", "redis"])
def test_status_answers_while_a_service_hangs(platform: Installed, name: str) -> None:
    """All is asked at once, and each for 2 s. The time is without the start of an interpreter."""
    hang(platform, name)
    began = time.monotonic()
    collect(platform.settings, platform.state(), SystemClock())
    assert time.monotonic() - began <= 2 * STATUS_SEC
    began = time.monotonic()
    client = Client(url=f"http://127.0.0.1:{platform.api_port}", timeout_sec=ANSWER_SEC)
    with closing(client._http), suppress(CliError):
        ask_at_once(client)
    assert time.monotonic() - began <= 2 * STATUS_SEC
    assert multi_job(platform, "restart", name).returncode == 0


def test_status_of_a_hung_api_is_the_launchers(platform: Installed) -> None:
    """It replaces the API's answer."""
    hang(platform, "api")
    done = multi_job(platform, "status")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "does not answer" in done.stdout
    assert "RESTARTS" in done.stdout
    assert multi_job(platform, "restart", "api").returncode == 0
