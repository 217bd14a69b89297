"""Fault 22: a full disk under the files tool and a backup."""

from __future__ import annotations

import base64
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from tests.support.faults.deployment import NO_RETRY, FaultDeployment, Figures, MakeDeployment
from tests.support.faults.probe import unrelated_work

POLICIES = """
types:
  write:
    allow:
      files: {calls: 10000, paths: ["*"]}
"""
SIZE_MB = 1
TOO_MUCH = 2_000_000
UNRELATED_SEC = 5.0


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Yield a file system of 1 MB; the test fails in CI if none can be mounted, and is left out elsewhere."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE_MB}m", "none", str(place)]
    try:
        mounted = subprocess.run(mount, capture_output=True, text=True, timeout=30, check=False)
        refused = mounted.stderr.strip() if mounted.returncode else ""
    except FileNotFoundError:
        refused = "there is no mount command"
    if refused:
        complaint = f"no file system can be mounted here: {refused}"
        if os.environ.get("CI"):
            pytest.fail(complaint)
        pytest.skip(complaint)
    yield place
    subprocess.run(["umount", "-l", str(place)], timeout=30, check=True)


@pytest.fixture
async def deployment(make_deployment: MakeDeployment, small_disk: Path, tmp_path: Path) -> FaultDeployment:
    policies = tmp_path / "policies.yaml"
    policies.write_text(POLICIES)
    deployment = await make_deployment(
        files_root=small_disk,
        policies_file=policies,
        handler_modules="tests.support.queue.handlers,tests.support.queue.tool_handlers,tests.support.faults.handlers",
    )
    deployment.fleet.start("worker")
    return deployment


async def test_full_disk_fails_runs_and_leaves_no_partial_file(
    deployment: FaultDeployment, small_disk: Path, figures: Figures
) -> None:
    """Writers in the loop, a thread and a process, and a backup: ENOSPC, no part of a file, then room."""
    await run(deployment, "write", path="kept", size=1_000)
    await make_bulk(deployment)
    before = files_in(small_disk)
    async with unrelated_work(deployment, starts_within_sec=UNRELATED_SEC, each_sec=0.1):
        for where in ("loop", "thread", "process"):
            await fails_for_room(deployment, "write", path=f"new/{where}", size=TOO_MUCH, runs_in=where)
            assert files_in(small_disk) == before, where
        await fails_for_room(deployment, "backup.export")
    assert files_in(small_disk) == before
    assert (await run(deployment, "write", path="after", size=1_000))["status"] == "success"
    figures(f"3 writers and a backup failed with ENOSPC on {SIZE_MB} MB; {await deployment.check()}")


async def run(deployment: FaultDeployment, job_type: str, **inputs: Any) -> dict[str, str]:
    """Let a run end that is tried once; return its record."""
    await deployment.submit([deployment.new_run(job_type, inputs=inputs, retry=NO_RETRY)])
    await deployment.at_rest(60)
    return (await deployment.hashes(deployment.acknowledged[-1:]))[0]


async def fails_for_room(deployment: FaultDeployment, job_type: str, **inputs: Any) -> None:
    record = await run(deployment, job_type, **inputs)
    error = orjson.loads(record["error"])
    assert (record["status"], error["code"]) == ("failed", "disk_full"), record
    assert "ENOSPC" in error["message"]


async def make_bulk(deployment: FaultDeployment) -> None:
    """Let runs end whose inputs are more than the disk holds, and do not compress."""
    noise = [base64.b64encode(os.urandom(90_000)).decode() for _ in range(20)]
    await deployment.submit(deployment.new_run("test.echo", inputs={"value": text}) for text in noise)
    await deployment.at_rest(60)


def files_in(place: Path) -> dict[str, int]:
    """Return every file with its size, temporary ones as well."""
    return {str(path.relative_to(place)): path.stat().st_size for path in place.rglob("*") if path.is_file()}
