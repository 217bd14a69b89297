"""`multi-job runs` with filters: queries, pages and bulk actions."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from app.cli.client import Client
from app.cli.commands import jobs as job_commands
from app.cli.commands import runs as run_commands
from app.cli.main import app
from app.cli.output import UsageError
from app.cli.run_choice import RunChoice

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


@pytest.mark.parametrize(
    ("output", "line"),
    [
        ({"greeting": "halo é"}, 'a@5 success · {"greeting": "halo é"}'),
        (0, "a@5 success · 0"),
        (None, "a@5 success"),
        ({"state": "up", "reason": "", "more": 1}, "a@5 success · up"),
        ({"summary": "No incident.", "markdown": "# Daily report"}, "a@5 success · No incident."),
    ],
)
def test_run_with_wait_prints_the_output(monkeypatch: pytest.MonkeyPatch, output: object, line: str) -> None:
    """A person sees the result of the job without --json; a shipped type's in few words."""
    run = {**RUN, "status": "success", "error": None, "result": {"output": output}}

    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(202 if request.method == "POST" else 200, json=run)

    monkeypatch.setattr(job_commands, "Client", lambda: Client(httpx.MockTransport(answer)))
    result = CliRunner().invoke(app, ["run", "a", "--wait"])
    assert (result.exit_code, result.stdout.splitlines()[-1]) == (0, line)


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


def _bulk_api(steps: list[dict[str, Any]], asked: list[dict[str, Any]]) -> Answer:
    """Return an API that answers a dry run with 1,284 matches, and steps one after the other."""
    left = iter(steps)

    def answer(request: httpx.Request) -> httpx.Response:
        body = json.loads(request.content)
        asked.append(body)
        empty: dict[str, Any] = {"matched": 0, "done": 0, "refused": [], "next_cursor": None, "stopped": None}
        figures = {"searched": 20_000, "total": 20_000, "trace_id": "f" * 32, "bulk_id": body["bulk_id"]}
        counted = {"matched": 1_284} if body.get("dry_run") else next(left)
        return httpx.Response(200, json={**empty, **figures, **counted})

    return answer


def test_bulk_rerun_asks_with_the_count_and_goes_on_to_the_end(serve: Callable[[Answer], None]) -> None:
    """All steps have one id; refusals are printed by reason, and the trace of the new runs."""
    asked: list[dict[str, Any]] = []
    refused = [{"code": "job_not_found", "count": 2, "sample_run_ids": ["a@1"]}]
    steps = [
        {"matched": 3, "done": 1, "refused": refused, "next_cursor": 40},
        {"matched": 3, "done": 1, "refused": refused},
    ]
    serve(_bulk_api(steps, asked))
    result = CliRunner().invoke(app, ["rerun", "--search", "route", "--status", "failed"], input="y\n")
    assert "1,284" in result.stderr
    assert "2 runs started" in result.stdout
    assert "multi-job runs --trace " + "f" * 32 in result.stdout
    assert "4 job_not_found: a@1" in result.stderr
    assert result.exit_code == 1
    assert {each["bulk_id"] for each in asked} == {asked[0]["bulk_id"]}
    assert [each.get("cursor") for each in asked] == [None, None, 40]
    assert all(each["filter"] == {"q": "route", "status": ["failed"]} for each in asked)


def test_bulk_action_that_is_not_confirmed_changes_nothing(serve: Callable[[Answer], None]) -> None:
    """Nor does a dry run."""
    asked: list[dict[str, Any]] = []
    serve(_bulk_api([], asked))
    assert CliRunner().invoke(app, ["cancel", "--job", "a"], input="n\n").exit_code == 1
    assert CliRunner().invoke(app, ["cancel", "--all", "--dry-run"]).exit_code == 0
    assert [each["dry_run"] for each in asked] == [True, True]


def test_stopped_bulk_action_names_the_command_that_goes_on(serve: Callable[[Answer], None]) -> None:
    """With the times as they were at its start, its id and its place."""
    asked: list[dict[str, Any]] = []
    stop = {"done": 5, "matched": 5, "next_cursor": 77, "stopped": {"code": "queue_full", "detail": "full"}}
    serve(_bulk_api([stop, {"done": 1}], asked))
    result = CliRunner().invoke(app, ["rerun", "--search", "no route", "--since", "24h", "--yes"])
    assert result.exit_code == 1
    command = " ".join(result.stderr.split()).partition("later: ")[2]
    words = shlex.split(command)
    assert words[:4] == ["multi-job", "rerun", "--search", "no route"]
    assert words[words.index("--cursor") + 1] == "77"
    assert CliRunner().invoke(app, [*words[1:], "--yes"]).exit_code == 0
    assert asked[1] == {**asked[0], "cursor": 77}


@pytest.mark.parametrize(
    "words",
    [
        ["cancel"],
        ["rerun"],
        ["cancel", "--all", "--job", "a"],
        ["cancel", "a@5", "--job", "a"],
        ["rerun", "a@5", "--all"],
        ["rerun", "--job", "a", "--wait"],
        ["cancel", "a@5", "--dry-run"],
    ],
    ids=" ".join,
)
def test_unclear_choice_of_runs_is_refused(serve: Callable[[Answer], None], words: list[str]) -> None:
    """A forgotten option must not be taken for "all runs"."""
    serve(lambda _: pytest.fail("nothing may be asked"))
    result = CliRunner().invoke(app, words)
    assert isinstance(result.exception, UsageError)
