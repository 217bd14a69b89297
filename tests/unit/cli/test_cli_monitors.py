"""`multi-job monitors`: the table, one monitor, ping URLs."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from app.cli.client import Client
from app.cli.commands import monitors as monitor_commands
from app.cli.main import app

AT = "2026-01-31T07:00:00.000Z"
SHOP: dict[str, Any] = {
    "job_id": "shop",
    "type": "monitor.http",
    "target": "https://shop.example",
    "state": "down",
    "since": AT,
    "last_error": "503 Service Unavailable",
    "uptime": {"h24": 0.99995, "d7": None, "d30": 1.0, "d90": None},
    "latency": {"p50_ms": 40, "p95_ms": 90},
    "incident_id": "inc7",
}
DETAIL = SHOP | {
    "history": [
        {"state": "up", "from": AT, "to": AT, "reason": None},
        {"state": "down", "from": AT, "to": None, "reason": "status"},
    ],
    "ping": {"at": AT, "kind": "fail", "exit_code": 3, "output": "disk full"},
}
RUN = {
    "run_id": "shop@1",
    "status": "success",
    "result": {"output": {"state": "down", "latency_ms": 12, "detail": "503 Service Unavailable"}},
}
URL = {"job_id": "shop", "url": "http://h/ping/abc", "path": "/ping/abc", "last": None}


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    calls: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        calls.append(f"{request.method} {request.url.path}")
        bodies: dict[str, Any] = {
            "/monitors": [SHOP, SHOP | {"job_id": "calm", "state": "up", "last_error": None}],
            "/monitors/shop": DETAIL,
            "/jobs/shop/runs": [RUN],
            "/readyz": {"timezone": "UTC"},
        }
        return httpx.Response(200, json=bodies.get(request.url.path, URL))

    monkeypatch.setattr(monitor_commands, "Client", lambda: Client(httpx.MockTransport(answer)))
    return calls


def typed(*words: str) -> str:
    result = CliRunner().invoke(app, list(words), env={"COLUMNS": "250", "MULTI_JOB_TIMEZONE": "UTC"})
    assert result.exit_code == 0, result.output
    return result.output


def test_monitors_are_a_table(asked: list[str]) -> None:
    """An uptime is 100% only if nothing was missed."""
    said = typed("monitors")
    assert asked[0] == "GET /monitors"
    for part in ("shop", "down", "https://shop.example", "99.99%", "100%", "90 ms", "inc7", "503 Service"):
        assert part in said
    indonesian = typed("--lang", "id", "monitors")
    for part in ("sasaran", "24 jam", "insiden", "alasan", "mati", "99,99%", "90 ms"):
        assert part in indonesian


def test_one_monitor_has_its_history_and_checks(asked: list[str]) -> None:
    """A job behind the command is shown."""
    said = typed("monitors", "shop")
    assert {"GET /monitors/shop", "GET /jobs/shop/runs"} <= set(asked)
    for part in ("shop@1", "12", "503 Service Unavailable", "disk full", "fail (3)"):
        assert part in said
    assert typed("monitors", "show", "shop") == said


def test_ping_url_is_shown_and_replaced(asked: list[str]) -> None:
    """The URL alone, for a script."""
    assert typed("monitors", "ping-url", "shop") == "http://h/ping/abc\n"
    assert typed("monitors", "rotate", "shop", "--yes") == "http://h/ping/abc\n"
    assert asked == ["GET /pings/shop", "POST /monitors/shop/token"]
