"""The API as a process of its own, and a client of it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.support.embedded_redis import free_port
from tests.support.preloaded.client import start_module

ROOT = Path(__file__).resolve().parents[3]
HOST = "127.0.0.1"


_INHERITED = {"PATH", "HOME", "LANG", "REQUEST_PATIENCE_SEC"}


class Api:
    """One API process and a client of it."""

    def __init__(
        self,
        redis_url: str,
        home: Path,
        prefix: Sequence[str] = (),
        *,
        listen: str = HOST,
        **variables: str,
    ) -> None:
        self.port = free_port()
        self.home = home
        self.uid = os.geteuid() if hasattr(os, "geteuid") else 0
        """The user that it runs as."""
        known = {name: value for name, value in os.environ.items() if name in _INHERITED}
        self.log = home / "api.log"
        arguments = ["app.services.api.main:app", "--host", listen, "--port", str(self.port)]
        environment = {**known, "REDIS_URL": redis_url, "MULTI_JOB_HOME": str(home), **variables}
        with self.log.open("wb") as log:
            if not prefix:
                self.process = start_module("uvicorn", arguments, environment, ROOT, log)
            else:
                self.process = subprocess.Popen(
                    [*prefix, sys.executable, "-m", "uvicorn", *arguments],
                    cwd=ROOT,
                    env=environment,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                )
        self.client = httpx.Client(
            base_url=f"http://{HOST}:{self.port}", headers={"Content-Type": "application/json"}, timeout=60
        )

    def status(self, path: str) -> int:
        """Return the status of a GET, 0 if there is no answer."""
        try:
            return self.client.get(path).status_code
        except httpx.TransportError:
            return 0

    def close(self) -> None:
        self.client.close()
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()


@contextmanager
def running_api(
    redis_url: str, home: Path, prefix: Sequence[str] = (), *, listen: str = HOST, **variables: str
) -> Generator[Api]:
    """Run the API for as long as the block; `prefix` is a command that starts it."""
    api = Api(redis_url, home, prefix, listen=listen, **variables)
    try:
        yield api
    finally:
        api.close()
