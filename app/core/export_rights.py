"""The rights on exports with secrets, by inputs and by file."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from app.core.errors import AdminRequired
from app.core.export_format import ExportHeader

EXPORT_TYPE = "backup.export"
INPUT = "include_secrets"
HEAD_BYTES = 65_536
"""A header has some hundred bytes; compressed it is at the very beginning of a file."""
_GZIP = 31


def exports_secrets(job_type: str, inputs: Mapping[str, Any]) -> bool:
    """Return whether a run with these inputs makes an export with secrets. Only `false` is a no."""
    return job_type == EXPORT_TYPE and inputs.get(INPUT, False) is not False


def require_export_right(is_admin: bool, job_type: str, inputs: Mapping[str, Any]) -> None:
    """Raise AdminRequired if the inputs ask for secrets and the caller is not an admin."""
    if is_admin or not exports_secrets(job_type, inputs):
        return
    raise AdminRequired(
        f"An export with secrets (`{INPUT}`) needs the role admin; without them, operator is enough. / "
        f"Ekspor dengan rahasia (`{INPUT}`) perlu peran admin; tanpa rahasia cukup operator."
    )


def export_header(head: bytes) -> ExportHeader | None:
    """Return the header of an export from the first bytes of its file; None if it is not an export."""
    try:
        first, _, _ = zlib.decompressobj(_GZIP).decompress(head, HEAD_BYTES).partition(b"\n")
        return ExportHeader.model_validate_json(first)
    except (zlib.error, ValidationError):
        return None


def holds_secrets(head: bytes) -> bool:
    """Return whether an export's file has secrets in it; a file that cannot be read may have some."""
    header = export_header(head)
    return header is None or header.secrets
