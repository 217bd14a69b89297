"""Calls of the application without a client's own cost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import httpx

from app.services.api.http.peers import STATE
from tests.support.api.in_process import OwnPeer

if TYPE_CHECKING:
    from collections.abc import Mapping, MutableMapping

Message = dict[str, Any]


def http_scope(
    method: str, path: str, headers: Mapping[str, str] | None = None, query: str = ""
) -> dict[str, Any]:
    """Return what uvicorn passes in for a request of our own user; by default its body is JSON."""
    given = {"host": "127.0.0.1", "content-type": "application/json"} if headers is None else headers
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(name.lower().encode(), value.encode()) for name, value in given.items()],
        "client": ("127.0.0.1", 50_000),
        "server": ("127.0.0.1", 8000),
        "state": {STATE: OwnPeer()},
    }


class AsgiCaller:
    """Calls the application of an in-process client as uvicorn does."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._app: Any = cast("httpx.ASGITransport", client._transport).app
        self._host = client.base_url.netloc
        self.body = b""
        """The body of the last answer."""

    async def call(
        self, method: str, target: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> int:
        """Return the status of the answer to one request."""
        path, _, query = target.partition("?")
        status, parts = 0, list[bytes]()
        given = {"content-length": str(len(body)), **(headers or {})} if body else headers or {}

        async def receive() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: MutableMapping[str, Any]) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            else:
                parts.append(message.get("body", b""))

        await self._app(
            http_scope(method, path, {"host": self._host.decode(), **given}, query),
            receive,
            send,
        )
        self.body = b"".join(parts)
        return status
