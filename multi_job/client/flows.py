"""Flows: what the client does, as generators that yield steps. `drivers.py` carries the steps out.

A flow holds all decisions (retries, pages, waits) and does no I/O, so the synchronous and the asynchronous
client share it. The value of `yield` is the result of the step.
"""

from __future__ import annotations

import logging
import random
import time
import uuid
from collections.abc import Generator
from dataclasses import dataclass, replace
from typing import Any, TypeAlias, TypeVar, cast
from urllib.parse import parse_qs, urlsplit

import httpx

from multi_job.client.calls import Listing, Operation
from multi_job.client.errors import ApiError, UnreachableError, retry_after

T = TypeVar("T")
log = logging.getLogger("multi_job.client")
_TOO_MANY = 429
_GATEWAYS = frozenset({502, 503, 504})
_MAX_PAGE = 500


@dataclass(frozen=True, slots=True)
class Send:
    """Send a call; the result is the response, or the error if there is none."""

    operation: Operation[Any]
    key: str | None


@dataclass(frozen=True, slots=True)
class Open:
    """Open a streamed answer; the result is the response, or the error if there is none."""

    operation: Operation[Any]
    read_timeout_sec: float | None


@dataclass(frozen=True, slots=True)
class Receive:
    """Read on in the stream that is open; the result is None at its end, or the error."""


@dataclass(frozen=True, slots=True)
class Sleep:
    """Let time pass."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Item:
    """Hand one item to the reader of an iterator."""

    value: Any


Step: TypeAlias = Send | Open | Receive | Sleep | Item
Flow: TypeAlias = Generator[Step, Any, T]


@dataclass(frozen=True, slots=True)
class Retries:
    """How long to go on after a failure that may pass. Waits double, from `first_sec` to `longest_sec`."""

    times: int = 9
    first_sec: float = 0.25
    longest_sec: float = 8.0
    longest_retry_after_sec: float = 60.0

    def pause_sec(self, tries: int) -> float:
        """Return the wait after so many tries; at random, so that clients do not come back all at once."""
        longest = min(self.longest_sec, self.first_sec * 2 ** min(tries - 1, 16))
        return longest * random.uniform(0.5, 1)  # noqa: S311


@dataclass(frozen=True, slots=True)
class Deadline:
    """An instant of the monotonic clock; None for never."""

    at: float | None

    @classmethod
    def after(cls, seconds: float | None) -> Deadline:
        """Return the deadline in so many seconds."""
        return cls(None if seconds is None else time.monotonic() + seconds)

    def left_sec(self, most: float) -> float:
        """Return the seconds that are left, but no more than `most`."""
        return most if self.at is None else max(0.0, min(most, self.at - time.monotonic()))

    def is_over(self) -> bool:
        """Return whether the time is over."""
        return self.at is not None and time.monotonic() >= self.at


def call(operation: Operation[T], retries: Retries) -> Flow[T]:
    """Send a call and return its result; raises ApiError or UnreachableError."""
    return operation.result((yield from send(operation, retries)))


def send(
    operation: Operation[Any], retries: Retries, deadline: Deadline | None = None
) -> Flow[httpx.Response]:
    """Send a call until it is answered, and return a success; with a deadline it goes on until then.

    A refusal with 429 comes before any effect and is sent again. After a lost answer or a 503, only a call
    that may be repeated is: reads, replacements, and calls with an idempotency key.
    """
    key = (operation.key or uuid.uuid4().hex) if operation.is_keyed else None
    tries, is_uncertain = 0, False
    while True:
        answer: httpx.Response | httpx.TransportError = yield Send(operation, key)
        if isinstance(answer, httpx.Response) and answer.is_success:
            _check_sender(operation, answer)
            return answer
        tries += 1
        pause_sec = _pause_after(answer, operation, retries, tries)
        is_last = tries > retries.times if deadline is None else deadline.is_over()
        if pause_sec is None or is_last:
            raise _failure(operation, answer, is_uncertain=is_uncertain)
        is_uncertain = is_uncertain or _may_have_been_done(answer)
        log.info(
            "%s %s is sent again in %.1f s: %s", operation.method, operation.path, pause_sec, _why(answer)
        )
        yield Sleep(pause_sec if deadline is None else deadline.left_sec(pause_sec))


def _check_sender(operation: Operation[Any], answer: httpx.Response) -> None:
    """Raise UnreachableError if a page came in place of data: the address is that of another program."""
    is_page = answer.headers.get("content-type", "").startswith("text/html")
    if is_page and operation.accept == "application/json":
        raise UnreachableError(
            f"{operation.method} {answer.request.url}: a page answers there, such as one of the dashboard, "
            "and not the API. MULTI_JOB_URL or API_PORT say where it is"
        )


def _pause_after(
    answer: httpx.Response | httpx.TransportError, operation: Operation[Any], retries: Retries, tries: int
) -> float | None:
    """Return the seconds until the next try; None if there must be none."""
    if isinstance(answer, httpx.TransportError):
        if isinstance(answer, httpx.UnsupportedProtocol):
            return None
        is_safe = operation.is_repeatable or not _may_have_been_done(answer)
        return retries.pause_sec(tries) if is_safe else None
    wanted_sec = retry_after(answer)
    if answer.status_code == _TOO_MANY:
        # Without the header it is a quota, which no wait frees.
        is_worth_it = wanted_sec is not None
    else:
        is_worth_it = answer.status_code in _GATEWAYS and operation.is_repeatable
    if not is_worth_it or (wanted_sec or 0) > retries.longest_retry_after_sec:
        return None
    return max(wanted_sec or 0, retries.pause_sec(tries))


def _failure(
    operation: Operation[Any], answer: httpx.Response | httpx.TransportError, *, is_uncertain: bool
) -> Exception:
    if isinstance(answer, httpx.Response):
        error: Exception = ApiError.of(answer)
    else:
        asked = _address(answer) or operation.path
        error = UnreachableError(
            f"{operation.method} {asked}: the API does not answer ({_why(answer)}). "
            "MULTI_JOB_URL or API_PORT say where it is; `multi-job up` starts it"
        )
        error.__cause__ = answer
    if (is_uncertain or _may_have_been_done(answer)) and operation.method != "GET":
        error.add_note("An answer was lost: the request may have been carried out.")
    return error


def _may_have_been_done(answer: httpx.Response | httpx.TransportError) -> bool:
    if isinstance(answer, httpx.Response):
        return answer.status_code in _GATEWAYS
    # A connection that was not made has carried nothing.
    return not isinstance(answer, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout)


def _address(answer: httpx.TransportError) -> str:
    try:
        return str(answer.request.url)
    except RuntimeError:  # The error came from no request.
        return ""


def _why(answer: httpx.Response | httpx.TransportError) -> str:
    if isinstance(answer, httpx.Response):
        return f"{answer.status_code} {answer.reason_phrase}"
    return f"{type(answer).__name__}: {answer}".rstrip(": ")


def pages(listing: Listing[T], retries: Retries) -> Flow[None]:
    """Yield the items of all pages; `limit` of the query is the most items in all."""
    left = listing.query.get("limit")
    page: Listing[T] = listing
    while True:
        size = _MAX_PAGE if left is None else min(left, _MAX_PAGE)
        page = replace(page, query={**page.query, "limit": size})
        response = yield from send(page, retries)
        items = cast("list[T]", response.json())
        for item in items if left is None else items[:left]:
            yield Item(item)
        left = None if left is None else left - len(items)
        # A page of a search may be empty; its link goes on.
        following = response.links.get("next", {}).get("url")
        if following is None or (left is not None and left <= 0):
            return
        page = replace(page, query=parse_qs(urlsplit(following).query))
