"""Routers with one declaration of a route's errors, body and headers.

`docs/openapi.json` follows from the decorator and the signature: statuses and problem codes from `raises`,
the request body from `StrictBody`, headers from the dependencies that read or set them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from functools import partialmethod
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar, get_type_hints

from fastapi import APIRouter, params
from fastapi.routing import APIRoute
from fastapi.utils import deep_dict_update
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Match

from app.core.errors import MultiJobError

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from starlette.types import ASGIApp, Receive, Scope, Send

# Parts of an operation that `openapi/document.py` takes out again.
RAISES, HEADERS = "x-raises", "x-headers"

# Headers of a success.
LOCATION = {"Location": {"$ref": "#/components/headers/Location"}}
VERSION_TAG = {"ETag": {"$ref": "#/components/headers/VersionTag"}}

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])
Raised = type[MultiJobError] | str
"""An error of the core, or the code of a refusal that only HTTP knows."""


@dataclass(frozen=True, eq=False)
class Documented(params.Depends):
    """A dependency, and the part of the OpenAPI operation that comes with it."""

    operation: Mapping[str, Any] = field(default_factory=dict[str, Any])


def from_request(
    read: Callable[[Request], Any], operation: Mapping[str, Any] = MappingProxyType({})
) -> Documented:
    """Return a dependency that a function reads from the request alone."""

    # A coroutine, because FastAPI runs other functions in a thread.
    async def dependency(request: Request) -> Any:
        return read(request)

    return Documented(dependency, operation=operation)


class _Route(APIRoute):
    """A route that sees at once that a path is not its own."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        super().__init__(path, endpoint, **options)
        self._start = path.partition("{")[0]

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Return whether a request is for this route; most are for another one, which is found out first."""
        # Not `startswith`: a proxy's prefix may come before it.
        if self._start not in scope["path"]:
            return Match.NONE, {}
        return super().matches(scope)


class Router:
    """The routes of one tag."""

    def __init__(self, tag: str, route_class: type[APIRoute] = _Route) -> None:
        self._router = APIRouter(
            tags=[tag], route_class=route_class, generate_unique_id_function=_operation_id
        )

    @property
    def routes(self) -> list[BaseRoute]:
        """Return the routes, in the order in which they are tried."""
        return self._router.routes

    def add(
        self,
        method: str,
        path: str,
        *,
        raises: Iterable[Raised] = (),
        headers: Mapping[str, Any] | None = None,
        documents: Iterable[Mapping[str, Any]] = (),
        **options: Any,
    ) -> Callable[[Endpoint], Endpoint]:
        """Return a decorator that adds a function.

        `raises`: its errors, without those of every route, of bodies and of queries. `headers`: those of its
        success. `documents`: parts of the operation that the function reads itself. Further options are
        FastAPI's.
        """

        def decorate(endpoint: Endpoint) -> Endpoint:
            codes = [each if isinstance(each, str) else each.code for each in raises]
            operation: dict[str, Any] = {RAISES: codes, HEADERS: dict(headers or {})}
            hints = get_type_hints(endpoint, include_extras=True)
            marks = (mark for hint in hints.values() for mark in getattr(hint, "__metadata__", ()))
            documented = (mark for mark in marks if isinstance(mark, Documented))
            for each in (*documents, *(mark.operation for mark in documented)):
                # As FastAPI merges this into the operation: lists are joined, the rest by name.
                deep_dict_update(operation, deepcopy(dict(each)))
            self._router.add_api_route(path, endpoint, methods=[method], openapi_extra=operation, **options)
            return endpoint

        return decorate

    get = partialmethod(add, "GET")
    post = partialmethod(add, "POST")
    put = partialmethod(add, "PUT")
    delete = partialmethod(add, "DELETE")


def header_parameter(name: str, description: str, schema: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return the parameter of an operation for a header that a function reads itself."""
    parameter = {"name": name, "in": "header", "required": False, "description": description}
    return {**parameter, "schema": dict(schema or {"type": "string"})}


def _operation_id(route: APIRoute) -> str:
    """Return the function's name, by which generated clients call theirs."""
    return route.name


class DirectRoute(_Route):
    """A route whose function takes the request and its path parts, all text, and returns a `Response`.

    No dependencies are solved, which is half of the cost of a small request. A function that wants more is
    refused when it is declared.
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
