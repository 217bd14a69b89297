"""The rate limit of wrong keys, by address."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import pytest

from app.core.access.api_keys import Role, key_of
from app.core.access.keyring import MAX_TOKEN_CHARS, Keyring
from app.services.api.http.limits import FREE_FAILURES, MOST_PEERS, FailedKeys
from app.services.api.http.problems import HttpProblem
from tests.support.api.api_fakes import PEPPER, fake_platform
from tests.support.fake_clock import FakeClock

NOW = datetime(2026, 1, 1, tzinfo=UTC)
RIGHT = f"mj_{'a' * 8}_{'A' * 43}"
WRONG_SECRET = f"mj_{'a' * 8}_{'B' * 43}"
UNKNOWN = f"mj_{'b' * 8}_{'A' * 43}"


def refused(failed: FailedKeys, address: str, times: int) -> int:
    """Return how many of so many wrong keys of an address were refused before their turn."""
    count = 0
    for _ in range(times):
        try:
            failed.failed(address)
        except HttpProblem as problem:
            count += problem.code == "too_many_wrong_keys" and problem.headers["Retry-After"] == "1"
    return count


def test_wrong_keys_are_slowed_down_by_address() -> None:
    """Ten at once, then one a second; an address is not held to what another one sends."""
    clock, counts = FakeClock(NOW), Counter[str]()
    failed = FailedKeys(clock, lambda reason: counts.update([reason]))
    assert refused(failed, "192.0.2.1", 50) == 50 - FREE_FAILURES
    assert refused(failed, "192.0.2.2", FREE_FAILURES) == 0
    clock.advance(3)
    assert refused(failed, "192.0.2.1", 5) == 2
    assert counts == {"wrong_keys": 42}


def test_networks_of_ipv6_are_one_address() -> None:
    """A /64 has 18 quintillion addresses and one bucket."""
    failed = FailedKeys(FakeClock(NOW), lambda _: None)
    assert sum(refused(failed, f"2001:db8::{number:x}", 1) for number in range(50)) == 50 - FREE_FAILURES


def test_addresses_that_failed_are_bounded() -> None:
    """Beyond ten thousand the one that failed longest ago is forgotten."""
    failed = FailedKeys(FakeClock(NOW), lambda _: None)
    assert refused(failed, "first", FREE_FAILURES + 1) == 1
    for number in range(MOST_PEERS):
        failed.failed(f"peer{number}")
    assert len(failed) == MOST_PEERS
    assert refused(failed, "first", 1) == 0


async def test_right_key_is_served_among_wrong_ones() -> None:
    """401 for the first wrong ones, then 429; the right key, from the same address, is never refused."""
    platform = fake_platform((key_of(PEPPER, "ana", Role.VIEWER, RIGHT),))
    statuses: Counter[int] = Counter()
    async with platform.client() as client:
        for number in range(60):
            wrong = (UNKNOWN, WRONG_SECRET, "nonsense", "a" * 5_000)[number % 4]
            answer = await client.get("/me", headers={"X-API-Key": wrong})
            statuses[answer.status_code] += 1
            assert (await client.get("/me", headers={"X-API-Key": RIGHT})).status_code == 200
        assert statuses == {401: FREE_FAILURES, 429: 60 - FREE_FAILURES}
        # No key at all is no guess.
        assert (await client.get("/me")).status_code == 401
        assert (await client.get("/healthz", headers={"X-API-Key": UNKNOWN})).status_code == 200


def test_unknown_id_costs_no_digest(monkeypatch: pytest.MonkeyPatch) -> None:
    """What cannot be a key of ours is found out by a look-up; no text of any length is hashed for it."""
    ring = Keyring(PEPPER, (key_of(PEPPER, "ana", Role.VIEWER, RIGHT),))

    def no_digest(*_: object) -> str:
        raise AssertionError("a digest was made")

    monkeypatch.setattr("app.core.access.keyring.digest_of", no_digest)
    assert ring.find(UNKNOWN) is None
    assert ring.find(f"mjs_{'a' * 12}_{'A' * 43}") is None
    assert ring.find("a" * (MAX_TOKEN_CHARS + 1)) is None
    with pytest.raises(AssertionError):
        ring.find(WRONG_SECRET)
