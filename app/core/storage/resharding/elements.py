"""Reads and writes the content of keys of any type, in pages of elements."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeAlias, TypeVar

from app.core.storage.key_families import KeyType

if TYPE_CHECKING:
    from app.core.storage.connection import Arg, Command
    from app.core.storage.link import RedisLink

Element: TypeAlias = "tuple[str, ...]"
"""A member, a field and its value, a member and its score, or the id, names and values of an entry."""
Item = TypeVar("Item")
PAGE: Final = 1_000
AT_ONCE: Final = 100
"""Pieces of work whose calls share round trips; a few records may be large."""
_SCANS: Final = {KeyType.HASH: "HSCAN", KeyType.ZSET: "ZSCAN", KeyType.SET: "SSCAN"}


async def at_once(work: Callable[[Item], Awaitable[None]], items: Sequence[Item]) -> None:
    """Do work on items, some of them at the same time."""
    for start in range(0, len(items), AT_ONCE):
        await asyncio.gather(*map(work, items[start : start + AT_ONCE]))


async def key_pages(link: RedisLink, prefix: str) -> AsyncIterator[list[str]]:
    """Yield all keys of a tag; one that is there all the time is met at least once."""
    cursor = "0"
    while True:
        cursor, page = await link.call("SCAN", cursor, "MATCH", f"{_escaped(prefix)}*", "COUNT", 500)
        if page:
            yield page
        if cursor == "0":
            return


async def elements_of(link: RedisLink, key: str, kind: KeyType) -> AsyncIterator[list[Element]]:
    """Yield the content of a key in pages; a list and a stream in their order."""
    if kind in _SCANS:
        cursor = "0"
        while True:
            cursor, flat = await link.call(_SCANS[kind], key, cursor, "COUNT", PAGE)
            width = 1 if kind is KeyType.SET else 2
            yield [tuple(flat[at : at + width]) for at in range(0, len(flat), width)]
            if cursor == "0":
                return
    elif kind is KeyType.STREAM:
        start = "-"
        while found := await link.call("XRANGE", key, start, "+", "COUNT", PAGE):
            yield [(entry_id, *fields) for entry_id, fields in found]
            start = f"({found[-1][0]}"
    elif kind is KeyType.LIST:
        for start in range(0, await link.call("LLEN", key), PAGE):
            found = await link.call("LRANGE", key, start, start + PAGE - 1)
            yield [(value,) for value in found]
    elif (text := await link.call("GET", key)) is not None:
        # Its lifetime may have ended since the key was found.
        yield [(text,)]


def writes_of(key: str, kind: KeyType, elements: Sequence[Element]) -> list[Command]:
    """Return the commands that add elements to a key; safe to repeat except for a list and a stream."""
    if not elements:
        return []
    if kind is KeyType.STRING:
        return [("SET", key, elements[0][0])]
    if kind is KeyType.STREAM:
        return [("XADD", key, *each) for each in elements]
    commands: list[Command] = []
    for start in range(0, len(elements), PAGE):
        some = elements[start : start + PAGE]
        flat: list[Arg] = []
        for each in some:
            flat += reversed(each) if kind is KeyType.ZSET else each
        commands.append((_ADDS[kind], key, *flat))
    return commands


_ADDS: Final = {KeyType.HASH: "HSET", KeyType.SET: "SADD", KeyType.ZSET: "ZADD", KeyType.LIST: "RPUSH"}


async def has_elements(link: RedisLink, key: str, kind: KeyType, elements: Sequence[Element]) -> bool:
    """Return whether a key has all of these elements with their values."""
    names = [each[0] for each in elements]
    match kind:
        case KeyType.HASH:
            return await link.call("HMGET", key, *names) == [each[1] for each in elements]
        case KeyType.ZSET:
            found = await link.call("ZMSCORE", key, *names)
            return _numbers(found) == _numbers([each[1] for each in elements])
        case KeyType.SET:
            return all(await link.call("SMISMEMBER", key, *names))
        case KeyType.STREAM:
            found = await link.call("XRANGE", key, names[0], names[-1])
            kept: dict[str, list[str]] = dict(found)
            return all(kept.get(each[0]) == list(each[1:]) for each in elements)
        case KeyType.LIST:
            return await link.call("LRANGE", key, 0, -1) == names
        case _:
            return await link.call("GET", key) == names[0]


async def has_names(link: RedisLink, key: str, kind: KeyType, elements: Sequence[Element]) -> bool:
    """Return whether a key has members, fields or values of these names."""
    names = [each[0] for each in elements]
    match kind:
        case KeyType.HASH:
            return None not in await link.call("HMGET", key, *names)
        case KeyType.ZSET:
            return None not in await link.call("ZMSCORE", key, *names)
        case KeyType.LIST:
            return {*names} <= {*await link.call("LRANGE", key, 0, -1)}
        case _:
            return await has_elements(link, key, kind, elements)


def _numbers(texts: Sequence[Any]) -> list[float | None]:
    return [None if text is None else float(text) for text in texts]


def _escaped(prefix: str) -> str:
    return "".join(f"\\{each}" if each in "*?[]^\\" else each for each in prefix)
