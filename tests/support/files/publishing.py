"""A handler that publishes files as a report."""

from __future__ import annotations

from pydantic import BaseModel

from app.core.execution.context import RunContext
from app.core.registry import handler


class PublishInputs(BaseModel):
    """The files by name, each as hexadecimal digits."""

    files: dict[str, str]
    name: str | None = None
    """The record's name; else the run's id."""


@handler("test.publish", inputs=PublishInputs, tools=("files",), timeout_ms=60_000)
async def publish(ctx: RunContext, inputs: PublishInputs) -> dict[str, str]:
    """Write the files and publish them."""
    record = inputs.name or ctx.run_id.replace("@", "-")
    paths = [f"reports/{ctx.job_id}/{record}/{name}" for name in inputs.files]
    for path, content in zip(paths, inputs.files.values(), strict=True):
        await ctx.tools.files.write(path, bytes.fromhex(content))
    published = await ctx.tools.files.publish("report", record, paths)
    return {"place": published.place, "reason": published.reason}
