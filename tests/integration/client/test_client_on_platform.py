"""The clients on a real API and worker: the documented programs, cut connections, a restart of the API."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from multi_job.client import AsyncClient, Client, ConflictError, Retries, Run, WaitTimeoutError
from tests.support.client.client_platform import HOST, ClientPlatform
from tests.support.documents.documents import Document
from tests.support.faults.proxy import FaultProxy, Weather
from tests.support.waiting import wait_until, wait_until_async

EXAMPLE = """\
from multi_job import Client, job


@job("shop.hello")                       # retry=…, timeout=…, runs_in=…, tools=(…), phrases=…
async def hello(ctx, name: str = "dunia") -> dict:
    ctx.log.info("halo", name=name)
    return {"greeting": f"halo {name}"}


client = Client("http://127.0.0.1:8000")  # key from MULTI_JOB_API_KEY
client.jobs.create(job_id="first", type="shop.hello", inputs={"name": "Budi"})
print(client.jobs.run("first").wait(20).output)
"""


@pytest.fixture
def client(platform: ClientPlatform) -> Iterator[Client]:
    with Client(platform.url, platform.key) as client:
        yield client


@pytest.fixture
def proxy(platform: ClientPlatform) -> Iterator[FaultProxy]:
    with FaultProxy(platform.port) as proxy:
        yield proxy


def sleeper(client: Client, job_id: str, duration_ms: int = 3_000) -> None:
    client.jobs.create(job_id=job_id, type="test.sleep", inputs={"duration_ms": duration_ms})


def has_started(client: Client, job_id: str) -> bool:
    return any(run["status"] == "running" for run in client.jobs.runs(job_id))


def in_background(work: Callable[[], Any]) -> Callable[[], Any]:
    """Start work in a thread; the function that is returned waits for its result."""
    found: list[Any] = []

    def keep() -> None:
        try:
            found.append(work())
        except Exception as error:  # noqa: BLE001  the test sees it
            found.append(error)

    thread = threading.Thread(target=keep, daemon=True)
    thread.start()

    def result() -> Any:
        thread.join(60)
        assert found, "the work has not ended"
        if isinstance(found[0], Exception):
            raise found[0]
        return found[0]

    return result


def test_the_first_program_runs_as_written(platform: ClientPlatform) -> None:
    """A job type, a job and a run in one short program."""
    assert platform.run(EXAMPLE) == "{'greeting': 'halo Budi'}\n"


def test_programs_of_the_page_print_what_it_shows(platform: ClientPlatform) -> None:
    """All Python blocks of docs/python-client.md, in their order, as one program."""
    blocks = Document("docs/python-client.md").blocks()
    program = "\n".join(block.text for block in blocks if block.language == "python")
    shown = [line for block in blocks if block.language == "text" for line in block.text.splitlines()]
    assert platform.run(program).splitlines() == shown


def test_a_job_lives_through_its_methods(client: Client) -> None:
    """Create, read, list, change, switch, roll back, delete."""
    assert client.jobs.create(job_id="life", type="test.echo", tags=["life"])["version"] == 1
    assert client.jobs.update("life", description="changed")["version"] == 2
    assert [job["job_id"] for job in client.jobs.list(tag="life")] == ["life"]
    assert client.jobs.disable("life")["status"] == "disabled"
    assert client.jobs.enable("life")["status"] == "enabled"
    assert client.jobs.roll_back("life", 1)["description"] == ""
    with pytest.raises(ConflictError) as error:
        client.jobs.create(job_id="life", type="test.noop")
    assert error.value.code == "job_exists"
    assert client.jobs.delete("life")["status"] == "deleted"


def test_a_failed_run_shows_its_error(client: Client) -> None:
    """`wait` returns it; a re-run is another run."""
    client.jobs.create(
        job_id="failing",
        type="test.fail",
        inputs={"retryable": False, "message": "no stock"},
        retry_policy={"max_retry": 0},
    )
    run = client.jobs.run("failing").wait(30)
    assert run.status == "failed"
    assert run.error is not None
    assert run.error["message"] == "no stock"
    again = client.runs.rerun(run.run_id, inputs={"times": 0}).wait(30)
    assert again.output == {"attempt": 1}


def test_a_run_is_cancelled(client: Client) -> None:
    """The wait sees it."""
    sleeper(client, "cancelled", 60_000)
    run = client.jobs.run("cancelled")
    run.cancel()
    assert run.wait(30).status == "cancelled"


def test_a_wait_that_is_over_leaves_the_run_alone(client: Client) -> None:
    """The time of the wait is over, the run goes on."""
    sleeper(client, "slow", 60_000)
    run = client.jobs.run("slow")
    with pytest.raises(WaitTimeoutError):
        run.wait(0.5)
    assert run.refresh().has_ended is False
    run.cancel()


def test_logs_are_followed_while_they_are_written(client: Client) -> None:
    """Each line comes once, in order, and the iteration ends with the run."""
    inputs = {"lines": 5, "message": "step", "duration_ms": 100}
    client.jobs.create(job_id="logging", type="test.log", inputs=inputs)
    run = client.jobs.run("logging")
    assert [line["message"] for line in run.logs(follow=True)] == [f"step {number}" for number in range(5)]


def test_a_wait_resumes_after_its_connection_is_cut(
    platform: ClientPlatform, client: Client, proxy: FaultProxy, caplog: pytest.LogCaptureFixture
) -> None:
    """The stream is cut in the middle of the run and cannot be opened for a while; the end is seen."""
    caplog.set_level(logging.DEBUG, "multi_job.client")
    sleeper(client, "cut")
    with Client(f"http://{HOST}:{proxy.port}", platform.key) as cut_client:
        run = cut_client.jobs.run("cut")
        result = in_background(lambda: run.wait(50))
        wait_until(lambda: "the event stream is open" in caplog.text, 60, "the client follows the run")
        proxy.set(Weather(refuse=True))
        wait_until(lambda: " again in " in caplog.text, 60, "the client has been refused")
        proxy.heal()
        assert result().status == "success"
    assert "is asked for each second" not in caplog.text
    assert len(list(client.jobs.runs("cut"))) == 1


def test_a_submission_over_a_bad_connection_makes_one_run(platform: ClientPlatform, client: Client) -> None:
    """Answers are lost, so requests are sent again; each key makes one run."""
    client.jobs.create(job_id="lossy", type="test.noop")
    with FaultProxy(platform.port) as proxy, Client(f"http://{HOST}:{proxy.port}", platform.key) as lossy:
        proxy.set(Weather(drop_each=2))
        ids = {lossy.jobs.run("lossy").run_id for _ in range(8)}
        assert proxy.dropped >= 4
        proxy.heal()
    assert {run["run_id"] for run in client.jobs.runs("lossy")} == ids
    assert len(ids) == 8


def test_a_wait_outlives_a_restart_of_the_api(platform: ClientPlatform, client: Client) -> None:
    """Both clients wait while the API is killed and started again; each run is made once."""
    sleeper(client, "restart")
    patient = Retries(times=60, longest_sec=1)
    with Client(platform.url, platform.key, retries=patient) as other:
        run = other.jobs.run("restart")
        result = in_background(lambda: run.wait(60))

        async def wait() -> str:
            async with AsyncClient(platform.url, platform.key) as each:
                return (await (await each.jobs.run("restart")).wait(60)).status

        status = in_background(lambda: asyncio.run(wait()))
        wait_until(lambda: has_started(client, "restart"), 60, "a run is at work")
        platform.kill_api()
        submitted = in_background(lambda: other.jobs.run("restart"))
        platform.start_api()
        assert (result().status, status()) == ("success", "success")
        last: Run[Any] = submitted()
        assert last.wait(60).status == "success"
    assert len(list(client.jobs.runs("restart"))) == 3


async def test_many_waits_at_once_all_end(platform: ClientPlatform, caplog: pytest.LogCaptureFixture) -> None:
    """A key may have 20 streams: the other waits ask each second."""
    async with AsyncClient(platform.url, platform.key) as client:
        await client.jobs.create(job_id="many", type="test.noop")
        await client.queues.pause(scope="job", name="many")
        runs = [await client.jobs.run("many") for _ in range(25)]
        waits = asyncio.gather(*(run.wait(60) for run in runs))
        await wait_until_async(lambda: caplog.text.count("is asked for each second") == 5, 60)
        await client.queues.resume(scope="job", name="many")
        assert {run.status for run in await waits} == {"success"}


async def test_events_are_followed(platform: ClientPlatform) -> None:
    """The events of a run come in their order; the iteration ends when its reader leaves it."""
    async with AsyncClient(platform.url, platform.key) as client:
        await client.jobs.create(job_id="events", type="test.noop")
        followed = client.events.follow("job:events")

        async def two() -> list[str]:
            return [(await anext(followed))["type"], (await anext(followed))["type"]]

        kinds = asyncio.ensure_future(two())
        # The stream may not be open yet when the first run is made.
        while not kinds.done():
            await (await client.jobs.run("events")).wait(30)
        await followed.aclose()
    assert all(kind.startswith("run.") for kind in await kinds)


async def test_a_plan_is_applied_after_its_confirmation(platform: ClientPlatform) -> None:
    """The handle of a plan executes exactly that plan."""
    async with AsyncClient(platform.url, platform.key) as client:
        plan = await client.plan("Buat laporan mingguan hari Senin jam 08:00", timezone="Asia/Jakarta")
        jobs = [each["job_spec"]["job_id"] for each in plan.jobs]
        assert jobs
        done = await plan.execute()
        assert [each["create_status"] for each in done["results"]] == ["created"]
        assert [each["job_id"] for each in done["results"]] == jobs
        await client.jobs.delete(jobs[0])
