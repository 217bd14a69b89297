"""`multi-job doctor`."""

from __future__ import annotations

import asyncio

import typer

from app.cli.direct import deployment
from app.cli.findings import Finding, Verdict
from app.cli.options import Json
from app.cli.output import print_json, table
from app.core.errors import MultiJobError


def doctor(*, as_json: Json = False) -> None:
    """Look for what is wrong, and say what mends it; exit code 1 where something is broken."""
    findings = _findings()
    if as_json:
        print_json(
            [{"check": f.check, "verdict": f.verdict, "seen": f.seen, "remedy": f.remedy} for f in findings]
        )
    else:
        table(
            ("check", "", "seen", "what to do"),
            [(f.check, f.verdict, f.seen, f.remedy) for f in findings],
            "",
        )
    if any(finding.verdict is Verdict.FAILED for finding in findings):
        raise typer.Exit(1)


def _findings() -> list[Finding]:
    # Here, because what the doctor looks into takes half a second to load, and most commands need none of it.
    from app.cli.doctor import look_at_deployment, look_at_settings  # noqa: PLC0415
    from app.core.service import load_settings  # noqa: PLC0415

    async def deployed() -> list[Finding]:
        async with deployment(settings) as at:
            return await look_at_deployment(at)

    try:
        settings = load_settings()
    except MultiJobError as error:
        return [Finding("settings", Verdict.FAILED, error.message, "correct the variable or `.env`")]
    try:
        return [*look_at_settings(settings), *asyncio.run(deployed())]
    except MultiJobError as error:
        remedy = "multi-job up, or docker-compose up -d redis, or set REDIS_URL"
        return [*look_at_settings(settings), Finding("redis", Verdict.FAILED, error.message, remedy)]
