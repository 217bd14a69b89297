"""Keys, secrets, policies and the audit over HTTP, on the real stores."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import orjson
import pytest
from pydantic import BaseModel, ConfigDict, TypeAdapter

from app.core.access.api_keys import Role
from app.core.clock import SystemClock
from app.core.config import Settings
from app.core.policies import Destination, Policies, TypePolicy
from app.core.redis_client import RedisLink
from app.core.registry import HandlerSpec, Registry
from app.core.secrets.sealing import open_box
from app.core.secrets.store import SecretReader
from app.services.api.app import create_app
from app.services.api.schemas.access import AuditBody, KeyBody, KeyCreated, PolicyBody, SecretBody
from app.services.api.services import Services
from tests.support.api.api_fakes import BASE_URL, JSON, LoadInputs
from tests.support.api.asgi_calls import http_scope
from tests.support.api.in_process import in_process
from tests.support.waiting import wait_until_async

CANARY = "canary-of-a-stored-secret-0001"
FIXED = "canary-of-a-key-in-API_KEYS-0002"
# What faults.md allows is 2 s; twice that on a busy machine.
REPLICAS_SEC = 4.0


class AnyInputs(BaseModel):
    model_config = ConfigDict(extra="allow")


async def _noop(_context: object, _inputs: object) -> None: ...


def _url(inputs: Any) -> list[Destination]:
    return [Destination("http", "hosts", inputs.url, "/url")]


def registry() -> Registry:
    return Registry(
        [
            HandlerSpec("test.load", _noop, LoadInputs),
            HandlerSpec("test.http", _noop, AnyInputs, tools=("http",)),
            HandlerSpec("test.url", _noop, AnyInputs, tools=("http",), destinations=_url),
            HandlerSpec("test.shut", _noop, tools=("kv",)),
        ]
    )


def policies() -> Policies:
    limits = {"hosts": ["example.org", "www.example.org"], "secrets": ["site-*"], "calls": 3}
    rule = TypePolicy.model_validate(
        {"allow": {"http": limits}, "deny": {"http": {"secrets": ["site-root"]}}}
    )
    return Policies({"test.*": rule, "test.load": TypePolicy()}, sources={"test.*": "mine.yaml"})


def platform_on(settings: Settings, link: RedisLink) -> Services:
    return Services(settings, SystemClock(), link, registry(), policies())


def client_of(platform: Services, key: str | None = None) -> httpx.AsyncClient:
    transport = in_process(create_app(platform))
    headers = JSON if key is None else {**JSON, "X-API-Key": key}
    return httpx.AsyncClient(transport=transport, base_url=BASE_URL, headers=headers)


@pytest.fixture
def platform(settings: Settings, link: RedisLink) -> Services:
    return platform_on(settings, link)


@pytest.fixture
async def client(platform: Services) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(platform) as client:
        yield client


async def made(client: httpx.AsyncClient, name: str, role: str, key: str | None = None) -> dict[str, Any]:
    headers = {} if key is None else {"X-API-Key": key}
    answer = await client.post("/keys", json={"name": name, "role": role}, headers=headers)
    assert answer.status_code == 201, answer.text
    KeyCreated.model_validate_json(answer.text)
    return answer.json()


async def test_key_is_made_used_and_revoked(client: httpx.AsyncClient, platform: Services) -> None:
    """Shown once, in force at once, listed without its text with its last use, then refused."""
    root = await made(client, "root", "admin")
    assert (await client.get("/keys")).status_code == 401, "now that there is a key, one is needed"
    async with client_of(platform, root["key"]) as admin:
        ci = await made(admin, "ci", "viewer")
        async with client_of(platform, ci["key"]) as viewer:
            assert (await viewer.get("/jobs")).status_code == 200
            assert (await viewer.get("/keys")).status_code == 403
            await platform.key_cache.mark()
            listed = await admin.get("/keys")
            TypeAdapter(list[KeyBody]).validate_json(listed.text)
            assert ci["key"] not in listed.text
            assert root["key"] not in listed.text
            by_name = {key["name"]: key for key in listed.json()}
            assert (by_name["root"]["created_by"], by_name["ci"]["created_by"]) == ("local", "root")
            used_at = datetime.fromisoformat(by_name["ci"]["last_used_at"])
            assert timedelta() <= datetime.now(UTC) - used_at < timedelta(minutes=6)
            assert (by_name["ci"]["state"], by_name["ci"]["expires_at"]) == ("active", None)
            assert (await admin.delete(f"/keys/{ci['id']}")).status_code == 200
            assert (await viewer.get("/jobs")).status_code == 401
        assert (await admin.delete(f"/keys/{ci['id']}")).status_code == 404


async def test_key_made_twice_under_one_idempotency_key_is_one(client: httpx.AsyncClient) -> None:
    """The repeat tells which key it was, without its text; another body is refused; a revoked one is gone."""
    root = (await made(client, "root", "admin"))["key"]
    once = {"Idempotency-Key": "once", "X-API-Key": root}
    wanted = {"name": "ci", "role": "viewer"}
    first = await client.post("/keys", json=wanted, headers=once)
    again = await client.post("/keys", json=wanted, headers=once)
    assert (first.status_code, again.status_code) == (201, 200)
    KeyCreated.model_validate_json(again.text)
    assert again.json() == {**first.json(), "key": None}
    other = await client.post("/keys", json={**wanted, "role": "admin"}, headers=once)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_mismatch")
    assert len((await client.get("/keys", headers=once)).json()) == 2
    await client.delete(f"/keys/{first.json()['id']}", headers=once)
    assert (await client.post("/keys", json=wanted, headers=once)).status_code == 409
    assert len((await client.get("/keys", headers=once)).json()) == 1


async def test_last_admin_key_is_not_revoked_over_http(client: httpx.AsyncClient) -> None:
    """Not while it is the last admin's; with a second admin it is."""
    root = await made(client, "root", "admin")
    client.headers["X-API-Key"] = root["key"]
    await made(client, "ci", "operator")
    refused = await client.delete(f"/keys/{root['id']}")
    assert (refused.status_code, refused.json()["code"]) == (409, "last_admin_key")
    second = await made(client, "second", "admin")
    assert (await client.delete(f"/keys/{root['id']}")).status_code == 200
    client.headers["X-API-Key"] = second["key"]
    assert [key["name"] for key in (await client.get("/keys")).json()] == ["ci", "second"]


async def test_keys_of_the_environment_are_listed_and_stay(settings: Settings, link: RedisLink) -> None:
    """They are shown as such, count as admins, and cannot be deleted here."""
    fixed = Settings.model_validate({**settings.model_dump(), "api_keys": f"ops:admin:{FIXED}"})
    async with client_of(platform_on(fixed, link), FIXED) as client:
        root = await made(client, "root", "admin")
        listed = (await client.get("/keys")).json()
        assert [(key["name"], key["source"]) for key in listed] == [("ops", "env"), ("root", "stored")]
        assert (await client.delete(f"/keys/{listed[0]['id']}")).status_code == 404
        assert (await client.delete(f"/keys/{root['id']}")).status_code == 200


async def test_new_and_revoked_keys_count_on_every_replica(settings: Settings, link: RedisLink) -> None:
    """Another API process knows within the bound of the contract."""
    here, there = platform_on(settings, link), platform_on(settings, link)
    stop = asyncio.Event()
    watching = asyncio.create_task(there.key_cache.run(stop))
    async with client_of(here) as first, client_of(there) as second:
        root = await made(first, "root", "admin")
        first.headers["X-API-Key"] = second.headers["X-API-Key"] = root["key"]
        await _answers(second, 200)
        ci = await made(first, "ci", "viewer")
        second.headers["X-API-Key"] = ci["key"]
        await _answers(second, 200)
        await first.delete(f"/keys/{ci['id']}")
        await _answers(second, 401)
    stop.set()
    await watching


async def _answers(client: httpx.AsyncClient, status: int) -> None:
    async def does() -> bool:
        return (await client.get("/queue")).status_code == status

    await wait_until_async(does, REPLICAS_SEC, f"the other replica answers {status}")


@pytest.mark.parametrize(
    "body",
    [{"name": "a b", "role": "viewer"}, {"name": "a", "role": "root"}, {"name": "a"}, {"role": "viewer"}],
)
async def test_key_that_does_not_fit_is_refused(client: httpx.AsyncClient, body: dict[str, Any]) -> None:
    """A name is shown in versions and the audit; a role is one of three."""
    assert (await client.post("/keys", json=body)).status_code == 422


async def test_secret_goes_in_and_never_comes_out(
    client: httpx.AsyncClient, link: RedisLink, platform: Services
) -> None:
    """Set, list, read, replace, delete; neither answers nor Redis hold the value."""
    answers = [await client.put("/secrets/site-a", json={"value": CANARY, "hosts": ["example.org"]})]
    answers.append(await client.put("/secrets/site-a", json={"value": CANARY + "x"}))
    answers.append(await client.get("/secrets"))
    answers.append(await client.get("/secrets/site-a"))
    answers.append(await client.put("/secrets/bad name", json={"value": CANARY}))
    answers.append(await client.put("/secrets/site-b", json={"value": f"{CANARY}\n"}))
    answers.append(await client.put("/secrets/site-b", json={"value": "abc"}))
    answers.append(await client.put("/secrets/site-b", json={"value": [CANARY]}))
    answers.append(await client.get("/audit"))
    assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 422, 422, 422, 422, 200]
    assert CANARY not in "".join(answer.text for answer in answers)
    assert CANARY not in str(await link.call("HGETALL", platform.keys.secrets))
    shown = SecretBody.model_validate_json(answers[3].text)
    assert (shown.name, shown.masked, shown.updated_by) == ("site-a", "••••••••", "local")
    reader = SecretReader(link, platform.keys, lambda: open_box(platform.settings))
    assert reader.opened((await reader.records())["site-a"]) == CANARY + "x"
    assert (await client.delete("/secrets/site-a")).status_code == 200
    for method in ("GET", "DELETE"):
        gone = await client.request(method, "/secrets/site-a")
        assert (gone.status_code, gone.json()["code"]) == (404, "secret_not_found")


async def test_spec_names_only_secrets_that_are_there_and_allowed(client: httpx.AsyncClient) -> None:
    """An unknown one and one that the policy keeps away are a 422 at their place; other texts are texts."""
    spec = {"job_id": "a", "type": "test.http"}

    async def saved(inputs: dict[str, Any]) -> list[tuple[str, str]]:
        answer = await client.post("/jobs", json={**spec, "inputs": inputs})
        return [(each["pointer"], each["code"]) for each in answer.json().get("errors", [])]

    named = {"headers": {"Authorization": "Bearer secret:site-a"}, "list": ["secret:site-b"]}
    assert await saved(named) == [
        ("/inputs/headers/Authorization", "unknown_secret"),
        ("/inputs/list/0", "unknown_secret"),
    ]
    assert await saved({"x": "secret:other"}) == [("/inputs/x", "policy_denied")]
    assert await saved({"x": "secret:site-root"}) == [("/inputs/x", "policy_denied")]
    assert await saved({"url": "https://example.org/?a=1&key=secret:site-a#top"}) == [
        ("/inputs/url", "unknown_secret")
    ]
    for name in ("site-a", "site-b"):
        await client.put(f"/secrets/{name}", json={"value": CANARY, "hosts": ["example.org"]})
    assert await saved({**named, "text": "no secret:site-c here", "other": "a secret: thing"}) == []


@pytest.mark.parametrize(
    ("url", "is_saved"),
    [
        ("https://example.org/a", True),
        ("https://example.org/?key=secret:site-a", True),
        ("http://example.org/a", False),
        ("https://www.example.org/a", False),
        ("https://www.example.org/?key=secret:site-a", False),
    ],
)
async def test_spec_sends_a_secret_to_its_hosts_only(
    client: httpx.AsyncClient, url: str, *, is_saved: bool
) -> None:
    """Saved or checked, a spec whose URL may not get the secret is refused at the place that names it."""
    await client.put("/secrets/site-a", json={"value": CANARY, "hosts": ["example.org"]})
    inputs = {"url": url, **({} if "secret:" in url else {"headers": {"X-Key": "secret:site-a"}})}
    spec = {"job_id": "a", "type": "test.url", "inputs": inputs}
    for path, body in (("/jobs/check", {"spec": spec}), ("/jobs", spec)):
        answer = await client.post(path, json=body)
        if is_saved:
            assert answer.is_success
            continue
        [problem] = answer.json()["errors"]
        assert problem["code"] == "secret_host_denied"
        assert problem["pointer"] == ("/inputs/url" if "secret:" in url else "/inputs/headers/X-Key")
        assert "multi-job secrets hosts site-a" in problem["message"] or "https only" in problem["message"]


async def test_secret_needs_hosts(client: httpx.AsyncClient) -> None:
    """A new secret needs hosts; they change without its value."""
    bare = await client.put("/secrets/site-a", json={"value": CANARY})
    assert [each["pointer"] for each in bare.json()["errors"]] == ["/hosts"]
    wide = await client.put("/secrets/site-a", json={"value": CANARY, "hosts": ["a.example", "*", "*.com"]})
    assert [each["pointer"] for each in wide.json()["errors"]] == ["/hosts/1", "/hosts/2"]
    assert (await client.put("/secrets/site-a", json={"hosts": ["a.example"]})).status_code == 422
    saved = await client.put("/secrets/site-a", json={"value": CANARY, "hosts": ["A.example"]})
    moved = await client.put("/secrets/site-a", json={"hosts": ["b.example:8443"]})
    assert (saved.json()["hosts"], moved.json()["hosts"]) == (["a.example"], ["b.example:8443"])
    assert CANARY not in bare.text + wide.text + saved.text + moved.text


async def test_policies_say_what_each_type_may(client: httpx.AsyncClient) -> None:
    """The rule that counts, its file by name alone, limits, places, denials, and tools that are shut."""
    answer = await client.get("/policies")
    TypeAdapter(list[PolicyBody]).validate_json(answer.text)
    http, load, shut, _ = sorted(answer.json(), key=lambda each: each["type"])
    assert (load["type"], load["pattern"], load["source"], load["tools"]) == (
        "test.load",
        "test.load",
        None,
        {},
    )
    assert (http["pattern"], http["source"], http["denied_tools"]) == ("test.*", "mine.yaml", [])
    assert (shut["tools"], shut["denied_tools"]) == ({}, ["kv"])
    rule = http["tools"]["http"]
    assert (rule["calls"], rule["bytes"], rule["hosts"]) == (3, None, ["example.org", "www.example.org"])
    assert (rule["secrets"], rule["denied"]["secrets"]) == (["site-*"], ["site-root"])


async def test_audit_tells_of_keys_secrets_and_accounts(
    client: httpx.AsyncClient, platform: Services
) -> None:
    """Who made which key, set which secret, saved which account; names alone, page by page."""
    account = {"secrets": {"token": "123456789:AAF-canary-of-the-access-routes-1"}, "default_to": "42"}
    await client.put("/secrets/site-a", json={"value": CANARY, "hosts": ["example.org"]})
    await client.put("/secrets/site-a", json={"hosts": ["shop.example", "*.shop.example"]})
    await client.put("/connectors/telegram/accounts/bot", json=account)
    await client.put("/connectors/telegram/accounts/bot", json={"enabled": False, "default_to": "42"})
    await client.delete("/connectors/telegram/accounts/nope")
    await client.delete("/connectors/telegram/accounts/bot")
    root = await made(client, "root", Role.ADMIN)
    client.headers["X-API-Key"] = root["key"]
    first = await client.get("/audit", params={"limit": 4})
    rest = await client.get(first.links["next"]["url"])
    TypeAdapter(list[AuditBody]).validate_json(first.text)
    entries = [*first.json(), *rest.json()]
    assert [(each["action"], each["target"], each["outcome"]) for each in reversed(entries)] == [
        ("put_secret", "secret:site-a", "ok"),
        ("put_secret", "secret:site-a", "ok"),
        ("save_account", "account:telegram:bot", "ok"),
        ("save_account", "account:telegram:bot", "ok"),
        ("delete_account", "account:telegram:nope", "refused"),
        ("delete_account", "account:telegram:bot", "ok"),
        ("create_key", f"key:{root['id']}", "ok"),
    ]
    assert entries[4]["diff"][-1] == {"path": "/secrets/token", "from": None, "to": "***"}
    assert entries[3]["diff"] == [{"path": "/enabled", "from": True, "to": False}]
    assert entries[-1]["diff"] == [
        {"path": "/hosts", "from": None, "to": ["example.org"]},
        {"path": "/value", "from": None, "to": "••••••••"},
    ]
    assert entries[-2]["diff"] == [
        {"path": "/hosts", "from": ["example.org"], "to": ["shop.example", "*.shop.example"]}
    ]
    whole = first.text + rest.text
    assert [secret for secret in (CANARY, "canary-of-the-access", root["key"]) if secret in whole] == []
    assert [each["target"] for each in (await client.get("/audit?target=secret:")).json()] == [
        "secret:site-a",
        "secret:site-a",
    ]


@pytest.mark.parametrize("is_accepted", [True, False])
async def test_an_act_is_in_the_stored_audit_before_its_answer_leaves(
    client: httpx.AsyncClient, platform: Services, is_accepted: bool
) -> None:
    """Another request finds the entry in Redis while the first has had no answer yet."""
    body = orjson.dumps({"value": CANARY, "hosts": ["example.org"] if is_accepted else ["http://no host"]})
    seen: list[tuple[str, list[str]]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body}

    async def send(message: Any) -> None:
        entries = (await client.get("/audit?target=secret:site-a")).json()
        seen.append((message["type"], [each["outcome"] for each in entries]))

    await create_app(platform)(http_scope("PUT", "/secrets/site-a"), receive, send)
    assert seen[0] == ("http.response.start", ["ok" if is_accepted else "refused"])
