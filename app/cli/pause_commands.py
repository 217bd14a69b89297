"""`multi-job pause`, `resume`: hold everything, a job type or a job for a while."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from app.cli.client import Client
from app.cli.options import Json
from app.cli.output import UsageError, print_json, say

Job = Annotated[str | None, typer.Option("--job", help="This job alone.")]
JobType = Annotated[str | None, typer.Option("--type", help="The jobs of this type alone.")]
Reason = Annotated[str, typer.Option("--reason", help="Why, for those who wonder later.")]


def pause(*, job: Job = None, job_type: JobType = None, reason: Reason = "", as_json: Json = False) -> None:
    """Hold everything, or a type, or a job: nothing of it fires or starts until it is resumed."""
    answer = Client().post("/pause", {**_scope(job, job_type), "reason": reason})
    if as_json:
        print_json(answer)
    else:
        say(f"{_name(answer)}: dijeda / paused · {answer['held']} run ditahan / held")


def resume(*, job: Job = None, job_type: JobType = None, as_json: Json = False) -> None:
    """Let what was paused go on; runs that were held start in their order."""
    answer = Client().post("/resume", _scope(job, job_type))
    if as_json:
        print_json(answer)
    elif answer["since"] is None:
        say(f"{_name(answer)}: tidak dijeda / was not paused")
    else:
        say(f"{_name(answer)}: dilanjutkan / resumed · {answer['held']} run dilepas / given back")


def _scope(job: str | None, job_type: str | None) -> dict[str, str]:
    if job is not None and job_type is not None:
        raise UsageError("Give --job or --type, not both. / Pilih --job atau --type.")
    if job is not None:
        return {"scope": "job", "name": job}
    return {"scope": "all"} if job_type is None else {"scope": "type", "name": job_type}


def _name(answer: dict[str, Any]) -> str:
    return "semua / everything" if answer["scope"] == "all" else f"{answer['scope']} {answer['name']}"
