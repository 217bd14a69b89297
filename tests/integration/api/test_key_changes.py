"""Keys and sessions that are made, revoked and ended, on three real API processes that share one Redis."""

from __future__ import annotations

import contextlib
import os
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from redis import Redis

from tests.support.api.event_client import following
from tests.support.api.trio import ADMIN, Trio, running_trio
from tests.support.embedded_redis import EmbeddedRedis
from tests.support.faults.proxy import FaultProxy, Weather
from tests.support.waiting import wait_until_async

# Milliseconds are expected (`python -m benchmarks key_changes` measures them). A lost notification costs up
# to 2 s; twice that on a busy machine.
BOUND_SEC = 4.0
ROUNDS = 40


@pytest.fixture(scope="module")
def trio(redis_server: EmbeddedRedis, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trio]:
    variables = {"NAMESPACE": f"kc{os.getpid()}", "API_KEYS": f"root:admin:{ADMIN}"}
    with running_trio(redis_server.url, tmp_path_factory.mktemp("trio"), **variables) as found:
        yield found


def new_key(trio: Trio, name: str) -> dict[str, str]:
    answer = trio.ask("POST", "/keys", body={"name": name, "role": "viewer"})
    assert answer.status_code == 201, answer.text
    return answer.json()


def test_key_made_over_http_works_at_once_everywhere(trio: Trio) -> None:
    """Many rounds: each key is used at all processes as soon as one of them has answered."""
    for number in range(ROUNDS):
        made = new_key(trio, f"http-{number}")
        assert trio.statuses(made["key"]) == [200, 200, 200], number
        assert trio.ask("DELETE", f"/keys/{made['id']}").status_code == 200


def test_key_made_by_a_command_works_at_once_everywhere(trio: Trio) -> None:
    """It is used while the command that has printed it still ends."""
    for number in range(4):
        token, _at = trio.command("keys", "create", f"command-{number}")
        assert token.startswith("mj_")
        assert trio.statuses(token) == [200, 200, 200], number


def test_session_works_at_once_everywhere(trio: Trio) -> None:
    """A browser's next request may reach another process."""
    made = new_key(trio, "signs-in")
    for number in range(ROUNDS):
        token = trio.ask("POST", "/sessions", made["key"], which=number % 3).json()["token"]
        assert trio.statuses(token) == [200, 200, 200], number


@pytest.mark.parametrize("act", ["API", "command", "rotation", "session", "session's key"])
async def test_revoked_token_is_refused_everywhere_and_its_streams_end(trio: Trio, act: str) -> None:
    """At every process, by every way; the streams of somebody else go on."""
    made = new_key(trio, "ends-" + re.sub(r"\W", "-", act))
    token, session_id = made["key"], ""
    if "session" in act:
        session = trio.ask("POST", "/sessions", token).json()
        token, session_id = session["token"], session["id"]
    async with contextlib.AsyncExitStack() as stack:
        streams = [await stack.enter_async_context(following(api.port, key=token)) for api in trio.apis]
        others = [await stack.enter_async_context(following(api.port, key=ADMIN)) for api in trio.apis]
        since = time.monotonic()
        if act == "command":
            line, since = trio.command("keys", "revoke", made["id"])
            assert made["id"] in line
        elif act == "rotation":
            answer = trio.ask("POST", f"/keys/{made['id']}/rotate", body={"overlap_hours": 0})
            assert answer.status_code == 201
        elif act == "session":
            assert trio.ask("DELETE", f"/sessions/{session_id}").status_code == 200
        else:
            assert trio.ask("DELETE", f"/keys/{made['id']}").status_code == 200
        assert max(trio.accepted_for(token, since)) < BOUND_SEC
        await wait_until_async(lambda: all(each.ended for each in streams), BOUND_SEC, "the streams end")
        assert not any(each.ended for each in others)


def test_changes_during_an_outage_count_after_it(redis_server: EmbeddedRedis, tmp_path: Path) -> None:
    """All connections are cut while a key is made and one is revoked: both count once Redis is back."""
    # An unknown key is refused after this time.
    patience = {"REQUEST_PATIENCE_SEC": "5"}
    variables = {"NAMESPACE": f"kp{os.getpid()}", "API_KEYS": f"root:admin:{ADMIN}", **patience}
    with FaultProxy(redis_server.port) as proxy:
        url = redis_server.url.replace(f":{redis_server.port}", f":{proxy.port}")
        with running_trio(url, tmp_path, **variables) as trio:
            trio.environment["REDIS_URL"] = redis_server.url
            made = new_key(trio, "cut")
            assert trio.statuses(made["key"]) == [200, 200, 200]
            proxy.set(Weather(refuse=True))
            token, _at = trio.command("keys", "create", "meanwhile")
            line, _at = trio.command("keys", "revoke", made["id"])
            assert made["id"] in line
            # As long as Redis is away, known keys go on being used, and nothing is known of new ones.
            assert trio.statuses(made["key"]) == [200, 200, 200]
            assert trio.statuses(token) == [503, 503, 503]
            proxy.heal()
            assert max(trio.accepted_for(made["key"], time.monotonic())) < BOUND_SEC
            assert trio.statuses(token) == [200, 200, 200]


def test_changes_count_everywhere_without_notifications(redis_server: EmbeddedRedis, tmp_path: Path) -> None:
    """Redis refuses every subscription; the version is compared often enough."""
    rules: dict[str, Any] = {"keys": ["*"], "channels": ["*"], "categories": ["+@all"]}
    redis: Any = Redis(port=redis_server.port)
    with redis:
        redis.acl_setuser("deaf", enabled=True, passwords=["+deaf"], commands=["-subscribe"], **rules)
    url = f"redis://deaf:deaf@127.0.0.1:{redis_server.port}/0"
    variables = {"NAMESPACE": f"kn{os.getpid()}", "API_KEYS": f"root:admin:{ADMIN}"}
    with running_trio(url, tmp_path, **variables) as trio:
        made = new_key(trio, "unheard")
        assert trio.statuses(made["key"]) == [200, 200, 200]
        assert trio.ask("DELETE", f"/keys/{made['id']}").status_code == 200
        assert max(trio.accepted_for(made["key"], time.monotonic())) < BOUND_SEC


def test_first_key_ends_keyless_access_everywhere(redis_server: EmbeddedRedis, tmp_path: Path) -> None:
    """The moment it is printed; a keyless event stream ends too."""
    with running_trio(redis_server.url, tmp_path, NAMESPACE=f"kf{os.getpid()}") as trio:
        assert trio.statuses(None) == [200, 200, 200]
        token, _at = trio.command("keys", "create", "root", "--role", "admin")
        assert trio.statuses(None) == [401, 401, 401]
        assert trio.statuses(token) == [200, 200, 200]
