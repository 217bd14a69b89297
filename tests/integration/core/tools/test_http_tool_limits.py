"""Answers that never end, unpack to too much, come late or broken: each costs a bounded time and size."""

from __future__ import annotations

import asyncio
import gzip
import time
import tracemalloc
import zlib
from typing import Any

import pytest

from app.core.errors import HttpTooLarge, HttpUnreachable, InvalidInput
from app.core.policies import ToolLimits
from tests.support.api.raw_http import RawServer, answer, endless, raw_server, redirect, silent
from tests.support.http.http_tool_fixture import HttpToolFixture, http_tool_fixture
from tests.support.waiting import wait_until_async


async def test_http_gzip_is_unpacked(server: RawServer) -> None:
    """In one member or several, in one piece or byte by byte."""
    packed = gzip.compress(b"a" * 1000) + gzip.compress(b"b") + b"\x00" * 10
    server.says["/"] = answer(packed, content_encoding="gzip")

    async def drip(writer: asyncio.StreamWriter) -> None:
        writer.write(answer("", framed=False, content_encoding="GZIP", content_length=str(len(packed))))
        for byte in packed:
            writer.write(bytes([byte]))
            await writer.drain()

    server.says["/drip"] = drip
    tool = http_tool_fixture(server).tool
    for path in ("/", "/drip"):
        got = await tool.get(server.url(path))
        assert (got.text, got.bytes_read) == ("a" * 1000 + "b", 1001)


async def test_http_gzip_bomb_ends_at_the_limit(server: RawServer) -> None:
    """Two hundred megabytes in a fifth of one cost no more memory than the limit and a step."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    bomb = b"".join(packer.compress(b"\0" * 1_048_576) for _ in range(200)) + packer.flush()
    assert 100_000 < len(bomb) < 1_000_000
    server.says["/"] = answer(bomb, content_encoding="gzip")
    tracemalloc.start()
    try:
        with pytest.raises(HttpTooLarge):
            await http_tool_fixture(server).tool.get(server.url())
        assert tracemalloc.get_traced_memory()[1] < 8_000_000
    finally:
        tracemalloc.stop()
    cut = await http_tool_fixture(server).tool.get(server.url(), cut=True)
    assert (cut.bytes_read, cut.truncated) == (1_048_576, True)


@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        (b"no gzip", "gzip"),
        (gzip.compress(b"cut short", mtime=0)[:-9], "gzip"),
        (b"x", "br"),
        (gzip.compress(gzip.compress(b"x", mtime=0), mtime=0), "gzip, gzip"),
        (b"x", "zstd"),
        (b"x", "e" * 9000),
    ],
)
async def test_http_body_that_cannot_be_unpacked_is_no_answer(
    server: RawServer, body: bytes, encoding: str
) -> None:
    """A broken encoding, and one that was not requested."""
    server.says["/"] = answer(body, content_encoding=encoding)
    with pytest.raises(HttpUnreachable) as failure:
        await http_tool_fixture(server).tool.get(server.url())
    assert failure.value.phase == "body"


async def test_http_body_has_a_largest_size(server: RawServer) -> None:
    """1 MB, less if the call says so; a longer body is refused by its length, or cut on request."""
    server.says["/fits"] = answer(b"x" * 1_048_576)
    server.says["/over"] = answer(b"x" * 1_048_577, framed=False)
    server.says["/said"] = answer("", framed=False, content_length="999999999999")
    tool = http_tool_fixture(server).tool
    assert (await tool.get(server.url("/fits"), max_bytes=10_000_000)).bytes_read == 1_048_576
    for path in ("/over", "/said"):
        with pytest.raises(HttpTooLarge):
            await tool.get(server.url(path))
    with pytest.raises(HttpTooLarge):
        await tool.get(server.url("/fits"), max_bytes=1_048_575)
    got = await tool.get(server.url("/fits"), max_bytes=3, cut=True)
    assert (got.text, got.truncated) == ("xxx", True)


async def test_http_policys_bytes_are_for_the_whole_attempt(server: RawServer) -> None:
    """They narrow each call, and what is spent is spent; what is sent counts as well."""
    server.says["/"] = answer("x" * 60)
    tool = http_tool_fixture(server, limits=ToolLimits(hosts=("*",), bytes=100)).tool
    await tool.get(server.url())
    with pytest.raises(HttpTooLarge):
        await tool.get(server.url())
    tool = http_tool_fixture(server, limits=ToolLimits(hosts=("*",), bytes=100)).tool
    with pytest.raises(HttpTooLarge):
        await tool.post(server.url(), body="y" * 101)
    assert len(server.requests) == 2
    tool = http_tool_fixture(server, limits=ToolLimits(hosts=("*",), bytes=100)).tool
    both = await asyncio.gather(tool.get(server.url()), tool.get(server.url()), return_exceptions=True)
    assert sorted(type(one).__name__ for one in both) == ["HttpAnswer", "HttpTooLarge"]


CHUNKED = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"
GZIPPED = b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\n\r\n" + gzip.compress(b"")[:10]
NOTHING_DEFLATED = b"\x00\x00\x00\xff\xff"


@pytest.mark.parametrize(
    ("head", "piece"),
    [
        (CHUNKED, b"10000\r\n" + b"x" * 65_536 + b"\r\n"),
        (b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 65_536),
        (GZIPPED, NOTHING_DEFLATED * 10_000),
    ],
    ids=["chunked", "until close", "unpacks to nothing"],
)
async def test_http_endless_body_ends_at_the_limit(server: RawServer, head: bytes, piece: bytes) -> None:
    """The connection is let go of long before the time is up."""
    server.says["/"] = endless(head, piece)
    start = time.monotonic()
    with pytest.raises(HttpTooLarge):
        await http_tool_fixture(server).tool.get(server.url(), timeout_sec=30)
    assert time.monotonic() - start < 20
    await wait_until_async(lambda: server.open_connections == 0, message="the server sees us leave")


@pytest.mark.parametrize(
    ("head", "piece"),
    [
        (b"HTTP/1.1 200 OK\r\n", b"x-a: 12345678901234567890\r\n" * 100),
        (b"HTTP/1.1 200 OK\r\nx-a: ", b"x" * 10_000),
        (b"", b"x" * 10_000),
        (CHUNKED, b"x" * 10_000),
        (CHUNKED + b"0\r\n", b"x-a: 12345678901234567890\r\n" * 100),
    ],
    ids=["many headers", "one long header", "no status line", "no chunk size", "trailers"],
)
async def test_http_header_flood_is_no_answer(server: RawServer, head: bytes, piece: bytes) -> None:
    """Headers have a largest size of their own; what never ends is not collected."""
    server.says["/"] = endless(head, piece)
    start = time.monotonic()
    with pytest.raises(HttpUnreachable):
        await http_tool_fixture(server).tool.get(server.url(), timeout_sec=30)
    assert time.monotonic() - start < 20


@pytest.mark.parametrize(
    ("head", "piece", "phase"),
    [
        (b"HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n", b"x", "body"),
        (b"HTTP/1.1 200 OK\r\n", b"a", "response"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n", "response"),
        (CHUNKED, b"1\r\nx\r\n", "body"),
    ],
    ids=["slow body", "slow header", "100 for ever", "slow chunks"],
)
async def test_http_slow_drip_ends_with_the_time(
    server: RawServer, head: bytes, piece: bytes, phase: str
) -> None:
    """The time is for all of it: a byte now and then buys no more."""
    server.says["/"] = endless(head, piece, pause_sec=0.02)
    start = time.monotonic()
    with pytest.raises(HttpUnreachable) as failure:
        await http_tool_fixture(server).tool.get(server.url(), timeout_sec=1)
    assert 0.9 < time.monotonic() - start < 20
    assert failure.value.phase == phase
    await wait_until_async(lambda: server.open_connections == 0, message="the server sees us leave")


async def test_http_time_is_shared_by_all_hops(server: RawServer) -> None:
    """Redirects do not wind the clock up again."""

    async def late(writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.25)
        writer.write(redirect("/"))

    server.says["/"] = late
    with pytest.raises(HttpUnreachable, match="within"):
        await http_tool_fixture(server).tool.get(server.url(), timeout_sec=0.6)
    assert len(server.requests) in {2, 3}


async def test_http_lookup_counts_into_the_time() -> None:
    """A resolver that hangs is waited for no longer than anything else."""
    slow = HttpToolFixture(())

    async def hang(_name: str, _port: int) -> list[str]:
        await asyncio.Event().wait()
        return []

    slow.resolve = hang  # pyright: ignore[reportAttributeAccessIssue]
    with pytest.raises(HttpUnreachable) as failure:
        await slow.tool.get("http://example.test/", timeout_sec=0.1)
    assert failure.value.phase == "dns"


@pytest.mark.parametrize(
    ("said", "phase"),
    [
        (b"", "response"),
        (b"nonsense\r\n\r\n", "response"),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nshort", "body"),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n", "response"),
        (b"HTTP/1.1 999999 OK\r\n\r\n", "response"),
        (CHUNKED + b"zz\r\n", "body"),
    ],
)
async def test_http_broken_answer_is_no_answer(server: RawServer, said: bytes, phase: str) -> None:
    """It may be whole the next time, so it can be tried again."""
    server.says["/"] = said
    with pytest.raises(HttpUnreachable) as failure:
        await http_tool_fixture(server).tool.get(server.url())
    assert (failure.value.phase, failure.value.retryable) == (phase, True)


async def test_http_refused_connection_says_so(server: RawServer) -> None:
    """If the port is closed, the phase is `connect`."""
    async with raw_server() as gone:
        pass
    with pytest.raises(HttpUnreachable) as failure:
        await http_tool_fixture(gone).tool.get(gone.url())
    assert failure.value.phase == "connect"


async def test_http_cancelled_call_lets_go_of_its_connection(server: RawServer) -> None:
    """A run that is cancelled leaves nothing open."""
    server.says["/"] = silent
    call = asyncio.create_task(http_tool_fixture(server).tool.get(server.url()))
    await wait_until_async(lambda: server.requests, message="the request")
    call.cancel()
    await asyncio.wait({call})
    await wait_until_async(lambda: server.open_connections == 0, message="the server sees us leave")


@pytest.mark.parametrize(
    "asked",
    [
        {"method": "CONNECT"},
        {"method": "TRACE"},
        {"method": "GET /x HTTP/1.1\r\nHost: evil\r\n\r\nGET"},
        {"headers": {"Host": "evil.test"}},
        {"headers": {"content-length": "5"}},
        {"headers": {"Transfer-Encoding": "chunked"}},
        {"headers": {"Connection": "upgrade"}},
        {"headers": {"Proxy-Authorization": "x"}},
        {"headers": {"Accept-Encoding": "br"}},
        {"headers": {"X A": "1"}},
        {"headers": {"X-A": "1\r\nHost: evil.test"}},
        {"headers": {"X-A": "1\x00"}},
        {"headers": {"X-A": "é"}},
        {"headers": {"X-A": " padded "}},
        {"headers": {"": "1"}},
        {"headers": {"X-A": 5}},
        {"headers": {f"X-{n}": "1" for n in range(51)}},
        {"headers": {"X-A": "x" * 20_000}},
        {"timeout_sec": 0},
        {"timeout_sec": -1},
        {"timeout_sec": float("nan")},
        {"timeout_sec": 301},
        {"timeout_sec": "5"},
        {"max_bytes": 0},
        {"max_bytes": 1.5},
        {"max_bytes": True},
        {"json": {1, 2}},
        {"json": 1, "body": "x"},
        {"body": "x" * 524_289},
    ],
    ids=lambda asked: ascii(asked)[:60],
)
async def test_http_request_that_cannot_be_is_refused(server: RawServer, asked: dict[str, Any]) -> None:
    """Methods, headers and limits are checked before anything is sent."""
    method = asked.pop("method", "GET")
    with pytest.raises(InvalidInput):
        await http_tool_fixture(server).tool.request(method, server.url(), **asked)
    assert server.open_connections == 0


async def test_http_proxy_of_the_environment_is_not_used(
    server: RawServer, other: RawServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A proxy would connect in our place, past every check."""
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, other.url())
    server.says["/"] = answer("direct")
    assert (await http_tool_fixture(server).tool.get(server.url())).text == "direct"
    assert other.requests == []
