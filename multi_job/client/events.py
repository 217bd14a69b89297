"""The event stream (Server-Sent Events): its parser, and the flows that follow it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import httpx

from multi_job.client.calls import Operation
from multi_job.client.errors import ApiError, UnreachableError, WaitTimeoutError, retry_after
from multi_job.client.flows import Deadline, Flow, Item, Open, Receive, Retries, Sleep, log, send
from multi_job.client.generated import operations as ops

if TYPE_CHECKING:
    from multi_job.client.generated.types import EventBody, RunDetail

ENDED: Final = frozenset({"success", "failed", "cancelled"})
"""The states that a run leaves only by a redrive."""
_POLL_SEC = 1.0
_LONGEST_SEC = 2.0
_SILENT_SEC = 60.0
"""A stream with no byte for so long is broken: the API sends a sign of life each 15 s."""
_PASSING = frozenset({500, 502, 503, 504})
_NO_PLACE = frozenset({"too_many_streams", "too_many_streams_of_key"})


class EventParser:
    """Turns the bytes of a stream into messages; `last_id` is the place to resume from."""

    def __init__(self) -> None:
        self.last_id: str | None = None
        self._rest = b""

    def feed(self, chunk: bytes) -> Iterator[tuple[str, Any]]:
        """Yield the messages that are complete by now: their type, and their data."""
        *blocks, self._rest = (self._rest + chunk).split(b"\n\n")
        for block in blocks:
            fields = dict(_fields(block.decode().split("\n")))
            if "id" in fields:
                self.last_id = fields["id"] or None
            if "data" in fields:
                yield fields.get("event", "message"), json.loads(fields["data"])

    def restart(self) -> None:
        """Forget half a message: the connection was cut."""
        self._rest = b""


def _fields(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    for line in lines:
        name, _, value = line.partition(":")
        if name:
            yield name, value.removeprefix(" ")


class StreamRefusedError(Exception):
    """The stream cannot be had: a limit of streams, or a proxy that does not pass it on."""


class EventReader:
    """Reads the stream over cuts: it connects again and resumes behind the last event."""

    def __init__(self, topics: str | None, retries: Retries, deadline: Deadline) -> None:
        self._parser = EventParser()
        self._topics = topics
        self._retries = _prompt(retries)
        self._deadline = deadline
        self._failures = 0
        self._read_sec = 0.0

    @property
    def has_place(self) -> bool:
        """Whether a new connection misses nothing."""
        return self._parser.last_id is not None

    def open(self) -> Flow[bool]:
        """Connect and return True; False once the time is over. Raises StreamRefusedError or ApiError."""
        self._parser.restart()
        operation: Operation[str] = Operation(
            "GET",
            "/events/stream",
            query={"topics": self._topics},
            headers={"Last-Event-ID": self._parser.last_id},
            accept="text/event-stream",
        )
        while not self._deadline.is_over():
            # The time-out of a connection cannot change: one is opened again as the deadline comes near.
            self._read_sec = self._deadline.left_sec(_SILENT_SEC)
            answer: httpx.Response | httpx.TransportError = yield Open(operation, self._read_sec)
            if isinstance(answer, httpx.Response) and not _must_wait(answer):
                log.debug("the event stream is open, behind %s", self._parser.last_id)
                return True
            self._failures += 1
            pause_sec = self._retries.pause_sec(self._failures)
            if isinstance(answer, httpx.Response):
                pause_sec = max(pause_sec, retry_after(answer) or 0)
            log.info("the event stream is opened again in %.1f s: %s", pause_sec, answer)
            yield Sleep(self._deadline.left_sec(pause_sec))
        return False

    def messages(self) -> Flow[list[tuple[str, Any]] | None]:
        """Return what came next, an empty list for a sign of life; None if it must be opened again."""
        if self._deadline.left_sec(_SILENT_SEC) < self._read_sec - 1:
            return None
        chunk: bytes | httpx.TransportError | None = yield Receive()
        if not isinstance(chunk, bytes):
            log.info("the event stream has ended: %r", chunk)
            self._failures += 1
            yield Sleep(self._deadline.left_sec(self._retries.pause_sec(self._failures)))
            return None
        self._failures = 0
        return list(self._parser.feed(chunk))


def _must_wait(answer: httpx.Response) -> bool:
    """Return whether a refusal may pass; raises if it stays."""
    is_stream = answer.headers.get("content-type", "").startswith("text/event-stream")
    if answer.is_success and is_stream:
        return False
    if answer.is_success:
        raise StreamRefusedError(f"it is {answer.headers.get('content-type', 'nothing')}")
    error = ApiError.of(answer)
    if error.code in _NO_PLACE:
        raise StreamRefusedError(error.detail)
    if error.status in _PASSING or error.retry_after_sec is not None:
        return True
    if error.code in {"unauthorized", "invalid_request"}:
        raise error
    raise StreamRefusedError(f"{error.status} {error.title}")


def follow(topics: str | None, retries: Retries, deadline: Deadline) -> Flow[None]:
    """Yield events as they happen; `reset` is one too, and means that events were left out."""
    reader = EventReader(topics, retries, deadline)
    while not deadline.is_over():
        try:
            if not (yield from reader.open()):
                return
        except StreamRefusedError as refused:
            raise UnreachableError(f"the event stream is refused: {refused}") from refused
        while (found := (yield from reader.messages())) is not None:
            for kind, data in found:
                if kind not in {"degraded", "recovered"}:
                    yield Item(_event(kind, data))


def _event(kind: str, data: Any) -> EventBody:
    return data if kind != "reset" else {**_RESET, "data": data}


_RESET: Final[EventBody] = {
    "id": "",
    "type": "reset",
    "at": "",
    "job_id": None,
    "run_id": None,
    "status": None,
    "seq": None,
    "rev": None,
    "data": {},
}


def wait_for_end(run_id: str, retries: Retries, deadline: Deadline) -> Flow[RunDetail]:
    """Return a run once it has ended; raises WaitTimeoutError. An API that is away is waited for."""
    run = yield from _read(run_id, retries, deadline)
    reader = EventReader(f"run:{run_id}", retries, deadline)
    while run["status"] not in ENDED:
        if deadline.is_over():
            raise WaitTimeoutError(f"Run {run_id!r} is {run['status']} and has not ended in time.")
        must_read = not reader.has_place
        try:
            if not (yield from reader.open()):
                continue
        except StreamRefusedError as refused:
            log.warning("run %s is asked for each second: %s", run_id, refused)
            return (yield from _poll(run_id, retries, deadline))
        if must_read:
            run = yield from _read(run_id, retries, deadline)
        while run["status"] not in ENDED and (found := (yield from reader.messages())) is not None:
            if any(kind == "reset" or data.get("status") in ENDED for kind, data in found):
                run = yield from _read(run_id, retries, deadline)
    return run


def _poll(run_id: str, retries: Retries, deadline: Deadline) -> Flow[RunDetail]:
    while (run := (yield from _read(run_id, retries, deadline)))["status"] not in ENDED:
        if deadline.is_over():
            raise WaitTimeoutError(f"Run {run_id!r} is {run['status']} and has not ended in time.")
        yield Sleep(deadline.left_sec(_POLL_SEC))
    return run


def _read(run_id: str, retries: Retries, deadline: Deadline) -> Flow[RunDetail]:
    operation = ops.get_run(run_id)
    return operation.result((yield from send(operation, _prompt(retries), deadline)))


def _prompt(retries: Retries) -> Retries:
    """Return shorter waits: who waits for an event wants it soon after the API is back."""
    return replace(retries, longest_sec=min(retries.longest_sec, _LONGEST_SEC))
