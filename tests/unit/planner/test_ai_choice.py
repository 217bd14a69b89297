"""The model that is asked, what its calls cost, and the tools of an agent."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from app.planner.ai.chat import MAX_ANSWER_TOKENS
from app.planner.ai.models import AiFailure, choose_model
from app.planner.ai.planner import AiPlanner
from app.planner.models import (
    AiOptions,
)
from tests.support.planner.ai_planning import (
    BASE,
    grounding,
    settings,
    tools_for,
)
from tests.support.planner.hostile_answers import GOOD, MONITOR
from tests.support.planner.planner_fakes import (
    VIEW,
    ZONE,
    FreeBudget,
    ScriptedChat,
    no_names,
)


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
        ({"planner_ai_base": BASE}, {"OPENAI_API_KEY": "sk"}, "openai/qwen", ("qwen", BASE, None)),
        ({"planner_ai_base": BASE, "planner_ai_api_key": "sk"}, {}, "a/b", ("a/b", BASE, "sk")),
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


async def test_plans_at_once_are_limited() -> None:
    """An extra request does not wait: it is noted, and the rules answer."""

    class Nested(ScriptedChat):
        async def complete(self, choice: Any, messages: Any, schema: Any, timeout_sec: float) -> Any:
            with pytest.raises(AiFailure) as caught:
                await busy.propose(AiOptions(), grounding(), VIEW)
            assert caught.value.code == "busy"
            return await super().complete(choice, messages, schema, timeout_sec)

    with_model = settings(planner_ai_base=BASE, planner_ai_model="x")
    chat = Nested(['{"jobs": []}'])
    busy = AiPlanner(with_model, {}, FreeBudget(), no_names, chat=chat, at_once=1)
    assert (await busy.propose(AiOptions(), grounding(), VIEW)).jobs == ()
    assert (await busy.propose(AiOptions(), grounding(), VIEW)).jobs == ()
    assert len(chat.asked) == 2


async def test_each_call_is_reserved_and_settled() -> None:
    """A repair round is a call of its own; what the server reports replaces the reservation."""
    budget = FreeBudget()
    with_model = settings(planner_ai_base=BASE, planner_ai_model="x")
    asking = AiPlanner(with_model, {}, budget, no_names, chat=ScriptedChat(["no JSON", GOOD]))
    await asking.propose(AiOptions(), grounding(), VIEW)
    assert budget.used == [100, 100]
    assert all(tokens > MAX_ANSWER_TOKENS for tokens in budget.reserved)


@pytest.mark.parametrize(("code", "used"), [("busy", False), ("bad_answer", True)])
async def test_failed_call_is_free_if_no_model_has_answered(code: str, used: bool) -> None:
    """A refused call costs nothing; an answer that is too long was made, so it counts as reserved."""

    class Failing(ScriptedChat):
        async def complete(self, choice: Any, messages: Any, schema: Any, timeout_sec: float) -> Any:
            raise AiFailure(code, "so")

    budget = FreeBudget()
    with_model = settings(planner_ai_base=BASE, planner_ai_model="x")
    asking = AiPlanner(with_model, {}, budget, no_names, chat=Failing([]))
    with pytest.raises(AiFailure):
        await asking.propose(AiOptions(), grounding(), VIEW)
    assert budget.used == (budget.reserved if used else [0])


def test_tools_answer_what_they_are_for() -> None:
    """Types with what a prompt can set, whether a job holds together, when a schedule fires."""
    tools = tools_for()
    types = json.loads(tools.call("list_job_types", {}))
    assert types["monitor.channel"] == (
        "watch an account of a channel. channel, account_id, notify {channel, to, account_id}, "
        "fail_after (integer), after_sec (integer)"
    )
    found = json.loads(tools.call("resolve_time", {"expression": "tiap 5 menit", "job_type": "report.daily"}))
    assert found == {"schedule": {"interval_sec": 300}, "assumptions": []}
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
