"""Routers with one declaration of a route's errors, body and headers, and the parameters of routes.

`docs/openapi.json` follows from the decorator and the signature: statuses and problem codes from `raises`,
the request body from `StrictBody`, headers from the dependencies that read or set them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from functools import partialmethod
from operator import attrgetter
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any, Final, TypeVar, cast, get_type_hints

from fastapi import APIRouter, Query, params
from fastapi.routing import APIRoute
from fastapi.utils import deep_dict_update
from pydantic import AfterValidator
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Match

from app.core.errors import JobNotFound, MultiJobError
from app.core.files.exports import require_export_right
from app.core.models import JOB_ID_PATTERN
from app.core.records import Page
from app.services.api.http.responses import link_next
from app.services.api.services import Services

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from starlette.types import Receive, Scope, Send

    from app.core.fields import Change
    from app.services.api.http.audit import AuditDraft
    from app.services.api.http.auth import Actor, Headers

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
        # Generated clients call theirs by the function's name.
        operation_id = attrgetter("name")
        self._router = APIRouter(
            tags=[tag], route_class=route_class, generate_unique_id_function=operation_id
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


def answer_header(description: str, **schema: Any) -> dict[str, Any]:
    """Return a header of an answer; it is a text unless the schema says otherwise."""
    return {"description": description, "schema": {"type": "string", **schema}}


def header_parameter(name: str, description: str, schema: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return the parameter of an operation for a header that a function reads itself."""
    parameter = {"name": name, "in": "header", "required": False, "description": description}
    return {**parameter, "schema": dict(schema or {"type": "string"})}


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
        self._function = endpoint
        self.app = self.serve

    def takes(self, scope: Scope) -> bool:
        """Return whether a request is for this route; then the scope gets the route and the path's parts."""
        path: str = scope["path"]
        if self._start not in path or scope["method"] not in self.methods:
            return False
        match = self.path_regex.match(path.removeprefix(scope.get("root_path", "")))
        if match is None:
            return False
        scope["path_params"] = match.groupdict()
        scope["route"] = self
        return True

    async def serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Call the function and send its response."""
        response = await self._function(Request(scope, receive, send), **scope["path_params"])
        await response(scope, receive, send)


class PlainListRoute(DirectRoute):
    """A list for queries that have nothing but `limit` and `cursor`.

    The route behind it, which is the documented one, serves the others.
    """

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Return whether a request is for this route."""
        return super().matches(scope) if plain_paging(scope["query_string"]) else (Match.NONE, {})

    def takes(self, scope: Scope) -> bool:
        """Return whether it serves a request; a value that is refused is left to the other route."""
        return plain_paging(scope["query_string"]) is not None and super().takes(scope)


# The parameters of routes.

DEFAULT_LIMIT = 50
MAX_LIMIT = 500
MAX_CURSOR = 2**53
LIST_HEADERS = {
    "Link": answer_header('The next page: `<…>; rel="next"`.'),
    "X-Total-Count": answer_header("How many there are in all, if one index has it.", type="integer"),
}
_JOB_ID = re.compile(JOB_ID_PATTERN)

Item = TypeVar("Item")
Body = TypeVar("Body")


def services_of(request: Request) -> Services:
    """Return the services; raises ConfigurationError if their Redis must not be used."""
    services = cast("Services", request.app.state.services)
    if services.refusal is not None:
        raise services.refusal
    return services


CONTEXT_KEY: Final = "multi_job.context"


# Not frozen: that would double the cost of making one, and each request makes one.
@dataclass(slots=True)
class RequestContext:
    """The facts of a request that the gate has established before its route runs."""

    trace_id: str
    actor: Actor
    headers: Headers
    body: bytes = b""
    audit_draft: AuditDraft | None = field(default=None, repr=False)

    def note(self, *, target: str | None = None, diff: Sequence[Change] = ()) -> None:
        """Set the target (`job:a`) and the changes that the audit entry of this request gets."""
        if self.audit_draft is not None:
            self.audit_draft.target = target or self.audit_draft.target
            self.audit_draft.diff = diff or self.audit_draft.diff

    def act_as(self, actor: Actor) -> None:
        """Name the person whom a route has found out; the gate lets such routes pass without a key."""
        if self.audit_draft is not None:
            self.audit_draft.actor = actor

    def leave_out(self) -> None:
        """Keep this request out of the audit, unless it is refused."""
        if self.audit_draft is not None:
            self.audit_draft.is_left_out = True

    def require_run_right(self, job_type: str, inputs: Mapping[str, Any]) -> None:
        """Raise AdminRequired if this caller may not make such a run."""
        if not self.actor.is_admin:
            require_export_right(False, job_type, inputs)


def context_of(request: Request) -> RequestContext:
    """Return the context that the gate has made."""
    return cast("RequestContext", request.scope[CONTEXT_KEY])


def valid_job_id(job_id: str) -> str:
    """Return the id; raises JobNotFound without a call to Redis if no job can have it."""
    if _JOB_ID.fullmatch(job_id) is None:
        raise JobNotFound(job_id[:100])
    return job_id


@dataclass(slots=True)
class Paging:
    """The part of a list that a caller asks for."""

    request: Request
    response: Response
    cursor: int | None
    limit: int

    @classmethod
    def plain(cls, request: Request) -> Paging:
        """Return what a request asks for that a PlainListRoute has taken."""
        cursor, limit = plain_paging(request.scope["query_string"]) or (None, DEFAULT_LIMIT)
        return cls(request, Response(), cursor, limit)

    @property
    def headers(self) -> dict[str, str]:
        """Return the headers that `show` has set, for an answer that is built by hand."""
        return {name: text for name, text in self.response.headers.items() if name != "content-length"}

    def show(self, page: Page[Item], view: Callable[[Item], Body]) -> list[Body]:
        """Return the items as bodies, and set the headers that lead to the next part.

        One index has the `total` of a list; a search says how far it has come.
        """
        link_next(self.request, self.response, page.next_cursor)
        headers = self.response.headers
        if page.total is not None:
            headers["X-Total-Count"] = str(page.total)
        if page.progress is not None:
            headers["X-Searched-Count"] = str(page.progress.searched)
            headers["X-Search-Total"] = str(page.progress.total)
        return [view(item) for item in page.items]


Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT, description="How many at most.")]
Cursor = Annotated[int | None, Query(ge=0, le=MAX_CURSOR, description='From the last `Link: rel="next"`.')]
Search = Annotated[str | None, Query(min_length=1, max_length=200)]


# A coroutine, because FastAPI runs other functions in a thread.
async def _paging(
    request: Request,
    response: Response,
    cursor: Cursor = None,
    limit: Limit = DEFAULT_LIMIT,
) -> Paging:
    return Paging(request, response, cursor, limit)


_PLAIN: Final = re.compile(
    rb"|limit=(?P<a>\d{1,3})(?:&cursor=(?P<b>\d{1,15}))?|cursor=(?P<c>\d{1,15})(?:&limit=(?P<d>\d{1,3}))?"
)


def plain_paging(query: bytes) -> tuple[int | None, int] | None:
    """Return cursor and limit of a query that has nothing else and is valid; None for others."""
    match = _PLAIN.fullmatch(query)
    if match is None:
        return None
    limit, cursor = match["a"] or match["d"], match["b"] or match["c"]
    found = DEFAULT_LIMIT if limit is None else int(limit)
    return (None if cursor is None else int(cursor), found) if 1 <= found <= MAX_LIMIT else None


ServicesDep = Annotated[Services, from_request(services_of)]
ContextDep = Annotated[RequestContext, from_request(context_of)]
JobId = Annotated[str, AfterValidator(valid_job_id)]
PagingDep = Annotated[Paging, Documented(_paging, operation={HEADERS: LIST_HEADERS})]
