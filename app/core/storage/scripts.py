"""The Lua scripts: one transition per file in `lua/<area>/`, called by path.

A script's name is its path below `lua/`, for example `queue/claim`. Its text is its first line (`#!lua …`),
the keys that it names (`K`, from `keys.py`), the library parts that its head names (`-- needs: …`, from
`lua/lib/`), and its own body. The head also names the arguments and the values of rows (`script_head.py`):
callers pass arguments by name, and rows as checked NamedTuples.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from redis.exceptions import NoScriptError

from app.core.storage.histogram import lua_bounds
from app.core.storage.keys import GROUP, Keys, lua_names
from app.core.storage.script_head import Places, Row, ScriptHead, local_variables, parse_head, row_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.core.storage.connection import Arg

LUA_DIR = Path(__file__).parent / "lua"
_NEEDS = re.compile(r"^-- needs: *(.+)$", re.MULTILINE)


def script_names() -> list[str]:
    """Return the names of all scripts, for example `queue/claim`."""
    paths = (path.relative_to(LUA_DIR) for path in LUA_DIR.glob("*/*.lua"))
    return sorted(path.with_suffix("").as_posix() for path in paths if path.parts[0] != "lib")


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
    return row_of(head_of(name), listed)


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
    constants = f"local GROUP, BOUNDS = '{GROUP}', {lua_bounds()}"
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


@lru_cache(maxsize=256)
def _composed(name: str, keys: Keys) -> _Script:
    text = compose(name, keys)
    sha = hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()
    return _Script(text, sha, head_of(name))


class Link(Protocol):
    """The part of a Redis link that scripts use."""

    async def call(self, *command: Arg) -> Any: ...


class Scripts:
    """The scripts of one namespace on one link."""

    def __init__(self, link: Link, keys: Keys) -> None:
        self._link = link
        self._keys = keys

    @property
    def keys(self) -> Keys:
        """Return the key names that the scripts use."""
        return self._keys

    async def run(self, name: str, /, *rows: Arg, **arguments: Arg) -> Any:
        """Run a script with its named arguments, then the values of its rows.

        It must be safe to run twice, because a lost answer makes it so.
        """
        script = _composed(name, self._keys)
        values = [*script.head.values(name, arguments), *rows] if arguments else rows
        try:
            return await self._link.call("EVALSHA", script.sha, 1, self._keys.seq, *values)
        except NoScriptError:
            # EVAL carries the text, so that a server which forgets its scripts cannot refuse twice.
            return await self._link.call("EVAL", script.text, 1, self._keys.seq, *values)
