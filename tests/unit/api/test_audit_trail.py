"""The guard's audit entries."""

from __future__ import annotations

from typing import Any

import pytest

from app.core.access.api_keys import Role
from app.core.access.audit import AuditOutcome
from app.services.api.http import audit as audit_trail
from app.services.api.http.audit import REFUSALS_AT_ONCE
from app.services.api.http.middleware import is_audited
from tests.support.api.api_fakes import FakePlatform, fake_key, fake_platform
from tests.support.api.asgi_calls import http_scope

SPEC: dict[str, Any] = {"job_id": "a", "type": "test.load", "timeout_ms": 9}
KEYS = {role: fake_key(role) for role in Role}
RECORDS = tuple(record for record, _ in KEYS.values())


@pytest.fixture
def platform() -> FakePlatform:
    return fake_platform()


async def test_write_is_audited_with_what_it_changes(platform: FakePlatform) -> None:
    """Author, action, target, origin and trace; the difference field by field."""
    async with platform.client() as client:
        await client.post("/jobs", json=SPEC)
        saved = await client.put("/jobs/a", json={**SPEC, "timeout_ms": 10, "description": "x"})
    created, replaced = platform.audit.acts
    assert (created.actor, created.role, created.action, created.target) == (
        *("local", "admin", "create_job", "job:a"),
    )
    assert {"path": "/timeout_ms", "from": None, "to": 9} in created.diff
    assert (replaced.action, replaced.outcome, replaced.status) == ("replace_job", AuditOutcome.OK, 200)
    assert (replaced.trace_id, replaced.origin) == (saved.headers["x-trace-id"], "127.0.0.1")
    assert list(replaced.diff) == [
        {"path": "/timeout_ms", "from": 9, "to": 10},
        {"path": "/description", "from": None, "to": "x"},
    ]


async def test_entry_holds_the_id_of_its_key() -> None:
    """Two keys may have one name; an id names one of them for good. A stranger has none."""
    platform = fake_platform(RECORDS)
    async with platform.client() as client:
        await client.delete("/jobs/a")
        for role in (Role.OPERATOR, Role.ADMIN):
            await client.delete("/jobs/a", headers={"X-API-Key": KEYS[role][1]})
    assert [(act.actor, act.key_id) for act in platform.audit.acts] == [
        ("unknown", ""),
        ("a-operator", KEYS[Role.OPERATOR][0].key_id),
        ("a-admin", KEYS[Role.ADMIN][0].key_id),
    ]


async def test_entry_says_whether_admins_alone_may_do_it() -> None:
    """By the table of roles: a new route of admins is protected without a further list."""
    platform = fake_platform(RECORDS)
    admin = {"X-API-Key": KEYS[Role.ADMIN][1]}
    async with platform.client() as client:
        await client.delete("/jobs/a", headers=admin)
        await client.delete("/keys/none", headers=admin)
        await client.put("/settings/default-notify", headers=admin)
    assert [act.is_admins_only for act in platform.audit.acts] == [False, True, True]


async def test_switching_and_deleting_are_audited(platform: FakePlatform) -> None:
    """The target is the job, without the action of the path; the audit has the deleted spec."""
    async with platform.client() as client:
        await client.post("/jobs", json=SPEC)
        await client.put("/jobs/a/disable")
        await client.put("/jobs/a/disable")
        await client.delete("/jobs/a")
    _, disabled, again, deleted = platform.audit.acts
    assert (disabled.action, disabled.target) == ("disable_job", "job:a")
    assert list(disabled.diff) == [{"path": "/enabled", "from": True, "to": False}]
    assert list(again.diff) == []
    assert (deleted.action, deleted.target, deleted.diff[0]["from"]["timeout_ms"]) == (
        "delete_job",
        "job:a",
        9,
    )


@pytest.mark.parametrize(
    ("method", "path", "audited"),
    [
        ("GET", "/jobs", False),
        ("HEAD", "/keys", False),
        ("GET", "/exports", False),
        ("GET", "/exports/backup@1", True),
        ("GET", "/reports/daily@1", False),
        ("POST", "/sessions", True),
        ("DELETE", "/sessions/current", True),
        ("POST", "/jobs/a/run", False),
        ("POST", "/runs/batch", False),
        ("POST", "/runs/a/rerun", False),
        ("POST", "/jobs/check", False),
        ("PUT", "/jobs/check", True),
        ("POST", "/planner/plan", False),
        ("POST", "/planner/plan-ai", False),
        ("POST", "/schedules/preview", False),
        ("POST", "/webhooks/telegram/a", False),
        ("POST", "/planner/execute", True),
        ("POST", "/runs/a/cancel", True),
        ("POST", "/jobs", True),
        ("DELETE", "/jobs/a", True),
        ("DELETE", "/keys/run", True),
        ("POST", "/dead-letters/redrive", True),
        ("POST", "/pause", True),
        ("PATCH", "/nope", True),
    ],
)
def test_audit_is_of_acts_and_not_of_submissions(method: str, path: str, audited: bool) -> None:
    """What makes runs carries its actor there; what only shows something is no act."""
    assert is_audited(method, path) is audited


async def test_refused_writes_are_audited_with_their_outcome() -> None:
    """No key, a role too low, a wrong host, a wrong type, a wrong body: each with its status."""
    platform = fake_platform(RECORDS)
    viewer, admin = (
        {"X-API-Key": KEYS[Role.VIEWER][1]},
        {"X-API-Key": KEYS[Role.ADMIN][1]},
    )
    async with platform.client() as client:
        await client.delete("/jobs/a")
        await client.delete("/jobs/a", headers=viewer)
        await client.delete("/jobs/a", headers={"Host": "evil.example"})
        await client.put("/jobs/a", content=b"{", headers={**admin, "Content-Type": "text/plain"})
        await client.put("/jobs/a", content=b"{", headers=admin)
        await client.delete("/jobs/a", headers=admin)
        await client.patch("/jobs/a", headers=admin)
    acts = platform.audit.acts
    assert [act.status for act in acts] == [401, 403, 421, 415, 400, 404, 405]
    assert {act.outcome for act in acts} == {AuditOutcome.REFUSED}
    assert [act.actor for act in acts] == ["unknown", "a-viewer", "unknown", *["a-admin"] * 4]
    assert [act.action for act in acts] == [*["delete_job"] * 3, *["replace_job"] * 2, "delete_job", "PATCH"]
    assert {act.target for act in acts} == {"job:a"}


async def test_refusals_are_bounded_and_counted() -> None:
    """A flood of strangers writes so many entries and no more; the next one says how many were left out."""
    platform = fake_platform(RECORDS)
    async with platform.client() as client:
        for _ in range(int(REFUSALS_AT_ONCE) + 30):
            assert (await client.delete("/jobs/a")).status_code == 401
        assert len(platform.audit.acts) == REFUSALS_AT_ONCE
        platform.clock.advance(1)
        await client.delete("/jobs/a")
    assert platform.audit.acts[-1].skipped == 30


async def test_act_that_cannot_be_audited_is_answered_and_reported_later(
    platform: FakePlatform, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The change has happened: the answer says so, the log has it whole, the next entry carries the count."""
    logged: list[dict[str, Any]] = []

    def keep(_event: str, **fields: Any) -> None:
        logged.append(fields)

    monkeypatch.setattr(audit_trail.log, "exception", keep)
    platform.audit.fails_with = RuntimeError("no audit")
    async with platform.client() as client:
        assert (await client.post("/jobs", json=SPEC)).status_code == 201
        assert (await client.put("/jobs/a/disable")).status_code == 200
        assert [(each["action"], each["target"]) for each in logged] == [
            ("create_job", "job:a"),
            ("disable_job", "job:a"),
        ]
        assert logged[1]["diff"] == [{"path": "/enabled", "from": True, "to": False}]
        platform.audit.fails_with = None
        await client.put("/jobs/a/enable")
        await client.put("/jobs/a/disable")
    assert platform.audit.lost == [2, 0]


async def test_act_is_audited_before_its_answer_leaves(platform: FakePlatform) -> None:
    """When the answer is read, the entry is stored."""
    seen: list[tuple[str, int]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b""}

    async def send(message: Any) -> None:
        seen.append((message["type"], len(platform.audit.acts)))

    await platform.app(http_scope("DELETE", "/jobs/a"), receive, send)
    assert seen[0] == ("http.response.start", 1)


async def test_crash_of_a_write_is_audited_as_failed(platform: FakePlatform) -> None:
    """A 5xx may have changed something: it is recorded with its changes."""
    platform.jobs.stored = None  # pyright: ignore[reportAttributeAccessIssue]
    async with platform.client() as client:
        assert (await client.delete("/jobs/a")).status_code == 500
    assert [act.outcome for act in platform.audit.acts] == [AuditOutcome.FAILED]
