"""An API and a worker, for tests of clients."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.support.documents.documents import Document
from tests.support.embedded_redis import free_port
from tests.support.faults.processes import PROJECT_ROOT, START_SEC, Fleet, Service, base_environment
from tests.support.redis_server import fresh_settings
from tests.support.waiting import wait_until

KEY = "mjp_tests_only_client_operator_00000000"
HOST = "127.0.0.1"
# The job type of docs/python-client.md.
JOB_TYPE = next(
    block.text for block in Document("docs/python-client.md").blocks() if block.language == "python"
)


@dataclass
class ClientPlatform:
    """The processes, and the address that a client needs."""

    fleet: Fleet
    api: Service
    port: int
    key: str = KEY

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    def run(self, program: str, timeout_sec: float = 60) -> str:
        """Run a program that has the default address of the API; return its output."""
        done = subprocess.run(
            [sys.executable, "-c", program.replace("127.0.0.1:8000", f"{HOST}:{self.port}")],
            env={**base_environment(), "MULTI_JOB_API_KEY": self.key},
            check=False,
            capture_output=True,
            text=True,
            timeout=timeout_sec,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def kill_api(self) -> None:
        """End the API, as a crash does."""
        self.fleet.kill(self.api)

    def start_api(self) -> None:
        """Start the API at its port and wait until it serves."""
        self.api = self.fleet.start_api(self.port)
        wait_until(self.is_serving, START_SEC, "the API serves")

    def is_serving(self) -> bool:
        """Return whether the API answers requests."""
        with contextlib.suppress(httpx.TransportError):
            return httpx.get(f"{self.url}/readyz", verify=False).status_code == httpx.codes.OK.value
        return False


@contextlib.contextmanager
def client_platform(redis_url: str, home: Path, **environment: str) -> Generator[ClientPlatform]:
    """Start an API and a worker with the job types of the tests; end them with the block."""
    settings = fresh_settings(redis_url, home)
    (home / "shop.py").write_text(JOB_TYPE, "utf-8")
    whole = {
        **base_environment(),
        "PYTHONPATH": f"{PROJECT_ROOT}{os.pathsep}{home}",
        "REDIS_URL": settings.redis_url,
        "NAMESPACE": settings.namespace,
        "MULTI_JOB_HOME": str(home),
        "API_KEYS": f"tests:operator:{KEY}",
        "RATE_LIMIT_PER_SEC": "0",
        "HANDLER_MODULES": "tests.support.queue.handlers,shop",
        "POLICIES_FILE": str(PROJECT_ROOT / "tests/support/queue/policies.yaml"),
        **environment,
    }
    fleet, port = Fleet(whole, home / "processes"), free_port()
    try:
        platform = ClientPlatform(fleet, fleet.start_api(port), port)
        fleet.start("worker")
        wait_until(platform.is_serving, START_SEC, "the API serves")
        yield platform
    finally:
        fleet.close()
