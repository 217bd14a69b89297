"""The layout of a deployment's data: into how many shards it is divided, and which server has which.

A deployment that was never divided stores nothing of this. Else each server has a record at the namespace's
own tag, and each shard one at its own. All hold the same text, `shards:id`, so that a process with another
number, or with servers in another order, is found before it writes.
"""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from app.core.config import place_of
from app.core.errors import ConfigurationError, RedisUnavailable
from app.core.i18n import _
from app.core.storage.connection import ANSWER_TIMEOUT_SEC
from app.core.storage.discovery import parse_target
from app.core.storage.keys import Keys
from app.core.storage.link import RedisLink

if TYPE_CHECKING:
    from app.core.config import Settings
    from app.core.storage.connection import Command
    from app.core.storage.shards import Shard, ShardSet

LAYOUT: Final = "layout"
READY: Final = "ready"
MOVING: Final = "moving"
"""The layout that a division under way makes, or one that was interrupted."""
PREVIOUS: Final = "previous"
"""The layout before the last division, whose data is still there."""
AWAY: Final = "away"
"""The data is on other servers now; what is here stays as it was then."""
COPY: Final = "copy"
"""In a shard that is being filled: its layout."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How many shards the data has, and the id of this division of it."""

    shards: int
    id: str

    @classmethod
    def parse(cls, text: str) -> Layout:
        """Return the layout that a record's text names."""
        shards, _, layout_id = text.partition(":")
        return cls(int(shards), layout_id)

    @classmethod
    def new(cls, shards: int) -> Layout:
        """Return a new division into so many shards."""
        return cls(shards, secrets.token_hex(8))

    def __str__(self) -> str:
        return f"{self.shards}:{self.id}"


async def ensure_layout(shards: ShardSet, settings: Settings, *, may_move: bool = False) -> tuple[Shard, ...]:
    """Check that the data has these shards; make the records of a deployment that has no data.

    Returns the shards that are out of reach, about which it says nothing. Raises ConfigurationError if the
    data has another number of shards, is on other servers, or is being divided again (unless `may_move`),
    and RedisUnavailable if the first shard is out of reach, or any while the deployment has no data. A server
    has as long for its answer as on the links of the shards.
    """
    if len(shards) == 1:
        record = shards.home.keys.shard_layout
        stored, moving, away = await shards.home.link.call("HMGET", record, LAYOUT, MOVING, AWAY)
        if stored is not None:
            check_number(Layout.parse(stored).shards, settings)
        _check_moving(moving, may_move=may_move)
        if away and not may_move:
            raise ConfigurationError(_AWAY.fill(place=settings.shard_place(0)))
        return ()
    patience_sec = shards.home.link.patience_sec
    roots = [root_link(settings, url, patience_sec) for url in server_urls(settings)]
    try:
        return await _Records(shards, settings, roots).ensure(may_move=may_move)
    finally:
        await asyncio.gather(*(root.close() for root in roots))


async def stored_shards(settings: Settings, patience_sec: float) -> int:
    """Return how many shards the data at REDIS_URL has; with servers of their own, as many as SHARD_URLS."""
    if settings.shard_urls:
        return len(settings.shard_urls)
    root = root_link(settings, settings.shard_url(0), patience_sec)
    try:
        text = await root.call("HGET", Keys(settings.namespace).shard_layout, LAYOUT)
    finally:
        await root.close()
    return 1 if text is None else Layout.parse(text).shards


def server_urls(settings: Settings) -> list[str]:
    """Return the addresses of the servers that have shards, each once."""
    return list(dict.fromkeys(settings.shard_url(number) for number in range(settings.shards)))


def root_link(settings: Settings, url: str, patience_sec: float) -> RedisLink:
    """Return a link to the node of a server that has the namespace's own tag."""
    keys = Keys(settings.namespace)
    target = parse_target(url, keys.seq, min(ANSWER_TIMEOUT_SEC, patience_sec))
    return RedisLink(target, keys, settings, patience_sec)


@dataclass(frozen=True, slots=True)
class _Seen:
    """The texts of all records; of a server that is out of reach, the error."""

    roots: list[list[Any] | BaseException]
    """Of each server: the layout, whether it is complete, its next layout, if its data was moved away, and if
    there is undivided data."""
    shards: list[str | BaseException | None]

    @property
    def layouts(self) -> set[str]:
        rooted = {root[0] for root in self.roots if isinstance(root, list)}
        return {text for text in (*rooted, *self.shards) if isinstance(text, str)}

    @property
    def is_ready(self) -> bool:
        return any(isinstance(root, list) and root[1] is not None for root in self.roots)

    @property
    def is_undivided(self) -> bool:
        return any(isinstance(root, list) and root[4] for root in self.roots)

    @property
    def moving(self) -> str | None:
        return next((root[2] for root in self.roots if isinstance(root, list) and root[2]), None)

    @property
    def is_partial(self) -> bool:
        lacking = any(isinstance(root, list) and root[0] is None for root in self.roots)
        return lacking or None in self.shards

    def check_all_answer(self) -> None:
        """Raise RedisUnavailable unless all answered."""
        for each in (*self.shards, *self.roots):
            if isinstance(each, BaseException):
                raise each


class _Records:
    """The records of all servers and shards."""

    def __init__(self, shards: ShardSet, settings: Settings, roots: list[RedisLink]) -> None:
        self._shards = shards
        self._settings = settings
        self._roots = roots
        self._root_keys = Keys(settings.namespace)

    async def ensure(self, *, may_move: bool) -> tuple[Shard, ...]:
        """Read the records until they are complete, and make those that are missing."""
        while True:
            seen = await self._read()
            _check_moving(seen.moving, may_move=may_move)
            self._check_here(seen)
            layouts = seen.layouts
            for text in layouts:
                check_number(Layout.parse(text).shards, self._settings)
            if len(layouts) > 1:
                raise ConfigurationError(_MIXED.fill(places=", ".join(self._places())))
            if seen.is_ready:
                return self._found(seen)
            seen.check_all_answer()
            if not layouts and seen.is_undivided:
                check_number(1, self._settings)
            await self._make(layouts.pop() if layouts else str(Layout.new(len(self._shards))), seen)

    async def _read(self) -> _Seen:
        record, keys = self._root_keys.shard_layout, self._root_keys
        asked: list[Command] = [
            ("HGET", record, LAYOUT),
            ("HGET", record, READY),
            ("HGET", record, MOVING),
            ("HGET", record, AWAY),
            ("EXISTS", keys.schema, keys.seq, keys.jobs),
        ]
        # Roots first: a deployment is ready once its shards have their records, so none is seen without.
        roots = await asyncio.gather(*(root.calls(asked) for root in self._roots), return_exceptions=True)
        shards: list[Any] = await asyncio.gather(
            *(shard.link.call("HGET", shard.keys.shard_layout, LAYOUT) for shard in self._shards),
            return_exceptions=True,
        )
        for answer in (*roots, *shards):
            if isinstance(answer, BaseException) and not isinstance(answer, RedisUnavailable):
                raise answer
        return _Seen(roots, shards)

    async def _make(self, layout: str, seen: _Seen) -> None:
        """Take one step; processes that start together take the same steps."""
        record = self._root_keys.shard_layout
        if not seen.layouts:
            # The first server decides whose id it is.
            await self._roots[0].call("HSETNX", record, LAYOUT, layout)
        elif seen.is_partial:
            for shard in self._shards:
                await shard.link.call("HSETNX", shard.keys.shard_layout, LAYOUT, layout)
            for root in self._roots:
                await root.call("HSETNX", record, LAYOUT, layout)
        else:
            for root in self._roots:
                await root.call("HSET", record, READY, 1)

    def _found(self, seen: _Seen) -> tuple[Shard, ...]:
        if isinstance(seen.shards[0], BaseException):
            raise seen.shards[0]
        for shard, text in zip(self._shards, seen.shards, strict=True):
            if text is None:
                place = self._settings.shard_place(shard.index)
                raise ConfigurationError(_MISSING.fill(shard=shard.index, place=place))
        pairs = zip(self._shards, seen.shards, strict=True)
        return tuple(shard for shard, text in pairs if isinstance(text, BaseException))

    def _check_here(self, seen: _Seen) -> None:
        for url, root in zip(server_urls(self._settings), seen.roots, strict=True):
            if isinstance(root, list) and root[3]:
                raise ConfigurationError(_AWAY.fill(place=place_of(url)))

    def _places(self) -> list[str]:
        return [self._settings.shard_place(shard.index) for shard in self._shards]


def check_number(stored: int, settings: Settings) -> None:
    """Raise ConfigurationError if the settings have another number of shards than the data."""
    if stored != settings.shards:
        raise ConfigurationError(
            _(
                "SHARDS is {given}, but the data in Redis has {stored}. Set SHARDS={stored}. Or stop all "
                "services and divide the data again: multi-job reshard --to {given}",
                given=settings.shards,
                stored=stored,
            )
        )


def _check_moving(moving: str | None, *, may_move: bool) -> None:
    if moving and not may_move:
        raise ConfigurationError(
            _(
                "The data is being divided into {shards} shards, or that was interrupted. End it with "
                "multi-job reshard --to {shards}, or keep the former division: multi-job reshard --cancel",
                shards=Layout.parse(moving).shards,
            )
        )


_AWAY = _(
    "The data of Redis at {place} was moved to another Redis: set REDIS_URL (with shards, SHARD_URLS) to "
    "that. To return, with those settings: multi-job reshard --back --urls URL,URL,…"
)
_MIXED = _("The servers of SHARD_URLS have shards of different deployments: correct it ({places}).")
_MISSING = _(
    "Shard {shard} is not in Redis at {place}. Name the servers in SHARD_URLS in the order of their shards. "
    "If that server has lost its data: multi-job reshard --replace-lost {shard}"
)
