"""The origin of a request: sockets, trusted proxies, the dashboard's proof."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from app.core.config import Settings
from app.core.proxies import origin_of
from app.services.api.http.origin import MAX_AGE_SEC, OriginReader, proof
from tests.support.api.api_fakes import fake_platform
from tests.support.fake_clock import FakeClock

TRUSTED = ["10.0.0.0/8", "2001:db8::/32"]
SECRET = "ui-session-secret-of-the-tests-0001"
NOW = datetime(2026, 3, 1, tzinfo=UTC)
NOW_SEC = str(int(NOW.timestamp()))


@pytest.mark.parametrize(
    ("peer", "forwarded_for", "forwarded", "origin"),
    [
        ("203.0.113.9", ["8.8.8.8"], [], "203.0.113.9"),
        ("127.0.0.1", ["8.8.8.8"], [], "127.0.0.1"),
        ("10.0.0.5", [], [], "10.0.0.5"),
        ("10.0.0.5", ["203.0.113.9"], [], "203.0.113.9"),
        ("10.0.0.5", ["8.8.8.8, 203.0.113.9"], [], "203.0.113.9"),
        ("10.0.0.5", ["8.8.8.8", "203.0.113.9, 10.1.1.1"], [], "203.0.113.9"),
        ("10.0.0.5", ["10.9.9.9, 10.1.1.1"], [], "10.9.9.9"),
        ("10.0.0.5", ["8.8.8.8, garbage, 10.1.1.1"], [], "10.1.1.1"),
        ("10.0.0.5", ["garbage"], [], "10.0.0.5"),
        ("10.0.0.5", ["203.0.113.9:4711"], [], "203.0.113.9"),
        ("10.0.0.5", ["[2001:db9::7]:4711"], [], "2001:db9::7"),
        ("::ffff:10.0.0.5", ["203.0.113.9"], [], "203.0.113.9"),
        ("2001:db8::1", [], ['for="[2001:db9::7]:4711";proto=https'], "2001:db9::7"),
        ("10.0.0.5", [], ["for=8.8.8.8, by=x;For=203.0.113.9"], "203.0.113.9"),
        ("10.0.0.5", [], ["proto=https"], "10.0.0.5"),
        ("10.0.0.5", ["203.0.113.9"], ["for=203.0.113.9"], "203.0.113.9"),
        ("10.0.0.5", ["203.0.113.9"], ["for=8.8.8.8"], "10.0.0.5"),
    ],
)
def test_origin_is_the_right_most_address_that_is_no_trusted_proxy(
    peer: str, forwarded_for: list[str], forwarded: list[str], origin: str
) -> None:
    """Each proxy adds the address that it saw; who is no proxy of ours adds what he likes."""
    assert origin_of(peer, TRUSTED, forwarded_for, forwarded) == origin


@pytest.mark.parametrize("entry", ["proxy.lan", "10.0.0.0/33", "*", "10.0.0.256"])
def test_trusted_proxies_are_addresses_or_networks(entry: str) -> None:
    """A name could be anybody's tomorrow; the error shows the form."""
    with pytest.raises(ValidationError, match=r"TRUSTED_PROXIES.*10\.0\.0\.0/24"):
        Settings(_env_file=None, trusted_proxies=f"10.0.0.5,{entry}")  # pyright: ignore[reportCallIssue,reportArgumentType]


def reader(tmp_path: Path, **changes: Any) -> OriginReader:
    settings = Settings(_env_file=None, multi_job_home=tmp_path, **changes)  # pyright: ignore[reportCallIssue]
    return OriginReader(settings, FakeClock(NOW))


def scope(*values: str, method: str = "POST", peer: str = "127.0.0.1") -> dict[str, Any]:
    headers = [(b"x-multi-job-origin", value.encode()) for value in values]
    return {"client": (peer, 4711), "headers": headers, "method": method}


def signed(
    address: str, seconds: str = NOW_SEC, method: str = "POST", secret: str = SECRET, ends: str = ""
) -> str:
    return f"{address};{seconds};{ends};{proof(secret, method, seconds, address, ends)}"


def test_dashboard_proves_the_address_of_a_person(tmp_path: Path) -> None:
    """By the secret that both share, given or in the file that the dashboard makes later."""
    given = reader(tmp_path, ui_session_secret=SECRET)
    assert given.of(scope(signed("203.0.113.9"))) == "203.0.113.9"
    assert given.of(scope(signed("2001:db8::7"), peer="172.18.0.3")) == "2001:db8::7"
    file = tmp_path / "runtime-data" / "ui-session.key"
    assert reader(tmp_path).of(scope(signed("203.0.113.9"))) == "127.0.0.1"
    file.parent.mkdir()
    file.write_text(SECRET)
    assert reader(tmp_path).of(scope(signed("203.0.113.9"))) == "203.0.113.9"


@pytest.mark.parametrize(
    "value",
    [
        signed("8.8.8.8", secret="another"),
        signed("8.8.8.8", method="GET"),
        signed("8.8.8.8", seconds=str(int(NOW_SEC) - MAX_AGE_SEC - 1)),
        signed("8.8.8.8", seconds=str(int(NOW_SEC) + MAX_AGE_SEC + 1)),
        signed("203.0.113.9").replace("203.0.113.9", "8.8.8.8"),
        signed("not an address"),
        "8.8.8.8",
        "8.8.8.8;1",
        "8.8.8.8;x;;y",
        f"8.8.8.8;{NOW_SEC};;\u00e9",
        # The form of an earlier version.
        f"8.8.8.8;{NOW_SEC};{proof(SECRET, 'POST', NOW_SEC, '8.8.8.8', '')}",
        signed("203.0.113.9", ends="127.0.0.1 1 127.0.0.1 2").replace(" 1 ", " 3 "),
        "",
    ],
)
def test_origin_that_is_not_proven_is_the_sockets(tmp_path: Path, value: str) -> None:
    """A stranger's header, an old one, one of another request."""
    assert reader(tmp_path, ui_session_secret=SECRET).of(scope(value)) == "127.0.0.1"


def test_two_origins_prove_nothing(tmp_path: Path) -> None:
    """One of them is a stranger's."""
    both = scope(signed("203.0.113.9"), signed("8.8.8.8"))
    assert reader(tmp_path, ui_session_secret=SECRET).of(both) == "127.0.0.1"


async def test_a_proven_or_forwarded_address_opens_nothing() -> None:
    """An origin of loopback does not make a request keyless."""
    platform = fake_platform(ui_session_secret=SECRET)
    platform.app.state.rules.hosts |= {"10.0.0.5"}
    headers = {"X-Multi-Job-Origin": signed("127.0.0.1", method="GET")}
    async with platform.client("http://10.0.0.5:8000") as client:
        assert (await client.get("/jobs", headers=headers)).status_code == 401
    async with platform.client() as client:
        assert (await client.get("/jobs", headers={"X-Forwarded-For": "127.0.0.1"})).status_code == 401
