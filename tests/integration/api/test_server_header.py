"""No answer names the server that sends it, however the API was started."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from app.local.services import api_command
from app.local.settings import load_settings
from app.services.api.http import connections
from tests.support.api.api_process import HOST, ROOT
from tests.support.embedded_redis import EmbeddedRedis, free_port
from tests.support.preloaded.client import start_module
from tests.support.waiting import wait_until

BY_HAND = (sys.executable, "-m", "uvicorn", "app.services.api.main:app")
OF_AN_IMAGE = (*BY_HAND, "--host", "0.0.0.0", "--timeout-graceful-shutdown", "3")
STARTS = {
    "by hand": BY_HAND,
    "in a container": OF_AN_IMAGE,
    "with h11": (*BY_HAND, "--http", "h11"),
    "with two processes": (*BY_HAND, "--workers", "2"),
    "by the launcher": (),
}


@contextmanager
def running(command: tuple[str, ...], home: Path, redis_url: str) -> Generator[int]:
    """Run the API; yield its port."""
    port = free_port()
    variables = {"MULTI_JOB_HOME": str(home), "REDIS_URL": redis_url, "API_PORT": str(port)}
    environment = {"PATH": os.environ["PATH"], **variables, "NAMESPACE": f"p{os.getpid()}n{port}"}
    words = [*command, "--port", str(port)] if command else api_command(load_settings(environment, ROOT))
    with (home / "api.log").open("wb") as log:
        # Processes of uvicorn's own begin with the command of their parent.
        if words[1] == "-m" and "--workers" not in words:
            process = start_module(words[2], words[3:], environment, ROOT, log)
        else:
            process = subprocess.Popen(words, cwd=ROOT, env=environment, stdout=log, stderr=log)
    try:
        wait_until(lambda: status_of(port) == 200 or process.poll() is not None, 180, "the API is there")
        assert process.poll() is None, (home / "api.log").read_text("utf-8")
        yield port
    finally:
        process.terminate()
        process.wait(30)


def status_of(port: int) -> int:
    try:
        # Certificates are not read each time.
        return httpx.get(f"http://{HOST}:{port}/healthz", timeout=30, verify=False).status_code
    except httpx.TransportError:
        return 0


def answer(line: socket.socket) -> tuple[int, set[str]]:
    """Read until the server closes; return the status and the names of the headers of the first answer."""
    received = bytearray()
    while piece := line.recv(65_536):
        received += piece
    head, _, _ = bytes(received).partition(b"\r\n\r\n")
    first, *headers = head.decode("latin-1").split("\r\n")
    return int(first.split(" ")[1]), {header.partition(":")[0].lower() for header in headers}


def sent(port: int, request: str) -> socket.socket:
    line = socket.create_connection((HOST, port), timeout=60)
    line.sendall(request.encode("latin-1"))
    return line


@pytest.mark.parametrize("start", STARTS)
def test_api_does_not_name_its_server(redis_server: EmbeddedRedis, tmp_path: Path, start: str) -> None:
    """In an answer of the application, of the checks before it, and of the connection itself."""
    with running(STARTS[start], tmp_path, redis_server.url) as port:
        ours = f"Host: {HOST}:{port}\r\nConnection: close\r\n\r\n"
        requests = {
            200: f"GET /healthz HTTP/1.1\r\n{ours}",
            404: f"GET /no/such/route HTTP/1.1\r\n{ours}",
            405: f"PUT /healthz HTTP/1.1\r\n{ours}",
            421: "GET /jobs HTTP/1.1\r\nHost: elsewhere.example\r\nConnection: close\r\n\r\n",
            400: "no HTTP\r\n\r\n",
            431: f"GET /jobs HTTP/1.1\r\nX-Long: {'x' * connections.MAX_HEAD_BYTES}",
            408: "GET /jobs HTTP/1.1\r\nHost: ",
        }
        for status, request in requests.items():
            with sent(port, request) as line:
                seen, headers = answer(line)
            if start == "with h11" and status == 431:
                # h11 has a limit of its own, and no status for it.
                assert seen in {400, 431}
            else:
                assert seen == status
            assert not {"server", "x-powered-by"} & headers, status


def test_api_without_redis_does_not_name_its_server(tmp_path: Path) -> None:
    """Its 503 is an answer like all others, and so is the one to a connection too many."""
    with running(BY_HAND, tmp_path, f"redis://{HOST}:{free_port()}") as port:
        refused = httpx.get(f"http://{HOST}:{port}/jobs", timeout=60)
        assert (refused.status_code, "server" in refused.headers) == (503, False)
    answers = connections._ANSWERS.values()
    assert answers
    assert not [each for each in answers if b"server:" in each.lower()]


def test_name_that_a_person_chose_stays(redis_server: EmbeddedRedis, tmp_path: Path) -> None:
    """`--header` of the command line is not uvicorn's own."""
    with running((*BY_HAND, "--header", "server:gate"), tmp_path, redis_server.url) as port:
        assert httpx.get(f"http://{HOST}:{port}/healthz").headers.get_list("server") == ["gate"]
