"""Sign-in at a real provider: users, roles, sessions, and answers that do not belong to a sign-in."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from app.core.access.api_keys import Role
from app.core.access.audit import AuditFilter
from app.core.access.oidc.transactions import LIFE_MS
from app.core.access.sessions import HOUR_MS
from app.services.api.schemas.access import SessionCreated
from app.services.api.services import Services
from tests.integration.api.people.conftest import Platform, client_of
from tests.support.oidc import real_provider as real
from tests.support.oidc.dashboard import ADDRESS, FakeDashboard, origin
from tests.support.oidc.real_provider import RealProvider


async def sign_in(client: httpx.AsyncClient, provider: RealProvider) -> httpx.Response:
    """Sign the account of now in."""
    dashboard = FakeDashboard(client)
    started = await dashboard.start()
    return await dashboard.finish(started, provider.walk(started["authorization_url"]))


async def signed_in(client: httpx.AsyncClient, provider: RealProvider) -> dict[str, Any]:
    """Sign the account of now in; return the session."""
    answer = await sign_in(client, provider)
    assert answer.status_code == 201, answer.text
    SessionCreated.model_validate_json(answer.text)
    return answer.json()


async def test_person_signs_in_and_acts_with_the_role_of_the_groups(
    platform: Services, client: httpx.AsyncClient, provider: RealProvider
) -> None:
    """The first sign-in makes a user of the provider, and a session that works like a key."""
    provider.set_account("ana-1", preferred_username="ana", groups=["staff"])
    made = await signed_in(client, provider)
    assert (made["name"], made["role"], made["way"]) == ("ana", "operator", "oidc")
    assert (made["address"], made["device"]) == (ADDRESS, "Firefox")
    async with client_of(platform, made["token"]) as session:
        me = (await session.get("/me")).json()
        assert (me["name"], me["role"], me["keyless"]) == ("ana", "operator", False)
        assert (await session.get("/keys")).status_code == 403
        assert (await session.delete("/sessions/current")).status_code == 200
        assert (await session.get("/me")).status_code == 401


async def test_person_is_found_again_by_the_subject_alone(
    platform: Services, client: httpx.AsyncClient, provider: RealProvider
) -> None:
    """A second sign-in of the same subject is the same user, also under another name."""
    provider.set_account("ana-1", preferred_username="ana", groups=["staff"])
    first = await signed_in(client, provider)
    provider.set_account("ana-1", preferred_username="ana.new", groups=["staff"])
    assert (await signed_in(client, provider))["key_id"] == first["key_id"]
    provider.set_account("ana-2", preferred_username="ana", groups=["staff"])
    other = await signed_in(client, provider)
    assert other["key_id"] != first["key_id"]
    assert other["name"] == f"ana-{other['key_id'][:6]}"
    assert len(await platform.api_keys.list()) == 3


@pytest.mark.parametrize("name", ["root", "ROOT", "local", "system"])
async def test_person_never_gets_the_name_of_a_key_or_of_the_system(
    platform: Services, client: httpx.AsyncClient, provider: RealProvider, name: str
) -> None:
    """The provider's `root` is another `root` than the admin key, and gets no right of it."""
    provider.set_account("evil-1", preferred_username=name, groups=["staff"])
    made = await signed_in(client, provider)
    assert made["name"] == f"{name}-{made['key_id'][:6]}"
    assert made["role"] == "operator"
    async with client_of(platform, made["token"]) as session:
        assert (await session.get("/secrets")).status_code == 403


async def test_role_follows_the_groups_at_each_sign_in(
    platform: Services, client: httpx.AsyncClient, provider: RealProvider
) -> None:
    """A new group raises, a removed one lowers, for open sessions too; without any the person is refused."""
    provider.set_account("ana-1", preferred_username="ana", groups=["staff"])
    first = await signed_in(client, provider)
    provider.set_account("ana-1", preferred_username="ana", groups=["admins", "staff"])
    assert (await signed_in(client, provider))["role"] == "admin"
    provider.set_account("ana-1", preferred_username="ana", groups=["staff"])
    assert (await signed_in(client, provider))["role"] == "operator"
    async with client_of(platform, first["token"]) as session:
        assert (await session.get("/me")).json()["role"] == "operator"
    provider.set_account("ana-1", preferred_username="ana", groups=["guests", "parents"])
    refused = await sign_in(client, provider)
    assert (refused.status_code, refused.json()["code"]) == (403, "sign_in_refused")
    assert "guests, parents" in refused.json()["detail"]
    provider.set_account("ana-1", preferred_username="ana")
    assert "no groups" in (await sign_in(client, provider)).json()["detail"]


async def test_sign_in_its_user_and_the_changed_role_are_acts_of_their_own(
    platform: Services, client: httpx.AsyncClient, provider: RealProvider
) -> None:
    """The audit has who signed in, from where and by which provider, and every refusal."""
    provider.set_account("ana-1", preferred_username="ana", groups=["staff"])
    made = await signed_in(client, provider)
    provider.set_account("ana-1", preferred_username="ana", groups=["admins"])
    await signed_in(client, provider)
    provider.set_account("ana-1", preferred_username="ana", groups=[])
    await sign_in(client, provider)
    page = await platform.audit.log.list(AuditFilter(), None, 50)
    acts = [(act.action, act.actor, act.outcome, act.origin) for act in (record.act for record in page.items)]
    assert acts == [
        ("sign_in_by_oidc", "unknown", "refused", ADDRESS),
        ("sign_in_by_oidc", "ana", "ok", ADDRESS),
        ("set_user_role", "ana", "ok", ADDRESS),
        ("sign_in_by_oidc", "ana", "ok", ADDRESS),
        ("create_user", "ana", "ok", ADDRESS),
    ]
    oldest = page.items[-1].act
    assert oldest.target == f"key:{made['key_id']}"
    assert {"path": "/provider", "from": None, "to": provider.issuer} in oldest.diff


async def test_users_need_an_admin_key_beside_them(platform_of: Platform, provider: RealProvider) -> None:
    """Without an admin key no person signs in, and the attempt closes nothing."""
    platform = platform_of(
        oidc_issuer=provider.issuer, oidc_client_id=real.CLIENT, oidc_client_secret=SecretStr(real.SECRET)
    )
    provider.set_account("ana-1", preferred_username="ana", groups=["admins"])
    async with client_of(platform) as client:
        refused = await sign_in(client, provider)
        assert (refused.status_code, refused.json()["code"]) == (409, "admin_key_needed")
        assert not (await platform.key_cache.current()).keys_required
        key, _token = await platform.api_keys.create("root", Role.ADMIN, "test")
        assert (await signed_in(client, provider))["role"] == "admin"
        # An admin of the provider is no admin key.
        async with client_of(platform, (await signed_in(client, provider))["token"]) as session:
            refused = await session.delete(f"/keys/{key.key_id}")
            assert (refused.status_code, refused.json()["code"]) == (409, "last_admin_key")


async def test_removed_user_is_signed_out(
    platform: Services, client: httpx.AsyncClient, provider: RealProvider
) -> None:
    """Removing a user ends the sessions; a user has no key to rotate and no role to set."""
    provider.set_account("ana-1", preferred_username="ana", groups=["staff"])
    made = await signed_in(client, provider)
    _key, token = await platform.api_keys.create("boss", Role.ADMIN, "test")
    async with client_of(platform, token) as admin:
        await platform.key_cache.refresh()
        user = next(key for key in (await admin.get("/keys")).json() if key["kind"] == "user")
        assert (user["name"], user["provider"]) == ("ana", provider.issuer)
        assert (await admin.post(f"/keys/{user['id']}/rotate")).status_code == 409
        refused = await admin.put(f"/keys/{user['id']}/role", json={"role": "admin"})
        assert refused.status_code == 409
        assert "groups" in refused.json()["detail"]
        assert (await admin.delete(f"/keys/{user['id']}")).status_code == 200
    async with client_of(platform, made["token"]) as session:
        assert (await session.get("/me")).status_code == 401


async def test_session_of_the_provider_ends_after_its_own_time(
    platform: Services, client: httpx.AsyncClient, provider: RealProvider
) -> None:
    """OIDC_SESSION_HOURS bounds it, however often it is used."""
    provider.set_account("ana-1", preferred_username="ana", groups=["staff"])
    made = await signed_in(client, provider)
    limits = platform.sessions.limits
    [session] = await platform.sessions.live()
    assert session.latest_end(limits) - session.created_at == 24 * HOUR_MS
    session.last_seen = session.created_at + 23 * HOUR_MS
    assert not session.is_over(session.created_at + 24 * HOUR_MS - 1, limits)
    assert session.is_over(session.created_at + 24 * HOUR_MS, limits)
    assert made["way"] == session.way


async def test_code_is_taken_once(
    platform: Services, client: httpx.AsyncClient, provider: RealProvider
) -> None:
    """The same answer again is refused here, before the provider is asked."""
    dashboard = FakeDashboard(client)
    started = await dashboard.start()
    back = provider.walk(started["authorization_url"])
    assert (await dashboard.finish(started, back)).status_code == 201
    again = await dashboard.finish(started, back)
    assert again.status_code == 403
    assert "used already" in again.json()["detail"]
    # The code in another sign-in of the attacker's own: its PKCE verifier does not fit.
    other = await dashboard.start()
    fresh = provider.walk(started["authorization_url"])
    state = provider.walk(other["authorization_url"])["state"]
    injected = await dashboard.finish(other, {**fresh, "state": state})
    assert (injected.status_code, injected.json()["code"]) == (403, "sign_in_refused")
    assert len(await platform.sessions.live()) == 1


async def test_answer_for_another_browser_is_refused(
    client: httpx.AsyncClient, provider: RealProvider
) -> None:
    """A code that an attacker sends to a victim's browser does not fit what that browser keeps."""
    dashboard = FakeDashboard(client)
    attackers, victims = await dashboard.start(), await dashboard.start()
    back = provider.walk(attackers["authorization_url"])
    for kept in (victims["transaction"], "nothing", attackers["transaction"][:-4] + "AAAA"):
        refused = await dashboard.finish({"transaction": kept}, back)
        assert refused.status_code == 403
        assert "not begun in this browser" in refused.json()["detail"]
    wrong_state = await dashboard.finish(attackers, {**back, "state": "another"})
    assert wrong_state.status_code == 403


async def test_sign_in_expires(
    client: httpx.AsyncClient, provider: RealProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After ten minutes the browser begins again."""
    monkeypatch.setattr("app.core.access.oidc.transactions.LIFE_MS", -1)
    dashboard = FakeDashboard(client)
    started = await dashboard.start()
    monkeypatch.setattr("app.core.access.oidc.transactions.LIFE_MS", LIFE_MS)
    refused = await dashboard.finish(started, provider.walk(started["authorization_url"]))
    assert refused.status_code == 403
    assert "10 minutes" in refused.json()["detail"]


async def test_answer_of_another_issuer_is_refused(client: httpx.AsyncClient, provider: RealProvider) -> None:
    """The provider says who it is in its answer; a missing or other name is a mix-up."""
    dashboard = FakeDashboard(client)
    for issuer in ("https://evil.example", ""):
        started = await dashboard.start()
        back = provider.walk(started["authorization_url"])
        refused = await dashboard.finish(started, {**back, "iss": issuer})
        assert refused.status_code == 403
        assert "another provider" in refused.json()["detail"]


async def test_only_the_dashboard_begins_and_ends_a_sign_in(client: httpx.AsyncClient) -> None:
    """Without its proof, or with one of another secret, the provider is not even asked."""
    for headers in ({}, origin(secret="another-secret-of-another-dashboard")):
        refused = await client.post("/sessions/oidc/start", json={"host": "127.0.0.1:3000"}, headers=headers)
        assert (refused.status_code, refused.json()["code"]) == (403, "sign_in_refused")
        body = {"code": "a", "state": "b", "transaction": "c"}
        assert (await client.post("/sessions/oidc", json=body, headers=headers)).status_code == 403
    foreign = await client.post(
        "/sessions/oidc/start",
        json={"host": "127.0.0.1:3000"},
        headers={**origin(), "Origin": "https://evil.example"},
    )
    assert (foreign.status_code, foreign.json()["code"]) == (403, "foreign_origin")


async def test_client_proves_itself_as_the_provider_wants(
    platform_of: Platform, provider: RealProvider
) -> None:
    """A client of form posts and a public one sign in too; a wrong secret says what is wrong."""
    provider.set_account("ana-1", preferred_username="ana", groups=["staff"])
    for client_id, secret, status in (
        ("by-post", "another-secret-of-a-client-0001", 201),
        ("public", "", 201),
        ("dashboard", "wrong", 503),
    ):
        platform = platform_of(
            oidc_issuer=provider.issuer, oidc_client_id=client_id, oidc_client_secret=SecretStr(secret)
        )
        if not await platform.api_keys.list():
            await platform.api_keys.create("root", Role.ADMIN, "test")
        async with client_of(platform) as client:
            answer = await sign_in(client, provider)
            assert answer.status_code == status, answer.text
    assert "invalid_client" in answer.json()["detail"]


async def test_new_keys_of_the_provider_are_found(client: httpx.AsyncClient, provider: RealProvider) -> None:
    """A provider that signs with another key is read again, without a restart."""
    provider.set_account("ana-1", preferred_username="ana", groups=["staff"])
    await signed_in(client, provider)
    provider.change_keys()
    await signed_in(client, provider)


async def test_ways_to_sign_in_are_open_and_hold_no_secret(
    client: httpx.AsyncClient, platform_of: Platform, provider: RealProvider
) -> None:
    """Anyone may know the provider's name; without one there is none."""
    answer = await client.get("/sign-in")
    assert answer.json() == {"oidc": {"label": provider.issuer.removeprefix("http://")}}
    async with client_of(platform_of(oidc_roles="")) as bare:
        assert (await bare.get("/sign-in")).json() == {"oidc": None}
        refused = await bare.post("/sessions/oidc/start", json={"host": "127.0.0.1:3000"}, headers=origin())
        assert "OIDC_ISSUER" in refused.json()["detail"]


async def test_address_of_return_is_public_url_or_this_machine(
    platform_of: Platform, provider: RealProvider
) -> None:
    """A Host that a client chose never becomes the address that a code is sent to."""
    known = {"oidc_issuer": provider.issuer, "oidc_client_id": real.CLIENT}
    async with client_of(platform_of(**known)) as client:
        for host in ("evil.example", "evil.example/a", "127.0.0.1:3000/x", "a@127.0.0.1:3000", ""):
            answer = await client.post("/sessions/oidc/start", json={"host": host}, headers=origin())
            assert answer.status_code in {403, 422}, host
    public = platform_of(**known, public_url="https://jobs.example.org")
    async with client_of(public) as client:
        started = await FakeDashboard(client, "evil.example").start()
        assert started["redirect_uri"] == "https://jobs.example.org/session/oidc/callback"
