"""Sessions and rotated keys over HTTP, on the real stores."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from pydantic import TypeAdapter

from app.core.access.api_keys import COUNTS_SEC
from app.core.clock import SystemClock
from app.core.config import Settings
from app.core.policies import Policies
from app.core.redis_client import RedisLink
from app.core.registry import Registry
from app.services.api.app import create_app
from app.services.api.schemas.access import KeyBody, KeyCreated, SessionBody, SessionCreated
from app.services.api.services import Services
from tests.support.api.api_fakes import BASE_URL, JSON
from tests.support.api.in_process import in_process
from tests.support.waiting import wait_until_async

FIXED = "canary-of-a-key-in-API_KEYS-0003"


@pytest.fixture
def platform(settings: Settings, link: RedisLink) -> Services:
    return Services(settings, SystemClock(), link, Registry([]), Policies())


@pytest.fixture
async def root(platform: Services) -> AsyncIterator[httpx.AsyncClient]:
    """A client with the admin key of a deployment that has just one."""
    async with client_of(platform) as keyless:
        key = (await keyless.post("/keys", json={"name": "root", "role": "admin"})).json()["key"]
    async with client_of(platform, key) as client:
        yield client


def client_of(platform: Services, token: str | None = None, **headers: str) -> httpx.AsyncClient:
    transport = in_process(create_app(platform))
    sent = {**JSON, **headers, **({} if token is None else {"Authorization": f"Bearer {token}"})}
    return httpx.AsyncClient(transport=transport, base_url=BASE_URL, headers=sent)


async def new_key(root: httpx.AsyncClient, name: str, role: str, **more: Any) -> dict[str, Any]:
    answer = await root.post("/keys", json={"name": name, "role": role, **more})
    assert answer.status_code == 201, answer.text
    KeyCreated.model_validate_json(answer.text)
    return answer.json()


async def sign_in(platform: Services, key: str, device: str = "Firefox") -> dict[str, Any]:
    async with client_of(platform, key, **{"User-Agent": device}) as client:
        answer = await client.post("/sessions")
    assert answer.status_code == 201, answer.text
    SessionCreated.model_validate_json(answer.text)
    return answer.json()


async def test_session_does_what_its_key_may(platform: Services, root: httpx.AsyncClient) -> None:
    """Signed in, listed as the current one, refused if the role is too low, signed out."""
    ci = await new_key(root, "ci", "operator")
    made = await sign_in(platform, ci["key"])
    async with client_of(platform, made["token"]) as session:
        me = (await session.get("/me")).json()
        assert (me["name"], me["role"], me["key_id"], me["keyless"]) == ("ci", "operator", ci["id"], False)
        assert (await session.get("/keys")).status_code == 403
        listed = await session.get("/sessions")
        [body] = TypeAdapter(list[SessionBody]).validate_json(listed.text)
        assert (body.id, body.device, body.address, body.current) == (
            *(made["id"], "Firefox", "127.0.0.1", True),
        )
        assert made["token"] not in listed.text
        assert (await session.delete("/sessions/current")).json() == {"id": made["id"], "status": "ended"}
        assert (await session.get("/me")).status_code == 401
    async with client_of(platform, ci["key"]) as key:
        assert (await key.get("/me")).status_code == 200


async def test_sessions_of_others_are_an_admins(platform: Services, root: httpx.AsyncClient) -> None:
    """A key sees and ends its own; another's is not found; an admin sees and ends all."""
    ana, ben = [await new_key(root, name, "viewer") for name in ("ana", "ben")]
    anas, bens = [await sign_in(platform, key["key"]) for key in (ana, ben)]
    async with client_of(platform, anas["token"]) as session:
        assert [each["id"] for each in (await session.get("/sessions")).json()] == [anas["id"]]
        refused = await session.delete(f"/sessions/{bens['id']}")
        assert (refused.status_code, refused.json()["code"]) == (404, "session_not_found")
    assert {each["id"] for each in (await root.get("/sessions")).json()} == {anas["id"], bens["id"]}
    assert (await root.delete(f"/sessions/{bens['id']}")).status_code == 200
    assert (await root.delete(f"/sessions/{bens['id']}")).status_code == 404
    assert (await root.delete("/sessions/current")).status_code == 404, "a key is no session"
    async with client_of(platform, bens["token"]) as session:
        assert (await session.get("/me")).status_code == 401


async def test_session_is_made_with_a_key_alone(platform: Services, root: httpx.AsyncClient) -> None:
    """Not with a session, which would never end, and not without a key."""
    made = await sign_in(platform, (await new_key(root, "ci", "viewer"))["key"])
    async with client_of(platform, made["token"]) as session:
        refused = await session.post("/sessions")
        assert (refused.status_code, refused.json()["code"]) == (409, "conflict")
    async with client_of(platform) as anonymous:
        assert (await anonymous.post("/sessions")).status_code == 401


async def test_keyless_callers_sign_in_to_nothing(platform: Services) -> None:
    """Without keys there is no session to make."""
    async with client_of(platform) as keyless:
        assert (await keyless.post("/sessions")).status_code == 409
        assert (await keyless.get("/sessions")).json() == []


async def test_keys_of_the_environment_have_sessions(settings: Settings, link: RedisLink) -> None:
    """They end when the key is taken out of API_KEYS."""
    fixed = Settings.model_validate({**settings.model_dump(), "api_keys": f"ops:admin:{FIXED}"})
    made = await sign_in(Services(fixed, SystemClock(), link, Registry([]), Policies()), FIXED, "curl/8")
    for settings_now, status in ((fixed, 200), (settings, 401)):
        platform = Services(settings_now, SystemClock(), link, Registry([]), Policies())
        async with client_of(platform, made["token"]) as session:
            assert (await session.get("/me")).status_code == status


async def test_revoked_key_takes_its_sessions_along(platform: Services, root: httpx.AsyncClient) -> None:
    """At once, here."""
    ci = await new_key(root, "ci", "viewer")
    made = await sign_in(platform, ci["key"])
    assert (await root.delete(f"/keys/{ci['id']}")).status_code == 200
    async with client_of(platform, made["token"]) as session:
        assert (await session.get("/me")).status_code == 401
    assert (await root.get("/sessions")).json() == []


async def test_key_is_rotated(platform: Services, root: httpx.AsyncClient) -> None:
    """The successor is shown once; the old one ends with the overlap; a repeat makes no third."""
    ci = await new_key(root, "ci", "operator", expires_in_days=90)
    once = {"Idempotency-Key": "rotate-ci"}
    first = await root.post(f"/keys/{ci['id']}/rotate", json={"overlap_hours": 1}, headers=once)
    assert first.status_code == 201, first.text
    new = KeyCreated.model_validate_json(first.text)
    assert (new.name, new.role, new.key is None) == ("ci", "operator", False)
    again = await root.post(f"/keys/{ci['id']}/rotate", json={"overlap_hours": 1}, headers=once)
    assert (again.status_code, again.json()["id"], again.json()["key"]) == (200, new.id, None)
    listed = TypeAdapter(list[KeyBody]).validate_json((await root.get("/keys")).text)
    assert sorted(each.name for each in listed) == ["ci", "ci", "root"]
    for token in (ci["key"], new.key):
        async with client_of(platform, token) as client:
            assert (await client.get("/me")).status_code == 200
    last = await root.post(f"/keys/{new.id}/rotate", json={"overlap_hours": 0})
    assert last.status_code == 201
    async with client_of(platform, new.key) as client:
        assert (await client.get("/me")).status_code == 401
    states = {each["id"]: each["state"] for each in (await root.get("/keys")).json()}
    assert (states[new.id], states[last.json()["id"]]) == ("expired", "active")
    assert (await root.post("/keys/aaaaaaaa/rotate")).status_code == 404


async def test_first_key_over_http_is_an_admins(platform: Services) -> None:
    """Refused with the command that makes the right one; nothing is locked."""
    async with client_of(platform) as keyless:
        refused = await keyless.post("/keys", json={"name": "ana", "role": "operator"})
        assert (refused.status_code, refused.json()["code"]) == (409, "admin_key_needed")
        assert "multi-job keys create NAME --role admin" in refused.json()["detail"]
        assert (await keyless.get("/jobs")).status_code == 200
        brief = {"name": "ana", "role": "admin", "expires_in_days": 1}
        assert (await keyless.post("/keys", json=brief)).status_code == 409
        assert (await keyless.get("/keys")).json() == []


async def test_lost_keys_are_said(platform: Services, root: httpx.AsyncClient, link: RedisLink) -> None:
    """If Redis has lost its keys, every request is refused with the command that helps."""
    await link.call("DEL", platform.keys.api_keys)

    async def is_noticed() -> bool:
        await platform.key_cache.mark()
        return (await root.get("/jobs")).status_code == 401

    await wait_until_async(is_noticed, 2 * COUNTS_SEC, "the loss is noticed")
    async with client_of(platform) as keyless:
        for client in (keyless, root):
            refused = await client.get("/jobs")
            assert refused.status_code == 401
            assert "keys are gone" in refused.json()["detail"]
            assert "multi-job keys create NAME --role admin" in refused.json()["detail"]


async def test_signing_in_and_out_is_audited(platform: Services, root: httpx.AsyncClient) -> None:
    """The audit has the actor, session and address; also of wrong keys."""
    ci = await new_key(root, "ci", "viewer")
    made = await sign_in(platform, ci["key"])
    async with client_of(platform, made["token"]) as session:
        await session.delete("/sessions/current")
    async with client_of(platform, "mj_aaaaaaaa_" + "A" * 43) as stranger:
        assert (await stranger.post("/sessions")).status_code == 401
    await root.post(f"/keys/{ci['id']}/rotate")
    entries = [
        (each["actor"], each["action"], each["target"], each["outcome"], each["origin"])
        for each in (await root.get("/audit")).json()
    ]
    assert entries[:4] == [
        ("root", "rotate_key", f"key:{ci['id']}", "ok", "127.0.0.1"),
        ("unknown", "create_session", "/sessions", "refused", "127.0.0.1"),
        ("ci", "end_session", f"session:{made['id']}", "ok", "127.0.0.1"),
        ("ci", "create_session", f"session:{made['id']}", "ok", "127.0.0.1"),
    ]
    assert made["token"] not in str(entries)
    acts = (await root.get("/audit", params={"key_id": ci["id"]})).json()
    assert [(each["action"], each["key_id"], each["session_id"]) for each in acts] == [
        ("end_session", ci["id"], made["id"]),
        ("create_session", ci["id"], ""),
    ]


async def test_an_ended_session_is_no_wrong_key(platform: Services, root: httpx.AsyncClient) -> None:
    """The page of a browser asks many things at once: each answer says that it has to sign in."""
    made = await sign_in(platform, (await new_key(root, "ci", "viewer"))["key"])
    await root.delete(f"/sessions/{made['id']}")
    async with client_of(platform, made["token"]) as session:
        assert [(await session.get("/me")).status_code for _ in range(30)] == [401] * 30
