"""Doctor checks of SECRET_KEY: file, fingerprint in Redis, strength."""

from __future__ import annotations

import stat
import sys
from typing import TYPE_CHECKING

from app.cli.findings import Finding, Verdict, ok
from app.core.errors import SecretUnreadable
from app.core.redis_login import embedded_password_file
from app.core.sealing_key import read_sealing_key
from app.core.secret_key_check import KeyState, key_state, weak_text
from app.core.secret_keys import key_file, previous_key_file

if TYPE_CHECKING:
    from pathlib import Path

    from app.cli.direct import Deployment
    from app.core.config import Settings

CHECK = "SECRET_KEY"
_ROTATE = "multi-job secrets rotate-key"


def look_at_key_files(settings: Settings) -> list[Finding]:
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
    return Finding(file.name, Verdict.FAILED, seen, f"chmod 600 {file}")


async def look_at_secret_key(at: Deployment) -> list[Finding]:
    """Compare this machine's key with the fingerprint in Redis; makes and registers nothing."""
    stored = await read_sealing_key(at.link, at.keys)
    if not stored.key_id:
        return [ok(CHECK, "no key is registered yet: the first service does it")]
    try:
        state = key_state(stored, at.settings)
    except SecretUnreadable as error:
        remedy = f"set SECRET_KEY to key {stored.key_id}; if it is lost: {_ROTATE} --lost"
        return [Finding(CHECK, Verdict.FAILED, error.message, remedy)]
    return [_judged(state)]


def _judged(state: KeyState) -> Finding:
    if state.weakness is not None:
        return Finding(CHECK, Verdict.FAILED, weak_text(state), _ROTATE)
    if state.is_rotating:
        seen = f"a rotation to key {state.key_id} has not ended"
        return Finding(CHECK, Verdict.WARN, seen, _ROTATE)
    return ok(CHECK, f"fingerprint {state.key_id}, here and in Redis; from {state.source}")
