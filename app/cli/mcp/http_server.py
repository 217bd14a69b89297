"""Streamable HTTP: who may reach the server, and whose request is whose.

A request carries the caller's own key; the server has none. The key is read as the API reads it, from
`Authorization` or `X-API-Key`, and exactly the key that was read is passed on. A request without one is
served as the API itself serves it: only if its connection is our own user's, by the rules in
`app/services/api/http/auth.py`. A page of another site is refused by its `Host` and its `Origin`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import uvicorn
from mcp.server.auth.middleware.auth_context import AuthContextMiddleware
from mcp.server.auth.middleware.bearer_auth import AuthenticatedUser
from mcp.server.auth.provider import AccessToken
from mcp.server.mcpserver import MCPServer
from mcp.server.transport_security import TransportSecuritySettings
from starlette.responses import JSONResponse
from uvicorn.protocols.http.h11_impl import H11Protocol

from app.core.i18n import _
from app.core.net.credentials import (
    API_KEY,
    AUTHORIZATION,
    RefusedCredential,
    authorization_of,
    read_credential,
)
from app.services.api.http.auth import LOOPBACK_HOSTS, RequestInfo, why_exposed
from app.services.api.http.peers import STATE, ConnectionPeer, peer_of_scope

if TYPE_CHECKING:
    import asyncio

    from starlette.types import ASGIApp, Receive, Scope, Send

PATH: Final = "/mcp"
MAX_BODY_BYTES: Final = 262_144
MAX_SESSIONS: Final = 200
"""Sessions of clients from before 2026-07-28; later ones have none."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where the server listens, and the names and pages that may reach it there."""

    host: str
    port: int
    hosts: Sequence[str] = ()
    origins: Sequence[str] = ()

    @property
    def is_loopback(self) -> bool:
        """Return whether only this machine reaches the address."""
        return not LOOPBACK_HOSTS.isdisjoint((self.host, f"[{self.host}]"))

    def rules(self) -> TransportSecuritySettings:
        """Return the names and pages: loopback always, and those that the person has named."""
        names = {*LOOPBACK_HOSTS, *self.hosts}
        hosts = [form for name in sorted(names) for form in (name, f"{name}:{self.port}")]
        origins = [f"http://{name}:{self.port}" for name in sorted(LOOPBACK_HOSTS)]
        return TransportSecuritySettings(allowed_hosts=hosts, allowed_origins=[*origins, *self.origins])


class Gate:
    """Refuses unreadable keys and foreign requests without a key, and ties sessions to their caller."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = AuthContextMiddleware(app)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request."""
        if scope["type"] == "http":
            token = _credential_of(scope)
            if isinstance(token, RefusedCredential):
                challenge = {"WWW-Authenticate": "Bearer"}
                await JSONResponse({"error": token.reason}, 401, challenge)(scope, receive, send)
                return
            scope = _with_credential(scope, token)
        await self._app(scope, receive, send)


def _credential_of(scope: Scope) -> str | RefusedCredential | None:
    """Return the key of a request, or why it is refused; None if it is served without a key."""
    headers: dict[bytes, list[bytes]] = {}
    for name, value in scope["headers"]:
        headers.setdefault(name, []).append(value)
    token = read_credential(headers)
    if token is not None:
        return token
    peer, server = scope.get("client"), scope.get("server")
    host = headers.get(b"host", [b""])[0].decode("latin-1").lower()
    info = RequestInfo(
        *(scope["method"], scope["path"], peer[0] if peer else None, server[0] if server else None),
        *(host, headers, peer_of_scope(scope).why_not_ours),
    )
    # The API would see a connection of this process, so the caller's is looked at here.
    reason = why_exposed(info) or info.why_not_ours()
    if reason is None:
        return None
    return RefusedCredential(_("Send your API key as `Authorization: Bearer KEY`: {reason}.", reason=reason))


def _with_credential(scope: Scope, token: str | None) -> Scope:
    """Return the request with the key that was read as its only one: the API judges what this gate judged."""
    headers = [each for each in scope["headers"] if each[0] not in {AUTHORIZATION, API_KEY}]
    authorization = b"" if token is None else authorization_of(token).encode("ascii")
    if authorization:
        headers.append((AUTHORIZATION, authorization))
    # The SDK ties sessions and unfinished questions to this user. It is no proof of anything: the API checks
    # the key.
    caller = hashlib.sha256(authorization).hexdigest()
    user = AuthenticatedUser(AccessToken(token=caller, client_id=caller, scopes=[]))
    return {**scope, "headers": headers, "user": user}


def http_app(server: MCPServer[Any], address: Address) -> ASGIApp:
    """Return the server as an ASGI application."""
    app = server.streamable_http_app(
        streamable_http_path=PATH,
        max_request_body_size=MAX_BODY_BYTES,
        max_sessions=MAX_SESSIONS,
        transport_security=address.rules(),
        host=address.host,
    )
    return Gate(app)


class _Connection(H11Protocol):
    """A connection whose requests know their peer."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Give the requests of this connection their peer."""
        self.app_state = {**self.app_state, STATE: ConnectionPeer(transport)}
        super().connection_made(transport)


async def serve(server: MCPServer[Any], address: Address) -> None:
    """Serve until a signal ends it."""
    config = uvicorn.Config(
        http_app(server, address),
        host=address.host,
        port=address.port,
        # h11 removes the blanks around a header's value, which httptools keeps; the SDK compares values.
        http=_Connection,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=2,
    )
    await uvicorn.Server(config).serve()
