"""Doctor checks of API keys: required since when, number, end dates."""

from __future__ import annotations

import os
import stat
import sys
from typing import TYPE_CHECKING

from app.cli.doctor.findings import NAMED, Finding, failed, listed, ok, warning
from app.core.access.api_keys import Role, fixed_keys
from app.core.access.local_owner import why_no_connection_counts
from app.core.access.names import is_reserved, shared_names
from app.core.errors import SecretUnreadable
from app.core.i18n import _
from app.core.net.socket_owner import open_socket_owners, user_name
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
        _number(api_keys.store.required, usable, deployment.settings),
        *_marker(api_keys.store.required),
        *_not_valid(stored),
        *_soon(usable, now_ms),
        *_names(usable),
    ]


def _number(required: KeysRequired, usable: list[ApiKey], settings: Settings) -> Finding:
    if not required.is_required():
        return _none_yet(settings)
    since = required.since()
    seen = _("required, {count} keys", count=len(usable))
    if since:
        instant = f"{since:%Y-%m-%d %H:%M} UTC"
        seen = _("required since {instant}, {count} keys", instant=instant, count=len(usable))
    if not usable:
        return failed(
            _CHECK,
            _("{keys}: the API refuses every request", keys=seen),
            _("{command}, or {other}", command=_MAKE, other="multi-job keys reopen"),
        )
    if not any(key.role is Role.ADMIN and key.kind == "key" for key in usable):
        return warning(_CHECK, _("{keys}, none of them an admin's", keys=seen), _MAKE)
    return ok(_CHECK, seen)


def _none_yet(settings: Settings) -> Finding:
    """Say who is served as long as there is no key, and who else comes with that."""
    closed = why_no_connection_counts(settings)
    if settings.auth == "off":
        return ok(_CHECK, _("none, and AUTH=off serves everybody without one"))
    if closed is not None or not open_socket_owners().can_prove:
        reason = closed or _("this system does not report the owners of connections")
        return ok(_CHECK, _("none: the owner signs in with `multi-job open` ({reason})", reason=reason))
    owner = settings.data_dir.stat().st_uid if settings.data_dir.exists() else os.geteuid()
    if owner == 0:
        seen = _(
            "none: each process of root on this machine is served without one, and so are strangers behind a "
            "proxy or a tunnel that root runs"
        )
        return warning(
            _CHECK,
            seen,
            _("set AUTH=key, or run the services as a user of their own; {command}", command=_MAKE),
        )
    return ok(
        _CHECK,
        _(
            "none: the user {user} is served without one, and so is a stranger behind a forwarder that this "
            "user runs, such as `ssh -R`; AUTH=key closes that",
            user=user_name(owner),
        ),
    )


def _marker(required: KeysRequired) -> list[Finding]:
    folder = required.path.parent
    if not required.is_required() or required.exists() or os.access(folder, os.W_OK):
        return []
    seen = _(
        "{file} cannot be written: a start after a loss of Redis would serve without keys", file=required.path
    )
    return [warning("keys-required", seen, _("make {folder} writable for the services", folder=folder))]


def _not_valid(stored: list[ApiKey]) -> list[Finding]:
    found = [key.key_id for key in stored if not key.valid]
    if not found:
        return []
    named = ", ".join(found[:NAMED])
    seen = _(
        "{count} records were not made by this deployment and are no keys: {names}",
        count=len(found),
        names=named,
    )
    return [warning("API key records", seen, _("multi-job keys revoke ID removes each"))]


def _soon(usable: list[ApiKey], now_ms: int) -> list[Finding]:
    ending = [key for key in usable if key.expires_at and key.expires_at - now_ms < _SOON_MS]
    if not ending:
        return []
    named = ", ".join(f"{key.key_id} {key.name}" for key in ending[:NAMED])
    seen = _("{count} keys expire within 7 days: {names}", count=len(ending), names=named)
    return [warning("keys that expire", seen, "multi-job keys rotate ID")]


def _names(usable: list[ApiKey]) -> list[Finding]:
    """Warn of names that earlier versions allowed: they work, and do not say who did something."""
    remedy = _("make keys with other names, then: multi-job keys revoke ID")
    found: list[Finding] = []
    if shared := shared_names(usable):
        seen = _("several keys have the name {names}", names=listed(shared))
        found.append(warning("names of keys", seen, remedy))
    if reserved := [key.name for key in usable if is_reserved(key.name)]:
        seen = _("{names}: the platform writes this name for itself", names=listed(sorted(reserved)))
        found.append(warning("names of keys", seen, remedy))
    return found


# Doctor checks of SECRET_KEY: file, fingerprint in Redis, strength.

CHECK = "SECRET_KEY"
_ROTATE = "multi-job secrets rotate-key"


def diagnose_key_files(settings: Settings) -> list[Finding]:
    """Check that only their owner may read the files of keys and of the embedded server's password."""
    if sys.platform == "win32":
        return []
    keys = () if settings.secret_key.get_secret_value() else (key_file(settings), previous_key_file(settings))
    harms = dict.fromkeys(keys, _("it opens every secret"))
    if not settings.redis_password.get_secret_value():
        harms[embedded_password_file(settings.data_dir)] = _("it opens Redis and all data")
    return [_readers(file, harm) for file, harm in harms.items() if file.exists()]


def _readers(file: Path, harm: str) -> Finding:
    mode = stat.S_IMODE(file.stat().st_mode)
    if not mode & (stat.S_IRWXG | stat.S_IRWXO):
        return ok(file.name, _("only its owner may read it"))
    seen = _("others may read {file} (mode {mode}): {harm}", file=file, mode=f"{mode:03o}", harm=harm)
    return failed(file.name, seen, f"chmod 600 {file}")


async def diagnose_secret_key(deployment: Deployment) -> list[Finding]:
    """Compare this machine's key with the fingerprint in Redis; makes and registers nothing."""
    stored = await read_sealing_key(deployment.link, deployment.keys)
    if not stored.key_id:
        return [ok(CHECK, _("no key is registered yet: the first service does it"))]
    try:
        state = key_state(stored, deployment.settings)
    except SecretUnreadable as error:
        remedy = _(
            "set SECRET_KEY to key {key}; if it is lost: {command}",
            key=stored.key_id,
            command=f"{_ROTATE} --lost",
        )
        return [failed(CHECK, error.message, remedy)]
    return [_key_finding(state)]


def _key_finding(state: KeyState) -> Finding:
    if state.weakness is not None:
        return failed(CHECK, weak_text(state), _ROTATE)
    if state.is_rotating:
        seen = _("a rotation to key {key} has not ended", key=state.key_id)
        return warning(CHECK, seen, _ROTATE)
    return ok(
        CHECK, _("fingerprint {key}, here and in Redis; from {source}", key=state.key_id, source=state.source)
    )


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
    seen = _("{names}: no hosts, so runs that name them fail", names=listed(bare))
    return [warning("secrets of jobs", seen, f"multi-job secrets hosts {bare[0]} HOST")]


async def _literal(deployment: Deployment) -> list[Finding]:
    store = deployment.jobs()
    found: list[str] = []
    cursor: int | None = None
    for _page in range(_MOST_PAGES):
        page = await store.list(JobFilter(), cursor, _AT_ONCE)
        found += [
            each.spec.job_id for each in page.items if literal_problems(each.spec.model_dump(mode="json"))
        ]
        cursor = page.next_cursor
        if cursor is None:
            break
    if not found:
        return []
    seen = _("{names}: a credential is written into the spec, readable by every viewer", names=listed(found))
    remedy = _("multi-job secrets set NAME --host HOST; then write secret:NAME into the spec and save it")
    return [warning("credentials in specs", seen, remedy)]
