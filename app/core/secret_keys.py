"""The deployment's secret keys on this machine, the current one first.

The current key is SECRET_KEY, or else the file `runtime-data/secret.key`. Previous keys stay valid while
a rotation is under way: SECRET_KEY_PREVIOUS, and `runtime-data/secret.key.previous` if the current key is
in a file.
"""

from __future__ import annotations

import hmac
import os
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
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


def known_keys(settings: Settings) -> list[SecretKey]:
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
    return known_keys(settings)


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
