"""Each tool and resource of the MCP server, with the SDK's client in both generations of the protocol."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from mcp.client.session import ClientRequestContext
from mcp.types import ElicitRequestParams, ElicitResult

from app.cli.mcp.server import Options
from app.core.config import Settings
from app.core.models import AttemptOutcome
from tests.support.jobs.job_harness import JobHarness
from tests.support.mcp.assistant import MODES, YES, AssistantPlatform, Mode, Person
from tests.support.queue.queue_driver import QueueDriver

SENTENCE = "Pantau telegram akun bot_a01 tiap 30 detik dan buat laporan harian jam 07:00"
IN_TURN = pytest.mark.parametrize("mode", MODES)


async def finish_next(
    driver: QueueDriver, outcome: AttemptOutcome = AttemptOutcome.SUCCESS, **end: Any
) -> str:
    """Be the worker of the next run; return its id."""
    while True:
        for run in (await driver.claim()).runs:
            await driver.finish(run, outcome, **end)
            return run.run_id
        await asyncio.sleep(0)


@IN_TURN
async def test_plan_is_shown_to_the_person_and_applied(platform: AssistantPlatform, mode: Mode) -> None:
    """The question has every job, its times on the person's clock and its inputs; a yes applies that plan."""
    person = Person()
    async with platform.assistant(person, mode=mode) as assistant:
        planned = await assistant.body("plan", prompt=SENTENCE)
        assert planned["next_tool"] == "confirm_plan"
        assert person.asked == []
        assert await platform.acts() == []
        done = await assistant.call("confirm_plan", plan_id=planned["plan_id"])
    assert [each["create_status"] for each in done["results"]] == ["created", "created"]
    for part in ("monitor-telegram-bot_a01", "report-daily", "07:00 WIB", "bot_a01", "interval_sec"):
        assert part in person.last, part


@IN_TURN
async def test_question_of_a_plan_is_asked(platform: AssistantPlatform, mode: Mode) -> None:
    """A sentence that fits two jobs asks which; the person's choice becomes the plan."""
    for job_id in ("report-toko", "report-gudang"):
        schedule = {"cron": "0 7 * * *", "timezone": "Asia/Jakarta"}
        await platform.new_job(job_id, type="report.daily", schedule=schedule)
    person = Person([{"answer": "report-gudang"}])
    async with platform.assistant(person, mode=mode) as assistant:
        planned = await assistant.call("plan", prompt="matikan laporan harian")
    (question,) = person.asked
    assert question.requested_schema["properties"]["answer"]["enum"]
    assert [job["job_spec"]["job_id"] for job in planned["jobs"]] == ["report-gudang"]


async def test_question_is_answered_by_the_tool(platform: AssistantPlatform) -> None:
    """A client without forms gets the question as data, and `answer` goes on from there."""
    for job_id in ("report-toko", "report-gudang"):
        await platform.new_job(job_id, type="report.daily", schedule={"cron": "0 7 * * *"})
    async with platform.assistant() as assistant:
        planned = await assistant.body("plan", prompt="matikan laporan harian")
        assert planned["next_tool"] == "answer"
        refusal = await assistant.refused("confirm_plan", plan_id=planned["plan_id"])
        assert "open question" in refusal
        assert {"report-gudang", "report-toko"} <= set(refusal.replace(";", " ").replace(":", " ").split())
        answered = await assistant.call("answer", plan_id=planned["plan_id"], answer="report-toko")
    assert [job["job_spec"]["job_id"] for job in answered["jobs"]] == ["report-toko"]


async def test_doubted_plan_is_not_confirmed(platform: AssistantPlatform) -> None:
    """An assistant gets the readings, and no way to apply both of them unasked."""
    async with platform.assistant() as assistant:
        planned = await assistant.body("plan", prompt="pantau telegram akun bot_a atau bot_b tiap menit")
        assert planned["next_tool"] == "answer"
        assert "open question" in await assistant.refused("confirm_plan", plan_id=planned["plan_id"])
    assert await platform.acts() == []


@IN_TURN
@pytest.mark.parametrize("reply", [{"confirm": False}, {}, {"confirm": "true"}, "decline", "cancel"])
async def test_nothing_is_done_without_a_yes(platform: AssistantPlatform, mode: Mode, reply: Any) -> None:
    """A form sent as it came, a word in place of a yes, and a refusal: no act."""
    await platform.new_job("job-a")
    before = await platform.acts()
    async with platform.assistant(Person([reply]), mode=mode) as assistant:
        planned = await assistant.body("plan", prompt=SENTENCE)
        await assistant.refused("confirm_plan", plan_id=planned["plan_id"])
        await assistant.refused("run", job_id="job-a")
    assert await platform.acts() == before


async def test_client_without_forms_gets_the_command(platform: AssistantPlatform) -> None:
    """Nothing is done; the text has the command with which the person does it."""
    await platform.new_job("job-a")
    before = await platform.acts()
    async with platform.assistant() as assistant:
        planned = await assistant.body("plan", prompt=SENTENCE)
        plan_id = planned["plan_id"]
        refusal = await assistant.refused("confirm_plan", plan_id=plan_id, confirm=True)
        assert f"multi-job plan --from {plan_id} --apply" in refusal
        assert f"/plan?plan={plan_id}" in refusal
        assert "multi-job run job-a" in await assistant.refused("run", job_id="job-a")
    assert await platform.acts() == before


@IN_TURN
async def test_run_returns_its_output(platform: AssistantPlatform, driver: QueueDriver, mode: Mode) -> None:
    """A confirmed run is waited for, and its progress is reported."""
    await platform.new_job("job-a")
    heard: list[str | None] = []

    async def hear(progress: float, total: float | None, message: str | None) -> None:
        assert total is not None
        assert 0 <= progress <= total
        heard.append(message)

    async with platform.assistant(Person(), mode=mode) as assistant:
        worker = asyncio.create_task(finish_next(driver, output='{"rows": 3}'))
        result = await assistant.client.call_tool("run", {"job_id": "job-a"}, progress_callback=hear)
        run_id = await worker
    assert set(heard) <= {"queued", "running"}
    assert result.structured_content is not None
    run = result.structured_content["data"]
    assert (run["run_id"], run["status"], run["result"]["output"]) == (run_id, "success", {"rows": 3})


async def test_failed_run_is_an_error_of_the_tool(platform: AssistantPlatform, driver: QueueDriver) -> None:
    """The assistant sees the state and the reason."""
    await platform.new_job("job-a", retry_policy={"max_retry": 0})
    async with platform.assistant(Person()) as assistant:
        error = '{"kind": "exception", "code": "x", "message": "no paper", "retryable": false, "at": 1}'
        worker = asyncio.create_task(
            finish_next(driver, AttemptOutcome.FAILED, error=error, fingerprint="f1")
        )
        text = await assistant.refused("run", job_id="job-a")
        await worker
    assert json.loads(text)["data"]["error"]["message"] == "no paper"


async def test_run_that_goes_on_is_returned_as_it_is(platform: AssistantPlatform) -> None:
    """After the wait the run's state is the result."""
    await platform.new_job("job-a")
    async with platform.assistant(Person()) as assistant:
        run = await assistant.call("run", job_id="job-a", wait_sec=0)
    assert run["status"] == "queued"


@IN_TURN
async def test_cancel_asks_and_cancels(platform: AssistantPlatform, driver: QueueDriver, mode: Mode) -> None:
    """The question names the run; an ended run is refused without one."""
    await platform.new_job("job-a")
    run_id = await driver.enqueue("job-a")
    person = Person()
    async with platform.assistant(person, mode=mode) as assistant:
        assert (await assistant.call("cancel", run_id=run_id))["status"] == "cancelled"
        assert run_id in person.last
        assert "ended already" in await assistant.refused("cancel", run_id=run_id)
    assert len(person.asked) == 1


@IN_TURN
async def test_redrive_asks_and_runs_again(
    platform: AssistantPlatform, driver: QueueDriver, mode: Mode
) -> None:
    """The question has the number, the error and the jobs; an unknown error is refused."""
    await platform.new_job("job-a")
    failed = await driver.fail("job-a")
    person = Person()
    async with platform.assistant(person, mode=mode) as assistant:
        (group,) = await assistant.call("dead_letters")
        done = await assistant.call("redrive", fingerprint=group["fingerprint"])
        assert done["run_ids"] == [failed.run_id]
        assert "No dead letter" in await assistant.refused("redrive", fingerprint="other")
    assert "it broke" in person.last


@IN_TURN
async def test_redrive_acts_on_what_the_person_confirmed(
    platform: AssistantPlatform, driver: QueueDriver, mode: Mode
) -> None:
    """A letter of the same error that came after the question stays, or the person is asked again."""
    await platform.new_job("job-a")
    dead = [(await driver.fail("job-a")).run_id]

    class SlowPerson(Person):
        async def __call__(self, context: ClientRequestContext, params: ElicitRequestParams) -> ElicitResult:
            if len(dead) == 1:
                dead.append((await driver.fail("job-a")).run_id)
            return await super().__call__(context, params)

    person = SlowPerson()
    async with platform.assistant(person, mode=mode) as assistant:
        (group,) = await assistant.call("dead_letters")
        done = await assistant.call("redrive", fingerprint=group["fingerprint"])
    confirmed = dead if len(person.asked) == 2 else dead[:1]
    assert sorted(done["run_ids"]) == sorted(confirmed)
    states = [(await driver.fields(driver.keys.run(each)))["status"] for each in dead]
    assert states == ["queued" if each in confirmed else "failed" for each in dead]


async def test_lists_have_pages(platform: AssistantPlatform) -> None:
    """`next_cursor` goes on, and the last page has none."""
    for number in range(5):
        await platform.new_job(f"job-{number}")
    async with platform.assistant() as assistant:
        found: list[str] = []
        cursor: str | None = None
        for _page in range(3):
            body = await assistant.body("list_jobs", limit=2, cursor=cursor)
            found += [job["job_id"] for job in body["data"]]
            cursor = body["next_cursor"]
        assert cursor is None
        assert sorted(found) == [f"job-{number}" for number in range(5)]
        assert [job["job_id"] for job in await assistant.call("list_jobs", search="job-3")] == ["job-3"]


async def test_reading_tools_and_resources_agree(platform: AssistantPlatform, driver: QueueDriver) -> None:
    """A job, a run with its log, the reason, incidents; the same by address."""
    await platform.new_job("job-a", description="Menghitung stok")
    run_id = await driver.enqueue("job-a")
    async with platform.assistant() as assistant:
        job = await assistant.call("show", kind="job", id="job-a")
        assert job["description"] == "Menghitung stok"
        assert (await assistant.call("show", kind="run", id=run_id))["log"] == []
        assert [run["run_id"] for run in await assistant.call("list_runs", job_id="job-a")] == [run_id]
        assert "text" in json.dumps(await assistant.call("why", job_id="job-a"))
        assert await assistant.call("incidents") == []
        assert json.loads(await assistant.read("multi-job://jobs/job-a"))["data"] == job
        assert json.loads(await assistant.read(f"multi-job://runs/{run_id}"))["data"]["run_id"] == run_id
        assert json.loads(await assistant.read("multi-job://jobs"))["data"][0]["job_id"] == "job-a"
        assert json.loads(await assistant.read("multi-job://reports"))["data"] == []


async def test_report_is_read_as_a_text(
    platform: AssistantPlatform, driver: QueueDriver, settings: Settings
) -> None:
    """A published report comes as Markdown, by the tool and by its address."""
    harness = JobHarness(driver, settings)
    async with harness.connector(), platform.assistant() as assistant:
        await harness.run("report.daily", {}, job_id="laporan")
        (report,) = json.loads(await assistant.read("multi-job://reports"))["data"]
        text = await assistant.call("show", kind="report", id=report["id"])
        assert text.startswith("# ")
        assert json.loads(await assistant.read(f"multi-job://reports/{report['id']}"))["data"] == text


async def test_unknown_things_are_refused_in_words(platform: AssistantPlatform) -> None:
    """The API's reason comes through; an id that looks like a path stays an id."""
    async with platform.assistant(Person()) as assistant:
        assert "nobody" in await assistant.refused("show", kind="job", id="nobody")
        await assistant.refused("show", kind="run", id="../keys")
        await assistant.refused("confirm_plan", plan_id="0" * 26)
        await assistant.refused("why", job_id="a/../../keys")
    assert await platform.acts() == []


async def test_allowed_act_needs_no_person(platform: AssistantPlatform) -> None:
    """`--allow run` frees runs, and neither cancelling nor plans."""
    await platform.new_job("job-a")
    async with platform.assistant(options=Options(frozenset({"run"}))) as assistant:
        run = await assistant.call("run", job_id="job-a", wait_sec=0)
        await assistant.refused("cancel", run_id=run["run_id"])
        planned = await assistant.body("plan", prompt=SENTENCE)
        await assistant.refused("confirm_plan", plan_id=planned["plan_id"])
    runs = (await platform.admin.get("/runs")).json()
    assert [each["run_id"] for each in runs] == [run["run_id"]]


async def test_changed_job_is_asked_about_again(platform: AssistantPlatform) -> None:
    """A yes counts for exactly the text that was shown."""
    await platform.new_job("job-a", description="one")

    class Slow(Person):
        async def __call__(self, context: Any, params: Any) -> Any:
            if not self.asked:
                spec = {"type": "simulation.load", "description": "two"}
                await platform.admin.put("/jobs/job-a", json=spec)
            return await super().__call__(context, params)

    person = Slow([YES])
    async with platform.assistant(person) as assistant:
        await assistant.call("run", job_id="job-a", wait_sec=0)
    assert ["one" in person.asked[0].message, "two" in person.asked[1].message] == [True, True]
