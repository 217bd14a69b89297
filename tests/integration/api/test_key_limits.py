"""Keys with a scope and an address list over HTTP: made, listed, rotated; accepted from their addresses."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from app.core.access.api_keys import Role
from app.core.clock import SystemClock
from app.core.config import Settings
from app.core.policies import Policies
from app.core.redis_client import RedisLink
from app.services.api.app import create_app
from app.services.api.http.origin import proof
from app.services.api.schemas.access import KeyBody, KeyCreated, MeBody
from app.services.api.services import Services
from tests.support.api.api_fakes import BASE_URL, JSON, fake_registry

OFFICE, ELSEWHERE = "10.1.2.3", "203.0.113.9"
NETWORKS = ["10.0.0.0/8", "2001:db8::/32"]
DASHBOARD = "secret-of-the-dashboard-0123456789abcdef"


class Deployment:
    """An API whose proxy is 192.0.2.1; requests come from any address."""

    def __init__(self, settings: Settings, link: RedisLink) -> None:
        changes = {"trusted_proxies": ("192.0.2.1",), "ui_session_secret": SecretStr(DASHBOARD)}
        self.settings = settings.model_copy(update=changes)
        self.services = Services(self.settings, SystemClock(), link, fake_registry(), Policies())

    async def key(self, role: Role = Role.ADMIN, **limits: Any) -> str:
        """Make a key and return its text."""
        _, token = await self.services.api_keys.create(f"a-{role}", role, "t", **limits)
        await self.services.key_cache.refresh()
        return token or ""

    async def ask(
        self,
        token: str,
        method: str = "GET",
        path: str = "/me",
        *,
        peer: str | None = OFFICE,
        body: Any = None,
        **headers: str,
    ) -> httpx.Response:
        """Return the answer to a request that arrives from an address; None for an unknown one."""
        app = create_app(self.services)

        async def arriving(scope: Any, receive: Any, send: Any) -> None:
            await app({**scope, "client": None if peer is None else (peer, 5000)}, receive, send)

        sent = {**JSON, "Authorization": f"Bearer {token}"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        transport = httpx.ASGITransport(app=arriving)
        async with httpx.AsyncClient(transport=transport, base_url=BASE_URL) as client:
            return await client.request(method, path, json=body, headers=sent)


@pytest.fixture
async def deployment(settings: Settings, link: RedisLink) -> Deployment:
    return Deployment(settings, link)


async def test_limits_are_set_shown_and_kept_by_a_rotation(deployment: Deployment) -> None:
    """POST /keys, GET /keys, /me and the audit have both, in their usual form."""
    root = await deployment.key()
    wanted = {
        "name": "shop",
        "role": "operator",
        "scope": ["tag:shop", "job:shop-"],
        "addresses": ["10.1.2.3"],
    }
    answer = await deployment.ask(root, "POST", "/keys", body=wanted)
    made = KeyCreated.model_validate_json(answer.text)
    shown = (["tag:shop", "job:shop-"], ["10.1.2.3/32"])
    assert (made.scope, made.addresses) == shown
    me = MeBody.model_validate_json((await deployment.ask(made.key or "")).text)
    assert (me.scope, me.addresses) == shown
    turned = await deployment.ask(root, "POST", f"/keys/{made.id}/rotate")
    successor = KeyCreated.model_validate_json(turned.text)
    assert (successor.scope, successor.addresses) == shown
    listed = (await deployment.ask(root, path="/keys")).json()
    keys = [KeyBody.model_validate(each) for each in listed]
    assert [(key.scope, key.addresses) for key in keys] == [([], []), shown, shown]
    audit = (await deployment.ask(root, path="/audit")).json()
    changed = {change["path"]: change["to"] for act in audit for change in act["diff"]}
    assert (changed["/scope"], changed["/addresses"]) == shown


@pytest.mark.parametrize(
    ("limits", "says"),
    [
        ({"scope": ["shop"]}, "neither `tag:NAME` nor `job:PREFIX`"),
        ({"scope": ["team:shop"]}, "neither"),
        ({"scope": ["tag:shop"], "role": "admin"}, "the role admin concerns the whole"),
        ({"scope": [f"tag:t{number}" for number in range(51)]}, "50"),
        ({"addresses": ["10.0.0.5/8"]}, "without bits behind the prefix"),
        ({"addresses": ["example.org"]}, "no address and no network"),
        ({"addresses": [f"10.0.0.{number}" for number in range(51)]}, "50"),
    ],
)
async def test_limits_that_are_wrong_are_refused(
    deployment: Deployment, limits: dict[str, Any], says: str
) -> None:
    """422, and no key is made."""
    root = await deployment.key()
    body = {"name": "shop", "role": "viewer", **limits}
    answer = await deployment.ask(root, "POST", "/keys", body=body)
    assert (answer.status_code, says in answer.text) == (422, True), answer.text
    assert len((await deployment.ask(root, path="/keys")).json()) == 1


@pytest.mark.parametrize(
    ("peer", "status"),
    [
        (OFFICE, 200),
        (f"::ffff:{OFFICE}", 200),
        ("2001:db8::7", 200),
        (ELSEWHERE, 403),
        (f"::ffff:{ELSEWHERE}", 403),
        ("127.0.0.1", 403),
        ("::1", 403),
        ("2001:db9::7", 403),
        (None, 403),
    ],
)
async def test_key_is_accepted_from_its_addresses(
    deployment: Deployment, peer: str | None, status: int
) -> None:
    """The refusal has the address that an admin would add; an unknown address is refused."""
    await deployment.key()
    token = await deployment.key(Role.OPERATOR, addresses=NETWORKS)
    answer = await deployment.ask(token, peer=peer)
    assert answer.status_code == status
    if status == 403:
        assert answer.json()["code"] == "address_denied"
        assert (peer or "an unknown address") in answer.json()["detail"]
    # A wrong key says nothing about addresses.
    assert (await deployment.ask(token[:-1] + "_", peer=peer)).status_code == 401


@pytest.mark.parametrize(
    "headers",
    [
        {"X_Forwarded_For": OFFICE},
        {"Forwarded": f"for={OFFICE}"},
        {"X_Real_IP": OFFICE},
        {"CF_Connecting_IP": OFFICE},
        {"X_Multi_Job_Origin": OFFICE},
        {"X_Multi_Job_Origin": f"{OFFICE};1;;00"},
    ],
)
async def test_header_of_a_client_is_no_address(deployment: Deployment, headers: dict[str, str]) -> None:
    """Only a trusted proxy says where a request came from, and what it saw counts."""
    await deployment.key()
    token = await deployment.key(Role.OPERATOR, addresses=NETWORKS)
    assert (await deployment.ask(token, peer=ELSEWHERE, **headers)).status_code == 403
    for name in ("X_Forwarded_For", "Forwarded"):
        seen = f"for={OFFICE}, for={ELSEWHERE}" if name == "Forwarded" else f"{OFFICE}, {ELSEWHERE}"
        assert (await deployment.ask(token, peer="192.0.2.1", **{name: seen})).status_code == 403
    passed = await deployment.ask(token, peer="192.0.2.1", X_Forwarded_For=f"{ELSEWHERE}, {OFFICE}")
    assert passed.status_code == 200


async def test_session_is_accepted_from_the_addresses_of_its_key(deployment: Deployment) -> None:
    """Of the browser, which the dashboard proves; a stolen session is of no use elsewhere."""
    await deployment.key()
    token = await deployment.key(Role.OPERATOR, addresses=NETWORKS)
    assert (await deployment.ask(token, "POST", "/sessions", peer=ELSEWHERE)).status_code == 403
    session = (await deployment.ask(token, "POST", "/sessions", **_by_dashboard("POST", OFFICE))).json()[
        "token"
    ]
    for browser, status in ((OFFICE, 200), (ELSEWHERE, 403)):
        for path in ("/me", "/jobs"):
            answer = await deployment.ask(
                session, path=path, peer="127.0.0.1", **_by_dashboard("GET", browser)
            )
            assert answer.status_code == status
        stream = await deployment.ask(session, path="/events/stream?topics=no", peer=ELSEWHERE)
        assert stream.json()["code"] == "address_denied"


def _by_dashboard(method: str, browser: str) -> dict[str, str]:
    seconds = str(SystemClock().now_ms() // 1000)
    mac = proof(DASHBOARD, method, seconds, browser, "")
    return {"X_Multi_Job_Origin": f"{browser};{seconds};;{mac}"}


async def test_refused_address_is_in_the_audit_and_no_use_of_the_key(deployment: Deployment) -> None:
    """A write from elsewhere is audited with the key's name; the key was not used by it."""
    root = await deployment.key()
    token = await deployment.key(Role.OPERATOR, addresses=NETWORKS)
    refused = await deployment.ask(token, "POST", "/jobs", peer=ELSEWHERE, body={"job_id": "a"})
    assert refused.status_code == 403
    (act,) = [
        act for act in (await deployment.ask(root, path="/audit")).json() if act["outcome"] == "refused"
    ]
    assert (act["actor"], act["origin"], act["status"]) == ("a-operator", ELSEWHERE, 403)
    await deployment.services.key_cache.mark()
    used = {key["name"]: key["last_used_at"] for key in (await deployment.ask(root, path="/keys")).json()}
    assert used["a-operator"] is None
    assert re.match(r"\d{4}-", used["a-admin"])


async def test_sign_in_link_of_a_key_with_addresses_works_from_them(deployment: Deployment) -> None:
    """A link that was passed on makes no session elsewhere."""
    await deployment.key()
    await deployment.key(Role.OPERATOR, addresses=NETWORKS)
    keys = {key.name: key.key_id for key in await deployment.services.api_keys.list()}
    for peer, status in ((ELSEWHERE, 403), (OFFICE, 201)):
        code = await deployment.services.sign_in_codes.create(keys["a-operator"], 60_000)
        answer = await deployment.ask("", "POST", "/sessions/link", peer=peer, body={"code": code})
        assert answer.status_code == status, answer.text
    assert len(await deployment.services.sessions.live()) == 1
