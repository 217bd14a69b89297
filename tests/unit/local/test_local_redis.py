"""The minimal RESP client: addresses, INFO, identification of a server."""

from __future__ import annotations

import io
import socket
from collections.abc import Generator
from contextlib import contextmanager
from threading import Thread

import pytest

from app.local.redis_probe import (
    ProbeState,
    RedisAddress,
    RedisProbeError,
    encode,
    parse_info,
    probe,
    read_info,
    read_reply,
)


@contextmanager
def answering(*replies: bytes) -> Generator[RedisAddress]:
    """A peer on loopback that sends one reply for each message it gets."""

    def serve(listener: socket.socket) -> None:
        connection, _ = listener.accept()
        with connection:
            for reply in replies:
                connection.recv(4096)
                connection.sendall(reply)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = Thread(target=serve, args=(listener,))
        thread.start()
        yield RedisAddress("127.0.0.1", listener.getsockname()[1], password="secret")
        thread.join(timeout=5)


def test_address_reads_user_password_and_tls() -> None:
    """Escaped characters are taken back, and TLS checks are on unless lifted."""
    address = RedisAddress.parse("rediss://me:p%40ss%2F@redis.example:7000/2?ssl_cert_reqs=none")
    assert (address.username, address.password) == ("me", "p@ss/")
    assert (address.host, address.port, address.tls, address.verify) == ("redis.example", 7000, True, False)
    assert RedisAddress.parse("rediss://redis.example").verify


def test_address_shown_holds_no_password() -> None:
    """What is printed of an address is host and port."""
    assert RedisAddress.parse("redis://:hidden@10.0.0.1").shown == "10.0.0.1:6379"


@pytest.mark.parametrize("url", ["http://localhost", "localhost:6379", "redis://localhost:port", ""])
def test_address_refuses_what_is_no_redis_url(url: str) -> None:
    """Another scheme or a broken port is a ValueError."""
    with pytest.raises(ValueError, match=r"not a redis|[Pp]ort"):
        RedisAddress.parse(url)


def test_info_is_read_as_pairs() -> None:
    """Headings and blank lines are left out; a colon in a value stays."""
    text = "# Memory\r\nused_memory:100\r\nmaxmemory_policy:noeviction\r\n\r\nexecutable:C:\\redis\r\n"
    assert parse_info(text) == {
        "used_memory": "100",
        "maxmemory_policy": "noeviction",
        "executable": "C:\\redis",
    }


def test_command_counts_bytes_and_not_characters() -> None:
    """A password outside ASCII is framed by its encoded length."""
    assert encode(("AUTH", "é")) == b"*2\r\n$4\r\nAUTH\r\n$2\r\n\xc3\xa9\r\n"


@pytest.mark.parametrize(
    "reply", [b"", b"HTTP/1.1 400 Bad Request\r\n", b"$x\r\n", b"$99999999\r\n", b"*1\r\n"]
)
def test_reply_of_a_stranger_is_refused(reply: bytes) -> None:
    """What is no short RESP reply is an error, however it begins."""
    with pytest.raises(RedisProbeError):
        read_reply(io.BufferedReader(io.BytesIO(reply)))


@pytest.mark.parametrize(
    ("replies", "state"),
    [
        ((b"+OK\r\n", b"+PONG\r\n"), ProbeState.READY),
        ((b"+OK\r\n", b"-LOADING reading the dataset\r\n"), ProbeState.LOADING),
        ((b"-WRONGPASS invalid\r\n",), ProbeState.DENIED),
        ((b"-ERR Client sent AUTH, but no password is set\r\n",), ProbeState.DENIED),
        ((b"HTTP/1.1 400 Bad Request\r\n",), ProbeState.STRANGER),
        ((b"+OK\r\n", b"+HELLO\r\n"), ProbeState.STRANGER),
    ],
)
def test_probe_names_who_answers(replies: tuple[bytes, ...], state: ProbeState) -> None:
    """The state follows from the words of the answer."""
    with answering(*replies) as address:
        assert probe(address).state is state


def test_probe_of_a_closed_port_is_silent() -> None:
    """If the port is closed, nothing is raised."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    assert probe(RedisAddress("127.0.0.1", port)).state is ProbeState.SILENT


def test_info_is_asked_for_after_the_password() -> None:
    """AUTH goes first, then the section is read."""
    body = b"# Memory\r\nmaxmemory_policy:allkeys-lru\r\n"
    with answering(b"+OK\r\n", b"$%d\r\n%s\r\n" % (len(body), body)) as address:
        assert read_info(address, "memory") == {"maxmemory_policy": "allkeys-lru"}
