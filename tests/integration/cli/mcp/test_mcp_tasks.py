"""Long runs as tasks: the extension of the protocol 2026-07-28, from the handle to the result."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any, Literal

import pytest
from mcp.client.extension import ClaimContext, ClientExtension, ResultClaim
from mcp.shared.exceptions import MCPError
from mcp.types import INVALID_PARAMS, CallToolResult, Request, RequestParams, Result
from pydantic import ConfigDict, Field

from app.cli.mcp.run_tasks import TASKS
from tests.support.mcp.assistant import AssistantPlatform, Person, data_of
from tests.support.queue.queue_driver import QueueDriver
from tests.support.waiting import wait_until_async


class TaskHandle(Result):
    model_config = ConfigDict(extra="allow")

    result_type: Literal["task"] = Field(alias="resultType")
    task_id: str = Field(alias="taskId")
    status: str
    poll_interval_ms: int = Field(alias="pollIntervalMs")


class AnyResult(Result):
    model_config = ConfigDict(extra="allow")


class TaskRequestParams(RequestParams):
    task_id: str = Field(serialization_alias="taskId")


class TaskRequest(Request[TaskRequestParams, str]):
    name_param = "taskId"


class Tasks(ClientExtension):
    """Keeps each handle, and finishes the call with its task's result."""

    identifier = TASKS

    def __init__(self) -> None:
        self.handles: list[TaskHandle] = []
        self.polled: list[str] = []

    def claims(self) -> Sequence[ResultClaim[Any]]:
        return [ResultClaim(result_type="task", model=TaskHandle, resolve=self._resolve)]

    async def _resolve(self, handle: TaskHandle, context: ClaimContext) -> CallToolResult:
        self.handles.append(handle)
        while True:
            task = await ask(context.session, "tasks/get", handle.task_id)
            self.polled.append(task["status"])
            if task["status"] == "completed":
                return CallToolResult.model_validate(task["result"])
            if task["status"] == "cancelled":
                raise MCPError(0, "cancelled")
            await asyncio.sleep(0)


async def ask(session: Any, method: str, task_id: str) -> dict[str, Any]:
    request = TaskRequest(method=method, params=TaskRequestParams(task_id=task_id))
    result = await session.send_request(request, AnyResult)
    return result.model_dump(mode="json", by_alias=True)


async def test_run_is_a_task_until_it_ends(platform: AssistantPlatform, driver: QueueDriver) -> None:
    """The handle works, then the task has the result that the tool would have returned."""
    await platform.new_job("job-a")
    tasks = Tasks()
    async with platform.assistant(Person(), extensions=[tasks]) as assistant:
        assert TASKS in (assistant.client.server_capabilities.extensions or {})
        calling = asyncio.create_task(assistant.client.call_tool("run", {"job_id": "job-a"}))
        await wait_until_async(lambda: "working" in tasks.polled)
        (claimed,) = (await driver.claim()).runs
        await driver.finish(claimed, output='{"rows": 3}')
        run = data_of(await calling)
    assert (run["run_id"], run["result"]["output"]) == (claimed.run_id, {"rows": 3})
    assert tasks.handles[0].status == "working"
    assert tasks.polled[-1] == "completed"


async def test_task_is_cancelled_by_its_caller_alone(
    platform: AssistantPlatform, driver: QueueDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The id of a run is no task; another key's task is none; the own one ends, and its run with it."""
    await platform.new_job("job-a")
    other_run = await driver.enqueue("job-a")
    tasks = Tasks()
    async with platform.assistant(Person(), extensions=[tasks]) as assistant:
        session = assistant.client.session
        calling = asyncio.create_task(assistant.client.call_tool("run", {"job_id": "job-a"}))
        await wait_until_async(lambda: "working" in tasks.polled)
        task_id = tasks.handles[0].task_id
        signature = task_id.rpartition(".")[2]
        for made_up in (other_run, f"{other_run}.", f"{other_run}.{signature}", "", "é.é"):
            with pytest.raises(MCPError) as refused:
                await ask(session, "tasks/cancel", made_up)
            assert refused.value.error.code == INVALID_PARAMS
        assert (await ask(session, "tasks/update", task_id))["resultType"] == "complete"
        assert (await ask(session, "tasks/cancel", task_id))["resultType"] == "complete"
        with pytest.raises(MCPError, match="cancelled"):
            await calling
        monkeypatch.setenv("MULTI_JOB_API_KEY", "another")
        async with platform.assistant(Person(), extensions=[Tasks()]) as other:
            with pytest.raises(MCPError, match="not found"):
                await ask(other.client.session, "tasks/cancel", task_id)
        monkeypatch.delenv("MULTI_JOB_API_KEY")
    states = {run["run_id"]: run["status"] for run in (await platform.admin.get("/runs")).json()}
    assert states.pop(other_run) == "queued"
    assert list(states.values()) == ["cancelled"]


async def test_task_methods_need_the_extension(platform: AssistantPlatform) -> None:
    """The error names the extension that a client has not declared."""
    async with platform.assistant() as assistant:
        with pytest.raises(MCPError) as refused:
            await ask(assistant.client.session, "tasks/get", "x.y")
    assert refused.value.error.code == -32021
    assert TASKS in refused.value.error.data["requiredCapabilities"]["extensions"]
