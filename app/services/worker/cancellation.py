"""Listens on the control channel for cancelled runs.

Lease renewal also reports them, but up to a third of a lease later.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.core.background import run_forever
from app.core.runner import StopReason

if TYPE_CHECKING:
    import asyncio

    from app.core.redis_client import BlockingLink
    from app.core.storage.keys import Keys
    from app.services.worker.leases import InFlight

LISTEN_SEC = 1.0


class CancelListener:
    """Subscribes to the control channel."""

    def __init__(self, link: BlockingLink, keys: Keys, in_flight: InFlight) -> None:
        self._link = link
        self._keys = keys
        self._in_flight = in_flight

    async def run(self, stop: asyncio.Event) -> None:
        """Listen until `stop`."""
        await run_forever("cancels", self._listen, stop)
        await self._link.close()

    async def _listen(self, _stop: asyncio.Event) -> None:
        if not self._link.connected:
            await self._link.command("SUBSCRIBE", self._keys.control, timeout_sec=5)
        message = await self._link.message(LISTEN_SEC)
        if message and message[0] == "message":
            self._on_message(str(message[2]))

    def _on_message(self, text: str) -> None:
        verb, _, run_id = text.partition(" ")
        attempt = self._in_flight.attempt(run_id)
        if verb == "cancel" and attempt is not None:
            attempt.stop(StopReason.CANCELLED)
