"""The frame of every service: settings, logs, event loop, signals, connection, exit code.

Exit codes: 0 stopped by a signal · 1 unexpected error, restart · 2 configuration error, a restart does not
help · 130 second signal, exited at once.
"""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import sys
import threading
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

from dotenv import dotenv_values
from pydantic import ValidationError

from app.core.activity.heartbeat import Heartbeat, HeartbeatGroup, State
from app.core.activity.watchdog import watched_loop, write_stacks_on_signal
from app.core.background import OutageBackoff, or_stop, sleep_or_stop
from app.core.clock import Clock, SystemClock
from app.core.config import Settings, settings_problems
from app.core.errors import ConfigurationError, RedisUnavailable
from app.core.home.ownership import refuse_foreign
from app.core.home.places import ENV_FILE, own_env_file
from app.core.home.running import running_platform
from app.core.observability import MISCONFIGURED, add_redactor, configure_logging, get_logger, instance_name
from app.core.queue import Queue
from app.core.redaction import redactor
from app.core.redis_client import RedisLink, check_server, open_shards, whole_of
from app.core.secret_key.check import checked_secret_key
from app.core.storage.keys import Keys
from app.core.storage.layout import ensure_layout
from app.core.storage.migrations import ensure_schema
from app.core.storage.scripts import Scripts
from app.core.storage.shards import Shard, ShardSet
from app.core.system import raise_open_files
from app.core.tracing import open_sink
from app.core.tracing.spans import SpanSink

EXIT_STOPPED, EXIT_FAILED, EXIT_MISCONFIGURED, EXIT_AT_ONCE = 0, 1, 2, 130
# At start a failed call loses nothing, so it may fail early and report it.
_START_PATIENCE_SEC = 1.0
_CLOSE_SEC = 2.0
_LATE_CHECK_SEC = 2.0
# Threads and tasks that do not end may delay the exit by this time at most.
_LINGER_SEC = 5.0

_PATIENCE_SEC, _OUTAGE_PATIENCE_SEC = 1.0, 0.05

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
    shards: ShardSet
    """All shards; `link`, `keys`, `scripts` and `queue` are those of the first one, the home."""
    stop: asyncio.Event
    spans: SpanSink | None = None

    def of_shard(self, shard: Shard) -> ServiceContext:
        """Return the dependencies of the loops of one shard."""
        if len(self.shards) == 1:
            return self
        settings = self.settings.of_shard(shard.index)
        queue = Queue(shard.link, shard.scripts, shard.keys, self.clock, settings)
        parts = {"keys": shard.keys, "link": shard.link, "scripts": shard.scripts, "queue": queue}
        return replace(self, settings=settings, **parts)

    def whole(self) -> ServiceContext:
        """Return the dependencies of work on all shards at once: lists, searches, commands of people."""
        if len(self.shards) == 1:
            return self
        view = whole_of(self.shards)
        queue = Queue(view.link, view.scripts, view.keys, self.clock, self.settings)
        return replace(self, keys=view.keys, link=view.link, scripts=view.scripts, queue=queue)

    async def open_between(self) -> ShardSet | None:
        """Return links for work that one loop does in several shards; None if there is one shard.

        A shard that is away is found out within a second, and then costs the others no time.
        """
        if len(self.shards) == 1:
            return None
        return await open_shards(self.settings, _PATIENCE_SEC, outage_patience_sec=_OUTAGE_PATIENCE_SEC)

    def heartbeat(self, state: State) -> Heartbeat | HeartbeatGroup:
        """Return the loop that sends heartbeats, to each shard: scripts see only their own."""
        beats = [
            Heartbeat(
                shard.scripts,
                self.clock,
                self.settings,
                service=self.service,
                instance=self.instance,
                state=state,
            )
            for shard in self.shards
        ]
        return beats[0] if len(beats) == 1 else HeartbeatGroup(beats)


def context_of(  # noqa: PLR0917 - the order is that of the fields
    service: str,
    instance: str,
    settings: Settings,
    clock: Clock,
    shards: ShardSet,
    stop: asyncio.Event,
    spans: SpanSink | None = None,
) -> ServiceContext:
    """Return the dependencies of a service's loops on these shards."""
    home = shards.home
    return ServiceContext(
        service=service,
        instance=instance,
        settings=settings,
        clock=clock,
        keys=home.keys,
        link=home.link,
        scripts=home.scripts,
        queue=Queue(home.link, home.scripts, home.keys, clock, settings),
        shards=shards,
        stop=stop,
        spans=spans,
    )


Main = Callable[[ServiceContext], Awaitable[int]]


def run_service(service: str, main: Main, *, has_own_watchdog: bool = False) -> NoReturn:
    """Run a service: call `main` until it returns, then exit with its code.

    `has_own_watchdog`: it sends watchdog messages itself, because its event loop may be busy for long.
    """
    instance = instance_name(service)
    write_stacks_on_signal()
    try:
        settings = load_settings()
        configure_logging(service, instance, settings.log_level)
        add_redactor(redactor.text)
        raise_open_files()
    except ConfigurationError as error:
        configure_logging(service, instance)
        sys.exit(log_misconfigured(error))

    async def serve(stop: asyncio.Event) -> int:
        with nullcontext() if has_own_watchdog else watched_loop():
            return await _serve(service, instance, settings, main, stop)

    # Code, models and settings stay: a collection need not look at them, and takes 1 ms in place of 50.
    gc.freeze()
    gc.enable()
    exit_with(run_under_signals(serve))


def log_misconfigured(error: ConfigurationError) -> int:
    """Log a configuration error as one line, without a traceback; return the exit code for it."""
    log.error(MISCONFIGURED, reason=error.message)
    return EXIT_MISCONFIGURED


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
    return _read_settings(Path(ENV_FILE))


def _read_settings(file: Path | None, *, of_running: bool = False) -> Settings:
    try:
        running = _of_running(file) if of_running else {}
        settings = Settings(_env_file=file, **running)  # pyright: ignore[reportCallIssue]
    except ValidationError as error:
        raise ConfigurationError(settings_problems(error)) from error
    for secret in settings.secret_values():
        redactor.register(secret)
    return settings


def load_trusted_settings() -> Settings:
    """Read the settings for a command of a person, which connects to the addresses in them.

    ConfigurationError refuses a `.env` that another user may have written.
    """
    refuse_foreign(Path(ENV_FILE))
    return _read_settings(Path(ENV_FILE), of_running=True)


def load_own_settings() -> Settings:
    """Read the settings of this user's deployment from any folder; a `.env` of another one is not used."""
    return _read_settings(own_env_file(), of_running=True)


def _of_running(file: Path | None) -> dict[str, Any]:
    """Return ports and namespace of our running platform, unless the environment or `.env` has them."""
    running = running_platform()
    if running is None:
        return {}
    stored = dotenv_values(file) if file is not None else dict[str, str | None]()
    given = {each.upper() for each in (*os.environ, *stored)}
    # A Redis that is named is another one, whose port is in its address.
    names = ("API_PORT", "NAMESPACE", *(() if "REDIS_URL" in given else ("REDIS_PORT",)))
    return {
        name.lower(): running.settings[name]
        for name in names
        if name not in given and name in running.settings
    }


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
            return log_misconfigured(error)
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
    away = await _wait_for_redis(settings, stop)
    if stop.is_set():
        return EXIT_STOPPED
    shards, spans = await open_shards(settings), open_sink(settings, service, instance)
    context = context_of(service, instance, settings, SystemClock(), shards, stop, spans)
    log.info("started", pid=os.getpid(), namespace=settings.namespace, shards=settings.shards)
    checking = asyncio.create_task(_check_late(settings, stop), name="late shards") if away else None
    try:
        code = await main(context)
        return code if checking is None else code or await checking
    finally:
        log.info("stopped")
        await _close(shards)
        if spans is not None:
            await spans.close()


async def _wait_for_redis(settings: Settings, stop: asyncio.Event) -> tuple[Shard, ...]:
    """Wait until Redis answers and is the right one; return the shards that did not answer."""
    outage = OutageBackoff("start")
    while not stop.is_set():
        try:
            away = await or_stop(stop, _check(settings))
        except RedisUnavailable as error:
            await sleep_or_stop(stop, outage.failed(error))
        else:
            outage.worked()
            return away or ()
    return ()


async def _check_late(settings: Settings, stop: asyncio.Event) -> int:
    """Check shards as soon as they answer that did not at the start; stop the service at a wrong one."""
    while not stop.is_set():
        await sleep_or_stop(stop, _LATE_CHECK_SEC)
        try:
            if not await _check(settings):
                break
        except RedisUnavailable:
            continue
        except ConfigurationError as error:
            stop.set()
            return log_misconfigured(error)
        except Exception:
            # The caller has it once the service has stopped; alone, this task would keep it until then.
            stop.set()
            raise
    return EXIT_STOPPED


async def _check(settings: Settings) -> tuple[Shard, ...]:
    shards = await open_shards(settings, _START_PATIENCE_SEC)
    try:
        return await check_shards(shards, settings)
    finally:
        await _close(shards)


async def check_shards(shards: ShardSet, settings: Settings) -> tuple[Shard, ...]:
    """Check layout, server, schema and secret key of each shard; return those that are out of reach.

    Raises ConfigurationError if a shard must not be used, RedisUnavailable if the first one is out of reach.
    """
    away = list(await ensure_layout(shards, settings))
    for shard in shards:
        if shard in away:
            continue
        try:
            await check_server(shard.link)
            await ensure_schema(shard.link, shard.scripts)
            await checked_secret_key(shard.link, shard.scripts, settings)
        except RedisUnavailable:
            if shard is shards.home:
                raise
            away.append(shard)
    return tuple(away)


async def _close(shards: ShardSet) -> None:
    # If Redis is out of reach, commands in flight would be retried for a minute.
    try:
        async with asyncio.timeout(_CLOSE_SEC):
            await shards.close()
    except TimeoutError:
        log.warning("left without answers from Redis")
