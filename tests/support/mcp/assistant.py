"""An assistant's client, the person in front of it, and the platform that its MCP server calls."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

import httpx
from mcp import Client
from mcp.client.extension import ClientExtension
from mcp.client.session import ClientRequestContext
from mcp.types import CallToolResult, ElicitRequestFormParams, ElicitRequestParams, ElicitResult, TextContent

from app.cli.mcp.server import Options, build_server
from app.core.clock import SystemClock
from app.core.config import Settings
from app.core.policies import load_policies
from app.core.redis_client import RedisLink
from app.core.registry import load_handlers
from app.services.api.app import create_app
from app.services.api.services import Services
from tests.support.api.in_process import in_process

Mode = Literal["auto", "legacy"]
MODES: tuple[Mode, ...] = ("auto", "legacy")
Reply = dict[str, Any] | Literal["decline", "cancel"]
YES: Reply = {"confirm": True}


@dataclass
class Person:
    """Reads the questions of the server and answers them, the same way or in turn."""

    replies: list[Reply] = field(default_factory=lambda: [YES])
    asked: list[ElicitRequestFormParams] = field(default_factory=list[ElicitRequestFormParams])

    async def __call__(self, context: ClientRequestContext, params: ElicitRequestParams) -> ElicitResult:
        del context
        assert isinstance(params, ElicitRequestFormParams)
        self.asked.append(params)
        reply = self.replies[min(len(self.asked), len(self.replies)) - 1]
        if isinstance(reply, str):
            return ElicitResult(action=reply)
        return ElicitResult(action="accept", content=reply)

    @property
    def last(self) -> str:
        """Return the text of the last question."""
        return self.asked[-1].message


@dataclass
class Assistant:
    """A connected client; its calls return the JSON of results."""

    client: Client

    async def call(self, tool: str, **arguments: Any) -> Any:
        """Return the data of a call that must succeed."""
        result = await self.client.call_tool(tool, arguments)
        assert not result.is_error, text_of(result)
        return data_of(result)

    async def body(self, tool: str, **arguments: Any) -> dict[str, Any]:
        """Return the whole body of a call that must succeed."""
        result = await self.client.call_tool(tool, arguments)
        assert not result.is_error, text_of(result)
        assert result.structured_content is not None
        return result.structured_content

    async def refused(self, tool: str, **arguments: Any) -> str:
        """Return the text of a call that must be refused."""
        result = await self.client.call_tool(tool, arguments)
        assert result.is_error, text_of(result)
        return text_of(result)

    async def read(self, uri: str) -> str:
        """Return the text of a resource."""
        (content,) = (await self.client.read_resource(uri)).contents
        return getattr(content, "text", "")


def text_of(result: CallToolResult) -> str:
    """Return the texts of a result."""
    return "\n".join(each.text for each in result.content if isinstance(each, TextContent))


def data_of(result: CallToolResult) -> Any:
    """Return the data of a result; its text says the same as its JSON."""
    assert result.structured_content == json.loads(text_of(result))
    return result.structured_content["data"]


@dataclass
class AssistantPlatform:
    """A deployment with the shipped job types, and the API on it in this process."""

    services: Services
    transport: httpx.ASGITransport
    admin: httpx.AsyncClient
    """A client of the API on this machine, without a key."""

    @asynccontextmanager
    async def assistant(
        self,
        person: Person | None = None,
        *,
        mode: Mode = "auto",
        options: Options | None = None,
        extensions: list[ClientExtension] | None = None,
    ) -> AsyncGenerator[Assistant]:
        """Connect a client; without a person it can show no form."""
        server = build_server(options or Options(), self.transport)
        client = Client(server, mode=mode, elicitation_callback=person, extensions=extensions or [])
        async with client:
            yield Assistant(client)

    async def new_job(self, job_id: str, **fields: Any) -> str:
        """Store a job and return its id."""
        body = {"job_id": job_id, "type": "simulation.load", **fields}
        answer = await self.admin.post("/jobs", json=body)
        assert answer.status_code == httpx.codes.CREATED, answer.text
        return job_id

    async def acts(self) -> list[str]:
        """Return what has been done: audited actions, runs with their states, and versions of jobs."""
        audit = (await self.admin.get("/audit", params={"limit": 500})).json()
        runs = (await self.admin.get("/runs", params={"limit": 500})).json()
        jobs = (await self.admin.get("/jobs", params={"limit": 500})).json()
        return [
            *(f"audit {each['id']} {each['action']} {each['target']}" for each in audit),
            *(f"run {each['run_id']} {each['status']} {each['cancel_requested']}" for each in runs),
            *(f"job {each['job_id']} {each['version']} {each['enabled']}" for each in jobs),
        ]


@asynccontextmanager
async def assistant_platform(settings: Settings, link: RedisLink) -> AsyncGenerator[AssistantPlatform]:
    """Open the API on a namespace."""
    services = Services(settings, SystemClock(), link, load_handlers(settings), load_policies(settings))
    transport = in_process(create_app(services))
    headers = {"Content-Type": "application/json"}
    async with httpx.AsyncClient(
        transport=transport, base_url="http://127.0.0.1:8000", headers=headers
    ) as admin:
        yield AssistantPlatform(services, transport, admin)
