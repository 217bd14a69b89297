"""The steps of a division: checks, the copy, the comparison, and the switch to the new shards."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal

from app.core.errors import StateConflict
from app.core.i18n import _
from app.core.storage.connection import scores, time_ms
from app.core.storage.discovery import parse_target
from app.core.storage.keys import Keys
from app.core.storage.layout import (
    COPY,
    LAYOUT,
    MOVING,
    PREVIOUS,
    READY,
    Layout,
    ensure_layout,
    root_link,
    server_urls,
)
from app.core.storage.link import RedisLink
from app.core.storage.resharding.copying import Division
from app.core.storage.resharding.elements import key_pages
from app.core.storage.shards import ShardSet, shard_of_link

if TYPE_CHECKING:
    from app.core.config import Settings
    from app.core.storage.shards import Shard

Phase = Literal["copy", "compare"]
OnProgress = Callable[[Phase, int], None]
"""Called with a phase and the number of former keys that it has done."""
_PATIENCE_SEC: Final = 10.0
_DEAD_AFTER_BEATS: Final = 6
"""As for the list of processes."""


@dataclass(frozen=True, slots=True)
class ReshardReport:
    """A division that has ended."""

    before: int
    after: int
    keys: int
    """Keys of the former shards."""
    counts: dict[str, int] = field(default_factory=dict[str, int])
    """Records of some kinds, the same before and after."""


class Resharding:
    """One division, from the shards of some settings to those of others."""

    def __init__(self, before: Settings, after: Settings, on_progress: OnProgress) -> None:
        self._old = before
        self._new = after
        self._on_progress = on_progress
        self._root = Keys(before.namespace).shard_layout

    async def run(self) -> ReshardReport:
        """Copy, compare and switch; raises StateConflict before anything changes, or if a record differs.

        After an interruption it begins again. The former shards keep their data.
        """
        async with _opened(self._old) as before, _opened(self._new) as after, self._roots() as roots:
            await ensure_layout(before, self._old, may_move=True)
            former = await self._former(roots)
            if former.shards == self._new.shards and server_urls(self._old) == server_urls(self._new):
                raise StateConflict(_("The data has {shards} shards already.", shards=former.shards))
            await self._refuse_work(before)
            target = await self._begin(roots)
            # A process that started before the mark is on the list by now.
            await self._refuse_work(before)
            await self._empty(after, target)
            done = {"copy": 0, "compare": 0}

            def note(phase: Phase) -> Callable[[int], None]:
                def on_keys(count: int) -> None:
                    done[phase] += count
                    self._on_progress(phase, done[phase])

                return on_keys

            division = Division(before, after, note("copy"))
            await division.copy()
            division.on_keys = note("compare")
            counts = await division.compare()
            await division.join_incidents()
            await self._switch(roots, after, former, target)
            return ReshardReport(former.shards, self._new.shards, done["copy"], counts)

    async def cancel(self) -> None:
        """Forget a division that was interrupted; the former shards were never changed."""
        async with self._roots() as roots:
            for root in roots:
                await root.call("HDEL", self._root, MOVING)

    async def back(self) -> int:
        """Return to the division before, whose data is as it was then; return its number of shards."""
        async with _opened(self._old) as shards, self._roots() as roots:
            await ensure_layout(shards, self._old)
            await self._refuse_work(shards)
            layout, previous = await roots[0].call("HMGET", self._root, LAYOUT, PREVIOUS)
            if not previous:
                raise StateConflict(_("There is no data of an earlier division."))
            for root in roots:
                await root.calls(
                    [("HSET", self._root, LAYOUT, previous, PREVIOUS, layout), ("HSET", self._root, READY, 1)]
                )
            return Layout.parse(previous).shards

    async def remove_old(self, on_keys: Callable[[int], None]) -> int:
        """Remove the data of the division before; return how many keys."""
        async with _opened(self._old) as shards, self._roots() as roots:
            await ensure_layout(shards, self._old)
            previous = await roots[0].call("HGET", self._root, PREVIOUS)
            if not previous:
                raise StateConflict(_("There is no data of an earlier division."))
            number, removed = Layout.parse(previous).shards, 0
            for url in dict.fromkeys((*server_urls(self._old), *server_urls(self._new))):
                for index in range(number):
                    keys = Keys(self._old.namespace, index, number)
                    link = RedisLink(parse_target(url, keys.seq), keys, self._old, _PATIENCE_SEC)
                    removed += await _remove_all(link, keys, self._root, on_keys)
                    await link.close()
            for root in roots:
                await root.call("HDEL", self._root, PREVIOUS)
            return removed

    async def replace_lost(self, index: int) -> None:
        """Let a server that has lost its data be this shard, without any job."""
        async with _opened(self._old) as shards, self._roots() as roots:
            layout = await roots[0].call("HGET", self._root, LAYOUT)
            if len(shards) == 1 or layout is None or not 0 < index < len(shards):
                raise StateConflict(_("There is no shard {shard} that could be replaced.", shard=index))
            shard = shards[index]
            async for _keys in key_pages(shard.link, shard.keys.prefix):
                raise StateConflict(_("Shard {shard} has data.", shard=index))
            await shard.link.call("HSET", shard.keys.shard_layout, LAYOUT, layout)
            for root in roots:
                await root.calls([("HSETNX", self._root, LAYOUT, layout), ("HSETNX", self._root, READY, 1)])

    @asynccontextmanager
    async def _roots(self) -> AsyncGenerator[list[RedisLink]]:
        """Yield a link to each server, the first of the former shards first."""
        urls = dict.fromkeys((*server_urls(self._old), *server_urls(self._new)))
        roots = [root_link(self._old, url) for url in urls]
        try:
            yield roots
        finally:
            await asyncio.gather(*(root.close() for root in roots))

    async def _former(self, roots: list[RedisLink]) -> Layout:
        text = await roots[0].call("HGET", self._root, LAYOUT)
        return Layout.parse(text or "1:")

    async def _refuse_work(self, shards: ShardSet) -> None:
        home = shards.home
        beats, time = await home.link.calls([("ZRANGE", home.keys.instances, 0, -1, "WITHSCORES"), ("TIME",)])
        # Processes that were killed stay on the list until another one removes them.
        since_ms = time_ms(time) - _DEAD_AFTER_BEATS * self._old.heartbeat_sec * 1000
        alive = [name for name, at in scores(beats).items() if at >= since_ms]
        if alive:
            raise StateConflict(
                _(
                    "Services run, or have run within the last minute: {names}. Stop them everywhere "
                    "(multi-job down), wait a minute after a kill, then try again.",
                    names=", ".join(sorted(alive)),
                )
            )
        running = sum([await each.link.call("ZCARD", each.keys.runs_status("running")) for each in shards])
        if running:
            raise StateConflict(
                _(
                    "{count} runs are in work although no worker is alive. Start the services once, so that "
                    "these runs are taken back, and stop them again.",
                    count=running,
                )
            )

    async def _begin(self, roots: list[RedisLink]) -> Layout:
        """Mark the division; return the layout that it makes, the same after an interruption."""
        number = self._new.shards
        for root in roots:
            moving = await root.call("HGET", self._root, MOVING)
            if moving and Layout.parse(moving).shards != number:
                raise StateConflict(
                    _(
                        "A division into {shards} shards was interrupted: end it with --to {shards}, or "
                        "--cancel it.",
                        shards=Layout.parse(moving).shards,
                    )
                )
        marked = await roots[0].call("HGET", self._root, MOVING)
        target = Layout.parse(marked) if marked else Layout.new(number)
        for root in roots:
            await root.call("HSET", self._root, MOVING, str(target))
        return target

    async def _empty(self, after: ShardSet, target: Layout) -> None:
        """Remove what an interrupted copy has left; raise StateConflict if other data is there."""
        for shard in after:
            record = shard.keys.shard_layout
            if await shard.link.call("HGET", record, COPY) == str(target):
                await _remove_all(shard.link, shard.keys, record, lambda _count: None)
                continue
            async for keys in key_pages(shard.link, shard.keys.prefix):
                if any(key != record for key in keys):
                    place = self._new.shard_place(shard.index)
                    raise StateConflict(
                        _(
                            "Redis at {place} has data of an earlier division into {shards} shards. If it is "
                            "not needed any more: multi-job reshard --remove-old",
                            place=place,
                            shards=self._new.shards,
                        )
                    )
            await shard.link.call("HSET", record, COPY, str(target))

    async def _switch(self, roots: list[RedisLink], after: ShardSet, former: Layout, target: Layout) -> None:
        """Make the new shards those of the deployment: the record of the first server decides."""
        for shard in after:
            if len(after) > 1:
                await shard.link.call("HSET", shard.keys.shard_layout, LAYOUT, str(target))
            await shard.link.call("HDEL", shard.keys.shard_layout, COPY)
        values = (LAYOUT, str(target), READY, 1, PREVIOUS, str(former))
        for root in reversed(roots):
            await root.calls([("HSET", self._root, *values), ("HDEL", self._root, MOVING)])


async def _remove_all(link: RedisLink, keys: Keys, kept: str, on_keys: Callable[[int], None]) -> int:
    removed = 0
    async for page in key_pages(link, keys.prefix):
        some = [key for key in page if key != kept]
        if some:
            removed += await link.call("UNLINK", *some)
        on_keys(len(some))
    return removed


@asynccontextmanager
async def _opened(settings: Settings) -> AsyncGenerator[ShardSet]:
    shards = ShardSet([_shard(settings, number) for number in range(settings.shards)])
    try:
        yield shards
    finally:
        await shards.close()


def _shard(settings: Settings, number: int) -> Shard:
    keys = Keys.of(settings, number)
    target = parse_target(settings.shard_url(number), keys.seq)
    return shard_of_link(RedisLink(target, keys, settings, _PATIENCE_SEC), keys)
