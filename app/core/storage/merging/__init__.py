"""One view of all shards: a link and scripts that have the interface of one shard's.

A command goes to the shard of its key, or to all shards, whose answers become one. So stores, searches and
exports work with any number of shards. A deployment with one shard uses none of this.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.core.storage.keys import Keys
from app.core.storage.merging.link import MergedLink
from app.core.storage.shards import Shard

if TYPE_CHECKING:
    from app.core.storage.shards import ShardSet


def whole(shards: ShardSet) -> Shard:
    """Return the view of all shards."""
    keys = Keys(shards.home.keys.namespace)
    link = MergedLink(shards, keys)
    return Shard(-1, link, keys, link.scripts(keys))
