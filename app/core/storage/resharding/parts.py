"""Reads the content of former shards in parts, each with the new shards that it goes to."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.core.storage.key_families import KeyType
from app.core.storage.merging.placement import Place, PlacedFamily, family_of
from app.core.storage.resharding.destinations import (
    COPIES,
    LEFT_BEHIND,
    TO_ALL,
    Destinations,
    is_divided,
)
from app.core.storage.resharding.elements import Element, at_once, elements_of, key_pages

if TYPE_CHECKING:
    from app.core.storage.connection import Command
    from app.core.storage.shards import Shard, ShardSet

OnKeys = Callable[[int], None]
"""Called with the number of keys that were done."""


@dataclass(frozen=True, slots=True)
class KeyPart:
    """Some content of a former key, and the shards that it goes to."""

    key: str
    """Below the tag."""
    family: PlacedFamily
    rest: str
    kind: KeyType
    elements: Sequence[Element]
    places: tuple[int, ...]
    lifetime_ms: int
    """How long the key still lives; below 0 for ever."""


@dataclass(frozen=True, slots=True)
class DerivedElement:
    """An element that a new shard has because of others that go there."""

    place: int
    key: str
    """Below the tag."""
    kind: KeyType
    element: Element


class Parts:
    """The content of the former shards, and where each part of it goes."""

    def __init__(self, before: ShardSet, after: ShardSet, on_keys: OnKeys) -> None:
        self.before = before
        self.after = after
        self._on_keys = on_keys
        self.destinations = {shard.index: Destinations(shard, len(after)) for shard in before}
        self.left_behind = Counter[str]()
        """Keys that stay where they are, by family."""

    async def _each_part(self, source: Shard, work: Callable[[Shard, KeyPart], Awaitable[None]]) -> None:
        """Do work on the content of a former shard, some keys at the same time: they share round trips."""

        async def on_key(found: tuple[str, str, int]) -> None:
            key, kind, lifetime_ms = found
            short = key[len(source.keys.prefix) :]
            named = family_of(short)
            if kind == "none":
                return
            if self._stays(source, named[0]):
                return
            async for parts in self._of_key(source, short, named, KeyType(kind), lifetime_ms):
                for part in parts:
                    await work(source, part)

        async for page in key_pages(source.link, source.keys.prefix):
            keys = list(dict.fromkeys(page))
            answers = await source.link.calls(
                [command for key in keys for command in (("TYPE", key), ("PTTL", key))]
            )
            await at_once(on_key, list(zip(keys, answers[::2], answers[1::2], strict=True)))
            self._on_keys(len(page))

    def _stays(self, source: Shard, family: PlacedFamily) -> bool:
        """Return whether a key is not copied; note it unless the first shard has the same."""
        if source.index > 0 and family.name in COPIES:
            return True
        is_misplaced = source.index > 0 and family.place is Place.HOME and family.name not in TO_ALL
        if is_misplaced or family.name in LEFT_BEHIND:
            self.left_behind[family.name] += 1
            return True
        return False

    async def _of_key(
        self, source: Shard, short: str, named: tuple[PlacedFamily, str], kind: KeyType, lifetime_ms: int
    ) -> AsyncIterator[list[KeyPart]]:
        family, rest = named
        destinations, key = self.destinations[source.index], source.keys.prefix + short
        whole: list[Element] = []
        async for elements in elements_of(source.link, key, kind):
            if not is_divided(family.name):
                whole += elements
                continue
            groups: dict[tuple[int, ...], list[Element]] = defaultdict(list)
            for element, places in zip(
                elements, await destinations.of_elements(family.name, rest, elements), strict=True
            ):
                groups[places].append(element)
            yield [
                KeyPart(short, family, rest, kind, some, places, lifetime_ms)
                for places, some in groups.items()
            ]
        if not is_divided(family.name):
            places = await self._places_of(destinations, family, rest)
            yield [KeyPart(short, family, rest, kind, whole, places, lifetime_ms)]

    async def _places_of(
        self, destinations: Destinations, family: PlacedFamily, rest: str
    ) -> tuple[int, ...]:
        if family.place is Place.JOB:
            return (destinations.of_job(family.owner(rest)),)
        if family.place is Place.RUN:
            return tuple(await destinations.of_runs([family.owner(rest)]))
        return await destinations.of_key(family.name, rest)

    async def _derived(self, source: Shard, part: KeyPart) -> list[DerivedElement]:
        """Return what shards have because of elements that go there."""
        name, rest = part.family.name, part.rest
        match name:
            case "dead_group":
                newest = max((float(score) for _, score in part.elements), default=0)
                element = (rest, f"{newest:.17g}")
                return [DerivedElement(place, "dead:groups", KeyType.ZSET, element) for place in part.places]
            case "limit_jobs":
                limit = await source.link.call("HGET", source.keys.limits, rest)
                if limit is None:
                    return []
                return [DerivedElement(place, "limits", KeyType.HASH, (rest, limit)) for place in part.places]
            case "ready" if "@" in rest:
                runs = await self.destinations[source.index].of_runs([each[2] for each in part.elements])
                return [DerivedElement(place, "typed_lanes", KeyType.SET, (rest,)) for place in {*runs}]
            case "waiting_lines":
                return await self._lines_of(source, part)
            case _:
                return []

    async def _lines_of(self, source: Shard, part: KeyPart) -> list[DerivedElement]:
        """List a line of waiting runs in each shard that has some of them, by the first one there."""
        destinations = self.destinations[source.index]
        derived: list[DerivedElement] = []

        async def on_line(element: Element) -> None:
            line, score = element
            flat = await source.link.call("ZRANGE", source.keys.waiting(line), 0, -1, "WITHSCORES")
            heads: dict[int, str] = {}
            for place, seq in zip(await destinations.of_runs(flat[::2]), flat[1::2], strict=True):
                heads.setdefault(place, seq)
            for place, seq in heads.items():
                # Groups that take turns are in the order of their turns.
                rank = score if "/" in line else seq
                derived.append(DerivedElement(place, part.key, KeyType.ZSET, (line, rank)))
                derived.append(DerivedElement(place, "waiting:keys", KeyType.SET, (part.rest,)))

        await at_once(on_line, part.elements)
        return derived

    def _elements_in(self, source: Shard, part: KeyPart, place: int) -> Sequence[Element]:
        """Return the elements for a shard: of an incident only the members that its jobs there can end."""
        if part.family.name != "incident_members":
            return part.elements
        destinations = self.destinations[source.index]
        kept: list[Element] = []
        for element in part.elements:
            if element[0].startswith("shard:"):
                # Of the shard that is the first one now; the others join again if it still holds for them.
                kept.append(("cause",))
                continue
            job_id = element[0].removeprefix("job:")
            is_of_job = job_id != element[0]
            if place == (destinations.of_job(job_id) if is_of_job else part.places[0]):
                kept.append(element)
        return kept

    def _key(self, place: int, short: str) -> str:
        return self.after[place].keys.prefix + short

    async def _call(self, place: int, commands: Sequence[Command]) -> None:
        if commands:
            await self.after[place].link.calls(list(commands))
