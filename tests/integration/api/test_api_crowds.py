"""Many connections to an API that has few descriptors."""

from __future__ import annotations

import contextlib
import http.client
import socket
import sys
import threading
import time
from collections import Counter
from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Self

import httpx
import pytest

from tests.support.api.api_process import HOST, Api, running_api
from tests.support.waiting import wait_until

if TYPE_CHECKING:
    from tests.support.embedded_redis import EmbeddedRedis

resource = pytest.importorskip("resource")
pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="it looks at /proc"),
    # Its probes have a bound in time, which other tests on two processors exceed.
    pytest.mark.alone,
]
IDLE, HALF_OPEN = 1_100, 2_000
WRONG_KEYS, STREAMS, STREAMS_OF_KEY = 5_000, 1_000, 20
GREEDY, OTHER = "a" * 32, "b" * 32
KEYS = f"greedy:viewer:{GREEDY},other:viewer:{OTHER}"
FEW_FILES = ("sh", "-c", 'ulimit -n 1024; exec "$@"', "sh")
# Twice the bound of one second: the machine does other work.
LONGEST_SEC = 2.0


@pytest.fixture(scope="module")
def api(redis_server: EmbeddedRedis, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, max(soft, 8_192)), hard))
    home = tmp_path_factory.mktemp("api")
    with running_api(redis_server.url, home, FEW_FILES, NAMESPACE="crowds", API_KEYS=KEYS) as api:
        wait_until(lambda: api.status("/readyz") == 200, 180, "the API is there")
        yield api
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


class Watch:
    """Asks `/healthz`, and with a key for a list of jobs, again and again, each on a new connection."""

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

    def check(self) -> None:
        """Fail unless each request was served, and each probe in time."""
        assert self.failures == []
        assert self.longest_sec < LONGEST_SEC

    def _run(self) -> None:
        while not self._over.is_set():
            for path in ("/healthz", "/jobs"):
                started = time.monotonic()
                try:
                    status = httpx.get(
                        f"{self._base}{path}", timeout=60, headers={"X-API-Key": OTHER}
                    ).status_code
                except httpx.HTTPError as error:
                    status = repr(error)
                if path == "/healthz":
                    self.longest_sec = max(self.longest_sec, time.monotonic() - started)
                self.asked += 1
                if status != 200:
                    self.failures.append(f"{path}: {status}")
            self._over.wait(0.02)


@contextlib.contextmanager
def crowd(api: Api, count: int, first: bytes) -> Generator[list[socket.socket]]:
    """Hold connections open, each with these bytes sent."""
    with contextlib.ExitStack() as stack:
        lines: list[socket.socket] = []
        for _ in range(count):
            lines.append(stack.enter_context(socket.create_connection((HOST, api.port), timeout=60)))
            if first:
                lines[-1].sendall(first)
        yield lines


def asked(api: Api, count: int, key: str) -> Counter[int]:
    """Return the statuses of so many requests with a key, one after the other on one connection."""
    statuses: Counter[int] = Counter()
    line = http.client.HTTPConnection(HOST, api.port, timeout=60)
    with contextlib.closing(line):
        for _ in range(count):
            line.request("GET", "/jobs", headers={"X-API-Key": key})
            answer = line.getresponse()
            answer.read()
            statuses[answer.status] += 1
    return statuses


def files_of(api: Api) -> int:
    return len(list(Path(f"/proc/{api.process.pid}/fd").iterdir()))


def test_silent_crowds_stop_no_one_else(api: Api) -> None:
    """1,100 idle connections and 2,000 half heads with 1,024 descriptors: everybody else is served."""
    with Watch(api) as watch, crowd(api, IDLE, b""), crowd(api, HALF_OPEN, b"GET /jobs HT"):
        seen = watch.asked
        wait_until(lambda: watch.asked > seen + 20, 180, "the watch goes on")
        assert files_of(api) < 1_000
        # The crowd is still there, and its heads are late by now.
        wait_until(lambda: files_of(api) < 100, 180, "late heads are closed")
    watch.check()
    log = api.log.read_text()
    assert "crashed" not in log
    assert "Traceback" not in log


def test_wrong_keys_are_slowed_down_and_right_ones_served(api: Api) -> None:
    """5,000 wrong keys from the address of everybody else: almost all are refused before their turn."""
    token = f"mj_{'a' * 8}_{'A' * 43}"
    started = time.monotonic()
    with Watch(api) as watch, ThreadPoolExecutor(8) as pool:
        callers = [pool.submit(asked, api, WRONG_KEYS // 8, token) for _ in range(8)]
        statuses = sum((each.result() for each in callers), Counter[int]())
    watch.check()
    assert set(statuses) == {401, 429}
    # Ten at once, then one a second.
    assert statuses[401] <= 11 + (time.monotonic() - started)
    assert statuses.total() == WRONG_KEYS


def test_one_key_opens_its_streams_and_no_more(api: Api) -> None:
    """Of 1,000 streams of one key 20 are served; other keys have theirs, and requests go on."""
    head = "GET /events/stream HTTP/1.1\r\nHost: 127.0.0.1\r\nX-API-Key: %s\r\n\r\n"
    with Watch(api) as watch, crowd(api, STREAMS, (head % GREEDY).encode()) as lines:
        statuses = Counter(_status(line) for line in lines[-100:])
        assert statuses == {429: 100}
        with crowd(api, STREAMS_OF_KEY, (head % OTHER).encode()) as others:
            assert [_status(line) for line in others] == [200] * STREAMS_OF_KEY
        seen = watch.asked
        wait_until(lambda: watch.asked > seen + 20, 180, "the watch goes on")
    watch.check()


def _status(line: socket.socket) -> int:
    return int(line.recv(65_536).split(b" ", 2)[1])
