"""What one client of the event stream has still to be sent: bounded, and never waited for by others."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from app.services.api.event_frames import BEFORE_ALL, NOTHING

if TYPE_CHECKING:
    from app.core.events import EventId
    from app.services.api.auth import Actor
    from app.services.api.event_frames import Topics

# Chunks are shared between clients, so this bounds how far behind one may be rather than memory.
MAX_BYTES: Final = 1_048_576


class Listener:
    """The buffer between the hub, which offers, and one connection, which takes."""

    __slots__ = (
        "_chunks",
        "_lagging",
        "_size",
        "_what_was_missed",
        "_woken",
        "actor",
        "after",
        "ended",
        "newest",
        "since",
        "topics",
    )

    def __init__(
        self, topics: Topics, actor: Actor, since: float, what_was_missed: Callable[[], bytes]
    ) -> None:
        self.topics = topics
        self.actor = actor
        self.since = since
        self.after: EventId = BEFORE_ALL
        """Events up to here it has already."""
        self.newest = NOTHING
        """The newest event when the client came."""
        self.ended = False
        self._what_was_missed = what_was_missed
        self._chunks: list[bytes] = []
        self._size = 0
        self._lagging = False
        self._woken = asyncio.Event()

    def offer(self, chunk: bytes) -> None:
        """Add what shall be sent; where that is too much, all of it is dropped and the client is told."""
        if not chunk or self._lagging:
            return
        if self._size and self._size + len(chunk) > MAX_BYTES:
            self._drop()
            self._lagging = True
        else:
            self._chunks.append(chunk)
            self._size += len(chunk)
        self._woken.set()

    def restart(self, chunk: bytes) -> None:
        """Drop what waits and send this in its place; everything that follows is new."""
        self._drop()
        self._lagging = False
        self.after = BEFORE_ALL
        self.offer(chunk)

    def end(self) -> None:
        """End the stream; what waits is left, for the client resumes."""
        self.ended = True
        self._woken.set()

    async def take(self) -> bytes | None:
        """Wait for what is to be sent and return all of it; None at the end."""
        await self._woken.wait()
        self._woken.clear()
        if self.ended:
            return None
        if self._lagging:
            # Told with the newest id of now: what is offered from here on follows it.
            self._lagging = False
            return self._what_was_missed()
        chunk = self._chunks[0] if len(self._chunks) == 1 else b"".join(self._chunks)
        self._drop()
        return chunk

    def _drop(self) -> None:
        self._chunks.clear()
        self._size = 0
