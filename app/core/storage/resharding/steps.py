"""The steps of a division: checks, the copy, the comparison, and the switch to the new shards."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Collection, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from app.core.errors import StateConflict
from app.core.i18n import _
from app.core.storage.connection import scores, time_ms
from app.core.storage.discovery import parse_target
from app.core.storage.keys import Keys
from app.core.storage.layout import (
    COPY,
    LAYOUT,
    READY,
    Layout,
    check_number,
    ensure_layout,
    root_link,
    server_urls,
)
from app.core.storage.link import RedisLink
from app.core.storage.resharding.comparing import Comparison
from app.core.storage.resharding.copying import Division
from app.core.storage.resharding.elements import key_pages
from app.core.storage.resharding.records import CLAIM, LayoutRecords
from app.core.storage.resharding.repeats import Repeats, find_repeats
from app.core.storage.shards import ShardSet, shard_of_link

if TYPE_CHECKING:
    from app.core.config import Settings
    from app.core.storage.shards import Shard

Phase = Literal["copy", "compare"]
Place: TypeAlias = tuple[str, int]
"""The address of a server, and a shard on it."""
OnProgress = Callable[[Phase, int], None]
"""Called with a phase and the number of former keys that it has done."""
_PATIENCE_SEC: Final = 10.0
_DEAD_AFTER_BEATS: Final = 6
"""As for the list of processes."""
_ELSEWHERE: Final = _(
    "The data of the division before is not on these servers. Name all of its servers: multi-job reshard "
    "--{act} --urls URL,URL,…"
)


@dataclass(frozen=True, slots=True)
class ReshardReport:
    """A division that has ended."""

    before: int
    after: int
    keys: int
    """Keys of the former shards."""
    counts: dict[str, int] = field(default_factory=dict[str, int])
    """Records of some kinds, the same before and after."""
    left_behind: dict[str, int] = field(default_factory=dict[str, int])
    """Keys that were not copied, by family."""


class Resharding:
    """One division, from the shards of some settings to those of others."""

    def __init__(self, before: Settings, after: Settings, on_progress: OnProgress) -> None:
        self._old = before
        self._new = after
        self._on_progress = on_progress
        keys = Keys(before.namespace)
        self._root = keys.shard_layout
        self._kept = frozenset({self._root, keys.chore(CLAIM)})
        """The keys of a division, which have the tag of a deployment with one shard."""

    async def run(self) -> ReshardReport:
        """Copy, compare and switch; raises StateConflict before anything changes, or if a record differs.

        After an interruption it begins again. The former shards keep their data.
        """
        async with (
            _opened(self._old) as before,
            _opened(self._new) as after,
            self._records() as records,
            records.only("to") as is_again,
        ):
            await self._check(before, records, is_again=is_again, may_move=True)
            former = await records.current()
            if former.shards == self._new.shards and server_urls(self._old) == server_urls(self._new):
                raise StateConflict(_("The data has {shards} shards already.", shards=former.shards))
            await self._refuse_work(before)
            target = await records.begin(self._new.shards)
            # A process that started before the mark is on the list by now.
            await self._refuse_work(before)
            await self._empty(after, target, await records.kept())
            done = {"copy": 0, "compare": 0}

            def note(phase: Phase) -> Callable[[int], None]:
                def on_keys(count: int) -> None:
                    done[phase] += count
                    self._on_progress(phase, done[phase])

                return on_keys

            division = Division(before, after, note("copy"))
            await division.copy()
            counts = await Comparison(division, note("compare")).run()
            await division.join_incidents()
            await self._switch(records, after, former, target)
            return ReshardReport(
                former.shards, self._new.shards, done["copy"], counts, dict(division.left_behind)
            )

    async def cancel(self) -> None:
        """Forget a division that was interrupted; the former shards were never changed."""
        async with self._records() as records:
            await records.cancel()

    async def repeats(self) -> Repeats:
        """Return what `back` would do a second time; StateConflict if there is nothing to return to."""
        async with (
            _opened(self._old) as shards,
            self._records() as records,
            records.alone(),
        ):
            await self._check(shards, records, is_again=await records.was_interrupted("back"))
            await self._refuse_work(shards)
            previous = await records.previous()
            return await self._find_repeats(await self._former_places(previous), previous, shards)

    async def back(self, agreed: Repeats) -> int:
        """Return to the division before, whose data is as it was then; return its number of shards.

        StateConflict if its shards are on none of the servers of both settings, or if by now more is repeated
        than a person has agreed to.
        """
        async with (
            _opened(self._old) as shards,
            self._records() as records,
            records.only("back") as is_again,
        ):
            await self._check(shards, records, is_again=is_again)
            await self._refuse_work(shards)
            current, previous = await records.current(), await records.previous()
            present = await self._former_places(previous)
            if not is_again and await self._find_repeats(present, previous, shards) != agreed:
                raise StateConflict(_("Services have run meanwhile. Run the command again."))
            await records.switch(previous, current, {url for url, _index in present})
            return previous.shards

    async def _former_places(self, previous: Layout) -> list[Place]:
        present = await self._present(self._places(previous), previous)
        if len({index for _url, index in present}) < previous.shards:
            raise StateConflict(_ELSEWHERE.fill(act="back"))
        return present

    async def _find_repeats(self, present: list[Place], previous: Layout, current: ShardSet) -> Repeats:
        urls = {index: url for url, index in reversed(present)}
        async with AsyncExitStack() as stack:
            former = [
                shard_of_link(*await stack.enter_async_context(self._link_to(url, index, previous.shards)))
                for index, url in sorted(urls.items())
            ]
            return await find_repeats(ShardSet(former), current)

    async def remove_old(self, on_keys: Callable[[int], None]) -> int:
        """Remove the data of the division before; return how many keys.

        StateConflict if none of it is on the servers of both settings.
        """
        async with (
            _opened(self._old) as shards,
            self._records() as records,
            records.only("remove-old") as is_again,
        ):
            await self._check(shards, records, is_again=is_again)
            previous, removed = await records.previous(), 0
            places = self._places(previous)
            if not is_again and not await self._present(places, previous):
                raise StateConflict(_ELSEWHERE.fill(act="remove-old"))
            for url, index in places:
                async with self._link_to(url, index, previous.shards) as (link, keys):
                    removed += await _remove_all(link, keys, self._kept, on_keys)
            await records.forget_previous()
            return removed

    def _places(self, layout: Layout) -> list[Place]:
        """Return each server with each shard that it may have of a division that does not count.

        The shards that count stay out: after a move to other servers they have the same names.
        """
        urls = dict.fromkeys((*server_urls(self._old), *server_urls(self._new)))
        live = {(self._old.shard_url(index), index) for index in range(self._old.shards)}
        is_moved = layout.shards == self._old.shards
        places = [(url, index) for url in urls for index in range(layout.shards)]
        return [place for place in places if not (is_moved and place in live)]

    async def replace_lost(self, index: int) -> None:
        """Let a server that has lost its data be this shard, without any job."""
        async with (
            _opened(self._old) as shards,
            self._servers() as servers,
            LayoutRecords(servers, self._old.namespace).alone(),
        ):
            roots = tuple(servers.values())
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
    async def _servers(self) -> AsyncGenerator[dict[str, RedisLink]]:
        """Yield a link to each server, the first of the former shards first."""
        urls = dict.fromkeys((*server_urls(self._old), *server_urls(self._new)))
        roots = {url: root_link(self._old, url, _PATIENCE_SEC) for url in urls}
        try:
            yield roots
        finally:
            await asyncio.gather(*(root.close() for root in roots.values()))

    @asynccontextmanager
    async def _records(self) -> AsyncGenerator[LayoutRecords]:
        async with self._servers() as servers:
            yield LayoutRecords(servers, self._old.namespace)

    async def _check(
        self, shards: ShardSet, records: LayoutRecords, *, is_again: bool, may_move: bool = False
    ) -> None:
        """Check that the settings are those of the data; after an interruption servers may differ."""
        if is_again:
            check_number((await records.current()).shards, self._old)
        else:
            await ensure_layout(shards, self._old, may_move=may_move)

    async def _present(self, places: Iterable[Place], layout: Layout) -> list[Place]:
        """Return those of these places that have a shard of a division."""
        found: list[Place] = []
        for url, index in places:
            async with self._link_to(url, index, layout.shards) as (link, keys):
                if layout.shards == 1:
                    is_there = await link.call("EXISTS", keys.schema, keys.seq, keys.jobs) > 0
                else:
                    is_there = await link.call("HGET", keys.shard_layout, LAYOUT) == str(layout)
            if is_there:
                found.append((url, index))
        return found

    @asynccontextmanager
    async def _link_to(self, url: str, index: int, shards: int) -> AsyncGenerator[tuple[RedisLink, Keys]]:
        keys = Keys(self._old.namespace, index, shards)
        link = RedisLink(parse_target(url, keys.seq), keys, self._old, _PATIENCE_SEC)
        try:
            yield link, keys
        finally:
            await link.close()

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

    async def _empty(self, after: ShardSet, target: Layout, kept: Collection[str | None]) -> None:
        """Remove what a copy that did not end has left; raise StateConflict if other data is there."""
        for shard in after:
            record = shard.keys.shard_layout
            copy, layout = await shard.link.call("HMGET", record, COPY, LAYOUT)
            # A switch that was interrupted may have removed the mark; one that ended may have left it.
            if (copy is not None and copy not in kept) or layout == str(target):
                kept_keys = {record, *self._kept}
                await _remove_all(shard.link, shard.keys, kept_keys, lambda _count: None)
                await shard.link.call("HSET", record, COPY, str(target))
                continue
            async for keys in key_pages(shard.link, shard.keys.prefix):
                if not {record, *self._kept}.issuperset(keys):
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

    async def _switch(self, records: LayoutRecords, after: ShardSet, former: Layout, target: Layout) -> None:
        """Make the new shards those of the deployment."""
        for shard in after if len(after) > 1 else ():
            await shard.link.call("HSET", shard.keys.shard_layout, LAYOUT, str(target))
        await records.switch(target, former, server_urls(self._new))
        for shard in after:
            await shard.link.call("HDEL", shard.keys.shard_layout, COPY)


async def _remove_all(
    link: RedisLink, keys: Keys, kept: Collection[str], on_keys: Callable[[int], None]
) -> int:
    removed = 0
    async for page in key_pages(link, keys.prefix):
        some = [key for key in page if key not in kept]
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
