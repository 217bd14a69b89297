"""Tokens and documents that a provider must not send: each is refused with its reason, and makes no user."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from http import HTTPStatus
from typing import Any

import httpx
import pytest
from joserfc.jwk import RSAKey
from pydantic import SecretStr

from app.core.access.api_keys import Role
from app.core.access.oidc import http as provider_http
from app.services.api.services import Services
from tests.integration.api.people.conftest import Platform, client_of
from tests.support.oidc.dashboard import HOST, FakeDashboard, origin
from tests.support.oidc.fake_provider import CLIENT, SECRET, Answer, FakeProvider

_MIB = 1_048_576


@pytest.fixture
async def trusting(platform_of: Platform, liar: FakeProvider) -> Services:
    """A platform of the fake provider, with an admin key."""
    platform = platform_of(
        oidc_issuer=liar.issuer, oidc_client_id=CLIENT, oidc_client_secret=SecretStr(SECRET)
    )
    await platform.api_keys.create("root", Role.ADMIN, "test")
    return platform


@pytest.fixture
async def caller(trusting: Services) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(trusting) as found:
        yield found


async def sign_in(caller: httpx.AsyncClient, liar: FakeProvider) -> httpx.Response:
    """Sign in with whatever the provider says."""
    dashboard = FakeDashboard(caller)
    started = await dashboard.start()
    url = started["authorization_url"]
    liar.read_nonce(url)
    state = httpx.URL(url).params["state"]
    return await dashboard.finish(started, {"state": state})


async def test_valid_token_of_the_fake_signs_in(caller: httpx.AsyncClient, liar: FakeProvider) -> None:
    """The control for all refusals here: unchanged, the fake's token is accepted."""
    answer = await sign_in(caller, liar)
    assert answer.status_code == HTTPStatus.CREATED, answer.text
    assert "/userinfo" not in liar.asked


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        ({"aud": "another-client"}, "aud"),
        ({"aud": ["another-client"]}, "aud"),
        ({"aud": [CLIENT, "another-client"]}, "azp"),
        ({"azp": "another-client"}, "azp"),
        ({"aud": None}, "aud"),
        ({"iss": "https://evil.example"}, "iss"),
        ({"iss": None}, "iss"),
        ({"nonce": "of-another-sign-in"}, "nonce"),
        ({"nonce": None}, "nonce"),
        ({"exp": int(time.time()) - 3_600}, "expired"),
        ({"exp": None}, "exp"),
        ({"exp": "tomorrow"}, "exp"),
        ({"iat": int(time.time()) + 3_600}, "in the future"),
        ({"iat": None}, "iat"),
        ({"nbf": int(time.time()) + 3_600}, "not yet valid"),
        ({"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"}, "at_hash"),
        ({"sub": None}, "sub"),
        ({"sub": ""}, "sub"),
        ({"sub": 7}, "sub"),
        ({"sub": "x" * 300}, "sub"),
    ],
)
async def test_token_of_another_sign_in_is_refused(
    trusting: Services, caller: httpx.AsyncClient, liar: FakeProvider, claims: dict[str, Any], reason: str
) -> None:
    """Audience, issuer, nonce, times and subject must be those of this sign-in."""
    liar.claims = claims
    await _assert_refused(trusting, caller, liar, reason)


async def _assert_refused(
    platform: Services, caller: httpx.AsyncClient, liar: FakeProvider, reason: str
) -> None:
    answer = await sign_in(caller, liar)
    assert (answer.status_code, answer.json()["code"]) == (HTTPStatus.FORBIDDEN, "sign_in_refused")
    assert reason in answer.json()["detail"]
    assert [key.name for key in await platform.api_keys.list()] == ["root"]
    assert await platform.sessions.live() == []


async def test_token_with_a_weak_signature_is_refused(
    trusting: Services, caller: httpx.AsyncClient, liar: FakeProvider
) -> None:
    """No signature, the client secret as a key, the public key as a secret, and an unknown key."""
    public = liar.key.as_pem(private=False)
    for header, key, reason in (
        ({"alg": "none"}, None, "none"),
        ({"alg": "HS256"}, SECRET.encode(), "HS256"),
        ({"alg": "HS256", "kid": "one"}, public, "HS256"),
        ({"alg": "RS256", "kid": "one"}, RSAKey.generate_key(2048), "not signed by a key"),
        ({"alg": "RS256", "kid": "two"}, RSAKey.generate_key(2048), "not signed by a key"),
    ):
        liar.header, liar.signed_by = header, key
        await _assert_refused(trusting, caller, liar, reason)


async def test_algorithms_that_the_provider_does_not_name_are_refused(
    trusting: Services, caller: httpx.AsyncClient, liar: FakeProvider
) -> None:
    """A provider of RS512 sends no RS256; one of HS256 alone can sign no person in."""
    for named, reason in ((["RS512"], "RS256"), (["HS256", "none"], "none of"), ([], "none of")):
        liar.discovery = {"id_token_signing_alg_values_supported": named}
        trusting.people.oidc.provider._metadata = None  # type: ignore[union-attr]  # pyright: ignore[reportOptionalMemberAccess]
        await _assert_refused(trusting, caller, liar, reason)


@pytest.mark.parametrize(
    ("discovery", "reason"),
    [
        ({"issuer": "https://evil.example"}, "calls itself 'https://evil.example'"),
        ({"issuer": None}, "OIDC_ISSUER"),
        ({"token_endpoint": "http://evil.example/token"}, "token_endpoint"),
        ({"jwks_uri": "file:///etc/passwd"}, "jwks_uri"),
        ({"authorization_endpoint": "javascript:alert(1)"}, "authorization_endpoint"),
        ({"authorization_endpoint": None}, "authorization_endpoint"),
        ({"userinfo_endpoint": "http://user:pass@127.0.0.1/"}, "userinfo_endpoint"),
    ],
)
async def test_discovery_document_of_another_is_refused(
    caller: httpx.AsyncClient, liar: FakeProvider, discovery: dict[str, Any], reason: str
) -> None:
    """The document names the issuer of the settings, and only https addresses."""
    liar.discovery = discovery
    answer = await _begin(caller)
    assert (answer.status_code, answer.json()["code"]) == (503, "provider_unavailable")
    assert reason in answer.json()["detail"]


async def _begin(caller: httpx.AsyncClient) -> httpx.Response:
    return await caller.post("/sessions/oidc/start", json={"host": HOST}, headers=origin())


async def test_provider_that_does_not_answer_is_an_error_with_the_next_step(
    caller: httpx.AsyncClient, liar: FakeProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Silence, a redirect, a huge or compressed answer, no JSON: 503 that names the key as the way in."""
    monkeypatch.setattr(provider_http, "REQUEST_SEC", 1.0)
    path = "/.well-known/openid-configuration"

    def silent() -> Answer:
        liar.ended.wait(30)
        return 200, {}, b"{}"

    answers: dict[str, Answer] = {
        "status 302": (302, {"Location": f"{liar.issuer}/elsewhere"}, b""),
        "larger than": (200, {"Content-Type": "application/json"}, b"[" + b" " * _MIB),
        "compressed": (200, {"Content-Encoding": "gzip"}, b"\x1f\x8b"),
        "status 500": (500, {}, b"{}"),
        "without a JSON object": (200, {}, b"[1]"),
        "status 200": (200, {}, b"<html>"),
    }
    for reason, given in answers.items():
        liar.answers = {path: lambda given=given: given}
        answer = await _begin(caller)
        assert answer.status_code == 503, reason
        assert reason in answer.json()["detail"]
        assert "sign in with a key" in answer.json()["detail"]
    assert "/elsewhere" not in liar.asked
    liar.answers = {path: silent}
    assert "no answer within" in (await _begin(caller)).json()["detail"]
    liar.answers = {}
    assert (await _begin(caller)).status_code == 200


async def test_provider_that_fails_at_the_end_makes_nobody(
    trusting: Services, caller: httpx.AsyncClient, liar: FakeProvider
) -> None:
    """An error for the code, no token in the answer, keys that cannot be read."""
    refused = b'{"error": "server_error", "error_description": "secret words of the provider"}'
    ends: tuple[tuple[str, Answer], ...] = (
        ("/token", (400, {}, refused)),
        ("/token", (200, {}, b'{"access_token": "at"}')),
        ("/token", (200, {}, b'{"access_token": "at", "id_token": 7}')),
        ("/token", (500, {}, b"<html>")),
        ("/jwks", (500, {}, b"")),
    )
    for path, given in ends:
        liar.answers = {path: lambda given=given: given}
        answer = await sign_in(caller, liar)
        assert (answer.status_code, answer.json()["code"]) == (503, "provider_unavailable")
        assert "secret words" not in answer.text
    liar.answers = {"/jwks": lambda: (200, {}, b'{"keys": [{"kty": "oct", "k": "AAAA"}]}')}
    await _assert_refused(trusting, caller, liar, "keys cannot be read")


async def test_userinfo_fills_in_what_the_token_lacks(caller: httpx.AsyncClient, liar: FakeProvider) -> None:
    """Name and groups may come from there, but only about the same person, and the token goes before it."""
    liar.claims = {"groups": None}
    liar.userinfo = {"groups": ["admins"], "preferred_username": "eve", "iss": "x"}
    made = (await sign_in(caller, liar)).json()
    assert (made["name"], made["role"]) == ("ana", "admin")
    liar.userinfo = {"sub": "sub-2", "groups": ["admins"]}
    refused = await sign_in(caller, liar)
    assert (refused.status_code, "another person" in refused.json()["detail"]) == (403, True)
    liar.answers = {"/userinfo": lambda: (401, {}, b"{}")}
    assert (await sign_in(caller, liar)).status_code == 503


async def test_client_secret_file_is_read_at_each_sign_in(
    platform_of: Platform, liar: FakeProvider, tmp_path: Any
) -> None:
    """A secret that is changed on the disk needs no restart; a missing file is said in the log alone."""
    path = tmp_path / "oidc.secret"
    platform = platform_of(oidc_issuer=liar.issuer, oidc_client_id=CLIENT, oidc_client_secret_file=path)
    await platform.api_keys.create("root", Role.ADMIN, "test")
    async with client_of(platform) as caller:
        answer = await sign_in(caller, liar)
        assert answer.status_code == 503
        assert str(path) not in answer.text
        path.write_text(f"{SECRET}\n")
        assert (await sign_in(caller, liar)).status_code == 201


async def test_sign_ins_are_limited_for_each_address(caller: httpx.AsyncClient, liar: FakeProvider) -> None:
    """A flood of sign-ins from one address is slowed down, and others are served."""
    answer = await _begin(caller)
    for _more in range(1_000):
        if answer.status_code == HTTPStatus.TOO_MANY_REQUESTS:
            break
        answer = await _begin(caller)
    assert int(answer.headers["retry-after"]) > 0
    other = await caller.post(
        "/sessions/oidc/start", json={"host": HOST}, headers=origin(address="203.0.113.77")
    )
    assert other.status_code == 200
    assert liar.asked.count("/.well-known/openid-configuration") == 1
