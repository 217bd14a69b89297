"""`multi-job` against a running installation, as somebody at a terminal uses it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.installation import Installed, MakeInstalled
from tests.support.waiting import wait_until

pytestmark = pytest.mark.timeout(180)

Run = Callable[..., subprocess.CompletedProcess[str]]


class Terminal:
    """A shell in the installation's folder."""

    def __init__(self, installed: Installed) -> None:
        self.installed = installed
        self.key = ""

    def type(self, *words: str, typed: str | None = None) -> subprocess.CompletedProcess[str]:
        environment = {**self.installed.environment, **({"MULTI_JOB_API_KEY": self.key} if self.key else {})}
        return subprocess.run(
            [sys.executable, "-m", "app.cli", *words],
            cwd=self.installed.root,
            env=environment,
            input=typed,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    def ok(self, *words: str) -> str:
        done = self.type(*words)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def read(self, *words: str) -> Any:
        return json.loads(self.ok(*words, "--json"))


@pytest.fixture
def terminal(install: MakeInstalled) -> Terminal:
    installed = install()
    installed.up()
    return Terminal(installed)


def _spec(folder: Path, **changes: Any) -> Path:
    file = folder / "specs" / "load.json"
    file.parent.mkdir(exist_ok=True)
    spec = {"job_id": "load", "type": "simulation.load", "inputs": {"duration_ms": 1}, **changes}
    file.write_text(json.dumps(spec), "utf-8")
    return file


def test_cli_applies_runs_and_shows_a_job(terminal: Terminal, tmp_path: Path) -> None:
    """Apply is idempotent and says what it changed; run waits; runs, logs and jobs show what came of it."""
    file = _spec(tmp_path)
    assert terminal.read("apply", str(file))[0]["change"] == "created"
    assert terminal.read("apply", str(file.parent))[0]["change"] == "unchanged"
    _spec(tmp_path, description="halo")
    assert terminal.read("apply", str(file), "--dry-run")[0] == {
        "job_id": "load",
        "change": "updated",
        "detail": "description",
    }
    assert terminal.read("jobs")[0]["description"] == ""
    assert terminal.read("apply", str(file))[0]["change"] == "updated"
    done = terminal.read("run", "load", "--wait", "--inputs", '{"duration_ms": 2}')
    assert (done["status"], done["result"]["output"]["slept_ms"]) == ("success", 2)
    assert [run["run_id"] for run in terminal.read("runs", "--job", "load")] == [done["run_id"]]
    assert terminal.ok("logs", done["run_id"]) == ""
    assert "load" in terminal.ok("jobs")
    assert terminal.read("disable", "load")["status"] == "disabled"
    assert terminal.read("enable", "load")["status"] == "enabled"


def test_cli_cancels_a_run(terminal: Terminal, tmp_path: Path) -> None:
    """A long run is cancelled, and the wait for it ends with exit code 1."""
    terminal.ok("apply", str(_spec(tmp_path, inputs={"duration_ms": 60_000})))
    run_id = terminal.read("run", "load")["run_id"]
    terminal.ok("cancel", run_id)
    wait_until(lambda: terminal.read("runs")[0]["status"] == "cancelled", 20)


def test_cli_shows_the_platform(terminal: Terminal) -> None:
    """Status and doctor agree that all is well."""
    assert terminal.read("status")["readyz"]["status"] == "ready"
    assert "scheduler" in terminal.ok("status")
    findings = terminal.read("doctor")
    assert {finding["verdict"] for finding in findings} <= {"ok", "warn"}
    assert {"redis", "api", "scheduler", "worker", "connector"} <= {each["check"] for each in findings}


def test_cli_keys_lock_the_api(terminal: Terminal) -> None:
    """With the first key every request needs one, and its role decides; without any, loopback is open."""
    viewer = terminal.read("keys", "create", "me")
    admin = terminal.read("keys", "create", "root", "-r", "admin")
    wait_until(lambda: terminal.type("jobs").returncode == 1, 10)
    assert "key is needed" in terminal.type("jobs").stderr
    terminal.key = viewer["key"]
    assert terminal.read("jobs") == []
    refused = terminal.type("run", "load")
    assert (refused.returncode, "role" in refused.stderr) == (1, True)
    terminal.key = admin["key"]
    assert "does not exist" in terminal.type("run", "load").stderr
    assert [key["name"] for key in terminal.read("keys", "list")] == ["me", "root"]
    assert admin["key"] not in terminal.ok("keys", "list")
    for key in (viewer, admin):
        terminal.ok("keys", "revoke", key["id"])
    terminal.key = ""
    wait_until(lambda: terminal.type("jobs").returncode == 0, 10)


def test_cli_says_what_is_wrong(terminal: Terminal, tmp_path: Path) -> None:
    """A refused spec names the field, an unknown run its id, a bad file its place; nothing is a traceback."""
    bad = _spec(tmp_path, inputs={"duration_ms": -1})
    outcome = terminal.type("apply", str(bad), "--json")
    assert outcome.returncode == 1
    assert "/inputs/duration_ms" in json.loads(outcome.stdout)[0]["detail"]
    unknown = terminal.type("logs", "nobody")
    assert (unknown.returncode, "Traceback" in unknown.stderr) == (1, False)
    assert "nobody" in unknown.stderr
    broken = tmp_path / "broken.yaml"
    broken.write_text("a: [", "utf-8")
    assert "broken.yaml" in terminal.type("apply", str(broken)).stderr


def test_cli_without_an_api_says_how_to_start_it(install: MakeInstalled) -> None:
    """Nothing runs: one line, exit code 1; doctor finds what is missing and what mends it."""
    terminal = Terminal(install())
    away = terminal.type("jobs")
    assert (away.returncode, "multi-job up" in away.stderr) == (1, True)
    assert "Traceback" not in away.stderr
    doctor = terminal.type("doctor", "--json")
    assert doctor.returncode == 1
    failed = [each for each in json.loads(doctor.stdout) if each["verdict"] == "failed"]
    assert [each["check"] for each in failed] == ["redis"]
    assert "multi-job up" in failed[0]["remedy"]


def test_cli_starts_and_stops_the_platform(install: MakeInstalled) -> None:
    """Up and down are the launcher's start and stop."""
    terminal = Terminal(install())
    assert "all ready" in terminal.ok("up", "--no-ui")
    assert "stopped" in terminal.ok("down")
