"""The API's view of keys and sessions: comparison, reading, last use."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import pytest

from app.core.access.api_keys import ApiKey, Keyring, Role, key_of
from app.core.access.records import new_token
from app.core.access.sessions import Session, SessionLimits
from app.core.errors import RedisUnavailable
from app.services.api.http.auth import Actor
from app.services.api.http.key_cache import READ_ANYWAY_MS, USE_MS, ApiKeyCache
from app.services.api.http.key_lookup import OF_ALL_BURST, OF_PEER_BURST, KeyLookup
from tests.support.api.api_fakes import NOW
from tests.support.fake_clock import FakeClock

TOKEN = "a key of the tests, long enough"
KEY = key_of(b"pepper", "ci", Role.VIEWER, TOKEN)


@dataclass
class Redis:
    """Keys and sessions as a store has them, and what was done to it."""

    clock: FakeClock = field(default_factory=lambda: FakeClock(NOW))
    version: int = 0
    readings: int = 0
    is_away: bool = False
    used: list[tuple[str, int]] = field(default_factory=list[tuple[str, int]])
    touched: list[str] = field(default_factory=list[str])
    admitted: list[bool] = field(default_factory=list[bool])
    keys: list[ApiKey] = field(default_factory=lambda: [KEY])
    stored: set[str] = field(default_factory=set[str])
    lookups: list[str] = field(default_factory=list[str])
    began: asyncio.Event = field(default_factory=asyncio.Event)
    gate: asyncio.Event | None = None
    """A reading that has read its keys waits for it before it ends."""

    async def load(self) -> Keyring:
        self.readings += 1
        session = Session("s", KEY.key_id, "", self.clock.now_ms(), "", "", self.clock.now_ms())
        limits = SessionLimits(idle_ms=3_600_000, life_ms=7_200_000)
        found = Keyring(b"pepper", list(self.keys), [session], limits=limits, now_ms=self.clock.now_ms)
        self.began.set()
        if self.gate is not None:
            await self.gate.wait()
        return found

    async def stamp(self) -> Any:
        if self.is_away:
            raise RedisUnavailable("away")
        return self.version

    async def is_stored(self, token: str) -> bool:
        self.lookups.append(token)
        return token in self.stored

    async def mark_used(self, key_ids: Iterable[str], at_ms: int) -> None:
        self.used += [(key_id, at_ms) for key_id in key_ids]

    async def touch(self, sessions: Iterable[Session], _now_ms: int) -> None:
        self.touched += [session.session_id for session in sessions]

    def watch(self) -> ApiKeyCache:
        return ApiKeyCache(
            self.load,
            clock=self.clock,
            stamp=self.stamp,
            mark_used=self.mark_used,
            touch=self.touch,
            looked=lambda ring: self.admitted.append(ring.admits(KEY.key_id, "s")),
            lookup=KeyLookup(self.is_stored, self.clock),
        )


async def test_keys_are_read_again_only_if_they_changed() -> None:
    """Many looks, one reading; a change is one more; after a minute one comes anyway."""
    redis = Redis()
    watch = redis.watch()
    for _ in range(20):
        await watch.mark()
    assert redis.readings == 1
    redis.version += 1
    for _ in range(20):
        await watch.mark()
    assert redis.readings == 2
    redis.clock.advance(READ_ANYWAY_MS / 1000)
    await watch.mark()
    assert redis.readings == 3


async def test_uses_are_kept_once_in_five_minutes() -> None:
    """However often a key or session is used; for a key on a mark of five minutes."""
    redis = Redis()
    watch = redis.watch()
    for _ in range(3):
        watch.note(Actor("ci", Role.VIEWER, KEY.key_id, "s"))
        await watch.mark()
        redis.clock.advance(60)
    assert redis.used == [(KEY.key_id, redis.used[0][1])]
    assert redis.used[0][1] % USE_MS == 0
    assert redis.touched == ["s"]
    redis.clock.advance(USE_MS / 1000)
    watch.note(Actor("ci", Role.VIEWER, KEY.key_id, "s"))
    await watch.mark()
    assert (len(redis.used), redis.touched) == (2, ["s", "s"])


async def test_a_used_session_does_not_count_as_idle() -> None:
    """Before its use is written as well."""
    redis = Redis()
    watch = redis.watch()
    await watch.mark()
    for _ in range(3):
        redis.clock.advance(1_800)
        watch.note(Actor("ci", Role.VIEWER, KEY.key_id, "s"))
        redis.version = -1
        await watch.mark()
        assert (await watch.current()).admits(KEY.key_id, "s")


async def test_ended_sessions_are_noticed_while_redis_is_away() -> None:
    """Each look asks who is still admitted, whether the keys can be read or not."""
    redis = Redis()
    watch = redis.watch()
    await watch.mark()
    assert redis.admitted[-1]
    redis.is_away = True
    redis.clock.advance(3_600)
    with pytest.raises(RedisUnavailable):
        await watch.mark()
    assert not redis.admitted[-1]


async def test_a_key_that_was_made_just_now_is_looked_up_once() -> None:
    """Many requests with it share one look-up and one reading; the next ones need neither."""
    redis, token = Redis(), new_token()
    watch = redis.watch()
    await watch.current()
    redis.keys.append(key_of(b"pepper", "new", Role.VIEWER, token))
    redis.stored.add(token)
    found = await asyncio.gather(*(watch.look_up(token, "192.0.2.1") for _ in range(50)))
    assert all(ring is not None and ring.find(token) is not None for ring in found)
    assert (len(redis.lookups), redis.readings) == (1, 2)
    assert await watch.look_up(token, "192.0.2.1") is None
    assert len(redis.lookups) == 1


async def test_guesses_are_looked_up_within_limits_and_read_nothing() -> None:
    """One address uses up its own share; many share the limit of the process; no guess reads the keys."""
    redis = Redis()
    watch = redis.watch()
    await watch.current()
    for _ in range(3 * OF_PEER_BURST):
        assert await watch.look_up(new_token(), "192.0.2.1") is None
    assert len(redis.lookups) == OF_PEER_BURST
    for number in range(2 * OF_ALL_BURST):
        await watch.look_up(new_token(), f"198.51.100.{number % 250}")
    assert (len(redis.lookups), redis.readings) == (OF_ALL_BURST, 1)
    redis.clock.advance(1)
    await watch.look_up(new_token(), "192.0.2.1")
    assert len(redis.lookups) == OF_ALL_BURST + 1


async def test_a_text_that_is_no_token_is_not_looked_up() -> None:
    """Redis stores none that looks like it."""
    redis = Redis()
    watch = redis.watch()
    for text in ("", "secret", "mj_short_x", "mjs_" + "a" * 60, new_token() + "x"):
        assert await watch.look_up(text, "192.0.2.1") is None
    assert redis.lookups == []


async def test_a_stored_key_that_stays_refused_is_read_once() -> None:
    """A session of a key that this process does not have costs no reading for each of its requests."""
    redis, token = Redis(), new_token()
    watch = redis.watch()
    await watch.current()
    redis.stored.add(token)
    for _ in range(20):
        ring = await watch.look_up(token, "192.0.2.1")
        assert ring is None or ring.find(token) is None
    assert (len(redis.lookups), redis.readings) == (1, 2)
    redis.version += 1
    redis.keys.append(key_of(b"pepper", "new", Role.VIEWER, token))
    await watch.mark()
    assert (await watch.current()).find(token) is not None


async def test_an_older_reading_never_replaces_a_newer_one() -> None:
    """A key revoked during a reading is refused after the reading that the revocation waits for."""
    redis = Redis(gate=asyncio.Event())
    watch = redis.watch()
    older = asyncio.create_task(watch.refresh())
    await redis.began.wait()
    redis.keys.clear()
    newer = [asyncio.create_task(watch.refresh()) for _ in range(3)]
    assert redis.gate is not None
    redis.gate.set()
    assert KEY.key_id in await older
    assert [KEY.key_id in await reading for reading in newer] == [False] * 3
    assert KEY.key_id not in await watch.current()
    assert redis.readings == 2


async def test_a_reading_outlives_the_request_that_began_it() -> None:
    """A caller that leaves takes nothing from the others who wait for the same reading."""
    redis = Redis(gate=asyncio.Event())
    watch = redis.watch()
    first, second = (asyncio.create_task(watch.refresh()) for _ in range(2))
    await redis.began.wait()
    first.cancel()
    assert redis.gate is not None
    redis.gate.set()
    assert KEY.key_id in await second
