"""What a Redis key is declared with: its family, its type and its lifetime; and the namespace of keys."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Generic, ParamSpec, Self, overload

from app.core.storage.tags import shard_tag

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.core.config import Settings

P = ParamSpec("P")


@dataclass(frozen=True)
class KeySpace:
    """A namespace, or one shard of it: the hash tag that its keys start with."""

    namespace: str = "mj"
    shard: int = 0
    """The number of this shard, from 0."""
    shards: int = 1
    """How many shards the namespace has."""

    @classmethod
    def of(cls, settings: Settings, shard: int | None = None) -> Self:
        """Return the keys of a deployment, or of one of its shards; by default of the settings' own."""
        return cls(settings.namespace, settings.shard if shard is None else shard, settings.shards)

    @cached_property
    def prefix(self) -> str:
        """Return the hash tag, with which every key starts."""
        tag = self.namespace if self.shards == 1 else shard_tag(self.namespace, self.shard, self.shards)
        return f"{{{tag}}}:"


class KeyType(StrEnum):
    """Redis' own names of the types."""

    STRING = "string"
    HASH = "hash"
    LIST = "list"
    SET = "set"
    ZSET = "zset"
    STREAM = "stream"
    CHANNEL = "channel"


class Ttl(str):
    """A lifetime that Redis ends: every key of the family has a time to live."""

    __slots__ = ()


class KeySpec:
    """One key or one family of keys; `template` is the key below the namespace, for example `run:{run}`."""

    name: str
    """The attribute of `Keys`, and of `K` in Lua."""

    def __init__(self, template: str, kind: KeyType, lifetime: str, purpose: str) -> None:
        self.stem, *suffix = template.replace("}:{", ":").rstrip("}").split(":{")
        self.suffix = "".join(suffix)
        """The names of the parameters, separated by colons; empty for a single key."""
        self.parameters = template.count("{")
        self.type = kind
        self.lifetime = lifetime
        self.purpose = purpose
        self.expires = isinstance(lifetime, Ttl)

    def __set_name__(self, owner: type, name: str) -> None:
        """Take the name of the attribute."""
        self.name = name

    @property
    def lua_value(self) -> str:
        """Return the part of the key before the suffix."""
        return f"{self.stem}:" if self.suffix else self.stem


class Key(KeySpec):
    """A single key: the attribute is its text."""

    @overload
    def __get__(self, keys: None, owner: type[KeySpace]) -> Self: ...
    @overload
    def __get__(self, keys: KeySpace, owner: type[KeySpace]) -> str: ...
    def __get__(self, keys: KeySpace | None, owner: type[KeySpace]) -> Self | str:
        """Return the key of a namespace."""
        # An attribute of the instance precedes this descriptor, so this runs once for each key.
        return self if keys is None else keys.__dict__.setdefault(self.name, keys.prefix + self.stem)


class Family(KeySpec, Generic[P]):
    """A family of keys: the attribute is the function that makes one from an id, or from two."""

    @overload
    def __get__(self, keys: None, owner: type[KeySpace]) -> Self: ...
    @overload
    def __get__(self, keys: KeySpace, owner: type[KeySpace]) -> Callable[P, str]: ...
    def __get__(self, keys: KeySpace | None, owner: type[KeySpace]) -> Self | Callable[P, str]:
        """Return the function of a namespace."""
        if keys is None:
            return self
        start = keys.prefix + self.lua_value

        def of_two(first: object, second: object) -> str:
            return f"{start}{first}:{second}"

        of_one = (start.replace("%", "%%") + "%s").__mod__
        return keys.__dict__.setdefault(self.name, of_one if self.parameters == 1 else of_two)
