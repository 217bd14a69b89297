"""Ping URLs of heartbeats: outside programs call them without a key, operators see and replace them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from starlette.requests import Request
from starlette.responses import Response

from app.core.errors import MonitorNotFound, PingNotFound, StateConflict
from app.core.monitors.pings import Ping
from app.services.api.http.router import (
    ContextDep,
    DirectRoute,
    JobId,
    Router,
    ServicesDep,
    context_of,
    services_of,
)
from app.services.api.schemas.monitors import PingUrlBody

if TYPE_CHECKING:
    from app.services.api.services import Services

router = Router("monitors")
by_program = Router("monitors", route_class=DirectRoute)
MAX_EXIT_CODE: Final = 255
_PATH, _EVENT_PATH = "/ping/{token}", "/ping/{token}/{event}"
_RAISES = (PingNotFound, "rate_limited")
_OK: Final[dict[int | str, dict[str, Any]]] = {
    200: {"description": "Taken.", "content": {"text/plain": {"schema": {"type": "string"}}}}
}


def _outside(services: Services, request: Request) -> str:
    """Return the address that programs outside use: PUBLIC_URL, else the one that the API was called by."""
    return services.settings.public_url or str(request.base_url)


@router.get("/pings/{job_id}", raises=(MonitorNotFound, StateConflict))
async def get_ping_url(services: ServicesDep, request: Request, job_id: JobId) -> PingUrlBody:
    """Return the ping URL of a `monitor.heartbeat` job, and its last ping. The first call makes the URL."""
    token = await services.pings.token(job_id)
    return PingUrlBody.of(job_id, _outside(services, request), token, await services.pings.last(job_id))


@router.post("/monitors/{job_id}/token", raises=(MonitorNotFound,))
async def replace_ping_url(
    services: ServicesDep, context: ContextDep, request: Request, job_id: JobId
) -> PingUrlBody:
    """Replace the ping URL of a `monitor.heartbeat` job; the earlier one is not found from now on."""
    context.note(target=f"job:{job_id}")
    token = await services.pings.rotate(job_id)
    return PingUrlBody.of(job_id, _outside(services, request), token, await services.pings.last(job_id))


@by_program.get(_PATH, response_class=Response, raises=_RAISES, responses=_OK)
async def ping(request: Request, token: str) -> Response:
    """Report that a program has ended well. Needs no key; `HEAD` does the same."""
    return await _take(request, token, Ping())


@by_program.post(_PATH, response_class=Response, raises=_RAISES, responses=_OK)
async def ping_with_output(request: Request, token: str) -> Response:
    """Report that a program has ended well; the first 10,000 bytes of the body are kept as its output."""
    return await _take(request, token, Ping(output=context_of(request).body))


@by_program.get(_EVENT_PATH, response_class=Response, raises=_RAISES, responses=_OK)
async def ping_event(request: Request, token: str, event: str) -> Response:
    """Report a start (`start`), a failure (`fail`), or an exit code (`0` to `255`). `HEAD` does the same."""
    return await _take(request, token, ping_of(event))


@by_program.post(_EVENT_PATH, response_class=Response, raises=_RAISES, responses=_OK)
async def ping_event_with_output(request: Request, token: str, event: str) -> Response:
    """Report a start, a failure or an exit code; the first 10,000 bytes of the body are kept as output."""
    return await _take(request, token, ping_of(event, context_of(request).body))


by_program.add("HEAD", _PATH, response_class=Response, include_in_schema=False)(ping)
by_program.add("HEAD", _EVENT_PATH, response_class=Response, include_in_schema=False)(ping_event)


def ping_of(event: str, output: bytes = b"") -> Ping:
    """Return the ping that the end of a path means; raises PingNotFound."""
    if event in ("start", "fail"):
        return Ping("start" if event == "start" else "fail", None, output)
    if event.isascii() and event.isdigit() and len(event) <= len(str(MAX_EXIT_CODE)):
        code = int(event)
        if code <= MAX_EXIT_CODE:
            return Ping.of_exit(code, output)
    raise PingNotFound


async def _take(request: Request, token: str, found: Ping) -> Response:
    services = services_of(request)
    services.ping_limits.check(token)
    try:
        await services.pings.ping(token, found)
    except PingNotFound:
        services.ping_limits.forget(token)
        services.ping_limits.wrong.failed(services.audit.origins.of(request.scope))
        raise
    return Response("OK", media_type="text/plain; charset=utf-8")
