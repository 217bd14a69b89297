"""The FastAPI application: routes, middleware, error handlers, start and stop."""

from __future__ import annotations

import contextlib
import gc
import logging
from collections.abc import AsyncGenerator
from typing import TYPE_CHECKING, Any, cast

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import compile_path

from app import __version__
from app.core.access.api_keys import fixed_keys
from app.core.clock import SystemClock
from app.core.errors import FieldProblem, MultiJobError
from app.core.fields import escape
from app.core.i18n import _
from app.core.observability import add_redactor, configure_logging, get_logger, instance_name
from app.core.policies import load_policies
from app.core.process import load_settings
from app.core.redaction import redactor
from app.core.registry import load_handlers
from app.core.system import raise_open_files
from app.core.tracing import open_sink
from app.services.api.background import serve_beside
from app.services.api.dependencies import Services, context_of, open_services
from app.services.api.http.auth import SAFE_METHODS
from app.services.api.http.connections import ConnectionTable, bound_connections, most_connections
from app.services.api.http.middleware import RequestGate, RequestRules
from app.services.api.http.problems import HttpProblem, kind_of, render_error, render_http, render_status
from app.services.api.http.shutdown import at_stop, prepare_server, running_server
from app.services.api.http.tracing import TraceRequests
from app.services.api.openapi.document import build_openapi
from app.services.api.routes import (
    access,
    artifacts,
    batches,
    connectors,
    dead_letters,
    job_runs,
    jobs,
    messages,
    planner,
    platform,
    runs,
    versions,
    webhooks,
)

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from app.core.config import Settings
    from app.core.tracing.spans import SpanSink

SERVICE = "api"
# The busiest routes come first, because routes are tried in order.
ROUTERS = (
    job_runs.by_hand,
    runs.router,
    jobs.router,
    job_runs.router,
    versions.router,
    batches.router,
    dead_letters.router,
    connectors.router,
    messages.router,
    planner.router,
    artifacts.router,
    webhooks.router,
    platform.router,
    access.router,
)

log = get_logger(__name__)


def create_app(services: Services | None = None) -> FastAPI:
    """Return the application; with a platform given it neither reads settings nor starts anything."""
    app = FastAPI(
        title="Multi-Job Platform",
        version=__version__,
        lifespan=None if services is not None else _lifespan,
        redirect_slashes=False,
        # Both pages would load scripts from another server.
        docs_url=None,
        redoc_url=None,
    )
    if services is not None:
        _attach(app, services)
    app.add_middleware(RequestGate)
    for router in ROUTERS:
        # Not include_router: there each request is matched twice, a tenth of what a run by hand costs here.
        app.router.routes.extend(router.routes)
    _add_error_handlers(app)
    app.openapi = lambda: _openapi(app)
    return app


def _attach(app: FastAPI, services: Services) -> None:
    app.state.services = services
    app.state.rules = RequestRules.of(services.settings)


@contextlib.asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncGenerator[None]:
    settings = load_settings()
    instance = instance_name(SERVICE)
    configure_logging(SERVICE, instance, settings.log_level)
    add_redactor(redactor.text)
    if not log.isEnabledFor(logging.DEBUG):
        # A line costs as much as a small request, and a dashboard polls; metrics count them all.
        logging.getLogger("uvicorn.access").setLevel(logging.WARNING)
    spans = open_sink(settings, SERVICE, instance)
    platform = await _open(settings, spans)
    _attach(app, platform)
    if spans is not None:
        # Around all the rest, and only if a collector is configured: every request would pay for it.
        app.middleware_stack = TraceRequests(cast("ASGIApp", app.middleware_stack), spans, platform.clock)
    _bound_server(platform)
    with at_stop(platform.hub.end_streams):
        async with serve_beside(platform, SERVICE, instance):
            _set_aside_what_stays(app)
            log.info("started", version=__version__, namespace=settings.namespace)
            yield
    if spans is not None:
        await spans.close()
    log.info("stopped")


def _bound_server(services: Services) -> None:
    server = running_server()
    if server is None:
        log.warning("connections have no limits: the server is not uvicorn in its main thread")
        return
    settings, refusals = services.settings, services.refusals
    most = most_connections(settings.max_connections, raise_open_files())
    prepare_server(server)
    # Streams stay open for hours; other requests need connections as well.
    services.hub.bound(most // 2)
    by_peer, proxies = settings.max_connections_per_peer, settings.trusted_proxies
    bound_connections(server, ConnectionTable(most, by_peer, refusals.count, proxies))


def _set_aside_what_stays(app: FastAPI) -> None:
    # Else the first request for the document, or with a wrong method, would hold up all others.
    app.openapi()
    # The collector looks at everything now and then; a tenth of a second for routes and models that never go
    # is what the slowest request of a hundred waited for.
    gc.collect()
    gc.freeze()


async def _open(settings: Settings, spans: SpanSink | None) -> Services:
    fixed_keys(settings)  # a list that cannot be read ends the start and not the first request
    handlers, policies = load_handlers(settings), load_policies(settings)
    return await open_services(settings, SystemClock(), handlers, policies, spans)


def _openapi(app: FastAPI) -> dict[str, Any]:
    if app.openapi_schema is None:
        app.openapi_schema = build_openapi(app)
    return app.openapi_schema


def _add_error_handlers(app: FastAPI) -> None:
    app.add_exception_handler(MultiJobError, _on_error)
    app.add_exception_handler(HttpProblem, _on_http_problem)
    app.add_exception_handler(RequestValidationError, _on_invalid_request)
    app.add_exception_handler(HTTPException, _on_status)


async def _on_error(request: Request, error: Exception) -> Response:
    known = cast("MultiJobError", error)
    trace_id = context_of(request).trace_id
    if kind_of(type(known)).hidden:
        log.error("request failed", exc_info=known, trace_id=trace_id, path=request.url.path)
    return render_error(known, request.scope, trace_id)


async def _on_http_problem(request: Request, error: Exception) -> Response:
    return render_http(cast("HttpProblem", error), request.scope, context_of(request).trace_id)


async def _on_invalid_request(request: Request, error: Exception) -> Response:
    """Queries and path parts are what FastAPI validates here; bodies are read by `body.py`."""
    fields = [
        FieldProblem("".join(f"/{escape(str(part))}" for part in each["loc"]), each["msg"], each["type"])
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
