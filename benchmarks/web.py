"""API processes as subjects, measured by wrk and by one client."""

from __future__ import annotations

import asyncio
import shutil
import socket
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import httpx
import orjson

from benchmarks.measure import Figures
from benchmarks.subject import HERE, READY_SEC, wait_for

HOST = "127.0.0.1"
OURS, BARE = "app.services.api.main:app", "benchmarks.bare_api:app"
CONNECTIONS = 32
_REQUEST_TIMEOUT_SEC = 30.0


class ApiClient:
    """One API process on its own port, and a client with one connection to it."""

    def __init__(self, app: str) -> None:
        self._port = _free_port()
        self.url = f"http://{HOST}:{self._port}"
        self.command: Sequence[str] = (
            *(sys.executable, "-m", "uvicorn", app, "--host", HOST, "--port", str(self._port)),
            *("--log-level", "warning", "--no-access-log"),
        )
        self.http = httpx.AsyncClient(base_url=self.url, timeout=_REQUEST_TIMEOUT_SEC)

    async def ready(self, processes: Sequence[subprocess.Popen[bytes]]) -> None:
        """Return when it answers."""

        async def answers() -> bool:
            try:
                return (await self.http.get("/healthz")).is_success
            except httpx.TransportError:
                return False

        await wait_for(answers, processes, READY_SEC)

    async def close(self) -> None:
        await self.http.aclose()


def _free_port() -> int:
    with socket.socket() as found:
        found.bind((HOST, 0))
        return found.getsockname()[1]


async def wrk(url: str, script: Path, seconds: int, method: str = "POST") -> Figures:
    """Run Debian's wrk with 32 connections at full speed; every answer must be a success."""
    program = shutil.which("wrk")
    if program is None:
        raise SystemExit("this benchmark needs wrk: apt-get install wrk")
    process = await asyncio.create_subprocess_exec(
        *(program, "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "-s", str(script), url, "--", method),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    found: Figures = orjson.loads(output.splitlines()[-1])
    if process.returncode or found["refused"] or found["failed"]:
        raise SystemExit(f"wrk: {output.decode(errors='replace')}")
    return found


REQUESTS = HERE / "requests.lua"
