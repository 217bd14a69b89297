"""The password of the embedded Redis: made once, stored as a digest."""

from __future__ import annotations

import hashlib

from app.core.redis_login import embedded_password_file
from app.core.secret_keys import make_key_file, new_key
from app.local_settings import LocalSettings
from app.local_state import write_atomically


def prepare_password(settings: LocalSettings) -> None:
    """Make the password unless the user gives one, and the server's configuration with its digest (0600)."""
    file = embedded_password_file(settings.data_dir)
    password = settings.given_redis_password
    if password:
        # Commands in a shell without REDIS_PASSWORD would use a password that the server does not take.
        file.unlink(missing_ok=True)
    else:
        if not file.exists():
            make_key_file(file, new_key())
        password = settings.stored_redis_password
    digest = hashlib.sha256(password.encode()).hexdigest()
    write_atomically(settings.redis_dir / "secret.conf", f"user default on #{digest} ~* &* +@all\n")


def forget_password(settings: LocalSettings) -> None:
    """Remove the password: the services use another server, which has none."""
    embedded_password_file(settings.data_dir).unlink(missing_ok=True)
