"""Doctor checks of API keys: required since when, number, end dates."""

from __future__ import annotations

import os
import stat
import sys
from typing import TYPE_CHECKING

from app.cli.doctor.findings import NAMED, Finding, failed, listed, ok, warning
from app.core.access.api_keys import Role, fixed_keys
from app.core.errors import SecretUnreadable
from app.core.redis_login import embedded_password_file
from app.core.secret_key.check import KeyState, key_state, weak_text
from app.core.secret_keys import key_file, previous_key_file
from app.core.secrets.store import read_sealing_key, read_secrets
from app.core.specs.literal_credentials import literal_problems
from app.core.specs.search import JobFilter

if TYPE_CHECKING:
    from pathlib import Path

    from app.cli.direct import Deployment
    from app.core.access.api_keys import ApiKey
    from app.core.access.key_store import KeysRequired
    from app.core.config import Settings

_CHECK = "API keys"
_MAKE = "multi-job keys create NAME --role admin"
_SOON_MS = 7 * 86_400_000


async def diagnose_keys(deployment: Deployment) -> list[Finding]:
    """Check the keys of Redis and of API_KEYS, and the file that remembers that keys are required."""
    api_keys = deployment.api_keys()
    stored, fixed = await api_keys.list(), fixed_keys(deployment.settings)
    now_ms = deployment.clock.now_ms()
    usable = [key for key in (*stored, *fixed) if key.is_usable(now_ms)]
    return [
        _number(api_keys.store.required, usable),
        *_marker(api_keys.store.required),
        *_not_valid(stored),
        *_soon(usable, now_ms),
    ]


def _number(required: KeysRequired, usable: list[ApiKey]) -> Finding:
    if not required.is_required():
        return ok(_CHECK, "none: direct requests from this machine alone are served")
    since = required.since()
    seen = f"required{f' since {since:%Y-%m-%d %H:%M} UTC' if since else ''}, {len(usable)} keys"
    if not usable:
        return failed(_CHECK, f"{seen}: the API refuses every request", f"{_MAKE}, or multi-job keys reopen")
    if not any(key.role is Role.ADMIN for key in usable):
        return warning(_CHECK, f"{seen}, none of them an admin's", _MAKE)
    return ok(_CHECK, seen)


def _marker(required: KeysRequired) -> list[Finding]:
    folder = required.path.parent
    if not required.is_required() or required.exists() or os.access(folder, os.W_OK):
        return []
    seen = f"{required.path} cannot be written: a start after a loss of Redis would serve without keys"
    return [warning("keys-required", seen, f"make {folder} writable for the services")]


def _not_valid(stored: list[ApiKey]) -> list[Finding]:
    found = [key.key_id for key in stored if not key.valid]
    if not found:
        return []
    named = ", ".join(found[:NAMED])
    seen = f"{len(found)} records were not made by this deployment and are no keys: {named}"
    return [warning("API key records", seen, "multi-job keys revoke ID removes each")]


def _soon(usable: list[ApiKey], now_ms: int) -> list[Finding]:
    ending = [key for key in usable if key.expires_at and key.expires_at - now_ms < _SOON_MS]
    if not ending:
        return []
    named = ", ".join(f"{key.key_id} {key.name}" for key in ending[:NAMED])
    seen = f"{len(ending)} keys expire within 7 days: {named}"
    return [warning("keys that expire", seen, "multi-job keys rotate ID")]


# Doctor checks of SECRET_KEY: file, fingerprint in Redis, strength.

CHECK = "SECRET_KEY"
_ROTATE = "multi-job secrets rotate-key"


def diagnose_key_files(settings: Settings) -> list[Finding]:
    """Check that only their owner may read the files of keys and of the embedded server's password."""
    if sys.platform == "win32":
        return []
    keys = () if settings.secret_key.get_secret_value() else (key_file(settings), previous_key_file(settings))
    harms = dict.fromkeys(keys, "it opens every secret")
    if not settings.redis_password.get_secret_value():
        harms[embedded_password_file(settings.data_dir)] = "it opens Redis and all data"
    return [_readers(file, harm) for file, harm in harms.items() if file.exists()]


def _readers(file: Path, harm: str) -> Finding:
    mode = stat.S_IMODE(file.stat().st_mode)
    if not mode & (stat.S_IRWXG | stat.S_IRWXO):
        return ok(file.name, "readable by its owner alone")
    seen = f"others may read {file} (mode {mode:03o}): {harm}"
    return failed(file.name, seen, f"chmod 600 {file}")


async def diagnose_secret_key(deployment: Deployment) -> list[Finding]:
    """Compare this machine's key with the fingerprint in Redis; makes and registers nothing."""
    stored = await read_sealing_key(deployment.link, deployment.keys)
    if not stored.key_id:
        return [ok(CHECK, "no key is registered yet: the first service does it")]
    try:
        state = key_state(stored, deployment.settings)
    except SecretUnreadable as error:
        remedy = f"set SECRET_KEY to key {stored.key_id}; if it is lost: {_ROTATE} --lost"
        return [failed(CHECK, error.message, remedy)]
    return [_key_finding(state)]


def _key_finding(state: KeyState) -> Finding:
    if state.weakness is not None:
        return failed(CHECK, weak_text(state), _ROTATE)
    if state.is_rotating:
        seen = f"a rotation to key {state.key_id} has not ended"
        return warning(CHECK, seen, _ROTATE)
    return ok(CHECK, f"fingerprint {state.key_id}, here and in Redis; from {state.source}")


# Doctor checks of job secrets and of credentials in specs.

_AT_ONCE, _MOST_PAGES = 500, 20


async def diagnose_secrets(deployment: Deployment) -> list[Finding]:
    """Warn of secrets without hosts and of jobs whose spec holds a credential; both were saved earlier."""
    return [*await _without_hosts(deployment), *await _literal(deployment)]


async def _without_hosts(deployment: Deployment) -> list[Finding]:
    records = await read_secrets(deployment.link, deployment.keys)
    bare = sorted(name for name, record in records.items() if not record.info.hosts)
    if not bare:
        return []
    seen = f"{listed(bare)}: no hosts, so runs that name them fail"
    return [warning("secrets of jobs", seen, f"multi-job secrets hosts {bare[0]} HOST")]


async def _literal(deployment: Deployment) -> list[Finding]:
    store = deployment.jobs()
    found: list[str] = []
    cursor: int | None = None
    for _ in range(_MOST_PAGES):
        page = await store.list(JobFilter(), cursor, _AT_ONCE)
        found += [
            each.spec.job_id for each in page.items if literal_problems(each.spec.model_dump(mode="json"))
        ]
        cursor = page.next_cursor
        if cursor is None:
            break
    if not found:
        return []
    seen = f"{listed(found)}: a credential is written into the spec, readable by every viewer"
    remedy = "multi-job secrets set NAME --host HOST; then write secret:NAME into the spec and save it"
    return [warning("credentials in specs", seen, remedy)]
