"""The check of SECRET_KEY at the start of each process."""

from __future__ import annotations

import contextlib
import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.core.errors import ConfigurationError, SecretUnreadable
from app.core.i18n import _, concat
from app.core.observability import get_logger
from app.core.secret_keys import (
    NEW_KEY_COMMAND,
    SecretKey,
    available_keys,
    deployment_keys,
    fingerprint,
    key_file,
    weakness,
)
from app.core.secrets.store import SealingKey, read_sealing_key

if TYPE_CHECKING:
    from app.core.config import Settings
    from app.core.redis_client import RedisLink
    from app.core.storage.scripts import Scripts

# Of an earlier version's data that many sealed texts are tried: one that opens proves the key.
_MOST_TRIED = 50

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class KeyState:
    """The key that seals, as this machine has it."""

    key_id: str
    source: str
    """SECRET_KEY, SECRET_KEY_PREVIOUS, or the path of a file."""
    weakness: str | None
    """Why it is too weak, in both languages. Such a key stays in use until it is rotated."""
    is_rotating: bool


async def check_secret_key(link: RedisLink, scripts: Scripts, settings: Settings) -> KeyState:
    """Compare this machine's key with the deployment's, and register it if there is none.

    Raises SecretUnreadable if this machine does not have the deployment's key, ConfigurationError if the
    key of a new deployment is too weak, RedisUnavailable. A deployment that has sealed something under a
    weak key goes on: the state names the weakness.
    """
    stored = await read_sealing_key(link, scripts.keys)
    if not stored.key_id:
        await _register(link, scripts, settings)
        stored = await read_sealing_key(link, scripts.keys)
    return key_state(stored, settings)


async def checked_secret_key(link: RedisLink, scripts: Scripts, settings: Settings) -> KeyState:
    """Check the key at the start of a service, and log a weak one as an error."""
    state = await check_secret_key(link, scripts, settings)
    if state.weakness is not None:
        log.error("weak secret key", reason=weak_text(state), fingerprint=state.key_id)
    return state


def key_state(stored: SealingKey, settings: Settings) -> KeyState:
    """Return this machine's key that seals; raises SecretUnreadable if it does not have it."""
    known = {key.fingerprint: key for key in available_keys(settings)}
    needed = [each for each in (stored.key_id, stored.previous_id) if each]
    missing = [each for each in needed if each not in known]
    if missing:
        raise SecretUnreadable(_other_key(missing[0], list(known.values()), settings))
    key = known[stored.key_id]
    return KeyState(key.fingerprint, key.source, weakness(key.secret.decode()), bool(stored.previous_id))


def weak_text(state: KeyState) -> str:
    """Return the finding about a weak key that is in use."""
    return _(
        "The key from {source} is too weak: {weakness}. A reader of Redis may guess it. "
        "`multi-job secrets rotate-key` replaces it.",
        source=state.source,
        weakness=state.weakness or "",
    )


async def _register(link: RedisLink, scripts: Scripts, settings: Settings) -> None:
    names = scripts.keys
    sealed = await link.call("EXISTS", names.accounts, names.secrets, names.api_keys)
    had_key = bool(available_keys(settings))
    if sealed and not had_key:
        raise SecretUnreadable(_other_key("", [], settings))
    key = await _opening_key(link, scripts, settings) if sealed else _strong_key(settings)
    registered, _previous = await scripts.run("secrets/register_key", fingerprint=key.fingerprint)
    if registered != key.fingerprint and not had_key:
        # Another machine has registered its key meanwhile: the one that was just made is of no use.
        _discard(key, settings)


def _strong_key(settings: Settings) -> SecretKey:
    key = deployment_keys(settings)[0]
    why = weakness(key.secret.decode(errors="replace"))
    if why is None:
        return key
    raise ConfigurationError(
        _(
            "{source} is too weak: {weakness}. It must have 32 random bytes: `{command}` makes one.",
            source=key.source,
            weakness=why,
            command=NEW_KEY_COMMAND,
        )
    )


async def _opening_key(link: RedisLink, scripts: Scripts, settings: Settings) -> SecretKey:
    """Return this machine's key that opens an earlier version's data; raises SecretUnreadable."""
    # Ciphers are megabytes, and this is needed once in the life of a deployment.
    from app.core.secret_key.rotation import sealed_values  # noqa: PLC0415
    from app.core.secrets.sealing import SecretBox  # noqa: PLC0415

    keys, tried = available_keys(settings), 0
    async for batch in sealed_values(link, scripts):
        for value, key in itertools.product(batch[: _MOST_TRIED - tried], keys):
            with contextlib.suppress(SecretUnreadable):
                SecretBox(key.secret).open(value.sealed, value.context)
                return key
        tried += len(batch)
        if tried >= _MOST_TRIED:
            break
    if tried:
        raise SecretUnreadable(_other_key("", keys, settings))
    return keys[0]


def _discard(key: SecretKey, settings: Settings) -> None:
    path = key_file(settings)
    with contextlib.suppress(OSError):
        if fingerprint(path.read_bytes().strip()) == key.fingerprint:
            path.unlink()


def _other_key(needed: str, known: list[SecretKey], settings: Settings) -> str:
    """Return why this machine's keys do not fit, and what to do."""
    path = key_file(settings)
    wanted = _("the key of an earlier start")
    if needed:
        wanted = _("the key with the fingerprint {fingerprint}", fingerprint=needed)
    here = [
        _("{fingerprint} (from {source})", fingerprint=key.fingerprint, source=key.source) for key in known
    ]
    return _(
        "This deployment's secrets are sealed by {wanted}; this machine has {here}. Copy "
        "runtime-data/secret.key of the machine that made it to {path} (mode 0600), or set SECRET_KEY to "
        "its content, then start again. If that key is lost: `multi-job secrets rotate-key --lost`.",
        wanted=wanted,
        here=concat(*here, separator=", ") if here else _("no key"),
        path=path,
    )
