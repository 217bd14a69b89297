"""Container health check: `python -m app.healthcheck SERVICE` exits with 0 if the service is alive here."""

from __future__ import annotations

import asyncio
import socket
import sys

from app.core.activity.heartbeat import Heartbeats
from app.core.errors import MultiJobError
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
        heartbeats = Heartbeats(link, Keys(settings.namespace), settings)
        return any(found.host == host for found in await heartbeats.instances(service))
    finally:
        await link.close()


def main(arguments: list[str]) -> int:
    """Return 0 if it is alive, else 1 after a line with the reason."""
    if len(arguments) != 1:
        print_line("usage: python -m app.healthcheck SERVICE", file=sys.stderr)
        return 2
    try:
        alive = asyncio.run(has_heartbeat(arguments[0], socket.gethostname()))
    except MultiJobError as error:
        print_line(error, file=sys.stderr)
        return 1
    if not alive:
        print_line(_("no {service} was heard of on this host", service=arguments[0]), file=sys.stderr)
    return 0 if alive else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
