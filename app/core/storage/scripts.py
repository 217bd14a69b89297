"""The Lua scripts: one transition per file in `lua/<area>/`, called by path.

A script's name is its path below `lua/`, for example `queue/claim`. Its text is its first line (`#!lua …`),
the keys that it names (`K`, from `keys.py`), the library parts that its head names (`-- needs: …`, from
`lua/lib/`), and its own body. The head also names the arguments and the values of rows (`script_head.py`):
callers pass arguments by name, and rows as checked NamedTuples.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, fields
from functools import lru_cache
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from redis.exceptions import NoScriptError

from app.core.storage.histogram import lua_bounds
from app.core.storage.keys import GROUP, lua_names
from app.core.storage.script_head import (
    Places,
    ScriptHead,
    ScriptHeadError,
    check_row,
    joined,
    local_variables,
    parse_head,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from app.core.storage.connection import Arg
    from app.core.storage.keys import Keys

Row = TypeVar("Row", bound="tuple[Any, ...]")

LUA_DIR = Path(__file__).parent / "lua"
_NEEDS = re.compile(r"^-- needs: *(.+)$", re.MULTILINE)


def script_source(name: str) -> str:
    """Return the text of a script's own file; `lib/<part>` is a library part."""
    return (LUA_DIR / f"{name}.lua").read_text(encoding="utf-8")


def _library(name: str, seen: list[str]) -> None:
    """Append a library part and, before it, those that it needs."""
    if name in seen:
        return
    text = script_source(f"lib/{name}")
    for needed in _needed(text):
        _library(needed, seen)
    seen.append(name)


def _needed(text: str) -> list[str]:
    return [name.strip() for line in _NEEDS.findall(text) for name in line.split(",")]


def head_of(name: str) -> ScriptHead:
    """Return what the head of a script declares; `lib/<part>` is a library part."""
    return parse_head(script_source(name))


def script_row(name: str, listed: str = "ROW") -> Callable[[type[Row]], type[Row]]:
    """Check, when a NamedTuple is made, that its fields are a script's row, or another list of its head."""

    def checked(row: type[Row]) -> type[Row]:
        check_row(head_of(name), listed, row.__name__, getattr(row, "_fields", ()))
        return row

    return checked


def row_getter(name: str, record: type) -> Callable[[Any], tuple[Any, ...]]:
    """Return the function that reads a script's row from a dataclass, whose first fields it must be."""
    names = head_of(name).lists["ROW"]
    check_row(head_of(name), "ROW", record.__name__, tuple(f.name for f in fields(record)[: len(names)]))
    return attrgetter(*names)


def flat(rows: Iterable[tuple[Any, ...]]) -> list[Any]:
    """Return the values of rows one after the other. A row may begin or end with a row of its own."""
    values: list[Any] = []
    for row in rows:
        if isinstance(row[0], tuple):
            values += row[0]
            values += row[1:]
        elif isinstance(row[-1], tuple):
            values += row[:-1]
            values += row[-1]
        else:
            values += row
    return values


def in_order(name: str, head: ScriptHead, named: Mapping[str, Any]) -> list[Any]:
    """Return a script's arguments in the order of its head; optional ones at its end may be left out."""
    given = tuple([argument for argument in head.arguments if argument in named])
    if given != head.arguments[: len(given)] or not head.required <= len(given) == len(named):
        raise ScriptHeadError(f"{name} takes {joined(head.arguments)}, not {joined(named)}.")
    return [named[argument] for argument in given]


def compose(name: str, keys: Keys, body: str | None = None) -> str:
    """Return the text that Redis runs for a script; `body` replaces its file."""
    body = script_source(name) if body is None else body
    first, _, rest = body.partition("\n")
    parts: list[str] = ["base"]
    for needed in _needed(body):
        _library(needed, parts)
    texts = [script_source(f"lib/{part}") for part in parts] + [rest]
    heads = [parse_head(text) for text in texts]
    places = Places(heads[-1], heads[:-1])
    code = "\n".join(_with_names(text, head, places) for text, head in zip(texts, heads, strict=True))
    constants = f"local GROUP, BOUNDS, SHARD, SHARDS = '{GROUP}', {lua_bounds()}, {keys.shard}, {keys.shards}"
    return f"{first}\n{keys.lua_table(lua_names(code))}\n{constants}\n{code}"


def _with_names(text: str, head: ScriptHead, places: Places) -> str:
    code = places.replaced(_without_comments(text))
    return local_variables(head, code) + code


def _without_comments(code: str) -> str:
    return "\n".join(
        line for line in code.splitlines() if line.strip() and not line.lstrip().startswith("--")
    )


@dataclass(frozen=True, slots=True)
class _Script:
    text: str
    sha: str
    head: ScriptHead


@lru_cache(maxsize=1024)
def _composed(name: str, keys: Keys) -> _Script:
    text = compose(name, keys)
    sha = hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()
    return _Script(text, sha, head_of(name))


class Link(Protocol):
    """The part of a Redis link that scripts use."""

    @property
    def reconnects(self) -> int: ...

    async def call(self, *command: Arg) -> Any: ...


class Scripts:
    """The scripts of one namespace on one link."""

    def __init__(self, link: Link, keys: Keys) -> None:
        self._link = link
        self._keys = keys
        # By name alone: a dictionary of its own costs less than a look-up by the keys as well.
        self._composed: dict[str, _Script] = {}

    @property
    def keys(self) -> Keys:
        """Return the key names that the scripts use."""
        return self._keys

    @property
    def reconnects(self) -> int:
        """Return how often the link has connected after its first connection."""
        return self._link.reconnects

    async def run(self, name: str, /, *rows: Arg, **arguments: Arg) -> Any:
        """Run a script with its named arguments, then the values of its rows.

        It must be safe to run twice, because a lost answer makes it so.
        """
        script = self._composed.get(name)
        if script is None:
            script = self._composed[name] = _composed(name, self._keys)
        values = (*in_order(name, script.head, arguments), *rows) if arguments else rows
        try:
            return await self._link.call("EVALSHA", script.sha, 1, self._keys.seq, *values)
        except NoScriptError:
            # EVAL carries the text, so that a server which forgets its scripts cannot refuse twice.
            return await self._link.call("EVAL", script.text, 1, self._keys.seq, *values)
