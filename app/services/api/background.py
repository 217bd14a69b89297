"""Background loops of the API process: server check, heartbeat. A failure does not end the process."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from typing import TYPE_CHECKING, Any

from app.core.activity.heartbeat import Heartbeat
from app.core.background import Backoff, sleep_or_stop
from app.core.errors import ConfigurationError, RedisUnavailable, Unavailable
from app.core.i18n import _
from app.core.observability import get_logger
from app.core.redis_client import check_server
from app.core.secret_key.check import checked_secret_key
from app.core.storage.scripts import Scripts
from app.services.api.http.limits import RefusalReport

if TYPE_CHECKING:
    from app.core.background import Loop
    from app.services.api.dependencies import Services

# A start waits this long for Redis, then continues without it, so that probes get an answer.
_FIRST_LOOK_SEC = 1.0
_AFTER_CRASH_SEC = 1.0
_STOP_SEC = 4.0
_CLOSE_SEC = 1.0
# Without details, because this endpoint needs no key; the log has them.
_REFUSED = _("The settings do not fit this Redis; the API's log has the reason.")

log = get_logger(__name__)


@contextlib.asynccontextmanager
async def serve_beside(services: Services, service: str, instance: str) -> AsyncGenerator[None]:
    """Run the loops while the block runs; raise ConfigurationError at once if Redis must not be used."""
    looked = await _first_look(services)
    stop = asyncio.Event()
    scripts = Scripts(services.link, services.keys)
    beat = Heartbeat(
        scripts,
        services.keys,
        services.clock,
        services.settings,
        service=service,
        instance=instance,
        state=_state,
        health=services.health,
    )
    refusals = RefusalReport(services.refusals, scripts, instance)
    loops: list[Loop] = [beat, services.key_cache, refusals, *([] if looked else [_Look(services)])]
    tasks = {asyncio.create_task(_survive(loop, stop), name=type(loop).__name__) for loop in loops}
    try:
        yield
    finally:
        stop.set()
        await _end(tasks)
        # If Redis is out of reach, commands in flight would be retried for a while.
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_CLOSE_SEC):
                await services.hub.close()
                await services.channels.notifier.close()
                await services.link.close()


def _state() -> dict[str, Any]:
    return {}


async def _first_look(services: Services) -> bool:
    try:
        async with asyncio.timeout(_FIRST_LOOK_SEC):
            await _check(services)
    except (Unavailable, TimeoutError) as error:
        log.warning("started without Redis; it is looked for until it answers", reason=str(error))
        return False
    return True


async def _check(services: Services) -> None:
    await check_server(services.link)
    await checked_secret_key(services.link, Scripts(services.link, services.keys), services.settings)


class _Look:
    """Checks the server once it answers: one that may evict keys is refused, and every route reports it."""

    def __init__(self, services: Services) -> None:
        self._platform = services

    async def run(self, stop: asyncio.Event) -> None:
        backoff = Backoff()
        while not stop.is_set():
            try:
                await _check(self._platform)
            except RedisUnavailable:
                await backoff.wait(stop)
            except ConfigurationError as error:
                log.error("misconfigured", reason=error.message)  # noqa: TRY400  one clear line, no traceback
                self._platform.refusal = error
                self._platform.health.misconfigured(_REFUSED)
                await sleep_or_stop(stop, _AFTER_CRASH_SEC)
            else:
                self._platform.refusal = None
                self._platform.health.misconfigured("")
                return


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
