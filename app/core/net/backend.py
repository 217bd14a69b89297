"""A network backend of httpcore, limited to addresses that passed the guard."""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn, cast

import httpcore

from app.core.net.addresses import resolve_allowed

if TYPE_CHECKING:
    from app.core.errors import HttpPhase
    from app.core.net.addresses import Resolver

TRY_SEC = 2.0
"""The time for each of several addresses: a broken IPv6 route must not use up the whole call."""


@dataclass(slots=True)
class ConnectionTrace:
    """The progress of a call: the last step that was reached."""

    phase: HttpPhase = "dns"

    async def follow(self, event: str, _info: dict[str, Any]) -> None:
        """Receive httpcore's own trace events."""
        self.phase = _PHASES.get(event, self.phase)


_PHASES: dict[str, HttpPhase] = {
    "connection.start_tls.started": "tls",
    "http11.send_request_headers.started": "request",
    "http11.receive_response_headers.started": "response",
    "http11.receive_response_body.started": "body",
}


class GuardedBackend(httpcore.AsyncNetworkBackend):
    """Connects by name as `resolve_allowed` allows. httpcore keeps the URL's name for the header and SNI."""

    def __init__(
        self,
        opened: Collection[str],
        trace: ConnectionTrace,
        resolver: Resolver | None = None,
        backend: httpcore.AsyncNetworkBackend | None = None,
    ) -> None:
        self._opened = opened
        self._trace = trace
        self._resolver = resolver
        self._backend = backend or cast("httpcore.AsyncNetworkBackend", httpcore.AnyIOBackend())
        self._streams: list[httpcore.AsyncNetworkStream] = []

    async def connect_tcp(
        self,
        host: str,
        port: int,
        # httpcore's own signature. The caller keeps one time-out for the whole call.
        timeout: float | None = None,  # noqa: ARG002, ASYNC109
        local_address: str | None = None,  # noqa: ARG002
        socket_options: Iterable[Any] | None = None,  # noqa: ARG002
    ) -> httpcore.AsyncNetworkStream:
        self._trace.phase = "dns"
        addresses = await resolve_allowed(host, port, self._opened, self._resolver)
        self._trace.phase = "connect"
        stream = await self._first_of(addresses, port)
        self._streams.append(stream)
        return stream

    async def connect_unix_socket(self, *_args: object, **_options: object) -> NoReturn:
        raise httpcore.ConnectError("no unix sockets are opened")

    async def sleep(self, seconds: float) -> None:
        await self._backend.sleep(seconds)

    async def close(self) -> None:
        """Close the opened streams.

        httpcore does not close a stream if its call is cancelled during the TLS handshake.
        """
        for stream in self._streams:
            # It is broken already, and is not used any more.
            with contextlib.suppress(OSError, httpcore.NetworkError):
                await stream.aclose()

    async def _first_of(self, addresses: list[str], port: int) -> httpcore.AsyncNetworkStream:
        for address in addresses[:-1]:
            with contextlib.suppress(httpcore.ConnectError, httpcore.ConnectTimeout):
                return await self._backend.connect_tcp(address, port, timeout=TRY_SEC)
        return await self._backend.connect_tcp(addresses[-1], port)
