"""The client of an OpenAI-compatible server, against a fake one on loopback that speaks real HTTP."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from typing import Any

import pytest

from app.core.clock import SystemClock
from app.core.config import Settings
from app.core.messaging.contacts import ContactDraft, ContactStore
from app.core.queue import Queue
from app.planner.ai.chat import MAX_REPLY_BYTES, ChatClient
from app.planner.ai.models import AiFailure, ModelChoice
from app.planner.models import AiOptions, NoteKind, Plan, PlanRequest, PlanSource
from tests.support.planner.fake_openai import FakeOpenAi, Reply, Step, fail_with, fake_openai, says
from tests.support.planner.hostile_answers import GOOD, PROMPT
from tests.support.planner.planner_fakes import draft_of, monitor, planned
from tests.support.planner.planner_fixture import TERMS, open_planner
from tests.support.planner.planning import plan_text

KEY = "sk-canary-0123456789"
ASK: list[dict[str, str]] = [{"role": "user", "content": "hello"}]
SCHEMA: dict[str, Any] = {"type": "object"}


@pytest.fixture
def provider() -> Iterator[FakeOpenAi]:
    with fake_openai() as fake:
        yield fake


async def ask(provider: FakeOpenAi, *steps: Step, client: ChatClient | None = None) -> str:
    provider.script(*steps)
    choice = ModelChoice("m", provider.base, KEY)
    return (await (client or ChatClient()).complete(choice, ASK, SCHEMA, 20)).text


def refuses(*names: str) -> Step:
    """Return a step of a server that answers 400 to some parameters."""

    def step(request: dict[str, Any]) -> Any:
        return fail_with(400)(request) if set(names) & request.keys() else says("good")(request)

    return step


async def test_request_has_key_model_and_schema(provider: FakeOpenAi) -> None:
    """A server with structured output gets the schema of the answer; the key is in the header alone."""
    assert await ask(provider, says("good")) == "good"
    (request,) = provider.requests
    assert (request["model"], request["messages"]) == ("m", ASK)
    assert request["response_format"]["json_schema"]["schema"] == SCHEMA
    assert provider.keys == [f"Bearer {KEY}"]
    assert KEY not in json.dumps(request)


@pytest.mark.parametrize(
    ("refused", "requests"),
    [
        (("reasoning_effort",), 2),
        (("chat_template_kwargs",), 2),
        (("response_format",), 3),
        (("response_format", "max_tokens"), 4),
    ],
    ids=["no thinking", "strict parameters", "no structured output", "newer names of parameters"],
)
async def test_refused_parameter_is_left_out(
    provider: FakeOpenAi, refused: tuple[str, ...], requests: int
) -> None:
    """A server that answers 400 is asked without the parameter, and from then on at once."""
    client = ChatClient()
    assert await ask(provider, refuses(*refused), client=client) == "good"
    assert len(provider.requests) == requests
    assert await ask(provider, refuses(*refused), client=client) == "good"
    assert len(provider.requests) == requests + 1


def body(value: Any, status: int = 200) -> Step:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return lambda _: Reply(status, raw)


def message(content: Any) -> Any:
    return {"choices": [{"message": {"role": "assistant", "content": content}}]}


BAD: list[tuple[str, Step, str]] = [
    ("key", fail_with(401, f"bad key {KEY}"), "refuses the key"),
    ("forbidden", fail_with(403), "refuses the key"),
    ("unknown model", fail_with(404), "does not know the model"),
    ("busy", fail_with(429), "busy"),
    ("always 400", fail_with(400), "HTTP 400"),
    ("server error", fail_with(500), "HTTP 500"),
    ("redirect", body(b"", 302), "HTTP 302"),
    ("html", body(b"<html>hello"), "no chat completion"),
    ("empty", body(b""), "no chat completion"),
    ("null", body(None), "no chat completion"),
    ("list", body([]), "no chat completion"),
    ("no choices", body({"choices": []}), "no chat completion"),
    ("choices as object", body({"choices": {"0": 1}}), "no chat completion"),
    ("no content", body(message(None)), "no chat completion"),
    ("content as parts", body(message([{"type": "text", "text": GOOD}])), "no chat completion"),
    ("content as number", body(message(7)), "no chat completion"),
    ("tool call", body({"choices": [{"message": {"tool_calls": [{"id": "x"}]}}]}), "no chat completion"),
    ("not a number", body(b'{"choices": NaN}'), "no chat completion"),
    ("deep", body(b"[" * 50_000), "no chat completion"),
    ("huge", body(message("x" * MAX_REPLY_BYTES)), "too long"),
    ("not utf-8", body(b'{"choices": "\\xff"}'), "no chat completion"),
]


@pytest.mark.parametrize(("name", "step", "why"), BAD, ids=[name for name, _, _ in BAD])
async def test_bad_response_is_a_reason_without_the_key(
    provider: FakeOpenAi, name: str, step: Step, why: str
) -> None:
    """Whatever a server answers becomes one sentence, which never holds the key."""
    with pytest.raises(AiFailure, match=why) as caught:
        await ask(provider, step)
    assert KEY not in caught.value.message
    assert len(caught.value.message) < 400


async def test_model_on_this_machine_needs_no_proxy(
    provider: FakeOpenAi, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A proxy of the environment serves distant servers; the loopback address is reached without it."""
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert await ask(provider, says("good")) == "good"


async def test_key_in_an_answer_is_redacted(provider: FakeOpenAi) -> None:
    """A server that repeats the key does not bring it into a plan."""
    assert await ask(provider, says(f"your key is {KEY}")) == "your key is ***"


async def test_compressed_response_is_refused() -> None:
    """A small body never becomes a large one: compression is neither asked for nor accepted."""
    with (
        fake_openai(headers={"Content-Encoding": "gzip"}) as provider,
        pytest.raises(AiFailure, match="content-encoding"),
    ):
        await ask(provider, body(gzip.compress(b"x" * 1_000_000)))
    assert provider.accepted == ["identity"]


async def test_server_that_is_not_there_is_a_reason() -> None:
    """A refused connection leaves the rules' plan."""
    with fake_openai() as provider:
        choice = ModelChoice("m", provider.base, KEY)
    with pytest.raises(AiFailure, match="cannot be reached"):
        await ChatClient().complete(choice, ASK, SCHEMA, 20)


@pytest.mark.parametrize(
    ("usage", "tokens"),
    [
        ({"total_tokens": 7}, 7),
        ({"total_tokens": -7}, None),
        ({"total_tokens": 10**30}, None),
        ({"total_tokens": "7"}, None),
        ("many", None),
        (None, None),
    ],
)
async def test_reported_tokens_are_not_trusted_blindly(
    provider: FakeOpenAi, usage: Any, tokens: int | None
) -> None:
    """A number that cannot be one is replaced by an estimate."""
    provider.script(body({**message("good"), "usage": usage}))
    found = await ChatClient().complete(ModelChoice("m", provider.base, None), ASK, SCHEMA, 20)
    assert found.tokens == tokens


# The whole way: a plan with a server at PLANNER_AI_BASE.


async def plan(settings: Settings, queue: Queue, provider: FakeOpenAi, *steps: Step, **changes: Any) -> Plan:
    provider.script(*steps)
    base = {"planner_ai_base": provider.base, "planner_ai_model": "m", **changes}
    fixture = open_planner(settings.model_copy(update=base), SystemClock(), queue)
    fixture.rules.drafts[PROMPT] = draft_of(prompt=PROMPT)
    fixture.rules.otherwise = plan_text
    return await fixture.desk.preview(PlanRequest(PROMPT, ai=AiOptions()))


async def test_plan_by_a_server_needs_no_child(
    settings: Settings, queue: Queue, provider: FakeOpenAi
) -> None:
    """The default way to a model is one HTTP request; its answer becomes the plan."""
    found = await plan(settings, queue, provider, says(GOOD))
    assert (len(found.jobs), found.source, len(provider.requests)) == (1, PlanSource.MODEL, 1)


async def test_used_up_budget_leaves_the_rules(
    settings: Settings, queue: Queue, provider: FakeOpenAi
) -> None:
    """Without tokens the model is not asked, and a note says so."""
    found = await plan(settings, queue, provider, says(GOOD), planner_ai_tokens_per_day=10)
    assert (found.source, provider.requests) == (PlanSource.RULES, [])
    (note,) = [each for each in found.notes if "PLANNER_AI_TOKENS_PER_DAY" in each.text]
    assert note.kind is NoteKind.ENVIRONMENT


async def test_server_that_hangs_costs_the_time_limit(
    settings: Settings, queue: Queue, provider: FakeOpenAi
) -> None:
    """A server that does not answer is given up after PLANNER_AI_TIMEOUT_SEC."""
    found = await plan(settings, queue, provider, provider.hangs(), planner_ai_timeout_sec=1)
    assert found.source is PlanSource.RULES
    assert "longer than 1 s" in found.warnings[0] or "did not answer in time" in found.warnings[0]


async def test_job_of_a_model_waits_for_a_confirmation(
    settings: Settings, queue: Queue, provider: FakeOpenAi
) -> None:
    """A prompt that is executed in one call applies no job of the model; the stored plan can be confirmed."""
    provider.script(says(GOOD))
    base = {"planner_ai_base": provider.base, "planner_ai_model": "m"}
    fixture = open_planner(settings.model_copy(update=base), SystemClock(), queue)
    fixture.rules.drafts[PROMPT] = draft_of(prompt=PROMPT)
    fixture.rules.otherwise = plan_text
    done = await fixture.desk.execute(PlanRequest(PROMPT, ai=AiOptions()), None, TERMS, None)
    assert [each.create_status for each in done.results] == ["needs_confirmation"]
    assert done.confirm_id is not None
    confirmed = await fixture.desk.execute(None, done.confirm_id, TERMS, None)
    assert [each.create_status for each in confirmed.results] == ["created"]


async def test_model_gets_names_and_no_address(
    settings: Settings, queue: Queue, provider: FakeOpenAi
) -> None:
    """Accounts and contacts of the clause are named; other names, and all numbers, stay here."""
    provider.script(says(GOOD))
    base = {"planner_ai_base": provider.base, "planner_ai_model": "m"}
    fixture = open_planner(settings.model_copy(update=base), SystemClock(), queue)
    fixture.rules.drafts[PROMPT] = draft_of(prompt=PROMPT)
    fixture.rules.otherwise = plan_text
    contacts = ContactStore(queue.link, queue.scripts, SystemClock())
    for name in ("Bu Siti", "Bu Ops"):
        await contacts.put(ContactDraft(name, "whatsapp", "628110001111"), "ana")
    message = planned("message.send", channel="whatsapp", to="628110002222", text="halo")
    for job in (message, monitor("gudang")):
        await fixture.execute(job)
    await fixture.desk.preview(PlanRequest(PROMPT, ai=AiOptions()))
    facts = json.loads(provider.requests[0]["messages"][-1]["content"])
    assert facts["names"] == ["Bu Ops"]
    assert "62811" not in json.dumps(provider.requests)
