"""Users of sign-in links: `multi-job keys link`, the session that it opens, and roles."""

from __future__ import annotations

import asyncio
import json
import os
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from app.cli.main import app
from app.cli.output import CliError
from app.core.access.api_keys import Role
from app.core.access.audit import AuditFilter
from app.core.config import Settings
from app.services.api.services import Services
from tests.integration.api.people.conftest import Platform, client_of


class Terminal:
    """`multi-job` on the deployment of the test."""

    async def run(self, *words: str) -> Any:
        """Return what a command prints for programs; raises its error."""
        result = await asyncio.to_thread(CliRunner().invoke, app, [*words, "--json"])
        if isinstance(result.exception, Exception):
            raise result.exception
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)

    async def code(self, *words: str) -> str:
        """Return the code in the link of `keys link`."""
        made = await self.run("keys", "link", *words)
        return str(made["link"]).partition("/open#")[2]


@pytest.fixture
def terminal(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    monkeypatch.setenv("REDIS_URL", settings.redis_url)
    monkeypatch.setenv("NAMESPACE", settings.namespace)
    monkeypatch.setenv("MULTI_JOB_HOME", os.fspath(settings.multi_job_home))
    monkeypatch.chdir(tmp_path)
    return Terminal()


@pytest.fixture
async def linked(platform_of: Platform) -> Services:
    """A platform without a provider, with an admin key."""
    platform = platform_of(oidc_roles="")
    await platform.api_keys.create("root", Role.ADMIN, "test")
    return platform


async def redeem(platform: Services, code: str) -> httpx.Response:
    """Sign in with a code as the dashboard does."""
    async with client_of(platform) as client:
        return await client.post("/sessions/link", json={"code": code})


async def test_link_signs_a_person_in_once(linked: Services, terminal: Terminal) -> None:
    """The command makes the person; the link opens one session of theirs, with their role."""
    made = await terminal.run("keys", "link", "ana", "--role", "operator")
    assert (made["name"], made["role"], made["is_new"], made["expires_in_sec"]) == (
        "ana",
        "operator",
        True,
        900,
    )
    code = made["link"].partition("/open#")[2]
    session = (await redeem(linked, code)).json()
    assert (session["name"], session["role"], session["way"]) == ("ana", "operator", "link")
    async with client_of(linked, session["token"]) as client:
        assert (await client.get("/me")).json()["key_id"] == made["id"]
    assert (await redeem(linked, code)).status_code == 401
    [listed] = await terminal.run("sessions", "list")
    assert (listed["name"], listed["way"]) == ("ana", "link")
    users = [key for key in await terminal.run("keys", "list") if key["kind"] == "user"]
    assert [user["name"] for user in users] == ["ana"]


async def test_second_link_is_of_the_same_person(linked: Services, terminal: Terminal) -> None:
    """The role stays unless the command names another, which then counts in open sessions too."""
    first = await terminal.run("keys", "link", "ana", "--role", "operator")
    session = (await redeem(linked, first["link"].partition("/open#")[2])).json()
    again = await terminal.run("keys", "link", "Ana", "--expires", "24h")
    assert (again["id"], again["role"], again["is_new"]) == (first["id"], "operator", False)
    other = await terminal.run("keys", "link", "ana", "--role", "viewer")
    assert (other["id"], other["role"]) == (first["id"], "viewer")
    await linked.key_cache.refresh()
    async with client_of(linked, session["token"]) as client:
        assert (await client.get("/me")).json()["role"] == "viewer"
    page = await linked.audit.log.list(AuditFilter(target=f"key:{first['id']}"), None, 50)
    actions = [record.act.action for record in page.items]
    links = ["create_sign_in_link"]
    assert actions == [*links, "set_user_role", *links, *links, "create_user"]


async def test_link_of_a_key_or_for_longer_than_a_day_is_refused(
    linked: Services, terminal: Terminal
) -> None:
    """A link never signs in as a key, nor as the system; without an admin key there are no people."""
    for name in ("root", "ROOT", "local", "system"):
        with pytest.raises(CliError, match=r"a key, not a person|reserved"):
            await terminal.run("keys", "link", name)
    with pytest.raises(AssertionError, match="most 1d"):
        await terminal.run("keys", "link", "ana", "--expires", "25h")
    for key in await linked.api_keys.list():
        await linked.api_keys.revoke(key.key_id, even_last=True)
    with pytest.raises(CliError, match="multi-job keys create NAME --role admin"):
        await terminal.run("keys", "link", "ana", "--role", "admin")


async def test_removed_person_cannot_use_a_link_that_is_left(linked: Services, terminal: Terminal) -> None:
    """Removal ends the sessions and the links; the last admin key stays, however many people are admins."""
    made = await terminal.run("keys", "link", "ana", "--role", "admin")
    left = await terminal.code("ana")
    session = (await redeem(linked, made["link"].partition("/open#")[2])).json()
    async with client_of(linked, session["token"]) as client:
        root = next(key for key in (await client.get("/keys")).json() if key["kind"] == "key")
        refused = await client.delete(f"/keys/{root['id']}")
        assert (refused.status_code, refused.json()["code"]) == (409, "last_admin_key")
    await terminal.run("keys", "revoke", made["id"])
    await linked.key_cache.refresh()
    async with client_of(linked, session["token"]) as client:
        assert (await client.get("/me")).status_code == 401
    assert (await redeem(linked, left)).status_code == 401


async def test_admin_gives_a_person_another_role(linked: Services, terminal: Terminal) -> None:
    """At once, in open sessions too; only an admin may, and a key keeps its role."""
    made = await terminal.run("keys", "link", "ana", "--role", "operator")
    session = (await redeem(linked, made["link"].partition("/open#")[2])).json()
    key, token = await linked.api_keys.create("boss", Role.ADMIN, "test")
    await linked.key_cache.refresh()
    async with client_of(linked, session["token"]) as client:
        refused = await client.put(f"/keys/{made['id']}/role", json={"role": "admin"})
        assert refused.status_code == 403
    async with client_of(linked, token) as client:
        changed = await client.put(f"/keys/{made['id']}/role", json={"role": "viewer"})
        assert (changed.status_code, changed.json()["role"]) == (200, "viewer")
        for key_id, status in ((key.key_id, 409), ("unknown", 404)):
            answer = await client.put(f"/keys/{key_id}/role", json={"role": "viewer"})
            assert answer.status_code == status
        [act] = (await client.get("/audit", params={"target": f"key:{made['id']}", "limit": 1})).json()
        assert (act["actor"], act["action"]) == ("boss", "set_user_role")
        assert act["diff"] == [{"path": "/role", "from": "operator", "to": "viewer"}]
    async with client_of(linked, session["token"]) as client:
        assert (await client.get("/me")).json()["role"] == "viewer"
