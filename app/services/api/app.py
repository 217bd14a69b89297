"""The FastAPI application: routes, middleware, error handlers."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, cast

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.middleware.asyncexitstack import AsyncExitStackMiddleware
from starlette.exceptions import HTTPException
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import compile_path

from app import __version__
from app.core.errors import FieldProblem, MultiJobError
from app.core.fields import escape, sentence_of
from app.core.i18n import _
from app.services.api.http.auth import SAFE_METHODS
from app.services.api.http.middleware import RequestGate
from app.services.api.http.problems import HttpProblem, log_and_render, render_http, render_status
from app.services.api.http.router import DirectRoute, context_of
from app.services.api.lifespan import attach, lifespan
from app.services.api.openapi.document import build_openapi
from app.services.api.routes import (
    access,
    alerting,
    artifacts,
    batches,
    calendars,
    chat_users,
    connectors,
    contacts,
    dead_letters,
    incidents,
    job_runs,
    jobs,
    monitors,
    pings,
    planner,
    platform,
    runs,
    sign_in,
    status_pages,
    webhooks,
)
from app.services.api.services import Services

# The busiest routes come first, because routes are tried in order.
ROUTERS = (
    job_runs.by_hand,
    runs.newest,
    runs.router,
    pings.by_program,
    pings.router,
    monitors.router,
    incidents.router,
    alerting.router,
    jobs.router,
    job_runs.router,
    batches.router,
    calendars.router,
    status_pages.router,
    dead_letters.router,
    connectors.router,
    chat_users.router,
    connectors.messages,
    contacts.router,
    planner.by_rules,
    planner.router,
    artifacts.router,
    webhooks.router,
    platform.router,
    access.router,
    sign_in.router,
)

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send


class Application(FastAPI):
    """FastAPI with few layers around a route: each is a part of what a small request costs."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request without FastAPI's own telemetry; the project has its own (`tracing.py`)."""
        if scope["type"] != "http" or self.middleware_stack is None:
            await super().__call__(scope, receive, send)
            return
        scope["app"] = self
        await self.middleware_stack(scope, receive, send)

    def build_middleware_stack(self) -> ASGIApp:
        """Return the gate around the router. It renders crashes too, so it is outermost."""
        inner = ExceptionMiddleware(AsyncExitStackMiddleware(self.router), self.exception_handlers)
        direct = tuple(route for route in self.router.routes if isinstance(route, DirectRoute))
        return RequestGate(inner, direct)


def create_app(services: Services | None = None) -> FastAPI:
    """Return the application; with a platform given it neither reads settings nor starts anything."""
    app = Application(
        title="Multi-Job Platform",
        version=__version__,
        lifespan=None if services is not None else lifespan,
        redirect_slashes=False,
        # Both pages would load scripts from another server.
        docs_url=None,
        redoc_url=None,
        exception_handlers={
            MultiJobError: _on_error,
            HttpProblem: _on_http_problem,
            RequestValidationError: _on_invalid_request,
            HTTPException: _on_status,
        },
    )
    if services is not None:
        attach(app, services)
    for router in ROUTERS:
        # Not include_router: there each request is matched twice, a tenth of what a run by hand costs here.
        app.router.routes.extend(router.routes)
    app.openapi = functools.cache(lambda: build_openapi(app))
    return app


async def _on_error(request: Request, error: Exception) -> Response:
    return log_and_render(cast("MultiJobError", error), request.scope, context_of(request).trace_id)


async def _on_http_problem(request: Request, error: Exception) -> Response:
    return render_http(cast("HttpProblem", error), request.scope, context_of(request).trace_id)


async def _on_invalid_request(request: Request, error: Exception) -> Response:
    """Queries and path parts are what FastAPI validates here; bodies are read by `body.py`."""
    fields = [
        FieldProblem(
            "".join(f"/{escape(str(part))}" for part in each["loc"]), sentence_of(each), each["type"]
        )
        for each in cast("RequestValidationError", error).errors()
    ]
    problem = HttpProblem("invalid_request", "The request does not fit.", fields)
    return render_http(problem, request.scope, context_of(request).trace_id)


async def _on_status(request: Request, error: Exception) -> Response:
    raised = cast("HTTPException", error)
    headers = dict(raised.headers or {})
    detail = str(raised.detail)
    if raised.status_code == 405:  # noqa: PLR2004
        # The framework names the methods of the first route that fits; a path may have several.
        headers["Allow"] = ", ".join(_methods_of(request.app, request.url.path))
        detail = f"{request.method} is not allowed here; these are: {headers['Allow']}."
    elif raised.status_code == 404:  # noqa: PLR2004
        detail = _("Nothing is at {path!r}.", path=request.url.path[:200])
    return render_status(raised.status_code, detail, headers, request.scope, context_of(request).trace_id)


def _methods_of(app: FastAPI, path: str) -> list[str]:
    """Return the methods of a path, as the OpenAPI document has them."""
    found: set[str] = set()
    for template, operations in cast("dict[str, dict[str, Any]]", app.openapi()["paths"]).items():
        if compile_path(template)[0].match(path):
            found |= {method.upper() for method in operations}
    return sorted(found) or sorted(SAFE_METHODS)
