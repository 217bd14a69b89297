"""The order in which specs can be saved: a job after those that it starts, because they must exist."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, cast


def targets_first(specs: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the specs in their order, but each behind those that its chains name.

    A circle stays as it is: the server refuses it and says where it closes.
    """
    by_id = {spec.get("job_id"): spec for spec in specs if isinstance(spec.get("job_id"), str)}
    placed = list[dict[str, Any]]()
    seen = set[int]()
    for first in specs:
        # Own steps in place of recursion: a folder may hold a chain as long as it likes.
        steps = [(first, False)]
        while steps:
            spec, done = steps.pop()
            if done:
                placed.append(spec)
            elif id(spec) not in seen:
                seen.add(id(spec))
                steps.append((spec, True))
                steps += [(by_id[name], False) for name in reversed(_targets(spec)) if name in by_id]
    return placed


def _targets(spec: dict[str, Any]) -> list[str]:
    return [name for field in ("on_success", "on_failure") for name in _texts(spec.get(field))]


def _texts(value: object) -> Iterable[str]:
    items = cast("list[object]", value) if isinstance(value, list) else []
    return [item for item in items if isinstance(item, str)]
