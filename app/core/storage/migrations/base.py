"""One migration of the data in Redis."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.core.storage.link import RedisLink
    from app.core.storage.scripts import Scripts


@dataclass(frozen=True, slots=True)
class Migration:
    """The step to a schema. It may be repeated, and other processes work meanwhile."""

    version: int
    readable_from: int
    """The oldest schema whose processes can read the data afterwards."""
    run: Callable[[RedisLink, Scripts], Awaitable[None]]
