"""The server as its users start it: over stdio and over HTTP, against an API process with keys."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import httpx2
import pytest
from mcp import Client
from mcp.client.stdio import StdioServerParameters
from mcp.client.streamable_http import streamable_http_client

from tests.support.api.api_process import ROOT, Api, running_api
from tests.support.embedded_redis import EmbeddedRedis, free_port
from tests.support.mcp.assistant import MODES, Assistant, Mode, Person
from tests.support.waiting import wait_until

KEYS = {role: f"{role}-key-of-the-tests-0001" for role in ("viewer", "operator", "admin")}
START_SEC = 60.0


@pytest.fixture(scope="module")
def api(redis_server: EmbeddedRedis, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """An API process with a key of each role."""
    keys = ",".join(f"{role}:{role}:{key}" for role, key in KEYS.items())
    home = tmp_path_factory.mktemp("mcp")
    with running_api(redis_server.url, home, API_KEYS=keys, NAMESPACE="mcp-transports") as running:
        wait_until(lambda: running.status("/healthz") == httpx.codes.OK.value, START_SEC)
        running.client.headers["Authorization"] = f"Bearer {KEYS['admin']}"
        made = running.client.post("/jobs", json={"job_id": "job-a", "type": "simulation.load"})
        assert made.is_success, made.text
        yield running


@pytest.fixture(scope="module")
def http_url(api: Api) -> Iterator[str]:
    """The server over HTTP, without any key of its own."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "app.cli", "mcp", "--http", f"127.0.0.1:{port}"],
        cwd=ROOT,
        env={**_environment(api), "MULTI_JOB_API_KEY": KEYS["admin"]},
    )
    url = f"http://127.0.0.1:{port}/mcp"
    try:
        wait_until(lambda: _answers(url), START_SEC)
        yield url
    finally:
        process.terminate()
        process.wait(10)


def _environment(api: Api) -> dict[str, str]:
    known = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME"}}
    return {**known, "PYTHONPATH": str(ROOT), "MULTI_JOB_URL": str(api.client.base_url), "LANG": "C.UTF-8"}


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, verify=False).is_client_error
    except httpx.TransportError:
        return False


@asynccontextmanager
async def over_http(
    url: str, key: str | None, person: Person | None = None, mode: Mode = "auto"
) -> AsyncGenerator[Assistant]:
    headers = {} if key is None else {"Authorization": f"Bearer {key}"}
    async with (
        httpx2.AsyncClient(headers=headers, trust_env=False) as client,
        Client(
            streamable_http_client(url, http_client=client), mode=mode, elicitation_callback=person
        ) as connected,
    ):
        yield Assistant(connected)


async def test_stdio_serves_with_the_key_of_its_environment(api: Api) -> None:
    """A person is asked and a run is made; standard output carries nothing but the protocol."""
    parameters = StdioServerParameters(
        command=sys.executable,
        args=["-m", "app.cli", "mcp", "--lang", "id"],
        env={**_environment(api), "MULTI_JOB_API_KEY": KEYS["operator"]},
        cwd=ROOT,
    )
    person = Person()
    async with Client(parameters, elicitation_callback=person) as connected:
        assistant = Assistant(connected)
        assert [job["job_id"] for job in await assistant.call("list_jobs")] == ["job-a"]
        run = await assistant.call("run", job_id="job-a", wait_sec=0)
    assert "Jalankan job ini sekarang?" in person.last
    assert api.client.get(f"/runs/{run['run_id']}").json()["actor"] == "operator"


@pytest.mark.parametrize("mode", MODES)
async def test_http_passes_the_callers_key_on(api: Api, http_url: str, mode: Mode) -> None:
    """The caller's role decides, and never a key that the server's own environment has."""
    person = Person()
    async with over_http(http_url, KEYS["operator"], person, mode) as assistant:
        run = await assistant.call("run", job_id="job-a", wait_sec=0)
        assert (await assistant.call("cancel", run_id=run["run_id"]))["status"] == "cancelled"
    assert api.client.get(f"/runs/{run['run_id']}").json()["actor"] == "operator"
    async with over_http(http_url, KEYS["viewer"], person, mode) as assistant:
        assert len(await assistant.call("list_jobs")) == 1
        assert "operator" in await assistant.refused("run", job_id="job-a")
        assert "operator" in await assistant.refused("plan", prompt="buat laporan harian jam 9")
    for key in ("unknown-key", None):
        async with over_http(http_url, key, person, mode) as assistant:
            assert "key" in await assistant.refused("list_jobs")


@pytest.mark.parametrize("mode", MODES)
async def test_calls_at_the_same_time_keep_their_keys(http_url: str, mode: Mode) -> None:
    """Twenty calls of two people at once: each has its own role."""
    async with (
        over_http(http_url, KEYS["operator"], mode=mode) as operator,
        over_http(http_url, KEYS["viewer"], mode=mode) as viewer,
    ):
        call = {"prompt": "buat laporan harian jam 9"}
        results = await asyncio.gather(
            *(each.client.call_tool("plan", call) for _round in range(10) for each in (operator, viewer))
        )
    assert [result.is_error for result in results] == [False, True] * 10


async def test_viewer_is_refused_before_a_person_is_asked(http_url: str) -> None:
    """A question whose yes would be refused is not asked."""
    person = Person()
    async with over_http(http_url, KEYS["viewer"], person) as assistant:
        await assistant.refused("run", job_id="job-a")
    assert person.asked == []


CALL: dict[str, Any] = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "tools/list",
    "params": {
        "_meta": {
            "io.modelcontextprotocol/protocolVersion": "2026-07-28",
            "io.modelcontextprotocol/clientCapabilities": {},
        }
    },
}
MODERN = {
    "MCP-Protocol-Version": "2026-07-28",
    "Mcp-Method": "tools/list",
    "Accept": "application/json, text/event-stream",
}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Host": "evil.example"}, 421),
        ({"Host": "evil.example", "Authorization": "Bearer x"}, 421),
        ({"Origin": "http://evil.example"}, 403),
        ({"X-Forwarded-For": "203.0.113.9"}, 401),
        ({"Via": "1.1 proxy"}, 401),
        ({"X-Forwarded-For": "203.0.113.9", "Authorization": "Bearer x"}, 200),
    ],
)
@pytest.mark.parametrize("era", [MODERN, {"Accept": MODERN["Accept"]}])
def test_foreign_requests_are_refused(
    http_url: str, headers: dict[str, str], status: int, era: dict[str, str]
) -> None:
    """Another site's page, a rebound name, and a proxied request without a key, in both generations."""
    answer = httpx.post(http_url, json=CALL, headers={**era, **headers}, trust_env=False)
    if era is MODERN or status != 200:
        # A rebound name without a key is no request from this machine either.
        expected = {status, 401} if "Host" in headers and "Authorization" not in headers else {status}
        assert answer.status_code in expected, answer.text
    else:
        assert answer.status_code == 400, "without a session there is no such call"


def test_http_does_not_name_its_server(http_url: str) -> None:
    """Neither an answer of the SDK nor one to what is no HTTP."""
    refused = httpx.get(http_url)
    assert refused.is_client_error
    assert "server" not in refused.headers
    port = int(http_url.partition("127.0.0.1:")[2].partition("/")[0])
    with socket.create_connection(("127.0.0.1", port), timeout=60) as line:
        line.sendall(b"no HTTP\r\n\r\n")
        answer = line.makefile("rb").read().lower()
    assert answer.startswith(b"http/1.1 400")
    assert b"\nserver:" not in answer


def test_session_belongs_to_the_key_that_opened_it(http_url: str) -> None:
    """Another key, or none, finds no session under its id."""
    opening = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "initialize",
        "params": {
            "protocolVersion": "2025-11-25",
            "capabilities": {},
            "clientInfo": {"name": "tests", "version": "1"},
        },
    }
    own = {"Accept": MODERN["Accept"], "Authorization": f"Bearer {KEYS['operator']}"}
    session = httpx.post(http_url, json=opening, headers=own).headers["mcp-session-id"]
    ping = {"jsonrpc": "2.0", "id": 2, "method": "ping"}
    named = {"Mcp-Session-Id": session, "MCP-Protocol-Version": "2025-11-25"}
    statuses = [
        httpx.post(http_url, json=ping, headers={"Accept": MODERN["Accept"], **named, **other}).status_code
        for other in (own, {"Authorization": f"Bearer {KEYS['viewer']}"}, {})
    ]
    assert statuses == [200, 404, 404]
