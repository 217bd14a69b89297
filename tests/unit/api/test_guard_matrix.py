"""Refusals of the guard and the body reader, on every operation."""

from __future__ import annotations

import json
import re
from typing import Any

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.services.api.app import create_app
from app.services.api.http.auth import OPEN_PREFIXES, PING_PREFIX
from app.services.api.http.router import context_of
from app.services.api.openapi.document import openapi_json
from tests.support.api.api_fakes import BASE_URL, FakePlatform, fake_platform

PATHS: dict[str, dict[str, Any]] = json.loads(openapi_json(create_app()))["paths"]
OPERATIONS = [(method.upper(), path) for path, of in PATHS.items() for method in of]
WRITES = [(method, path) for method, path in OPERATIONS if method != "GET"]
GUARDED_WRITES = [(method, path) for method, path in WRITES if not path.startswith(OPEN_PREFIXES)]
WITH_BODY = [
    (method, path)
    for method, path in GUARDED_WRITES
    if "application/json" in PATHS[path][method.lower()].get("requestBody", {}).get("content", {})
]
WEBHOOK = "/webhooks/telegram/bot"
LIMIT = 1024


@pytest.fixture(scope="module")
def guarded() -> FakePlatform:
    """Return the application with its guard, and behind it routes that only say that they were reached."""
    platform = fake_platform(max_body_bytes=LIMIT)
    routes = [*OPERATIONS, ("GET", WEBHOOK), ("POST", WEBHOOK)]
    platform.app.router.routes[:] = [Route(path, _reached, methods=[method]) for method, path in routes]
    return platform


async def _reached(request: Request) -> Response:
    call = context_of(request)
    return Response(f"{call.actor.name} {len(call.body)}")


def filled(path: str) -> str:
    return re.sub(r"\{\w+\}", "a", path)


async def sent(platform: FakePlatform, method: str, path: str, **more: Any) -> httpx.Response:
    async with platform.client() as client:
        return await client.request(method, filled(path), **more)


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
async def test_operation_refuses_foreign_names_and_pages(
    guarded: FakePlatform, method: str, path: str
) -> None:
    """DNS rebinding and pages of others end at every operation, probes and webhooks included."""
    answer = await sent(guarded, method, path, headers={"Host": "evil.example"})
    assert (answer.status_code, answer.json()["code"]) == (421, "wrong_host")
    answer = await sent(guarded, method, path, headers={"Origin": "https://evil.example"})
    assert (answer.status_code, answer.json()["code"]) == (403, "foreign_origin")


@pytest.mark.parametrize(("method", "path"), GUARDED_WRITES)
@pytest.mark.parametrize("media_type", ["text/plain", "application/x-www-form-urlencoded", ""])
async def test_write_needs_json(guarded: FakePlatform, method: str, path: str, media_type: str) -> None:
    """Whatever any web page can send without asking is refused, body or none."""
    for content in (b"", b"{}"):
        answer = await sent(guarded, method, path, content=content, headers={"Content-Type": media_type})
        assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")


@pytest.mark.parametrize(
    ("method", "path"), [write for write in WRITES if not write[1].startswith(PING_PREFIX)]
)
async def test_write_refuses_a_large_body(guarded: FakePlatform, method: str, path: str) -> None:
    """The limit holds on every write but pings, even if a route reads no body."""
    assert (await sent(guarded, method, path, content=b" " * LIMIT)).status_code == 200
    answer = await sent(guarded, method, path, content=b" " * (LIMIT + 1))
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")


BAD_BODIES: dict[str, bytes] = {
    "none": b"",
    "torn": b'{"a": 1',
    "no object": b"[]",
    "twice": b'{"a": 1, "a": 2}',
    "nan": b'{"a": NaN}',
    "infinite": b'{"a": -Infinity}',
    "deep": b'{"a": ' + b"[" * 65 + b"]" * 65 + b"}",
    "huge": b'{"a": 18446744073709551616}',
    "surrogate": b'{"a": "\\ud800"}',
    "utf-16": '{"a": 1}'.encode("utf-16"),
}


@pytest.mark.parametrize(("method", "path"), WITH_BODY)
@pytest.mark.parametrize("kind", BAD_BODIES)
async def test_operation_refuses_what_readers_disagree_about(method: str, path: str, kind: str) -> None:
    """Each operation that takes a body reads it strictly: 400 or 422, never a 500."""
    optional = not PATHS[path][method.lower()]["requestBody"]["required"]
    if kind == "none" and optional:
        return
    answer = await sent(fake_platform(), method, path, content=BAD_BODIES[kind])
    assert answer.status_code in {400, 422}, answer.text
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_webhooks_are_open_to_remote_services(guarded: FakePlatform, method: str) -> None:
    """Without a key, through a proxy, in any type, with a scheme of their own; the body comes unread."""
    headers = {"X-Forwarded-For": "1.2.3.4", "Content-Type": "text/xml", "Authorization": "Basic eA=="}
    answer = await sent(guarded, method, WEBHOOK, content=b"<a/>", headers=headers)
    assert (answer.status_code, answer.text) == (200, f"webhook {4 if method == 'POST' else 0}")


async def test_webhooks_keep_the_limit_of_bodies_and_of_requests() -> None:
    """Open is not unbounded."""
    platform = fake_platform(max_body_bytes=LIMIT, rate_limit_keyless_per_sec=1, rate_limit_burst=2)
    async with platform.client(BASE_URL) as client:
        statuses = [(await client.post(WEBHOOK, content=b" " * (LIMIT + 1))).status_code for _ in range(3)]
    assert statuses == [413, 413, 429]
