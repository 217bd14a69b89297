"""The deployment's secret keys on this machine, the current one first.

The current key is SECRET_KEY, or else the file `runtime-data/secret.key`. Previous keys stay valid while
a rotation is under way: SECRET_KEY_PREVIOUS, and `runtime-data/secret.key.previous` if the current key is
in a file.
"""

from __future__ import annotations

import hmac
import math
import os
import re
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from app.core.i18n import _
from app.core.redis_login import has_login

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from app.core.config import Settings

ENVIRONMENT = "SECRET_KEY"
PREVIOUS_ENVIRONMENT = "SECRET_KEY_PREVIOUS"


_FILE, _PREVIOUS_FILE = "secret.key", "secret.key.previous"
_FINGERPRINT_CHARS = 16


@dataclass(frozen=True, slots=True)
class SecretKey:
    """One key and its source: the name of a variable, or the path of a file."""

    secret: bytes
    source: str

    @property
    def fingerprint(self) -> str:
        """Return the public id of the key, 16 hex digits."""
        return fingerprint(self.secret)


def fingerprint(secret: bytes) -> str:
    """Return the public id of a key: 64 bits of an HMAC, which say nothing about a key of 256 bits."""
    return hmac.digest(secret, b"multi-job fingerprint v1", "sha256").hex()[:_FINGERPRINT_CHARS]


def key_file(settings: Settings) -> Path:
    """Return the path of the key that this machine made."""
    return settings.data_dir / _FILE


def previous_key_file(settings: Settings) -> Path:
    """Return the path of the key that was current before the last rotation."""
    return settings.data_dir / _PREVIOUS_FILE


def available_keys(settings: Settings) -> list[SecretKey]:
    """Return the keys of this machine, the current one first; empty if there is none. Makes no file."""
    given = settings.secret_key.get_secret_value()
    found = [SecretKey(given.encode(), ENVIRONMENT)] if given else _from_file(key_file(settings))
    before = settings.secret_key_previous.get_secret_value()
    if before:
        found.append(SecretKey(before.encode(), PREVIOUS_ENVIRONMENT))
    if not given:
        found += _from_file(previous_key_file(settings))
    return list({key.secret: key for key in reversed(found)}.values())[::-1]


def deployment_keys(settings: Settings) -> list[SecretKey]:
    """Return the keys of this machine, the current one first; makes the file if there is no key."""
    if not settings.secret_key.get_secret_value() and not key_file(settings).exists():
        make_key_file(key_file(settings), new_key())
    return available_keys(settings)


def deployment_secrets(settings: Settings) -> list[bytes]:
    """Return the secrets of all keys, the current one first; makes the file if there is no key.

    A value that was sealed or signed before a rotation belongs to a later one in the list.
    """
    return [key.secret for key in deployment_keys(settings)]


def new_key() -> str:
    """Return a new key of 256 random bits."""
    return secrets.token_urlsafe(32)


def make_key_file(path: Path, key: str) -> bool:
    """Write a key into a new file of mode 0600; False if the file is there already."""
    path.parent.mkdir(parents=True, exist_ok=True)
    staged = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(staged, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(key)
        file.flush()
        os.fsync(file.fileno())
    try:
        # link() refuses an existing name: exactly one of several processes makes the key, and none reads
        # an incomplete one.
        os.link(staged, path)
    except FileExistsError:
        return False
    finally:
        staged.unlink()
    return True


def _from_file(path: Path) -> list[SecretKey]:
    try:
        secret = path.read_bytes().strip()
    except FileNotFoundError:
        return []
    return [SecretKey(secret, str(path))] if secret else []


# The files of the secret key during a rotation.


def stage_new_key(settings: Settings) -> None:
    """Make a new current key; the key before it becomes the previous one.

    The previous key is written first: whenever this ends, no key is lost.
    """
    replace_file(previous_key_file(settings), key_file(settings).read_text().strip())
    replace_file(key_file(settings), new_key())


def retire_previous_key(settings: Settings) -> Path | None:
    """Set the file of the previous key aside, and return its new path; None if there is none.

    No process reads it any more. It still opens exports that were made before the rotation.
    """
    path = previous_key_file(settings)
    try:
        key_id = fingerprint(path.read_bytes().strip())
    except FileNotFoundError:
        return None
    retired = path.with_name(f"{key_file(settings).name}.{key_id}.old")
    path.replace(retired)
    return retired


def replace_file(path: Path, text: str) -> None:
    """Write a file of mode 0600 in one step: a reader sees the text before or after, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    staged = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(staged, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        staged.replace(path)
    finally:
        staged.unlink(missing_ok=True)


# The strength of a SECRET_KEY: whether it can hold 256 random bits.

NEW_KEY_COMMAND = "multi-job secrets new-key"
MIN_BITS = 256
# A random key may contain a word or a sequence by chance; without it the rest still has this many bits.
_MIN_REST_BITS = 200
_MIN_SEQUENCE = 4
# Bits a character of written words: about 13 bits a word of the usual lists, with its separator.
_WORD_BITS = 2.0
_WORDS = re.compile(r"(?:[A-Z]?[a-z]+|[A-Z]+)(?:[ '_.,-]+(?:[A-Z]?[a-z]+|[A-Z]+))*")
# The least number of distinct characters. A random key of 256 bits has fewer with a chance below 1e-9.
_ALPHABETS = (
    (re.compile(r"[0-9]+"), math.log2(10), 6),
    (re.compile(r"[0-9a-f]+|[0-9A-F]+"), 4.0, 9),
    (re.compile(r"[a-z2-7]+=*|[A-Z2-7]+=*"), 5.0, 12),
    (re.compile(r"[a-z]+|[A-Z]+"), math.log2(26), 10),
)
_OTHER_BITS, _OTHER_DISTINCT = 6.0, 14
_COMMON = re.compile(
    "password|passwd|secret|change-?_?me|multi-?_?job|example|default|qwerty|asdfgh|letmein|welcome|"
    "admin|production|development|localhost|rahasia|sandi|kunci|indonesia|jakarta|test|deployment|"
    "private|security|token|master|platform|insecure|please|replace|this|your",
    re.IGNORECASE,
)


def weakness(secret: str) -> str | None:
    """Return why a key is too weak, in both languages; None if it can hold 256 random bits."""
    bits, least = _alphabet(secret)
    if len(secret) * bits < MIN_BITS:
        return _(
            "it has {count} characters, about {count_2} bits at most",
            count=len(secret),
            count_2=int(len(secret) * bits),
        )
    distinct = len(set(secret))
    if distinct < least:
        return _("it has only {distinct} different characters", distinct=distinct)
    if _repeats(secret):
        return _("it repeats a pattern")
    if _WORDS.fullmatch(secret) and len(secret) * _WORD_BITS < MIN_BITS:
        return _("it is made of words")
    if len(_without_sequences(_COMMON.sub("", secret))) * bits < _MIN_REST_BITS:
        return _("it is made of common words or sequences")
    return None


def _alphabet(secret: str) -> tuple[float, int]:
    """Return the bits a character and the least number of distinct characters."""
    fits = ((bits, least) for pattern, bits, least in _ALPHABETS if pattern.fullmatch(secret))
    return next(fits, (_OTHER_BITS, _OTHER_DISTINCT))


def _repeats(secret: str) -> bool:
    """Return whether the whole text repeats its beginning, the last time perhaps in part."""
    return any(secret[period:] == secret[:-period] for period in range(1, len(secret) // 2 + 1))


def _without_sequences(secret: str) -> str:
    """Return the characters outside runs such as `aaaa`, `abcd` and `4321`."""
    kept, start = "", 0
    for end in range(1, len(secret) + 1):
        if end < len(secret) and _step(secret, end) in {-1, 0, 1} and _goes_on(secret, start, end):
            continue
        if end - start < _MIN_SEQUENCE:
            kept += secret[start:end]
        start = end
    return kept


def _goes_on(secret: str, start: int, end: int) -> bool:
    return end - start == 1 or _step(secret, end) == _step(secret, end - 1)


def _step(secret: str, pos: int) -> int:
    return ord(secret[pos]) - ord(secret[pos - 1])


# The environment variables that hold secrets of a deployment.

DEPLOYMENT_SECRETS: Final = frozenset(
    {
        *("REDIS_URL", "SHARD_URLS", "REDIS_PASSWORD", "REDIS_PASSWORD_FILE", "SECRET_KEY"),
        *("SECRET_KEY_PREVIOUS", "API_KEYS"),
        *("ARTIFACTS_KEY_ID", "ARTIFACTS_SECRET", "OIDC_CLIENT_SECRET", "OIDC_CLIENT_SECRET_FILE"),
        *("PLANNER_AI_API_KEY", "UI_SESSION_SECRET", "UI_SESSION_SECRET_FILE", "MULTI_JOB_API_KEY"),
        "MULTI_JOB_BACKUP_PASSPHRASE",
    }
)


def without_secrets(environment: Mapping[str, str]) -> dict[str, str]:
    """Return an environment for the code of others, such as a handler in a child process.

    REDIS_URL and SHARD_URLS stay if they have no login.
    """
    return {name: value for name, value in environment.items() if not _is_secret(name.upper(), value)}


def _is_secret(name: str, value: str) -> bool:
    return name in DEPLOYMENT_SECRETS and (name not in {"REDIS_URL", "SHARD_URLS"} or has_login(value))
