"""One client's event stream: missed events, then new ones, in one open response."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Final, TypeAlias

from starlette.responses import Response

from app.core.activity.events import event_id, portions
from app.core.errors import Unavailable
from app.services.api.events.frames import (
    BEFORE_ALL,
    COMMENT,
    NOTHING,
    UNKNOWN,
    FrameBatch,
    frames_of,
    joined_position,
    missing,
    opening,
    outage,
    reset,
    split_position,
)

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from app.core.activity.events import EventId, EventPage
    from app.services.api.events.frames import Frame, Topics
    from app.services.api.events.hub import EventHub, Listener
    from app.services.api.events.view import ScopedEvents
    from app.services.api.http.auth import Actor

MEDIA_TYPE: Final = "text/event-stream"
# Entries of one read. Events of one step: so few that serialising them does not hold up other requests.
PAGE: Final = 200
PORTION: Final = 200
_AGAIN_SEC: Final = 1.0

Write: TypeAlias = "Callable[[bytes], Awaitable[None]]"


class EventStream:
    """Writes to one client until its listener ends."""

    def __init__(self, hub: EventHub, listener: Listener, last_id: str | None) -> None:
        self._hub = hub
        self._listener = listener
        self._last_id = last_id

    async def run(self, write: Write) -> None:
        """Write until the end."""
        if self._last_id is None:
            self._hub.join(self._listener, after=self._listener.newest)
            await write(opening(self._listener.newest))
        else:
            await write(opening(None))
            await self._catch_up(self._last_id, write)
        while (chunk := await self._listener.take()) is not None:
            await write(chunk)

    async def _catch_up(self, last_id: str, write: Write) -> None:
        cursors = split_position(last_id, len(self._hub.sources))
        if cursors is None:
            await self._restart("malformed", self._listener.newest, write)
            return
        # A shard's stream may have ended before an event of another one.
        is_of_all, looked = "_" in last_id or len(cursors) == 1, [False] * len(cursors)
        while (stream := self._next_stream(cursors, looked)) is not None:
            if self._listener.ended:
                return
            upto = self._hub.sources[stream].position
            page = await self._page(stream, cursors[stream], upto, write)
            reason = missing(cursors[stream], page.first, page.last)
            if reason is not None and not _is_at_end(cursors, stream, reason, is_of_all=is_of_all):
                newest = [*cursors[:stream], page.last or NOTHING, *cursors[stream + 1 :]]
                await self._restart(reason, joined_position(newest), write)
                return
            looked[stream] = True
            await self._write_page(stream, page, cursors, write)
            if len(page.entries) == PAGE:
                cursors[stream] = page.entries[-1][0]
            elif _before(cursors[stream], upto):
                cursors[stream] = upto
        # No await between the look at the hub's position and this: the two join without a gap.
        self._hub.join(self._listener, after=joined_position(cursors))

    def _next_stream(self, cursors: list[str], looked: list[bool]) -> int | None:
        """Return a stream that has more for this client, or was not looked at yet."""
        for stream, source in enumerate(self._hub.sources):
            if cursors[stream] == UNKNOWN:
                cursors[stream], looked[stream] = source.position, True
            if source.position != UNKNOWN and (
                not looked[stream] or _before(cursors[stream], source.position)
            ):
                return stream
        return None

    async def _page(self, stream: int, after: str, upto: str, write: Write) -> EventPage:
        """Return a page; wait for the end of an outage, and notify the client of it."""
        is_announced = False
        while True:
            try:
                page = await self._hub.sources[stream].events.page(after, upto, PAGE)
            except Unavailable:
                if self._listener.ended:
                    raise
                await write(COMMENT if is_announced else outage(over=False, language=self._listener.language))
                is_announced = True
                await asyncio.sleep(_AGAIN_SEC)
            else:
                if is_announced:
                    await write(outage(over=True, language=self._listener.language))
                return page

    async def _write_page(self, stream: int, page: EventPage, cursors: list[str], write: Write) -> None:
        behind = event_id(cursors[stream]) or BEFORE_ALL
        for portion in portions(page.entries, PORTION):
            frames = frames_of(portion, self._hub.place_of(stream, cursors))
            if frames and (chunk := await self._chunk(frames, behind)):
                await write(chunk)
            await asyncio.sleep(0)

    async def _chunk(self, frames: list[Frame], after: EventId) -> bytes:
        wanted = self._listener.topics, after, self._listener.language
        view = self._listener.view
        if view is None:
            return FrameBatch(frames).chunk(*wanted)
        mine = await view.among({frame.job_id for frame in frames if frame.job_id})
        return FrameBatch(frames).chunk_of(mine, *wanted)

    async def _restart(self, reason: str, newest: str, write: Write) -> None:
        self._hub.join(self._listener, after=newest)
        await write(reset(reason, newest, self._listener.language))


def _is_at_end(cursors: list[str], stream: int, reason: str, *, is_of_all: bool) -> bool:
    """Return whether a place in one of several streams is fine although that stream does not have it.

    Nothing was read of it yet, or the place is that of another stream's event.
    """
    if len(cursors) == 1:
        return False
    return cursors[stream] == NOTHING or (reason == "after_last" and not is_of_all)


def _before(one: str, other: str) -> bool:
    return (event_id(one) or BEFORE_ALL) < (event_id(other) or BEFORE_ALL)


class EventStreamResponse(Response):
    """The open response: refused if the limit is reached; it ends when the client has gone."""

    def __init__(
        self,
        hub: EventHub,
        topics: Topics,
        actor: Actor,
        last_id: str | None,
        view: ScopedEvents | None = None,
    ) -> None:
        self._hub = hub
        self._topics = topics
        self._actor = actor
        self._last_id = last_id
        self._view = view
        self.status_code = 200
        self.media_type = MEDIA_TYPE
        self.background = None
        # A proxy that gathers an answer before it passes it on would hold back every event.
        self.init_headers({"Cache-Control": "no-store", "X-Accel-Buffering": "no"})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        async def write(body: bytes) -> None:
            await send({"type": "http.response.body", "body": body, "more_body": True})

        async with self._hub.place(self._topics, self._actor, self._view) as listener:
            await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            gone = asyncio.create_task(_until_gone(receive, listener))
            try:
                await EventStream(self._hub, listener, self._last_id).run(write)
                await send({"type": "http.response.body", "body": b"", "more_body": False})
            finally:
                gone.cancel()


async def _until_gone(receive: Receive, listener: Listener) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    listener.end()
