"""`multi-job` against a running installation, as somebody at a terminal uses it.

A command costs time, so what it did is looked at over HTTP.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx

from tests.support.local.installation import MakeInstalled
from tests.support.local.terminal import Terminal
from tests.support.waiting import wait_until

PATIENCE_SECONDS = 60
ACCOUNT = "/connectors/telegram/accounts/bot_cli"
TOKEN = "123456789:AAF-token-of-the-terminal-0123456789"


def _spec(folder: Path, job_id: str, **changes: Any) -> Path:
    file = folder / "specs" / f"{job_id}.json"
    file.parent.mkdir(exist_ok=True)
    spec = {"job_id": job_id, "type": "simulation.load", "inputs": {"duration_ms": 1}, **changes}
    file.write_text(json.dumps(spec), "utf-8")
    return file


def test_cli_applies_a_job(terminal: Terminal, api: httpx.Client, tmp_path: Path) -> None:
    """Apply is idempotent and says what it changed, or would change."""
    file = _spec(tmp_path, "applied")
    assert terminal.read("apply", str(file))[0]["change"] == "created"
    assert terminal.read("apply", str(file.parent))[0]["change"] == "unchanged"
    _spec(tmp_path, "applied", description="halo")
    (would,) = terminal.read("apply", str(file), "--dry-run")
    differs = [{"path": "/description", "from": "", "to": "halo"}]
    assert (would["change"], would["changes"], would["errors"]) == ("updated", differs, [])
    assert '/description: "" → "halo"' in terminal.ok("apply", str(file), "--dry-run")
    assert api.get("/jobs/applied").json()["description"] == ""
    assert terminal.read("apply", str(file))[0]["change"] == "updated"
    assert api.get("/jobs/applied").json()["description"] == "halo"


def test_cli_applies_a_chain_in_its_order(terminal: Terminal, api: httpx.Client, tmp_path: Path) -> None:
    """Files whose names sort against their chain are saved so that every target is there first."""
    folder = tmp_path / "chain"
    folder.mkdir()
    for job_id, after in (("chain-a", "chain-b"), ("chain-b", "chain-c"), ("chain-c", None)):
        _spec(folder, job_id, **({"on_success": [after]} if after else {}))
    assert [each["change"] for each in terminal.read("apply", str(folder), "--dry-run")] == ["created"] * 3
    assert api.get("/jobs/chain-a").status_code == httpx.codes.NOT_FOUND.value
    assert [each["change"] for each in terminal.read("apply", str(folder))] == ["created"] * 3
    assert api.get("/jobs/chain-a").json()["on_success"] == ["chain-b"]


def test_cli_runs_and_shows_a_job(terminal: Terminal, api: httpx.Client) -> None:
    """Run waits for the end; runs, logs and jobs show what came of it; a job is disabled and enabled."""
    api.post("/jobs", json={"job_id": "shown", "type": "simulation.load"})
    done = terminal.read("run", "shown", "--wait", "--inputs", '{"duration_ms": 2}')
    assert (done["status"], done["result"]["output"]["slept_ms"]) == ("success", 2)
    assert [run["run_id"] for run in terminal.read("runs", "--job", "shown")] == [done["run_id"]]
    assert terminal.ok("logs", done["run_id"]) == ""
    assert "shown" in terminal.ok("jobs")
    reason = terminal.read("why", "shown", "--lang", "id")
    assert (reason["language"], reason["next"]["reason"]) == ("id", "no_schedule")
    assert terminal.read("disable", "shown")["status"] == "disabled"
    assert terminal.read("enable", "shown")["status"] == "enabled"


def test_cli_logs_show_why_each_attempt_failed(terminal: Terminal, api: httpx.Client) -> None:
    """A run that logged nothing shows the traceback of both attempts, at times with their zone."""
    policy = {"max_retry": 1, "backoff_sec": [0]}
    inputs = {"duration_ms": 1, "fail_rate": 1}
    api.post(
        "/jobs",
        json={"job_id": "broken", "type": "simulation.load", "inputs": inputs, "retry_policy": policy},
    )
    run_id = terminal.read("run", "broken")["run_id"]
    wait_until(lambda: api.get(f"/runs/{run_id}").json()["status"] == "failed", PATIENCE_SECONDS)
    printed = terminal.ok("logs", run_id)
    assert [printed.count(f"attempt {number} failed: ") for number in (1, 2)] == [1, 1]
    assert printed.count("    Traceback (most recent call last):") == 2
    assert " WIB error " in printed
    assert terminal.type("logs", run_id, "--follow").returncode == 1
    assert " WIB " in terminal.ok("runs", "--job", "broken")


def test_cli_pauses_and_resumes(terminal: Terminal, api: httpx.Client) -> None:
    """A run of a paused job is held and shown by status; it ends after the resume; a wrong name is said."""
    api.post("/jobs", json={"job_id": "held", "type": "simulation.load", "inputs": {"duration_ms": 1}})
    assert terminal.read("pause", "--job", "held", "--reason", "moving")["status"] == "paused"
    run_id = terminal.read("run", "held")["run_id"]
    wait_until(lambda: api.get("/queue").json()["paused"][0]["held"] == 1, PATIENCE_SECONDS)
    assert "paused job held" in terminal.ok("status")
    assert "1 run" in terminal.ok("resume", "--job", "held")
    wait_until(lambda: api.get(f"/runs/{run_id}").json()["status"] == "success", PATIENCE_SECONDS)
    assert "not paused" in terminal.ok("resume")
    assert "does not exist" in terminal.type("pause", "--job", "nobody").stderr
    unclear = terminal.type("pause", "--job", "a", "--type", "b")
    assert (unclear.returncode, "Give one of --job, --type and --queue" in unclear.stderr) == (2, True)


def test_cli_cancels_a_run(terminal: Terminal, api: httpx.Client) -> None:
    """Cancelling a long run ends it as cancelled."""
    api.post("/jobs", json={"job_id": "long", "type": "simulation.load", "inputs": {"duration_ms": 60_000}})
    run_id = terminal.read("run", "long")["run_id"]
    terminal.ok("cancel", run_id)
    wait_until(lambda: api.get(f"/runs/{run_id}").json()["status"] == "cancelled", PATIENCE_SECONDS)


def test_cli_connects_an_account(terminal: Terminal, api: httpx.Client) -> None:
    """The secret is asked for and not printed; connecting what was disabled enables it, the rest stays."""
    typed = terminal.type("connect", "telegram", "bot_cli", "--to", "42", "--no-test", typed=f"{TOKEN}\n")
    assert typed.returncode == 0, typed.stderr
    assert TOKEN not in typed.stdout + typed.stderr
    saved = api.get(ACCOUNT).json()
    api.put(ACCOUNT, json={**saved, "allow_chats": ["42"], "enabled": False}).raise_for_status()
    again = terminal.read("connect", "telegram", "bot_cli", "--no-test")["account"]
    assert (again["enabled"], again["allow_chats"], again["default_to"]) == (True, ["42"], "42")
    words = ("connect", "telegram", "bot_cli", "--no-test", "--allow-chat")
    assert terminal.read(*words, "43", "--allow-chat", "-100")["account"]["allow_chats"] == ["43", "-100"]
    assert "can change hands" in terminal.type(*words, "@ana").stderr
    assert (again["has_secret"], again["masked"]) == ({"token": True}, {"token": "••••••••"})


def test_cli_shows_the_platform(terminal: Terminal) -> None:
    """Status and doctor agree that all is well."""
    assert terminal.read("status")["readyz"]["status"] == "ready"
    assert "scheduler" in terminal.ok("status")
    findings = terminal.read("doctor")
    assert {finding["verdict"] for finding in findings} <= {"ok", "warn"}
    assert {"redis", "api", "scheduler", "worker", "connector", "address", "key"} <= {
        each["check"] for each in findings
    }


def test_cli_sets_secrets_and_shows_who_did_it(terminal: Terminal, api: httpx.Client) -> None:
    """A value comes by stdin and is printed nowhere; the audit names who did what."""
    value = "canary-of-the-terminal-0001"
    assert "--host" in terminal.type("secrets", "set", "shop", typed=f"{value}\n").stderr
    printed = terminal.ok("secrets", "set", "shop", "--host", "shop.example", typed=f"{value}\n")
    printed += terminal.ok("secrets", "hosts", "shop", "shop.example", "*.shop.example")
    assert api.get("/secrets/shop").json()["hosts"] == ["shop.example", "*.shop.example"]
    assert [each["name"] for each in terminal.read("secrets", "list")] == ["shop"]
    assert api.get("/secrets/shop").json()["updated_by"] == "local"
    printed += terminal.ok("secrets", "list") + terminal.ok("secrets", "delete", "shop")
    assert api.get("/secrets/shop").status_code == httpx.codes.NOT_FOUND.value
    assert "does not exist" in terminal.type("secrets", "delete", "shop").stderr
    acts = terminal.read("audit", "--target", "secret:shop")
    assert [(act["action"], act["outcome"]) for act in acts] == [
        ("delete_secret", "refused"),
        ("delete_secret", "ok"),
        ("put_secret", "ok"),
        ("put_secret", "ok"),
        ("put_secret", "refused"),
    ]
    printed += terminal.ok("audit", "--limit", "5")
    assert "secret:shop" in printed
    assert value not in printed


def test_cli_says_what_is_wrong(terminal: Terminal, tmp_path: Path) -> None:
    """A refused spec names the field, an unknown run its id, a bad file its place; nothing is a traceback."""
    bad = _spec(tmp_path, "bad", inputs={"duration_ms": -1})
    broken = bad.with_name("broken.yaml")
    broken.write_text("a: [", "utf-8")
    _spec(tmp_path, "good")
    for options in (("--dry-run",), ()):
        outcome = terminal.type("apply", str(bad.parent), "--json", *options)
        assert outcome.returncode == 1
        found = {Path(each["file"]).stem: each for each in json.loads(outcome.stdout)}
        assert {name: each["change"] for name, each in found.items()} == {
            "bad": "refused",
            "broken": "refused",
            "good": "created",
        }
        assert found["bad"]["errors"][0]["pointer"] == "/inputs/duration_ms"
        assert "broken.yaml" in found["broken"]["errors"][0]["message"]
    unknown = terminal.type("logs", "nobody")
    assert (unknown.returncode, "Traceback" in unknown.stderr) == (1, False)
    assert "nobody" in unknown.stderr


def test_cli_without_an_api_says_how_to_start_it(install: MakeInstalled) -> None:
    """Nothing runs: one line, exit code 2; doctor finds what is missing and what mends it."""
    terminal = Terminal(install())
    away = terminal.type("jobs")
    assert (away.returncode, "multi-job up" in away.stderr) == (2, True)
    assert "Traceback" not in away.stderr
    doctor = terminal.type("doctor", "--json")
    assert doctor.returncode == 1
    failed = [each for each in json.loads(doctor.stdout) if each["verdict"] == "failed"]
    assert [each["check"] for each in failed] == ["redis", "address"]
    assert all("multi-job up" in each["remedy"] for each in failed)
    assert terminal.type("keys", "list").returncode == 2


def test_cli_starts_and_stops_the_platform(install: MakeInstalled) -> None:
    """Up and down are the launcher's start and stop."""
    terminal = Terminal(install())
    assert "All ready" in terminal.ok("up", "--no-ui")
    assert terminal.read("up", "--no-ui")["status"] == "ready"
    assert "stopped" in terminal.ok("down")
    assert terminal.read("down")["status"] == "stopped"
