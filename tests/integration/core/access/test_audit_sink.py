"""AUDIT_SINK: entries as JSON lines in a file and in syslog, which stop no request if they fail."""

from __future__ import annotations

import json
import os
import socket
import stat
import sys
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from app.cli.direct import Deployment
from app.cli.doctor.audit import diagnose_audit
from app.core.access.audit import Audit, AuditedAction, AuditOutcome
from app.core.access.audit import sink as audit_sink
from app.core.access.audit.chain import AuditEntry, chain_key, entry_mac
from app.core.access.audit.sink import AuditSink, FileLineWriter, SyslogLineWriter, sink_problem
from app.core.config import Settings
from app.core.secret_keys import deployment_secrets
from app.core.storage.shards import Shard, ShardSet
from tests.support.waiting import wait_until_async

if TYPE_CHECKING:
    from pathlib import Path

    from app.core.clock import SystemClock
    from app.core.redis_client import RedisLink
    from app.core.storage.keys import Keys
    from app.core.storage.scripts import Scripts


def act(target: str) -> AuditedAction:
    return AuditedAction("ana", "operator", "replace_job", target, AuditOutcome.OK, "127.0.0.1", 200)


@pytest.fixture
def at(settings: Settings, clock: SystemClock, keys: Keys, link: RedisLink, scripts: Scripts) -> Deployment:
    return Deployment(settings, clock, ShardSet([Shard(0, link, keys, scripts)]))


def audit_of(at: Deployment, sink: str) -> Audit:
    settings = at.settings.model_copy(update={"audit_sink": sink})
    return Audit(at.link, at.scripts, at.keys, at.clock, settings)


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


async def test_entries_are_lines_of_a_file_for_its_owner_alone(at: Deployment, tmp_path: Path) -> None:
    """Each has the act and its place in the chain, whose MAC can be made again from the line."""
    path = tmp_path / "audit.jsonl"
    audit = audit_of(at, str(path))
    await audit.write(act("job:a"))
    await audit.write(act("job:b"))
    await audit.close()
    found = lines(path)
    assert [(each["actor"], each["target"], each["number"]) for each in found] == [
        ("ana", "job:a", 1),
        ("ana", "job:b", 2),
    ]
    assert found[1]["previous"] == found[0]["mac"]
    place = {name: found[0].pop(name) for name in ("log", "number", "previous", "mac", "position", "key")}
    text = json.dumps(found[0], separators=(",", ":"), ensure_ascii=False)
    entry = AuditEntry(place["position"], 1, place["key"], place["previous"], "", text)
    assert entry_mac("acts", entry, chain_key(deployment_secrets(at.settings)[0])) == place["mac"]
    if sys.platform != "win32":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


async def test_a_rotated_file_is_made_again(at: Deployment, tmp_path: Path) -> None:
    """As logrotate renames it; and if somebody removes it."""
    path = tmp_path / "audit.jsonl"
    audit = audit_of(at, str(path))
    await audit.write(act("job:1"))
    await wait_until_async(lambda: path.exists() and len(lines(path)) == 1)
    path.rename(tmp_path / "audit.jsonl.1")
    await audit.write(act("job:2"))
    await wait_until_async(path.exists)
    await wait_until_async(lambda: len(lines(path)) == 1)
    path.unlink()
    await audit.write(act("job:3"))
    await audit.close()
    assert [each["target"] for each in lines(tmp_path / "audit.jsonl.1")] == ["job:1"]
    assert [each["target"] for each in lines(path)] == ["job:3"]


async def test_a_sink_that_fails_stops_no_request(at: Deployment, tmp_path: Path) -> None:
    """Redis has the entry; the failure is counted, and the doctor names it."""
    folder = tmp_path / "gone"
    audit = audit_of(at, str(folder / "audit.jsonl"))
    await audit.write(act("job:1"))
    await wait_until_async(lambda: bool(audit.sink_failure))
    folder.mkdir()
    await audit.write(act("job:2"))
    await audit.close()
    assert [each["target"] for each in lines(folder / "audit.jsonl")] == ["job:2"]
    assert await at.link.call("HGET", at.keys.metrics, "audit_sink_lost") == "1"
    here = Deployment(audit._settings, at.clock, at.shards)  # pyright: ignore[reportPrivateUsage]
    findings = {each.check: each for each in await diagnose_audit(here)}
    assert findings["audit"].verdict == "ok"
    assert findings["AUDIT_SINK"].verdict == "warn"
    assert "1 entries are not in" in findings["AUDIT_SINK"].seen


async def test_failure_of_the_sink_sent_again_counts_once(at: Deployment) -> None:
    """A lost answer makes it come twice."""
    failure = '{"id":"a","lost":2}'
    words = [await at.scripts.run("access/note_audit_sink", failure=failure, lost=2) for _ in range(2)]
    assert words == ["OK", "SAME"]
    assert await at.link.call("HGET", at.keys.metrics, "audit_sink_lost") == "2"


async def test_entries_go_to_a_syslog_server(at: Deployment) -> None:
    """One datagram each: facility authpriv, the program's name, and the line."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        server.settimeout(10)
        audit = audit_of(at, f"syslog:127.0.0.1:{server.getsockname()[1]}")
        await audit.write(act("job:a"))
        await audit.close()
        datagram = server.recv(65_536).decode()
    head, _, line = datagram.partition("multi-job: ")
    assert head == "<86>"
    assert json.loads(line)["target"] == "job:a"


@pytest.mark.skipif(sys.platform == "win32", reason="no Unix sockets for datagrams")
def test_entries_go_to_the_syslog_of_this_machine(tmp_path: Path) -> None:
    """Over its socket; without a listener the write fails."""
    path = str(tmp_path / "log")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as server:
        server.bind(path)
        writer = SyslogLineWriter(path)
        writer.write('{"a":1}')
        assert server.recv(4_096) == b'<86>multi-job: {"a":1}'
    with pytest.raises(OSError, match=r"."):
        writer.write('{"a":2}')
    writer.close()


def test_a_sink_that_hangs_loses_lines_and_waits_for_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lines beyond those that wait are counted, also the ones that are left at the end."""
    monkeypatch.setattr(audit_sink, "MAX_WAITING", 3)
    lost: list[tuple[int, str]] = []
    here, there = socket.socketpair()

    class Hanging:
        def write(self, line: str) -> None:
            here.recv(1)

        def close(self) -> None:
            here.close()

    sink = AuditSink(Hanging(), lambda count, reason: lost.append((count, reason)))
    for number in range(10):
        sink.write(str(number))
    assert 6 <= sum(count for count, _reason in lost) <= 7
    sink.close(wait_sec=0.1)
    assert "in time" in lost[-1][1]
    there.close()


def test_a_part_of_a_line_is_a_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk may take the beginning of a line; the next one begins on its own."""
    writer = FileLineWriter(tmp_path / "a")
    write, parts = os.write, iter([3])

    def some(file: int, data: bytes) -> int:
        return write(file, data[: next(parts, None)])

    monkeypatch.setattr(os, "write", some)
    with pytest.raises(OSError, match="only a part"):
        writer.write("abcdef")
    writer.write("next")
    writer.close()
    assert (tmp_path / "a").read_text() == "abc\nnext\n"


def test_a_sink_that_cannot_be_written_is_seen_by_the_doctor(tmp_path: Path, settings: Settings) -> None:
    """Before the first entry: a folder that is not there, and one in the place of the file."""
    for sink in (str(tmp_path / "no" / "a"), str(tmp_path)):
        assert sink_problem(settings.model_copy(update={"audit_sink": sink}))
    assert sink_problem(settings.model_copy(update={"audit_sink": str(tmp_path / "a")})) == ""
    assert not (tmp_path / "a").exists()


@pytest.mark.parametrize("sink", ["audit.jsonl", "syslog:host", "syslog:host:port", "syslog:"])
def test_a_sink_that_is_none_is_refused(sink: str) -> None:
    """With what it may be."""
    with pytest.raises(ValidationError, match="absolute path of a file"):
        Settings(_env_file=None, audit_sink=sink)  # pyright: ignore[reportCallIssue]
