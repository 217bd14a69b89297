"""Plans with Ollama and llama.cpp's server: fakes on loopback with their rules, and the real client."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from app.core.config import Settings
from app.planner.ai.chat import MAX_ANSWER_TOKENS, ChatClient
from app.planner.ai.models import ModelChoice
from app.planner.ai.planner import AiPlanner
from app.planner.models import AiOptions, Plan, PlanRequest, PlanSource
from tests.support.planner.ai_planning import planner_of
from tests.support.planner.fake_openai import FakeOpenAi, Step, fail_with, fake_openai, says
from tests.support.planner.hostile_answers import GOOD, PROMPT
from tests.support.planner.local_servers import (
    LlamaCpp,
    LocalServer,
    Ollama,
    context_exceeded,
    loading,
    only_thoughts,
    strict,
    tokens_of,
)
from tests.support.planner.planner_fakes import FakeRules, FreeBudget, ScriptedChat, draft_of
from tests.support.planner.planning import plan_text

MODEL = "qwen3:4b"
SMALL_CONTEXT = 4_096
"""Of Ollama on a machine with less than 24 GB of graphics memory."""


class ThinkingInText(LlamaCpp):
    """Started with --reasoning-format none."""

    place = "content"


class OldLlamaCpp(LlamaCpp):
    is_old = True


@pytest.fixture
def provider() -> Iterator[FakeOpenAi]:
    with fake_openai() as fake:
        yield fake


async def plan(provider: FakeOpenAi, *steps: Step, model: str = MODEL) -> Plan:
    provider.script(*steps)
    fields: dict[str, Any] = {"planner_ai_base": provider.base, "planner_ai_model": model}
    settings = Settings(_env_file=None, **fields)  # pyright: ignore[reportCallIssue]
    planner = planner_of(ScriptedChat([]), FakeRules({PROMPT: draft_of(prompt=PROMPT)}, plan_text))
    planner = replace(planner, ai=AiPlanner(settings, {}, FreeBudget()))
    return await planner.plan(PlanRequest(PROMPT, ai=AiOptions()))


SERVERS = {
    "ollama": Ollama(GOOD),
    "ollama, thinking model": Ollama(GOOD, thinks="yes"),
    "ollama, thinks always": Ollama(GOOD, thinks="always"),
    "llama.cpp": LlamaCpp(GOOD),
    "llama.cpp, thinking model": LlamaCpp(GOOD, thinks="yes"),
    "llama.cpp, thoughts in the text": ThinkingInText(GOOD, thinks="always"),
    "llama.cpp, older": OldLlamaCpp(GOOD, thinks="yes"),
}


@pytest.mark.parametrize("name", SERVERS)
async def test_local_server_plans_with_one_request(provider: FakeOpenAi, name: str) -> None:
    """The first form of the request is accepted, constrained by its schema, without thoughts, and fits."""
    server = replace(SERVERS[name], constrained=[], thought=[])
    found = await plan(provider, server)
    assert (len(found.jobs), found.source) == (1, PlanSource.MODEL), found.notes
    (request,) = provider.requests
    assert server.constrained == [True]
    assert server.thought == [server.thinks == "always"]
    assert request["stream"] is False
    assert tokens_of(request) + MAX_ANSWER_TOKENS <= SMALL_CONTEXT
    assert server.cut == 0


async def test_server_without_schemas_is_asked_for_plain_text(provider: FakeOpenAi) -> None:
    """A server that refuses json_schema answers in a fence after a sentence, which is read."""
    server = LlamaCpp(GOOD, formats=frozenset({"text", "json_object"}))
    found = await plan(provider, server)
    assert (len(found.jobs), found.source) == (1, PlanSource.MODEL), found.notes
    assert [sorted(request.keys() - {"model", "messages"}) for request in provider.requests] == [
        [
            "chat_template_kwargs",
            "max_tokens",
            "reasoning_effort",
            "response_format",
            "stream",
            "temperature",
        ],
        ["max_tokens", "response_format", "stream", "temperature"],
        ["max_tokens", "stream", "temperature"],
    ]


async def test_server_that_refuses_unknown_fields_keeps_the_schema(provider: FakeOpenAi) -> None:
    """The second form has the fields of OpenAI alone, and its schema."""
    provider.script(strict)
    choice = ModelChoice("m", provider.base, None)
    client = ChatClient()
    await client.complete(choice, [{"role": "user", "content": "x"}], {"type": "object"}, 20)
    assert len(provider.requests) == 2
    assert "response_format" in provider.requests[1]


FAILURES: dict[str, tuple[Step, str, str]] = {
    "unknown model": (
        Ollama(GOOD),
        "mistral",
        "does not know the model (HTTP 404 model 'mistral' not found)",
    ),
    "small context": (LlamaCpp(GOOD, context=256), MODEL, "longer than the context"),
    "full context": (context_exceeded, MODEL, "longer than the context"),
    "loading": (loading, MODEL, "still loads the model"),
    "only thoughts": (only_thoughts, MODEL, "all its tokens for thinking"),
    "server of another kind": (fail_with(500), MODEL, "cannot be reached"),
}


@pytest.mark.parametrize(("step", "model", "why"), FAILURES.values(), ids=FAILURES)
async def test_failure_of_a_local_server_has_its_reason(
    provider: FakeOpenAi, step: Step, model: str, why: str
) -> None:
    """The plan of the rules is used, and the note says what to look at; no other form is tried."""
    found = await plan(provider, step, model=model)
    assert found.source is PlanSource.RULES
    assert why in found.warnings[0], found.warnings
    assert len(provider.requests) == 1


async def test_fields_of_the_own_api_are_not_sent(provider: FakeOpenAi) -> None:
    """`think`, `format` and `options` are Ollama's own, and ignored at /v1: nothing relies on them."""
    await plan(provider, says(GOOD))
    assert not {"think", "format", "options", "grammar", "json_schema"} & provider.requests[0].keys()


def test_fakes_differ_where_the_servers_do() -> None:
    """What one refuses, the other ignores: the fakes would show a client that relies on either."""
    messages = [{"role": "user", "content": "x"}]
    base = {"model": MODEL, "messages": messages}
    for server, effort, status in ((Ollama(GOOD), "minimal", 400), (LlamaCpp(GOOD), "minimal", 200)):
        assert server({**base, "reasoning_effort": effort}).status == status
    untyped: dict[str, Any] = {
        "type": "json_schema",
        "json_schema": {"schema": {"type": "object", "properties": {"a": {}}}},
    }
    assert LlamaCpp(GOOD)({**base, "response_format": untyped}).status == 400
    silent: list[LocalServer] = [Ollama(GOOD, thinks="yes"), LlamaCpp(GOOD, thinks="yes")]
    for server in silent:
        server({**base, "think": False})
        assert server.thought == [True]
