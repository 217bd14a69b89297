"""The script that restores the parts of a full backup: keys and their pepper."""

from __future__ import annotations

from typing import Any

import pytest

from app.core.redis_client import Arg, RedisLink
from app.core.storage.keys import Keys
from app.core.storage.scripts import Scripts
from tests.support.backup.restore_items import OWNER, full


@pytest.fixture(autouse=True)
async def lock(scripts: Scripts) -> None:
    assert await scripts.run("restore/lock", OWNER, 60_000, "take") == "YES"


async def do(scripts: Scripts, *items: list[Arg], mode: str = "add") -> Any:
    return await scripts.run("restore/full", mode, OWNER, *(part for each in items for part in each))


async def test_later_use_of_a_key_is_kept(scripts: Scripts, link: RedisLink, keys: Keys) -> None:
    """The last use only ever goes up."""
    used = [full("api_keys_used", at, "k") for at in ("5", "7", "6")]
    assert await do(scripts, used[0]) == ["CREATED"]
    assert await do(scripts, used[1], mode="replace") == ["REPLACED"]
    assert await do(scripts, used[2], mode="replace") == ["KEPT"]
    assert await link.call("HGET", keys.api_keys_used, "k") == "7"


async def test_another_pepper_replaces_keys_only_on_request(
    scripts: Scripts, link: RedisLink, keys: Keys
) -> None:
    """Keys whose digests need the old pepper go with it, and not before that was asked for."""
    old, new = full("api_keys_pepper", "v2:a:old", "pepper"), full("api_keys_pepper", "v2:a:new", "pepper")
    assert await do(scripts, old) == ["CREATED"]
    # No key needs it: it is of no worth.
    assert await do(scripts, new) == ["CREATED"]
    assert await do(scripts, full("api_keys", "{}", "own")) == ["CREATED"]
    assert await do(scripts, new) == ["SAME"]
    assert await do(scripts, old) == ["DIFFERENT"]
    assert await link.call("HKEYS", keys.api_keys) == ["own"]
    assert await do(scripts, old, mode="replace") == ["REPLACED"]
    assert await link.call("EXISTS", keys.api_keys, keys.api_keys_used) == 0
    assert await link.call("GET", keys.api_keys_pepper) == "v2:a:old"


async def test_restored_keys_reach_every_process(scripts: Scripts, link: RedisLink, keys: Keys) -> None:
    """The version that API processes compare is raised by a change, and only by one."""
    key = full("api_keys", "{}", "k")
    await do(scripts, key)
    version = await link.call("GET", keys.access_version)
    assert int(version) >= 1
    await do(scripts, key)
    assert await link.call("GET", keys.access_version) == version
