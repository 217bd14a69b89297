"""The four processes over HTTP, started by the launcher: a job's way, and a death of each process.

All tests share one installation, which is whole again before each, and keep to job ids of their own.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any, cast

import httpx
import pytest
import redis

from tests.support.local.installation import Installed, MakeInstalled, kill
from tests.support.waiting import wait_until

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="these are the POSIX launchers"),
]

TERMINAL = {"success", "failed", "cancelled"}


class Client:
    """The API of one installation."""

    def __init__(self, installed: Installed) -> None:
        self._http = httpx.Client(base_url=f"http://127.0.0.1:{installed.api_port}", timeout=60)

    def close(self) -> None:
        self._http.close()

    def get(self, path: str, **query: Any) -> Any:
        answer = self._http.get(path, params=query)
        assert answer.status_code == httpx.codes.OK, answer.text
        return answer.json()

    def send(self, method: str, path: str, body: Any, **headers: str) -> httpx.Response:
        return self._http.request(method, path, json=body, headers=headers)

    def job(self, job_id: str, **fields: Any) -> None:
        body = {"job_id": job_id, "type": "simulation.load", **fields}
        answer = self.send("POST", "/jobs", body)
        assert answer.status_code == httpx.codes.CREATED, answer.text

    def run(self, job_id: str, **body: Any) -> str:
        answer = self.send("POST", f"/jobs/{job_id}/run", body)
        assert answer.status_code == httpx.codes.ACCEPTED, answer.text
        return answer.json()["run_id"]

    def status(self, run_id: str) -> str:
        return self.get(f"/runs/{run_id}")["status"]

    def ready(self) -> bool:
        try:
            answer = self._http.get("/readyz")
        except httpx.TransportError:
            return False
        checks: dict[str, Any] = answer.json().get("checks", {})
        return answer.is_success and all(c["status"] == "ok" for c in checks.values())


@pytest.fixture(scope="module")
def installed(install_shared: MakeInstalled) -> Installed:
    installed: Installed = install_shared(LEASE_SEC="2", HEARTBEAT_SEC="0.5")
    installed.up()
    return installed


@pytest.fixture
def client(installed: Installed) -> Iterator[Client]:
    client = Client(installed)
    wait_until(client.ready, timeout_seconds=60, message="everything is there")
    yield client
    client.close()


@pytest.mark.smoke
def test_job_runs_on_its_schedule_and_by_hand(client: Client) -> None:
    """A posted job runs at its slots and by hand, in all three ways, and the run tells what happened."""
    client.job("tick", schedule={"interval_sec": 1}, inputs={"duration_ms": 10})
    for way in ("loop", "thread", "process"):
        client.job(f"by-{way}", inputs={"duration_ms": 20, "runs_in": way})
        run_id = client.run(f"by-{way}")
        wait_until(lambda run_id=run_id: client.status(run_id) == "success", timeout_seconds=60)
    wait_until(lambda: len(client.get("/runs", job_id="tick", status="success")) >= 2, timeout_seconds=60)
    run = client.get("/runs", job_id="tick", status="success")[0]
    assert run["result"]["output"]["slept_ms"] == 10
    assert run["run_id"].startswith("tick@")
    outcomes = {row["outcome"] for row in client.get("/jobs/tick/occurrences")}
    assert {"ran", "upcoming"} <= outcomes


def test_delayed_run_is_cancelled_before_its_time(client: Client) -> None:
    """A run by hand with a delay waits as scheduled and ends at once when cancelled."""
    client.job("later", inputs={"duration_ms": 1})
    run_id = client.run("later", delay_sec=3600)
    assert client.status(run_id) == "scheduled"
    assert client.send("POST", f"/runs/{run_id}/cancel", {}).status_code == httpx.codes.OK
    assert client.status(run_id) == "cancelled"


def test_running_run_is_cancelled(client: Client) -> None:
    """A cancelled run that is at work stops and ends as cancelled."""
    client.job("long", inputs={"duration_ms": 60_000})
    run_id = client.run("long")
    wait_until(lambda: client.status(run_id) == "running", timeout_seconds=60)
    client.send("POST", f"/runs/{run_id}/cancel", {})
    wait_until(lambda: client.status(run_id) == "cancelled", timeout_seconds=60)


@pytest.mark.parametrize("victim", ["worker", "scheduler", "api", "connector", "redis"])
def test_killed_process_loses_nothing(client: Client, installed: Installed, victim: str) -> None:
    """Whichever process is killed, it comes back and every acknowledged run ends in success."""
    job_id = f"work-{victim}"
    client.job(job_id, inputs={"duration_ms": 300})
    run_ids = [client.run(job_id) for _ in range(40)]
    if victim == "redis":
        # While its disk syncs, Redis answers before it writes; a kill then loses up to two seconds.
        wait_until(lambda: persistence(installed)["aof_buffer_length"] == 0, 60, "all is in the file")
    kill(installed.process(victim))
    wait_until(client.ready, timeout_seconds=60, message="everything is back")
    run_ids += [client.run(job_id) for _ in range(5)]
    for run_id in run_ids:
        wait_until(lambda run_id=run_id: client.status(run_id) in TERMINAL, timeout_seconds=60)
    ended = {run_id: client.status(run_id) for run_id in run_ids}
    assert set(ended.values()) == {"success"}, ended


def persistence(installed: Installed) -> dict[str, Any]:
    """Return what Redis says of its files; the command itself writes none."""
    with redis.Redis(port=installed.redis_port, password=installed.redis_password) as server:
        return cast("Any", server).info("persistence")


def test_repeated_submission_makes_one_run(client: Client) -> None:
    """A submission sent again with its idempotency key answers the same run."""
    client.job("once", inputs={"duration_ms": 1})
    answers = [
        client.send("POST", "/jobs/once/run", {}, **{"Idempotency-Key": "order-17"}).json() for _ in range(3)
    ]
    assert len({answer["run_id"] for answer in answers}) == 1
    assert len(client.get("/runs", job_id="once")) == 1
