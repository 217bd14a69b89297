"""`multi-job dead-letters`, `logs -f` and `rerun` against a running installation."""

from __future__ import annotations

import json

import httpx

from tests.support.local.terminal import Terminal
from tests.support.waiting import wait_until

PATIENCE_SECONDS = 60


def _fail(api: httpx.Client, job_id: str, count: int) -> list[str]:
    """Leave dead letters of a new job behind."""
    spec = {"job_id": job_id, "type": "simulation.load", "retry_policy": {"max_retry": 0}}
    spec["inputs"] = {"fail_rate": 1}
    api.post("/jobs", json=spec).raise_for_status()
    made = api.post("/runs/batch", json=[{"job_id": job_id}] * count).raise_for_status().json()
    run_ids: list[str] = [item["run_id"] for item in made]
    dead = {"job_id": job_id, "status": "failed"}
    wait_until(lambda: len(api.get("/runs", params=dead).json()) == count, PATIENCE_SECONDS)
    return run_ids


def test_cli_decides_about_dead_letters(terminal: Terminal, api: httpx.Client) -> None:
    """Listed by error; a dry run counts, a question is asked, a rate spreads, discard ends it."""
    runs = _fail(api, "broken", 4)
    (group,) = terminal.read("dead-letters", "list", "--job", "broken")
    assert (group["count"], group["jobs"]) == (4, ["broken"])
    assert "broken" in terminal.ok("dead-letters")
    dry = terminal.read("dead-letters", "redrive", "--job", "broken", "--dry-run")
    assert dry["count"] == 4
    refused = terminal.type("dead-letters", "redrive", "--group", group["fingerprint"], typed="n\n")
    assert (refused.returncode, len(api.get("/dead-letters").json())) == (1, 1)
    done = terminal.read("dead-letters", "redrive", *runs[:2], "--rate", "0.01", "--yes")
    assert (done["redriven"], done["failed"]) == (2, [])
    assert api.get(f"/runs/{runs[1]}").json()["status"] == "scheduled"
    asked = terminal.ok("dead-letters", "discard", *runs[2:], typed="y\n")
    assert "2 discarded" in asked
    unclear = terminal.type("dead-letters", "discard", "--all", "--job", "broken")
    assert (unclear.returncode, "one of them" in unclear.stderr) == (2, True)


def test_cli_runs_a_run_again_and_follows_it(terminal: Terminal, api: httpx.Client) -> None:
    """Given inputs replace the run's own; following ends with the run, and tells how it went."""
    (failed,) = _fail(api, "again", 1)
    assert terminal.type("logs", failed, "--follow").returncode == 1
    body = json.dumps({"fail_rate": 0, "duration_ms": 300})
    accepted = terminal.read("rerun", failed, "--inputs", body)
    assert accepted["rerun_of"] == failed
    assert terminal.type("logs", accepted["run_id"], "-f").returncode == 0
    assert api.get(f"/runs/{accepted['run_id']}").json()["status"] == "success"
    assert terminal.type("rerun", failed, "--wait").returncode == 1
