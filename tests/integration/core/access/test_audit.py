"""The audit on a real server."""

from __future__ import annotations

from typing import Any

import pytest

from app.core.access.audit import Audit, AuditedAction, AuditFilter, AuditLog, AuditOutcome
from app.core.access.audit import store as audit_store
from app.core.access.audit.chain import AuditEntry
from app.core.clock import SystemClock
from app.core.config import Settings
from app.core.redaction import redactor
from app.core.redis_client import RedisLink
from app.core.storage.keys import Keys
from app.core.storage.scripts import Scripts, flat

EVERYTHING = AuditFilter()
CANARY = "canary-of-the-audit-0001"


@pytest.fixture
def audit(link: RedisLink, scripts: Scripts, keys: Keys, clock: SystemClock, settings: Settings) -> Audit:
    return Audit(link, scripts, keys, clock, settings)


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
    monkeypatch.setattr(audit_store, "PAGE", 3)
    for number in range(10):
        await audit.write(act(f"job:{number}", actor="ana" if number in {0, 7} else "ben"))
    await audit.write(act("key:x"))
    assert await targets(audit, AuditFilter(actor="ana")) == ["key:x", "job:7", "job:0"]
    assert await targets(audit, AuditFilter(target="job:3")) == ["job:3"]
    assert await targets(audit, AuditFilter(target="job")) == []
    assert len(await targets(audit, AuditFilter(target="job:"))) == 10
    assert await targets(audit, AuditFilter("ana", "job:"), limit=1) == ["job:7"]


async def test_audit_is_filtered_by_key(audit: Audit) -> None:
    """An id names a key for good, also if two keys had one name."""
    await audit.write(act("job:a", key_id="first", session_id="browser"))
    await audit.write(act("job:b", key_id="second"))
    page = await audit.list(AuditFilter(key_id="first"), None, 50)
    assert [(each.act.target, each.act.session_id) for each in page.items] == [("job:a", "browser")]


async def test_audit_of_an_earlier_version_is_still_read(audit: Audit, link: RedisLink, keys: Keys) -> None:
    """Its entries have no chain and no key; they follow the new ones."""
    old = '{"id":"x","at":5,"actor":"ana","role":"admin","action":"create_key","target":"key:old",'
    old += '"outcome":"ok","origin":"cli","status":null,"trace_id":"","diff":[],"skipped":0}'
    await link.call("ZADD", keys.audit("done"), 7, old)
    await audit.write(act("job:a"))
    page = await audit.list(EVERYTHING, None, 1)
    assert [each.act.target for each in page.items] == ["job:a"]
    page = await audit.list(EVERYTHING, page.next_cursor, 5)
    assert [(each.act.target, each.act.key_id) for each in page.items] == [("key:old", "")]
    assert await audit.remove_old() == 1
    assert await targets(audit) == ["job:a"]


def entry(position: int, number: int, mac: str) -> list[Any]:
    return flat([AuditEntry(position, number, "key", "before", mac, "{}")])


async def commit(scripts: Scripts, *rows: Any, seen: str, head: str, **more: object) -> list[str]:
    """Send one commit of a writer."""
    given: dict[str, Any] = {"sealing_key": "", "writer": "w1", "tries": 0, "keep_from": ""}
    given |= {"lost": 0, "dropped": 0, "over": 0, **more}
    return await scripts.run("access/audit", *rows, log="acts", seen=seen, head=head, **given)


async def test_audit_entry_sent_again_is_stored_once(scripts: Scripts, link: RedisLink, keys: Keys) -> None:
    """A lost answer makes the same entries come twice, also after another process has gone on."""
    first = (*entry(10, 1, "m1"), *entry(20, 2, "m2"))
    assert (await commit(scripts, *first, seen="", head="h2", lost=1))[0] == "OK"
    assert (await commit(scripts, *first, seen="", head="h2", lost=1))[0] == "SAME"
    assert (await commit(scripts, *entry(30, 3, "m3"), seen="h2", head="h3"))[0] == "OK"
    assert await commit(scripts, *first, seen="", head="h2", lost=1) == ["SAME", "h3", ""]
    assert await link.call("XLEN", keys.audit_log("acts")) == 3
    assert await link.call("HGET", keys.metrics, "audit_lost") == "1"
    assert (await commit(scripts, seen="h2", head="h3", keep_from="30-0"))[0] == "SAME"
    assert await link.call("XLEN", keys.audit_log("acts")) == 3


async def test_audit_writer_behind_another_gets_the_head(
    scripts: Scripts, link: RedisLink, keys: Keys
) -> None:
    """Another head, or another key that seals, changes nothing."""
    await commit(scripts, *entry(10, 1, "m1"), seen="", head="h1")
    assert await commit(scripts, *entry(11, 1, "mx"), seen="", head="hx") == ["CHANGED", "h1", ""]
    await link.call("HSET", keys.secret_key, "id", "new")
    assert await commit(scripts, *entry(20, 2, "m2"), seen="h1", head="h2") == ["CHANGED", "h1", "new"]
    assert (await commit(scripts, *entry(20, 2, "m2"), seen="h1", head="h2", sealing_key="new"))[0] == "OK"


async def test_a_process_that_is_never_first_gets_a_turn(scripts: Scripts) -> None:
    """After four tries the others wait for it, 100 ms at most."""
    await commit(scripts, *entry(10, 1, "m1"), seen="", head="h1")
    words: list[str] = []
    for _turn in range(100):
        # A turn may be over before the next call: on a busy machine this takes several.
        late = await commit(scripts, *entry(11, 1, "mx"), seen="", head="hx", writer="far", tries=4)
        near = await commit(scripts, *entry(12, 1, "my"), seen="", head="hy")
        words = [late[0], near[0]]
        if "WAIT" in words:
            break
    assert words == ["CHANGED", "WAIT"]
    assert (await commit(scripts, *entry(30, 2, "m3"), seen="h1", head="h3", writer="far"))[0] == "OK"
    assert (await commit(scripts, *entry(40, 3, "m4"), seen="h3", head="h4"))[0] == "OK"


async def test_a_turn_that_somebody_forged_stops_no_writer(
    scripts: Scripts, link: RedisLink, keys: Keys
) -> None:
    """A turn that lasts longer than any is none."""
    await link.call("HSET", keys.audit_heads, "turn:acts", "other 99999999999999")
    assert (await commit(scripts, *entry(10, 1, "m1"), seen="", head="h1"))[0] == "OK"
    await link.call("HDEL", keys.audit_heads, "turn:acts")


async def test_acts_are_divided_among_three_logs(audit: Audit, link: RedisLink, keys: Keys) -> None:
    """Acts on keys have a log of their own; refusals, which anyone can cause, have another."""
    await audit.write(act("key:k", actor="root"))
    await audit.write(act("job:a"))
    await audit.write(act("key:k", AuditOutcome.REFUSED))
    lengths = {log: await link.call("XLEN", keys.audit_log(log)) for log in AuditLog}
    assert lengths == {AuditLog.PROTECTED: 1, AuditLog.ACTS: 1, AuditLog.REFUSED: 1}


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
    stored = str(await link.call("XRANGE", keys.audit_log("acts"), "-", "+"))
    for secret in (CANARY, "hunter2", "abcdefghijk"):
        assert secret not in stored
    assert len(stored) < 4_000
