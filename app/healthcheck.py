"""Container health check: `python -m app.healthcheck SERVICE` exits with 0 if the service is alive here.

With `--live` it also exits with 0 while Redis is out of reach. That is for orchestrators, which restart a
container that fails its check: heartbeats are in Redis, and a restart does not bring Redis back.
"""

from __future__ import annotations

import asyncio
import socket
import sys

from app.core.activity.heartbeat import Heartbeats
from app.core.errors import MultiJobError, Unavailable
from app.core.i18n import _
from app.core.process import load_settings
from app.core.redis_client import open_link
from app.core.storage.keys import Keys
from app.local.output import print_line

_PATIENCE_SEC = 5.0


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
    live = "--live" in arguments
    services = [each for each in arguments if each != "--live"]
    if len(services) != 1:
        print_line("usage: python -m app.healthcheck SERVICE [--live]", file=sys.stderr)
        return 2
    try:
        alive = asyncio.run(has_heartbeat(services[0], socket.gethostname()))
    except MultiJobError as error:
        print_line(error, file=sys.stderr)
        return 0 if live and isinstance(error, Unavailable) else 1
    if not alive:
        print_line(_("no {service} was heard of on this host", service=services[0]), file=sys.stderr)
    return 0 if alive else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
