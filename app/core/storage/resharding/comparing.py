"""Compares the data of former shards with its copies."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from app.core.errors import StateConflict
from app.core.i18n import _
from app.core.storage.key_families import KeyType
from app.core.storage.keys import KEY_SPECS
from app.core.storage.resharding.destinations import DERIVED, MERGED_STREAMS, SUMMED
from app.core.storage.resharding.elements import PAGE, has_elements, has_names, key_pages
from app.core.storage.resharding.parts import KeyPart, OnKeys, Parts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.core.storage.resharding.copying import Division
    from app.core.storage.resharding.elements import Element
    from app.core.storage.shards import Shard, ShardSet

_SPECS: Final = {spec.name: spec for spec in KEY_SPECS}
_COUNTED: Final = ("jobs", "runs", "dead", "delayed", "schedule", "monitors")
_BY_NAME: Final = frozenset({"starts", "incidents_open", "rate_wakes"})
"""Two former shards may have a value of one name: an incident of one cause, or a wake of a rate. Starts of a
rate come from all of them."""


class Comparison(Parts):
    """The former shards and their copies in the new ones."""

    def __init__(self, copied: Division, on_keys: OnKeys) -> None:
        super().__init__(copied.before, copied.after, on_keys)
        self.destinations = copied.destinations
        self._sums = copied.sums

    async def run(self) -> dict[str, int]:
        """Compare every record with its copy; return how many there are of some kinds.

        Raises StateConflict at the first difference.
        """
        for source in self.before:
            await self._each_part(source, self._compare_part)
        await self._compare_sums()
        return await self._compare_counts()

    async def _compare_part(self, source: Shard, part: KeyPart) -> None:
        for derived in await self._derived(source, part):
            await self._check(derived.place, derived.key, derived.kind, [derived.element], by_name=True)
        # Sums and entries of streams are counted.
        if part.family.name in SUMMED | MERGED_STREAMS | DERIVED:
            return
        for place in part.places:
            elements = self._elements_in(source, part, place)
            await self._check(place, part.key, part.kind, elements, by_name=part.family.name in _BY_NAME)

    async def _check(
        self, place: int, short: str, kind: KeyType, elements: Sequence[Element], *, by_name: bool
    ) -> None:
        has = has_names if by_name else has_elements
        for start in range(0, len(elements), PAGE):
            some = elements if kind is KeyType.LIST else elements[start : start + PAGE]
            if not await has(self.after[place].link, self._key(place, short), kind, some):
                raise StateConflict(
                    _("{key} of shard {shard} is not as it was copied.", key=short, shard=place)
                )
            if kind is KeyType.LIST:
                break

    async def _compare_sums(self) -> None:
        for short, sums in self._sums.items():
            home = self.after.home
            stored = await home.link.hash(self._key(0, short))
            if {name: int(value) for name, value in stored.items()} != dict(sums):
                raise StateConflict(_("The sums of {key} are not right.", key=short))

    async def _compare_counts(self) -> dict[str, int]:
        counts: dict[str, int] = {}
        for name, count in (
            *((name, partial(_cardinality, family=name)) for name in _COUNTED),
            *((name, partial(_entries_of, family=name)) for name in sorted(MERGED_STREAMS)),
        ):
            counts[name], after = [await count(shards) for shards in (self.before, self.after)]
            if counts[name] != after:
                raise StateConflict(
                    _("{before} {kind} became {after}.", before=counts[name], after=after, kind=name)
                )
        return {name: counts[name] for name in (*_COUNTED, "ready")}


async def _cardinality(shards: ShardSet, family: str) -> int:
    return sum([await shard.link.call("ZCARD", getattr(shard.keys, family)) for shard in shards])


async def _entries_of(shards: ShardSet, family: str) -> int:
    """Return how many entries the streams of a family have."""
    spec, total = _SPECS[family], 0
    for shard in shards:
        if not spec.suffix:
            total += await shard.link.call("XLEN", shard.keys.prefix + spec.stem)
            continue
        async for keys in key_pages(shard.link, shard.keys.prefix + spec.lua_value):
            total += sum(await shard.link.calls([("XLEN", key) for key in keys]))
    return total
