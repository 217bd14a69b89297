"""`multi-job doctor`."""

from __future__ import annotations

import asyncio
import os
from contextlib import chdir, suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated

import typer

from app.cli.direct import deployment
from app.cli.doctor.diagnose import diagnose_deployment, diagnose_settings
from app.cli.doctor.env_files import diagnose_env_files, diagnose_unknown_settings
from app.cli.doctor.findings import Finding, FindingLevel, failed
from app.cli.doctor.http import diagnose_api
from app.cli.doctor.work import INCIDENT
from app.cli.options import Json
from app.cli.output import Columns, show_list
from app.core.config import Durability, Settings
from app.core.errors import ConfigurationError, MultiJobError
from app.core.home.places import own_env_file, own_folder
from app.core.i18n import _
from app.core.process import load_own_settings
from app.local.output import LocalError
from app.local.redis_probe import RedisAddress, probe
from app.local.settings import load_settings as load_local

Strict = Annotated[bool, typer.Option("--strict", help="Exit code 1 for warnings as well.")]


def doctor(*, strict: Strict = False, _json: Json = False) -> None:
    """Look for problems and print the repair of each; exits with 1 if something is broken.

    A warning is a weakness or a task for a person, such as dead letters; it fails with --strict only.
    """
    findings = sorted(run_checks(), key=lambda finding: finding.check != INCIDENT)
    columns: Columns = {"check": "check", "": "verdict", "seen": "seen", "what to do": "remedy"}
    show_list([asdict(each) for each in findings], columns)
    wrong = {FindingLevel.FAILED, FindingLevel.WARN} if strict else {FindingLevel.FAILED}
    if any(finding.verdict in wrong for finding in findings):
        raise typer.Exit(1)


def run_checks() -> list[Finding]:
    """Return all findings of this machine, Redis and the API.

    Settings come from the environment and the `.env` of this user's deployment, also in another folder: a
    `.env` there could name code, servers and addresses that are not the deployment's.
    """
    unused = [*diagnose_env_files(), *diagnose_unknown_settings()]
    # Relative paths in `.env` begin at its folder.
    with chdir(own_folder() or Path.cwd()):
        try:
            settings = load_own_settings()
            local = load_local(os.environ, reads_file=own_env_file() is not None)
        except (MultiJobError, LocalError) as error:
            return [*unused, failed("settings", error.message, _("correct the variable or `.env`"))]
        found = [*diagnose_settings(settings), *diagnose_redis(settings)]
    # The commands of this folder ask the API in the same way.
    return [*unused, *found, *diagnose_api(local)]


def diagnose_redis(settings: Settings) -> list[Finding]:
    """Check Redis and its contents; if it cannot be used, report only that."""
    # The doctor only reads, and must work even if no write can be confirmed.
    patient = settings.model_copy(update={"durability": Durability.FAST})

    async def deployed() -> list[Finding]:
        async with deployment(patient, any_key=True) as at:
            return await diagnose_deployment(replace(at, settings=settings))

    try:
        return asyncio.run(deployed())
    except ConfigurationError as error:
        remedy = _("CONFIG SET maxmemory-policy noeviction, and in redis.conf; or correct REDIS_URL")
        return [failed("redis", error.message, remedy)]
    except MultiJobError as error:
        return [_unreachable(settings, error)]


def _unreachable(settings: Settings, error: MultiJobError) -> Finding:
    """Return the reason why Redis cannot be used: its certificate, its login, TLS, or no answer."""
    # A group of Sentinels or cluster nodes has no single address.
    with suppress(ValueError):
        reason = probe(RedisAddress.parse(settings.effective_redis_url)).reason
        if reason is not None:
            seen = _("{place}: {wrong}", place=settings.redis_place, wrong=reason.wrong)
            return failed("redis", seen, reason.step)
    remedy = _("multi-job up, or docker-compose up -d redis, or set REDIS_URL")
    return failed("redis", error.message, remedy)
