"""Doctor checks of the API over HTTP: answer, identity, key."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, cast

import httpx

from app import __version__
from app.cli.client import Client
from app.cli.doctor.findings import Finding, failed, ok, warning
from app.cli.output import CliError, UnreachableError
from app.core.i18n import _, concat
from app.core.net.api_address import api_url
from app.local.output import LocalError
from app.local.probes import check_api_port

if TYPE_CHECKING:
    from app.local.settings import LocalSettings

_PATIENCE_SEC = 5.0
CHECK, KEY_CHECK = "address", "key"
_OTHER_PORT = _("stop that program, or set API_PORT to another port")
_KEY_REMEDIES = {
    httpx.codes.UNAUTHORIZED.value: _("set MULTI_JOB_API_KEY to a key of `multi-job keys create`"),
    httpx.codes.FORBIDDEN.value: _("use a key with a higher role: multi-job keys create --role operator"),
    httpx.codes.MISDIRECTED_REQUEST.value: _("add the name in MULTI_JOB_URL to ALLOWED_HOSTS of the API"),
}


def diagnose_api(local: LocalSettings) -> list[Finding]:
    """Check the API for the commands that speak HTTP."""
    try:
        client = Client(timeout_sec=_PATIENCE_SEC)
        health = client.probe("/healthz")
    except UnreachableError as error:
        return [_silent(local, str(error))]
    except (CliError, ValueError):
        return [_foreign(local)]
    known = cast("dict[str, Any]", health) if isinstance(health, dict) else {}
    if known.get("version") is None:
        return [_foreign(local)]
    if known.get("reason"):
        return [failed(CHECK, str(known["reason"]), _("multi-job down, multi-job up; see the API's log"))]
    return [_answers(str(known["version"])), _key(client)]


def _answers(version: str) -> Finding:
    if version == __version__:
        return ok(CHECK, f"{api_url()}, {version}")
    remedy = _("start the older of both again: multi-job down, multi-job up")
    return warning(
        CHECK,
        _("version {version} at {url}, this is {own}", url=api_url(), version=version, own=__version__),
        remedy,
    )


def _key(client: Client) -> Finding:
    is_given = bool(os.environ.get("MULTI_JOB_API_KEY"))
    given = _("MULTI_JOB_API_KEY is accepted") if is_given else _("none is needed here")
    try:
        client.get("/queue")
    except CliError as error:
        remedy = _KEY_REMEDIES.get(error.status or 0, _("the API's log says more: runtime-logs/api.log"))
        return failed(KEY_CHECK, str(error), remedy)
    return ok(KEY_CHECK, given)


def _silent(local: LocalSettings, seen: str) -> Finding:
    if os.environ.get("MULTI_JOB_URL"):
        return failed(CHECK, seen, _("start the API there, or correct MULTI_JOB_URL"))
    if taken := _port_taken(local):
        return failed(CHECK, taken, _OTHER_PORT)
    return failed(CHECK, _("nothing listens at {url}", url=api_url()), "multi-job up")


def _foreign(local: LocalSettings) -> Finding:
    seen = _("another program answers at {url}", url=api_url())
    if os.environ.get("MULTI_JOB_URL"):
        return failed(CHECK, seen, _("correct MULTI_JOB_URL"))
    holder = _port_taken(local)
    return failed(CHECK, concat(seen, ": ", holder) if holder else seen, _OTHER_PORT)


def _port_taken(local: LocalSettings) -> str:
    try:
        check_api_port(local)
    except LocalError as error:
        return error.message
    return ""
