"""The hash tags of shards: their names, spread over the slots of a Redis Cluster."""

from __future__ import annotations

import binascii

_CLUSTER_SLOTS = 16_384


def shard_tag(namespace: str, shard: int, shards: int) -> str:
    """Return the hash tag of a shard, `namespace:shard/shards.number`.

    It names the number of shards, so that two divisions of the same data can exist at once. The last number
    is the first one whose slot in a Redis Cluster is near the middle of this shard's part of all slots:
    masters that share the slots evenly also share the shards evenly.
    """
    middle, near = (2 * shard + 1) * _CLUSTER_SLOTS // (2 * shards), max(1, _CLUSTER_SLOTS // (8 * shards))
    number = 0
    while True:
        tag = f"{namespace}:{shard}/{shards}.{number}"
        if abs(binascii.crc_hqx(tag.encode(), 0) % _CLUSTER_SLOTS - middle) <= near:
            return tag
        number += 1
