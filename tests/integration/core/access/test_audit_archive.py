"""The audit in a full backup: all of it comes back, and the chains still verify."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from app.core.access.audit import Audit, AuditedAction, AuditFilter, AuditOutcome
from app.core.access.audit.archive import AuditRestore, read_archive
from app.core.access.audit.chain import AuditEntry
from app.core.access.audit.verification import AuditVerifier
from app.core.clock import SystemClock
from app.core.errors import InvalidInput
from app.core.redis_client import open_link
from app.core.secret_keys import stage_new_key
from app.core.storage.keys import Keys
from app.core.storage.scripts import Scripts, flat
from tests.support.redis_server import fresh_settings, leaked_keys, remove_all

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from app.core.access.audit.verification import AuditReport
    from app.core.config import Settings
    from app.core.redis_client import RedisLink

OLD = (
    '{"id":"x","at":5,"actor":"ana","role":"admin","action":"create_key","target":"key:old","outcome":"ok",'
    '"origin":"cli","status":null,"trace_id":"","diff":[],"skipped":0}'
)


def act(target: str) -> AuditedAction:
    return AuditedAction("ana", "operator", "replace_job", target, AuditOutcome.OK, "127.0.0.1", 200)


class Machine:
    """One deployment: its Redis namespace and its data folder."""

    def __init__(self, link: RedisLink, settings: Settings) -> None:
        self.link, self.settings, self.clock = link, settings, SystemClock()
        self.keys = Keys(settings.namespace)
        self.scripts = Scripts(link, self.keys)
        self.audit = Audit(link, self.scripts, self.keys, self.clock, settings)

    async def archive(self) -> list[dict[str, Any]]:
        return [each async for each in read_archive(self.link, self.scripts, self.settings)]

    def restore_of(self) -> AuditRestore:
        return AuditRestore(self.link, self.scripts, self.clock, self.settings)

    async def restore(self, archive: list[dict[str, Any]]) -> dict[str, Any]:
        work = self.restore_of()
        for each in archive:
            await work.add(each)
        done = await work.finish()
        return {"entries": done.entries, "old": done.old, "kept": done.kept}

    async def verify(self) -> AuditReport:
        return await AuditVerifier(self.link, self.scripts, self.settings).verify()

    async def targets(self) -> list[str]:
        return [each.act.target for each in (await self.audit.list(AuditFilter(), None, 500)).items]


@pytest.fixture
def here(link: RedisLink, settings: Settings) -> Machine:
    return Machine(link, settings)


@pytest.fixture
async def there(redis_url: str, tmp_path: Path) -> AsyncIterator[Machine]:
    """Another machine, with a secret key of its own."""
    settings = fresh_settings(redis_url, tmp_path / "there")
    link = await open_link(settings)
    machine = Machine(link, settings)
    yield machine
    assert not await leaked_keys(link, machine.keys)
    await remove_all(link, machine.keys)
    await link.close()


async def fill(machine: Machine, count: int = 250) -> None:
    await asyncio.gather(*(machine.audit.write(act(f"job:{number}")) for number in range(count)))
    await machine.audit.write(replace(act("key:k"), action="create_key"))
    await machine.link.call("ZADD", machine.keys.audit("done"), 3, OLD)


@pytest.mark.parametrize("same_key", [True, False])
async def test_archive_of_the_audit_verifies_on_another_machine(
    here: Machine, there: Machine, *, same_key: bool
) -> None:
    """Entries of three keys, verbatim; with the same SECRET_KEY and with another one."""
    await here.audit.write(act("job:first"))
    stage_new_key(here.settings)
    await here.audit.renew_seals()
    await fill(here)
    archive = await here.archive()
    if same_key:
        there.settings.data_dir.mkdir(parents=True)
        (there.settings.data_dir / "secret.key").write_bytes(
            (here.settings.data_dir / "secret.key").read_bytes()
        )
    assert await there.restore(archive) == {"entries": {"acts": 251, "protected": 1}, "old": 1, "kept": 0}
    report = await there.verify()
    assert (report.is_whole, report.unchained, report.unreadable_keys) == (True, 1, [])
    assert await there.targets() == await here.targets()
    await there.audit.write(act("job:later"))
    assert (await there.verify()).is_whole
    assert [each for each in await there.archive() if each["kind"] == "entry"][:250] == [
        each for each in archive if each["kind"] == "entry"
    ][:250]


async def test_entries_that_are_there_follow_the_restored_ones(here: Machine, there: Machine) -> None:
    """Nothing that happened on the new machine is lost, and its running writers go on."""
    await fill(here)
    await there.audit.write(act("job:of-there"))
    done = await there.restore(await here.archive())
    assert (done["entries"]["acts"], done["kept"]) == (250, 1)
    await there.audit.write(act("job:later"))
    report = await there.verify()
    assert (report.is_whole, report.logs[1].entries) == (True, 252)
    assert (await there.targets())[:2] == ["job:later", "job:of-there"]
    # Once more: this very chain is there and has gone on.
    assert (await there.restore(await here.archive()))["kept"] == 0
    assert (await there.verify()).logs[1].entries == 252


async def test_restore_over_an_older_state_of_the_same_log_adds_what_is_missing(here: Machine) -> None:
    """Redis was set back to an older state: the archive has more, and no entry is there twice."""
    await here.audit.write(act("job:1"))
    older = await here.archive()
    await here.audit.write(act("job:2"))
    archive = await here.archive()
    await here.link.call("DEL", here.keys.audit_heads, here.keys.audit_log("acts"))
    await here.restore(older)
    assert await here.targets() == ["job:1"]
    await here.restore(archive)
    assert await here.targets() == ["job:2", "job:1"]
    assert (await here.verify()).is_whole


async def test_damage_in_an_archive_is_found_after_the_restore(here: Machine, there: Machine) -> None:
    """A restore signs no entry again: a changed entry stays a changed entry."""
    await here.audit.write(act("job:1"))
    await here.audit.write(act("job:2"))
    archive = await here.archive()
    entries = [each for each in archive if each["kind"] == "entry"]
    entries[0]["entry"][5] = entries[0]["entry"][5].replace("job:1", "job:9")
    await there.restore(archive)
    [problem] = (await there.verify()).logs[1].problems
    assert (problem.number, problem.reason) == (1, "changed")


async def test_an_unsigned_head_in_an_archive_is_a_break(here: Machine, there: Machine) -> None:
    """Its entries are restored all the same."""
    await here.audit.write(act("job:1"))
    archive = await here.archive()
    [head] = [each for each in archive if each["kind"] == "head"]
    head["head"] = head["head"].replace('"expired":0', '"expired":7')
    await there.restore(archive)
    assert [each.reason for each in (await there.verify()).logs[1].problems] == [
        "head not signed by this deployment"
    ]
    assert await there.targets() == ["job:1"]


@pytest.mark.parametrize(
    "record", [{}, {"kind": "entry"}, {"kind": "other"}, {"kind": "entry", "log": "acts", "entry": [1]}]
)
async def test_what_is_no_archive_is_refused(here: Machine, record: dict[str, Any]) -> None:
    """With an error that says so."""
    with pytest.raises(InvalidInput, match="archive"):
        await here.restore_of().add(record)


def rows(*positions: int) -> list[Any]:
    return flat([AuditEntry(each, 1, "k", "p", "m", "{}") for each in positions])


async def test_staged_entries_sent_again_are_stored_once(here: Machine) -> None:
    """A lost answer makes the same batch come twice."""
    stage = here.keys.audit_log("restore.x.acts")
    assert await here.scripts.run("access/stage_audit", *rows(1, 2), stage="restore.x.acts") == 2
    assert await here.scripts.run("access/stage_audit", *rows(1, 2), stage="restore.x.acts") == 0
    assert await here.scripts.run("access/stage_audit", *rows(3), stage="restore.x.acts") == 1
    assert await here.link.call("XLEN", stage) == 3
    assert await here.link.call("TTL", stage) > 0
    await here.link.call("DEL", stage)


async def swap(here: Machine, seen: str, head: str) -> str:
    return await here.scripts.run("access/restore_audit", log="acts", stage="s", seen=seen, head=head)


async def test_restored_audit_sent_again_changes_nothing(here: Machine) -> None:
    """The second time the staged entries are in their place already."""
    await here.scripts.run("access/stage_audit", *rows(1, 2), stage="s")
    assert [await swap(here, "", "h"), await swap(here, "", "h")] == ["OK", "SAME"]
    assert await here.link.call("XLEN", here.keys.audit_log("acts")) == 2
    assert await here.link.call("TTL", here.keys.audit_log("acts")) == -1


async def test_restored_audit_waits_for_a_writer(here: Machine) -> None:
    """An entry that was stored meanwhile is not removed."""
    await here.audit.write(act("job:1"))
    await here.scripts.run("access/stage_audit", *rows(1), stage="s")
    assert await swap(here, "", "h") == "CHANGED"
    assert await here.targets() == ["job:1"]
    await here.link.call("DEL", here.keys.audit_log("s"))
