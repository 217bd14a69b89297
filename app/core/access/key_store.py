"""API keys in Redis: reads, adoption of old records, renewal of MACs."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from app.core.access.records import (
    ApiKey,
    RecordSeal,
    derived_pepper,
    opened_pepper,
    packed,
    sealed_pepper,
    unpacked,
    unpacked_unsigned,
)
from app.core.errors import ConfigurationError
from app.core.i18n import _
from app.core.observability import get_logger
from app.core.secret_keys import deployment_secrets, make_key_file
from app.core.storage.connection import pairs
from app.core.storage.scripts import flat, script_row

if TYPE_CHECKING:
    from app.core.clock import Clock
    from app.core.config import Settings
    from app.core.redis_client import RedisLink
    from app.core.storage.scripts import Scripts

# Remembers on this machine, outside Redis, that the deployment needs API keys.
#
# The file `runtime-data/keys-required` (mode 0600) is made before the first key is stored. As long as it
# exists, an empty, renamed or restored Redis never opens the deployment again.

FILE = "keys-required"
FIRST_KEY_SEC = 10.0
"""How long after this file the first key may come: until then its absence is no loss."""

log = get_logger(__name__)


class KeysRequired:
    """The file, and its state in this process: once required, required until the process ends."""

    def __init__(self, settings: Settings) -> None:
        self.path = settings.data_dir / FILE
        self._name = os.fspath(self.path)
        self._seen = False
        self._warned = False
        self._is_old = False

    def is_required(self) -> bool:
        """Return whether keys are required; one `stat` until they are."""
        if not self._seen:
            # As `exists`, without its call: each request without a key comes here.
            try:
                os.lstat(self._name)
            except (FileNotFoundError, NotADirectoryError):
                return False
            except OSError:
                pass
            self._seen = True
        return self._seen

    def exists(self) -> bool:
        """Return whether the file exists; a folder that cannot be read counts as yes."""
        try:
            os.lstat(self._name)
        except (FileNotFoundError, NotADirectoryError):
            return False
        except OSError:
            return True
        return True

    def require(self, now: datetime) -> None:
        """Make the file if it is missing; ConfigurationError if it cannot be made."""
        self._seen = True
        if self.exists():
            return
        try:
            make_key_file(self.path, now.astimezone(UTC).isoformat(timespec="seconds"))
        except OSError as error:
            raise ConfigurationError(
                _(
                    "{path} cannot be written ({strerror}). This file keeps a deployment closed if "
                    "Redis loses its keys: make {parent} writable and try again.",
                    path=self.path,
                    strerror=error.strerror,
                    parent=self.path.parent,
                )
            ) from error

    def note(self, now: datetime) -> None:
        """Record that keys exist: require them in this process, and in later ones if the disk allows."""
        try:
            self.require(now)
        except ConfigurationError as error:
            if not self._warned:
                log.warning(
                    "keys are required, but the file that remembers it is missing", reason=error.message
                )
            self._warned = True

    def since(self) -> datetime | None:
        """Return since when keys are required; None if the file does not say."""
        try:
            return datetime.fromisoformat(self.path.read_text("ascii").strip())
        except (OSError, ValueError):
            return None

    def awaits_first_key(self, now: datetime) -> bool:
        """Return whether the file was made just now, so the first key may be on its way."""
        if self._is_old or not self.is_required():
            return False
        since = self.since()
        age_sec = FIRST_KEY_SEC if since is None else (now - since).total_seconds()
        self._is_old = not 0 <= age_sec < FIRST_KEY_SEC
        return not self._is_old

    def forget(self) -> None:
        """Remove the file. Processes that run keep asking for keys until they are started again."""
        self.path.unlink(missing_ok=True)
        self._seen = self._is_old = False


_BATCH = 200


@dataclass(frozen=True, slots=True)
class StoredKeys:
    """A snapshot of Redis: the keys, their texts by id, and the pepper of their digests."""

    keys: list[ApiKey]
    """Oldest first; also those that are not valid."""
    texts: dict[str, str]
    pepper: bytes
    version: str = ""
    """Of keys and sessions; it differs after every change."""

    def pairs(self, keys: Iterable[ApiKey]) -> list[str]:
        """Return id and text of each, as scripts compare them."""
        return [part for key in keys for part in (key.key_id, self.texts[key.key_id])]


@script_row("access/replace_keys")
class ReplacedKeyRow(NamedTuple):
    """A key with its record as it was read and as it shall be stored."""

    key: str
    seen: str
    record: str


class KeyStore:
    """The records of API keys, read with their MACs verified."""

    def __init__(self, link: RedisLink, scripts: Scripts, clock: Clock, settings: Settings) -> None:
        self._link = link
        self._scripts = scripts
        self._names = scripts.keys
        self._clock = clock
        self._settings = settings
        self._secrets: list[bytes] = []
        self._known: dict[tuple[str, str], ApiKey] = {}
        self._seal = RecordSeal(())
        self.required = KeysRequired(settings)
        self._has_met_keys = False

    @property
    def seal(self) -> RecordSeal:
        """Return the seal of the secrets that this machine had at the last reading."""
        if not self._secrets:
            self._load_secrets()
        return self._seal

    async def read(self, *, to_make: bool = False) -> StoredKeys:
        """Return the keys of now. The first reading after an upgrade adopts records without a MAC.

        A reading makes no secret key on a machine that has none, unless a key is to be made.
        """
        found = await self._read(to_make=to_make)
        if await self._adopt(found):
            found = await self._read()
        if found.keys or self._has_fixed:
            self.required.note(self._clock.now())
            self._has_met_keys = True
        return found

    async def is_stored(self, key_id: str) -> bool:
        """Return whether there is a valid record with this id now: one small command."""
        text = await self._link.call("HGET", self._names.api_keys, key_id)
        if text is None:
            return False
        self._load_secrets()
        return unpacked(key_id, text, self.seal).valid

    @property
    def awaits_first_key(self) -> bool:
        """Return whether keys are required, and the first one may not have been stored yet."""
        return not self._has_met_keys and self.required.awaits_first_key(self._clock.now())

    async def keep_pepper(self, stored: StoredKeys) -> None:
        """Store the pepper, if none is stored or if no key of this deployment needs the one that is."""
        sealed = sealed_pepper(stored.pepper, self._secrets[0])
        name = self._names.api_keys_pepper
        if await self._link.call("SET", name, sealed, "NX") is not None:
            return
        kept = await self._link.call("GET", name)
        if kept is None or opened_pepper(kept, self._secrets) is None:
            await self._link.call("SET", name, sealed)

    async def renew_seals(self) -> int:
        """Seal all keys and the pepper under the current secret; return how many keys there are.

        For a change of SECRET_KEY, while the previous secret is still known. May be done again.
        """
        stored = await self.read()
        valid = [key for key in stored.keys if key.valid]
        await self._replace([(key, stored.texts[key.key_id]) for key in valid])
        if valid or self._has_fixed:
            await self._link.call(
                "SET", self._names.api_keys_pepper, sealed_pepper(stored.pepper, self._secrets[0])
            )
        return len(valid)

    async def _read(self, *, to_make: bool = False) -> StoredKeys:
        names = self._names
        version, flat, sealed = await self._link.calls(
            [("GET", names.access_version), ("HGETALL", names.api_keys), ("GET", names.api_keys_pepper)]
        )
        texts = pairs(flat)
        if not (texts or to_make or self._has_fixed):
            return StoredKeys([], {}, b"", version or "")
        self._load_secrets()
        # Only the current ones: revoked keys are dropped.
        self._known = {(key_id, text): self._record(key_id, text) for key_id, text in texts.items()}
        keys = sorted(self._known.values(), key=lambda key: (key.created_at, key.key_id))
        return StoredKeys(keys, texts, self._pepper_of(sealed, older=bool(texts)), version or "")

    @property
    def _has_fixed(self) -> bool:
        return bool(self._settings.api_keys.get_secret_value().strip())

    def _load_secrets(self) -> None:
        secrets = deployment_secrets(self._settings)
        if secrets != self._secrets:
            self._secrets, self._seal, self._known = secrets, RecordSeal(secrets), {}

    def _record(self, key_id: str, text: str) -> ApiKey:
        known = self._known.get((key_id, text))
        return unpacked(key_id, text, self.seal) if known is None else known

    def _pepper_of(self, sealed: str | None, *, older: bool) -> bytes:
        opened = None if sealed is None else opened_pepper(sealed, self._secrets)
        if opened is not None:
            return opened
        # Keys that are older than the stored pepper have digests under the oldest secret.
        return derived_pepper(self._secrets[-1 if older and sealed is None else 0])

    async def _adopt(self, found: StoredKeys) -> bool:
        """Put MACs on the records of a version that made none; only before keys are required here."""
        if not found.keys or self.required.exists() or any(key.valid for key in found.keys):
            return False
        unsigned = [
            (key, text)
            for key_id, text in found.texts.items()
            if (key := unpacked_unsigned(key_id, text)) is not None
        ]
        await self._replace(unsigned)
        if unsigned:
            await self.keep_pepper(found)
            log.info("API keys of an earlier version adopted", keys=len(unsigned))
        return bool(unsigned)

    async def _replace(self, records: list[tuple[ApiKey, str]]) -> None:
        for batch in _batches(records):
            rows = (ReplacedKeyRow(key.key_id, text, packed(key, self.seal)) for key, text in batch)
            await self._scripts.run("access/replace_keys", *flat(rows))


def _batches(records: list[tuple[ApiKey, str]]) -> Iterable[list[tuple[ApiKey, str]]]:
    return (records[start : start + _BATCH] for start in range(0, len(records), _BATCH))
