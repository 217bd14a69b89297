"""A full backup: the export format, sealed under a passphrase."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import IO, TYPE_CHECKING

from app.backup.sealed_file import SealedReader, SealedWriter, is_sealed
from app.backup.writer import ArchiveWriter
from app.core.errors import RestoreRefused
from app.core.files.exports import SEALED_MAGIC
from app.core.i18n import _

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.backup.reader import ArchiveSource
    from app.core.files.exports import Kind

NEEDS_PASSPHRASE = _(
    "This file is sealed under a passphrase: give it with --passphrase-file, in MULTI_JOB_BACKUP_PASSPHRASE, "
    "or on a terminal. Without the passphrase the file cannot be opened."
)


class SealedArchive:
    """Takes lines like `ArchiveWriter`; the returned bytes together are the sealed file."""

    def __init__(self, passphrase: str) -> None:
        self._archive, self._sealed = ArchiveWriter(), SealedWriter(passphrase)

    def add(self, lines: Iterable[str], counts: Mapping[Kind, int]) -> bytes:
        """Return the next bytes of the file, often none yet; `counts` is the number of lines by kind."""
        return self._sealed.add(self._archive.add(lines, counts))

    def finish(self) -> bytes:
        """Return the file's last bytes."""
        return self._sealed.add(self._archive.finish()) + self._sealed.finish()

    @property
    def counts(self) -> dict[Kind, int]:
        """Return how many records of each kind there are."""
        return self._archive.counts

    @property
    def sha256(self) -> str:
        """Return the checksum of the file's bytes."""
        return self._sealed.sha256


def opened_source(file: IO[bytes], passphrase: Callable[[], str] | None) -> ArchiveSource:
    """Return a file's content; of a sealed one, opened with the passphrase that is then asked for.

    Raises RestoreRefused without a passphrase, or with another one.
    """
    head = file.read(len(SEALED_MAGIC))
    file.seek(0)
    if not is_sealed(head):
        return file
    if passphrase is None:
        raise RestoreRefused(NEEDS_PASSPHRASE)
    return SealedReader(file, passphrase())
