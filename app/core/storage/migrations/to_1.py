"""Schema 1: data of the releases before 1.0.0 gets a version."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.core.storage.migrations.base import Migration

if TYPE_CHECKING:
    from app.core.storage.link import RedisLink
    from app.core.storage.scripts import Scripts


async def _nothing_to_convert(_link: RedisLink, _scripts: Scripts) -> None:
    """The scripts of 1.0.0 read every record of the releases before it."""


TO_1 = Migration(1, readable_from=0, run=_nothing_to_convert)
