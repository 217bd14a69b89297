"""Copies the data of shards into a new number of them, and compares both."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from app.core.errors import StateConflict
from app.core.i18n import _
from app.core.storage.connection import scores, time_ms
from app.core.storage.key_families import KeyType
from app.core.storage.keys import GROUP
from app.core.storage.merging.placement import Place, PlacedFamily, family_of
from app.core.storage.resharding.destinations import (
    COPIES,
    DERIVED,
    LEFT_OUT,
    MERGED_STREAMS,
    SUMMED,
    TO_ALL,
    Destinations,
    is_divided,
)
from app.core.storage.resharding.elements import (
    PAGE,
    Element,
    at_once,
    elements_of,
    has_elements,
    key_pages,
    writes_of,
)

if TYPE_CHECKING:
    from app.core.storage.connection import Command
    from app.core.storage.shards import Shard, ShardSet

OnKeys = Callable[[int], None]
"""Called with the number of keys that were done."""
_STARTS_MS: Final = 120_000
_COUNTED: Final = ("jobs", "runs", "dead", "delayed", "schedule", "monitors")


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


class Division:
    """The former shards and the new ones, which must be empty at first."""

    def __init__(self, before: ShardSet, after: ShardSet, on_keys: OnKeys) -> None:
        self._before = before
        self._after = after
        self.on_keys = on_keys
        self._destinations = {shard.index: Destinations(shard, len(after)) for shard in before}
        self._sums: dict[str, Counter[str]] = {}
        self._sum_lifetimes: dict[str, int] = {}
        self._starts: dict[str, list[int]] = defaultdict(list)
        self._met: set[tuple[int, str]] = set()
        self._entries: dict[tuple[int, str], list[tuple[str, Element]]] = defaultdict(list)

    # What goes to which shard.

    async def _each_part(self, source: Shard, work: Callable[[Shard, KeyPart], Awaitable[None]]) -> None:
        """Do work on the content of a former shard, some keys at the same time: they share round trips."""

        async def on_key(found: tuple[str, str, int]) -> None:
            key, kind, lifetime_ms = found
            short = key[len(source.keys.prefix) :]
            named = family_of(short)
            if kind == "none" or not self._is_copied(source, named[0]):
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
            self.on_keys(len(page))

    @staticmethod
    def _is_copied(source: Shard, family: PlacedFamily) -> bool:
        # What belongs to no job is in the first shard; another one has at most marks of its processes.
        is_home = family.name in COPIES or (family.place is Place.HOME and family.name not in TO_ALL)
        return family.name not in LEFT_OUT and not (is_home and source.index > 0)

    async def _of_key(
        self, source: Shard, short: str, named: tuple[PlacedFamily, str], kind: KeyType, lifetime_ms: int
    ) -> AsyncIterator[list[KeyPart]]:
        family, rest = named
        destinations, key = self._destinations[source.index], source.keys.prefix + short
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

    # The copy.

    async def copy(self) -> None:
        """Copy everything; the former shards stay as they are."""
        for source in self._before:
            await self._each_part(source, self._copy_part)
        await self._write_sums()
        await self._write_starts()
        await self._write_entries()
        await self._write_marks()

    async def _copy_part(self, source: Shard, part: KeyPart) -> None:
        name = part.family.name
        if self._was_added(source, part):
            return
        if name in SUMMED:
            self._add_sums(part)
        elif name == "starts":
            self._starts[part.key] += [int(value) for (value,) in part.elements]
        elif name in MERGED_STREAMS:
            await self._keep_entries(source, part)
        elif name == "waiting_lines":
            await self._copy_lines(source, part)
        elif name not in DERIVED:
            for place in part.places:
                await self._write(place, part, self._elements_in(source, part, place))
        await self._derive(source, part)

    def _was_added(self, source: Shard, part: KeyPart) -> bool:
        """Return whether a key that adds up was met before: a scan may meet a key twice."""
        if part.family.name not in SUMMED | MERGED_STREAMS | {"starts"}:
            return False
        if (source.index, part.key) in self._met:
            return True
        self._met.add((source.index, part.key))
        return False

    async def _derive(self, source: Shard, part: KeyPart) -> None:
        """Write what a shard has because of the part's elements there."""
        name = part.family.name
        if name == "dead_group":
            newest = max((float(score) for _, score in part.elements), default=0)
            for place in part.places:
                await self._call(place, [("ZADD", self._key(place, "dead:groups"), "GT", newest, part.rest)])
        if name == "limit_jobs":
            limit = await source.link.call("HGET", source.keys.limits, part.rest)
            for place in part.places:
                if limit is not None:
                    await self._call(place, [("HSET", self._key(place, "limits"), part.rest, limit)])

    def _elements_in(self, source: Shard, part: KeyPart, place: int) -> Sequence[Element]:
        """Return the elements for a shard: of an incident only the members that its jobs there can end."""
        if part.family.name != "incident_members":
            return part.elements
        destinations = self._destinations[source.index]
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

    async def _write(self, place: int, part: KeyPart, elements: Sequence[Element]) -> None:
        key = self._key(place, part.key)
        commands = writes_of(key, part.kind, elements)
        if part.kind in {KeyType.LIST, KeyType.STREAM}:
            # A key that a scan met twice, or that several former shards have.
            commands.insert(0, ("DEL", key))
        if commands and part.lifetime_ms > 0:
            commands.append(("PEXPIRE", key, part.lifetime_ms))
        await self._call(place, commands)

    async def _copy_lines(self, source: Shard, part: KeyPart) -> None:
        """List a line of waiting runs in each shard that has some of them, by the first one there."""
        destinations = self._destinations[source.index]

        async def on_line(element: Element) -> None:
            line, score = element
            flat = await source.link.call("ZRANGE", source.keys.waiting(line), 0, -1, "WITHSCORES")
            heads: dict[int, str] = {}
            for place, seq in zip(await destinations.of_runs(flat[::2]), flat[1::2], strict=True):
                heads.setdefault(place, seq)
            for place, seq in heads.items():
                # Groups that take turns are in the order of their turns.
                rank = score if "/" in line else seq
                await self._call(
                    place,
                    [
                        ("ZADD", self._key(place, part.key), rank, line),
                        ("SADD", self._key(place, "waiting:keys"), part.rest),
                    ],
                )

        await at_once(on_line, part.elements)

    def _add_sums(self, part: KeyPart) -> None:
        sums = self._sums.setdefault(part.key, Counter())
        for name, value in part.elements:
            sums[name] += int(value)
        self._sum_lifetimes[part.key] = max(part.lifetime_ms, self._sum_lifetimes.get(part.key, -1))

    async def _write_sums(self) -> None:
        for short, sums in self._sums.items():
            key, lifetime_ms = self._key(0, short), self._sum_lifetimes[short]
            commands = writes_of(key, KeyType.HASH, [(name, str(value)) for name, value in sums.items()])
            await self._call(0, [*commands, *([("PEXPIRE", key, lifetime_ms)] if lifetime_ms > 0 else [])])

    async def _write_starts(self) -> None:
        """Give every shard all starts of a rate in the last minute: none lets more runs start."""
        for short, starts in self._starts.items():
            elements = [(str(instant),) for instant in sorted(starts)]
            for place in range(len(self._after)):
                key = self._key(place, short)
                await self._call(
                    place, [*writes_of(key, KeyType.LIST, elements), ("PEXPIRE", key, _STARTS_MS)]
                )

    async def _keep_entries(self, source: Shard, part: KeyPart) -> None:
        """Keep the entries of a stream; those of all former shards are written together, in their order."""
        destinations, name = self._destinations[source.index], part.family.name
        if name == "ready":
            places = await destinations.of_runs([each[2] for each in part.elements])
        elif name == "chains":
            places = [destinations.of_job(_field(each, "job")) for each in part.elements]
        else:
            places = [0] * len(part.elements)
        for place, element in zip(places, part.elements, strict=True):
            self._entries[place, part.key].append((name, element))
        if name == "ready":
            for place in range(len(self._after)):
                self._entries.setdefault((place, part.key), [])

    async def _write_entries(self) -> None:
        for (place, short), found in self._entries.items():
            key, last = self._key(place, short), (0, 0)
            commands: list[Command] = []
            for name, element in sorted(found, key=lambda each: _order(each[1][0])):
                entry_id = max(_order(element[0]), (last[0], last[1] + 1))
                last = entry_id
                text = f"{entry_id[0]}-{entry_id[1]}"
                commands.append(("XADD", key, text, *element[1:]))
                if name == "ready" and text != element[0]:
                    # The run names its entry.
                    run = self._after[place].keys.run(element[2])
                    commands.append(("HSET", run, "entry", text))
            for start in range(0, len(commands), PAGE):
                await self._call(place, commands[start : start + PAGE])
            if short.startswith("ready:"):
                await self._call(place, [("XGROUP", "CREATE", key, GROUP, "0", "MKSTREAM")])
                lane = short.removeprefix("ready:")
                if "@" in lane and found:
                    await self._call(place, [("SADD", self._key(place, "typed_lanes"), lane)])

    async def _write_marks(self) -> None:
        """Set the counters and marks that no record carries."""
        seqs: list[int] = []
        fences: list[int] = []
        metas: list[dict[str, str]] = []
        ends: list[int] = []
        for shard in self._before:
            seq, fence, ended = await shard.link.calls(
                [("GET", shard.keys.seq), ("GET", shard.keys.fence), ("GET", shard.keys.incidents_ended)]
            )
            seqs.append(int(seq or 0))
            fences.append(int(fence or 0))
            ends.append(int(ended or 0))
            metas.append(await shard.link.hash(shard.keys.meta))
        common = {
            name: str(pick(int(meta.get(name) or 0) for meta in metas))
            for name, pick in (("purged_until", max), ("unordered_until", max), ("folded_quarter", min))
            if any(meta.get(name) for meta in metas)
        }
        if all(meta.get("dead_grouped") for meta in metas):
            common["dead_grouped"] = "1"
        for shard in self._after:
            fields = {**({"id": metas[0]["id"]} if shard.index == 0 and "id" in metas[0] else {}), **common}
            keys = shard.keys
            commands: list[Command] = [("SET", keys.seq, max(seqs)), ("SET", keys.fence, max(fences))]
            if max(ends):
                commands.append(("SET", keys.incidents_ended, max(ends)))
            if fields:
                commands.append(("HSET", keys.meta, *(text for item in fields.items() for text in item)))
            bytes_of = await self._artifact_bytes(shard)
            if bytes_of:
                commands.append(("HSET", keys.meta, "artifact_bytes", bytes_of))
            await shard.link.calls(commands)

    @staticmethod
    async def _artifact_bytes(shard: Shard) -> int:
        contents = await shard.link.call("ZRANGE", shard.keys.artifacts, 0, -1)
        sizes = await shard.link.calls(
            [("HGET", shard.keys.artifact(content), "bytes") for content in contents]
        )
        return sum(int(size or 0) for size in sizes)

    async def join_incidents(self) -> None:
        """Join open incidents of one cause, which two former shards had: one gets the members and jobs."""
        for shard in self._after:
            keys, link = shard.keys, shard.link
            for incident_id in await link.call("ZRANGE", keys.incidents("open"), 0, -1):
                cause = await link.call("HGET", keys.incident(incident_id), "key")
                kept = await link.call("HGET", keys.incidents_open, cause)
                if kept in {None, incident_id}:
                    continue
                members, jobs, seq, kept_seq, time = await link.calls(
                    [
                        ("SMEMBERS", keys.incident_members(incident_id)),
                        ("ZRANGE", keys.incident_jobs(incident_id), 0, -1, "WITHSCORES"),
                        ("HGET", keys.incident(incident_id), "seq"),
                        ("HGET", keys.incident(kept), "seq"),
                        ("TIME",),
                    ]
                )
                commands: list[Command] = [
                    ("HSET", keys.incident(incident_id), "closed", time_ms(time)),
                    ("ZREM", keys.incidents("open"), incident_id),
                    ("ZADD", keys.incidents("closed"), seq, incident_id),
                    ("DEL", keys.incident_members(incident_id)),
                ]
                if members:
                    commands.append(("SADD", keys.incident_members(kept), *members))
                for job_id, since in scores(jobs).items():
                    commands += [
                        ("ZADD", keys.incident_jobs(kept), "NX", since, job_id),
                        ("ZADD", keys.incidents_job(job_id), kept_seq, kept),
                    ]
                await link.calls(commands)

    # The comparison.

    async def compare(self) -> dict[str, int]:
        """Compare every record with its copy; return how many there are of some kinds.

        Raises StateConflict at the first difference.
        """
        for source in self._before:
            await self._each_part(source, self._compare_part)
        await self._compare_sums()
        return await self._compare_counts()

    async def _compare_part(self, source: Shard, part: KeyPart) -> None:
        # Two former shards may have an incident of one cause; one of them is found by it. A wake of a rate is
        # that of the last one: each wake plans the next.
        others = {"starts", "incidents_open", "rate_wakes"}
        if part.family.name in SUMMED | MERGED_STREAMS | DERIVED | others:
            return
        for place in part.places:
            elements = self._elements_in(source, part, place)
            for start in range(0, len(elements), PAGE):
                some = elements if part.kind is KeyType.LIST else elements[start : start + PAGE]
                key = self._key(place, part.key)
                if not await has_elements(self._after[place].link, key, part.kind, some):
                    raise StateConflict(
                        _("{key} of shard {shard} is not as it was copied.", key=part.key, shard=place)
                    )
                if part.kind is KeyType.LIST:
                    break

    async def _compare_sums(self) -> None:
        for short, sums in self._sums.items():
            home = self._after.home
            stored = await home.link.hash(self._key(0, short))
            if {name: int(value) for name, value in stored.items()} != dict(sums):
                raise StateConflict(_("The sums of {key} are not right.", key=short))

    async def _compare_counts(self) -> dict[str, int]:
        counts: dict[str, int] = {}
        for family in _COUNTED:
            sizes = [await _cardinality(shards, family) for shards in (self._before, self._after)]
            if sizes[0] != sizes[1]:
                raise StateConflict(
                    _("{before} {kind} became {after}.", before=sizes[0], after=sizes[1], kind=family)
                )
            counts[family] = sizes[1]
        entries = [await _waiting_entries(shards) for shards in (self._before, self._after)]
        if entries[0] != entries[1]:
            raise StateConflict(
                _("{before} {kind} became {after}.", before=entries[0], after=entries[1], kind="ready")
            )
        return {**counts, "ready": entries[1]}

    def _key(self, place: int, short: str) -> str:
        return self._after[place].keys.prefix + short

    async def _call(self, place: int, commands: Sequence[Command]) -> None:
        if commands:
            await self._after[place].link.calls(list(commands))


async def _cardinality(shards: ShardSet, family: str) -> int:
    return sum([await shard.link.call("ZCARD", getattr(shard.keys, family)) for shard in shards])


async def _waiting_entries(shards: ShardSet) -> int:
    total = 0
    for shard in shards:
        async for keys in key_pages(shard.link, f"{shard.keys.prefix}ready:"):
            total += sum(await shard.link.calls([("XLEN", key) for key in keys]))
    return total


def _order(entry_id: str) -> tuple[int, int]:
    instant, _, number = entry_id.partition("-")
    return int(instant), int(number)


def _field(element: Element, name: str) -> str:
    return dict(zip(element[1::2], element[2::2], strict=True)).get(name, "")
