"""Redis replies as Python values."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def pairs(flat: Sequence[str]) -> dict[str, str]:
    """Return the content of a hash, or of a stream entry, from its flat form."""
    return dict(zip(flat[::2], flat[1::2], strict=True))


def scores(flat: Sequence[str]) -> dict[str, int]:
    """Return members with their scores, in the order of a reply `WITHSCORES`."""
    return {member: int(float(score)) for member, score in zip(flat[::2], flat[1::2], strict=True)}


def time_ms(reply: Sequence[str]) -> int:
    """Return the epoch milliseconds of a reply to `TIME`."""
    return int(reply[0]) * 1000 + int(reply[1]) // 1000


def info_fields(text: str) -> dict[str, str]:
    """Return the fields of a reply to `INFO`."""
    lines = (line.strip().partition(":") for line in text.splitlines())
    return {name: value for name, colon, value in lines if colon}
