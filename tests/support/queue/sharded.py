"""Several shards on one server: the queue of each, and what they use of a limit together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.core.queue import Queue
from app.core.queue.shares import Grant, ShareUse
from app.core.storage.keys import Keys
from app.core.storage.scripts import Scripts
from app.core.storage.shards import Shard, ShardSet, shard_of_link
from tests.support.queue.limited import holders, set_limit, starts
from tests.support.queue.queue_driver import QueueDriver
from tests.support.redis_server import leaked_keys, remove_all

if TYPE_CHECKING:
    from app.core.clock import Clock
    from app.core.config import Settings
    from app.core.redis_client import RedisLink


class Killed(BaseException):
    """The process that moves shares dies here."""


class DyingScripts(Scripts):
    """Scripts of a process that is killed at its n-th call: before it, or before it has the answer."""

    def __init__(self, link: RedisLink, keys: Keys, process: DyingProcess) -> None:
        super().__init__(link, keys)
        self._process = process

    async def run(self, name: str, /, *rows: Any, **arguments: Any) -> Any:
        """Run a script, unless the process is dead."""
        self._process.step()
        answer = await super().run(name, *rows, **arguments)
        self._process.step()
        return answer


class DyingProcess:
    """Counts the steps of a process; at the last one it dies."""

    def __init__(self, steps: int) -> None:
        self._steps = steps

    def step(self) -> None:
        """Count a step. Raises Killed at the last one and after it."""
        self._steps -= 1
        if self._steps < 0:
            raise Killed


@dataclass(slots=True)
class Sharded:
    """The shards of one test."""

    shards: ShardSet
    drivers: list[QueueDriver]

    @classmethod
    async def open(cls, link: RedisLink, clock: Clock, settings: Settings, count: int = 3) -> Sharded:
        """Return the shards of a namespace, all on one link."""
        every = [Keys(settings.namespace, number, count) for number in range(count)]
        shards = ShardSet([shard_of_link(link, keys) for keys in every])
        queues = [Queue(link, shard.scripts, shard.keys, clock, settings) for shard in shards]
        for queue in queues:
            await queue.ensure_groups()
        return cls(shards, [QueueDriver(queue) for queue in queues])

    def seen_by(self, process: DyingProcess) -> ShardSet:
        """Return the shards as a process has them that may die."""
        return ShardSet(
            [
                Shard(each.index, each.link, each.keys, DyingScripts(each.link, each.keys, process))
                for each in self.shards
            ]
        )

    async def close(self) -> list[str]:
        """Remove all keys; return what is wrong with them."""
        problems: list[str] = []
        for shard in self.shards:
            problems += await leaked_keys(shard.link, shard.keys)
            await remove_all(shard.link, shard.keys)
        return problems

    async def set_limit(self, name: str, text: str) -> None:
        """Store a limit in each shard, as if each had a job that names the key."""
        for driver in self.drivers:
            await set_limit(driver, name, text)

    async def uses(self, name: str) -> list[int]:
        """Return how many runs hold the name in each shard; starts of a rate count."""
        return [len(await holders(each, name)) + len(await starts(each, name)) for each in self.drivers]

    async def shares(self, name: str) -> list[int]:
        """Return the share of each shard."""
        texts = [await each.link.call("HGET", each.keys.limit_shares, name) for each in self.drivers]
        return [ShareUse(share=text or "").number for text in texts]

    async def grants(self, name: str) -> list[int]:
        """Return the grant of each shard."""
        home = self.shards.home
        stored = await home.link.hash(home.keys.limit_grants(name))
        return [Grant.of(stored.get(str(shard.index))).number for shard in self.shards]

    async def assert_within(self, name: str, limit: int) -> None:
        """Assert what holds at any instant: no shard uses more than its grant; grants fit into the limit."""
        uses, shares, grants = await self.uses(name), await self.shares(name), await self.grants(name)
        assert sum(grants) <= limit, (uses, shares, grants)
        for use, share, grant in zip(uses, shares, grants, strict=True):
            assert max(use, share) <= grant, (uses, shares, grants)
