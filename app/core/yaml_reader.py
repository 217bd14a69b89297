"""The YAML reader: plain values, unique keys, bounded size and aliases.

An alias is another name for a part of the file. Nine lines of nine aliases each describe 400 million values,
which take no memory until code walks over them. So the values behind aliases are counted here.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any, cast

import yaml

from app.core.i18n import _

MAX_CHARS = 8_388_608
MAX_ALIASES = 100
MAX_VALUES = 500_000
"""Values in a file, each part counted as often as aliases repeat it."""
MAX_DEPTH = 64


class YamlError(ValueError):
    """The YAML is malformed or exceeds a limit; the message names the line."""


def yaml_text(value: Any) -> str:
    """Return a plain value as YAML, its fields in their order."""
    return yaml.safe_dump(value, sort_keys=False, allow_unicode=True).rstrip()


def read_yaml(text: str) -> Any:
    """Return the one value of a YAML text; YamlError names the line of the problem."""
    if len(text) > MAX_CHARS:
        raise YamlError(
            _(
                "YAML of more than {max_chars:,} characters is not read: split the file, or write JSON",
                max_chars=MAX_CHARS,
            )
        )
    try:
        return yaml.load(text, Loader=_BoundedLoader)  # noqa: S506  a SafeLoader
    except yaml.YAMLError as error:
        raise YamlError(str(error)) from error


class _BoundedLoader(yaml.SafeLoader):
    """A SafeLoader that refuses repeated keys, and bounds aliases, values and depth."""

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self._aliases = 0
        self._values = 0
        self._depth = 0
        self._sizes: dict[yaml.Node, int] = {}
        """Number of values of each composed node, aliases expanded. Open nodes are not in it."""

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        """Compose the next node, or look up what an alias names; count its values."""
        if isinstance(self._next(), yaml.AliasEvent):
            return self._of_alias(parent, index)
        before = self._values
        self._count(1, self._next().start_mark)
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise _refused(f"more than {MAX_DEPTH} levels", self._next().start_mark)
        node = super().compose_node(parent, index)
        self._depth -= 1
        if node is not None:
            self._sizes[node] = self._values - before
        return node

    def _next(self) -> Any:
        return cast("Any", self.peek_event())  # pyright: ignore[reportUnknownMemberType]

    def _of_alias(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        mark = self._next().start_mark
        self._aliases += 1
        if self._aliases > MAX_ALIASES:
            raise _refused(f"more than {MAX_ALIASES} aliases (`*name`)", mark)
        node = super().compose_node(parent, index)
        if node is not None:
            if node not in self._sizes:
                raise _refused("an alias (`*name`) is inside the part that it names", mark)
            self._count(self._sizes[node], mark)
        return node

    def _count(self, values: int, mark: Any) -> None:
        self._values += values
        if self._values > MAX_VALUES:
            raise _refused(f"more than {MAX_VALUES:,} values, aliases (`*name`) written out", mark)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        """Return the mapping. YAML silently keeps the last of two equal keys; here it is refused."""
        seen: set[str] = set()
        for key, _rest in cast("list[tuple[yaml.Node, yaml.Node]]", node.value):
            name = str(key.value)
            if name in seen:
                raise _refused(f"{name!r} is given twice", key.start_mark)
            seen.add(name)
        return super().construct_mapping(node, deep)


def _refused(problem: str, mark: Any) -> yaml.MarkedYAMLError:
    return yaml.MarkedYAMLError(problem=problem, problem_mark=mark)
