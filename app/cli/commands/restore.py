"""`multi-job restore`: restores an export in Redis, because the deployment is down."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.cli.options import Json

ExportPath = Annotated[Path, typer.Argument(help="The file's path, or its name in the run's output.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show the changes without making them.")]
Pause = Annotated[bool, typer.Option("--pause", help="Pause a living scheduler during the restore.")]
Overwrite = Annotated[
    bool,
    typer.Option(
        "--overwrite", help="If other records are stored, replace those in the file and keep the rest."
    ),
]


def restore(
    file: ExportPath,
    *,
    dry_run: DryRun = False,
    pause: Pause = False,
    overwrite: Overwrite = False,
    as_json: Json = False,
) -> None:
    """Restore an export: validate the file, compare, then write. If interrupted, run it again."""
    # Imported here, because it takes half a second to load and most commands do not need it.
    from app.cli.restore_archive import restore_file  # noqa: PLC0415

    if not restore_file(file, dry_run=dry_run, pause=pause, overwrite=overwrite, as_json=as_json):
        raise typer.Exit(1)
