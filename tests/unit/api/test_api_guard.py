"""Refusals of the guard before a route, and headers of every answer."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from app.core.access.api_keys import Role
from app.services.api.http.auth import is_loopback
from app.services.api.http.middleware import RequestGate, RequestRules
from tests.support.api.api_fakes import BASE_URL, FakePlatform, fake_key, fake_platform
from tests.support.api.asgi_calls import http_scope
from tests.support.api.in_process import in_process

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
TRACEPARENT = f"00-{TRACE}-00f067aa0ba902b7-01"


@pytest.fixture
def platform() -> FakePlatform:
    return fake_platform()


def problem(response: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """Assert that an answer is this problem, complete, and return it."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    body = response.json()
    assert {"type", "title", "status", "detail", "instance", "code", "trace_id"} <= body.keys()
    assert (body["status"], body["code"], body["type"]) == (status, code, f"/problems/{code}")
    assert body["trace_id"] == response.headers["x-trace-id"]
    return body


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:8000", "localhost:3", "LOCALHOST", "[::1]:8000"])
async def test_guard_serves_loopback_names(platform: FakePlatform, host: str) -> None:
    """Loopback names are served on any port without a setting."""
    async with platform.client() as client:
        assert (await client.get("/jobs", headers={"Host": host})).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "localhost.", "testserver", "", "::1", "localhost:x"]
)
async def test_guard_refuses_foreign_hosts(platform: FakePlatform, host: str) -> None:
    """A name that is not listed is misdirected, whatever it looks like: DNS rebinding ends here."""
    async with platform.client() as client:
        problem(await client.get("/healthz", headers={"Host": host}), 421, "wrong_host")


async def test_guard_serves_allowed_hosts_on_the_port_given() -> None:
    """An entry without a port serves every port, one with a port that one alone."""
    record, token = fake_key(Role.VIEWER)
    platform = fake_platform((record,), allowed_hosts="Jobs.example,api.example:8000")
    async with platform.client(**{"X-API-Key": token}) as client:
        for host, status in [
            ("jobs.example:99", 200),
            ("api.example:8000", 200),
            ("api.example", 421),
            ("localhost", 200),
        ]:
            assert (await client.get("/jobs", headers={"Host": host})).status_code == status, host


async def test_guard_refuses_two_host_headers(platform: FakePlatform) -> None:
    """Two Host headers contradict each other."""
    async with platform.client() as client:
        headers = [("Host", "127.0.0.1"), ("Host", "127.0.0.1")]
        problem(await client.get("/healthz", headers=headers), 421, "wrong_host")


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://127.0.0.1:3000", "file://127.0.0.1:8000"]
)
@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS"])
async def test_guard_refuses_foreign_origins(platform: FakePlatform, origin: str, method: str) -> None:
    """No page of another origin may read or write, another port of the same machine included."""
    async with platform.client() as client:
        answer = await client.request(method, "/jobs", headers={"Origin": origin})
        problem(answer, 403, "foreign_origin")


async def test_guard_serves_its_own_and_allowed_origins() -> None:
    """The page that the API serves itself and those that are listed may use it."""
    platform = fake_platform(allowed_origins="http://localhost:3000/")
    async with platform.client() as client:
        for origin in (BASE_URL, "http://localhost:3000"):
            assert (await client.get("/jobs", headers={"Origin": origin})).status_code == 200


async def test_guard_keyless_serves_loopback_sockets_alone() -> None:
    """Without keys only a loopback socket is served; the Host header makes no difference."""
    platform = fake_platform(allowed_hosts="10.0.0.5")
    async with platform.client("http://10.0.0.5:8000") as client:
        for host in ("10.0.0.5", "127.0.0.1"):
            answer = await client.get("/jobs", headers={"Host": host})
            problem(answer, 401, "unauthorized")
            assert answer.headers["www-authenticate"] == "Bearer"
        assert (await client.get("/healthz")).status_code == 200
        assert (await client.get("/metrics")).status_code == 401


@pytest.mark.parametrize(
    "name", ["Forwarded", "X-Forwarded-For", "X-Forwarded-Proto", "x-forwarded-anything"]
)
async def test_guard_keyless_refuses_proxied_requests(platform: FakePlatform, name: str) -> None:
    """A proxy on the same machine makes foreign requests look local."""
    async with platform.client() as client:
        problem(await client.get("/jobs", headers={name: "x"}), 401, "unauthorized")


async def test_guard_auth_off_lifts_keyless_mode_but_not_host_and_origin() -> None:
    """AUTH=off says that somebody else looks after access; names and origins are still checked."""
    platform = fake_platform(auth="off", allowed_hosts="10.0.0.5")
    async with platform.client("http://10.0.0.5:8000") as client:
        assert (await client.get("/jobs", headers={"X-Forwarded-For": "1.2.3.4"})).status_code == 200
        assert (await client.get("/jobs", headers={"Host": "evil.example"})).status_code == 421
        assert (await client.get("/jobs", headers={"Origin": "https://evil.example"})).status_code == 403


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("::1", True),
        ("::ffff:127.0.0.1", True),
        ("::ffff:10.0.0.1", False),
        ("10.0.0.1", False),
        ("0.0.0.0", False),
        ("/run/api.sock", False),
    ],
)
def test_is_loopback_knows_addresses(address: str, expected: bool) -> None:
    """Only loopback addresses count, IPv4 inside IPv6 as what it wraps."""
    assert is_loopback(address) is expected


@pytest.mark.parametrize("media_type", ["Application/JSON", 'application/json; charset="UTF-8"'])
async def test_guard_takes_json_however_it_is_spelt(platform: FakePlatform, media_type: str) -> None:
    """Case and the UTF-8 charset do not matter."""
    async with platform.client() as client:
        answer = await client.post("/jobs", content=b"[", headers={"Content-Type": media_type})
        problem(answer, 400, "malformed_json")


async def _in_pieces(total: int) -> AsyncIterator[bytes]:
    for _ in range(total // 100):
        yield b" " * 100


async def test_guard_refuses_large_bodies_however_they_come() -> None:
    """The limit holds with and without a Content-Length, even if the route reads no body."""
    platform = fake_platform(max_body_bytes=1024)
    async with platform.client() as client:
        problem(await client.post("/jobs", content=b" " * 1025), 413, "body_too_large")
        problem(await client.post("/jobs", content=_in_pieces(1100)), 413, "body_too_large")
        problem(await client.put("/jobs/a/enable", content=_in_pieces(1100)), 413, "body_too_large")
        assert (await client.post("/jobs", content=b" " * 1024)).status_code == 400


async def test_guard_stops_reading_an_endless_body() -> None:
    """A body without an end is read up to the limit and no further."""
    read = 0

    async def endless() -> dict[str, Any]:
        nonlocal read
        read += 1
        return {"type": "http.request", "body": b" " * 512, "more_body": True}

    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    await fake_platform(max_body_bytes=1024).app(http_scope("POST", "/jobs"), endless, send)
    assert (sent[0]["status"], read) == (413, 3)


async def test_guard_unknown_path_is_a_problem(platform: FakePlatform) -> None:
    """A path that does not exist is answered like every other error."""
    async with platform.client() as client:
        assert problem(await client.get("/nope"), 404, "path_not_found")["instance"] == "/nope"
        problem(await client.get("/jobs/"), 404, "path_not_found")


@pytest.mark.parametrize(
    ("path", "allowed"), [("/jobs", "GET, POST"), ("/jobs/a", "DELETE, GET, PUT"), ("/jobs/a/run", "POST")]
)
async def test_guard_405_names_every_method_of_the_path(
    platform: FakePlatform, path: str, allowed: str
) -> None:
    """`Allow` holds the methods of all routes of a path."""
    async with platform.client() as client:
        answer = await client.patch(path)
        problem(answer, 405, "method_not_allowed")
        assert answer.headers["allow"] == allowed


async def test_guard_takes_over_a_valid_traceparent(platform: FakePlatform) -> None:
    """The trace goes on with a new span, in answers and errors alike."""
    async with platform.client() as client:
        for path in ("/healthz", "/nope"):
            answer = await client.get(path, headers={"traceparent": TRACEPARENT})
            assert answer.headers["x-trace-id"] == TRACE
            assert answer.headers["traceparent"].startswith(f"00-{TRACE}-")
            assert answer.headers["traceparent"] != TRACEPARENT


@pytest.mark.parametrize(
    "header",
    ["", "x", f"ff-{TRACE}-00f067aa0ba902b7-01", f"00-{'0' * 32}-00f067aa0ba902b7-01", TRACEPARENT[:-1]],
)
async def test_guard_makes_a_trace_if_none_is_valid(platform: FakePlatform, header: str) -> None:
    """A header that is not W3C's is not carried on."""
    async with platform.client() as client:
        trace = (await client.get("/healthz", headers={"traceparent": header})).headers["x-trace-id"]
    assert re.fullmatch(r"[0-9a-f]{32}", trace)
    assert trace not in {TRACE, "0" * 32}


async def test_guard_crash_says_nothing_of_what_happened(caplog: pytest.LogCaptureFixture) -> None:
    """An unforeseen exception is a 500 with a trace id; its text goes to the log alone."""
    app = FastAPI()
    app.add_middleware(RequestGate)
    app.state.rules = RequestRules(fake_platform().app.state.services.settings)

    @app.get("/crash")
    async def crash() -> None:  # pyright: ignore[reportUnusedFunction]
        raise ValueError("canary-4711")

    transport = in_process(app)
    async with httpx.AsyncClient(transport=transport, base_url=BASE_URL) as client:
        answer = await client.get("/crash")
    body = problem(answer, 500, "internal")
    assert "canary" not in answer.text
    assert "errors" not in body
