"""Hot scripts as Redis functions on a real server: loaded once, healed, replaced by scripts if refused."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from app.core.clock import SystemClock
from app.core.queue import Queue
from app.core.storage.keys import Keys
from app.core.storage.scripts import (
    FUNCTIONS,
    LUA_DIR,
    OLD_FUNCTIONS,
    Scripts,
    compose_function,
    function_prefix,
)
from tests.support.queue.queue_driver import QueueDriver
from tests.support.shards import opened_shards, sharded_settings

if TYPE_CHECKING:
    from pathlib import Path

    from app.core.redis_client import Arg, RedisLink

PROMOTE = "queue/promote"


class Recorder:
    """A link that notes the commands of scripts; it may refuse functions as a server without them does."""

    reconnects = 0

    def __init__(self, link: RedisLink, *, refuses: tuple[str, str] = ("", "")) -> None:
        self._link = link
        self._refused, self._words = refuses
        self.sent: list[str] = []

    async def call(self, *command: Arg) -> object:
        self.sent.append(str(command[0]))
        if command[0] == self._refused:
            return await self._link.call("EVAL", f"return redis.error_reply('{self._words}')", 0)
        return await self._link.call(*command)

    call_at_once = call


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
async def test_a_function_compiles_on_the_server(link: RedisLink, name: str) -> None:
    """The library loads under its own name."""
    function, library = compose_function(name)
    assert await link.call("FUNCTION", "LOAD", "REPLACE", library) == function


async def test_a_function_that_the_server_forgot_is_loaded_again(link: RedisLink, keys: Keys) -> None:
    """The same round trip loads it and calls it."""
    recorder = Recorder(link)
    scripts = Scripts(recorder, keys)
    await scripts.run(PROMOTE, page_size=1)
    await link.call("FUNCTION", "FLUSH")
    recorder.sent.clear()
    assert (await scripts.run(PROMOTE, page_size=1))[0] == 0
    assert recorder.sent[:3] == ["FCALL", "FUNCTION", "FCALL"]
    recorder.sent.clear()
    assert (await scripts.run(PROMOTE, page_size=1))[0] == 0
    assert recorder.sent == ["FCALL"]


async def test_many_shards_of_a_server_share_a_function(link: RedisLink, keys: Keys) -> None:
    """None of them loads a version that would replace that of another."""
    recorder = Recorder(link)
    shards = [Scripts(recorder, Keys(keys.namespace, number, 7)) for number in range(7)]
    for shard in shards * 2:
        await shard.run(PROMOTE, page_size=1)
    assert recorder.sent[-7:] == ["FCALL"] * 7
    assert recorder.sent.count("FUNCTION") <= 2


async def test_a_function_knows_the_shard_of_its_call(redis_url: str, tmp_path: Path) -> None:
    """One library serves all shards in turn: each run has a seq of its own shard."""
    settings = sharded_settings(redis_url, tmp_path, 3)
    async with opened_shards(settings) as shards:
        for _turn in range(2):
            for shard in shards:
                queue = Queue(shard.link, shard.scripts, shard.keys, SystemClock(), settings)
                done = await QueueDriver(queue).enqueue("tick")
                seq = await shard.link.call("ZSCORE", shard.keys.runs, done)
                assert int(seq) % 3 == shard.index


@pytest.mark.parametrize(
    "refuses",
    [("FCALL", "ERR unknown command"), ("FCALL", "NOPERM no right to run fcall"), ("FUNCTION", "OOM full")],
)
async def test_scripts_do_the_work_if_functions_are_refused(
    link: RedisLink, keys: Keys, refuses: tuple[str, str]
) -> None:
    """A server without functions, one that allows none, and a full one: every call is answered."""
    if refuses[0] == "FUNCTION":
        await link.call("FUNCTION", "FLUSH")
    recorder = Recorder(link, refuses=refuses)
    scripts = Scripts(recorder, keys)
    assert (await scripts.run(PROMOTE, page_size=1))[0] == 0
    recorder.sent.clear()
    assert (await scripts.run(PROMOTE, page_size=1))[0] == 0
    assert recorder.sent == ["EVALSHA"]


async def test_an_error_leaves_nothing_for_the_next_call(link: RedisLink, keys: Keys) -> None:
    """What a call had collected before it failed is not written by the next one."""
    scripts = Scripts(link, keys)
    await scripts.run(PROMOTE, page_size=1)
    run = keys.run("r")
    await link.call("HSET", run, "status", "scheduled", "seq", "1", "rev", "1", "job", "a", "pri", "normal")
    await link.call("ZADD", keys.delayed, 1, "r")
    await link.call("SET", keys.runs_status("scheduled"), "damaged")
    with pytest.raises(Exception, match="WRONGTYPE"):
        await scripts.run(PROMOTE, page_size=1)
    await link.call("DEL", keys.runs_status("scheduled"), keys.runs_status("queued"), keys.delayed)
    await scripts.run(PROMOTE, page_size=1)
    assert await link.call("EXISTS", keys.runs_status("queued")) == 0


async def test_functions_of_old_versions_are_removed(link: RedisLink, keys: Keys) -> None:
    """Some stay, because processes of an older version may still call them."""
    await link.call("FUNCTION", "FLUSH")
    prefix = function_prefix(PROMOTE)
    for number in range(OLD_FUNCTIONS + 1):
        name = f"{prefix}{number}"
        code = f"#!lua name={name}\nredis.register_function('{name}', function() return 1 end)"
        await link.call("FUNCTION", "LOAD", code)
    await Scripts(link, keys).run(PROMOTE, page_size=1)
    left = await link.call("FUNCTION", "LIST", "LIBRARYNAME", f"{prefix}*")
    assert [each[1] for each in left] == [compose_function(PROMOTE)[0]]


@pytest.mark.parametrize("path", sorted((LUA_DIR / "lib").rglob("*.lua")), ids=lambda path: path.stem)
def test_a_library_part_names_what_each_call_begins_with(path: Path) -> None:
    """A function keeps the variables of its library: one that a call changes is set at its beginning."""
    text = path.read_text("utf-8")
    names = {
        name.strip()
        for line in re.findall(r"^local ([\w, ]+?)(?: =|$)", text, re.MULTILINE)
        for name in line.split(",")
    }
    changed = {name for name in names if re.search(rf"^ +{name}(\[.*\]|\.\w+)* = ", text, re.MULTILINE)}
    assert not changed - _locals_within(text)


def _locals_within(text: str) -> set[str]:
    """Return the names that functions declare for themselves."""
    inner = re.findall(r"^ +local ([\w, ]+?) =", text, re.MULTILINE)
    return {name.strip() for line in inner for name in line.split(",")}
