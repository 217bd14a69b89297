"""Cross-site writes are refused; a command without a body is not."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from app.services.api.http.peers import STATE
from tests.support.api.api_fakes import BASE_URL, FakePlatform, fake_platform
from tests.support.api.in_process import OwnPeer

WRITES = [
    ("POST", "/jobs"),
    ("PUT", "/jobs/a"),
    ("DELETE", "/jobs/a"),
    ("PUT", "/jobs/a/enable"),
    ("PUT", "/jobs/a/disable"),
    ("POST", "/jobs/a/run"),
    ("POST", "/runs/a/cancel"),
    ("PATCH", "/jobs"),
]
BODILESS = [
    ("PUT", "/jobs/a/disable"),
    ("PUT", "/jobs/a/enable"),
    ("POST", "/jobs/a/run"),
    ("DELETE", "/jobs/a"),
]
OWN = BASE_URL
FORM, TEXT = "application/x-www-form-urlencoded", "text/plain"


@pytest.fixture
def platform() -> FakePlatform:
    return fake_platform(allowed_origins="http://localhost:3000")


async def made_job(platform: FakePlatform) -> None:
    async with platform.client() as client:
        made = await client.post("/jobs", json={"job_id": "a", "type": "test.load"})
    assert made.status_code == 201


async def sent(
    platform: FakePlatform, method: str, path: str, headers: dict[str, str], content: bytes | None = None
) -> httpx.Response:
    """Send a request without a type unless `headers` has one."""
    async with platform.client() as client:
        del client.headers["content-type"]
        return await client.request(method, path, headers=headers, content=content)


def code_of(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


@pytest.mark.parametrize(("method", "path"), BODILESS)
@pytest.mark.parametrize("headers", [{}, {"Content-Length": "0"}, {"Content-Type": "application/json"}])
async def test_write_without_a_body_needs_no_type(
    platform: FakePlatform, method: str, path: str, headers: dict[str, str]
) -> None:
    """As typed with curl: no body, and no Content-Type."""
    await made_job(platform)
    answer = await sent(platform, method, path, headers)
    assert answer.status_code in {200, 202, 204}, answer.text


FOREIGN = [
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://127.0.0.1:8001"},
    {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"},
    {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
    {"Origin": "http://127.0.0.1:3000", "Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": ""},
    {"Sec-Fetch-Site": "anything"},
    {"Origin": OWN, "Sec-Fetch-Site": "cross-site"},
]
BODIES: list[tuple[dict[str, str], bytes | None]] = [
    ({}, None),
    ({"Content-Length": "0"}, None),
    ({"Content-Type": FORM}, b""),
    ({"Content-Type": FORM}, b"a=b"),
    ({"Content-Type": TEXT}, b"{}"),
    ({"Content-Type": "application/json"}, b"{}"),
]


@pytest.mark.parametrize("origin", FOREIGN, ids=str)
@pytest.mark.parametrize(("method", "path"), WRITES)
async def test_write_of_another_site_is_refused(
    platform: FakePlatform, method: str, path: str, origin: dict[str, str]
) -> None:
    """Whatever a browser sends for a page of another site, with any body or none, is refused."""
    await made_job(platform)
    for headers, content in BODIES:
        answer = await sent(platform, method, path, {**origin, **headers}, content)
        assert code_of(answer) == (403, "foreign_origin"), headers
    assert platform.queue.enqueued == []
    assert [save.actor for save in platform.jobs.saves["a"]] == ["local"]


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": OWN},
        {"Origin": OWN, "Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "none"},
        {"Sec-Fetch-Site": "same-origin"},
        {"Origin": "http://localhost:3000"},
        {"Origin": "http://localhost:3000", "Sec-Fetch-Site": "same-site"},
        {"Origin": "http://localhost:3000", "Sec-Fetch-Site": "cross-site"},
    ],
    ids=str,
)
async def test_write_of_our_own_pages_is_served(platform: FakePlatform, headers: dict[str, str]) -> None:
    """The API's own origin and those of ALLOWED_ORIGINS."""
    await made_job(platform)
    assert (await sent(platform, "PUT", "/jobs/a/disable", headers)).status_code == 200


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none"])
async def test_read_does_not_look_at_the_site(platform: FakePlatform, site: str) -> None:
    """A link from another page leads to a read; that page cannot see the answer."""
    assert (await sent(platform, "GET", "/jobs", {"Sec-Fetch-Site": site})).status_code == 200


@pytest.mark.parametrize(("method", "path"), WRITES)
@pytest.mark.parametrize("content", [b"", b"{}"])
@pytest.mark.parametrize("media_type", [TEXT, FORM, "application/json; charset=latin-1", "text/json", ""])
async def test_write_of_another_type_is_refused(
    platform: FakePlatform, method: str, path: str, content: bytes, media_type: str
) -> None:
    """A form or a script of any web page can send the other types without a preflight."""
    answer = await sent(platform, method, path, {"Content-Type": media_type}, content)
    assert code_of(answer) == (415, "unsupported_media_type")
    assert ("-d" in answer.json()["detail"]) == (content == b"")
    assert platform.queue.enqueued == []


@pytest.mark.parametrize(("method", "path"), WRITES)
async def test_write_with_a_body_needs_a_type(platform: FakePlatform, method: str, path: str) -> None:
    """With a length, in pieces, and in pieces of which none holds a byte."""
    for content in (b"{}", _pieces(b"{", b"}"), _pieces(b"")):
        answer = await sent(platform, method, path, {}, content)  # pyright: ignore[reportArgumentType]
        assert code_of(answer) == (415, "unsupported_media_type")


async def _pieces(*pieces: bytes) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield piece


async def test_write_with_an_unannounced_body_is_refused(platform: FakePlatform) -> None:
    """A server that passes on a body without a length or an encoding is no way around the type."""
    statuses: list[int] = []

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": b"{}", "more_body": False}

    async def send(message: dict[str, object]) -> None:
        if message["type"] == "http.response.start":
            statuses.append(int(str(message["status"])))

    scope: dict[str, object] = {
        "type": "http",
        "method": "POST",
        "path": "/jobs/a/run",
        "raw_path": b"/jobs/a/run",
        "query_string": b"",
        "root_path": "",
        "http_version": "2",
        "scheme": "http",
        "headers": [(b"host", b"127.0.0.1")],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 8000),
        "state": {STATE: OwnPeer()},
    }
    await platform.app(scope, receive, send)  # pyright: ignore[reportArgumentType]
    assert statuses == [415]
