"""The address book on a real server: its routes, its limits, its audit."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import httpx
import pytest

from app.core.access.audit import AuditFilter
from app.core.clock import SystemClock
from app.core.config import Settings
from app.core.messaging import contacts as contacts_module
from app.core.messaging.contacts import ContactDraft, ContactStore
from app.core.messaging.recipients import CACHED_SEC
from app.core.policies import Policies
from app.core.redis_client import RedisLink
from app.core.storage.scripts import Scripts
from app.planner.directory_reader import DirectoryReader
from app.services.api.schemas.contacts import ContactBody
from app.services.api.services import Services
from tests.support.fake_clock import FakeClock
from tests.support.planner.planner_fakes import CHECKS, NOW

SITI: dict[str, Any] = {"channel": "whatsapp", "to": "081234567890"}


@pytest.fixture
def platform(settings: Settings, link: RedisLink) -> Services:
    return Services(settings, SystemClock(), link, CHECKS.registry, Policies())


def path(name: str) -> str:
    return f"/contacts/{quote(name, safe='')}"


async def test_contact_lives_from_creation_to_removal(client: httpx.AsyncClient) -> None:
    """Put, get, edit, list, delete: each sees the write before it, whatever the case and the blanks."""
    put = await client.put(path("Bu Siti"), json=SITI)
    body = ContactBody.model_validate_json(put.text)
    assert (body.name, body.channel, body.to, body.account_id) == ("Bu Siti", "whatsapp", SITI["to"], None)
    assert (await client.get(path("  bu   SITI "))).json() == put.json()
    edited = await client.put(path("BU siti"), json={**put.json(), "to": "0811"})
    assert (edited.json()["name"], edited.json()["to"]) == ("BU siti", "0811")
    await client.put(
        path("grup Keluarga Besar"), json={**SITI, "channel": "telegram", "account_id": "bot_a01"}
    )
    assert [each["name"] for each in (await client.get("/contacts")).json()] == [
        "BU siti",
        "grup Keluarga Besar",
    ]
    assert (await client.delete(path("bu siti"))).json() == {"name": "BU siti", "status": "deleted"}
    gone = await client.get(path("Bu Siti"))
    assert (gone.status_code, gone.json()["code"]) == (404, "contact_not_found")
    assert (await client.delete(path("Bu Siti"))).status_code == 404


@pytest.mark.parametrize(
    ("name", "body", "pointer"),
    [
        ("Bu Siti", {**SITI, "channel": "fax"}, "/channel"),
        ("Bu Siti", {**SITI, "to": ""}, "/to"),
        ("Bu Siti", {**SITI, "to": " 0811"}, "/to"),
        ("Bu Siti", {**SITI, "to": "0811\u0007"}, "/to"),
        ("Bu Siti", {**SITI, "to": "9" * 256}, "/to"),
        ("Bu Siti", {**SITI, "account_id": "a b"}, "/account_id"),
        ("Bu Siti", {**SITI, "color": "red"}, "/color"),
        ("Bu Siti", {"channel": "whatsapp"}, "/to"),
        ("Bu\u0000Siti", SITI, "/name"),
        ("Bu \u202eSiti", SITI, "/name"),
        ('Bu "Siti"', SITI, "/name"),
        ("0811", SITI, "/name"),
        ("   ", SITI, "/name"),
        ("x" * 81, SITI, "/name"),
    ],
)
async def test_contact_that_does_not_fit_is_a_422(
    client: httpx.AsyncClient, name: str, body: dict[str, Any], pointer: str
) -> None:
    """The field is named, and nothing is stored."""
    answer = await client.put(path(name), json=body)
    assert answer.status_code == 422, answer.text
    assert [each["pointer"] for each in answer.json()["errors"]] == [pointer]
    assert (await client.get("/contacts")).json() == []


async def test_contact_in_the_audit_has_its_name_and_its_changes(
    client: httpx.AsyncClient, platform: Services
) -> None:
    """Saving and removing it are acts."""
    await client.put(path("Bu Siti"), json=SITI)
    await client.put(path("bu siti"), json={**SITI, "to": "0811"})
    await client.delete(path("Bu Siti"))
    page = await platform.audit.log.list(AuditFilter(target="contact:"), None, 10)
    acts = [each.act for each in page.items]
    assert [act.action for act in acts] == ["delete_contact", "put_contact", "put_contact"]
    assert acts[1].target == "contact:bu siti"
    assert {"path": "/to", "from": SITI["to"], "to": "0811"} in acts[1].diff


async def test_contacts_are_limited_in_number(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A further name is refused, an existing one can still be changed."""
    monkeypatch.setattr(contacts_module, "MAX_CONTACTS", 1)
    await client.put(path("Bu Siti"), json=SITI)
    refused = await client.put(path("Pak Budi"), json=SITI)
    assert (refused.status_code, refused.json()["code"]) == (429, "limit_exceeded")
    assert (await client.put(path("bu siti"), json={**SITI, "to": "0811"})).status_code == 200


async def test_contact_that_is_saved_returns_the_one_before(link: RedisLink, scripts: Scripts) -> None:
    """None for a new one."""
    store = ContactStore(link, scripts, SystemClock())
    first, before = await store.put(ContactDraft("Bu  Siti", "whatsapp", "0811"), "ana")
    assert (first.name, before) == ("Bu Siti", None)
    second, before = await store.put(ContactDraft("bu siti", "telegram", "42", "bot_a01"), "budi")
    assert before == first
    assert await store.list() == [second]
    assert second.place == {"channel": "telegram", "to": "42", "account_id": "bot_a01"}


async def test_sentence_knows_a_contact_at_once(client: httpx.AsyncClient) -> None:
    """From the answer to its save on, and no longer after its removal."""
    sentence = {"prompt": "kirim wa ke Bu Siti: halo", "timezone": "Asia/Jakarta"}
    assert (await client.post("/planner/plan", json=sentence)).json()["jobs"] == []
    await client.put(path("Bu Siti"), json=SITI)
    [job] = (await client.post("/planner/plan", json=sentence)).json()["jobs"]
    assert job["job_spec"]["inputs"] | SITI == job["job_spec"]["inputs"]
    await client.delete(path("bu siti"))
    plan = (await client.post("/planner/plan", json=sentence)).json()
    assert (plan["jobs"], [note["kind"] for note in plan["notes"]]) == ([], ["question"])


async def test_names_are_read_once_in_five_seconds(
    platform: Services, link: RedisLink, scripts: Scripts
) -> None:
    """In one round trip; a change by another process is known after that, one by this process at once."""
    clock = FakeClock(NOW)
    contacts = ContactStore(link, scripts, SystemClock())
    reader = DirectoryReader(contacts, platform.accounts, clock)
    await reader.read()
    before = link.round_trips
    await reader.read()
    assert link.round_trips == before
    await platform.contacts.put(ContactDraft("Bu Siti", "whatsapp", "0811"), "ana")
    assert (await reader.read()).contacts == {}
    clock.advance(CACHED_SEC + 1)
    assert list((await reader.read()).contacts) == ["bu siti"]
    await contacts.delete("Bu Siti")
    assert (await reader.read()).contacts == {}
