"""The scripts on a real server: all compile, are called by name, and heal a forgetful cache."""

from __future__ import annotations

import asyncio
import hashlib

import pytest
from redis.exceptions import ResponseError

from app.core.redis_client import RedisLink
from app.core.storage.keys import Keys
from app.core.storage.scripts import Scripts, compose
from tests.support.guards import script_names


@pytest.mark.parametrize("name", script_names())
async def test_a_script_compiles_on_the_server(link: RedisLink, keys: Keys, name: str) -> None:
    """The composed text loads, under the digest that callers name."""
    text = compose(name, keys)
    assert await link.call("SCRIPT", "LOAD", text) == hashlib.sha1(text.encode()).hexdigest()


async def test_a_script_that_the_server_forgot_is_sent_whole(link: RedisLink, scripts: Scripts) -> None:
    """One extra round trip, and afterwards none."""
    await scripts.run("queue/ensure_groups", "high")
    await link.call("SCRIPT", "FLUSH")
    before = link.round_trips
    assert await scripts.run("queue/ensure_groups", "high") == 0
    assert link.round_trips - before == 2
    assert await scripts.run("queue/ensure_groups", "high") == 0
    assert link.round_trips - before == 3


async def test_concurrent_calls_after_a_flush_all_come_through(link: RedisLink, scripts: Scripts) -> None:
    """Each heals itself."""
    await link.call("SCRIPT", "FLUSH")
    answers = await asyncio.gather(*(scripts.run("queue/ensure_groups", "low") for _ in range(20)))
    assert sorted(answers) == [0] * 19 + [1]


async def test_a_script_that_fails_says_so(link: RedisLink, scripts: Scripts, keys: Keys) -> None:
    """An error inside reaches the caller as an error."""
    await link.call("SET", keys.delayed, "damaged")
    with pytest.raises(ResponseError, match="WRONGTYPE"):
        await scripts.run("queue/promote", page_size=1)
    await link.call("DEL", keys.delayed)


async def test_namespaces_do_not_meet(link: RedisLink, scripts: Scripts) -> None:
    """The same script under another namespace touches other keys."""
    other = Scripts(link, Keys(f"{scripts.keys.namespace}-other"))
    await scripts.run("queue/ensure_groups", "high")
    assert await other.run("queue/ensure_groups", "high") == 1
    await link.call("DEL", other.keys.ready("high"))


def test_a_script_has_no_comment_lines_and_only_the_keys_that_it_names() -> None:
    """What travels and is hashed is short."""
    text = compose("queue/set_progress", Keys("ns"))
    assert text.startswith(
        "#!lua\nlocal K = {event_marks='{ns}:events:marks', events='{ns}:events', run='{ns}:run:'}"
    )
    assert not [line for line in text.splitlines() if line.lstrip().startswith("--")]


def test_an_own_body_takes_a_files_place() -> None:
    """Tests may compose a script of their own on the same libraries."""
    text = compose("any", Keys("ns"), "#!lua\n-- needs: events\nreturn K.run")
    assert text.endswith("return K.run")
    assert "local function event(" in text
