"""Log lines about who is served: AUTH=off, and the way in to a container that has no key yet."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from app.core.access.local_owner import in_container
from app.core.background import Backoff
from app.core.errors import Unavailable
from app.core.i18n import _, in_both
from app.core.observability import get_logger

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Awaitable, Callable

    from app.core.access.keyring import Keyring
    from app.core.config import Settings

log = get_logger(__name__)


def warn_of_auth_off(settings: Settings) -> None:
    """Log at each start that AUTH=off serves everybody."""
    if settings.auth == "off":
        log.warning(
            in_both(_("AUTH=off: everybody who reaches the port of the API or the dashboard is an admin.")),
            next_step="remove AUTH=off from .env, start again, and sign in with `multi-job open`",
        )


class SignInNotice:
    """Logs once how to sign in, if this process runs in a container and there is no key yet.

    The lines have commands and no code: whoever reads logs is not signed in by them.
    """

    def __init__(self, settings: Settings, current: Callable[[], Awaitable[Keyring]]) -> None:
        self._settings = settings
        self._current = current

    async def run(self, stop: asyncio.Event) -> None:
        """Wait for the keys, then log; return at once if this is no container or everybody is served."""
        if self._settings.auth == "off" or not in_container():
            return
        backoff = Backoff()
        while not stop.is_set():
            try:
                keyring = await self._current()
            except Unavailable:
                await backoff.wait(stop)
                continue
            if not keyring.keys_required:
                self._log()
            return

    def _log(self) -> None:
        inside = "kubectl exec deploy/api --" if "KUBERNETES_SERVICE_HOST" in os.environ else COMPOSE
        log.warning(
            in_both(
                _(
                    "There is no key yet. To sign in to the dashboard: {open} prints a link that works once. "
                    "For programs: {key} prints a key that works until the first one is created.",
                    open=f"{inside} multi-job open",
                    key=f"{inside} multi-job key",
                )
            )
        )


COMPOSE = "docker compose exec api"
