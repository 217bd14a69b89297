"""Calls to addresses that an account names, on connections that the guard of addresses allows.

Each call has a connection of its own: one that was kept may be closed by the remote side at the moment of a
send, and the outcome would be unknown.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar, cast
from urllib.parse import urlsplit

import certifi
import httpcore
import orjson

from app.core.connectors.base import ChannelError, ChannelRejected, ChannelUnreachable, probe
from app.core.connectors.http import no_answer, refused_answer
from app.core.errors import HttpUnreachable, UrlRefused
from app.core.i18n import _
from app.core.net.addresses import resolve_allowed
from app.core.net.backend import ConnectionTrace, GuardedBackend
from app.core.net.urls import Url, check_url
from app.core.redaction import redactor

if TYPE_CHECKING:
    from app.core.connectors.base import ChannelLogin, ConnectorDefaults, ConnectorHealth, ProbeResult

T = TypeVar("T")

MAX_ANSWER_BYTES = 65_536
MAX_REASON_CHARS = 200
# Up to these steps of a call nothing of the message was written.
_NOTHING_SENT = frozenset({"dns", "connect", "tls"})
_CLIENT_ERROR, _SERVER_ERROR = 400, 500


@lru_cache(maxsize=1)
def account_tls_context() -> ssl.SSLContext:
    """Return the context for servers that accounts name: the system's roots, SSL_CERT_FILE among them."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context


@dataclass(frozen=True, slots=True)
class HttpReply:
    """An answer; header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def is_success(self) -> bool:
        return 200 <= self.status < 300  # noqa: PLR2004

    @property
    def fields(self) -> dict[str, Any]:
        """Return the JSON object of the body; empty if it is none."""
        try:
            body: object = orjson.loads(self.body)
        except orjson.JSONDecodeError:
            return {}
        return cast("dict[str, Any]", body) if isinstance(body, dict) else {}

    def refusal(self, reason: str = "", retry_after: object = None) -> ChannelError:
        """Return the error for an answer other than 2xx; without a reason it quotes the body."""
        said = reason or self.body.decode(errors="replace").strip()[:MAX_REASON_CHARS]
        wait = self.headers.get("retry-after") if retry_after is None else retry_after
        return refused_answer(self.status, said, wait)


class GuardedHttp:
    """HTTP calls of one account. There is no proxy, no redirect, and no credential of the environment."""

    def __init__(self, defaults: ConnectorDefaults) -> None:
        self._opened = defaults.opened
        self._total_sec = defaults.total_sec

    async def call(
        self, method: str, url: str, *, headers: Mapping[str, str] | None = None, body: bytes = b""
    ) -> HttpReply:
        """Return the answer of one call. Raises ChannelError: surely not sent, refused or unknown."""
        target = self._target(url)
        sent = {"Host": target.authority, "Connection": "close", **(headers or {})}
        if body:
            sent["Content-Length"] = str(len(body))

        async def exchange(backend: GuardedBackend, trace: ConnectionTrace) -> HttpReply:
            origin = _httpcore_url(target)
            request = httpcore.Request(
                method, origin, headers=list(sent.items()), content=body, extensions={"trace": trace.follow}
            )
            tls = account_tls_context() if target.scheme == "https" else None
            async with httpcore.AsyncHTTPConnection(origin.origin, tls, network_backend=backend) as http:
                response = await http.handle_async_request(request)
                try:
                    return await _read(response)
                finally:
                    await response.aclose()

        return await self._within(target, exchange)

    async def reach(self, url: str) -> None:
        """Open a connection, with TLS if the URL has it, and close it. Raises ChannelError."""
        target = self._target(url)

        async def connect(backend: GuardedBackend, trace: ConnectionTrace) -> None:
            stream = await backend.connect_tcp(target.host, target.port)
            if target.scheme == "https":
                trace.phase = "tls"
                stream = await stream.start_tls(account_tls_context(), server_hostname=target.host)
            await stream.aclose()

        await self._within(target, connect)

    def _target(self, url: str) -> Url:
        try:
            target = check_url(url, self._opened)
        except UrlRefused as error:
            raise ChannelRejected(error.message) from None
        if target.scheme == "http" and target.place not in self._opened:
            raise ChannelRejected(
                _("the address needs https; without TLS only those are called that HTTP_ALLOW_PRIVATE names.")
            )
        return target

    async def _within(
        self, target: Url, exchange: Callable[[GuardedBackend, ConnectionTrace], Awaitable[T]]
    ) -> T:
        trace = ConnectionTrace()
        backend = GuardedBackend(self._opened, trace)
        try:
            async with asyncio.timeout(self._total_sec):
                return await exchange(backend, trace)
        except UrlRefused as error:
            raise ChannelRejected(error.message) from None
        except HttpUnreachable as error:
            raise ChannelUnreachable(error.message) from None
        except TimeoutError:
            raise _failure(
                trace, target, _("no answer within {seconds:g} s", seconds=self._total_sec)
            ) from None
        except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException, OSError) as error:
            raise _failure(trace, target, f"{type(error).__name__} {error}".strip()) from None
        finally:
            await backend.close()


def _failure(trace: ConnectionTrace, target: Url, why: str) -> ChannelError:
    if trace.phase in _NOTHING_SENT:
        # The host alone: the path of an address may be its secret.
        return ChannelUnreachable(
            _("no connection to {origin} was made: {why}.", origin=target.origin, why=why)
        )
    return no_answer(why)


def _httpcore_url(target: Url) -> httpcore.URL:
    return httpcore.URL(
        scheme=target.scheme.encode(),
        host=target.host.encode(),
        port=target.port,
        target=target.target.encode(),
    )


class GuardedConnector(ABC):
    """A connector whose calls have no connection of their own between them."""

    def __init__(self, login: ChannelLogin) -> None:
        self._http = GuardedHttp(login.defaults)

    async def check(self) -> ConnectorHealth:
        return await probe(self._identify)

    async def close(self) -> None:
        return  # nothing stays open

    @abstractmethod
    async def _identify(self) -> ProbeResult: ...


def secret_url(url: str) -> str:
    """Return an address whose path alone is enough to post; neither appears in a log."""
    redactor.register(url)
    redactor.register(urlsplit(url).path)
    return url


async def _read(response: httpcore.Response) -> HttpReply:
    headers = {name.decode("ascii").lower(): value.decode("latin-1") for name, value in response.headers}
    parts: list[bytes] = []
    try:
        async for part in response.aiter_stream():
            parts.append(part)
            if sum(map(len, parts)) >= MAX_ANSWER_BYTES:
                break
    except (httpcore.NetworkError, httpcore.ProtocolError):
        # A refusal is a refusal without its reason; another answer has to be complete.
        if not _CLIENT_ERROR <= response.status < _SERVER_ERROR:
            raise
    return HttpReply(response.status, headers, b"".join(parts)[:MAX_ANSWER_BYTES])


async def connected_socket(host: str, port: int, defaults: ConnectorDefaults) -> socket.socket:
    """Return a socket that is connected to an allowed address of a host; raises ChannelError."""
    try:
        addresses = await resolve_allowed(host, port, defaults.opened)
    except UrlRefused as error:
        raise ChannelRejected(error.message) from None
    except HttpUnreachable as error:
        raise ChannelUnreachable(error.message) from None
    problem: OSError = TimeoutError("no time left")
    for address in addresses:
        kind = socket.AF_INET6 if ":" in address else socket.AF_INET
        connection = socket.socket(kind, socket.SOCK_STREAM)
        connection.setblocking(False)
        try:
            async with asyncio.timeout(defaults.connect_sec):
                await asyncio.get_running_loop().sock_connect(connection, (address, port))
        except OSError as error:
            problem = error
            connection.close()
        except BaseException:
            connection.close()
            raise
        else:
            return connection
    why = f"{type(problem).__name__} {problem}".strip()
    raise ChannelUnreachable(
        _("no connection to {host}:{port} was made: {why}.", host=host, port=port, why=why)
    )
