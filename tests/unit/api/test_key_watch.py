"""The API's view of keys and sessions: comparison, reading, last use."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import pytest

from app.core.access.api_keys import Keyring, Role, key_of
from app.core.access.sessions import Session, SessionLimits
from app.core.errors import RedisUnavailable
from app.services.api.http.auth import Actor
from app.services.api.http.key_cache import READ_ANYWAY_MS, USE_MS, ApiKeyCache
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

    async def load(self) -> Keyring:
        self.readings += 1
        session = Session("s", KEY.key_id, "", self.clock.now_ms(), "", "", self.clock.now_ms())
        limits = SessionLimits(idle_ms=3_600_000, life_ms=7_200_000)
        return Keyring(b"pepper", [KEY], [session], limits=limits, now_ms=self.clock.now_ms)

    async def stamp(self) -> Any:
        if self.is_away:
            raise RedisUnavailable("away")
        return self.version

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
