"""The Lua scripts: one transition a file in `lua/<area>/`, composed once, called by path.

A script's name is its path below `lua/`, for example `queue/claim`. Its text is its first line
(`#!lua …`), the keys that it names (`K`, from `keys.py`), the library parts that its head names
(`-- needs: …`, from `lua/lib/`), and its own body.
"""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from redis.exceptions import NoScriptError

from app.core.storage.histogram import lua_bounds
from app.core.storage.keys import GROUP, Keys, lua_names

if TYPE_CHECKING:
    from app.core.redis_client import Arg, RedisLink

LUA_DIR = Path(__file__).parent / "lua"
_NEEDS = re.compile(r"^-- needs: *(.+)$", re.MULTILINE)


def script_names() -> list[str]:
    """Return the names of all scripts, for example `queue/claim`."""
    paths = (path.relative_to(LUA_DIR) for path in LUA_DIR.glob("*/*.lua"))
    return sorted(path.with_suffix("").as_posix() for path in paths if path.parts[0] != "lib")


def script_source(name: str) -> str:
    """Return the text of a script's own file."""
    return (LUA_DIR / f"{name}.lua").read_text(encoding="utf-8")


def _library(name: str, seen: list[str]) -> None:
    """Append a library part and, before it, those that it needs."""
    if name in seen:
        return
    text = (LUA_DIR / "lib" / f"{name}.lua").read_text(encoding="utf-8")
    for needed in _needed(text):
        _library(needed, seen)
    seen.append(name)


def _needed(text: str) -> list[str]:
    return [name.strip() for line in _NEEDS.findall(text) for name in line.split(",")]


def compose(name: str, keys: Keys, body: str | None = None) -> str:
    """Return the text that Redis runs for a script; `body` stands in for its file."""
    body = script_source(name) if body is None else body
    first, _, rest = body.partition("\n")
    parts: list[str] = ["base"]
    for needed in _needed(body):
        _library(needed, parts)
    libraries = "\n".join((LUA_DIR / "lib" / f"{part}.lua").read_text(encoding="utf-8") for part in parts)
    code = f"{libraries}\n{rest}"
    constants = f"local GROUP, BOUNDS = '{GROUP}', {lua_bounds()}"
    return f"{first}\n{keys.lua_table(lua_names(code))}\n{constants}\n{_without_comments(code)}"


def _without_comments(code: str) -> str:
    return "\n".join(
        line for line in code.splitlines() if line.strip() and not line.lstrip().startswith("--")
    )


@lru_cache(maxsize=256)
def _composed(name: str, keys: Keys) -> tuple[str, str]:
    text = compose(name, keys)
    return text, hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()


class Scripts:
    """The scripts of one namespace on one link."""

    def __init__(self, link: RedisLink, keys: Keys) -> None:
        self._link = link
        self._keys = keys

    @property
    def keys(self) -> Keys:
        """Return the key names that the scripts use."""
        return self._keys

    async def run(self, name: str, *args: Arg) -> Any:
        """Run a script; it must be safe to run twice, because a lost answer makes it so."""
        text, sha = _composed(name, self._keys)
        try:
            return await self._link.call("EVALSHA", sha, 1, self._keys.seq, *args)
        except NoScriptError:
            # EVAL carries the text, so that a server which forgets its scripts cannot refuse twice.
            return await self._link.call("EVAL", text, 1, self._keys.seq, *args)
