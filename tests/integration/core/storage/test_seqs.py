"""The numbers of records: one counter with one shard, numbers that never meet with several."""

from __future__ import annotations

from itertools import pairwise

from redis.crc import key_slot

from app.core.redis_client import RedisLink
from app.core.storage.keys import Keys
from app.core.storage.scripts import compose

_FAR = 99_000_000_000_000


async def _taken(link: RedisLink, keys: Keys, count: int) -> list[int]:
    body = (
        "#!lua\n-- needs: shards/seqs\nlocal first, step = next_seq(tonumber(ARGV[1]))\nreturn {first, step}"
    )
    first, step = await link.call("EVAL", compose("any", keys, body), 1, keys.seq, count)
    return [first + step * number for number in range(count)]


async def test_one_shard_counts(link: RedisLink, keys: Keys) -> None:
    """Seqs follow each other, and the key has the last one."""
    assert await _taken(link, keys, 3) == [1, 2, 3]
    assert await _taken(link, keys, 2) == [4, 5]
    assert await link.call("GET", keys.seq) == "5"


async def test_seqs_of_shards_never_meet(link: RedisLink, keys: Keys) -> None:
    """Each shard has its own remainder, at any instant and for any number."""
    shards = [Keys(keys.namespace, number, 3) for number in range(3)]
    for number, shard in enumerate(shards):
        taken = [seq for count in (1, 4, 2) for seq in await _taken(link, shard, count)]
        assert {seq % 3 for seq in taken} == {number}
        assert all(earlier < later for earlier, later in pairwise(taken))
        assert await link.call("GET", shard.seq) == str(taken[-1])
        await link.call("DEL", shard.seq)


async def test_a_seq_is_larger_than_all_before_it(link: RedisLink, keys: Keys) -> None:
    """A clock that went back, or a restored counter, makes no smaller seq. It is printed in full."""
    shard = Keys(keys.namespace, 1, 4)
    await link.call("SET", shard.seq, _FAR)
    [seq] = await _taken(link, shard, 1)
    assert (seq > _FAR, seq - _FAR <= 4) == (True, True)
    text = "#!lua\n-- needs: shards/seqs\nreturn 'inc' .. next_seq()"
    assert await link.call("EVAL", compose("any", shard, text), 1, shard.seq) == f"inc{seq + 4}"
    await link.call("DEL", shard.seq)


def test_shards_are_spread_over_the_slots_of_a_cluster() -> None:
    """Masters that share the slots evenly share the shards evenly."""
    for count in (2, 3, 4, 16):
        slots = [key_slot(Keys("mj", shard, count).seq.encode()) for shard in range(count)]
        assert [slot * count // 16_384 for slot in slots] == list(range(count))
    assert Keys("mj").seq == "{mj}:seq"
