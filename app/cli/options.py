"""Options that several commands take."""

from __future__ import annotations

from typing import Annotated

import typer

Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
Limit = Annotated[int, typer.Option("--limit", "-n", min=1, max=10_000, help="How many at most.")]
JobId = Annotated[str, typer.Argument(help="The job's id.")]
RunId = Annotated[str, typer.Argument(help="The run's id.")]
