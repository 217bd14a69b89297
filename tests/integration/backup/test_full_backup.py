"""Full backups between two machines with a Redis, a data folder and a SECRET_KEY each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.backup.reader import ExportFile
from app.backup.restore import Restore, RestoreOptions
from app.backup.sealed_archive import opened_source
from app.core.access.api_keys import Role
from app.core.access.key_store import FILE
from app.core.errors import RestoreRefused
from app.core.models import RunStatus
from app.core.queue import open_queue
from app.core.specs.search import JobFilter
from tests.support.api.api_process import running_api
from tests.support.backup.contents import contents, difference
from tests.support.backup.machines import PASSPHRASE, SECRET, TOKEN, Machine
from tests.support.embedded_redis import EmbeddedRedis
from tests.support.jobs.job_harness import JobHarness
from tests.support.queue.queue_driver import QueueDriver
from tests.support.waiting import wait_until

BOUND = ("apikeys", "secret", "account:", "pings:tokens", "schema", "access:")
"""Beginnings of keys whose texts name the SECRET_KEY of a machine, or an act on one."""
AUDIT_ACTIONS = 4


@pytest.fixture
def machine_a(tmp_path: Path) -> Iterator[Machine]:
    with EmbeddedRedis() as redis:
        yield Machine(redis, tmp_path / "a")


@pytest.fixture
def machine_b(tmp_path: Path) -> Iterator[Machine]:
    with EmbeddedRedis() as redis:
        yield Machine(redis, tmp_path / "b")


async def unbound(machine: Machine) -> dict[str, Any]:
    """Return the content of every other key."""
    async with machine.deployment() as found:
        everything = await contents(found.link, found.keys)
    bound = tuple(f"{{mj}}:{name}" for name in BOUND)
    return {name: value for name, value in everything.items() if not name.startswith(bound)}


async def test_full_backup_comes_back_on_another_machine(
    machine_a: Machine, machine_b: Machine, tmp_path: Path
) -> None:
    """Keys work, secrets open, jobs run, the audit is there: from the file and its passphrase alone."""
    tokens = await machine_a.fill(active=False)
    plain, acts = await machine_a.opened(), await machine_a.audited()
    backup = machine_a.full_export(tmp_path / "full.age")
    before = await unbound(machine_a)
    assert machine_a.key != machine_b.key
    machine_a.redis.close()
    report = machine_b.restore(backup)
    assert report["unreadable"] == []
    assert {kind: report["kinds"][kind]["created"] for kind in ("secret", "api_key", "audit")} == {
        "secret": 1,
        "api_key": 2,
        "audit": AUDIT_ACTIONS,
    }
    assert difference(before, await unbound(machine_b)) == []
    assert await machine_b.opened() == plain
    assert (await machine_b.audited())[1:] == acts, "the newest is the restore itself"
    verified = machine_b.command("audit", "verify")
    assert verified.returncode == 0, verified.stderr + verified.stdout
    _serves(machine_b, tokens)
    await _runs_every_job(machine_b)


def _serves(machine: Machine, tokens: dict[str, str]) -> None:
    """The real API of the machine knows each key by its role, and no other key."""
    with running_api(machine.redis.url, machine.home) as api:
        wait_until(lambda: api.status("/healthz") == 200)
        roles = {
            name: api.client.get("/me", headers={"Authorization": f"Bearer {token}"}).json()["role"]
            for name, token in tokens.items()
        }
        assert roles == {"root": "admin", "wall": "viewer"}
        assert api.status("/jobs") == 401
        assert api.client.get("/jobs", headers={"Authorization": "Bearer mj_aaaaaaaa_x"}).status_code == 401


async def _runs_every_job(machine: Machine) -> None:
    async with machine.deployment() as found:
        queue = open_queue(found.link, found.clock, machine.settings)
        await queue.ensure_groups()
        harness = JobHarness(QueueDriver(queue), machine.settings)
        page = await found.jobs().list(JobFilter(), None, 100)
        specs = [record.spec for record in page.items if record.spec.type == "simulation.load"]
        results = [await harness.run(spec.type, spec.inputs, job_id=spec.job_id) for spec in specs]
    assert {result.status for result in results} == {RunStatus.SUCCESS}


async def test_full_backup_comes_back_verbatim_on_its_own_machine(machine_a: Machine, tmp_path: Path) -> None:
    """With the same SECRET_KEY even the sealed texts and MACs are those of before."""
    await machine_a.fill()
    backup = machine_a.full_export(tmp_path / "full.age")
    names = ("apikeys", "apikeys:used", "secrets", "account:telegram:bot_a01", "audit:log:refused")
    before = await machine_a.snapshot()
    async with machine_a.deployment() as found:
        await found.link.call("FLUSHALL")
    machine_a.restore(backup)
    after = await machine_a.snapshot()
    for name in names:
        assert after["{mj}:" + name] == before["{mj}:" + name], name
    assert (await machine_a.opened())["shop-token"] == SECRET


async def test_full_backup_shows_nothing_to_a_reader_of_the_file(machine_a: Machine, tmp_path: Path) -> None:
    """Neither a secret nor a name is in its bytes, and other users of the machine cannot read it."""
    tokens = await machine_a.fill()
    backup = machine_a.full_export(tmp_path / "full.age")
    content = backup.read_bytes()
    canaries = [
        SECRET,
        TOKEN,
        machine_a.key,
        PASSPHRASE,
        *tokens.values(),
        "job-00001",
        "shop.example",
        "ana",
    ]
    assert [text for text in canaries if text.encode() in content] == []
    assert backup.stat().st_mode & 0o077 == 0


async def test_full_export_is_audited_without_its_passphrase(machine_a: Machine, tmp_path: Path) -> None:
    """The act is in the log before the file has its name; Redis never sees the passphrase."""
    await machine_a.fill(jobs=2, runs=2)
    machine_a.full_export(tmp_path / "full.age")
    stored = str(await machine_a.snapshot())
    assert '"action":"export_full"' in stored
    assert "export:full.age" in stored
    assert PASSPHRASE not in stored


async def test_wrong_passphrase_changes_nothing(
    machine_a: Machine, machine_b: Machine, tmp_path: Path
) -> None:
    """The error says so; the other machine has no record and no file that closes it."""
    await machine_a.fill(jobs=2, runs=2)
    backup = machine_a.full_export(tmp_path / "full.age")
    before = await machine_b.snapshot()
    ended = machine_b.command(
        "restore", str(backup), "--passphrase-file", "-", typed="some other passphrase\n"
    )
    assert (ended.returncode, "passphrase does not open" in ended.stderr) == (1, True)
    without = machine_b.command("restore", str(backup))
    assert (without.returncode, "needs a passphrase" in without.stderr) == (1, True)
    assert await machine_b.snapshot() == before
    assert not (machine_b.home / "runtime-data" / FILE).exists()


async def test_damaged_full_backup_changes_nothing(
    machine_a: Machine, machine_b: Machine, tmp_path: Path
) -> None:
    """One changed bit, in any part of the file, is found before the first record is written."""
    await machine_a.fill(jobs=2, runs=2)
    backup = machine_a.full_export(tmp_path / "full.age")
    whole = backup.read_bytes()
    before = await machine_b.snapshot()
    places = (5, 30, 60, 110, 160, 200, len(whole) // 2, len(whole) - 1)
    for place in places:
        damaged = bytearray(whole)
        damaged[place] ^= 4
        backup.write_bytes(damaged)
        with pytest.raises((RestoreRefused, Exception), match="Nothing was changed"):
            await _restore(machine_b, backup)
    backup.write_bytes(whole[:-100])
    with pytest.raises(Exception, match="Nothing was changed"):
        await _restore(machine_b, backup)
    assert await machine_b.snapshot() == before


async def _restore(machine: Machine, backup: Path, **options: bool) -> Any:
    async with machine.deployment() as found:
        with backup.open("rb") as file:
            restore = Restore(found.link, found.scripts, found.clock, machine.settings)
            source = opened_source(file, lambda: PASSPHRASE)
            return await restore.run(ExportFile(source), RestoreOptions(**options))


async def test_interrupted_restore_is_closed_and_goes_on(
    machine_a: Machine, machine_b: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cut off before its first record the machine needs a key already; run again, everything is there."""
    tokens = await machine_a.fill()
    backup = machine_a.full_export(tmp_path / "full.age")
    go_through = Restore._go_through  # pyright: ignore[reportPrivateUsage]

    async def cut(restore: Restore, *parts: Any) -> Any:
        if parts[3] != "look":
            raise ConnectionError("the power is out")
        return await go_through(restore, *parts)

    monkeypatch.setattr(Restore, "_go_through", cut)
    with pytest.raises(ConnectionError):
        await _restore(machine_b, backup)
    async with machine_b.deployment() as found:
        assert await found.link.call("EXISTS", found.keys.jobs, found.keys.api_keys) == 0
    assert (machine_b.home / "runtime-data" / FILE).exists()
    monkeypatch.undo()
    await _restore(machine_b, backup)
    again = await _restore(machine_b, backup)
    assert {str(word) for (_kind, word), count in again.tally.counts.items() if count} == {"SAME"}
    async with machine_b.deployment() as found:
        assert len(await found.api_keys().list()) == len(tokens)
        assert all(key.valid for key in await found.api_keys().list())


async def test_api_keys_come_before_what_they_protect(machine_a: Machine, tmp_path: Path) -> None:
    """The first records of the file are the pepper and the keys."""
    await machine_a.fill(jobs=2, runs=2)
    backup = machine_a.full_export(tmp_path / "full.age")
    with backup.open("rb") as file:
        archive = ExportFile(opened_source(file, lambda: PASSPHRASE))
        archive.verify()
        first = [line.kind for _, line in zip(range(3), archive.records(), strict=False)]
    assert first == ["access", "api_key", "api_key"]


async def test_own_keys_of_a_machine_end_only_on_request(
    machine_a: Machine, machine_b: Machine, tmp_path: Path
) -> None:
    """Without --overwrite nothing changes; with it the keys of the backup take their place."""
    tokens = await machine_a.fill(jobs=2, runs=2)
    backup = machine_a.full_export(tmp_path / "full.age")
    async with machine_b.deployment() as found:
        await found.api_keys().create("own", Role.ADMIN, "cli:ana")
    with pytest.raises(RestoreRefused, match="API keys of its own"):
        await _restore(machine_b, backup)
    await _restore(machine_b, backup, overwrite=True)
    async with machine_b.deployment() as found:
        assert [key.name for key in await found.api_keys().list()] == ["root", "wall"]
    _serves(machine_b, tokens)


async def test_settings_that_the_new_machine_lacks_are_named(machine_a: Machine, tmp_path: Path) -> None:
    """Names only: values of the environment are not in a backup."""
    await machine_a.fill(jobs=2, runs=2)
    backup, words = tmp_path / "full.age", ("export", "--full", "--passphrase-file", "-", "--out")
    ended = machine_a.command(
        *words,
        str(backup),
        typed=f"{PASSPHRASE}\n",
        DEADMAN_URL="https://ping.example/canary",
        RETENTION_DAYS="9",
    )
    assert ended.returncode == 0, ended.stderr
    async with machine_a.deployment() as found:
        await found.link.call("FLUSHALL")
    report = machine_a.restore(backup)
    assert report["missing_settings"] == ["DEADMAN_URL", "RETENTION_DAYS"]
    ended = machine_a.command("restore", str(backup), "--passphrase-file", str(machine_a.passphrase_file))
    assert "DEADMAN_URL" in ended.stderr
    assert "canary" not in ended.stderr + ended.stdout


@pytest.mark.parametrize(
    ("typed", "said"), [("short\n", "15 to"), ("\n", "15 to"), ("tab\tin a passphrase here\n", "printable")]
)
def test_weak_passphrase_makes_no_file(machine_a: Machine, tmp_path: Path, typed: str, said: str) -> None:
    """The error says what is needed, and not what was typed."""
    out = tmp_path / "full.age"
    ended = machine_a.command("export", "--full", "--out", str(out), "--passphrase-file", "-", typed=typed)
    assert (ended.returncode, said in ended.stderr) == (1, True), ended.stderr
    assert not out.exists()
    assert typed.strip() == "" or typed.strip() not in ended.stderr


def test_passphrase_may_be_in_the_environment(machine_a: Machine, tmp_path: Path) -> None:
    """For timers: the variable seals and opens; without any source the command says which there are."""
    out = tmp_path / "full.age"
    assert machine_a.command("export", "--full", "--out", str(out)).returncode == 1
    variables = {"MULTI_JOB_BACKUP_PASSPHRASE": PASSPHRASE}
    ended = machine_a.command("export", "--full", "--out", str(out), **variables)
    assert ended.returncode == 0, ended.stderr
    assert machine_a.command("restore", str(out), "--dry-run", **variables).returncode == 0
