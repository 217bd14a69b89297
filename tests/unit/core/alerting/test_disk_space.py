"""Disks with little free space: what is read of them, and the incidents about them."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from app.core.activity.disks import DiskReader, read_disks, stored_disks
from app.core.activity.heartbeat import instance_info
from app.core.alerting.disk_space import disk_findings
from app.core.config import Settings
from app.core.records import DiskSpace, InstanceInfo
from tests.support.waiting import wait_until_async

GB = 1_000_000_000
BEAT = {"service": "worker", "pid": "1", "host": "one", "version": "1", "started": "1", "state": "{}"}


def process(*disks: DiskSpace, host: str = "one") -> InstanceInfo:
    return InstanceInfo("worker-1", "worker", 1, host, "1", 1, 1, 0, disks=disks)


def disk(free: float, size: float, path: str = "/data") -> DiskSpace:
    return DiskSpace("data", path, round(free * GB), round(size * GB))


@pytest.mark.parametrize(
    ("free_gb", "size_gb", "severity"),
    [(11, 100, None), (9, 100, "warning"), (2, 100, "critical"), (0.9, 8, "warning"), (1.2, 8, None)],
)
def test_little_space_is_a_finding(free_gb: float, size_gb: float, severity: str | None) -> None:
    """Below 10 % or 1 GB; critical below 3 %."""
    found = list(disk_findings([process(disk(free_gb, size_gb))], ()))
    assert [each.severity for each in found] == ([severity] if severity else [])


def test_open_incident_ends_a_tenth_above_the_limit() -> None:
    """A disk at the limit opens and closes nothing with each reading."""
    open_keys = {"disk:one:/data"}
    assert list(disk_findings([process(disk(10.5, 100))], open_keys))
    assert not list(disk_findings([process(disk(11.5, 100))], open_keys))


def test_processes_of_one_machine_are_one_finding() -> None:
    """Each machine is named, and each of its disks."""
    found = disk_findings(
        [process(disk(1, 100)), process(disk(1, 100)), process(disk(1, 100), host="two")], ()
    )
    assert [(each.key, each.subject) for each in found] == [
        ("disk:one:/data", "one"),
        ("disk:two:/data", "two"),
    ]


def test_folders_of_one_disk_are_named_together(tmp_path: Path) -> None:
    """A folder that does not exist yet is left out."""
    (found,) = read_disks({"data": tmp_path, "logs": tmp_path, "files": tmp_path / "none"})
    assert (found.folders, found.path) == ("data, logs", str(tmp_path))
    assert 0 < found.free_bytes <= found.total_bytes


async def test_reading_goes_with_the_next_heartbeats(tmp_path: Path) -> None:
    """It is made in a thread; the first heartbeat does not wait for it."""
    (tmp_path / "runtime-data").mkdir()
    reader = DiskReader(Settings(_env_file=None, multi_job_home=tmp_path), lambda: 1.0)  # pyright: ignore[reportCallIssue]
    assert stored_disks(reader.newest()) == ()
    await wait_until_async(lambda: stored_disks(reader.newest()))
    found = instance_info("worker-1", {**BEAT, "disks": reader.newest()}, 1, 1)
    assert [each.folders for each in found.disks] == ["data"]
    await asyncio.sleep(0)


def test_process_of_an_earlier_version_has_no_disks() -> None:
    """Its heartbeat lacks the field."""
    assert instance_info("worker-1", BEAT, 1, 1).disks == ()
