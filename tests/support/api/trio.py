"""Three API processes that share one Redis, and one data folder with the command line."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from tests.support.api.api_process import ROOT, Api, running_api
from tests.support.waiting import wait_until

_START_SEC = 180
ADMIN = "canary-of-the-admin-key-in-API_KEYS"
# A refused token counts as a guess: after some, refusals are 429.
REFUSED = frozenset({401, 429})


@dataclass
class Trio:
    """Three processes, threads that ask all of them at the same time, and the command line."""

    apis: list[Api]
    environment: dict[str, str]
    pool: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(3))

    def ask(
        self, method: str, path: str, token: str | None = ADMIN, body: Any = None, which: int = 0
    ) -> httpx.Response:
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        return self.apis[which].client.request(method, path, headers=headers, json=body)

    def statuses(self, token: str | None) -> list[int]:
        """Return how all three answer a request with this token, sent at the same time."""
        return self._of_all(lambda which: self.ask("GET", "/me", token, which=which).status_code)

    def accepted_for(self, token: str | None, since: float) -> list[float]:
        """Return how long after `since` the last request was sent to each process that it still served."""

        def last(which: int) -> float:
            served, sent = since, time.monotonic()
            while self.ask("GET", "/me", token, which=which).status_code not in REFUSED:
                served, sent = sent, time.monotonic()
            return served - since

        return self._of_all(last)

    def command(self, *words: str) -> tuple[str, float]:
        """Run a command to its first line; return the line and the instant at which it was printed."""
        process = subprocess.Popen(
            [sys.executable, "-m", "app.cli", *words],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        line, at = process.stdout.readline().strip(), time.monotonic()
        return self._ended(process, line), at

    def _ended(self, process: subprocess.Popen[str], line: str) -> str:
        # Not awaited: the token is used while the command still ends.
        self.pool.submit(process.communicate)
        return line

    def _of_all(self, act: Callable[[int], Any]) -> list[Any]:
        return list(self.pool.map(act, range(len(self.apis))))


@contextlib.contextmanager
def running_trio(redis_url: str, home: Path, **variables: str) -> Generator[Trio]:
    """Run three API processes for as long as the block."""
    with contextlib.ExitStack() as stack:
        apis = [stack.enter_context(running_api(redis_url, home, **variables)) for _ in range(3)]
        for api in apis:
            wait_until(lambda api=api: api.status("/healthz") == 200, _START_SEC, "started")
        inherited = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        environment = {**inherited, "REDIS_URL": redis_url, "MULTI_JOB_HOME": str(home), **variables}
        trio = Trio(apis, environment)
        stack.callback(trio.pool.shutdown)
        yield trio
