"""Headers with a key, an unreadable one or none, as bytes to the real MCP server in front of a real API."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from tests.support.api.api_process import ROOT, Api, running_api
from tests.support.api.credential_table import KEY, Row, request_rows, send
from tests.support.api.strangers import NOBODY, status_of_user
from tests.support.embedded_redis import free_port
from tests.support.waiting import wait_until

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.embedded_redis import EmbeddedRedis

ROWS = request_rows()
START_SEC = 180.0
_MALFORMED = 400
_CALL: dict[str, Any] = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "tools/call",
    "params": {
        "name": "list_jobs",
        "arguments": {},
        "_meta": {
            "io.modelcontextprotocol/protocolVersion": "2026-07-28",
            "io.modelcontextprotocol/clientCapabilities": {},
        },
    },
}
_HEADERS = [
    "MCP-Protocol-Version: 2026-07-28",
    "Mcp-Method: tools/call",
    "Mcp-Name: list_jobs",
    "Accept: application/json, text/event-stream",
    "Content-Type: application/json",
]


@contextmanager
def mcp_server(api: Api, **variables: str) -> Generator[int]:
    """Serve MCP over HTTP in front of an API; yield the port."""
    port = free_port()
    known = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME"}}
    process = subprocess.Popen(
        [sys.executable, "-m", "app.cli", "mcp", "--http", str(port)],
        cwd=ROOT,
        env={**known, "PYTHONPATH": str(ROOT), "MULTI_JOB_URL": str(api.client.base_url), **variables},
    )
    try:
        wait_until(lambda: _answers(port), START_SEC, "the MCP server")
        yield port
    finally:
        process.terminate()
        process.wait(20)


def _answers(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/mcp", trust_env=False, verify=False).is_client_error
    except httpx.TransportError:
        return False


def called(port: int, row: Row) -> str:
    """Return how a call of `list_jobs` ended: refused at the `gate`, refused by the `api`, or `served`."""
    status, text = send(port, "POST /mcp HTTP/1.1", row, more=_HEADERS, body=json.dumps(_CALL).encode())
    if status in {401, _MALFORMED}:
        return "gate"
    assert status == 200, (row.name, status, text)
    result: dict[str, Any] = json.loads(text[text.index("{") : text.rindex("}") + 1])["result"]
    return "api" if result.get("isError") else "served"


@pytest.mark.parametrize("keys", ["none", "some"])
def test_mcp_passes_on_exactly_the_key_that_it_read(
    redis_server: EmbeddedRedis, tmp_path: Path, keys: str
) -> None:
    """What the gate cannot read never reaches the API: not as the local admin, and not as another key."""
    variables = {"NAMESPACE": f"mcp-credentials{os.getpid()}{keys}"}
    variables |= {"API_KEYS": f"ana:admin:{KEY}"} if keys == "some" else {}
    with running_api(redis_server.url, tmp_path, **variables) as api:
        wait_until(lambda: api.status("/readyz") == 200, START_SEC, "ready")
        # Its own key is for stdio alone: over HTTP a request without one is not served with it.
        with mcp_server(api, **({"MULTI_JOB_API_KEY": KEY} if keys == "some" else {})) as port:
            found = {row.name: called(port, row) for row in ROWS}
    of_key, of_none = ("api", "served") if keys == "none" else ("served", "api")
    expected = {"none": of_none, "refused": "gate", KEY: of_key}
    assert found == {row.name: expected[row.reads] for row in ROWS}


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root has other users")
def test_mcp_serves_no_other_user_of_the_machine(redis_server: EmbeddedRedis, tmp_path: Path) -> None:
    """The API would see a connection of the MCP server: so the gate asks whose the caller's is."""
    headers = {"Host": "127.0.0.1", **dict(header.split(": ", 1) for header in _HEADERS[:-1])}
    with running_api(redis_server.url, tmp_path, NAMESPACE=f"mcp-owner{os.getpid()}") as api:
        wait_until(lambda: api.status("/readyz") == 200, START_SEC, "ready")
        with mcp_server(api) as port:
            assert status_of_user(NOBODY, "POST", port, "/mcp", headers) == 401
            assert status_of_user(0, "POST", port, "/mcp", headers) != 401
