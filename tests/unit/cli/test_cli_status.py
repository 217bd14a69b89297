"""`multi-job status`: several versions at the same time are shown."""

from __future__ import annotations

from functools import partial
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from app.cli.client import Client
from app.cli.commands import platform as platform_commands
from app.cli.main import app

CHECK: dict[str, Any] = {"status": "ok", "age_ms": 1, "instances": 1, "reason": None, "next_step": None}
QUEUE: dict[str, Any] = {"lanes": {}, "delayed": 0, "next_due_at": None, "dead_letters": 0, "paused": []}


def process(service: str, host: str, version: str) -> dict[str, Any]:
    return {"instance": f"{service}-{host}", "service": service, "host": host, "version": version}


@pytest.fixture
def processes(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = [process("worker", "a", "1.0.0"), process("api", "a", "1.0.0")]
    services = ("redis", "scheduler", "worker", "connector")
    bodies: dict[str, Any] = {
        "/healthz": {"status": "healthy", "version": "1.0.0", "reason": None},
        "/readyz": {"status": "ready", "schema_version": 1, "checks": dict.fromkeys(services, CHECK)},
        "/queue": QUEUE,
        "/platform": {"timezone": "UTC", "processes": listed},
    }

    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json=bodies.get(request.url.path, []))

    monkeypatch.setattr(platform_commands, "Client", partial(Client, httpx.MockTransport(answer)))
    return listed


def typed(*words: str) -> str:
    result = CliRunner().invoke(app, list(words), env={"COLUMNS": "250", "MULTI_JOB_TIMEZONE": "UTC"})
    assert result.exit_code == 0, result.output
    return result.output


def test_a_version_skew_is_named(processes: list[dict[str, Any]]) -> None:
    """Each version with its processes, in both languages; with one version there is no such line."""
    assert "several versions" not in typed("status")
    assert "1.0.0  schema 1  ready" in typed("status")
    processes.append(process("worker", "b", "0.9.0"))
    english = "Processes of several versions run: 0.9.0 (worker b); 1.0.0 (worker a, api a). Upgrade"
    assert english in typed("status")
    assert "beberapa versi sedang berjalan: 0.9.0 (worker b)" in typed("--lang", "id", "status")
