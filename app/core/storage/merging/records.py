"""Records of an export as a restore passes them to its scripts, and the job that each belongs to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from app.core.storage.connection import Arg

Item: TypeAlias = "Sequence[Arg]"
_OF_JOBS: Final = frozenset({"quarter", "durations", "metrics"})


def split_items(values: Sequence[Arg]) -> list[Item]:
    """Return the records of a call; each is preceded by the number of its values."""
    items: list[Item] = []
    at = 0
    while at < len(values):
        count = int(values[at])
        items.append(values[at + 1 : at + 1 + count])
        at += 1 + count
    return items


def first_value(item: Item) -> str | None:
    """Return the first value, which is the job."""
    return str(item[0])


def _of_fields(at: int) -> Callable[[Item], str | None]:
    def owner(item: Item) -> str | None:
        return _fields(item, at).get("job", "")

    return owner


def _fields(item: Item, at: int) -> dict[str, str]:
    """Return names and values, which follow their number at a place."""
    flat = [str(value) for value in item[at + 1 : at + 1 + int(item[at])]]
    return dict(zip(flat[::2], flat[1::2], strict=True))


def _of_incident(item: Item) -> str | None:
    # One about the platform is in the first shard, also if it names jobs.
    if _fields(item, 1).get("kind") == "no_worker":
        return ""
    jobs = _fields(item, 2 + int(item[1]))
    return next(iter(jobs), "")


def _of_figures(item: Item) -> str | None:
    """Return the job of its figures; those of the deployment add up, so they are in the first shard."""
    family, name = str(item[0]), str(item[1])
    return name.partition(":")[0] if family in _OF_JOBS else ""


def _of_none(_item: Item) -> str | None:
    return ""


def _of_all(_item: Item) -> str | None:
    return None


OWNERS: Final[Mapping[str, Callable[[Item], str | None]]] = {
    "job": first_value,
    "version": first_value,
    "value": first_value,
    "monitor": first_value,
    "run": _of_fields(4),
    "message": _of_fields(2),
    "report": _of_fields(2),
    "incident": _of_incident,
    "figures": _of_figures,
    "account": _of_none,
    "contact": _of_none,
    "setting": _of_none,
    "calendar": _of_all,
    "full": _of_none,
}
"""By kind of record: the job, an empty text for the first shard, or None for all shards."""
