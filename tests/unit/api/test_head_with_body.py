"""The head of an answer and its body leave in one write."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, cast

import pytest

from app.services.api.http import connections
from app.services.api.http.connections import HeadWithBody

if TYPE_CHECKING:
    from collections.abc import Sequence

HEAD = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n"


class RecordingTransport:
    """Records what is done to it, in order."""

    def __init__(self) -> None:
        self.acts: list[tuple[str, bytes]] = []

    def write(self, data: bytes) -> None:
        self.acts.append(("write", data))

    def writelines(self, parts: Sequence[bytes]) -> None:
        self.acts.append(("writelines", b"".join(parts)))

    def close(self) -> None:
        self.acts.append(("close", b""))

    def abort(self) -> None:
        self.acts.append(("abort", b""))

    def get_extra_info(self, name: str) -> str:
        return f"the {name}"


def _wrapped() -> tuple[RecordingTransport, HeadWithBody]:
    real = RecordingTransport()
    return real, HeadWithBody(cast("Any", real), asyncio.get_running_loop())


async def test_a_head_and_its_body_are_one_write() -> None:
    """Each write is a system call; the parts that follow are written as they come."""
    real, transport = _wrapped()
    transport.write(HEAD)
    assert real.acts == []
    transport.write(b"ok")
    transport.write(b"more")
    await asyncio.sleep(0)
    assert real.acts == [("write", HEAD + b"ok"), ("write", b"more")]


async def test_a_head_alone_is_sent_in_the_next_turn() -> None:
    """A stream of events has no body yet, and an answer to HEAD never has one."""
    real, transport = _wrapped()
    transport.write(HEAD)
    await asyncio.sleep(0)
    assert real.acts == [("write", HEAD)]


async def test_a_long_body_is_not_copied(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is handed over as a part of its own, behind the head."""
    monkeypatch.setattr(connections, "_JOINED_BYTES", 4)
    real, transport = _wrapped()
    transport.write(HEAD)
    transport.write(b"long body")
    assert real.acts == [("writelines", HEAD + b"long body")]


async def test_a_close_sends_what_waits_and_an_abort_does_not() -> None:
    """A close comes behind the head; an abort drops it, also in the next turn."""
    real, transport = _wrapped()
    transport.write(HEAD)
    transport.close()
    assert real.acts == [("write", HEAD), ("close", b"")]
    real, transport = _wrapped()
    transport.write(HEAD)
    transport.abort()
    await asyncio.sleep(0)
    assert real.acts == [("abort", b"")]


class ClosedTransport(RecordingTransport):
    """Raises on a write, as uvloop's transport does once it is closed."""

    closing = True

    def write(self, data: bytes) -> None:
        raise RuntimeError(f"{len(data)} bytes for a closed handle")

    writelines = write  # type: ignore[assignment]  # pyright: ignore[reportAssignmentType]

    def is_closing(self) -> bool:
        return self.closing


@pytest.mark.parametrize("body", [b"", b"ok", b"long body"])
async def test_an_answer_to_a_client_that_has_left_is_dropped(
    body: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The client may leave before its protocol knows; any other error of the transport is raised."""
    monkeypatch.setattr(connections, "_JOINED_BYTES", 4)
    real = ClosedTransport()
    transport = HeadWithBody(cast("Any", real), asyncio.get_running_loop())
    transport.write(HEAD)
    transport.write(body)
    transport.write(HEAD)
    transport.close()
    assert real.acts == [("close", b"")]
    real.closing = False
    transport.write(HEAD)
    with pytest.raises(RuntimeError, match="closed handle"):
        transport.write(body)


async def test_the_rest_of_the_transport_is_as_it_was() -> None:
    """Names of the real transport are its own."""
    _, transport = _wrapped()
    assert transport.get_extra_info("peername") == "the peername"
