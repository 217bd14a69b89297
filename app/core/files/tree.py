"""The interface of a folder tree that no path can leave.

This holds even if names are swapped meanwhile.

A folder is opened once, without following links, and everything after is done inside the opened one.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import NoReturn, Protocol

from app.core.errors import FileMissing, PathRefused
from app.core.i18n import _

Names = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FolderEntry:
    """A name in the tree. `is_plain` is true for regular files with one name, and for nothing else."""

    names: Names
    is_folder: bool
    is_plain: bool
    size_bytes: int
    modified_at: int
    """Epoch milliseconds."""


class Folder(Protocol):
    """An opened folder. Its methods take a name in it, without `/`, and raise the system's OSError."""

    def stat(self, name: str) -> FolderEntry | None:
        """Return the entry of a name, links not followed; None if there is none."""
        ...

    def open_plain(self, name: str) -> int:
        """Return a descriptor to read a plain file; PathRefused for a link, a device, a second name, …."""
        ...

    def create(self, name: str) -> int:
        """Return a descriptor to write a new file; FileExistsError if the name exists."""
        ...

    def rename(self, name: str, target: str) -> None:
        """Rename a file durably, replacing an existing target."""
        ...

    def remove(self, name: str) -> None:
        """Remove a file or a link, never the link's target."""
        ...

    def remove_folder(self, name: str) -> None:
        """Remove an empty folder."""
        ...


class Tree(Protocol):
    """A root and what is below it."""

    def folder(self, names: Names, *, create: bool = False) -> AbstractContextManager[Folder]:
        """Open a folder; `create` makes it and its parents. Raises FileMissing, PathRefused."""
        ...

    def walk(self) -> Iterator[FolderEntry]:
        """Yield everything below the root, links not followed; entries that vanish meanwhile are left out."""
        ...

    def prune(self, names: Names) -> None:
        """Remove a folder and those above it, as far as they are empty."""
        for length in range(len(names), 0, -1):
            with self.folder(names[: length - 1]) as above:
                try:
                    above.remove_folder(names[length - 1])
                except OSError:
                    # Not empty, or gone, or in use again: then the folders above it are needed as well.
                    return


def missing(names: Names) -> FileMissing:
    """Return the error for a missing path."""
    path = "/".join(names)
    return FileMissing(_("there is no file {path!r}.", path=path))


def refuse_kind(names: Names) -> NoReturn:
    """Raise PathRefused for the wrong kind: not a plain file, or not a folder if one is needed."""
    path = "/".join(names)
    raise PathRefused(
        _(
            "{path!r} is, or leads through, what is no plain file or folder: a link, a device, a "
            "second name.",
            path=path,
        )
    )
