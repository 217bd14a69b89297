"""The API called in this process, as if each request came from its own user."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import httpx

from app.services.api.http.peers import STATE

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from app.core.i18n import Message


class OwnPeer:
    """A peer that is proved; the tests of connections have real ones."""

    def why_not_ours(self) -> Message | None:
        return None


class WithOwnPeer:
    """Gives the requests of an application a proved peer; the rest is the application's."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            scope["state"] = {**scope.get("state", {}), STATE: OwnPeer()}
        await self.app(scope, receive, send)


def in_process(app: ASGIApp, **options: Any) -> httpx.ASGITransport:
    """Return a transport for httpx to the application."""
    return httpx.ASGITransport(app=cast("Any", WithOwnPeer(app)), **options)
