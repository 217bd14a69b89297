"""litellm in a child process, against a scripted provider.

Most of the processes are forked from one that has the library imported; the others start afresh.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil
import pytest

from app.core.clock import SystemClock
from app.core.config import Settings
from app.core.queue import Queue
from app.planner.ai import process as ai_process
from app.planner.ai.chat import MAX_ANSWER_TOKENS
from app.planner.ai.models import ModelChoice
from app.planner.ai.planner import CHILDREN_AT_ONCE
from app.planner.ai.process import LitellmClient, environment_of
from app.planner.models import AiOptions, Certainty, Plan, PlanRequest, PlanSource
from tests.support.planner.ai_child_fixture import AiChildren, open_ai_children
from tests.support.planner.ai_planning import WHOLE
from tests.support.planner.fake_openai import (
    FakeOpenAi,
    Reply,
    Step,
    fail_with,
    fake_openai,
    says,
)
from tests.support.planner.hostile_answers import GOOD, MONITOR, PROMPT
from tests.support.planner.planner_fakes import ZONE, draft_of, planned, schedule_of
from tests.support.planner.planner_fixture import open_planner
from tests.support.planner.planning import plan_text
from tests.support.waiting import wait_until_async

# Importing the library takes a process 5 s, several times that on a busy machine.
PATIENCE_SEC = 120


@pytest.fixture(scope="module")
def ai_children() -> Iterator[AiChildren]:
    with open_ai_children() as ai_children:
        yield ai_children


@pytest.fixture
def forked_child(ai_children: AiChildren, monkeypatch: pytest.MonkeyPatch) -> None:
    """Spare the child its imports."""
    monkeypatch.setattr(ai_process, "start_child", ai_children.start)


@pytest.fixture
def provider() -> Iterator[FakeOpenAi]:
    with fake_openai() as fake:
        yield fake


class Provider:
    """A planner whose model is the scripted one."""

    def __init__(self, settings: Settings, clock: SystemClock, queue: Queue, provider: FakeOpenAi) -> None:
        self._parts = (clock, queue)
        self._settings = settings.model_copy(update={"planner_ai_model": "openai/test-model"})
        self.environment = {**os.environ, "OPENAI_API_KEY": "sk-test", "OPENAI_API_BASE": provider.base}
        self.provider = provider
        self.client = LitellmClient(self.environment)

    async def plan(self, *steps: Step, max_steps: int = 4, timeout_sec: float = PATIENCE_SEC) -> Plan:
        """Plan the prompt, of which the rules read a report that is in doubt."""
        self.provider.script(*steps)
        self.provider.requests.clear()
        settings = self._settings.model_copy(update={"planner_ai_timeout_sec": timeout_sec})
        fixture = open_planner(settings, *self._parts, environment=self.environment, client=self.client)
        draft = draft_of(planned(certainty=Certainty.ASK), prompt=PROMPT)
        fixture.rules.drafts[PROMPT] = replace(draft, notes=(WHOLE,))
        fixture.rules.otherwise = plan_text
        return await fixture.desk.preview(PlanRequest(PROMPT, ai=AiOptions(max_steps=max_steps)))


@pytest.fixture
async def model(
    settings: Settings, clock: SystemClock, queue: Queue, provider: FakeOpenAi
) -> AsyncIterator[Provider]:
    model = Provider(settings, clock, queue, provider)
    yield model
    await model.client.close()
    assert children() == []


def html(_request: object) -> Reply:
    return Reply(200, b"<html>hello")


def children() -> list[psutil.Process]:
    return [each for each in psutil.Process().children() if _is_child(each)]


def _is_child(process: psutil.Process) -> bool:
    try:
        return "app.planner.ai.child" in process.cmdline()
    except psutil.NoSuchProcess:
        return False


async def test_child_asks_the_provider(model: Provider) -> None:
    """The provider gets the task and the facts, and its answer becomes the plan."""
    found = await model.plan(says("no JSON"), says(f"<think>{{hm}}</think>```json\n{GOOD}\n```"))
    (job,) = found.jobs
    assert (found.source, job.spec.job_id) == (PlanSource.MODEL, "monitor-telegram-bot_a01")
    first, second = model.provider.requests
    assert (first["model"], first["max_tokens"]) == ("test-model", MAX_ANSWER_TOKENS)
    assert "laporan tiap hari" in first["messages"][-1]["content"]
    assert "it is not JSON" in second["messages"][-1]["content"]
    assert len(children()) == 1


# What the rules cannot place: the prompt, the words of its time, what a model makes of it, the schedule.
UNPLACED: list[tuple[str, str, str, dict[str, Any], dict[str, Any]]] = [
    ("aku mau tahu kabar toko", "tiap hari jam 6 pagi", "report.daily", {}, {"cron": "0 6 * * *"}),
    ("simpan semuanya ke brankas", "tiap hari jam 1 malam", "backup.export", {}, {"cron": "0 1 * * *"}),
    ("how did we do?", "every weekday at 7am", "report.daily", {}, {"cron": "0 7 * * 1-5"}),
    ("put it all in the vault", "every night at 2am", "backup.export", {}, {"cron": "0 2 * * *"}),
    ("tutup buku", "tiap jam 11 malam", "backup.export", {}, {"cron": "0 23 * * *"}),
    ("ceritakan keadaan sistem", "tiap senin jam 8", "report.daily", {}, {"cron": "0 8 * * 1"}),
    ("keep a spare copy of it all", "every 6 hours", "backup.export", {}, {"interval_sec": 21_600}),
    ("what happened yesterday?", "every day at 6:30am", "report.daily", {}, {"cron": "30 6 * * *"}),
    ("gimana kabarnya hari ini?", "tiap hari jam 5 sore", "report.daily", {}, {"cron": "0 17 * * *"}),
    (
        "give the slack devops account a nudge",
        "every hour",
        "monitor.channel",
        {"channel": "slack", "account_id": "devops"},
        {"interval_sec": 3_600},
    ),
]


SAID = {
    "report.daily": "laporan",
    "backup.export": "backup",
    "monitor.channel": "watch slack account devops",
}


def knowing(request: dict[str, Any]) -> dict[str, Any] | Reply:
    """Be a model that knows what the words mean and leaves times to the rules."""
    said = json.loads(request["messages"][-1]["content"])["request"]
    _, expression, job_type, _, _ = next(each for each in UNPLACED if each[0] in said)
    plain = f"{SAID[job_type]} {expression}"
    return says(json.dumps({"types": [job_type], "plain": plain}))(request)


@pytest.mark.usefixtures("forked_child")
async def test_model_places_what_the_rules_cannot(
    model: Provider, settings: Settings, clock: SystemClock, queue: Queue, provider: FakeOpenAi
) -> None:
    """Ten sentences without a job for the rules are planned, with the rules' times."""
    provider.script(knowing)
    base = {"planner_ai_model": "openai/m", "planner_ai_timeout_sec": PATIENCE_SEC}
    with_model = settings.model_copy(update=base)
    fixture = open_planner(with_model, clock, queue, model.environment, plan_text, client=model.client)
    turns = asyncio.Semaphore(CHILDREN_AT_ONCE)

    async def plan(prompt: str, ai: AiOptions | None) -> Plan:
        async with turns:
            return await fixture.desk.preview(PlanRequest(prompt, timezone=ZONE, ai=ai))

    prompts = [f"{words} {expression}" for words, expression, *_ in UNPLACED]
    alone = await asyncio.gather(*(plan(prompt, None) for prompt in prompts))
    assert [found.jobs for found in alone] == [()] * len(prompts)
    planned_by_model = await asyncio.gather(*(plan(prompt, AiOptions()) for prompt in prompts))
    for found, (_, _, job_type, inputs, schedule) in zip(planned_by_model, UNPLACED, strict=True):
        assert found.source is PlanSource.MODEL, found.warnings
        (job,) = found.jobs
        assert (job.spec.type, job.spec.inputs) == (job_type, inputs)
        assert {
            name: value for name, value in schedule_of(job.spec).items() if name != "timezone"
        } == schedule


def proposes(**changes: Any) -> Step:
    return says(json.dumps({**MONITOR, **changes}))


FAILURES: dict[str, tuple[Step, str]] = {
    "prose": (says("I cannot plan."), "it is not JSON"),
    "cut off": (says('{"types": [{'), "it is not JSON"),
    "enables": (proposes(enabled=True), "enabled"),
    "unknown type": (proposes(types=["shell.exec"]), "no job type shell.exec"),
    "code": (says("import os; os.system('id')"), "it is not JSON"),
    "no content": (lambda _: {"role": "assistant", "content": None}, "no chat completion"),
    "key": (fail_with(401, "invalid_api_key"), "refuses the key"),
    "unknown model": (fail_with(404, "model_not_found"), "does not know the model"),
    "context": (fail_with(400, "context_length_exceeded"), "longer than the context"),
    "busy": (fail_with(429, "rate_limit_exceeded"), "busy"),
    "html": (html, "cannot be reached"),
}


@pytest.mark.usefixtures("forked_child")
@pytest.mark.parametrize(("step", "why"), FAILURES.values(), ids=FAILURES)
async def test_model_that_fails_leaves_the_rules_plan(model: Provider, step: Step, why: str) -> None:
    """After any failure the rules' plan is used, with a warning that names the failure."""
    found = await model.plan(step, max_steps=2)
    assert found.source is PlanSource.RULES
    assert [job.spec.type for job in found.jobs] == ["report.daily"]
    assert "without the model" in found.warnings[0]
    assert why in found.warnings[0]


BROKEN: list[tuple[str, str]] = [
    ("raise ModuleNotFoundError('no litellm here')", "a package is missing"),
    ("import os; os._exit(3)", "exit code 3"),
]


@pytest.mark.parametrize(("library", "why"), BROKEN, ids=["package missing", "crash"])
async def test_child_that_cannot_begin_leaves_the_rules_plan(
    model: Provider, library: str, why: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A library that is not whole, or ends its process, costs the model's plan and nothing else."""
    (tmp_path / "litellm.py").write_text(library, "utf-8")
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    found = await model.plan(says(GOOD))
    assert (found.source, why in found.warnings[0]) == (PlanSource.RULES, True), found.warnings
    assert children() == []


async def test_child_is_kept_and_replaced_if_it_has_ended(model: Provider) -> None:
    """A second plan needs no second import; a child that has ended in between is replaced."""
    await model.plan(says(GOOD))
    (first,) = children()
    again = await model.plan(says(GOOD))
    assert (again.source, children()) == (PlanSource.MODEL, [first])
    first.kill()
    after = await model.plan(says(GOOD))
    (second,) = children()
    assert (after.source, second == first) == (PlanSource.MODEL, False)


async def test_child_that_is_idle_ends(model: Provider) -> None:
    """No process stays for a model that is not asked."""
    model.client = LitellmClient(model.environment, idle_sec=0.01)
    found = await model.plan(says(GOOD))
    assert found.source is PlanSource.MODEL
    await wait_until_async(lambda: not children(), PATIENCE_SEC, "the child ends")


@pytest.mark.usefixtures("forked_child")
async def test_calls_of_a_child_count_their_tokens(model: Provider, queue: Queue) -> None:
    """What each call used is in the metric."""
    await model.plan(says("no JSON"), says(GOOD))
    metrics = await queue.link.call("HGETALL", queue.keys.metrics)
    assert dict(zip(metrics[::2], metrics[1::2], strict=True))["planner_tokens"] == "4"


async def test_child_that_hangs_is_killed(model: Provider) -> None:
    """A provider that does not answer costs its time-out and no process."""
    found = await model.plan(model.provider.hangs(), timeout_sec=5)
    assert found.source is PlanSource.RULES
    assert "longer than 5 s" in found.warnings[0]
    assert children() == []


async def test_child_ends_with_who_asked(model: Provider) -> None:
    """A caller that goes away takes the child along."""
    asked = asyncio.create_task(model.plan(model.provider.hangs()))
    await wait_until_async(lambda: model.provider.requests, PATIENCE_SEC, "the model is asked")
    assert len(children()) == 1
    asked.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asked
    assert children() == []


def test_child_sees_no_setting_of_the_deployment() -> None:
    """Other people's code runs there: it gets what Python needs, and the provider's own variables."""
    environment = {
        "PATH": "/bin",
        "SECRET_KEY": "canary",
        "REDIS_URL": "redis://:canary@h",
        "API_KEYS": "a:admin:canary",
        "OPENAI_API_KEY": "canary",
        "OPENAI_API_BASE": "http://b",
    }
    seen = environment_of(environment, ModelChoice("openai/x", None, "k", ("OPENAI_API_BASE",)))
    assert "canary" not in json.dumps(seen)
    assert (seen["PATH"], seen["OPENAI_API_BASE"]) == ("/bin", "http://b")
    assert seen["LITELLM_MODE"] == "PRODUCTION"
