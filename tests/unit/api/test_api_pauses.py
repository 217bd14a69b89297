"""Pause and resume over HTTP, on stand-ins: bodies, names that cannot be, roles, answers."""

from __future__ import annotations

from typing import Any

import pytest

from app.core.access.api_keys import Role
from app.core.queue.pauses import EVERYTHING, PauseRecord, Scope, ScopeKind
from app.services.api.schemas.queues import PauseAnswer, QueueBody
from tests.support.api.api_fakes import FakePlatform, fake_key, fake_platform

REFUSED: list[tuple[dict[str, Any], tuple[int, str, list[str]]]] = [
    ({}, (422, "invalid_request", ["/scope"])),
    ({"scope": "lane", "name": "high"}, (422, "invalid_request", ["/scope"])),
    ({"scope": "all", "name": "a"}, (422, "invalid_request", ["/name"])),
    ({"scope": "job"}, (422, "invalid_request", ["/name"])),
    ({"scope": "job", "name": ""}, (422, "invalid_request", ["/name"])),
    ({"scope": "job", "name": "a", "until": 1}, (422, "invalid_request", ["/until"])),
    ({"scope": "job", "name": "a:b"}, (404, "job_not_found", [])),
    ({"scope": "queue"}, (422, "invalid_request", ["/name"])),
    ({"scope": "queue", "name": "a:b"}, (404, "not_found", [])),
    ({"scope": "type", "name": "Not A Type"}, (404, "not_found", [])),
    ({"scope": "type", "name": "all:x"}, (404, "not_found", [])),
]
"""Bodies, and the status, the code and the fields that their refusal tells."""


@pytest.fixture
def platform() -> FakePlatform:
    return fake_platform()


async def test_pause_answers_what_is_paused(platform: FakePlatform) -> None:
    """The scope, since when, by whom, why; the same again for a second pause."""
    body = {"scope": "type", "name": "test.load", "reason": "slow remote"}
    async with platform.client() as client:
        first = await client.post("/pause", json=body)
        again = await client.post("/pause", json={**body, "reason": "other"})
    assert (first.status_code, again.json()) == (200, first.json())
    PauseAnswer.model_validate_json(first.text)
    assert first.json() == {
        "scope": "type",
        "name": "test.load",
        "status": "paused",
        "since": "2026-01-31T00:00:00.000Z",
        "until": None,
        "actor": "local",
        "reason": "slow remote",
        "held": 0,
    }


async def test_a_pause_may_have_an_end(platform: FakePlatform) -> None:
    """In the answer and in the audit; a second pause may change it, an instant that is past is refused."""
    body = {"scope": "type", "name": "test.load"}
    async with platform.client() as client:
        first = await client.post("/pause", json={**body, "until": "2026-02-01T07:00:00+07:00"})
        later = await client.post("/pause", json={**body, "until": "2026-02-02T07:00:00+07:00"})
        past = await client.post("/pause", json={**body, "until": "2026-01-30T00:00:00Z"})
    assert first.json()["until"] == "2026-02-01T00:00:00.000Z"
    assert (later.json()["since"], later.json()["until"]) == (
        first.json()["since"],
        "2026-02-02T00:00:00.000Z",
    )
    assert (past.status_code, past.json()["errors"][0]["pointer"]) == (422, "/until")
    made = [act.diff[0]["to"] for act in platform.audit.acts if act.diff]
    assert [act["until"] for act in made] == ["2026-02-01T00:00:00.000Z", "2026-02-02T00:00:00.000Z"]


async def test_resume_answers_what_was_paused(platform: FakePlatform) -> None:
    """The pause that ended and the runs it returned; without a pause, still resumed."""
    async with platform.client() as client:
        await client.post("/pause", json={"scope": "all"})
        ended = await client.post("/resume", json={"scope": "all"})
        nothing = await client.post("/resume", json={"scope": "all"})
    for answer in (ended, nothing):
        PauseAnswer.model_validate_json(answer.text)
    assert (ended.json()["status"], ended.json()["held"], ended.json()["actor"]) == ("resumed", 3, "local")
    assert nothing.status_code == 200
    assert nothing.json() == {
        "scope": "all",
        "name": None,
        "status": "resumed",
        "since": None,
        "until": None,
        "actor": None,
        "reason": None,
        "held": 0,
    }


@pytest.mark.parametrize("path", ["/pause", "/resume"])
@pytest.mark.parametrize(("body", "refusal"), REFUSED)
async def test_a_scope_that_cannot_be_is_refused(
    platform: FakePlatform, path: str, body: dict[str, Any], refusal: tuple[int, str, list[str]]
) -> None:
    """Each with the field that is wrong, and nothing is paused."""
    async with platform.client() as client:
        answer = await client.post(path, json=body)
    pointers = [each["pointer"] for each in answer.json().get("errors", [])]
    assert (answer.status_code, answer.json()["code"], pointers) == refusal
    assert platform.pauses.stored == {}


async def test_a_reason_has_its_limit(platform: FakePlatform) -> None:
    """500 characters, and a resume takes none."""
    async with platform.client() as client:
        long = await client.post("/pause", json={"scope": "all", "reason": "x" * 501})
        odd = await client.post("/resume", json={"scope": "all", "reason": "x"})
    assert [answer.status_code for answer in (long, odd)] == [422, 422]


async def test_pause_vouches_for_types_with_a_handler(platform: FakePlatform) -> None:
    """A type without jobs can be paused if this process knows it."""
    async with platform.client() as client:
        await client.post("/pause", json={"scope": "type", "name": "test.load"})
        await client.post("/pause", json={"scope": "type", "name": "else.where"})
        await client.post("/pause", json={"scope": "job", "name": "test.load"})
    assert platform.pauses.vouched == [Scope(ScopeKind.TYPE, "test.load")]


async def test_pausing_needs_an_operator() -> None:
    """A viewer sees what is paused and changes nothing."""
    viewer, key = fake_key(Role.VIEWER)
    platform = fake_platform(keys=(viewer,))
    async with platform.client(Authorization=f"Bearer {key}") as client:
        for path in ("/pause", "/resume"):
            refused = await client.post(path, json={"scope": "all"})
            assert (refused.status_code, refused.json()["code"]) == (403, "role_too_low")
        assert (await client.get("/queue")).json()["paused"] == []


async def test_pauses_stand_in_the_audit(platform: FakePlatform) -> None:
    """The scope that an act was about, and what it changed; a second pause changed nothing."""
    async with platform.client() as client:
        await client.post("/pause", json={"scope": "type", "name": "test.load", "reason": "why"})
        await client.post("/pause", json={"scope": "type", "name": "test.load"})
        await client.post("/resume", json={"scope": "type", "name": "test.load"})
    held = {"actor": "local", "reason": "why"}
    assert {act.target for act in platform.audit.acts} == {"type:test.load"}
    assert [list(act.diff) for act in platform.audit.acts] == [
        [{"path": "/paused", "from": None, "to": held}],
        [],
        [{"path": "/paused", "from": held, "to": None}],
    ]


async def test_queue_lists_what_is_paused(platform: FakePlatform) -> None:
    """Scope, name, since, actor, reason, and how many runs are held."""
    stats = await platform.queue.stats()
    stats.paused.extend(
        [
            PauseRecord(EVERYTHING, 0, "ana", "", 7),
            PauseRecord(Scope(ScopeKind.JOB, "a"), 1000, "budi", "why", 0),
        ]
    )
    shown = QueueBody.of(stats).model_dump(mode="json")["paused"]
    assert [(each["scope"], each["name"], each["held"]) for each in shown] == [
        ("all", None, 7),
        ("job", "a", 0),
    ]
    assert (shown[1]["since"], shown[1]["actor"], shown[1]["reason"]) == (
        "1970-01-01T00:00:01.000Z",
        "budi",
        "why",
    )
