"""The model that is asked, and what its calls cost."""

from __future__ import annotations

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
)
from tests.support.planner.hostile_answers import GOOD
from tests.support.planner.planner_fakes import (
    FreeBudget,
    ScriptedChat,
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
    ("release", "code"),
    [(None, "package_missing"), ("1.82.7", "malicious_release"), ("1.82.8", "malicious_release")],
)
def test_package_is_looked_at_before_it_is_loaded(release: str | None, code: str) -> None:
    """A missing package, and the releases that stole keys, are named and not imported."""
    with pytest.raises(AiFailure) as caught:
        choose_model(settings(), {"OPENAI_API_KEY": "sk"}, "openai/x", lambda: release)
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
                await busy.propose(AiOptions(), grounding())
            assert caught.value.code == "busy"
            return await super().complete(choice, messages, schema, timeout_sec)

    with_model = settings(planner_ai_base=BASE, planner_ai_model="x")
    chat = Nested([GOOD])
    busy = AiPlanner(with_model, {}, FreeBudget(), client=chat, at_once=1)
    assert (await busy.propose(AiOptions(), grounding())).jobs
    assert (await busy.propose(AiOptions(), grounding())).jobs
    assert len(chat.asked) == 2


async def test_each_call_is_reserved_and_settled() -> None:
    """A repair round is a call of its own; what the server reports replaces the reservation."""
    budget = FreeBudget()
    with_model = settings(planner_ai_base=BASE, planner_ai_model="x")
    asking = AiPlanner(with_model, {}, budget, client=ScriptedChat(["no JSON", GOOD]))
    await asking.propose(AiOptions(), grounding())
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
    asking = AiPlanner(with_model, {}, budget, client=Failing([]))
    with pytest.raises(AiFailure):
        await asking.propose(AiOptions(), grounding())
    assert budget.used == (budget.reserved if used else [0])
