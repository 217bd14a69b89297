"""`multi-job queues` and pauses of a queue: their requests and output."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from app.cli.client import Client
from app.cli.commands import jobs as job_commands
from app.cli.commands import queues as queue_commands
from app.cli.main import app

DEFAULT: dict[str, Any] = {
    "name": "default",
    "waiting": 2,
    "running": 1,
    "oldest_ms": 4_200,
    "suspects": 0,
    "jobs": 0,
    "workers": 1,
    "paused": None,
    "missing_types": [{"type": "shop.sync", "waiting": 2}],
}
PAUSE: dict[str, Any] = {"since": "2026-01-31T07:00:00.000Z", "held": 3}
GPU: dict[str, Any] = {
    "name": "gpu",
    "waiting": 1,
    "running": 0,
    "oldest_ms": None,
    "suspects": 0,
    "jobs": 4,
    "workers": 0,
    "paused": PAUSE,
    "missing_types": [],
}


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """Answer with two queues; return what was asked for."""
    requests: list[tuple[str, str]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        requests.append((f"{request.method} {request.url.path}", request.content.decode()))
        if request.method == "GET":
            return httpx.Response(200, json=[DEFAULT, GPU])
        until = json.loads(request.content).get("until")
        body = {"scope": "queue", "name": "gpu", "held": 0, "since": PAUSE["since"], "until": until}
        return httpx.Response(200, json=body)

    def client() -> Client:
        return Client(transport=httpx.MockTransport(answer))

    for module in (queue_commands, job_commands):
        monkeypatch.setattr(module, "Client", client)
    return requests


def test_queues_name_the_worker_to_start(sent: list[tuple[str, str]]) -> None:
    """One line a queue, then the reason why its runs cannot start, with the command that helps."""
    out = CliRunner().invoke(app, ["queues"]).stdout
    assert sent[0] == ("GET /queues", "")
    assert "default  2        1        4 s" in out
    assert "gpu: no live worker serves it\n  → WORKER_QUEUES=default,gpu multi-job restart" in out
    assert "default: 2 runs wait for a worker with the type shop.sync" in out
    assert "HANDLER_MODULES=MODULE multi-job restart" in out
    assert "3 held" in out


def test_a_queue_is_paused_by_name(sent: list[tuple[str, str]]) -> None:
    """`--queue` is a scope as `--job` and `--type` are, and only one of them is given."""
    done = CliRunner().invoke(app, ["pause", "--queue", "gpu"])
    assert (done.exit_code, "queue gpu: paused" in done.stdout) == (0, True)
    assert sent == [("POST /pause", '{"scope":"queue","name":"gpu","reason":""}')]
    timed = CliRunner().invoke(app, ["pause", "--queue", "gpu", "--until", "2026-11-30T00:00:00+07:00"])
    assert (timed.exit_code, "queue gpu: paused until 2026-11-" in timed.stdout) == (0, True)
    refused = CliRunner().invoke(app, ["pause", "--queue", "gpu", "--job", "a"])
    assert refused.exit_code != 0
