"""Long runs as tasks: the extension `io.modelcontextprotocol/tasks` of the protocol 2026-07-28.

A run that has not ended is a task of a client that has declared the extension. The task's state is the run's,
so nothing is stored here, and a task survives this server. Its id is the run's id and a signature with the
caller's own key: a text in a job cannot name a task, and a task cannot end a run that it did not start.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from typing import Any, Final

from mcp.server import ServerRequestContext
from mcp.server.context import CallNext, HandlerResult
from mcp.server.extension import Extension, MethodBinding
from mcp.server.mcpserver import Context, require_client_extension
from mcp.server.mcpserver.exceptions import ToolError
from mcp.shared.exceptions import MCPError
from mcp.types import HEADER_MISMATCH, INVALID_PARAMS, CallToolRequestParams, CallToolResult, RequestParams
from mcp.types.version import MODERN_PROTOCOL_VERSIONS
from pydantic import Field

from app.cli.mcp.platform_api import PlatformApi, authorization
from app.cli.mcp.results import result

TASKS: Final = "io.modelcontextprotocol/tasks"
ENDED: Final = frozenset({"success", "failed", "cancelled"})
POLL_INTERVAL_MS: Final = 2_000
_TASK: Final = "multi-job/task"
_KEYLESS: Final = secrets.token_bytes(32)
"""Signs the tasks of callers without a key; it ends with this process, and those tasks with it."""


class TaskParams(RequestParams):
    """The parameters of a request about a task; answers to its questions are ignored: it has none."""

    task_id: str = Field(alias="taskId", max_length=200)


def wants_task(ctx: Context[Any, Any]) -> bool:
    """Return whether the caller understands a task in place of a result."""
    capabilities = ctx.client_capabilities
    declared = capabilities.extensions if capabilities is not None else None
    return ctx.protocol_version in MODERN_PROTOCOL_VERSIONS and TASKS in (declared or {})


def as_task(run: dict[str, Any]) -> CallToolResult:
    """Return the result of a tool as the task of a run; `RunTasks` puts it into its form."""
    made = result(run)
    made.meta = {_TASK: run}
    return made


def of_run(run: dict[str, Any]) -> CallToolResult:
    """Return a run as a tool's result: a failed one is an error of the tool."""
    return result(run, is_error=run["status"] in {"failed", "cancelled"})


class RunTasks(Extension):
    """Turns unfinished runs into tasks, and serves them."""

    identifier = TASKS

    def __init__(self, api: PlatformApi) -> None:
        self._api = api

    def methods(self) -> Sequence[MethodBinding]:
        """Return the three methods of the extension."""
        versions = frozenset(MODERN_PROTOCOL_VERSIONS)
        handlers = {"tasks/get": self._get, "tasks/update": self._update, "tasks/cancel": self._cancel}
        return [MethodBinding(name, TaskParams, handler, versions) for name, handler in handlers.items()]

    async def intercept_tool_call(
        self, params: CallToolRequestParams, ctx: ServerRequestContext[Any, Any], call_next: CallNext
    ) -> HandlerResult:
        """Return a task if the tool has started a run that is one."""
        _ = params
        made = await call_next(ctx)
        run = (made.meta or {}).get(_TASK) if isinstance(made, CallToolResult) else None
        return made if run is None else {"resultType": "task", **_task(run)}

    async def _get(self, ctx: ServerRequestContext[Any, Any], params: TaskParams) -> HandlerResult:
        run = await self._run(ctx, params)
        task = {"resultType": "complete", **_task(run)}
        if task["status"] == "completed":
            shown = of_run(run).model_dump(mode="json", by_alias=True, exclude_none=True)
            task["result"] = shown
        return task

    async def _update(self, ctx: ServerRequestContext[Any, Any], params: TaskParams) -> HandlerResult:
        await self._run(ctx, params)
        return {"resultType": "complete"}

    async def _cancel(self, ctx: ServerRequestContext[Any, Any], params: TaskParams) -> HandlerResult:
        run = await self._run(ctx, params)
        if run["status"] not in ENDED:
            await self._api.post(f"/runs/{run['run_id']}/cancel")
        return {"resultType": "complete"}

    async def _run(self, ctx: ServerRequestContext[Any, Any], params: TaskParams) -> dict[str, Any]:
        require_client_extension(ctx, TASKS)
        headers = getattr(ctx.request, "headers", None)
        # Over HTTP the header routes a request to its task, so it must name the one in the body.
        if headers is not None and headers.get("mcp-name") != params.task_id:
            raise MCPError(HEADER_MISMATCH, "The header Mcp-Name is not the taskId of the request")
        run_id = params.task_id.rpartition(".")[0]
        if not hmac.compare_digest(task_id_of(run_id).encode(), params.task_id.encode()):
            raise MCPError(INVALID_PARAMS, "Task not found")
        try:
            return await self._api.get(f"/runs/{run_id}")
        except ToolError as error:
            raise MCPError(INVALID_PARAMS, str(error)) from error


def task_id_of(run_id: str) -> str:
    """Return the id of the task of a run for the present caller."""
    key = (authorization.get() or "").encode() or _KEYLESS
    signed = hmac.digest(hashlib.sha256(key).digest(), f"task:{run_id}".encode(), "sha256")
    return f"{run_id}.{signed.hex()[:40]}"


def _task(run: dict[str, Any]) -> dict[str, Any]:
    status = run["status"]
    state = "cancelled" if status == "cancelled" else "completed" if status in ENDED else "working"
    changed = run["ended_at"] or run["started_at"] or run["created_at"]
    return {
        "taskId": task_id_of(run["run_id"]),
        "status": state,
        "statusMessage": f"run {status}",
        "createdAt": run["created_at"],
        "lastUpdatedAt": changed,
        # A run stays until retention removes it; the platform's settings say when.
        "ttlMs": None,
        "pollIntervalMs": POLL_INTERVAL_MS,
    }
