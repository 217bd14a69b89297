"""`multi-job keys` against a running installation."""

from __future__ import annotations

import json

import httpx

from tests.support.local.installation import Installed
from tests.support.local.terminal import Terminal
from tests.support.waiting import wait_until

PATIENCE_SECONDS = 60


def test_keys_lock_the_api_until_they_are_given_up(
    installed: Installed, terminal: Terminal, api: httpx.Client
) -> None:
    """The first key is an admin's; roles decide; losing all keys opens nothing, and `reopen` does."""
    refused = terminal.type("keys", "create", "me", "--role", "operator")
    assert (refused.returncode, "keys create NAME --role admin" in refused.stderr) == (1, True)
    assert api.get("/jobs").is_success
    admin = terminal.read("keys", "create", "root", "-r", "admin")
    viewer = terminal.read("keys", "create", "me")
    assert [key["name"] for key in terminal.read("keys", "list")] == ["root", "me"]
    wait_for(api, httpx.codes.UNAUTHORIZED)
    assert "key is needed" in terminal.type("jobs").stderr
    locked = terminal.type("doctor", "--json")
    failed = [each["check"] for each in json.loads(locked.stdout) if each["verdict"] == "failed"]
    assert (locked.returncode, failed) == (1, ["key"])
    decide_by_role(terminal, viewer["key"], admin["key"])
    api.headers["X-API-Key"] = admin["key"]
    acts = api.get("/audit", params={"target": f"key:{admin['id']}"}).json()
    assert [(act["action"], act["actor"][:4], act["origin"]) for act in acts] == [
        ("create_key", "cli:", "cli")
    ]
    del api.headers["X-API-Key"]
    for made in (viewer, admin):
        terminal.ok("keys", "revoke", made["id"])
    wait_until(lambda: "keys are gone" in api.get("/jobs").text, PATIENCE_SECONDS, "the text of lost keys")
    assert terminal.read("keys", "reopen") == {"was_required": True}
    assert api.get("/jobs").status_code == httpx.codes.UNAUTHORIZED.value
    installed.stop()
    installed.up()
    assert api.get("/jobs").is_success


def decide_by_role(terminal: Terminal, viewer: str, admin: str) -> None:
    """Check what either key may do; each is known within two seconds."""
    terminal.key = viewer
    wait_until(lambda: "role" in terminal.type("run", "nothing").stderr, PATIENCE_SECONDS)
    terminal.key = admin
    wait_until(lambda: "does not exist" in terminal.type("run", "nothing").stderr, PATIENCE_SECONDS)
    assert admin not in terminal.ok("keys", "list")
    terminal.key = ""


def wait_for(api: httpx.Client, status: int) -> None:
    wait_until(lambda: api.get("/jobs").status_code == status, PATIENCE_SECONDS, f"{status}")
