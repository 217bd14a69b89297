"""Log files are rotated at a start, and while a process appends to them."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from app.local import log_rotation as local_log_rotation
from app.local.log_rotation import KEPT_LOGS, rotate, rotate_open
from app.local.processes import spawn
from app.local.settings import load_settings
from app.local.supervisor import Supervisor
from tests.support.waiting import wait_until

# Writes its lines, then one more for each line that it reads from a pipe.
WRITER = (
    "import sys\nfor n in range(3): print('line', n, flush=True)\n"
    "open(sys.argv[1]).read()\nprint('later', flush=True)"
)


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(local_log_rotation, "MAX_LOG_BYTES", 10)
    return tmp_path / "service.log"


def test_large_log_is_set_aside_at_a_start(log: Path) -> None:
    """It is renamed, and writing begins at 0; a short one stays."""
    log.write_text("longer than ten bytes", "utf-8")
    assert rotate(log) == 0
    assert log.with_name("service.log.1").read_text("utf-8") == "longer than ten bytes"
    log.write_text("short", "utf-8")
    assert rotate(log) == len("short")


def test_newest_rotated_logs_are_kept(log: Path) -> None:
    """Number 1 is the newest, and the oldest is removed."""
    for number in range(KEPT_LOGS + 2):
        log.write_text(f"number {number} of the logs", "utf-8")
        rotate(log)
    kept = [log.with_name(f"service.log.{number}").read_text("utf-8") for number in range(1, KEPT_LOGS + 1)]
    assert kept == [f"number {number} of the logs" for number in (4, 3, 2)]
    assert len(list(log.parent.iterdir())) == KEPT_LOGS


@pytest.mark.skipif(sys.platform == "win32", reason="a process does not append there")
def test_open_log_is_rotated_while_a_process_writes(tmp_path: Path, log: Path) -> None:
    """The process goes on at the start of the emptied file, and the rotated one has the earlier lines."""
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    child = spawn([sys.executable, "-c", WRITER, str(gate)], log, {}, tmp_path)
    try:
        wait_until(lambda: log.read_text("utf-8").endswith("line 2\n"), 60, "the lines")
        assert rotate_open(log)
        assert not rotate_open(log)
        gate.write_text("go on", "utf-8")
        assert child.wait(20) == 0
    finally:
        child.kill()
        child.wait()
    assert log.read_text("utf-8") == "later\n"
    assert log.with_name("service.log.1").read_text("utf-8") == "line 0\nline 1\nline 2\n"


@pytest.mark.skipif(sys.platform == "win32", reason="a process does not append there")
def test_supervisor_rotates_the_logs_of_running_services(tmp_path: Path, log: Path) -> None:
    """Its look at the sizes needs no start; a service's own lines then begin at 0."""
    settings = load_settings({}, tmp_path)
    supervisor = Supervisor(settings, embedded=False)
    log.write_text("longer than ten bytes", "utf-8")
    (worker,) = (each for each in supervisor._services if each.spec.name == "worker")
    worker.record.log_file, worker.record.log_offset = str(log), 5
    supervisor._rotate_logs()
    assert (log.read_text("utf-8"), worker.record.log_offset) == ("", 0)
