"""Routes that FastAPI documents and does not wrap: what a request costs there is half of a run by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi.routing import APIRoute
from starlette.requests import Request

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.responses import Response
    from starlette.types import ASGIApp, Receive, Scope, Send


class DirectRoute(APIRoute):
    """A route whose function takes the request and its path parts, all text, and returns a `Response`.

    With nothing to validate, inject or serialise, no dependencies are solved. A function that wants more
    is refused where it is declared.
    """

    def __init__(self, path: str, endpoint: Callable[..., Awaitable[Response]], **options: Any) -> None:
        super().__init__(path, endpoint, **options)
        wanted = self.dependant
        solved = (wanted.query_params, wanted.header_params, wanted.cookie_params, wanted.dependencies)
        if self.body_field is not None or any(solved):
            raise TypeError(f"{path}: {self.name} takes more than path parts; a plain route solves nothing")
        self.app = _direct(endpoint)


def _direct(endpoint: Callable[..., Awaitable[Response]]) -> ASGIApp:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        response = await endpoint(Request(scope, receive, send), **scope["path_params"])
        await response(scope, receive, send)

    return app
