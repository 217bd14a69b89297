"""Shares of limits: what each shard may use of a concurrency key or a rate that jobs of several shards name.

Two things hold at any instant. A shard never lets more runs start than its share (`limit:shares`, in each
shard). The first shard has a grant for each shard (`limit:grants`); a grant is at least the larger one of
share and use, and the grants of a key sum to its limit at most. So a share is lowered before its grant, and
raised after it. Each change has a version, and a command that comes late finds a newer one. A process that
dies in between, or two that do it at once, leave a grant larger than a share, which the next round repairs.

A key with groups, and a rate with groups, are used by one shard only: their jobs are in one shard.
"""

from __future__ import annotations

import asyncio
import math
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from app.core.errors import Unavailable
from app.core.storage.limits import RATE, USER, WINDOW_MS, base_of
from app.core.storage.scripts import flat, script_row

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence

    from app.core.clock import Clock
    from app.core.storage.shards import Shard, ShardSet

T = TypeVar("T")

AUDIT_SEC = 2.0
"""How often all keys are looked at; those that runs wait for are looked at in each round."""
DRAIN_WAITS_SEC = (0.01, 0.02, 0.04, 0.08)
"""Waits within a round until a shard uses no more than its smaller share; short runs end within them."""
FORGET_SEC = 3_600.0
"""How long the versions of a key that no job names are kept. A command that comes later is from a process
that did nothing for longer."""
_AT_ONCE = 64
_NONE = math.inf


@script_row("limits/read_use")
class _NameRow(NamedTuple):
    name: str


@dataclass(frozen=True, slots=True)
class ShareUse:
    """One shard's part of a key."""

    limit: str = ""
    """As its jobs there have it; empty if none does."""
    share: str = ""
    """`number|version`; empty if it has none."""
    use: int = 0
    waiting: int = 0
    head: float = _NONE
    """The seq of the first run that waits."""

    @property
    def number(self) -> int:
        """Return the share."""
        return int(self.share.partition("|")[0] or 0)

    @property
    def version(self) -> int:
        """Return the version of the share; 0 if it has none."""
        return int(self.share.partition("|")[2] or 0)

    @property
    def is_wanted(self) -> bool:
        """Return whether a job names the key, or a run waits for it."""
        return bool(self.limit) or self.waiting > 0


@dataclass(slots=True)
class Grant:
    """What a shard may use, as the first shard has it."""

    number: int = 0
    version: int = -1

    @classmethod
    def of(cls, text: str | None) -> Grant:
        """Read the stored text."""
        number, _, version = (text or "0|-1").partition("|")
        return cls(int(number), int(version))


def limit_of(uses: Iterable[ShareUse]) -> int:
    """Return the number to divide: the smallest limit that any shard has, 1 if no job names the key.

    A key with groups is one part, which is not divided.
    """
    texts = [use.limit for use in uses if use.limit]
    return min((1 if "|" in text else int(text) for text in texts), default=1)


def divide(limit: int, uses: Mapping[int, ShareUse], grants: Mapping[int, Grant]) -> dict[int, int]:
    """Return the share that each shard should have: by need, equally if that is more than the limit.

    A remainder goes to the shards whose first run has waited longest, so they take turns. Parts that no shard
    needs stay, and new ones are spread, so that a run can start at once.
    """
    wanted = [index for index, use in uses.items() if use.is_wanted]
    need = {index: min(limit, uses[index].use + uses[index].waiting) for index in wanted}
    by_age = sorted(wanted, key=lambda index: (uses[index].head, index))
    parts, left = _filled(limit, need, by_age)
    for index in wanted:
        kept = min(left, max(0, grants[index].number - parts[index]))
        parts[index] += kept
        left -= kept
    while left > 0 and wanted:
        parts[min(wanted, key=lambda index: parts[index])] += 1
        left -= 1
    return {index: parts.get(index, 0) for index in uses}


def _filled(limit: int, need: Mapping[int, int], order: Sequence[int]) -> tuple[dict[int, int], int]:
    """Give each shard the same until it needs no more; return the parts and the rest."""
    parts, left = dict.fromkeys(need, 0), limit
    while left > 0 and (short := [index for index in order if parts[index] < need[index]]):
        each = left // len(short)
        for index in short if each else short[:left]:
            part = min(max(1, each), need[index] - parts[index])
            parts[index] += part
            left -= part
    return parts, left


@dataclass(slots=True)
class _Key:
    """A key in one round."""

    name: str
    uses: dict[int, ShareUse]
    """Of the shards that answer."""
    grants: dict[int, Grant]
    parts: dict[int, int] = field(default_factory=dict[int, int])

    @property
    def limit(self) -> int:
        return limit_of(self.uses.values())

    @property
    def away(self) -> int:
        """Return what the shards that do not answer may use."""
        return sum(grant.number for index, grant in self.grants.items() if index not in self.uses)


class LimitShares:
    """Moves shares between the shards of a deployment."""

    def __init__(self, shards: ShardSet, clock: Clock) -> None:
        self._shards = shards
        self._clock = clock
        self._audit_at = float("-inf")
        self._open = set[str]()
        """Names that the next round has to look at again."""
        self._left_at: dict[tuple[str, int], float] = {}
        """When a shard was first seen without a job that names the key."""
        self.moved = 0

    async def round(self) -> int:
        """Look at the keys that need it once, and move shares; return how many shares have changed.

        A shard that does not answer keeps what it has. Unavailable if the first shard does not answer.
        """
        before = self.moved
        names = await self._names()
        for start in range(0, len(names), _AT_ONCE):
            keys = await self._read(names[start : start + _AT_ONCE])
            await asyncio.gather(*map(self._settle, keys))
        return self.moved - before

    # Which keys need a look.

    async def _names(self) -> list[str]:
        waited = await self._of_each(lambda shard: shard.link.call("SMEMBERS", shard.keys.waiting_keys))
        names = {base_of(name) for found in waited.values() for name in found}
        names |= self._open
        if self._clock.monotonic() >= self._audit_at:
            names |= await self._unsettled()
            self._audit_at = self._clock.monotonic() + AUDIT_SEC
        self._open = set[str]()
        return sorted(name for name in names if name.startswith((USER, RATE)))

    async def _unsettled(self) -> set[str]:
        """Return the keys whose shares may not be as they should be."""
        limits = await self._of_each(lambda shard: shard.link.hash(shard.keys.limits))
        shares = await self._of_each(lambda shard: shard.link.hash(shard.keys.limit_shares))
        names = {name for found in (*limits.values(), *shares.values()) for name in found}
        return {name for name in names if not self._is_settled(name, limits, shares)}

    def _is_settled(
        self, name: str, limits: Mapping[int, Mapping[str, str]], shares: Mapping[int, Mapping[str, str]]
    ) -> bool:
        if len(limits) < len(self._shards) or len(shares) < len(self._shards):
            return True
        named = {index for index, found in limits.items() if name in found}
        parts = {index: ShareUse(share=found.get(name, "")).number for index, found in shares.items()}
        limit = limit_of(ShareUse(limit=found.get(name, "")) for found in limits.values())
        is_used = all(index in named for index, part in parts.items() if part > 0)
        return bool(named) and is_used and sum(parts.values()) == limit

    # One key.

    async def _read(self, names: Sequence[str]) -> list[_Key]:
        home = self._shards.home
        stored = await home.link.hashes(home.keys.limit_grants(name) for name in names)
        found = await self._of_each(
            lambda shard: shard.scripts.run("limits/read_use", *flat(map(_NameRow, names)))
        )
        return [
            _Key(
                name,
                {index: _use_of(*rows[at]) for index, rows in found.items()},
                {shard.index: Grant.of(stored[at].get(str(shard.index))) for shard in self._shards},
            )
            for at, name in enumerate(names)
        ]

    async def _settle(self, key: _Key) -> None:
        if len(key.uses) == len(self._shards) and not any(use.is_wanted for use in key.uses.values()):
            await self._forget(key)
        key.parts = divide(max(0, key.limit - key.away), key.uses, key.grants)
        await asyncio.gather(*(self._lower(key, index) for index in key.uses))
        if await self._raise_all(key):
            return
        # Runs that use more than the new share of their shard: the short ones end now. Starts of a rate stay.
        for wait_sec in () if key.name.startswith(RATE) else DRAIN_WAITS_SEC:
            await asyncio.sleep(wait_sec)
            await self._refresh(key)
            if await self._raise_all(key):
                return
        self._open.add(key.name)

    async def _lower(self, key: _Key, index: int) -> None:
        """Lower a share to its part, then its grant to what is used."""
        use, grant, part = key.uses[index], key.grants[index], key.parts[index]
        is_unfinished = use.version < grant.version and use.number + grant.number > 0
        if part < use.number or (is_unfinished and part == use.number):
            await self._set(key, index, f"{part}|{max(use.version, grant.version) + 1}")
        await self._record(key, index)

    async def _record(self, key: _Key, index: int) -> None:
        use, grant = key.uses[index], key.grants[index]
        amount = max(use.number, self._used(key, index))
        is_less = use.version == grant.version and amount < grant.number
        if not use.share or not (use.version > grant.version or is_less):
            return
        word = await self._shards.home.scripts.run(
            "limits/record", name=key.name, shard=index, amount=amount, version=use.version
        )
        if word == "OK":
            key.grants[index] = Grant(amount, use.version)

    def _used(self, key: _Key, index: int) -> int:
        """Return what a shard uses. Starts of a rate's groups are not known: they leave the window."""
        use = key.uses[index]
        if use.limit or not key.name.startswith(RATE):
            self._left_at.pop((key.name, index), None)
            return use.use
        passed_sec = self._clock.monotonic() - self._left_at.setdefault(
            (key.name, index), self._clock.monotonic()
        )
        return use.use if passed_sec > WINDOW_MS / 1000 else max(use.use, key.grants[index].number)

    async def _refresh(self, key: _Key) -> None:
        for again in await self._read([key.name]):
            key.uses, key.grants = again.uses, again.grants
        await asyncio.gather(*(self._record(key, index) for index in key.uses))

    async def _raise_all(self, key: _Key) -> bool:
        """Raise shares as far as the grants of others allow; return whether nothing is left to do."""
        done = True
        for index in sorted(key.uses, key=lambda index: (key.uses[index].head, index)):
            use, part = key.uses[index], key.parts.get(index, 0)
            if part <= use.number:
                continue
            others = sum(grant.number for other, grant in key.grants.items() if other != index)
            if min(part, key.limit - others) > use.number:
                granted, version = await self._shards.home.scripts.run(
                    "limits/grant",
                    name=key.name,
                    limit=key.limit,
                    shard=index,
                    amount=part,
                    version=use.version + 1,
                )
                key.grants[index] = Grant(granted, version)
                await self._set(key, index, f"{min(granted, part)}|{version}")
            done = done and key.uses[index].number >= part
        return done

    async def _set(self, key: _Key, index: int, share: str) -> None:
        use = key.uses[index]
        word, used = await self._shards[index].scripts.run(
            "limits/set_share", name=key.name, share=share, seen=use.share
        )
        if word != "OK":
            self._open.add(key.name)
            return
        self.moved += 1
        key.uses[index] = replace(use, share=share, use=used)

    async def _forget(self, key: _Key) -> None:
        """Remove what is stored of a key that no job has named for an hour."""
        since = self._left_at.setdefault((key.name, -1), self._clock.monotonic())
        is_unused = not any(use.number or use.use for use in key.uses.values())
        if not is_unused or self._clock.monotonic() - since < FORGET_SEC:
            return
        if await self._shards.home.scripts.run("limits/forget", name=key.name) == "OK":
            for index, use in key.uses.items():
                if use.share:
                    await self._set(key, index, "")
            self._left_at = {at: since for at, since in self._left_at.items() if at[0] != key.name}

    async def _of_each(self, ask: Callable[[Shard], Awaitable[T]]) -> dict[int, T]:
        """Return the answer of each shard; Unavailable only if the first one does not answer."""
        answers = await asyncio.gather(*map(ask, self._shards), return_exceptions=True)
        found: dict[int, T] = {}
        for shard, answer in zip(self._shards, answers, strict=True):
            if not isinstance(answer, BaseException):
                found[shard.index] = answer
            elif shard is self._shards.home or not isinstance(answer, Unavailable):
                raise answer
        return found


def _use_of(limit: str, share: str, use: int, waiting: int, head: str) -> ShareUse:
    return ShareUse(limit, share, use, waiting, float(head or _NONE))
