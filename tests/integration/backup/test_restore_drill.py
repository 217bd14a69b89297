"""Restore drills: an export is restored into a Redis of its own, read back and compared."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import orjson
import psutil
import pytest

from app.backup.drill import Drill, DrillReport, drill_settings
from app.backup.reader import ExportFile
from app.backup.restore import no_progress
from app.backup.sealed_archive import SealedArchive, opened_source
from app.backup.sources import ExportReader
from app.backup.writer import ArchiveWriter
from app.core.clock import SystemClock
from app.core.secret_keys import deployment_secrets
from app.local.drill.server import temporary_redis
from tests.support.backup import export_samples as samples
from tests.support.backup.machines import PASSPHRASE, Machine
from tests.support.embedded_redis import EmbeddedRedis

Line = dict[str, Any]


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    with EmbeddedRedis() as redis:
        yield Machine(redis, tmp_path / "a")


def lines_of(backup: Path) -> list[Line]:
    """Return the lines of a sealed file, except the trailer."""
    with backup.open("rb") as file:
        archive = ExportFile(opened_source(file, lambda: PASSPHRASE))
        archive.verify()
        texts = [text for _, text in archive._numbered()]  # pyright: ignore[reportPrivateUsage]
    return [orjson.loads(text) for text in texts[:-1]]


def sealed_again(lines: list[Line]) -> bytes:
    """Return a file whose checksum and seal hold, whatever is in it."""
    archive = SealedArchive(PASSPHRASE)
    parts = [archive.add([orjson.dumps(lines[0]).decode()], {})]
    parts += [archive.add([orjson.dumps(line).decode()], {line["kind"]: 1}) for line in lines[1:]]
    return b"".join([*parts, archive.finish()])


async def drilled(machine: Machine, content: bytes, folder: Path) -> DrillReport:
    """Return the report of a drill in this process."""
    source = opened_source(io.BytesIO(content), lambda: PASSPHRASE)
    with temporary_redis(folder) as url:
        drill = Drill(
            lambda header: drill_settings(machine.settings, header, url, folder),
            SystemClock(),
            deployment_secrets(machine.settings),
            no_progress,
        )
        return await drill.run(ExportFile(source))


async def test_drill_of_a_full_backup_succeeds(machine: Machine, tmp_path: Path) -> None:
    """Every record is identical, every secret opens, every key is valid; also with active runs."""
    await machine.fill()
    backup = machine.full_export(tmp_path / "full.age")
    words = ("restore", "--verify", str(backup), "--passphrase-file", str(machine.passphrase_file))
    before = await machine.snapshot()
    report = machine.done(*words)
    assert report["ok"], report
    sections = report["sections"]
    assert report["differences"] == []
    assert (report["secrets_opened"], report["api_keys_valid"]) == (4, 2)
    assert report["audit_entries_verified"] == sections["audit"]["in_file"] >= 4
    assert all(each["identical"] == each["in_file"] - each["over"] for each in sections.values()), sections
    assert sections["run"]["in_file"] == 44
    assert await machine.snapshot() == before
    shown = machine.command(*words)
    assert (shown.returncode, "drill succeeded" in shown.stdout) == (0, True), shown.stderr


async def test_drill_needs_neither_the_deployment_nor_its_key(machine: Machine, tmp_path: Path) -> None:
    """On another machine, with no Redis and no SECRET_KEY, the file and its passphrase are enough."""
    await machine.fill(jobs=3, runs=5)
    backup = machine.full_export(tmp_path / "full.age")
    machine.redis.close()
    other = Machine(machine.redis, tmp_path / "other")
    report = other.done("restore", "--verify", str(backup), "--passphrase-file", str(other.passphrase_file))
    assert report["ok"]
    assert not (other.home / "runtime-data").exists()


async def test_drill_leaves_nothing(machine: Machine, tmp_path: Path) -> None:
    """No folder, no server: what was restored is gone with the command."""
    await machine.fill(jobs=2, runs=2)
    backup = machine.full_export(tmp_path / "full.age")
    folder = tmp_path / "temporary"
    folder.mkdir()
    words = ("restore", "--verify", str(backup), "--passphrase-file", str(machine.passphrase_file))
    assert machine.command(*words, TMPDIR=str(folder)).returncode == 0
    assert machine.command(*words[:-2], TMPDIR=str(folder)).returncode == 1
    assert list(folder.iterdir()) == []
    places = [process.info["cmdline"] for process in psutil.process_iter(["cmdline"])]
    assert [words for words in places if words and any(str(folder) in word for word in words)] == []


def test_server_of_a_drill_has_no_password_in_its_arguments(tmp_path: Path) -> None:
    """Other users of the machine see arguments; the server also writes nothing to disk."""
    with temporary_redis(tmp_path) as url:
        password = url.partition("://:")[2].partition("@")[0]
        children = psutil.Process().children()
        [child] = [each for each in children if str(tmp_path) in " ".join(each.cmdline())]
        assert password not in " ".join(child.cmdline())
        assert password not in (tmp_path / "redis.conf").read_text("utf-8")
    assert not child.is_running()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["redis.conf", "redis.log"]


def _garbled(lines: list[Line]) -> None:
    line = next(each for each in lines if each.get("family") == "secrets")
    record = orjson.loads(line["text"])
    line["text"] = orjson.dumps({**record, "sealed": record["sealed"][:-8] + "AAAAAAA="}).decode()


def _other_pepper(lines: list[Line]) -> None:
    line = next(each for each in lines if each.get("family") == "api_keys_pepper")
    line["text"] = line["text"][:-8] + "AAAAAAA="


def _token(lines: list[Line]) -> None:
    line = next(each for each in lines if each["kind"] == "account")
    line["fields"]["secret:token"] = line["fields"]["secret:token"][:-8] + "AAAAAAA="


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (_garbled, "secrets shop-token"),
        (_other_pepper, "api_keys_pepper pepper"),
        (_token, "telegram:bot_a01:token"),
    ],
)
async def test_drill_finds_a_secret_that_does_not_open(
    machine: Machine, tmp_path: Path, change: Callable[[list[Line]], None], named: str
) -> None:
    """A file whose seal and checksum hold, with one value that no key opens: the drill fails and names it."""
    await machine.fill(jobs=2, runs=2)
    lines = lines_of(machine.full_export(tmp_path / "full.age"))
    change(lines)
    report = await drilled(machine, sealed_again(lines), tmp_path)
    assert not report.is_good
    assert named in report.unreadable


async def test_drill_finds_a_changed_audit_entry(machine: Machine, tmp_path: Path) -> None:
    """An act that was changed before the file was sealed breaks the chain of the restored log."""
    await machine.fill(jobs=2, runs=2)
    lines = lines_of(machine.full_export(tmp_path / "full.age"))
    line = next(each for each in lines if each.get("family") == "audit" and "create_key" in each["text"])
    line["text"] = line["text"].replace("create_key", "delete_key")
    report = await drilled(machine, sealed_again(lines), tmp_path)
    assert not report.is_good
    assert len(report.audit_problems) >= 1
    assert report.unreadable == []


async def test_drill_names_keys_without_a_valid_mac(machine: Machine, tmp_path: Path) -> None:
    """A key that was not made with SECRET_KEY stays refused, and gets no MAC by a restore."""
    await machine.fill(jobs=2, runs=2)
    lines = lines_of(machine.full_export(tmp_path / "full.age"))
    line = next(each for each in lines if each.get("family") == "api_keys")
    line["text"] = line["text"].replace('"role":"viewer"', '"role":"admin"')
    assert '"role":"admin"' in line["text"]
    line["text"] = line["text"].replace('"name":"', '"name":"x')
    report = await drilled(machine, sealed_again(lines), tmp_path)
    assert report.keys_not_valid == [line["name"]]
    assert report.keys_valid == 1


async def test_drill_finds_records_that_did_not_come_back(
    machine: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A restore that loses a record, and one that changes a record, are both found."""
    await machine.fill(jobs=3, runs=5)
    content = machine.full_export(tmp_path / "full.age").read_bytes()
    pages = ExportReader.pages

    async def faulty(reader: ExportReader, header: Any) -> Any:
        async for page in pages(reader, header):
            page.lines = [
                line.replace("shop.example", "shop.invalid")
                for line in page.lines
                if '"id":"job-00001"' not in line
            ]
            yield page

    monkeypatch.setattr(ExportReader, "pages", faulty)
    report = await drilled(machine, content, tmp_path)
    assert not report.is_good
    assert report.sections["job"].missing == 1
    assert report.sections["secret"].different == 1
    assert {"job job-00001 (missing)", "secret secrets shop-token (different)"} <= set(report.named)


async def test_drill_exits_with_1_on_a_damaged_file(machine: Machine, tmp_path: Path) -> None:
    """One changed byte is enough, and the reason is on stderr."""
    await machine.fill(jobs=2, runs=2)
    backup = machine.full_export(tmp_path / "full.age")
    content = bytearray(backup.read_bytes())
    content[-20] ^= 1
    backup.write_bytes(content)
    ended = machine.command(
        "restore", "--verify", str(backup), "--passphrase-file", str(machine.passphrase_file)
    )
    assert (ended.returncode, "seal is broken" in ended.stderr) == (1, True), ended.stderr


def test_drill_of_an_ordinary_export_needs_no_passphrase(machine: Machine, tmp_path: Path) -> None:
    """Also of an export of an earlier release; the records of full backups are no rows of its report."""
    backup = tmp_path / "old.jsonl.gz"
    backup.write_bytes(samples.whole())
    report = machine.done("restore", "--verify", str(backup))
    assert (report["ok"], report["full"], report["made_by"]) == (True, False, "0.1"), report
    assert "secret" not in report["sections"]


async def test_drill_opens_an_ordinary_export_with_the_key_of_its_machine(
    machine: Machine, tmp_path: Path
) -> None:
    """Sealed under SECRET_KEY, its accounts open where that key is, and fail the drill where it is not."""
    await machine.fill(jobs=2, runs=2)
    async with machine.deployment() as found:
        reader, packer = ExportReader(found.link, found.scripts, secrets=True, logs=True), ArchiveWriter()
        header = await reader.header()
        parts = [packer.add([header.model_dump_json()], {})]
        parts += [packer.add(page.lines, page.counts) async for page in reader.pages(header)]
    backup = tmp_path / "sealed.jsonl.gz"
    backup.write_bytes(b"".join([*parts, packer.finish()]))
    assert machine.done("restore", "--verify", str(backup))["secrets_opened"] == 2
    other = Machine(machine.redis, tmp_path / "other")
    ended = other.command("restore", "--verify", str(backup), "--json")
    assert (ended.returncode, orjson.loads(ended.stdout)["ok"]) == (1, False)


def test_drill_takes_no_options_of_a_restore(machine: Machine, tmp_path: Path) -> None:
    """--verify changes nothing here, so --overwrite with it is a mistake."""
    backup = tmp_path / "old.jsonl.gz"
    backup.write_bytes(samples.whole())
    ended = machine.command("restore", "--verify", "--overwrite", str(backup))
    assert (ended.returncode, "--verify changes nothing" in ended.stderr) == (2, True)
