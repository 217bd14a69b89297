"""Copies the data of shards into a new number of them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from app.core.storage.connection import scores, time_ms
from app.core.storage.key_families import KeyType
from app.core.storage.keys import GROUP
from app.core.storage.resharding.destinations import DERIVED, MERGED_STREAMS, SUMMED
from app.core.storage.resharding.elements import PAGE, Element, writes_of
from app.core.storage.resharding.parts import DerivedElement, KeyPart, OnKeys, Parts

if TYPE_CHECKING:
    from app.core.storage.connection import Command
    from app.core.storage.shards import Shard, ShardSet

_STARTS_MS: Final = 120_000
_RANKS: Final = {"dead:groups": "GT", "waiting:lines": "LT"}
"""Of several former shards the newest dead letter of an error counts, and the first run of a line."""


class Division(Parts):
    """The former shards and the new ones, which must be empty at first."""

    def __init__(self, before: ShardSet, after: ShardSet, on_keys: OnKeys) -> None:
        super().__init__(before, after, on_keys)
        self.sums: dict[str, Counter[str]] = {}
        """The sums of the counts of all former shards, by key and field."""
        self._sum_lifetimes: dict[str, int] = {}
        self._starts: dict[str, list[int]] = defaultdict(list)
        self._met: set[tuple[int, str]] = set()
        self._entries: dict[tuple[int, str], list[tuple[str, Element]]] = defaultdict(list)

    async def copy(self) -> None:
        """Copy everything; the former shards stay as they are."""
        for source in self.before:
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
        elif name not in DERIVED:
            for place in part.places:
                await self._write(place, part, self._elements_in(source, part, place))
        for derived in await self._derived(source, part):
            await self._add(derived)

    def _was_added(self, source: Shard, part: KeyPart) -> bool:
        """Return whether a key that adds up was met before: a scan may meet a key twice."""
        if part.family.name not in SUMMED | MERGED_STREAMS | {"starts"}:
            return False
        if (source.index, part.key) in self._met:
            return True
        self._met.add((source.index, part.key))
        return False

    async def _add(self, derived: DerivedElement) -> None:
        key = self._key(derived.place, derived.key)
        [command] = writes_of(key, derived.kind, [derived.element])
        rank = next((word for start, word in _RANKS.items() if derived.key.startswith(start)), None)
        await self._call(derived.place, [(*command[:2], rank, *command[2:]) if rank else command])

    async def _write(self, place: int, part: KeyPart, elements: Sequence[Element]) -> None:
        key = self._key(place, part.key)
        commands = writes_of(key, part.kind, elements)
        if part.kind in {KeyType.LIST, KeyType.STREAM}:
            # A key that a scan met twice, or that several former shards have.
            commands.insert(0, ("DEL", key))
        if commands and part.lifetime_ms > 0:
            commands.append(("PEXPIRE", key, part.lifetime_ms))
        await self._call(place, commands)

    def _add_sums(self, part: KeyPart) -> None:
        sums = self.sums.setdefault(part.key, Counter())
        for name, value in part.elements:
            sums[name] += int(value)
        self._sum_lifetimes[part.key] = max(part.lifetime_ms, self._sum_lifetimes.get(part.key, -1))

    async def _write_sums(self) -> None:
        for short, sums in self.sums.items():
            key, lifetime_ms = self._key(0, short), self._sum_lifetimes[short]
            commands = writes_of(key, KeyType.HASH, [(name, str(value)) for name, value in sums.items()])
            await self._call(0, [*commands, *([("PEXPIRE", key, lifetime_ms)] if lifetime_ms > 0 else [])])

    async def _write_starts(self) -> None:
        """Give every shard all starts of a rate in the last minute: none lets more runs start."""
        for short, starts in self._starts.items():
            elements = [(str(instant),) for instant in sorted(starts)]
            for place in range(len(self.after)):
                key = self._key(place, short)
                await self._call(
                    place, [*writes_of(key, KeyType.LIST, elements), ("PEXPIRE", key, _STARTS_MS)]
                )

    async def _keep_entries(self, source: Shard, part: KeyPart) -> None:
        """Keep the entries of a stream; those of all former shards are written together, in their order."""
        destinations, name = self.destinations[source.index], part.family.name
        if name == "ready":
            places = await destinations.of_runs([each[2] for each in part.elements])
        elif name == "chains":
            places = [destinations.of_job(_field(each, "job")) for each in part.elements]
        else:
            places = [0] * len(part.elements)
        for place, element in zip(places, part.elements, strict=True):
            self._entries[place, part.key].append((name, element))
        if name == "ready":
            for place in range(len(self.after)):
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
                    run = self.after[place].keys.run(element[2])
                    commands.append(("HSET", run, "entry", text))
            for start in range(0, len(commands), PAGE):
                await self._call(place, commands[start : start + PAGE])
            if short.startswith("ready:"):
                await self._call(place, [("XGROUP", "CREATE", key, GROUP, "0", "MKSTREAM")])

    async def _write_marks(self) -> None:
        """Set the counters and marks that no record carries."""
        seqs: list[int] = []
        fences: list[int] = []
        metas: list[dict[str, str]] = []
        ends: list[int] = []
        for shard in self.before:
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
        for shard in self.after:
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
        for shard in self.after:
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


def _order(entry_id: str) -> tuple[int, int]:
    instant, _, number = entry_id.partition("-")
    return int(instant), int(number)


def _field(element: Element, name: str) -> str:
    return dict(zip(element[1::2], element[2::2], strict=True)).get(name, "")
