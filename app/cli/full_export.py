"""`multi-job export --full`: a sealed backup of everything, read from Redis directly."""

from __future__ import annotations

import os
from contextlib import suppress
from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING

from app.backup.full_reader import FullReader
from app.backup.sealed_archive import SealedArchive
from app.backup.sources import ExportReader
from app.cli.direct import Deployment, audited, run_direct
from app.cli.download import check_free, progress
from app.cli.output import CliError, show, warn
from app.core.files.exports import SEALED_SUFFIX
from app.core.i18n import _, concat, number

if TYPE_CHECKING:
    from collections.abc import Callable

ACTION = "export_full"


def export_full(out: Path | None, passphrase: Callable[[], str], *, logs: bool, force: bool) -> None:
    """Write a full backup that only its passphrase opens, readable by this user alone."""
    if out is not None:
        check_free(out, force=force)
    secret = passphrase()

    async def work(deployment: Deployment) -> tuple[Path, SealedArchive, int]:
        path = _target(out, deployment)
        check_free(path, force=force)
        archive, unreadable = await _written(deployment, path, secret, logs=logs)
        return path, archive, unreadable

    path, archive, unreadable = run_direct(work)
    counts = {kind: count for kind, count in archive.counts.items() if count}
    size = path.stat().st_size
    contents = [concat(", ", number(count), f" {kind}") for kind, count in counts.items()]
    show(
        {"file": str(path), "bytes": size, "sha256": archive.sha256, "counts": counts, "full": True},
        concat(_("{path}: {bytes:,} bytes", path=path, bytes=size), *contents),
    )
    if unreadable:
        warn(_("{count:,} records were damaged, or removed meanwhile.", count=unreadable))
    warn(
        _(
            "Keep the passphrase apart from the file: without it the backup cannot be opened. Test it: "
            "`multi-job restore --verify {path}`.",
            path=path,
        )
    )


def _target(out: Path | None, deployment: Deployment) -> Path:
    instant = deployment.clock.now().astimezone(UTC)
    name = f"{deployment.keys.namespace}@{instant:%Y-%m-%dT%H%M%S}Z{SEALED_SUFFIX}"
    if out is None:
        return Path(name)
    return out / name if out.is_dir() else out


async def _written(
    deployment: Deployment, path: Path, passphrase: str, *, logs: bool
) -> tuple[SealedArchive, int]:
    staged = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        descriptor = os.open(staged, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            archive = SealedArchive(passphrase)
            reader = _reader(deployment, logs=logs)
            header, done, unreadable = await reader.header(), 0, 0
            with progress(_("exporting"), sum(header.planned.values())) as bar:
                file.write(archive.add([header.model_dump_json()], {}))
                async for page in reader.pages(header):
                    file.write(archive.add(page.lines, page.counts))
                    done += sum(count for kind, count in page.counts.items() if kind in header.planned)
                    unreadable += page.unreadable
                    bar(done)
            file.write(archive.finish())
            file.flush()
            os.fsync(file.fileno())
        # Before the file has its name: no full backup exists without its entry.
        await audited(deployment, ACTION, f"export:{path.name}")
        staged.replace(path)
    except OSError as error:
        raise CliError(_("{path}: {strerror}.", path=path, strerror=error.strerror)) from error
    finally:
        with suppress(FileNotFoundError):
            staged.unlink()
    return archive, unreadable


def _reader(deployment: Deployment, *, logs: bool) -> ExportReader:
    place = (deployment.link, deployment.scripts)
    full = FullReader(*place, deployment.clock, deployment.settings)
    return ExportReader(*place, secrets=True, logs=logs, full=full)
