"""Waits for the end of a run: events, cuts, refusals, time-outs, against answers that the test chooses."""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest

from multi_job.client import (
    AsyncClient,
    NotFoundError,
    RunFailedError,
    RunNotEndedError,
    UnauthorizedError,
    UnreachableError,
    WaitTimeoutError,
    events,
)
from tests.support.client.fake_api import AT_ONCE, URL, FakeApi, client_of, problem

RUN = "h@1"
CUT = httpx.ReadError("connection reset")
ERROR = {"kind": "permanent", "code": "boom", "message": "it failed", "retryable": False, "at": 1}


def run(status: str, output: Any = None) -> httpx.Response:
    ended = status in events.ENDED
    result = {"success": status == "success", "output": output, "error": None, "duration_ms": 1}
    error = ERROR if status == "failed" else None
    record = {
        "run_id": RUN,
        "job_id": "h",
        "status": status,
        "result": result if ended else None,
        "error": error,
    }
    return httpx.Response(200, json=record)


def event(number: int, status: str) -> bytes:
    data = json.dumps({"id": f"{number}-0", "type": f"run.{status}", "run_id": RUN, "status": status})
    return f"id: {number}-0\nevent: run.{status}\ndata: {data}\n\n".encode()


OPENING = b"retry: 2000\n: events\nid: 5-0\n\n"
RESET = b'id: 9-0\nevent: reset\ndata: {"reason": "before_first", "text": "load again"}\n\n'


class Pieces(httpx.SyncByteStream, httpx.AsyncByteStream):
    """The body of a streamed answer, for both clients."""

    def __init__(self, chunks: tuple[bytes | httpx.TransportError, ...]) -> None:
        self._chunks = chunks

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self._chunks:
            if isinstance(chunk, httpx.TransportError):
                raise chunk
            yield chunk

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for chunk in self:
            yield chunk


def stream(*chunks: bytes | httpx.TransportError) -> httpx.Response:
    """Return an answer that ends, or is cut, after its pieces."""
    return httpx.Response(200, stream=Pieces(chunks), headers={"content-type": "text/event-stream"})


def streams(api: FakeApi) -> list[httpx.Request]:
    return [request for request in api.requests if request.url.path == "/events/stream"]


def test_a_wait_ends_with_the_event_of_the_end() -> None:
    """The run is read before the stream, after it is open, and when it has ended."""
    opened = stream(OPENING, event(6, "running"), event(7, "success"))
    api = FakeApi(run("queued"), opened, run("running"), run("success", 3))
    handle = client_of(api).runs.handle(RUN).wait(30)
    assert (handle.status, handle.output, handle.error, handle.has_ended) == ("success", 3, None, True)
    assert streams(api)[0].url.params["topics"] == f"run:{RUN}"
    assert len(api.requests) == 4


def test_a_run_that_has_ended_needs_no_stream() -> None:
    """One read is enough."""
    api = FakeApi(run("success", "halo"))
    assert client_of(api).runs.handle(RUN).wait(30).output == "halo"
    assert streams(api) == []


def test_an_end_between_the_first_read_and_the_stream_is_seen() -> None:
    """The read after the stream is open finds it."""
    api = FakeApi(run("queued"), stream(OPENING), run("success", 1))
    assert client_of(api).runs.handle(RUN).wait(30).output == 1


@pytest.mark.parametrize("end", [[], [CUT]])
def test_a_cut_stream_is_resumed_behind_its_last_event(end: list[httpx.TransportError]) -> None:
    """The new connection asks for what came after the last event, and half a message is forgotten."""
    api = FakeApi(
        run("queued"),
        stream(OPENING, event(6, "running") + b"id: 7-0\nevent: run.suc", *end),
        run("queued"),
        httpx.ConnectError("refused"),
        problem(503, "unavailable"),
        stream(event(7, "success")),
        run("success", 2),
    )
    assert client_of(api).runs.handle(RUN).wait(30).output == 2
    asked = [request.headers.get("last-event-id") for request in streams(api)]
    assert asked == [None, "6-0", "6-0", "6-0"]


def test_a_reset_reads_the_run_again() -> None:
    """Events were left out, so the end may be among them."""
    api = FakeApi(run("queued"), stream(OPENING, RESET), run("running"), run("success", 4))
    assert client_of(api).runs.handle(RUN).wait(30).output == 4


@pytest.mark.parametrize(
    "refusal",
    [
        problem(503, "too_many_streams", {"retry-after": "10"}),
        problem(429, "too_many_streams_of_key", {"retry-after": "10"}),
        httpx.Response(404, text="a proxy"),
        httpx.Response(200, text="<html>", headers={"content-type": "text/html"}),
    ],
)
def test_a_refused_stream_is_replaced_by_reads_and_logged(
    refusal: httpx.Response, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A limit of streams, or a proxy that does not pass the stream on."""
    monkeypatch.setattr(events, "_POLL_SEC", 0)
    api = FakeApi(run("queued"), refusal, run("running"), run("running"), run("success", 5))
    with caplog.at_level(logging.WARNING, "multi_job.client"):
        assert client_of(api).runs.handle(RUN).wait(30).output == 5
    (message,) = [record.getMessage() for record in caplog.records]
    assert message.startswith(f"run {RUN} is asked for each second: ")
    assert len(streams(api)) == 1


def test_a_wait_without_a_right_is_an_error() -> None:
    """A wrong key stays wrong."""
    api = FakeApi(run("queued"), problem(401, "unauthorized"))
    with pytest.raises(UnauthorizedError):
        client_of(api).runs.handle(RUN).wait(30)
    with pytest.raises(NotFoundError):
        client_of(FakeApi(problem(404, "run_not_found"))).runs.handle(RUN).wait(30)


def test_a_wait_that_is_over_says_the_state() -> None:
    """The error is a TimeoutError too, and the run goes on."""
    with pytest.raises(TimeoutError, match=r"'h@1' is queued") as error:
        client_of(FakeApi(run("queued"))).runs.handle(RUN).wait(0)
    assert isinstance(error.value, WaitTimeoutError)


def test_a_wait_outlives_an_api_that_is_away_for_long() -> None:
    """With a deadline, the number of tries does not count."""
    away = [httpx.ConnectError("refused")] * 20
    api = FakeApi(*away, run("success", 6))
    assert client_of(api).runs.handle(RUN).wait(30).output == 6
    with pytest.raises(UnreachableError):
        client_of(FakeApi(*away)).runs.handle(RUN).refresh()


def test_the_output_of_a_failed_run_is_an_error() -> None:
    """`wait` returns a failed run; its output raises with the reason."""
    handle = client_of(FakeApi(run("failed"))).runs.handle(RUN).wait(30)
    assert handle.error is not None
    assert (handle.status, handle.error["code"]) == ("failed", "boom")
    with pytest.raises(RunFailedError, match="'h@1' of 'h' ended as failed: boom: it failed"):
        _ = handle.output


def test_the_output_of_a_run_that_goes_on_is_an_error() -> None:
    """There is no output before the end."""
    handle = client_of(FakeApi(run("running"))).runs.handle(RUN)
    with pytest.raises(RunNotEndedError):
        _ = handle.output
    with pytest.raises(RunNotEndedError, match="is running"):
        _ = handle.refresh().output


def test_followed_events_go_on_over_a_cut() -> None:
    """Each event comes once; a reset comes as an event, and what the stream says about Redis does not."""
    degraded = b'event: degraded\ndata: {"text": "Redis is away"}\n\n'
    api = FakeApi(stream(OPENING, event(6, "running"), CUT), stream(degraded + event(7, "success") + RESET))
    followed = client_of(api).events.follow("run")
    found = [next(followed) for _ in range(3)]
    followed.close()
    assert [each["type"] for each in found] == ["run.running", "run.success", "reset"]
    assert found[2]["data"]["reason"] == "before_first"


def lines(*numbers: int, cursor: str, complete: bool, more: bool = False) -> httpx.Response:
    headers = {"x-next-cursor": cursor, "x-log-complete": str(complete).lower(), "x-log-truncated": "false"}
    headers |= {"link": '</x>; rel="next"'} if more else {}
    return httpx.Response(200, json=[{"message": str(number)} for number in numbers], headers=headers)


def test_logs_are_followed_to_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """All lines come once, in order; without `follow` those that are there."""
    monkeypatch.setattr("multi_job.client.handles._FOLLOW_SEC", 0)
    first = lines(1, 2, cursor="1-2", complete=False, more=True)
    api = FakeApi(first, lines(3, cursor="1-3", complete=False), lines(4, cursor="1-4", complete=True))
    followed = client_of(api).runs.handle(RUN).logs(follow=True, level="info")
    assert [line["message"] for line in followed] == ["1", "2", "3", "4"]
    assert [request.url.params.get("after") for request in api.requests] == [None, "1-2", "1-3"]
    api = FakeApi(first, lines(3, cursor="1-3", complete=False))
    assert len(list(client_of(api).runs.handle(RUN).logs())) == 3


async def test_the_asynchronous_wait_does_the_same() -> None:
    """The stream is resumed, and closed at the end."""
    resumed = stream(event(7, "success"))
    api = FakeApi(run("queued"), stream(OPENING, CUT), run("queued"), resumed, run("success", 7))
    async with AsyncClient(URL, retries=AT_ONCE, transport=httpx.MockTransport(api)) as client:
        assert (await client.runs.handle(RUN).wait(30)).output == 7
    assert [request.headers.get("last-event-id") for request in streams(api)] == [None, "5-0"]
    assert resumed.is_closed
