"""Remembers on this machine, outside Redis, that the deployment needs API keys.

The file `runtime-data/keys-required` (mode 0600) is made before the first key is stored. As long as it
exists, an empty, renamed or restored Redis never opens the deployment again.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from app.core.errors import ConfigurationError
from app.core.observability import get_logger
from app.core.secret_keys import make_key_file

if TYPE_CHECKING:
    from app.core.config import Settings

FILE = "keys-required"

log = get_logger(__name__)


class KeysRequired:
    """The file, and its state in this process: once required, required until the process ends."""

    def __init__(self, settings: Settings) -> None:
        self.path = settings.data_dir / FILE
        self._seen = False
        self._warned = False

    def look(self) -> bool:
        """Return whether keys are required; one `stat` until they are."""
        self._seen = self._seen or self.exists()
        return self._seen

    def exists(self) -> bool:
        """Return whether the file exists; a folder that cannot be read counts as yes."""
        try:
            self.path.lstat()
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
                f"{self.path} cannot be written ({error.strerror}). This file keeps a deployment closed if "
                f"Redis loses its keys: make {self.path.parent} writable and try again. / "
                f"{self.path} tidak dapat ditulis: beri izin tulis pada {self.path.parent}, lalu coba lagi."
            ) from error

    def note(self, now: datetime) -> None:
        """Keys were seen: require them from now on in this process, and for later ones if the disk allows."""
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

    def forget(self) -> None:
        """Remove the file. Processes that run keep asking for keys until they are started again."""
        self.path.unlink(missing_ok=True)
        self._seen = False
