"""`multi-job restore` at a terminal: from one installation into another."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

from tests.support.local.installation import Installed, MakeInstalled


def type_in(at: Installed, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*at.command, *words],
        cwd=at.root,
        env=at.environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def read(at: Installed, *words: str) -> Any:
    done = type_in(at, *words, "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)


def apply(at: Installed, folder: Path, spec: dict[str, Any]) -> None:
    file = folder / f"{spec['job_id']}.json"
    file.write_text(json.dumps(spec), "utf-8")
    read(at, "apply", str(file))


def test_cli_restores_into_another_installation(install: MakeInstalled, tmp_path: Path) -> None:
    """Refused while a scheduler is alive; then a dry run, a restore, a second one; then jobs run."""
    old = install()
    old.up()
    # Due on leap days only: a slot during the test would be one more run.
    schedule = {"cron": "0 0 29 2 *"}
    load = {"job_id": "load", "type": "simulation.load", "inputs": {"duration_ms": 1}, "schedule": schedule}
    apply(old, tmp_path, load)
    apply(old, tmp_path, {"job_id": "backup", "type": "backup.export"})
    done = read(old, "run", "load", "--wait")
    output = read(old, "run", "backup", "--wait")["result"]["output"]
    assert type_in(old, "restore", output["file"], "--dry-run").returncode == 1, "a scheduler is alive"
    file = tmp_path / "export.jsonl.gz"
    file.write_bytes((old.home / "runtime-data" / "files" / output["file"]).read_bytes())
    old.stop()

    new = install()
    new.up()
    refused = type_in(new, "restore", str(file))
    assert (refused.returncode, "--pause" in refused.stderr, "Traceback" in refused.stderr) == (
        1,
        True,
        False,
    )
    looked = read(new, "restore", str(file), "--pause", "--dry-run")
    assert (looked["kinds"]["job"]["created"], looked["refused"], read(new, "jobs")) == (2, None, [])
    restored = read(new, "restore", str(file), "--pause")
    assert (restored["kinds"]["run"]["created"], restored["cancelled"], restored["armed"]) == (2, 1, 1)
    assert done["run_id"] in {run["run_id"] for run in read(new, "runs", "--job", "load")}
    again = type_in(new, "restore", str(file), "--pause")
    assert again.returncode == 0, again.stderr
    assert "cancelled (restored)" in again.stderr
    # Neither the refusal nor the dry run is an act.
    acts = read(new, "audit", "--target", "export:export.jsonl.gz")
    assert [(act["action"], act["actor"][:4]) for act in acts] == [("restore", "cli:")] * 2
    assert {"path": "/job", "from": None, "to": 2} in acts[1]["diff"]
    assert read(new, "run", "load", "--wait")["status"] == "success"


def test_cli_restore_says_what_is_wrong_with_a_file(installed: Installed, tmp_path: Path) -> None:
    """Missing, or no export: one line, exit code 1, no traceback."""
    bad = tmp_path / "bad.jsonl.gz"
    bad.write_bytes(b"hello")
    for file, said in ((tmp_path / "none.gz", "No such file"), (bad, "no export")):
        result = type_in(installed, "restore", str(file), "--pause")
        assert (result.returncode, said in result.stderr, "Traceback" in result.stderr) == (1, True, False)
