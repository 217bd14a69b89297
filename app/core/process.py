"""The frame of every service: settings, logs, event loop, signals, connection, exit code.

Exit codes: 0 stopped by a signal · 1 unexpected error, restart · 2 configuration error, a restart does not
help · 130 second signal, exited at once.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import NoReturn

from pydantic import ValidationError

from app.core.activity.heartbeat import Heartbeat, State
from app.core.background import OutageBackoff, or_stop, sleep_or_stop
from app.core.clock import Clock, SystemClock
from app.core.config import Settings, settings_problems
from app.core.errors import ConfigurationError, RedisUnavailable
from app.core.observability import add_redactor, configure_logging, get_logger, instance_name
from app.core.queue import Queue
from app.core.redaction import redactor
from app.core.redis_client import RedisLink, check_server, open_link
from app.core.secret_key.check import checked_secret_key
from app.core.storage.keys import Keys
from app.core.storage.migrations import ensure_schema
from app.core.storage.scripts import Scripts
from app.core.system import raise_open_files
from app.core.tracing import open_sink
from app.core.tracing.spans import SpanSink

EXIT_STOPPED, EXIT_FAILED, EXIT_MISCONFIGURED, EXIT_AT_ONCE = 0, 1, 2, 130
# At start a failed call loses nothing, so it may fail early and report it.
_START_PATIENCE_SEC = 1.0
_CLOSE_SEC = 2.0
# Threads and tasks that do not end may delay the exit by this time at most.
_LINGER_SEC = 5.0

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class ServiceContext:
    """The dependencies of a service's loops."""

    service: str
    instance: str
    settings: Settings
    clock: Clock
    keys: Keys
    link: RedisLink
    scripts: Scripts
    queue: Queue
    stop: asyncio.Event
    spans: SpanSink | None = None

    def heartbeat(self, state: State) -> Heartbeat:
        """Return the loop that sends heartbeats."""
        parts = (self.scripts, self.clock, self.settings)
        return Heartbeat(*parts, service=self.service, instance=self.instance, state=state)


Main = Callable[[ServiceContext], Awaitable[int]]


def run_service(service: str, main: Main) -> NoReturn:
    """Run a service: call `main` until it returns, then exit with its code."""
    instance = instance_name(service)
    try:
        settings = load_settings()
        configure_logging(service, instance, settings.log_level)
        add_redactor(redactor.text)
        raise_open_files()
    except ConfigurationError as error:
        configure_logging(service, instance)
        log.error("misconfigured", reason=error.message)  # noqa: TRY400  one clear line, no traceback
        sys.exit(EXIT_MISCONFIGURED)

    async def serve(stop: asyncio.Event) -> int:
        return await _serve(service, instance, settings, main, stop)

    exit_with(run_under_signals(serve))


def exit_with(code: int) -> NoReturn:
    """End this process with a code, within 5 s even if threads do not end."""
    watchdog = threading.Timer(_LINGER_SEC, os._exit, (code,))
    watchdog.daemon = True
    watchdog.start()
    sys.exit(code)


def load_settings() -> Settings:
    """Read the settings and register their secrets for redaction.

    ConfigurationError names every refused variable, never its value.
    """
    try:
        settings = Settings()
    except ValidationError as error:
        raise ConfigurationError(settings_problems(error)) from error
    for secret in settings.secret_values():
        redactor.register(secret)
    return settings


def run_under_signals(main: Callable[[asyncio.Event], Awaitable[int]]) -> int:
    """Run `main(stop)` in a new event loop and return its code; the first SIGTERM or SIGINT sets `stop`.

    An exception of `main` is logged and converted to a code.
    """
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        return runner.run(_guarded(main))


async def _guarded(main: Callable[[asyncio.Event], Awaitable[int]]) -> int:
    stop = asyncio.Event()
    with _signals_set(stop, asyncio.get_running_loop()):
        try:
            return await main(stop)
        except ConfigurationError as error:
            log.error("misconfigured", reason=error.message)  # noqa: TRY400  one clear line, no traceback
            return EXIT_MISCONFIGURED
        except Exception:
            log.exception("crashed")
            return EXIT_FAILED


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    try:
        import uvloop  # noqa: PLC0415  it has no Windows build
    except ImportError:
        return None
    return uvloop.new_event_loop


@contextmanager
def _signals_set(stop: asyncio.Event, loop: asyncio.AbstractEventLoop) -> Generator[None]:
    stopping = False

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        nonlocal stopping
        if stopping:
            os._exit(EXIT_AT_ONCE)
        stopping = True
        loop.call_soon_threadsafe(stop.set)

    # signal.signal, not loop.add_signal_handler: it also runs while a handler keeps the event loop busy, so
    # that a second signal always gets through, and it exists on Windows.
    numbers = [getattr(signal, name) for name in ("SIGTERM", "SIGINT", "SIGBREAK") if hasattr(signal, name)]
    before = {number: signal.signal(number, on_signal) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


async def _serve(service: str, instance: str, settings: Settings, main: Main, stop: asyncio.Event) -> int:
    await _wait_for_redis(settings, stop)
    if stop.is_set():
        return EXIT_STOPPED
    link, spans = await open_link(settings), open_sink(settings, service, instance)
    clock, keys = SystemClock(), Keys(settings.namespace)
    scripts = Scripts(link, keys)
    context = ServiceContext(
        service=service,
        instance=instance,
        settings=settings,
        clock=clock,
        keys=keys,
        link=link,
        scripts=scripts,
        queue=Queue(link, scripts, keys, clock, settings),
        stop=stop,
        spans=spans,
    )
    log.info("started", pid=os.getpid(), namespace=settings.namespace)
    try:
        return await main(context)
    finally:
        log.info("stopped")
        await _close(link)
        if spans is not None:
            await spans.close()


async def _wait_for_redis(settings: Settings, stop: asyncio.Event) -> None:
    outage = OutageBackoff("start")
    link = await open_link(settings, _START_PATIENCE_SEC)
    try:
        while not stop.is_set():
            try:
                await or_stop(stop, _check(link, settings))
            except RedisUnavailable as error:
                await sleep_or_stop(stop, outage.failed(error))
            else:
                outage.worked()
                return
    finally:
        await _close(link)


async def _check(link: RedisLink, settings: Settings) -> None:
    scripts = Scripts(link, Keys(settings.namespace))
    await check_server(link)
    await ensure_schema(link, scripts)
    await checked_secret_key(link, scripts, settings)


async def _close(link: RedisLink) -> None:
    # If Redis is out of reach, commands in flight would be retried for a minute.
    try:
        async with asyncio.timeout(_CLOSE_SEC):
            await link.close()
    except TimeoutError:
        log.warning("left without answers from Redis")
