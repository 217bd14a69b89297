"""Parses the head of a Lua script: arguments, rows and answers.

A line `-- ARGV: account, owner` names the arguments: each is a local variable of the script. A name that ends
in `?` may be left out. A line `-- ROW: run, lease` names the values of a row of a batch; the rows follow the
arguments. `-- CLAIMED: …`, in any other capitals, names the places of any other list. Then, in the code,

    ROW.lease         is the place of `lease` in its row, from 1
    ROW.start         is the number of values before the first row
    ROW.width         is the number of values in a row
    HASH.names        is the list of the names, as strings
    CLAIMED{run = r}  is the list with its values in their places

A script is composed with plain numbers and lists in place of these, so they cost nothing at run time. A name
in capitals within a line refers to another list (`-- ROW: RUN, scope`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

Row = TypeVar("Row", bound="tuple[Any, ...]")

_DECLARATION = re.compile(r"^-- ([A-Z]{2,}): (.*)$")
_NAME = re.compile(r"[a-z]\w*\??|[A-Z]{2,}")
_USE = re.compile(r"\b([A-Z]{2,})(?:\.(\w+)|(\{))")
_PART = re.compile(r"'[^']*'|[({\[]|[)}\]]|,|[^'(){}\[\],]+")


class ScriptHeadError(Exception):
    """A script and its caller, or two parts of a script, name different values."""


@dataclass(frozen=True, slots=True)
class ScriptHead:
    """What the head of a file in `lua/` declares. `lists` has its lists in capitals, without `ARGV`."""

    arguments: tuple[str, ...]
    required: int
    lists: Mapping[str, tuple[str, ...]]


def parse_head(text: str) -> ScriptHead:
    """Return what the comment at the beginning of a file declares."""
    lists: dict[str, tuple[str, ...]] = {}
    lines = iter(_head_lines(text))
    for line in lines:
        if (match := _DECLARATION.match(line)) is None:
            continue
        listed = match[2]
        while listed.endswith(","):
            listed += next(lines).removeprefix("--")
        names = tuple(name.strip() for name in listed.split(","))
        if all(_NAME.fullmatch(name) for name in names):
            lists[match[1]] = names
        elif match[1] in {"ARGV", "ROW"} and listed != "none.":
            raise ScriptHeadError(f"Not a list of names: {line}")
    arguments = lists.pop("ARGV", ())
    required = sum(not name.endswith("?") for name in arguments)
    return ScriptHead(tuple(name.removesuffix("?") for name in arguments), required, lists)


def local_variables(head: ScriptHead, code: str) -> str:
    """Return the line that makes local variables of the arguments that the code uses."""
    used = [(name, i) for i, name in enumerate(head.arguments, 1) if re.search(rf"(?<![.'\w]){name}\b", code)]
    if not used:
        return ""
    return f"local {joined(name for name, _ in used)} = {joined(f'ARGV[{i}]' for _, i in used)}\n"


class Places:
    """The places of all names that the parts of one script declare."""

    def __init__(self, script: ScriptHead, parts: Iterable[ScriptHead]) -> None:
        self._start = len(script.arguments)
        self._lists: dict[str, tuple[str, ...]] = {}
        for head in (*parts, script):
            self._lists.update(head.lists)

    def replaced(self, code: str) -> str:
        """Return the code with numbers and lists in place of the names."""
        done, at = "", 0
        while (match := _USE.search(code, at)) is not None:
            if match[1] not in self._lists:
                raise ScriptHeadError(f"{match[0]}: no head declares {match[1]}.")
            done += code[at : match.start()]
            at = match.end()
            if match[3]:
                text, at = self._list(code, at, match[1])
                done += text
            else:
                done += self._place(match[1], match[2])
        return done + code[at:]

    def _place(self, listed: str, name: str) -> str:
        names = self._flat(listed)
        match name:
            case "names":
                return joined(f"'{each}'" for each in names)
            case "width":
                return str(len(names))
            case "start":
                return str(self._start)
            case _ if name in self._lists[listed] and name.isupper():
                return str(len(self._before(listed, name)))
            case _ if name in names:
                return str(names.index(name) + 1)
            case _:
                raise ScriptHeadError(f"{listed} has no {name}.")

    def _flat(self, listed: str) -> tuple[str, ...]:
        return self._before(listed, "")

    def _before(self, listed: str, end: str) -> tuple[str, ...]:
        names: tuple[str, ...] = ()
        for name in self._lists[listed]:
            if name == end:
                break
            names += self._flat(name) if name.isupper() else (name,)
        return names

    def _list(self, code: str, at: int, listed: str) -> tuple[str, int]:
        values, end = _members(code, at)
        if set(values) != set(self._flat(listed)):
            raise ScriptHeadError(f"{listed} has {joined(self._flat(listed))}, not {joined(values)}.")
        return f"{{{self.replaced(joined(values[name] for name in self._flat(listed)))}}}", end


def check_row(head: ScriptHead, listed: str, row: str, fields: tuple[str, ...]) -> None:
    """Raise ScriptHeadError unless the fields of a row are the names of a list in a script's head.

    A list within the list (`RUN`), at its beginning or its end, is one field (`run`), which holds a tuple; if
    the same head declares it, its names are fields of the row.
    """
    names = tuple(part for name in head.lists.get(listed, ()) for part in head.lists.get(name, (name,)))
    declared = tuple(name.lower() for name in names)
    if fields != declared or any(name.isupper() for name in names[1:-1]):
        raise ScriptHeadError(f"{row} has {joined(fields)}; {listed} has {joined(declared)}.")


def _head_lines(text: str) -> list[str]:
    lines = text.splitlines()
    if lines and lines[0].startswith("#!"):
        del lines[0]
    end = next((i for i, line in enumerate(lines) if not line.startswith("--")), len(lines))
    return lines[:end]


def _members(code: str, at: int) -> tuple[dict[str, str], int]:
    """Return the members `name = value` of a list from its opening brace on, and the place behind it."""
    values, depth, member = dict[str, str](), 0, ""
    for match in _PART.finditer(code, at):
        part = match[0]
        if (part in ")}]" and depth == 0) or (part == "," and depth == 0):
            name, _, value = member.partition("=")
            if value:
                values[name.strip()] = value.strip()
            member = ""
            if part == "}":
                return values, match.end()
            continue
        depth += (part in "({[") - (part in ")}]")
        member += part
    raise ScriptHeadError("A list has no end.")


def joined(names: Iterable[str]) -> str:
    """Return names as a list, for a script or an error."""
    return ", ".join(names)
