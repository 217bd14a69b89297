"""An API whose answers a test chooses, and a client of it that waits for nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx

from multi_job.client import Client, Retries

URL = "https://api.example"
AT_ONCE = Retries(times=3, first_sec=0, longest_sec=0)
Reply = httpx.Response | httpx.TransportError


class FakeApi:
    """Answers requests one after the other, and keeps them."""

    def __init__(self, *replies: Reply | Callable[[httpx.Request], Reply]) -> None:
        self.replies = list(replies)
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        reply = self.replies.pop(0)
        found = reply(request) if callable(reply) else reply
        if isinstance(found, httpx.TransportError):
            raise found
        return found

    def keys(self) -> set[str | None]:
        return {request.headers.get("idempotency-key") for request in self.requests}

    def body(self, number: int = 0) -> Any:
        return json.loads(self.requests[number].content)


def client_of(api: FakeApi, **options: Any) -> Client:
    return Client(URL, "mj_key", retries=AT_ONCE, transport=httpx.MockTransport(api), **options)


def problem(
    status: int, code: str = "a_code", headers: dict[str, str] | None = None, **more: Any
) -> httpx.Response:
    body = {"title": "A title", "detail": "A detail.", "status": status, "code": code, "trace_id": "t1"}
    return httpx.Response(status, json=body | more, headers=headers)
