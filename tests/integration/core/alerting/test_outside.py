"""What the self-watch asks of the world outside: the ping of DEADMAN_URL, the certificate of PUBLIC_URL."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pydantic import SecretStr

from app.core.alerting import deadman
from app.core.alerting.deadman import Deadman
from app.core.alerting.own_certificate import OwnCertificate
from app.core.incidents.models import IncidentKind
from app.core.incidents.store import IncidentStore
from tests.support.http.certificates import loopback_certificate, server_context
from tests.support.http.fake_remote import HANG, Pinged, Reply

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from app.core.clock import SystemClock
    from app.core.config import Settings
    from app.core.redis_client import RedisLink
    from app.core.storage.keys import Keys
    from app.core.storage.scripts import Scripts

TOKEN = "/ping/0b1f6d52"


@pytest.fixture
def outside() -> Iterator[Pinged]:
    with Pinged() as remote:
        yield remote


@pytest.fixture
def incidents(link: RedisLink, scripts: Scripts, keys: Keys, clock: SystemClock) -> IncidentStore:
    return IncidentStore(link, scripts, keys, clock)


def pinging(settings: Settings, incidents: IncidentStore, url: str, opened: list[str]) -> Deadman:
    changes = {"deadman_url": SecretStr(url), "http_allow_private": opened}
    return Deadman(incidents, settings.model_copy(update=changes))


async def test_the_ping_is_one_request_to_the_address(
    outside: Pinged, settings: Settings, incidents: IncidentStore
) -> None:
    """A GET with the name of the host, and no redirect is followed."""
    name = f"localhost:{outside.port}"
    ping = pinging(settings, incidents, f"http://{name}{TOKEN}", [name])
    assert await ping.ping()
    [request] = outside.requests
    assert (request.method, request.path, request.headers["host"]) == ("GET", TOKEN, name)
    outside.plan(Reply(302, headers={"Location": outside.url}))
    assert not await ping.ping()
    assert len(outside.requests) == 2


async def test_no_ping_while_the_platform_has_a_critical_incident(
    outside: Pinged, settings: Settings, incidents: IncidentStore
) -> None:
    """A monitor that is down, or a warning, is none of the platform's own."""
    ping = pinging(settings, incidents, outside.url, [outside.place])
    kinds = {"shop": IncidentKind.MONITOR_DOWN, "full": IncidentKind.REDIS_MEMORY}
    for subject, kind in kinds.items():
        await incidents.open(subject, kind, severity="critical", subject=subject, cause="")
        assert await ping.ping() == (subject == "shop")
    await incidents.close("full")
    assert await ping.ping()


async def test_a_private_address_is_refused_unless_it_is_opened(
    outside: Pinged, settings: Settings, incidents: IncidentStore
) -> None:
    """The guard of all outgoing addresses holds here too."""
    assert not await pinging(settings, incidents, outside.url, []).ping()
    assert outside.connections == 0


async def test_a_ping_that_fails_is_no_error(
    outside: Pinged,
    settings: Settings,
    incidents: IncidentStore,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The outside service alarms then; the log has no token."""
    monkeypatch.setattr(deadman, "TIMEOUT_SEC", 0.2)
    ping = pinging(settings, incidents, f"{outside.url}{TOKEN}", [outside.place])
    outside.plan(Reply(500), HANG)
    assert [await ping.ping() for _ in range(2)] == [False, False]
    assert not await pinging(settings, incidents, "", []).ping()
    assert TOKEN not in caplog.text


@pytest.mark.parametrize(
    "case",
    [
        (30.5, None, ""),
        (9.5, "It ends in 9 days: renew it.", "warning"),
        (-1.5, "It has ended: renew it.", "critical"),
    ],
)
async def test_a_certificate_of_our_own_that_ends_is_an_incident(
    case: tuple[float, str | None, str],
    settings: Settings,
    incidents: IncidentStore,
    clock: SystemClock,
    tmp_path: Path,
) -> None:
    """Fourteen days are left for its renewal; one that has ended is read as well."""
    days, cause, severity = case
    certificate = loopback_certificate(tmp_path, days)
    with Pinged(server_context(certificate)) as remote:
        url = f"https://localhost:{remote.port}"
        watch = OwnCertificate(incidents, settings.model_copy(update={"public_url": url}), clock)
        await watch.check()
        found = (await incidents.list("open")).items
        assert [(each.kind, each.subject, each.cause, each.severity) for each in found] == (
            [] if cause is None else [("certificate_ends", "localhost", cause, severity)]
        )
    await watch.check()
    assert len((await incidents.list("open")).items) == len(found)


async def test_a_renewed_certificate_ends_the_incident(
    settings: Settings, incidents: IncidentStore, clock: SystemClock, tmp_path: Path
) -> None:
    """The next look, within an hour, closes it."""
    await incidents.open(
        "certificate:own", IncidentKind.CERTIFICATE_ENDS, severity="warning", subject="localhost", cause=""
    )
    with Pinged(server_context(loopback_certificate(tmp_path, 60))) as remote:
        url = f"https://localhost:{remote.port}"
        await OwnCertificate(incidents, settings.model_copy(update={"public_url": url}), clock).check()
    assert (await incidents.list("open")).items == []
