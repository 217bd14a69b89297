"""The owner of this machine, who needs no API key before the first one is made.

Three proofs count, and all of them end with the first key: a connection of the API's own user, the key in
the file `local.key`, and a session that `multi-job open` has opened. Only `AUTH=auto` outside a container
accepts the first: in a container, addresses and users say nothing about who is at the other end.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from app.core.access.records import ApiKey, Role, digest_of
from app.core.home.local_key import LOCAL_KEY_FILE, read_local_key
from app.core.hosts import LOOPBACK_NAMES
from app.core.i18n import Message, _
from app.core.observability import get_logger
from app.core.secret_keys import make_key_file

if TYPE_CHECKING:
    from app.core.config import Settings

LOCAL_NAME: Final = "local"
LOCAL_ID: Final = "localkey"
"""The id of the owner in sessions and in the audit. It is the id in the text of the local key."""
LOCAL_TOKEN_PREFIX: Final = f"mj_{LOCAL_ID}_"
CONTAINER_ENVIRONMENT: Final = "MULTI_JOB_CONTAINER"
_MARKS: Final = (Path("/.dockerenv"), Path("/run/.containerenv"))

log = get_logger(__name__)


def in_container() -> bool:
    """Return whether this process runs in a container: as its image says, or the engine."""
    return (
        os.environ.get(CONTAINER_ENVIRONMENT, "") not in {"", "0"}
        or "KUBERNETES_SERVICE_HOST" in os.environ
        or any(mark.exists() for mark in _MARKS)
    )


def why_no_connection_counts(settings: Settings) -> Message | None:
    """Return the setting by which no connection is served for its user alone; None if there is none."""
    if settings.auth == "key":
        return _("AUTH=key asks everybody for a key")
    if in_container():
        return _("in a container a connection does not show who made it")
    others = {
        "PUBLIC_URL": bool(settings.public_url) and not _is_loopback_url(settings.public_url),
        "ALLOWED_HOSTS": bool(settings.allowed_hosts),
        "TRUSTED_PROXIES": bool(settings.trusted_proxies),
    }
    name = next((name for name, is_set in others.items() if is_set), None)
    return None if name is None else _("{name} is set, so others are served here too", name=name)


def _is_loopback_url(url: str) -> bool:
    return (urlsplit(url).hostname or "") in LOOPBACK_NAMES


class LocalKey:
    """The local key of this machine: a file of mode 0600 in the data folder."""

    def __init__(self, settings: Settings) -> None:
        self.path = settings.data_dir / LOCAL_KEY_FILE
        self._warned = ""

    def ensure(self) -> str | None:
        """Return the key, made if it is missing; None if the file cannot be made or is not private."""
        try:
            make_key_file(self.path, LOCAL_TOKEN_PREFIX + secrets.token_urlsafe(32))
        except OSError as error:
            self._warn("the local key cannot be written", str(error))
        return self.read()

    def read(self) -> str | None:
        """Return the key; None if there is none, or if others may read or write its file."""
        try:
            return read_local_key(self.path)
        except PermissionError as error:
            self._warn("the local key does not count: its file is not private", str(error))
            return None

    def stamp(self) -> tuple[int, int]:
        """Return a value that differs after a change of the file."""
        try:
            found = self.path.lstat()
        except OSError:
            return 0, 0
        return found.st_mtime_ns, found.st_mode

    def owner(self, pepper: bytes) -> ApiKey:
        """Return the record of the owner; without a local key no text matches it, and sessions still do."""
        token = self.read()
        digest = digest_of(pepper, token) if token and token.startswith(LOCAL_TOKEN_PREFIX) else ""
        return ApiKey(LOCAL_ID, LOCAL_NAME, Role.ADMIN, 0, digest, kind="user")

    def _warn(self, event: str, reason: str) -> None:
        if self._warned != reason:
            log.warning(event, reason=reason)
        self._warned = reason
