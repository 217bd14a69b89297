"""How many requests a key may send."""

from __future__ import annotations

import pytest

from app.core.access.api_keys import Role
from app.services.api.http.auth import Actor
from app.services.api.http.limits import MAX_BUCKETS, RateLimiter, TokenBucket
from tests.support.api.api_fakes import NOW, fake_key, fake_platform
from tests.support.fake_clock import FakeClock

VIEWER, OPERATOR = fake_key(Role.VIEWER), fake_key(Role.OPERATOR)


def _sends(token: str) -> dict[str, str]:
    return {"X-API-Key": token}


def test_bucket_lets_a_burst_through_and_then_the_rate() -> None:
    """Three at once, then one each half second; waiting long saves no more than a burst."""
    bucket = TokenBucket(2.0, 3, 0.0)
    assert [bucket.take(0.0) for _ in range(4)] == [0, 0, 0, 0.5]
    assert bucket.take(0.4) == pytest.approx(0.1)
    assert bucket.take(0.5) == 0
    assert [bucket.take(100.0) for _ in range(4)] == [0, 0, 0, 0.5]


async def test_limit_counts_each_key_by_itself() -> None:
    """One key too many is 429 with a time to wait, the other goes on; the bucket fills again."""
    platform = fake_platform((VIEWER[0], OPERATOR[0]), rate_limit_per_sec=0.25, rate_limit_burst=2)
    async with platform.client() as client:
        first = [(await client.get("/jobs", headers=_sends(VIEWER[1]))).status_code for _ in range(3)]
        refused = await client.get("/jobs", headers=_sends(VIEWER[1]))
        other = await client.get("/jobs", headers=_sends(OPERATOR[1]))
        platform.clock.advance(4)
        later = await client.get("/jobs", headers=_sends(VIEWER[1]))
    assert (first, other.status_code, later.status_code) == ([200, 200, 429], 200, 200)
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "4")
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.json()["code"] == "rate_limited"


async def test_limit_spares_probes_and_this_machine() -> None:
    """Probes are never refused, and who needs no key is unlimited unless the operator says otherwise."""
    platform = fake_platform(rate_limit_per_sec=1, rate_limit_burst=1)
    async with platform.client() as client:
        assert {(await client.get(path)).status_code for path in ("/healthz", "/jobs") * 5} == {200}
    platform = fake_platform(rate_limit_keyless_per_sec=1, rate_limit_burst=1)
    async with platform.client() as client:
        assert {(await client.get("/healthz")).status_code for _ in range(5)} == {200}
        assert [(await client.get("/jobs")).status_code for _ in range(2)] == [200, 429]


async def test_limit_of_zero_is_none() -> None:
    """0 switches it off for keys too."""
    platform = fake_platform((VIEWER[0],), rate_limit_per_sec=0, rate_limit_burst=1)
    async with platform.client() as client:
        answers = [await client.get("/jobs", headers=_sends(VIEWER[1])) for _ in range(5)]
    assert {answer.status_code for answer in answers} == {200}


async def test_limit_comes_before_the_role() -> None:
    """A key over its limit gets 429 on every route; a wrong key still gets 401."""
    platform = fake_platform((VIEWER[0],), rate_limit_per_sec=1, rate_limit_burst=1)
    async with platform.client() as client:
        assert (await client.post("/jobs", headers=_sends(VIEWER[1]))).status_code == 403
        assert (await client.post("/jobs", headers=_sends(VIEWER[1]))).status_code == 429
        assert (await client.post("/jobs", headers=_sends("nobody's"))).status_code == 401


def test_limiter_takes_bounded_memory() -> None:
    """However many keys come and go, it keeps no more than so many buckets."""
    platform = fake_platform()
    limiter = RateLimiter(platform.app.state.services.settings, FakeClock(NOW))
    for number in range(MAX_BUCKETS + 10):
        limiter.check(_actor(str(number)))
    assert len(limiter) <= MAX_BUCKETS


def _actor(key_id: str) -> Actor:
    return Actor("a", Role.VIEWER, key_id)
