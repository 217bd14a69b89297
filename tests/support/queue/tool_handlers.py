"""Handlers that call the tools `http` and `files`, in the loop, a thread or a child process."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict

from app.core.errors import HttpUnreachable
from app.core.registry import handler

if TYPE_CHECKING:
    from app.core.execution.context import RunContext

Where = Literal["loop", "thread", "process"]


class Fetching(BaseModel):
    model_config = ConfigDict(extra="forbid")
    url: str
    body: str = ""
    runs_in: Where = "loop"


class Writing(BaseModel):
    model_config = ConfigDict(extra="forbid")
    path: str
    size: int = 10
    then: Literal["end", "raise", "hang", "exit"] = "end"
    runs_in: Where = "loop"


def _where(inputs: Any) -> Where:
    return inputs.runs_in


@handler("fetch", inputs=Fetching, runs_in=_where, tools=("http",))
async def fetch(ctx: RunContext, inputs: Fetching) -> dict[str, Any]:
    """Post a body and return the answer; without one, how far the call got."""
    try:
        got = await ctx.tools.http.post(inputs.url, body=inputs.body, timeout_sec=5)
    except HttpUnreachable as error:
        return {"phase": error.phase, "retryable": error.retryable}
    return {"status": got.status, "text": got.text, "bytes_read": got.bytes_read}


@handler("fetch.plainly", inputs=Fetching, runs_in="thread", tools=("http",))
def fetch_plainly(ctx: RunContext, inputs: Fetching) -> dict[str, Any]:
    """Do it in a plain function."""
    got = ctx.wait(ctx.tools.http.get(inputs.url))
    return {"status": got.status, "text": got.text}


@handler("write", inputs=Writing, runs_in=_where, tools=("files",))
async def write(ctx: RunContext, inputs: Writing) -> dict[str, Any]:
    """Write a file in pieces, read it back, list and remove another one; or stop half-way."""
    files = ctx.tools.files
    async with files.writer(inputs.path) as writer:
        for start in range(0, inputs.size, 1_000):
            await writer.write("x" * min(1_000, inputs.size - start))
        await writer.write(b"")
        await _stop_here(ctx, inputs)
    await files.write("folder/other", b"\x00\xff")
    content = await files.read(inputs.path, 8_000_000)
    found = [file.path for file in await files.list()]
    stat = await files.stat(inputs.path)
    assert stat == writer.info
    return {
        "bytes": len(content),
        "found": found,
        "removed": await files.delete("folder/other"),
        "gone": await files.stat("folder/other"),
    }


async def _stop_here(ctx: RunContext, inputs: Writing) -> None:
    # Enough to have crossed to the worker, so that something is there to be removed.
    ctx.progress("half")
    if inputs.then == "raise":
        raise ValueError("half-way")
    if inputs.then == "exit":
        raise SystemExit(3)
    if inputs.then == "hang":
        await asyncio.Event().wait()
