"""A link to all shards: sends a command to the shard of its key, or to each and merges the answers."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final

from redis.exceptions import ResponseError

from app.core.errors import RedisUnavailable
from app.core.storage.connection import info_fields
from app.core.storage.link import RedisLink
from app.core.storage.merging.answers import (
    Merge,
    SortedRange,
    added,
    by_place,
    concatenated,
    entries,
    first_found,
    has_value,
    joined_hash,
    largest,
    pending,
    summed_hash,
)
from app.core.storage.merging.placement import SUMMED, Place, PlacedFamily, family_of
from app.core.storage.merging.scripts import MergedScripts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.core.storage.connection import Command
    from app.core.storage.keys import Keys
    from app.core.storage.shards import Shard, ShardSet

_MOST_KNOWN: Final = 100_000
_MERGES: Final[dict[str, Merge]] = {
    **dict.fromkeys(("ZCARD", "ZCOUNT", "SCARD", "XLEN", "HLEN", "LLEN", "EXISTS"), added),
    **dict.fromkeys(("HGET", "ZSCORE", "ZRANK", "SISMEMBER", "HEXISTS", "TYPE"), first_found),
    **dict.fromkeys(("HMGET", "ZMSCORE"), by_place),
    **dict.fromkeys(("SMEMBERS", "HKEYS", "HVALS", "LRANGE", "SRANDMEMBER"), concatenated),
    "GET": largest,
    "HGETALL": joined_hash,
    "XPENDING": pending,
}
_RANGES: Final = frozenset({"ZRANGE", "ZREVRANGE", "ZRANGEBYSCORE", "ZREVRANGEBYSCORE"})
_COPIED_WRITES: Final = frozenset({"SET", "HSET", "HDEL", "DEL"})
# A shard that is out of reach, and a lane that one shard does not have.
_SHARD_ERRORS: Final = (RedisUnavailable, ResponseError)
# Fields of `meta` that each shard keeps for its own runs.
_OF_EACH: Final[dict[str, Merge]] = {
    "purged_until": largest,
    "folded_quarter": lambda answers: min((each for each in answers), key=lambda text: int(text or -1)),
}


class MergedLink(RedisLink):
    """The links of all shards as one.

    Keys are those of the namespace without shards. A list leaves out a shard that is out of reach; a read or
    a write that needs it raises RedisUnavailable. A command that has no merge raises TypeError.
    """

    def __init__(self, shards: ShardSet, keys: Keys) -> None:
        # It has no connection of its own, so the base class is not set up.
        self.shards = shards
        self._prefix = keys.prefix
        self.parts = self._parts = shards.shards
        self._known: dict[str, Shard] = {}

    @property
    def reconnects(self) -> int:
        """Return how often the links have connected after their first connections."""
        return sum(shard.link.reconnects for shard in self.shards)

    @property
    def round_trips(self) -> int:  # pyright: ignore[reportIncompatibleVariableOverride]
        """Return how many round trips the links of all shards have made."""
        return sum(shard.link.round_trips for shard in self.shards)

    def scripts(self, keys: Keys) -> MergedScripts:
        """Return the scripts of all shards."""
        return MergedScripts(self, keys)

    async def close(self) -> None:
        """Wait for the answers of all calls and close the connections."""
        await self.shards.close()

    def known(self, name: str) -> Shard | None:
        """Return the shard of a run, an incident or a message that this link has met."""
        return self._known.get(name)

    def learn(self, name: str, shard: Shard) -> None:
        """Note the shard of a run, an incident or a message."""
        if len(self._known) >= _MOST_KNOWN:
            self._known.clear()
        self._known[name] = shard

    def part_of(self, job_id: str) -> Shard:
        """Return the shard of a job."""
        return self.shards.of_job(job_id)

    def of_run(self, run_id: str) -> Shard | None:
        """Return the shard of a run; None if it is not known."""
        return self.shards.of_run(run_id) or self._known.get(run_id)

    def key_in(self, shard: Shard, key: str) -> str:
        """Return a key of the namespace as the key of a shard."""
        return shard.keys.prefix + key[len(self._prefix) :]

    async def find(self, family: str, names: Iterable[str]) -> dict[str, Shard]:
        """Return the shards of runs, incidents or messages, without those that no shard has."""
        wanted = list(dict.fromkeys(names))
        found = {name: shard for name in wanted if (shard := self._place_of(family, name)) is not None}
        unknown = [name for name in wanted if name not in found]
        await asyncio.gather(
            *(self._submit(("EXISTS", f"{self._prefix}{family}:{name}")) for name in unknown)
        )
        return {**found, **{name: self._known[name] for name in unknown if name in self._known}}

    def _place_of(self, family: str, name: str) -> Shard | None:
        return self.of_run(name) if family == "run" else self._known.get(name)

    def _submit(self, command: Command) -> asyncio.Future[Any]:
        if len(command) == 1 or command[0] == "INFO":
            return self._of_no_key(command)
        at = 2 if command[0] in {"XINFO", "MEMORY"} else 1
        key = str(command[at])
        if not key.startswith(self._prefix):
            return self._of_shard_key(command, key)
        if command[0] == "EXISTS" and len(command) > 2:  # noqa: PLR2004  more than one key
            return asyncio.ensure_future(self._sum_of([("EXISTS", each) for each in command[1:]]))
        family, rest = family_of(key[len(self._prefix) :])
        return self._placed(command, at, family, rest)

    def _placed(self, command: Command, at: int, family: PlacedFamily, rest: str) -> asyncio.Future[Any]:
        match family.place:
            case Place.JOB if family.name != "incidents_job":
                return self._to(self.part_of(family.owner(rest)), command, at)
            case Place.HOME if family.name == "meta" and command[-1] in _OF_EACH:
                return self._to_each(command, at, _OF_EACH[str(command[-1])])
            case Place.COPY if command[0] in _COPIED_WRITES:
                return asyncio.ensure_future(self._write_copies(command, at))
            case Place.HOME | Place.COPY:
                return self._to(self.shards.home, command, at)
            # A job's incident may be one about the platform, in the first shard.
            case Place.EACH | Place.JOB:
                return self._merged(command, at, family)
            case Place.RUN | Place.ANY:
                is_run = family.place is Place.RUN
                name = family.owner(rest) if is_run else rest
                return self._of_one(command, at, "run" if is_run else family.name, name)

    def _of_one(self, command: Command, at: int, family: str, name: str) -> asyncio.Future[Any]:
        shard = self._place_of(family, name)
        if shard is not None:
            return self._to(shard, command, at)
        # What belongs to a run or an incident may be empty: the shard with the record itself has it.
        owner = f"{self._prefix}{family.partition('_')[0]}:{name}"
        return asyncio.ensure_future(self._anywhere(command, at, name, owner))

    def _merged(self, command: Command, at: int, family: PlacedFamily) -> asyncio.Future[Any]:
        name = str(command[0])
        if name in _RANGES:
            ranged = SortedRange(command)
            return asyncio.ensure_future(self._ranged(ranged, at))
        if name in {"XRANGE", "XREVRANGE"}:
            count = int(command[-1]) if "COUNT" in command else None
            return self._to_each(command, at, entries(count, newest_first=name == "XREVRANGE"))
        if name == "HGETALL" and family.name in SUMMED:
            return self._to_each(command, at, summed_hash)
        if name == "HGET" and family.name in SUMMED:
            return self._to_each(command, at, largest)
        if name not in _MERGES:
            raise TypeError(f"{name} of {family.name} is not merged over shards")
        return self._to_each(command, at, _MERGES[name])

    def _to(self, shard: Shard, command: Command, at: int = 1) -> asyncio.Future[Any]:
        key = self.key_in(shard, str(command[at]))
        return shard.link._submit((*command[:at], key, *command[at + 1 :]))  # noqa: SLF001  the same interface

    def _to_each(self, command: Command, at: int, merge: Merge) -> asyncio.Future[Any]:
        return asyncio.ensure_future(self._each(command, at, merge))

    async def _each(self, command: Command, at: int, merge: Merge) -> Any:
        answers, _parts = await self._answers(command, at)
        return merge(answers)

    async def _ranged(self, ranged: SortedRange, at: int) -> Any:
        answers, parts = await self._answers(ranged.command, at)
        for shard, members in zip(parts, ranged.members(answers), strict=True):
            for name, _score in members:
                if "@" not in name:
                    self.learn(name, shard)
        return ranged.merged(answers)

    async def _answers(self, command: Command, at: int) -> tuple[list[Any], list[Shard]]:
        """Return the answers of the shards that answer, and those shards; raise if none does."""
        found = await asyncio.gather(
            *(self._to(shard, command, at) for shard in self._parts), return_exceptions=True
        )
        pairs = zip(found, self._parts, strict=True)
        good = [(answer, shard) for answer, shard in pairs if not isinstance(answer, BaseException)]
        if not good:
            raise next(answer for answer in found if isinstance(answer, BaseException))
        for answer in found:
            if isinstance(answer, BaseException) and not isinstance(answer, _SHARD_ERRORS):
                raise answer
        return [answer for answer, _ in good], [shard for _, shard in good]

    async def _anywhere(self, command: Command, at: int, name: str, owner: str) -> Any:
        """Ask all shards for what one of them has; RedisUnavailable only if one that is away may have it."""
        asked = [self._to(shard, command, at) for shard in self._parts]
        owning = [self._to(shard, ("EXISTS", owner)) for shard in self._parts]
        answers = await asyncio.gather(*asked, *owning, return_exceptions=True)
        found, owners = answers[: len(asked)], answers[len(asked) :]
        for answer, is_there, shard in zip(found, owners, self._parts, strict=True):
            if not isinstance(answer, BaseException) and (has_value(answer) or is_there == 1):
                self.learn(name, shard)
                return answer
        for answer in found:
            # The one that is out of reach may have it.
            if isinstance(answer, BaseException):
                raise answer
        return found[0]

    async def _write_copies(self, command: Command, at: int) -> Any:
        """Write into every shard, into the first one last: it is the one that is read."""
        answers = [await self._to(shard, command, at) for shard in reversed(self.shards.shards)]
        return answers[-1]

    async def _sum_of(self, commands: list[Command]) -> int:
        return sum(await asyncio.gather(*(self._submit(command) for command in commands)))

    def _of_no_key(self, command: Command) -> asyncio.Future[Any]:
        if command[:2] == ("INFO", "memory"):
            return asyncio.ensure_future(self._fullest(command))
        return self.shards.home.link._submit(command)  # noqa: SLF001  the same interface

    async def _fullest(self, command: Command) -> str:
        """Return the memory of the server that is closest to its limit."""
        found = await asyncio.gather(
            *(shard.link._submit(command) for shard in self._parts),  # noqa: SLF001  the same interface
            return_exceptions=True,
        )
        texts = [each for each in found if isinstance(each, str)]
        if not texts:
            raise next(each for each in found if isinstance(each, BaseException))
        return max(texts, key=_fullness)

    def _of_shard_key(self, command: Command, key: str) -> asyncio.Future[Any]:
        for shard in self.shards:
            if key.startswith(shard.keys.prefix):
                return shard.link._submit(command)  # noqa: SLF001  the same interface
        raise TypeError(f"{command[0]}: {key!r} is no key of this deployment")


def _fullness(info: str) -> tuple[float, int]:
    fields = info_fields(info)
    used, limit = int(fields["used_memory"]), int(fields.get("maxmemory", 0))
    return (used / limit if limit else 0.0, used)
