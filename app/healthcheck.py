"""Container health check: `python -m app.healthcheck SERVICE` exits with 0 if the service is alive here.

With `--live` it also exits with 0 while Redis is out of reach. That is for orchestrators, which restart a
container that fails its check: heartbeats are in Redis, and a restart does not bring Redis back. Docker
restarts no container for a failed check. `--replace` ends the hung service, and with it the container, which
starts again.
"""

from __future__ import annotations

import asyncio
import os
import socket
import sys
import time
from collections.abc import Iterable
from contextlib import suppress

import psutil

from app.core.activity.heartbeat import Heartbeats
from app.core.activity.watchdog import write_stacks_of
from app.core.clock import SystemClock
from app.core.errors import MultiJobError, Unavailable
from app.core.i18n import _
from app.core.process import load_settings
from app.core.redis_client import open_link
from app.core.storage.keys import Keys
from app.local.output import print_line

_PATIENCE_SEC = 5.0
# After a sleep of the machine the last heartbeat is old, and the next one comes within these seconds.
_SECOND_LOOK_SEC = 8.0
# A service that has just started has sent none yet.
_YOUNG_SEC = 90.0
_STOP_SEC = 5.0


async def has_heartbeat(service: str, host: str) -> bool:
    """Return whether a process of this service on this host has sent a heartbeat within six intervals."""
    settings = load_settings()
    link = await open_link(settings, _PATIENCE_SEC)
    try:
        heartbeats = Heartbeats(link, Keys.of(settings), settings)
        return any(found.host == host for found in await heartbeats.instances(service))
    finally:
        await link.close()


def main(arguments: list[str]) -> int:
    """Return 0 if it is alive, else 1 after a line with the reason."""
    options = {"--live", "--replace"} & set(arguments)
    services = [each for each in arguments if each not in options]
    if len(services) != 1:
        print_line("usage: python -m app.healthcheck SERVICE [--live] [--replace]", file=sys.stderr)
        return 2
    code = _check(services[0], live=bool(options))
    if code and "--replace" in options:
        time.sleep(_SECOND_LOOK_SEC)
        code = _check(services[0], live=True)
        if code:
            end_hung(psutil.process_iter())
    return code


def end_hung(processes: Iterable[psutil.Process]) -> None:
    """End the service of this container, the child of its first process, unless it is young."""
    for process in processes:
        with suppress(psutil.Error, OSError):
            is_service = process.ppid() == 1 and process.pid != os.getpid()
            age_sec = SystemClock().now_ms() / 1000 - process.create_time()
            if not is_service or age_sec < _YOUNG_SEC:
                continue
            write_stacks_of(process.pid)
            process.terminate()
            process.resume()
            try:
                process.wait(_STOP_SEC)
            except psutil.TimeoutExpired:
                process.kill()


def _check(service: str, *, live: bool) -> int:
    try:
        alive = asyncio.run(has_heartbeat(service, socket.gethostname()))
    except MultiJobError as error:
        print_line(error, file=sys.stderr)
        return 0 if live and isinstance(error, Unavailable) else 1
    if not alive:
        print_line(_("no {service} was heard of on this host", service=service), file=sys.stderr)
    return 0 if alive else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
