"""Keeps the address of the socket's other end as the client of a request.

uvicorn, by default, replaces it with X-Forwarded-For if the request comes from 127.0.0.1: every program on
the machine could name any origin. TRUSTED_PROXIES says which proxies are believed (`request_origin.py`), so
uvicorn's own reading of these headers is switched off, whatever its command line says.
"""

from __future__ import annotations

from typing import Any

from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware


def keep_socket_peer() -> None:
    """Make uvicorn's proxy middleware pass requests on as they are; it wraps the application at start."""
    ProxyHeadersMiddleware.__call__ = _pass_on


async def _pass_on(self: ProxyHeadersMiddleware, scope: Any, receive: Any, send: Any) -> None:
    await self.app(scope, receive, send)
