"""Notification rules and maintenance windows over the API."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

RULE: dict[str, Any] = {
    "name": "shop",
    "tags": ["shop"],
    "to": [{"channel": "sandbox", "to": "team", "language": "id"}],
    "escalate_after_min": 15,
}
SUNDAYS = {"scope": "all", "rrule": "FREQ=WEEKLY;BYDAY=SU;BYHOUR=2;BYMINUTE=0", "duration_min": 120}


async def test_rules_are_read_as_they_were_stored(client: httpx.AsyncClient) -> None:
    """What is read can be sent back; the recipient's missing fields come from its account."""
    empty = (await client.get("/notification-rules")).json()
    assert empty == {"rules": [], "updated_at": None, "updated_by": None}
    put = await client.put("/notification-rules", json={"rules": [RULE]})
    assert put.status_code == 200, put.text
    body = put.json()
    assert body["rules"][0]["escalate_after_min"] == 15
    assert body["rules"][0]["to"] == [
        {"channel": "sandbox", "account_id": None, "to": "team", "language": "id"}
    ]
    assert (await client.get("/notification-rules")).json() == body
    assert (await client.put("/notification-rules", json=body)).status_code == 200


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"to": []}, "/rules/0/to"),
        ({"to": [{"channel": "telegram", "account_id": "gone", "to": "1"}]}, "/rules/0/to/0"),
        ({"to": [{"channel": "fax"}]}, "/rules/0/to/0/channel"),
        ({"kinds": ["rain"]}, "/rules/0/kinds/0"),
        ({"min_severity": "high"}, "/rules/0/min_severity"),
        ({"hours": {"windows": ["22-6"]}}, "/rules/0/hours/windows/0"),
        ({"hours": {"calendars": ["unknown"]}}, "/rules/0/hours/calendars"),
        ({"escalate_after_min": 0}, "/rules/0/escalate_after_min"),
    ],
)
async def test_rules_that_do_not_fit_are_a_422(
    client: httpx.AsyncClient, changes: dict[str, Any], pointer: str
) -> None:
    """The problem names the place, and nothing is stored."""
    refused = await client.put("/notification-rules", json={"rules": [{**RULE, **changes}]})
    assert refused.status_code == 422
    assert [each["pointer"] for each in refused.json()["errors"]] == [pointer]
    assert (await client.get("/notification-rules")).json()["rules"] == []


async def test_two_rules_of_one_name_are_refused(client: httpx.AsyncClient) -> None:
    """People name a rule when they talk about it."""
    refused = await client.put("/notification-rules", json={"rules": [RULE, RULE]})
    assert [each["pointer"] for each in refused.json()["errors"]] == ["/rules/1/name"]


async def test_a_window_lives_from_creation_to_removal(client: httpx.AsyncClient) -> None:
    """Sent again under one key it is one window; another body under that key is refused."""
    key = {"Idempotency-Key": "k-1"}
    created = await client.post("/maintenance", json=SUNDAYS, headers=key)
    assert created.status_code == 201, created.text
    body = created.json()
    assert (body["scope"], body["timezone"]) == ("all", "Asia/Jakarta")
    assert body["next_start"].endswith("T19:00:00.000Z")
    assert (await client.post("/maintenance", json=SUNDAYS, headers=key)).json()["id"] == body["id"]
    other = await client.post("/maintenance", json={**SUNDAYS, "duration_min": 5}, headers=key)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_mismatch")
    assert [each["id"] for each in (await client.get("/maintenance")).json()] == [body["id"]]
    gone = await client.delete(f"/maintenance/{body['id']}")
    assert gone.json() == {"id": body["id"], "status": "deleted"}
    again = await client.delete(f"/maintenance/{body['id']}")
    assert (again.status_code, again.json()["code"]) == (404, "maintenance_not_found")


async def test_a_window_of_another_time_zone_is_checked(client: httpx.AsyncClient) -> None:
    """An unknown zone is a 422."""
    refused = await client.post("/maintenance", json={**SUNDAYS, "timezone": "Asia/Surabaya"})
    assert [each["pointer"] for each in refused.json()["errors"]] == ["/timezone"]


async def test_a_default_recipient_has_a_language_and_ends_the_incident(client: httpx.AsyncClient) -> None:
    """Alarms to it are in that language."""
    recipient = {"channel": "sandbox", "account_id": "default", "to": "ops", "language": "en"}
    assert (await client.put("/settings/default-notify", json=recipient)).json()["language"] == "en"
    contact = {"channel": "sandbox", "to": "ops", "language": "id"}
    assert (await client.put("/contacts/Ops", json=contact)).json()["language"] == "id"
