"""`multi-job runs` with filters: what it asks for, and how it goes on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from app.cli import run_commands
from app.cli.client import Client
from app.cli.main import app
from app.cli.output import UsageError
from app.cli.run_filters import RunChoice

Answer = Callable[[httpx.Request], httpx.Response]
RUN: dict[str, Any] = {
    "run_id": "a@5",
    "job_id": "a",
    "status": "failed",
    "started_at": None,
    "duration_ms": 5,
    "error": {"message": "no route"},
}


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Callable[[Answer], None]:
    """Let commands ask a function in place of the API."""

    def set_answer(answer: Answer) -> None:
        monkeypatch.setattr(run_commands, "Client", lambda: Client(httpx.MockTransport(answer)))

    return set_answer


def test_search_goes_on_over_empty_pages(serve: Callable[[Answer], None]) -> None:
    """A page without a run is no end: the link goes on until --limit runs were found."""
    asked: list[httpx.URL] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url)
        cursor = int(request.url.params.get("cursor", 0))
        headers = {"X-Searched-Count": "20000", "X-Search-Total": "108000"}
        headers["Link"] = f'</runs?q=route&cursor={cursor + 1}>; rel="next"'
        return httpx.Response(200, json=[RUN] if cursor in {3, 4} else [], headers=headers)

    serve(answer)
    options = ["--search", "route", "--status", "failed, cancelled", "--tag", "ops", "--job", "mon-*"]
    result = CliRunner().invoke(app, ["runs", *options, "--type", "a.b", "--trace", "0" * 32, "--limit", "2"])
    assert result.exit_code == 0
    assert result.stdout.count("a@5") == 2
    first = asked[0].params
    assert first.get_list("status") == ["failed", "cancelled"]
    assert {name: first[name] for name in ("q", "tag", "job_id", "type", "trace_id")} == {
        "q": "route",
        "tag": "ops",
        "job_id": "mon-*",
        "type": "a.b",
        "trace_id": "0" * 32,
    }
    assert [each.params.get("cursor") for each in asked] == [None, "1", "2", "3", "4"]


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ("2026-01-31T07:00:00+07:00", "2026-01-31T00:00:00+00:00"),
        ("2026-01-31T07:00:00Z", "2026-01-31T07:00:00+00:00"),
    ],
)
def test_times_are_sent_in_utc(given: str, sent: str) -> None:
    """With the zone that was given."""
    assert RunChoice(since=given, until=given).query() == {"since": sent, "until": sent}


def test_times_may_be_relative() -> None:
    """An hour is sixty minutes, and a day earlier than an hour."""
    hour, minutes, day = (RunChoice(since=each).query()["since"] for each in ("1h", "60m", "1d"))
    assert hour[:16] in {minutes[:16], hour[:16]}
    assert day < hour <= minutes


@pytest.mark.parametrize(
    "text", ["yesterday", "2026-01-31", "2026-01-31T07:00:00", "24", "h", "999999999w", ""]
)
def test_times_that_say_nothing_certain_are_refused(text: str) -> None:
    """A time without a zone could be any of 24 hours."""
    with pytest.raises(UsageError, match="RFC 3339"):
        RunChoice(until=text).query()


def test_unknown_status_names_those_that_there_are() -> None:
    """A typing error is not taken for an empty list."""
    with pytest.raises(UsageError, match="failed"):
        RunChoice(status="faild").query()
