"""The cases of requests without a key, alone and through the application."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from app.core.access.api_keys import Keyring, Role
from app.core.config import Settings
from app.services.api.http.auth import KeylessRules, RequestInfo, refuse_keyless, why_exposed
from tests.support.api.api_fakes import PEPPER, fake_key, fake_key_cache, fake_platform
from tests.support.api.asgi_calls import http_scope
from tests.support.api.exposure_table import Row, read_rows
from tests.support.api.in_process import WithOwnPeer

ROWS = read_rows()
NAMES = [row.name for row in ROWS]


def arrival_of(row: Row) -> RequestInfo:
    headers = {name.lower().encode(): [text.encode()] for name, text in row.headers.items()}
    return RequestInfo("GET", row.path, row.peer, row.server, row.host.lower(), headers, lambda: None)


def keyring_of(row: Row) -> Keyring:
    if row.keys == "lost":
        return Keyring(PEPPER, (), required=lambda: True)
    return Keyring(PEPPER, [fake_key(Role.ADMIN)[0]] if row.keys == "some" else ())


async def status_of(row: Row, path: str | None = None) -> int:
    """Return the status of a GET through the application, exactly as the server would pass it in."""
    platform = fake_platform(auth=row.settings["AUTH"])
    # ALLOWED_HOSTS closes keyless requests; here any name shall reach the decision.
    platform.app.state.rules.hosts = frozenset({"*"})

    async def load() -> Keyring:
        return keyring_of(row)

    platform.app.state.services.key_cache = fake_key_cache(load, platform.clock)
    scope = http_scope("GET", path or row.path, {"Host": row.host, **row.headers})
    scope["client"] = None if row.peer is None else (row.peer, 50_000)
    scope["server"] = None if row.server is None else (row.server, 8_000)
    statuses: list[int] = []

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    await WithOwnPeer(platform.app)(scope, receive, send)
    return statuses[0]


def test_exposure_table_is_large_enough() -> None:
    """Sockets, names, forwarding headers, settings and keys: each has rows that are served and refused."""
    assert len(ROWS) >= 60
    assert {row.api for row in ROWS} == {row.dashboard for row in ROWS} - {None} == {200, 401}
    assert {row.keys for row in ROWS} == {"none", "some", "lost"}


@pytest.mark.parametrize("row", ROWS, ids=NAMES)
def test_exposure_decision_is_as_in_the_table(row: Row) -> None:
    """The decision from the facts alone; a refusal names a command that exists."""
    rules = KeylessRules.of(Settings(_env_file=None, auth=row.settings["AUTH"]))  # pyright: ignore[reportCallIssue]
    refusal = refuse_keyless(arrival_of(row), rules, keys_required=row.keys != "none")
    assert (401 if refusal else 200) == row.api
    assert refusal is None or "multi-job keys create NAME --role admin" in refusal


@pytest.mark.parametrize("row", ROWS, ids=NAMES)
async def test_exposure_of_the_application_is_as_in_the_table(row: Row) -> None:
    """The same through guard and routes."""
    status = await status_of(row)
    assert (status == 401) == (row.api == 401)
    # The stand-ins hold no figures, so /metrics fails behind the guard.
    assert row.path == "/metrics" or status == row.api


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"peer": "10.0.0.7"}, "10.0.0.7"),
        ({"peer": None}, "peer"),
        ({"server": "10.0.0.5"}, "socket 10.0.0.5"),
        ({"host": "jobs.example.com"}, "jobs.example.com"),
        ({"headers": {"X-Real-IP": "1.2.3.4"}}, "x-real-ip"),
    ],
)
def test_exposure_refusal_names_the_condition(changes: dict[str, Any], named: str) -> None:
    """A refused caller reads which condition failed."""
    direct = next(row for row in ROWS if row.name == "direct from 127.0.0.1")
    assert why_exposed(arrival_of(direct)) is None
    assert named in (why_exposed(arrival_of(replace(direct, **changes))) or "")


async def test_exposure_leaves_probes_open() -> None:
    """A probe is answered wherever it comes from."""
    foreign = next(row for row in ROWS if row.name == "everything foreign at once")
    assert await status_of(foreign, "/healthz") == 200
