"""`multi-job plan`: its requests, its questions, and what it does not apply unseen."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner, Result

from app.cli.client import Client
from app.cli.commands import plan as plan_command
from app.cli.main import app
from app.cli.output import CliError, UsageError

PLAN_ID = "0" * 26
CHOICES = ["report-daily", "the other one"]
QUESTION: dict[str, Any] = {"kind": "question", "text": "Which?", "choices": CHOICES, "job": None}
SPEC = {"job_id": "report-daily", "type": "report.daily", "schedule": {"cron": "0 7 * * *"}}
Calls = list[tuple[str, Any]]
JOB: dict[str, Any] = {
    "job_spec": SPEC,
    "change": "create",
    "certainty": "certain",
    "check": [],
    "until": None,
    "diff": [],
}


def planned(*notes: dict[str, Any], jobs: Sequence[dict[str, Any]] = (JOB,)) -> dict[str, Any]:
    return {
        "summary": "1 job.",
        "planner_source": "rule_based",
        "assumptions": [],
        "notes": list(notes),
        "jobs": list(jobs),
        "plan_id": PLAN_ID,
    }


@pytest.fixture
def notes() -> list[dict[str, Any]]:
    return []


@pytest.fixture
def jobs() -> list[dict[str, Any]]:
    """Give the jobs of the plan."""
    return [JOB]


@pytest.fixture
def status() -> list[str]:
    return ["created"]


@pytest.fixture
def asked(
    monkeypatch: pytest.MonkeyPatch,
    notes: list[dict[str, Any]],
    jobs: list[dict[str, Any]],
    status: list[str],
) -> Calls:
    """Give what the API was asked for."""
    calls: Calls = []

    def answer(request: httpx.Request) -> httpx.Response:
        calls.append((request.url.path, json.loads(request.content or "null")))
        if request.url.path != "/planner/execute":
            return httpx.Response(200, json=planned(*notes, jobs=jobs))
        result = {"job_id": "report-daily", "create_status": status[0]}
        plan_id = PLAN_ID if status[0] == "needs_confirmation" else None
        empty = dict.fromkeys(("run_id", "run_status", "result_error"))
        return httpx.Response(
            200, json={"plan_id": plan_id, "notes": notes, "results": [{**result, **empty}]}
        )

    monkeypatch.setattr(plan_command, "Client", lambda: Client(httpx.MockTransport(answer)))
    return calls


def run(*words: str, language: str = "en") -> Result:
    return CliRunner().invoke(app, ["--lang", language, "plan", *words])


def test_update_shows_its_difference_and_a_pause_its_end(
    asked: Calls, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each changed field before and after; an action names what it does."""
    cron = {"pointer": "/schedule/cron", "before": "0 6 * * *", "after": "0 7 * * *"}
    update = {**JOB, "change": "update", "diff": [cron]}
    pause = {**JOB, "change": "pause", "until": "2026-11-30T00:00:00Z"}
    plan = planned(jobs=[update, pause])
    transport = httpx.MockTransport(lambda _request: httpx.Response(200, json=plan))
    monkeypatch.setattr(plan_command, "Client", lambda: Client(transport))
    output = run("undur laporan").output
    assert "report-daily/schedule/cron: 0 6 * * * → 0 7 * * *" in output
    assert "pause until 2026-11-30" in output
    assert asked == []


def test_sentence_with_a_plan_is_its_answer(asked: Calls) -> None:
    """It goes on from that plan and changes nothing."""
    assert run("jadi jam 8", "--from", PLAN_ID).exit_code == 0
    assert asked == [("/planner/plan", {"plan_id": PLAN_ID, "answer": "jadi jam 8"})]


def test_question_shows_its_choices_and_the_command(asked: Calls, notes: list[dict[str, Any]]) -> None:
    """A person sees what is asked, and how to answer it."""
    notes.append(QUESTION)
    output = run("delete the report").output
    assert ["- report-daily" in output, "- the other one" in output] == [True, True]
    assert f"multi-job plan --from {PLAN_ID}" in output
    assert len(asked) == 1


def test_yes_applies_only_what_is_certain(asked: Calls, status: list[str]) -> None:
    """What needs a confirmation is not done; the command that confirms it is named."""
    status[0] = "needs_confirmation"
    result = run("laporan jam 7", "--apply", "--yes")
    assert result.exit_code == 1
    assert f"multi-job plan --from {PLAN_ID} --apply" in result.output
    assert asked[1][1]["only_certain"] is True


CHECKED: dict[str, Any] = {**JOB, "certainty": "check", "check": ["schedule", "to"]}
DOUBTED: dict[str, Any] = {**JOB, "certainty": "ask"}


@pytest.mark.parametrize(
    ("job", "english", "indonesian"),
    [
        (JOB, "certain", "yakin"),
        (CHECKED, "check the time and the recipient", "periksa jamnya dan penerimanya"),
        (DOUBTED, "needs your confirmation", "perlu Anda pastikan"),
        ({**JOB, "change": "delete"}, "needs your confirmation", "perlu Anda pastikan"),
    ],
)
def test_certainty_of_a_job_is_a_word(
    asked: Calls, jobs: list[dict[str, Any]], job: dict[str, Any], english: str, indonesian: str
) -> None:
    """The table says what is certain, and what a person should look at."""
    jobs[:] = [job]
    assert run("laporan").output.rstrip().endswith(english)
    assert run("laporan", language="id").output.rstrip().endswith(indonesian)
    assert len(asked) == 2


def test_interval_to_check_has_its_own_word(asked: Calls, jobs: list[dict[str, Any]]) -> None:
    """A time of day and an interval are different things to look at."""
    schedule = {"interval_sec": 60, "cron": None}
    jobs[:] = [{**CHECKED, "check": ["schedule"], "job_spec": {**SPEC, "schedule": schedule}}]
    assert "periksa selang waktunya" in run("laporan", language="id").output
    assert len(asked) == 1


@pytest.mark.parametrize("words", [("hapus laporan",), ("--from", PLAN_ID)])
def test_yes_refuses_a_question_with_the_commands_that_answer_it(
    asked: Calls, notes: list[dict[str, Any]], jobs: list[dict[str, Any]], words: Sequence[str]
) -> None:
    """Nothing is sent to be executed; each choice is a command to copy."""
    notes.append(QUESTION)
    jobs[:] = [DOUBTED]
    result = run(*words, "--apply", "--yes")
    assert isinstance(result.exception, CliError)
    message = str(result.exception)
    assert "Which?" in message
    for answer in ("report-daily", "'the other one'"):
        assert f"multi-job plan --from {PLAN_ID} {answer} --apply --yes" in message
    assert [path for path, _ in asked if path == "/planner/execute"] == []


def test_question_about_one_job_lets_the_certain_ones_through(
    asked: Calls, notes: list[dict[str, Any]], jobs: list[dict[str, Any]], status: list[str]
) -> None:
    """What is certain is applied, the rest is refused with the commands that answer."""
    other = {**DOUBTED, "job_spec": {**SPEC, "job_id": "backup-all"}}
    notes.append({**QUESTION, "job": "backup-all"})
    jobs[:] = [JOB, other]
    status[0] = "needs_confirmation"
    result = run("laporan dan backup", "--apply", "--yes")
    assert result.exit_code == 1
    assert asked[1][1]["only_certain"] is True
    assert f"multi-job plan --from {PLAN_ID} report-daily --apply --yes" in result.output


def test_person_is_asked_with_what_to_check(
    asked: Calls, jobs: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The question before the changes repeats what is to be looked at."""
    jobs[:] = [CHECKED]
    questions: list[str] = []
    monkeypatch.setattr(plan_command, "confirm", questions.append)
    assert run("laporan", "--apply").exit_code == 1
    assert questions == ["report-daily: check the time and the recipient. Apply?"]
    assert len(asked) == 1


def test_plan_that_was_seen_is_confirmed(asked: Calls) -> None:
    """Without a sentence, the plan is shown and applied."""
    result = run("--from", PLAN_ID, "--apply")
    assert (result.exit_code, "report-daily" in result.output) == (0, True)
    (shown, (path, body)) = asked
    assert shown == (f"/planner/plans/{PLAN_ID}", None)
    assert (path, body["plan_id"], body["only_certain"]) == ("/planner/execute", PLAN_ID, False)


def test_stored_plan_is_shown_alone(asked: Calls) -> None:
    """`--from` without a sentence shows the plan and changes nothing."""
    result = run("--from", PLAN_ID)
    assert (result.exit_code, "report-daily" in result.output) == (0, True)
    assert asked == [(f"/planner/plans/{PLAN_ID}", None)]


def _no(_question: str) -> bool:
    return False


def test_stored_plan_is_not_applied_without_a_yes(asked: Calls, monkeypatch: pytest.MonkeyPatch) -> None:
    """At a terminal the person is asked after the plan is shown."""

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(plan_command, "sys", SimpleNamespace(stdin=Terminal()))
    monkeypatch.setattr(plan_command, "confirm", _no)
    assert run("--from", PLAN_ID, "--apply").exit_code == 1
    assert asked == [(f"/planner/plans/{PLAN_ID}", None)]


def test_nothing_to_do_is_a_usage_error(asked: Calls) -> None:
    """Neither a sentence nor a plan to confirm."""
    assert isinstance(run("--apply").exception, UsageError)
    assert asked == []
