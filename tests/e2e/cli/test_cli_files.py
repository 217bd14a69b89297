"""`multi-job export`, `reports`, `versions`, `events` and the like against a running installation."""

from __future__ import annotations

import gzip
import hashlib
import json
import subprocess
from pathlib import Path
from threading import Thread

import httpx

from tests.support.local.installation import Installed
from tests.support.local.terminal import Terminal
from tests.support.waiting import wait_until

PATIENCE_SECONDS = 60


def test_cli_exports_to_a_file(terminal: Terminal, api: httpx.Client, tmp_path: Path) -> None:
    """What the run has written is what arrives, for its owner alone; a file that is there is not replaced."""
    api.post("/jobs", json={"job_id": "kept", "type": "simulation.load"}).raise_for_status()
    file = tmp_path / "backup.jsonl.gz"
    made = terminal.read("export", "--out", str(file))
    assert hashlib.sha256(file.read_bytes()).hexdigest() == made["sha256"]
    assert (file.stat().st_mode & 0o777, made["counts"]["job"] >= 2) == (0o600, True)
    assert b"kept" in gzip.decompress(file.read_bytes())
    again = terminal.type("export", "--out", str(file))
    assert (again.returncode, "--force" in again.stderr) == (1, True)
    (listed,) = terminal.read("exports", "list")
    copy = terminal.read("exports", "get", listed["id"], "--out", str(tmp_path))
    assert Path(copy["file"]).read_bytes() == file.read_bytes()
    assert str(file) in terminal.ok("export", "--out", str(file), "--force", "--no-logs")
    assert "no export" in terminal.type("exports", "get", "nothing@1").stderr
    assert [path.name for path in tmp_path.iterdir() if path.name.endswith(".part")] == []


def test_cli_shows_reports_and_messages(terminal: Terminal, api: httpx.Client) -> None:
    """A report is printed as Markdown, HTML or JSON, with its message; an unknown id is an error."""
    api.post("/jobs", json={"job_id": "daily", "type": "report.daily"}).raise_for_status()
    terminal.ok("run", "daily", "--wait")
    (report,) = terminal.read("reports", "list", "--job", "daily")
    assert terminal.ok("reports", "show", report["id"]).startswith("#")
    assert "<html" in terminal.ok("reports", "show", report["id"], "--format", "html")
    assert terminal.read("reports", "show", report["id"])["run_id"] == report["run_id"]
    assert "daily" in terminal.ok("reports", "list")
    messages = terminal.read("messages", "list")
    # The alarm that no recipient is set may be there, too.
    assert {each["channel"] for each in messages} == {"sandbox"}
    assert "sandbox" in terminal.ok("messages")
    assert terminal.type("messages", "close", "nobody").returncode == 1


def test_cli_compares_and_rolls_back_versions(terminal: Terminal, api: httpx.Client) -> None:
    """Each save is listed, two are compared field by field, an earlier one comes back as a new one."""
    # It does not fire during the test.
    schedule = {"interval_sec": 3600, "start_at": "2100-01-01T00:00:00Z"}
    spec = {"job_id": "saved", "type": "simulation.load", "schedule": schedule}
    api.post("/jobs", json=spec).raise_for_status()
    api.put("/jobs/saved", json={**spec, "schedule": {**schedule, "interval_sec": 60}}).raise_for_status()
    assert [each["version"] for each in terminal.read("versions", "saved")] == [2, 1]
    assert "/schedule/interval_sec: 3600 → 60" in terminal.ok("versions", "saved", "--from", "1")
    assert terminal.read("rollback", "saved", "1")["version"] == 3
    assert "local" in terminal.ok("versions", "saved")
    assert "9" in terminal.type("rollback", "saved", "9").stderr
    asked = terminal.type("delete", "saved", typed="n\n")
    assert (asked.returncode, api.get("/jobs/saved").status_code) == (1, 200)
    assert terminal.read("delete", "saved", "--yes")["status"] == "deleted"


def test_cli_previews_a_schedule(terminal: Terminal) -> None:
    """A cron expression in words and with its next fires; what cannot be is said with its field."""
    found = terminal.ok("preview", "0 7 * * *", "--timezone", "Asia/Jakarta", "--lang", "id", "-n", "3")
    lines = found.splitlines()
    assert (len(lines), "07:00" in lines[0], lines[1].endswith("+07:00")) == (4, True, True)
    assert len(terminal.read("preview", "3600")["next"]) == 5
    bad = terminal.type("preview", "0 7 * *")
    assert (bad.returncode, "/schedule/cron" in bad.stderr) == (1, True)
    assert terminal.type("preview", "{").returncode == 2


def test_cli_shows_figures(terminal: Terminal, api: httpx.Client) -> None:
    """A run that has ended is counted."""
    api.post("/jobs", json={"job_id": "counted", "type": "simulation.load"}).raise_for_status()
    terminal.ok("run", "counted", "--wait", "--inputs", '{"duration_ms": 1}')
    wait_until(lambda: terminal.read("stats", "-m", "10")["totals"]["success"] >= 1, PATIENCE_SECONDS)
    assert "started" in terminal.ok("stats")


def test_cli_follows_events(installed: Installed, terminal: Terminal, api: httpx.Client) -> None:
    """What happens comes as a line each, for programs as JSON; --topics alone is no list."""
    spec = {"job_id": "heard", "type": "simulation.load"}
    api.post("/jobs", json=spec).raise_for_status()
    assert "job.created" in terminal.ok("events", "-n", "500")
    assert terminal.type("events", "--topics", "run").returncode == 2
    command = [*installed.command, "events", "-f", "--json", "--topics", "job:heard"]
    with subprocess.Popen(
        command, cwd=installed.root, env=installed.environment, stdout=subprocess.PIPE, text=True
    ) as following:
        try:
            heard = _first_line(following)
            # Only what happens after the stream was opened comes, and nothing says when that is.
            wait_until(lambda: api.put("/jobs/heard", json=spec) and heard, PATIENCE_SECONDS, "an event")
        finally:
            following.terminate()
    assert json.loads(heard[0])["job_id"] == "heard"


def _first_line(process: subprocess.Popen[str]) -> list[str]:
    """Return a list that will hold the first line that a process prints."""
    lines: list[str] = []

    def read() -> None:
        assert process.stdout is not None
        lines.append(process.stdout.readline())

    Thread(target=read, daemon=True).start()
    return lines
