"""The keys of API_KEYS (`name:role:secret,…`).

They are for machines that are set up by files.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.core.api_key_records import NAME, ApiKey, Role, key_of
from app.core.errors import ConfigurationError
from app.core.key_pepper import derived_pepper

if TYPE_CHECKING:
    from app.core.config import Settings

MIN_SECRET_CHARS = 22
"""128 random bits in base 64."""


def fixed_keys(settings: Settings, pepper: bytes | None = None) -> list[ApiKey]:
    """Return the keys of API_KEYS; ConfigurationError names a malformed entry, not its secret."""
    entries = [entry for entry in settings.api_keys.get_secret_value().split(",") if entry.strip()]
    if not entries:
        return []
    pepper = derived_pepper(settings.deployment_secret()) if pepper is None else pepper
    return [_fixed_key(pepper, number, entry.strip()) for number, entry in enumerate(entries, 1)]


def _fixed_key(pepper: bytes, number: int, entry: str) -> ApiKey:
    name, _, rest = entry.partition(":")
    role, _, secret = rest.partition(":")
    if not NAME.match(name) or role not in set(Role) or len(secret) < MIN_SECRET_CHARS:
        raise ConfigurationError(
            f"API_KEYS, entry {number}: must be name:role:secret, role one of {', '.join(Role)}, "
            f"the secret of at least {MIN_SECRET_CHARS} characters"
        )
    return key_of(pepper, name, Role(role), secret)
