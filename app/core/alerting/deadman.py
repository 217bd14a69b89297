"""The ping of DEADMAN_URL: a service outside of this machine notices if it stays away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import httpx

from app.core.connectors.http import tls_context
from app.core.errors import MultiJobError
from app.core.incidents.models import IncidentKind
from app.core.net.addresses import resolve_allowed
from app.core.observability import get_logger

if TYPE_CHECKING:
    from app.core.config import Settings
    from app.core.incidents.store import IncidentStore

TIMEOUT_SEC: Final = 10.0
OF_PLATFORM: Final = frozenset(
    {
        IncidentKind.SCHEDULER_SILENT,
        IncidentKind.NO_WORKER,
        IncidentKind.QUEUE_STUCK,
        IncidentKind.OUTBOX_STUCK,
        IncidentKind.REDIS_MEMORY,
        IncidentKind.SHARD_AWAY,
    }
)
"""Incidents of the platform itself; while a critical one is open, nothing is sent."""
_MOST_OPEN: Final = 500

log = get_logger(__name__)


class Deadman:
    """Pings the URL; a ping that fails is only logged, since its absence is the message."""

    def __init__(self, incidents: IncidentStore, settings: Settings) -> None:
        self._incidents = incidents
        self._settings = settings
        self._url = settings.deadman_url.get_secret_value()

    async def ping(self) -> bool:
        """Send one GET if the platform has no critical incident; True if it was answered with 2xx."""
        if not self._url or await self._is_in_trouble():
            return False
        try:
            status = await self._send(httpx.URL(self._url))
        except (httpx.HTTPError, MultiJobError, OSError) as error:
            # Without the URL, which is a secret.
            log.warning("DEADMAN_URL was not reached", reason=type(error).__name__)
            return False
        if not httpx.codes.is_success(status):
            log.warning("DEADMAN_URL refused the ping", status=status)
        return httpx.codes.is_success(status)

    async def _is_in_trouble(self) -> bool:
        page = await self._incidents.list("open", limit=_MOST_OPEN)
        return any(each.severity == "critical" and each.kind in OF_PLATFORM for each in page.items)

    async def _send(self, url: httpx.URL) -> int:
        port = url.port or (443 if url.scheme == "https" else 80)
        # The address that was checked is the one that is called, whatever the name leads to later.
        [address, *_] = await resolve_allowed(url.host, port, self._settings.http_allow_private)
        async with httpx.AsyncClient(verify=tls_context(), trust_env=False, timeout=TIMEOUT_SEC) as client:
            answer = await client.get(
                url.copy_with(host=address),
                headers={"Host": url.netloc.decode()},
                extensions={"sni_hostname": url.host},
            )
            return answer.status_code
