"""The Lua scripts: one transition per file in `lua/<area>/`, called by path.

A script's name is its path below `lua/`, for example `queue/claim`. Its text is its first line (`#!lua …`),
the keys that it names (`K`, from `keys.py`), the library parts that its head names (`-- needs: …`, from
`lua/lib/`), and its own body. The head also names the arguments and the values of rows (`script_head.py`):
callers pass arguments by name, and rows as checked NamedTuples. Hot scripts run as Redis functions.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
import time
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from redis.exceptions import NoPermissionError, NoScriptError, ResponseError

from app.core.errors import RedisFull
from app.core.storage.histogram import lua_bounds
from app.core.storage.key_rendering import lua_names, lua_rows, lua_table
from app.core.storage.keys import GROUP
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
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from app.core.storage.connection import Arg, Command
    from app.core.storage.keys import Keys

Row = TypeVar("Row", bound="tuple[Any, ...]")

FUNCTIONS = frozenset(
    {
        "queue/claim",
        "queue/enqueue",
        "queue/finish",
        "queue/promote",
        "queue/renew",
        "schedule/fire",
    }
)
"""The scripts that run as Redis functions: those that run for every run or all the time."""
FUNCTION_PAUSE_SEC = 10.0
OLD_FUNCTIONS = 3
LUA_DIR = Path(__file__).parent / "lua"
_NEEDS = re.compile(r"^-- needs: *(.+)$", re.MULTILINE)
# A function's variables live on between its calls: a library part names what each call begins with.
_EACH_CALL = re.compile(r"^-- each call: (.+)$", re.MULTILINE)
_EACH_CALL_LINE = re.compile(r"^-- each call: (.+?) = .+$")


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


@dataclass(frozen=True, slots=True)
class _Code:
    """A script in parts: flags of its first line, key families, library parts with what they reset, body."""

    flags: str
    families: set[str]
    library: str
    resets: str
    body: str


def _code_of(name: str, body: str | None = None) -> _Code:
    body = script_source(name) if body is None else body
    first, _, rest = body.partition("\n")
    parts: list[str] = ["base"]
    for needed in _needed(body):
        _library(needed, parts)
    texts = [script_source(f"lib/{part}") for part in parts]
    heads = [parse_head(text) for text in (*texts, rest)]
    places = Places(heads[-1], heads[:-1])
    resets = "\n".join(reset for text in texts for reset in _EACH_CALL.findall(text))
    library = "\n".join(_with_names(text, head, places) for text, head in zip(texts, heads[:-1], strict=True))
    body = _with_names(rest, heads[-1], places)
    return _Code(first.removeprefix("#!lua").strip(), lua_names(library + body), library, resets, body)


def _constants(shard: int, shards: int) -> str:
    return f"local GROUP, BOUNDS, SHARD, SHARDS = '{GROUP}', {lua_bounds()}, {shard}, {shards}"


def compose(name: str, keys: Keys, body: str | None = None) -> str:
    """Return the text that Redis runs for a script; `body` replaces its file."""
    code = _code_of(name, body)
    head = f"#!lua {code.flags}".rstrip()
    return "\n".join(
        [
            head,
            lua_table(keys, code.families),
            _constants(keys.shard, keys.shards),
            code.library,
            code.resets,
            code.body,
        ]
    )


@lru_cache(maxsize=64)
def compose_function(name: str) -> tuple[str, str]:
    """Return the name of a script as a Redis function, and its library for `FUNCTION LOAD`.

    A script builds its library parts in every call, which takes longer than most of its commands; a function
    builds them once. The library is the same for all namespaces and shards: the key of the call names them.
    """
    code = _code_of(name)
    flags = ", ".join(f"'{flag}'" for flag in code.flags.removeprefix("flags=").split(",") if flag)
    text = "\n".join(
        [
            "local K, ARGV, tables, amount = nil, nil, {}, 0",
            f"local function table_of(prefix) return {lua_rows(code.families, 'prefix .. ')} end",
            _constants(0, 1),
            code.library,
            "local function begin(key)",
            code.resets.replace("local ", ""),
            "  local prefix = key:match('^{.-}:')",
            "  K = tables[prefix]",
            "  if K then SHARD, SHARDS = K[1], K[2] return end",
            # A server of tests has thousands of namespaces.
            "  if amount == 100 then tables, amount = {}, 0 end",
            "  K = table_of(prefix)",
            # As in `tags.py`.
            "  local shard, shards = prefix:match(':(%d+)/(%d+)%.')",
            "  K[1], K[2] = tonumber(shard or 0), tonumber(shards or 1)",
            "  SHARD, SHARDS = K[1], K[2]",
            "  tables[prefix], amount = K, amount + 1",
            "end",
            "local function call(keys, values)",
            "ARGV = values",
            "begin(keys[1])",
            code.body,
            "end",
        ]
    )
    library = f"{function_prefix(name)}{_digest(text)[:12]}"
    register = f"redis.register_function{{function_name='{library}', callback=call, flags={{{flags}}}}}"
    return library, f"#!lua name={library}\n{text}\n{register}"


def function_prefix(name: str) -> str:
    """Return what the names of all versions of a script's function begin with."""
    return f"multi_job_{name.replace('/', '_')}_"


def _digest(text: str) -> str:
    return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()


def _with_names(text: str, head: ScriptHead, places: Places) -> str:
    code = places.replaced(_without_comments(text))
    return local_variables(head, code) + code


def _without_comments(code: str) -> str:
    lines = (_EACH_CALL_LINE.sub(r"local \1", line) for line in code.splitlines())
    return "\n".join(line for line in lines if line.strip() and not line.lstrip().startswith("--"))


@dataclass(frozen=True, slots=True)
class _Script:
    text: str
    sha: str
    head: ScriptHead


@lru_cache(maxsize=1024)
def _composed(name: str, keys: Keys) -> _Script:
    text = compose(name, keys)
    return _Script(text, _digest(text), head_of(name))


class Link(Protocol):
    """The part of a Redis link that scripts use."""

    @property
    def reconnects(self) -> int: ...

    async def call(self, *command: Arg) -> Any: ...

    async def call_at_once(self, *command: Arg) -> Any: ...


class HasScripts(Protocol):
    """A shard, as its scripts know it."""

    @property
    def scripts(self) -> Scripts: ...


class Scripts:
    """The scripts of one namespace on one link."""

    def __init__(self, link: Link, keys: Keys) -> None:
        self._link = link
        self._keys = keys
        # By name alone: a dictionary of its own costs less than a look-up by the keys as well.
        self._composed: dict[str, _Script] = {}
        self._functions: dict[str, str] = {}
        self._functions_from = 0.0

    @property
    def keys(self) -> Keys:
        """Return the key names that the scripts use."""
        return self._keys

    @property
    def reconnects(self) -> int:
        """Return how often the link has connected after its first connection."""
        return self._link.reconnects

    @property
    def parts(self) -> Sequence[HasScripts]:
        """Return the shards of scripts of several (`merging/`); empty for one Redis."""
        return ()

    async def run(self, name: str, /, *rows: Arg, **arguments: Arg) -> Any:
        """Run a script with its named arguments, then the values of its rows.

        It must be safe to run twice, because a lost answer makes it so.
        """
        command = self.command(name, *rows, **arguments)
        try:
            return await self._link.call(*command)
        except NoScriptError:
            # EVAL carries the text, so that a server which forgets its scripts cannot refuse twice.
            return await self._link.call("EVAL", self._composed[name].text, *command[2:])
        except ResponseError as error:
            if command[0] != "FCALL":
                raise
            if str(error).startswith("Function not found"):
                _, answer = await asyncio.gather(
                    self._load_function(name), self._link.call(*command), return_exceptions=True
                )
                if not isinstance(answer, ResponseError):
                    return _answer_of(answer)
                # It was forgotten again, or Redis took no function.
                return await self._link.call("EVAL", self._composed[name].text, *command[2:])
            # A server without functions, or a login that may not call them.
            if not isinstance(error, NoPermissionError) and "unknown command" not in str(error)[:20]:
                raise
        self._functions_from = time.monotonic() + FUNCTION_PAUSE_SEC
        return await self.run(name, *rows, **arguments)

    async def run_at_once(self, name: str, /, *rows: Arg, **arguments: Arg) -> Any:
        """Run a script for a whole batch, from a task that is never cancelled: a turn of the loop faster."""
        try:
            return await self._link.call_at_once(*self.command(name, *rows, **arguments))
        except ResponseError:
            return await self.run(name, *rows, **arguments)

    def command(self, name: str, /, *rows: Arg, **arguments: Arg) -> Command:
        """Return the command that `run` sends first; the server may not know its function or script."""
        script = self._composed.get(name)
        if script is None:
            script = self._composed[name] = _composed(name, self._keys)
        # Most callers name all arguments, in the order of the head.
        if tuple(arguments) == script.head.arguments:
            values = (*arguments.values(), *rows)
        elif arguments:
            values = (*in_order(name, script.head, arguments), *rows)
        else:
            values = rows
        if name in FUNCTIONS and time.monotonic() >= self._functions_from:
            function = self._functions.get(name)
            if function is None:
                function = self._functions[name] = compose_function(name)[0]
            return ("FCALL", function, 1, self._keys.seq, *values)
        return ("EVALSHA", script.sha, 1, self._keys.seq, *values)

    async def _load_function(self, name: str) -> None:
        """Load a function; if Redis refuses it (full, no right), scripts do its work for some time."""
        try:
            await self._link.call("FUNCTION", "LOAD", "REPLACE", compose_function(name)[1])
            await self._remove_old_functions(name)
        except (ResponseError, RedisFull):
            self._functions_from = time.monotonic() + FUNCTION_PAUSE_SEC

    async def _remove_old_functions(self, name: str) -> None:
        """Remove the libraries of older versions, unless there are few: processes of one may still run."""
        answer = await self._link.call("FUNCTION", "LIST", "LIBRARYNAME", f"{function_prefix(name)}*")
        others = {each[1] for each in answer} - {self._functions[name]}
        for library in others if len(others) > OLD_FUNCTIONS else ():
            await self._link.call("FUNCTION", "DELETE", library)


def _answer_of(answer: Any) -> Any:
    if isinstance(answer, BaseException):
        raise answer
    return answer
