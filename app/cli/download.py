"""Downloads a file of the API, complete and verified."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from app.cli.options import as_json
from app.cli.output import CliError, err
from app.core.files.exports import SEALED_SUFFIX, SUFFIX
from app.core.i18n import _, for_reader
from app.core.text import visible

if TYPE_CHECKING:
    from app.cli.client import Client

# Progress bars for long operations: on stderr if it is a terminal, never with JSON.


class Bar(Protocol):
    """Reports the progress; `of` is the total if it is known only now, `text` names the current step."""

    def __call__(self, done: float, of: float | None = None, text: str | None = None) -> None: ...


@contextmanager
def progress(text: str, of: float | None) -> Generator[Bar]:
    """Show a bar during the block, and remove it at the end."""
    if as_json.get() or not sys.stderr.isatty():
        yield _nothing
        return
    # Imported here, because most commands show none, and it takes a while to load.
    from rich.markup import escape  # noqa: PLC0415
    from rich.progress import Progress  # noqa: PLC0415

    with Progress(console=err, transient=True) as bars:
        task = bars.add_task(for_reader(text), total=of)

        def bar(done: float, of: float | None = None, text: str | None = None) -> None:
            shown = None if text is None else escape(visible(for_reader(text)))
            bars.update(task, completed=done, total=of, description=shown)

        yield bar


def _nothing(done: float, of: float | None = None, text: str | None = None) -> None:
    del done, of, text


def fetch_export(client: Client, export: dict[str, Any], target: Path | None, *, force: bool) -> Path:
    """Download a listed export; its size and SHA-256 must match the list."""
    # The API names no file before it is asked for: the form tells a sealed one.
    is_packed = export["formats"][0]["media_type"] == "application/gzip"
    name = f"{export['id']}{SUFFIX if is_packed else SEALED_SUFFIX}"
    path = target or Path(name)
    if path.is_dir():
        path /= name
    check_free(path, force=force)
    staged = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        found = _written(client, export, staged)
        if found != export["sha256"]:
            raise CliError(
                _(
                    "{id}: what arrived has another SHA-256 ({found}) than was written.",
                    id=export["id"],
                    found=found,
                )
            )
        staged.replace(path)
    except OSError as error:
        raise CliError(_("{path}: {strerror}.", path=path, strerror=error.strerror)) from error
    finally:
        with suppress(FileNotFoundError):
            staged.unlink()
    return path


def check_free(path: Path, *, force: bool) -> None:
    """Raise CliError if the file exists and replacing it was not allowed."""
    if path.exists() and not path.is_dir() and not force:
        raise CliError(_("{path} is there already; --force replaces it.", path=path))


def _written(client: Client, export: dict[str, Any], staged: Path) -> str:
    """Write the received bytes and sync them to disk, readable by the owner only; return their SHA-256."""
    digest, size = hashlib.sha256(), 0
    descriptor = os.open(staged, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with (
        os.fdopen(descriptor, "wb") as file,
        client.stream(f"/exports/{export['id']}") as answer,
        progress(_("fetching"), export["bytes"]) as bar,
    ):
        # Raw: the file itself is compressed, and must not be unpacked on the way.
        for piece in answer.iter_raw():
            file.write(piece)
            digest.update(piece)
            size += len(piece)
            bar(size)
        file.flush()
        os.fsync(file.fileno())
    return digest.hexdigest()
