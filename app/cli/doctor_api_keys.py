"""Doctor checks of API keys: required since when, number, end dates."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from app.cli.findings import Finding, Verdict, ok
from app.core.api_keys import ApiKeys, Role, fixed_keys

if TYPE_CHECKING:
    from app.cli.direct import Deployment
    from app.core.api_keys import ApiKey
    from app.core.keys_required import KeysRequired

_CHECK = "API keys"
_MAKE = "multi-job keys create NAME --role admin"
_SOON_MS = 7 * 86_400_000
_NAMED = 5


async def look_at_keys(at: Deployment) -> list[Finding]:
    """Check the keys of Redis and of API_KEYS, and the file that remembers that keys are required."""
    api_keys = ApiKeys(at.link, at.scripts, at.clock, at.settings)
    stored, fixed = await api_keys.list(), fixed_keys(at.settings)
    now_ms = at.clock.now_ms()
    usable = [key for key in (*stored, *fixed) if key.is_usable(now_ms)]
    return [
        _number(api_keys.store.required, usable),
        *_marker(api_keys.store.required),
        *_not_valid(stored),
        *_soon(usable, now_ms),
    ]


def _number(required: KeysRequired, usable: list[ApiKey]) -> Finding:
    if not required.look():
        return ok(_CHECK, "none: direct requests from this machine alone are served")
    since = required.since()
    seen = f"required{f' since {since:%Y-%m-%d %H:%M} UTC' if since else ''}, {len(usable)} keys"
    if not usable:
        return Finding(
            _CHECK,
            Verdict.FAILED,
            f"{seen}: the API refuses every request",
            f"{_MAKE}, or multi-job keys reopen",
        )
    if not any(key.role is Role.ADMIN for key in usable):
        return Finding(_CHECK, Verdict.WARN, f"{seen}, none of them an admin's", _MAKE)
    return ok(_CHECK, seen)


def _marker(required: KeysRequired) -> list[Finding]:
    folder = required.path.parent
    if not required.look() or required.exists() or os.access(folder, os.W_OK):
        return []
    seen = f"{required.path} cannot be written: a start after a loss of Redis would serve without keys"
    return [Finding("keys-required", Verdict.WARN, seen, f"make {folder} writable for the services")]


def _not_valid(stored: list[ApiKey]) -> list[Finding]:
    found = [key.key_id for key in stored if not key.valid]
    if not found:
        return []
    seen = (
        f"{len(found)} records were not made by this deployment and are no keys: {', '.join(found[:_NAMED])}"
    )
    return [Finding("API key records", Verdict.WARN, seen, "multi-job keys revoke ID removes each")]


def _soon(usable: list[ApiKey], now_ms: int) -> list[Finding]:
    ending = [key for key in usable if key.expires_at and key.expires_at - now_ms < _SOON_MS]
    if not ending:
        return []
    named = ", ".join(f"{key.key_id} {key.name}" for key in ending[:_NAMED])
    seen = f"{len(ending)} keys expire within 7 days: {named}"
    return [Finding("keys that expire", Verdict.WARN, seen, "multi-job keys rotate ID")]
