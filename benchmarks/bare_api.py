"""Minimal FastAPI routes in front of a stream and a list, for comparison.

A body is validated by pydantic, one XADD is sent on one pipelining connection, and the answer has the shape
of ours. The list of runs is one LRANGE of rows that are stored as JSON; pydantic validates and writes them.
No job, record, index, filter, event, idempotency or authentication. `python -m uvicorn
benchmarks.bare_api:app`; REDIS_URL names the server of the stream.
"""

from __future__ import annotations

import os
from typing import Any

import orjson
from fastapi import FastAPI
from pydantic import BaseModel, ConfigDict

from app.core.config import Settings
from app.core.ids import new_trace_id
from app.core.redis_client import RedisLink
from app.core.storage.discovery import parse_target
from app.core.storage.keys import Keys

STREAM, ROWS = "{bare}:jobs", "{bare}:rows"
PAGE = 50


class RunRequest(BaseModel):
    """The same fields as ours."""

    inputs: dict[str, Any]
    delay_sec: float = 0


class RunRow(BaseModel):
    """A run: these fields, and all others as they are stored."""

    model_config = ConfigDict(extra="allow")

    run_id: str
    job_id: str
    status: str


def _link() -> RedisLink:
    settings = Settings(_env_file=None, redis_url=os.environ["REDIS_URL"])  # pyright: ignore[reportCallIssue]
    return RedisLink(parse_target(settings.redis_url, STREAM), Keys("bare"), settings)


app = FastAPI(openapi_url=None)
link = _link()


@app.get("/healthz")
async def healthz() -> dict[str, str]:
    """Report that it is up."""
    return {"status": "healthy"}


@app.post("/jobs/{job_id}/run", status_code=202)
async def run_job(job_id: str, body: RunRequest):  # noqa: ANN201  a declared answer would be validated once more
    """Add the run to the stream."""
    run_id = new_trace_id()
    await link.call("XADD", STREAM, "*", "id", run_id, "job", job_id, "inputs", orjson.dumps(body.inputs))
    return {"run_id": run_id, "job_id": job_id, "status": "queued"}


@app.get("/runs")
async def list_runs() -> list[RunRow]:
    """Return the newest runs."""
    return [RunRow.model_validate_json(row) for row in await link.call("LRANGE", ROWS, 0, PAGE - 1)]
