"""Bytes that no honest client sends, through the real server: refused, never a 5xx, and it serves on."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from typing import TYPE_CHECKING

import orjson
import pytest

from tests.support.api.api_process import Api, running_api
from tests.support.api.costly_requests import all_costly
from tests.support.api.hostile_requests import HOST, Hostile, all_hostile, request
from tests.support.waiting import wait_until

if TYPE_CHECKING:
    from tests.support.embedded_redis import EmbeddedRedis

START_SEC = PATIENCE_SEC = 30.0
HOSTILE = all_hostile()
KINDS = sorted({each.kind for each in HOSTILE})
COSTLY = all_costly()
# A fault's bound, not a benchmark's (`python -m benchmarks hostile`): one of these took 8.3 s.
LONGEST_SEC = 2.0
# More than the limit and what sockets keep in between; far less than would hurt.
TOO_MUCH = 64_000_000


@pytest.fixture(scope="module")
def api(redis_server: EmbeddedRedis, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    with running_api(redis_server.url, tmp_path_factory.mktemp("api"), NAMESPACE="hostile") as api:
        wait_until(lambda: api.status("/readyz") == 200, START_SEC, "the API is there")
        yield api


def connected(api: Api) -> socket.socket:
    return socket.create_connection((HOST, api.port), timeout=PATIENCE_SEC)


def answer_of(connection: socket.socket, *, bodiless: bool = False) -> bytes:
    """Return the next complete answer; less if the server closes the connection."""
    got = b""
    with suppress(ConnectionError):
        while not _is_whole(got, bodiless=bodiless):
            piece = connection.recv(65_536)
            if not piece:
                break
            got += piece
    return got


def _is_whole(got: bytes, *, bodiless: bool) -> bool:
    head, end, body = got.partition(b"\r\n\r\n")
    lines = head.lower().split(b"\r\n")
    length = next((line[15:] for line in lines if line.startswith(b"content-length:")), b"0")
    return bool(end) and (bodiless or len(body) >= int(length))


def status_of(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1]) if answer else 0


def sent(api: Api, hostile: Hostile) -> tuple[int, int]:
    """Return the status of an answer, and that of a valid request after it; 0 if the connection was cut."""
    with closing(connected(api)) as connection:
        # A server that has seen enough need not read the rest.
        with suppress(ConnectionError):
            connection.sendall(hostile.raw)
        if hostile.cut:
            connection.shutdown(socket.SHUT_WR)
        first = answer_of(connection, bodiless=hostile.raw.startswith(b"HEAD "))
        if not first or b"connection: close" in first.lower() or hostile.unfinished:
            return status_of(first), 0
        with suppress(ConnectionError):
            connection.sendall(request("GET", "/healthz"))
        return status_of(first), status_of(answer_of(connection))


@pytest.mark.parametrize("kind", KINDS)
def test_hostile_requests_are_refused(api: Api, kind: str) -> None:
    """Each gets a 4xx or has its line cut; a line that stays open serves the next request as ever."""
    for each in HOSTILE:
        if each.kind != kind:
            continue
        status, following = sent(api, each)
        refused = 400 <= status < 500 or (status == 0 and each.cut)
        assert refused or (each.harmless and 200 <= status < 300), f"{each.name}: {status}"
        assert following in {0, 200}, f"{each.name}: then {following}"
    # Not /readyz: runs that such requests have made wait for a worker.
    assert api.status("/healthz") == 200
    assert failures(api) == []


@pytest.mark.parametrize("kind", sorted({each.kind for each in COSTLY}))
def test_costly_requests_are_answered_soon(api: Api, kind: str) -> None:
    """Each is refused or correctly served, and the next request does not wait for it."""
    for each in COSTLY:
        if each.kind != kind:
            continue
        started = time.monotonic()
        status, following = sent(api, each)
        took = time.monotonic() - started
        refused = 400 <= status < 500 or (status == 0 and each.cut)
        assert refused or (each.harmless and 200 <= status < 300), f"{each.name}: {status}"
        assert following in {0, 200}, f"{each.name}: then {following}"
        assert took < LONGEST_SEC, f"{each.name}: {took:.1f} s"
    # Not /readyz: runs that such requests have made wait for a worker.
    assert api.status("/healthz") == 200
    assert failures(api) == []


def failures(api: Api) -> list[str]:
    """Return what the API has logged as its own fault."""
    lines = [orjson.loads(line) for line in api.log.read_bytes().splitlines() if line.startswith(b"{")]
    return [line["event"] for line in lines if line["level"] in {"error", "critical"}]


def test_hostile_requests_are_many() -> None:
    """No less than two hundred, each with a name of its own."""
    assert len(HOSTILE) >= 200
    for corpus in (HOSTILE, COSTLY):
        assert len({each.name for each in corpus}) == len(corpus)


@pytest.mark.parametrize(
    "start",
    [
        pytest.param(request("GET", "/jobs")[:-2] + b"X-A: ", id="value"),
        pytest.param(request("GET", "/jobs")[:-2], id="name"),
        pytest.param(b"GET /", id="path"),
        pytest.param(
            request(
                "POST",
                "/jobs",
                "Content-Type: application/json",
                "Transfer-Encoding: chunked",
                body=b"0\r\nX-A: ",
            ),
            id="trailer",
        ),
    ],
)
def test_endless_head_is_cut_off(api: Api, start: bytes) -> None:
    """A head that does not end is not kept: the server stops reading it and serves others."""
    with closing(connected(api)) as connection:
        connection.sendall(start)
        with pytest.raises(ConnectionError):
            connection.sendall(b"a" * TOO_MUCH)
    # Not /readyz: runs that such requests have made wait for a worker.
    assert api.status("/healthz") == 200


def test_long_head_is_answered_in_words(api: Api) -> None:
    """A client that sends slightly too much and then waits gets 431."""
    with closing(connected(api)) as connection:
        connection.sendall(request("GET", "/jobs")[:-2])
        for number in range(9):
            connection.sendall(f"X-{number}: {'a' * 8_000}\r\n".encode())
        assert status_of(answer_of(connection)) == 431


def test_head_below_the_limit_is_served(api: Api) -> None:
    """Thirty kilobytes of headers, as some proxies make them, are no reason to refuse."""
    headers = [f"X-{number}: {'a' * 1_000}" for number in range(30)]
    with closing(connected(api)) as connection:
        connection.sendall(request("GET", "/healthz", *headers))
        assert status_of(answer_of(connection)) == 200
