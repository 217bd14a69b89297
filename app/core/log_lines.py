"""Log lines as they are stored: one as JSON, a whole log as one compressed text."""

from __future__ import annotations

import base64
import zlib
from typing import TYPE_CHECKING, Any

import orjson

from app.core.records import LogLine

if TYPE_CHECKING:
    from collections.abc import Iterable


def line_to_json(line: LogLine) -> str:
    """Return a line as JSON text without line breaks."""
    row: dict[str, Any] = {"at": line.at, "level": line.level, "message": line.message}
    row["attempt"] = line.attempt
    return orjson.dumps({**row, "fields": line.fields} if line.fields else row, default=str).decode()


def line_from_json(text: str | bytes) -> LogLine:
    """Return the line that `line_to_json` wrote."""
    row = orjson.loads(text)
    return LogLine(row["at"], row["level"], row["message"], row.get("fields", {}), row["attempt"])


def pack_log(lines: Iterable[LogLine]) -> str:
    """Return lines as one text: JSON lines, zlib, base 64; empty where there are none."""
    text = "\n".join(line_to_json(line) for line in lines)
    return base64.b64encode(zlib.compress(text.encode(), 3)).decode() if text else ""


def unpack_log(packed: str) -> list[LogLine]:
    """Return the lines that `pack_log` packed."""
    if not packed:
        return []
    return [line_from_json(row) for row in zlib.decompress(base64.b64decode(packed)).split(b"\n")]
