"""The records of a division on all servers: which layout counts, the one before it, and the act under way."""

from __future__ import annotations

import asyncio
import math
import os
import secrets
import socket
from collections.abc import AsyncGenerator, Collection, Mapping
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Final, Literal

from app.core.errors import ConfigurationError, StateConflict, Unavailable
from app.core.i18n import _
from app.core.storage.keys import Keys
from app.core.storage.layout import AWAY, LAYOUT, MOVING, PREVIOUS, READY, Layout

if TYPE_CHECKING:
    from app.core.storage.link import RedisLink

Act = Literal["to", "back", "remove-old"]
ACT: Final = "act"
"""The act that changes the data now, or one that was interrupted."""
CLAIM: Final = "reshard"
CLAIM_SEC: Final = 20.0
"""A process that was killed holds its claim for this time; longer than a call waits for an answer."""
_RENEW_SEC: Final = CLAIM_SEC / 5


class LayoutRecords:
    """The records at the namespace's own tag: the one of the first server decides, so it changes last."""

    def __init__(self, servers: Mapping[str, RedisLink], namespace: str) -> None:
        self._servers = servers
        self._roots = tuple(servers.values())
        self._first = self._roots[0]
        keys = Keys(namespace)
        self._key, self._claim = keys.shard_layout, keys.chore(CLAIM)
        self._owner = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
        self._scripts = self._first.scripts(keys)

    @asynccontextmanager
    async def only(self, act: Act) -> AsyncGenerator[bool]:
        """Let no other act change the data meanwhile; yield whether this one was interrupted before.

        After an error that a person can't correct it stays the only one, until it is run again.
        """
        async with self.alone():
            is_again = await self.was_interrupted(act)
            await self._first.call("HSET", self._key, ACT, act)
            try:
                yield is_again
            except (StateConflict, ConfigurationError):
                await self._end_act()
                raise
            await self._end_act()

    async def was_interrupted(self, act: Act) -> bool:
        """Return whether this act was interrupted before; StateConflict if another one was."""
        stored = await self._first.call("HGET", self._key, ACT)
        if stored not in {act, None}:
            raise StateConflict(
                _("multi-job reshard --{act} was interrupted. End it by the same command.", act=stored)
            )
        return stored is not None

    @asynccontextmanager
    async def alone(self) -> AsyncGenerator[None]:
        """Let no other process change the data meanwhile, by a claim that expires if this one is killed.

        If another process has the claim nevertheless, because this one was stopped for long, it ends.
        """
        while not await self._take():
            holder, left_ms = await self._first.calls([("GET", self._claim), ("PTTL", self._claim)])
            if holder is not None:
                raise StateConflict(
                    _(
                        "Another multi-job reshard changes this data ({process}). Wait until it ends. If "
                        "that process was killed, run this command again in {seconds} s.",
                        process=holder.rpartition(":")[0],
                        seconds=left_ms // 1000 + 1,
                    )
                )
        renewing = asyncio.create_task(self._renew())
        if (body := asyncio.current_task()) is not None:
            renewing.add_done_callback(lambda ended: ended.cancelled() or body.cancel())
        try:
            yield
        except asyncio.CancelledError:
            if body is not None and renewing.done() and (error := renewing.exception()) is not None:
                body.uncancel()
                raise error from None
            raise
        finally:
            renewing.cancel()
            with suppress(Unavailable):
                await self._take(0)

    async def _renew(self) -> None:
        while True:
            await asyncio.sleep(_RENEW_SEC)
            await self._check_claim()

    async def _check_claim(self) -> None:
        loop, asked = asyncio.get_running_loop(), -math.inf
        # An answer that was read late says nothing about the time since.
        while loop.time() - asked > CLAIM_SEC / 2:
            asked = loop.time()
            # In one round trip: if this process stands still between two, the second would take the claim
            # again that another one has had and given back meanwhile.
            if not all(await asyncio.gather(self._has_claim(), self._take())):
                raise StateConflict(
                    _(
                        "This process stood still for so long that another one may have changed the data. "
                        "Run the command again."
                    )
                )

    async def _take(self, lifetime_sec: float = CLAIM_SEC) -> bool:
        """Take or renew the claim; 0 gives it back."""
        lifetime_ms = round(1_000 * lifetime_sec)
        claim = {"task": CLAIM, "owner": self._owner, "lifetime_ms": lifetime_ms}
        return await self._scripts.run("deployment/claim_task", **claim) == "YES"

    async def _has_claim(self) -> bool:
        return await self._first.call("GET", self._claim) == self._owner

    async def _end_act(self) -> None:
        if await self._has_claim():
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
        await self._check_claim()
        values = (LAYOUT, str(target), READY, 1, PREVIOUS, str(former))
        for url, root in reversed(tuple(self._servers.items())):
            mark = ("HDEL", self._key, AWAY) if url in urls else ("HSET", self._key, AWAY, 1)
            await root.calls([("HSET", self._key, *values), mark, ("HDEL", self._key, MOVING)])

    async def cancel(self) -> None:
        """Forget a division that did not end, also if it has reached some of the servers."""
        async with self.alone():
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
