"""The files of the secret key during a rotation."""

from __future__ import annotations

import os
import secrets
from typing import TYPE_CHECKING

from app.core.secret_keys import fingerprint, key_file, new_key, previous_key_file

if TYPE_CHECKING:
    from pathlib import Path

    from app.core.config import Settings


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
