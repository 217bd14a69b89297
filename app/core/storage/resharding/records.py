"""The records of a division on all servers: which layout counts, the one before it, and the act under way."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Collection, Mapping
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final, Literal

from app.core.errors import ConfigurationError, StateConflict
from app.core.i18n import _
from app.core.storage.keys import Keys
from app.core.storage.layout import AWAY, LAYOUT, MOVING, PREVIOUS, READY, Layout

if TYPE_CHECKING:
    from app.core.storage.link import RedisLink

Act = Literal["to", "back", "remove-old"]
ACT: Final = "act"
"""The act that changes the data now, or one that was interrupted."""


class LayoutRecords:
    """The records at the namespace's own tag: the one of the first server decides, so it changes last."""

    def __init__(self, servers: Mapping[str, RedisLink], namespace: str) -> None:
        self._servers = servers
        self._roots = tuple(servers.values())
        self._first = self._roots[0]
        self._key = Keys(namespace).shard_layout

    @asynccontextmanager
    async def only(self, act: Act) -> AsyncGenerator[bool]:
        """Let no other act change the data meanwhile; yield whether this one was interrupted before.

        After an error that a person can't correct it stays the only one, until it is run again.
        """
        is_new = await self._first.call("HSETNX", self._key, ACT, act)
        stored = act if is_new else await self._first.call("HGET", self._key, ACT)
        if stored not in {act, None}:
            raise StateConflict(
                _(
                    "multi-job reshard --{act} is under way, or was interrupted. Wait for it, or end it by "
                    "the same command.",
                    act=stored,
                )
            )
        try:
            yield not is_new
        except (StateConflict, ConfigurationError):
            await self._first.call("HDEL", self._key, ACT)
            raise
        await self._first.call("HDEL", self._key, ACT)

    async def current(self) -> Layout:
        """Return the layout that counts."""
        return Layout.parse(await self._first.call("HGET", self._key, LAYOUT) or "1:")

    async def previous(self) -> Layout:
        """Return the layout before; StateConflict if its data was removed, or there never was one."""
        text = await self._first.call("HGET", self._key, PREVIOUS)
        if not text:
            raise StateConflict(_("There is no data of an earlier division."))
        return Layout.parse(text)

    async def kept(self) -> set[str | None]:
        """Return the layouts whose data is in use, or was before."""
        return {*await self._first.call("HMGET", self._key, LAYOUT, PREVIOUS)}

    async def begin(self, shards: int) -> Layout:
        """Mark a division; return the layout that it makes, the same after an interruption."""
        found = [await root.call("HGET", self._key, MOVING) for root in self._roots]
        for text in found:
            if text and Layout.parse(text).shards != shards:
                raise StateConflict(
                    _(
                        "A division into {shards} shards was interrupted: end it with --to {shards}, or "
                        "--cancel it.",
                        shards=Layout.parse(text).shards,
                    )
                )
        target = Layout.parse(found[0]) if found[0] else Layout.new(shards)
        for root in self._roots:
            await root.call("HSET", self._key, MOVING, str(target))
        return target

    async def switch(self, target: Layout, former: Layout, urls: Collection[str]) -> None:
        """Let another layout count from now on, whose shards are on these servers."""
        values = (LAYOUT, str(target), READY, 1, PREVIOUS, str(former))
        for url, root in reversed(tuple(self._servers.items())):
            mark = ("HDEL", self._key, AWAY) if url in urls else ("HSET", self._key, AWAY, 1)
            await root.calls([("HSET", self._key, *values), mark, ("HDEL", self._key, MOVING)])

    async def cancel(self) -> None:
        """Forget a division that did not end, also if it has reached some of the servers."""
        former, moving, act = await self._first.call("HMGET", self._key, LAYOUT, MOVING, ACT)
        for root in reversed(self._roots) if moving else ():
            if former and await root.call("HGET", self._key, LAYOUT) == moving:
                await root.call("HSET", self._key, LAYOUT, former)
            await root.call("HDEL", self._key, MOVING, AWAY)
        if act == "to":
            await self._first.call("HDEL", self._key, ACT)

    async def forget_previous(self) -> None:
        """Note that the data of the layout before is gone."""
        for root in reversed(self._roots):
            await root.call("HDEL", self._key, PREVIOUS)
