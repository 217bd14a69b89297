"""Start and stop of the API: settings, server, background loops, stop signals.

The server notifies the application of a stop only after all open responses have ended; the signal is seen at
once. A failure of a background loop does not end the process.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import os
import signal
import threading
from collections.abc import AsyncGenerator, Callable, Generator
from types import FrameType
from typing import TYPE_CHECKING, Any, Final, cast

import uvicorn
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from app import __version__
from app.core.access.api_keys import fixed_keys
from app.core.access.key_store import KeysRequired
from app.core.access.local_owner import LocalKey, why_no_connection_counts
from app.core.activity.heartbeat import Heartbeat
from app.core.activity.watchdog import watched_loop, write_stacks_on_signal
from app.core.alerting.self_watch import SelfWatch
from app.core.background import Backoff, sleep_or_stop
from app.core.clock import SystemClock
from app.core.errors import ConfigurationError, RedisUnavailable, Unavailable
from app.core.i18n import _
from app.core.observability import add_redactor, configure_logging, get_logger, instance_name
from app.core.policies import load_policies
from app.core.process import check_shards, load_settings, log_misconfigured
from app.core.redaction import redactor
from app.core.registry import load_handlers
from app.core.system import raise_open_files
from app.core.tracing import open_sink
from app.services.api.access_notice import SignInNotice, warn_of_auth_off
from app.services.api.http.connections import ConnectionTable, bound_connections, most_connections
from app.services.api.http.limits import RefusalReport
from app.services.api.http.middleware import RequestRules
from app.services.api.http.tracing import TraceRequests
from app.services.api.services import Services, open_services

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.types import ASGIApp

    from app.core.background import Loop
    from app.core.config import Settings

SERVICE = "api"
# A start waits this long for Redis, then continues without it, so that probes get an answer.
_FIRST_LOOK_SEC = 1.0
_AFTER_CRASH_SEC = 1.0
_STOP_SEC = 4.0
_CLOSE_SEC = 1.0
# Without details, because this endpoint needs no key; the log has them.
_REFUSED = _("The settings do not fit this Redis; the API's log has the reason.")
# What start-local gives it on its command line: one client that reads nothing must not hold the process.
GRACE_SEC: Final = 3
_NAMES: Final = ("SIGTERM", "SIGINT", "SIGBREAK")

log = get_logger(__name__)


def attach(app: FastAPI, services: Services) -> None:
    """Give the application its services."""
    app.state.services = services
    app.state.rules = RequestRules(services.settings)


@contextlib.asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
    """Run the API while the block runs; settings that cannot work end its process with one line.

    uvicorn has no other way: it reports each error of a start with a traceback and its own exit code. Under
    another server the error is raised.
    """
    instance = instance_name(SERVICE)
    if running_server() is not None:
        write_stacks_on_signal()
    try:
        with watched_loop():
            async with _running(app, instance):
                yield
    except ConfigurationError as error:
        if running_server() is None:
            raise
        configure_logging(SERVICE, instance)
        os._exit(log_misconfigured(error))


@contextlib.asynccontextmanager
async def _running(app: FastAPI, instance: str) -> AsyncGenerator[None]:
    settings = load_settings()
    configure_logging(SERVICE, instance, settings.log_level)
    add_redactor(redactor.text)
    if not log.isEnabledFor(logging.DEBUG):
        # A line costs as much as a small request, and a dashboard polls; metrics count them all.
        logging.getLogger("uvicorn.access").setLevel(logging.WARNING)
    spans = open_sink(settings, SERVICE, instance)
    fixed_keys(settings)  # a list that cannot be read ends the start and not the first request
    _prepare_local_owner(settings)
    warn_of_auth_off(settings)
    handlers, policies = load_handlers(settings), load_policies(settings)
    platform = await open_services(settings, SystemClock(), handlers, policies, spans)
    attach(app, platform)
    if spans is not None:
        # Around all the rest, and only if a collector is configured: every request would pay for it.
        app.middleware_stack = TraceRequests(cast("ASGIApp", app.middleware_stack), spans, platform.clock)
    _bound_server(platform)
    with at_stop(platform.hub.end_streams):
        async with _serve_beside(platform, instance):
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


def _prepare_local_owner(settings: Settings) -> None:
    """Make the local key, unless keys are required already; warn if all of root is the local owner."""
    if settings.auth == "off" or settings.api_keys.get_secret_value() or KeysRequired(settings).exists():
        return
    LocalKey(settings).ensure()
    if why_no_connection_counts(settings) is None and os.name == "posix" and os.geteuid() == 0:
        log.warning(
            "the API runs as root: until there is a key, each process of root is served without one",
            next_step="run it as a user of its own, or set AUTH=key",
        )


def _set_aside_what_stays(app: FastAPI) -> None:
    # Else the first request for the document, or with a wrong method, would hold up all others.
    app.openapi()
    # The collector looks at everything now and then; a tenth of a second for routes and models that never go
    # is what the slowest request of a hundred waited for.
    gc.collect()
    gc.freeze()


# The loops beside the server: heartbeat, keys, counts of refusals, and the check of Redis.


@contextlib.asynccontextmanager
async def _serve_beside(services: Services, instance: str) -> AsyncGenerator[None]:
    """Run the loops while the block runs; raise ConfigurationError at once if Redis must not be used."""
    looked = await _first_look(services)
    stop = asyncio.Event()
    scripts = services.link.scripts(services.keys)
    beat = Heartbeat(
        scripts,
        services.clock,
        services.settings,
        service=SERVICE,
        instance=instance,
        state=dict[str, Any],
        health=services.health,
    )
    refusals = RefusalReport(services.refusals, scripts, instance)
    watch = SelfWatch(services.link, scripts, services.clock, services.settings, instance, services.shards)
    notice = SignInNotice(services.settings, services.key_cache.current)
    loops: list[Loop] = [beat, services.key_cache, refusals, watch, notice]
    loops += [] if looked else [_Look(services)]
    tasks = {asyncio.create_task(_survive(loop, stop), name=type(loop).__name__) for loop in loops}
    try:
        yield
    finally:
        stop.set()
        await _end(tasks)
        # If Redis is out of reach, commands in flight would be retried for a while.
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_CLOSE_SEC):
                await services.planning.close()
                await services.hub.close()
                await services.notifier.close()
                await services.shards.close()


async def _first_look(services: Services) -> bool:
    try:
        async with asyncio.timeout(_FIRST_LOOK_SEC):
            return await _check(services)
    except (Unavailable, TimeoutError) as error:
        log.warning("started without Redis; it is looked for until it answers", reason=str(error))
        return False


async def _check(services: Services) -> bool:
    """Check Redis; return whether all shards have answered."""
    return not await check_shards(services.shards, services.settings)


class _Look:
    """Checks the server once it answers: one that may evict keys is refused, and every route reports it."""

    def __init__(self, services: Services) -> None:
        self._platform = services

    async def run(self, stop: asyncio.Event) -> None:
        backoff = Backoff()
        while not stop.is_set():
            try:
                has_all = await _check(self._platform)
            except RedisUnavailable:
                await backoff.wait(stop)
            except ConfigurationError as error:
                log_misconfigured(error)
                self._platform.refusal = error
                self._platform.health.misconfigured(_REFUSED)
                await sleep_or_stop(stop, _AFTER_CRASH_SEC)
            else:
                self._platform.refusal = None
                self._platform.health.misconfigured("")
                if has_all:
                    return
                await sleep_or_stop(stop, _AFTER_CRASH_SEC)


async def _survive(loop: Loop, stop: asyncio.Event) -> None:
    """Run a loop again after a crash: requests are served without it."""
    while not stop.is_set():
        try:
            await loop.run(stop)
        except Exception:
            log.exception("loop crashed", loop=type(loop).__name__)
            await sleep_or_stop(stop, _AFTER_CRASH_SEC)
        else:
            return


async def _end(tasks: set[asyncio.Task[None]]) -> None:
    _, late = await asyncio.wait(tasks, timeout=_STOP_SEC)
    for task in late:
        task.cancel()
    if late:
        await asyncio.wait(late, timeout=1.0)


# The server, and the signals that stop it.


@contextlib.contextmanager
def at_stop(act: Callable[[], None]) -> Generator[None]:
    """Call `act` in the running loop on a stop signal; the server's own reaction stays."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    loop = asyncio.get_running_loop()
    numbers = [getattr(signal, name) for name in _NAMES if hasattr(signal, name)]
    before = {number: signal.getsignal(number) for number in numbers}
    for number, handler in before.items():
        # Without a handler of the server's own, the default has to go on ending the process.
        if callable(handler):
            signal.signal(number, _both(loop, act, handler))
    try:
        yield
    finally:
        for number, handler in before.items():
            if callable(handler):
                signal.signal(number, handler)


def _both(
    loop: asyncio.AbstractEventLoop, act: Callable[[], None], handler: Callable[..., Any]
) -> Callable[[int, FrameType | None], None]:
    def on_signal(number: int, frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(act)
        handler(number, frame)

    return on_signal


def running_server() -> uvicorn.Server | None:
    """Return the server that starts this application, None if it is not uvicorn in its main thread."""
    # The signal handler is a method of the server: the application has no other reference to it.
    server = getattr(signal.getsignal(signal.SIGTERM), "__self__", None)
    return server if isinstance(server, uvicorn.Server) else None


def prepare_server(server: uvicorn.Server) -> None:
    """Set options of a server that does not listen yet, which has no other way to get them.

    It ends its answers in 3 s, unless its command line says otherwise, names the peer of the socket, and does
    not say in each answer which server it is.
    """
    keep_peer(server.config)
    hide_name(server.config)
    if server.config.timeout_graceful_shutdown is None:
        server.config.timeout_graceful_shutdown = GRACE_SEC


def keep_peer(config: Any) -> None:
    """Let `scope["client"]` be the peer of the socket, never an address from `X-Forwarded-For`.

    `config` is uvicorn's. By default uvicorn replaces the peer by that header for every caller on loopback.
    """
    if isinstance(config.loaded_app, ProxyHeadersMiddleware):
        config.loaded_app = config.loaded_app.app


def hide_name(config: Any) -> None:
    """Leave `server: uvicorn` out of all answers; a `--header server:…` of the command line stays.

    `config` is uvicorn's. Its headers are computed before the application starts, and copied once it listens.
    """
    config.server_header = False
    config.encoded_headers = [each for each in config.encoded_headers if each != (b"server", b"uvicorn")]
