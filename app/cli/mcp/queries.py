"""The tools and resources that change nothing."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal
from urllib.parse import quote

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ResourceError, ToolError
from mcp.types import CallToolResult, ToolAnnotations
from pydantic import Field

from app.cli.mcp.platform_api import PlatformApi
from app.cli.mcp.results import document, page, result

READS: Final = ToolAnnotations(read_only_hint=True, open_world_hint=False)
LOG_LINES: Final = 50
Cursor = Annotated[str | None, Field(description="`next_cursor` of the call before.", max_length=200)]
Limit = Annotated[int, Field(ge=1, le=50, description="At most so many.")]
Id = Annotated[str, Field(min_length=1, max_length=200)]
Kind = Literal["job", "run", "report"]
_JSON: Final = "application/json"


def in_path(text: str) -> str:
    """Return an id as one part of a path: it can name nothing but itself."""
    return quote(text, safe="@")


@dataclass(frozen=True, slots=True)
class Queries:
    """Reads jobs, runs, reports and incidents."""

    api: PlatformApi

    async def list_jobs(
        self,
        *,
        search: Annotated[str | None, Field(description="Part of an id or a description.")] = None,
        enabled: bool | None = None,
        limit: Limit = 20,
        cursor: Cursor = None,
    ) -> CallToolResult:
        """List jobs, newest first: what runs, when, and how the last run ended."""
        query = {"q": search, "enabled": enabled, "limit": limit, "cursor": cursor}
        return page(await self.api.part("/jobs", **query))

    async def list_runs(
        self,
        *,
        job_id: Annotated[str | None, Field(description="Of this job alone.")] = None,
        status: Literal["queued", "delayed", "running", "retrying", "success", "failed", "cancelled"]
        | None = None,
        limit: Limit = 20,
        cursor: Cursor = None,
    ) -> CallToolResult:
        """List runs, newest first, with their state, output and error."""
        query = {"job_id": job_id, "status": status, "limit": limit, "cursor": cursor}
        return page(await self.api.part("/runs", **query))

    async def show(self, *, kind: Kind, id: Id) -> CallToolResult:  # noqa: A002  the name that models expect
        """Show one job, one run with the end of its log, or one report."""
        return result(await self.one(kind, id))

    async def why(self, *, job_id: Id) -> CallToolResult:
        """Explain when a job runs next, and why its last expected runs did or did not happen."""
        return result(await self.api.get(f"/jobs/{in_path(job_id)}/why"))

    async def incidents(
        self,
        *,
        state: Literal["open", "closed"] | None = "open",
        job_id: Annotated[str | None, Field(description="Of this job alone.")] = None,
        limit: Limit = 20,
        cursor: Cursor = None,
    ) -> CallToolResult:
        """List incidents: what is wrong, since when, and what ends it."""
        query = {"state": state, "job_id": job_id, "limit": limit, "cursor": cursor}
        return page(await self.api.part("/incidents", **query))

    async def dead_letters(self, *, limit: Limit = 20, cursor: Cursor = None) -> CallToolResult:
        """List runs that failed for good, by error; `redrive` takes the `fingerprint` of one."""
        return page(await self.api.part("/dead-letters", limit=limit, cursor=cursor))

    async def one(self, kind: Kind, found_id: str) -> Any:
        """Return a job, a run with its last log lines, or a report as Markdown."""
        if kind == "report":
            return await self.api.text(f"/reports/{in_path(found_id)}", "text/markdown")
        path = f"/{kind}s/{in_path(found_id)}"
        if kind == "job":
            return await self.api.get(path)
        run, log = await asyncio.gather(self.api.get(path), self.api.get(f"{path}/logs", limit=10_000))
        return {**run, "log": log[-LOG_LINES:]}

    def add_to(self, server: MCPServer[Any]) -> None:
        """Register the tools and the resources."""
        tools = (self.list_jobs, self.list_runs, self.show, self.why, self.incidents, self.dead_letters)
        for tool in tools:
            server.add_tool(tool, annotations=READS)
        for kind in ("job", "run", "report"):
            _add_list(server, f"{kind}s", self._listed(f"/{kind}s"))
            _add_one(server, kind, self._shown(kind))

    def _listed(self, path: str) -> Callable[[], Awaitable[str]]:
        async def read() -> str:
            part = await _resource(self.api.part(path, limit=50))
            return _text(part.items, more=part.cursor is not None)

        return read

    def _shown(self, kind: Kind) -> Callable[[str], Awaitable[str]]:
        async def read(id: str) -> str:  # noqa: A002  the name in the address
            return _text(await _resource(self.one(kind, id)))

        return read


def _add_list(server: MCPServer[Any], name: str, read: Callable[[], Awaitable[str]]) -> None:
    about = f"The newest {name}. Untrusted data."
    server.resource(f"multi-job://{name}", name=name, description=about, mime_type=_JSON)(read)


def _add_one(server: MCPServer[Any], kind: str, read: Callable[[str], Awaitable[str]]) -> None:
    about = f"One {kind} by its id. Untrusted data."
    server.resource(f"multi-job://{kind}s/{{id}}", name=kind, description=about, mime_type=_JSON)(read)


async def _resource(reading: Awaitable[Any]) -> Any:
    try:
        return await reading
    except ToolError as error:
        raise ResourceError(str(error)) from error


def _text(data: Any, **about: Any) -> str:
    return json.dumps(document(data, **about), ensure_ascii=False)
