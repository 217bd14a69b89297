"""The audit on a real server."""

from __future__ import annotations

import pytest

from app.core.access import audit as audit_module
from app.core.access.audit import KEPT, Audit, AuditedAction, AuditFilter, AuditOutcome
from app.core.clock import SystemClock
from app.core.redaction import redactor
from app.core.redis_client import RedisLink
from app.core.storage.keys import Keys
from app.core.storage.scripts import Scripts

EVERYTHING = AuditFilter()
CANARY = "canary-of-the-audit-0001"


@pytest.fixture
def audit(link: RedisLink, scripts: Scripts, keys: Keys, clock: SystemClock) -> Audit:
    return Audit(link, scripts, keys, clock)


def act(
    target: str, outcome: AuditOutcome = AuditOutcome.OK, actor: str = "ana", **more: object
) -> AuditedAction:
    return AuditedAction(actor, "admin", "replace_job", target, outcome, "127.0.0.1", **more)  # type: ignore[arg-type]


async def targets(audit: Audit, wanted: AuditFilter = EVERYTHING, limit: int = 50) -> list[str]:
    return [record.act.target for record in (await audit.list(wanted, None, limit)).items]


async def test_audit_shows_the_newest_first(audit: Audit) -> None:
    """What was done and what was refused come as one list; all of an act comes back."""
    diff = [{"path": "/a", "from": None, "to": [1, {"b": "c"}]}]
    await audit.write(act("job:a", status=200, trace_id="t", diff=diff))
    await audit.write(act("job:b", AuditOutcome.REFUSED, skipped=3))
    await audit.write(act("job:c", AuditOutcome.FAILED))
    page = await audit.list(EVERYTHING, None, 50)
    assert [record.act.target for record in page.items] == ["job:c", "job:b", "job:a"]
    assert page.items[2].act == act("job:a", status=200, trace_id="t", diff=diff)
    assert (page.items[1].act.skipped, page.items[0].act.outcome) == (3, AuditOutcome.FAILED)
    assert page.items[0].at >= page.items[2].at > 0


async def test_audit_cursor_stays_right_while_acts_are_added(audit: Audit) -> None:
    """Page by page each act comes once, whatever is written in between."""
    for number in range(5):
        await audit.write(act(f"job:{number}", AuditOutcome.REFUSED if number % 2 else AuditOutcome.OK))
    seen: list[str] = []
    cursor: int | None = None
    while True:
        page = await audit.list(EVERYTHING, cursor, 2)
        seen += [record.act.target for record in page.items]
        await audit.write(act("job:later"))
        cursor = page.next_cursor
        if cursor is None:
            break
    assert seen == [f"job:{number}" for number in (4, 3, 2, 1, 0)]


async def test_audit_is_filtered(audit: Audit, monkeypatch: pytest.MonkeyPatch) -> None:
    """By who did it and by what it was done to, across pages."""
    monkeypatch.setattr(audit_module, "PAGE", 3)
    for number in range(10):
        await audit.write(act(f"job:{number}", actor="ana" if number in {0, 7} else "ben"))
    await audit.write(act("key:x"))
    assert await targets(audit, AuditFilter(actor="ana")) == ["key:x", "job:7", "job:0"]
    assert await targets(audit, AuditFilter(target="job:3")) == ["job:3"]
    assert await targets(audit, AuditFilter(target="job")) == []
    assert len(await targets(audit, AuditFilter(target="job:"))) == 10
    assert await targets(audit, AuditFilter("ana", "job:"), limit=1) == ["job:7"]


async def test_refusals_never_push_out_what_was_done(audit: Audit, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each log has its own limit; the oldest go first."""
    monkeypatch.setitem(KEPT, "done", 2)
    monkeypatch.setitem(KEPT, "refused", 3)
    for number in range(3):
        await audit.write(act(f"done:{number}"))
    for number in range(9):
        await audit.write(act(f"no:{number}", AuditOutcome.REFUSED))
    assert await targets(audit) == ["no:8", "no:7", "no:6", "done:2", "done:1"]


async def test_audit_entry_sent_again_is_stored_once(scripts: Scripts, link: RedisLink, keys: Keys) -> None:
    """A lost answer makes the same entry come twice: it keeps its place."""
    assert await scripts.run("access/audit", "done", "{}", 10, 1) == "OK"
    before = await link.call("ZRANGE", keys.audit("done"), 0, -1, "WITHSCORES")
    assert await scripts.run("access/audit", "done", "{}", 10, 1) == "SAME"
    assert await link.call("ZRANGE", keys.audit("done"), 0, -1, "WITHSCORES") == before
    assert await link.call("HGET", keys.metrics, "audit_lost") == "1"


async def test_audit_holds_no_secret(audit: Audit, link: RedisLink, keys: Keys) -> None:
    """What is registered, what is called a secret, what looks like one: masked; long values are cut."""
    redactor.register(CANARY)
    diff = [
        {"path": "/inputs/text", "from": f"a {CANARY}", "to": {"deep": [CANARY]}},
        {"path": "/settings/api_key", "from": None, "to": "hunter2"},
        {"path": "/inputs/headers", "from": None, "to": {"Authorization": "Bearer abcdefghijk"}},
        {"path": "/description", "from": None, "to": "x" * 100_000},
    ]
    await audit.write(act(f"job:{CANARY}", actor=CANARY, diff=diff))
    stored = str(await link.call("ZRANGE", keys.audit("done"), 0, -1))
    for secret in (CANARY, "hunter2", "abcdefghijk"):
        assert secret not in stored
    assert len(stored) < 4_000
