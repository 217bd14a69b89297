"""The MCP server with the tools that the protocol's conformance checks call, on a made-up platform.

`python -m tests.support.mcp.conformance_server PORT` serves it over HTTP. Its runs end after the seconds that
their inputs name, so that the checks see tasks of each outcome.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx
from mcp.server.mcpserver import Context, require_client_extension
from mcp.types import CallToolResult, InputRequiredResult, TextContent

from app.cli.mcp.http_server import Address, serve
from app.cli.mcp.person import answer_in, ask, question_schema
from app.cli.mcp.platform_api import PlatformApi
from app.cli.mcp.run_tasks import ENDED, TASKS, as_task, of_run, wants_task
from app.cli.mcp.server import Options, build_server

Ctx = Context[Any, Any]
_LISTS = {"/jobs", "/runs", "/reports", "/incidents", "/dead-letters"}


@dataclass
class MadeUpRuns:
    """An API that has runs only; a run's outcome is decided when it is made."""

    runs: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])

    def answer(self, request: httpx.Request) -> httpx.Response:
        """Return the answer of the API."""
        path = request.url.path
        if path == "/runs" and request.method == "POST":
            return httpx.Response(201, json=self._made(json.loads(request.content)))
        if path in _LISTS:
            return httpx.Response(200, json=[])
        run = self.runs.get(path.split("/")[2]) if path.startswith("/runs/") else None
        if run is None:
            return httpx.Response(404, json={"title": "Not found", "detail": path, "code": "not_found"})
        if path.endswith("/cancel"):
            run["cancelled"] = True
        return httpx.Response(200, json=_state(run))

    def _made(self, asked: dict[str, Any]) -> dict[str, Any]:
        run_id = f"{len(self.runs):026d}"
        self.runs[run_id] = {**asked, "run_id": run_id, "began": time.time()}
        return _state(self.runs[run_id])


def _state(run: dict[str, Any]) -> dict[str, Any]:
    is_over = time.time() >= run["began"] + run["seconds"]
    status = "cancelled" if run.get("cancelled") else run["ends"] if is_over else "running"
    at = datetime.fromtimestamp(run["began"], UTC).isoformat().replace("+00:00", "Z")
    return {
        "run_id": run["run_id"],
        "status": status,
        "created_at": at,
        "started_at": at,
        "ended_at": at if status in ENDED else None,
        "result": {"output": run["output"]} if status == "success" else None,
    }


async def _serve(port: int) -> None:
    transport = httpx.MockTransport(MadeUpRuns().answer)
    server = build_server(Options(), transport)
    api = PlatformApi(transport)

    async def started(ctx: Ctx, seconds: float, ends: str, output: Any) -> CallToolResult:
        run = await api.post("/runs", {"seconds": seconds, "ends": ends, "output": output})
        return as_task(run) if wants_task(ctx) and run["status"] not in ENDED else of_run(run)

    async def greet(name: str) -> CallToolResult:
        """Greet a person."""
        return _said(f"Hello, {name}!")

    async def slow_compute(ctx: Ctx, seconds: float, label: str = "") -> CallToolResult:
        """Compute for some seconds."""
        return await started(ctx, seconds, "success", label)

    async def failing_job(ctx: Ctx) -> CallToolResult:
        """Fail after a second; it is a task or nothing."""
        if not wants_task(ctx):
            require_client_extension(ctx.request_context, TASKS)
        return await started(ctx, 1, "failed", None)

    async def test_tool_with_task(ctx: Ctx) -> CallToolResult | InputRequiredResult:
        """Ask for a name, then compute."""
        name = await _asked(ctx)
        if isinstance(name, InputRequiredResult):
            return name
        return await started(ctx, 0.5, "success", f"Hello, {name}!")

    async def test_input_required_result_elicitation(ctx: Ctx) -> CallToolResult | InputRequiredResult:
        """Ask for a name and greet."""
        name = await _asked(ctx)
        return name if isinstance(name, InputRequiredResult) else _said(f"Hello, {name}!")

    for tool in (greet, slow_compute, failing_job, test_tool_with_task):
        server.add_tool(tool)
    server.add_tool(test_input_required_result_elicitation)
    server.add_tool(test_input_required_result_elicitation, name="test_input_required_result_request_state")
    server.add_tool(test_input_required_result_elicitation, name="test_input_required_result_tampered_state")
    server.add_tool(test_input_required_result_elicitation, name="test_input_required_result_capabilities")
    await serve(server, Address("127.0.0.1", port))


async def _asked(ctx: Ctx) -> str | InputRequiredResult:
    reply = await ask(ctx, "What is your name?", question_schema([]))
    if isinstance(reply, InputRequiredResult):
        return reply
    if reply is None:
        return "stranger"
    given = reply.result.content or {}
    return answer_in(reply.result) or str(next(iter(given.values()), "stranger"))


def _said(text: str) -> CallToolResult:
    return CallToolResult(content=[TextContent(type="text", text=text)])


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1])))
