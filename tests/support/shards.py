"""Deployments with several shards, on one server or on one for each shard."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from app.core.queue import Claim, Queue
from app.core.queue.worker import OWN_LANES
from app.core.redis_client import RedisLink, open_link, open_shards
from app.core.storage.discovery import parse_target
from app.core.storage.keys import Keys
from app.core.storage.merging.placement import Place, family_of
from app.core.storage.resharding.destinations import COPIES, LEFT_BEHIND
from app.core.storage.shards import ShardSet, shard_of_link
from tests.support.redis_server import all_keys, fresh_settings, leaked_keys

if TYPE_CHECKING:
    from pathlib import Path

    from app.core.config import Settings
    from app.core.models import AttemptResult
    from app.core.storage.merging.link import MergedLink
    from app.core.storage.shards import Shard


def database_urls(url: str, count: int) -> list[str]:
    """Return the addresses of as many databases of one server: to a deployment they are servers."""
    server = url.rpartition("/")[0] if url.count("/") > 2 else url
    return [f"{server}/{number}" for number in range(1, count + 1)]


def sharded_settings(url: str, home: Path, shards: int, *, apart: bool = False, **changes: Any) -> Settings:
    """Return settings of a new deployment with so many shards; `apart` gives each a server."""
    urls = database_urls(url, shards) if apart else []
    return fresh_settings(urls[0] if apart else url, home, shards=shards, shard_urls=urls, **changes)


async def drop_deployment(settings: Settings, *urls: str) -> None:
    """Remove every key of a namespace and of all its shards from these servers and its own."""
    for url in {*urls, *(settings.shard_url(number) for number in range(settings.shards))}:
        link = RedisLink(parse_target(url, "k"), Keys(settings.namespace), settings)
        cursor = "0"
        while True:
            cursor, page = await link.call(
                "SCAN", cursor, "MATCH", f"{{{settings.namespace}[:}}]*", "COUNT", 1000
            )
            if page:
                await link.call("UNLINK", *page)
            if cursor == "0":
                break
        await link.close()


@asynccontextmanager
async def opened_shards(settings: Settings) -> AsyncGenerator[ShardSet]:
    """Yield the shards; at the end each key must be declared, and all of them are removed."""
    shards = await open_shards(settings)
    try:
        yield shards
        problems = [text for shard in shards for text in await leaked_keys(shard.link, shard.keys)]
        problems += [text for shard in shards.shards[1:] for text in await misplaced_keys(shard)]
        assert not problems, "\n".join(problems)
    finally:
        await shards.close()
        await drop_deployment(settings)


async def misplaced_keys(shard: Shard) -> list[str]:
    """Return the keys of a further shard that belong to the first one: a division would not copy them."""
    found: list[str] = []
    for key in await all_keys(shard.link, shard.keys):
        family, _ = family_of(key.removeprefix(shard.keys.prefix))
        if family.place is Place.HOME and family.name not in COPIES | LEFT_BEHIND.keys():
            found.append(f"{key}: is in shard {shard.index}, its family in the first one")
    return found


async def opened_without(settings: Settings, away: int) -> ShardSet:
    """Return the shards; only the one that is away is given up soon."""
    return ShardSet(
        [
            shard_of_link(
                await open_link(
                    settings, 0.3 if number == away else None, outage_patience_sec=0.05, shard=number
                ),
                Keys.of(settings, number),
            )
            for number in range(settings.shards)
        ]
    )


class QueueOfAll(Queue):
    """The queue of all shards, as several workers and schedulers together use it."""

    def each(self) -> list[Queue]:
        return [
            Queue(part.link, part.scripts, part.keys, self.clock, self.settings) for part in self.link.parts
        ]

    def of(self, run_id: str) -> Queue:
        """Return the queue of the shard that has a run."""
        shard = cast("MergedLink", self.link).of_run(run_id)
        assert shard is not None
        return self.each()[shard.index]

    async def ensure_groups(self, lanes: tuple[str, ...] = OWN_LANES) -> None:
        for queue in self.each():
            await queue.ensure_groups(lanes)

    async def claim(self, *arguments: Any, **named: Any) -> Claim:
        claims = [await queue.claim(*arguments, **named) for queue in self.each()]
        for part, claim in zip(cast("MergedLink", self.link).shards, claims, strict=True):
            for run in claim.runs:
                cast("MergedLink", self.link).learn(run.run_id, part)
        return replace(claims[0], runs=[run for claim in claims for run in claim.runs])

    async def finish_many(self, batch: list[AttemptResult]) -> list[str]:
        return [(await self.of(end.run_id).finish_many([end]))[0] for end in batch]

    async def all_lanes(self) -> Any:
        return await self.each()[0].all_lanes()

    async def promote(self, *arguments: Any) -> Any:
        results = [await queue.promote(*arguments) for queue in self.each()]
        return results[0]
