"""What differs between two JSON values, field by field: JSON Pointers, with what stood there and stands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

from app.core.field_problems import escape

Change = dict[str, Any]
"""`{path, from, to}`; None stands for a field that is not there."""


def field_changes(before: Any, after: Any, pointer: str = "") -> list[Change]:
    """Return one change a field; objects are gone into, lists and all else are compared whole."""
    return list(_changes(before, after, pointer))


def _changes(before: Any, after: Any, pointer: str) -> Iterator[Change]:
    if isinstance(before, dict) and isinstance(after, dict):
        old, new = cast("dict[str, Any]", before), cast("dict[str, Any]", after)
        for name in {**old, **new}:
            yield from _changes(old.get(name), new.get(name), f"{pointer}/{escape(name)}")
    elif before != after:
        yield {"path": pointer, "from": before, "to": after}
