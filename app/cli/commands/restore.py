"""`multi-job restore`: restores an export directly in Redis, because the deployment is down."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.cli.options import Json

ExportPath = Annotated[Path, typer.Argument(help="The file, as it lies or as its run names it.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would change, and change nothing.")]
Pause = Annotated[bool, typer.Option("--pause", help="Hold the firing of a living scheduler meanwhile.")]
Overwrite = Annotated[
    bool,
    typer.Option("--overwrite", help="Where other records are stored: the file's win, the rest stays."),
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
