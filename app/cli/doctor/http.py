"""Doctor checks of the API over HTTP: answer, identity, key."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

import httpx

from app import __version__
from app.cli.client import Client
from app.cli.doctor.findings import Finding, failed, ok, warning
from app.cli.output import CliError, UnreachableError
from app.core.i18n import Message, _, concat
from app.core.net.api_address import AddressSource, ApiAccess, KeySource
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


_CORRECT_URL = _("start the API there, or correct MULTI_JOB_URL")
_ACCEPTED: Mapping[KeySource | None, Message] = {
    None: _("none is needed here"),
    KeySource.ENVIRONMENT: _("MULTI_JOB_API_KEY is accepted"),
    KeySource.LOGIN: _("the key of `multi-job login` is accepted"),
    KeySource.LOCAL_FILE: _("the local key of this machine is accepted; it ends with the first key"),
    KeySource.ARGUMENT: _("the key of the argument is accepted"),
}


def diagnose_api(local: LocalSettings) -> list[Finding]:
    """Check the API for the commands that speak HTTP."""
    try:
        client = Client(timeout_sec=_PATIENCE_SEC)
    except CliError as error:
        is_address = isinstance(error, UnreachableError)
        return [
            failed(CHECK, error.message, _CORRECT_URL if is_address else _("the text says what allows it"))
        ]
    try:
        health = client.probe("/healthz")
    except UnreachableError as error:
        return [_silent(local, client.access, str(error))]
    except (CliError, ValueError):
        return [_foreign(local, client.access)]
    known = cast("dict[str, Any]", health) if isinstance(health, dict) else {}
    if known.get("version") is None:
        return [_foreign(local, client.access)]
    if known.get("reason"):
        return [failed(CHECK, str(known["reason"]), _("multi-job down, multi-job up; see the API's log"))]
    return [_answers(client.url, str(known["version"])), *_key(client)]


def _answers(url: str, version: str) -> Finding:
    if version == __version__:
        return ok(CHECK, f"{url}, {version}")
    remedy = _("start the older of both again: multi-job down, multi-job up")
    return warning(
        CHECK,
        _("version {version} at {url}, this is {own}", url=url, version=version, own=__version__),
        remedy,
    )


def _key(client: Client) -> list[Finding]:
    """Check that the key is accepted, then which job types the API has loaded: no check imports them."""
    try:
        client.get("/queue")
        types = [str(each["type"]) for each in client.get("/job-types")]
    except CliError as error:
        remedy = _KEY_REMEDIES.get(error.status or 0, _("the API's log says more: runtime-logs/api.log"))
        return [failed(KEY_CHECK, str(error), remedy)]
    return [ok(KEY_CHECK, _ACCEPTED[client.access.key_source]), ok("job types", ", ".join(types))]


def _silent(local: LocalSettings, access: ApiAccess, seen: str) -> Finding:
    if remedy := _elsewhere(access):
        return failed(CHECK, seen, remedy)
    if taken := _port_taken(local):
        return failed(CHECK, taken, _OTHER_PORT)
    return failed(CHECK, _("nothing listens at {url}", url=access.url), "multi-job up")


def _foreign(local: LocalSettings, access: ApiAccess) -> Finding:
    seen = _("another program answers at {url}", url=access.url)
    if remedy := _elsewhere(access):
        return failed(CHECK, seen, remedy)
    holder = _port_taken(local)
    return failed(CHECK, concat(seen, ": ", holder) if holder else seen, _OTHER_PORT)


def _elsewhere(access: ApiAccess) -> Message | None:
    """Return what corrects an address that the user has chosen; None for a port of this machine."""
    if access.source is AddressSource.LOGIN:
        return _("start the API there, or run `multi-job login` with the right address")
    return _CORRECT_URL if os.environ.get("MULTI_JOB_URL") else None


def _port_taken(local: LocalSettings) -> str:
    try:
        check_api_port(local)
    except LocalError as error:
        return error.message
    return ""
