"""The model's answer: read strictly, checked as anybody's, weighed against plain words."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from app.core.config import Settings
from app.planner.ai.models import AiFailure, choose_model
from app.planner.ai.planner import AiPlanner
from app.planner.ai.tools import PlannerTools
from app.planner.models import AiOptions, Draft, Plan, PlannedJob, PlanRequest, PlanSource
from app.planner.planner import Planner
from tests.support.channels.hostile_answers import GOOD, HOSTILE, MONITOR, PROMPT
from tests.support.channels.outbox_fixture import fixed_default
from tests.support.fake_clock import FakeClock
from tests.support.planner.planner_fakes import (
    CHECKS,
    NOW,
    VIEW,
    ZONE,
    FakeRules,
    NothingMissing,
    NothingStored,
    draft_of,
    monitor,
    planned,
    schedule_of,
)

BASE = "http://127.0.0.1:9/v1"


def settings(**changes: Any) -> Settings:
    return Settings(_env_file=None, **changes)  # pyright: ignore[reportCallIssue]


async def plan(answer: str, *read: PlannedJob, prompt: str = PROMPT, draft: Draft | None = None) -> Plan:
    """Plan a prompt that the rules read as these jobs and the model answers like this."""

    async def ask(*_: Any) -> str:
        return answer

    rules = FakeRules({prompt: draft or draft_of(*read, prompt=prompt)})
    planner = Planner(
        read=rules,
        ai=AiPlanner(settings(planner_ai_model="x", planner_ai_base=BASE), {}, ask=ask),
        checks=CHECKS,
        index=NothingStored(),
        advisor=NothingMissing(),
        clock=FakeClock(NOW),
        find_default=fixed_default(None),
    )
    return await planner.plan(PlanRequest(prompt, ai=AiOptions()))


def proposing(*jobs: PlannedJob) -> str:
    specs = [
        {"type": job.type, "schedule": job.schedule, "inputs": job.inputs, "reason": "so"} for job in jobs
    ]
    return json.dumps({"jobs": specs})


@pytest.mark.parametrize(("name", "prompt", "answer"), HOSTILE, ids=[name for name, _, _ in HOSTILE])
async def test_hostile_answer_plans_nothing(name: str, prompt: str, answer: str) -> None:
    """A malformed answer is refused whole: the rules' plan is used, and a warning has the reason."""
    found = await plan(answer, prompt=prompt)
    assert (found.jobs, found.source) == ((), PlanSource.RULES)
    assert found.warnings[0].startswith("Planned by the rules, without the model: ")


async def test_hostile_answers_leave_the_rules_plan() -> None:
    """One bad job spoils the answer, not the plan that the rules have made."""
    bad = json.dumps({"jobs": [MONITOR, {**MONITOR, "type": "shell.exec"}]})
    found = await plan(bad, monitor("bot_a01"))
    assert [job.spec.job_id for job in found.jobs] == ["monitor-telegram-bot_a01"]
    assert found.source is PlanSource.RULES


async def test_answer_plans_what_the_rules_cannot_place() -> None:
    """A good answer becomes a normal job, marked as the model's."""
    found = await plan(GOOD)
    (job,) = found.jobs
    assert (found.source, job.spec.job_id) == (PlanSource.MODEL, "monitor-telegram-bot_a01")
    assert (job.spec.enabled, job.spec.timeout_ms) == (True, 15_000)
    assert job.confidence < 1
    assert "bot_a01" in found.summary


@pytest.mark.parametrize(
    ("proposed", "word"),
    [
        (monitor("bot_a01", 60), "another time"),
        (monitor("bot_a01", channel="whatsapp"), "another target"),
        (planned("monitor.http", {"interval_sec": 60}, url="https://toko.example/ping"), "nothing"),
    ],
)
async def test_plain_words_win(proposed: PlannedJob, word: str) -> None:
    """If the rules are sure, the model changes neither time nor target, and the attempt is reported."""
    found = await plan(proposing(proposed), monitor("bot_a01", 30))
    sure = found.jobs[0].spec
    assert (sure.job_id, schedule_of(sure)) == ("monitor-telegram-bot_a01", {"interval_sec": 30})
    assert any(f"The model read {word} for monitor.channel" in warning for warning in found.warnings)
    assert [job.spec.type for job in found.jobs[1:]] == (["monitor.http"] if word == "nothing" else [])


async def test_model_wins_if_the_rules_guess() -> None:
    """A reading that the rules doubt gives way to the model's."""
    found = await plan(proposing(monitor("bot_a01", 60)), planned(confidence=0.5))
    assert [job.spec.type for job in found.jobs] == ["monitor.channel"]
    assert found.source is PlanSource.MODEL


async def test_answer_without_jobs_leaves_the_rules_plan() -> None:
    """An empty answer of the model does not override the rules."""
    found = await plan('{"jobs": []}', planned())
    assert ([job.spec.type for job in found.jobs], found.source) == (["report.daily"], PlanSource.RULES)


async def test_model_words_are_shown_as_one_plain_line() -> None:
    """Control characters and length of a model's reason do not reach a screen."""
    found = await plan(json.dumps({"jobs": [{**MONITOR, "reason": "a\x1b[31m\n\u202eb" + "c" * 900}]}))
    reason = found.jobs[0].reason
    assert reason.startswith("a [31m b")
    assert len(reason) == 200


async def test_message_worded_by_the_model_is_reported() -> None:
    """A text that does not stand in the prompt is an assumption that people see."""
    message = planned("message.send", channel="whatsapp", to="ops", text="Toko sedang diperiksa")
    found = await plan(proposing(message))
    assert any("The model worded the message" in each for each in found.assumptions)


@pytest.mark.parametrize(
    ("changes", "environment", "asked", "code"),
    [
        ({}, {}, None, "no_model"),
        ({}, {}, "https:/evil.example/x", "bad_model"),
        ({}, {}, "huggingface//https", "bad_model"),
        ({}, {}, "openai/gpt-4o-mini", "no_key"),
        ({"planner_ai_model": "anthropic/claude", "planner_ai_api_key": "sk"}, {}, "openai/gpt", "no_key"),
        ({}, {"OPENAI_API_KEY": "sk"}, "groq/llama", "no_key"),
    ],
)
def test_model_that_cannot_be_asked_says_why(
    changes: dict[str, Any], environment: dict[str, str], asked: str | None, code: str
) -> None:
    """Before anything is started it is known what is missing."""
    with pytest.raises(AiFailure) as caught:
        choose_model(settings(**changes), environment, asked)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("releases", "code"),
    [
        ({"litellm": "1.90.0"}, "package_missing"),
        ({"smolagents": "1.26.0"}, "package_missing"),
        ({"smolagents": "1.26.0", "litellm": "1.82.7"}, "malicious_release"),
        ({"smolagents": "1.26.0", "litellm": "1.82.8"}, "malicious_release"),
    ],
)
def test_packages_are_looked_at_before_they_are_loaded(releases: Mapping[str, str], code: str) -> None:
    """A missing package, and the releases that stole keys, are named and not imported."""
    with pytest.raises(AiFailure) as caught:
        choose_model(settings(), {"OPENAI_API_KEY": "sk"}, "openai/x", releases.get)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("changes", "environment", "asked", "expected"),
    [
        ({"planner_ai_api_key": "sk"}, {}, "gpt-4o", ("gpt-4o", None, "sk")),
        ({"planner_ai_api_key": "sk", "planner_ai_model": "groq/a"}, {}, "groq/b", ("groq/b", None, "sk")),
        ({}, {"ANTHROPIC_API_KEY": "ak"}, "claude-x", ("claude-x", None, "ak")),
        ({}, {}, "ollama/llama3:8b", ("ollama/llama3:8b", None, None)),
        ({"planner_ai_base": BASE}, {"OPENAI_API_KEY": "sk"}, "qwen", ("openai/qwen", BASE, "none")),
        ({"planner_ai_base": BASE, "planner_ai_api_key": "sk"}, {}, "a/b", ("openai/a/b", BASE, "sk")),
    ],
)
def test_key_goes_to_its_own_provider_only(
    changes: dict[str, Any],
    environment: dict[str, str],
    asked: str,
    expected: tuple[str, str | None, str | None],
) -> None:
    """The operator's key is sent to the operator's address, or to the provider that it is for."""
    choice = choose_model(settings(**changes), environment, asked)
    assert (choice.model_id, choice.api_base, choice.api_key) == expected
    assert "sk" not in repr(choice).replace("ask", "")


async def test_third_plan_at_once_is_not_asked() -> None:
    """Children are limited: an extra request is reported, and the rules answer."""

    async def ask(*_: Any) -> str:
        with pytest.raises(AiFailure) as caught:
            await busy.propose(AiOptions(), tools)
        assert caught.value.code == "busy"
        return '{"jobs": []}'

    busy = AiPlanner(settings(planner_ai_base=BASE, planner_ai_model="x"), {}, at_once=1, ask=ask)
    tools = tools_for()
    assert await busy.propose(AiOptions(), tools) == ()
    assert await busy.propose(AiOptions(), tools) == ()


def tools_for(**drafts: Draft) -> PlannerTools:
    request = PlanRequest(PROMPT, None, NOW, deployment_timezone=ZONE)
    return PlannerTools(CHECKS, FakeRules(dict(drafts)), request, VIEW)


def test_tools_answer_what_they_are_for() -> None:
    """Types with what a prompt can set, whether a job holds together, when a schedule fires."""
    tools = tools_for()
    types = {
        each["type"]: each["inputs"]["properties"] for each in json.loads(tools.call("list_job_types", {}))
    }
    assert set(types["monitor.channel"]) == {"channel", "account_id", "notify"}
    assert tools.call("validate_job", {"job": MONITOR}) == "ok"
    fires = json.loads(tools.call("preview_schedule", {"schedule": {"cron": "0 7 * * *", "timezone": ZONE}}))
    assert fires[0] == {"utc": "2026-02-01T00:00:00+00:00", "timezone": ZONE}


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("shell", {"command": "id"}),
        ("validate_job", {}),
        ("validate_job", {"job": {**MONITOR, "enabled": True}}),
        ("validate_job", {"job": {**MONITOR, "type": "shell.exec"}}),
        ("validate_job", {"job": "rm -rf /"}),
        ("validate_job", [1, 2]),
        ("validate_job", {"job": "x" * 9_000}),
        ("preview_schedule", {"schedule": {"interval_sec": 0}}),
        ("preview_schedule", {"schedule": {"cron": "* * * * *", "timezone": "../x"}}),
        ("preview_schedule", {"schedule": None}),
        ("preview_schedule", {"schedule": json.loads("[" * 400 + "]" * 400)}),
        ("resolve_time", {"expression": "kapan-kapan"}),
        ("resolve_time", None),
    ],
)
def test_tools_refuse_in_words(tool: str, arguments: Any) -> None:
    """Whatever a model calls them with, a tool answers with a sentence."""
    assert tools_for().call(tool, arguments).startswith("error: ")
