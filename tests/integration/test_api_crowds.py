"""Crowds at the API with few descriptors: probes and other clients are served throughout."""

from __future__ import annotations

import contextlib
import socket
import sys
import threading
import time
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Self

import httpx
import pytest

from tests.support.api_process import HOST, Api, running_api
from tests.support.waiting import wait_until

if TYPE_CHECKING:
    from app.embedded_redis import EmbeddedRedis

resource = pytest.importorskip("resource")
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="it looks at /proc")
IDLE, HALF_OPEN = 1_100, 2_000
FEW_FILES = ("sh", "-c", 'ulimit -n 1024; exec "$@"', "sh")
# Twice the bound of one second: the machine does other work.
LONGEST_SEC = 2.0


@pytest.fixture(scope="module")
def api(redis_server: EmbeddedRedis, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, max(soft, 8_192)), hard))
    home = tmp_path_factory.mktemp("api")
    with running_api(redis_server.url, home, FEW_FILES, NAMESPACE="crowds") as api:
        wait_until(lambda: api.status("/readyz") == 200, 30, "the API is there")
        yield api
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


class Watch:
    """Asks `/healthz` and a list of jobs again and again, each on a connection of its own."""

    def __init__(self, api: Api) -> None:
        self._base = api.client.base_url
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.longest_sec = 0.0
        self.asked = 0
        self.failures: list[str] = []

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._over.is_set():
            for path in ("/healthz", "/jobs"):
                started = time.monotonic()
                try:
                    status = httpx.get(f"{self._base}{path}", timeout=10).status_code
                except httpx.HTTPError as error:
                    status = repr(error)
                self.longest_sec = max(self.longest_sec, time.monotonic() - started)
                self.asked += 1
                if status != 200:
                    self.failures.append(f"{path}: {status}")
            self._over.wait(0.02)


@contextlib.contextmanager
def crowd(api: Api, count: int, first: bytes) -> Generator[None]:
    """Hold connections open, each with these bytes sent."""
    with contextlib.ExitStack() as stack:
        for _ in range(count):
            each = stack.enter_context(socket.create_connection((HOST, api.port), timeout=10))
            if first:
                each.sendall(first)
        yield


def files_of(api: Api) -> int:
    return len(list(Path(f"/proc/{api.process.pid}/fd").iterdir()))


@pytest.mark.timeout(60)
def test_silent_crowds_stop_nobody(api: Api) -> None:
    """1,100 idle connections and 2,000 half heads with 1,024 descriptors: everybody else is served."""
    with Watch(api) as watch, crowd(api, IDLE, b""), crowd(api, HALF_OPEN, b"GET /jobs HT"):
        seen = watch.asked
        wait_until(lambda: watch.asked > seen + 20, 30, "the watch goes on")
        assert files_of(api) < 1_000
        # The crowd is still there, and its heads are late by now.
        wait_until(lambda: files_of(api) < 100, 20, "late heads are closed")
    assert (watch.failures, watch.longest_sec < LONGEST_SEC) == ([], True), watch.longest_sec
    log = api.log.read_text()
    assert "crashed" not in log
    assert "Traceback" not in log
