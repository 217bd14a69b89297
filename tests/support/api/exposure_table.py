"""The cases of `tests/contract/exposure.json` for pytest.

`ui/src/server` reads the same file.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TABLE = Path(__file__).resolve().parents[2] / "contract" / "exposure.json"


@dataclass(frozen=True, slots=True)
class Row:
    """One case: the origin of a request, settings and keys, and the status of each answer."""

    name: str
    peer: str | None
    server: str | None
    host: str
    headers: dict[str, str]
    settings: dict[str, str]
    keys: str
    """none, some, or lost: keys are required, and the stored ones are gone."""
    path: str
    api: int
    dashboard: int | None
    """None: the dashboard does not forward this path."""


def read_rows() -> list[Row]:
    """Return the rows; a member that a row leaves out is the base's."""
    table: dict[str, Any] = json.loads(TABLE.read_text("utf-8"))
    base: dict[str, Any] = table["base"]
    rows: list[dict[str, Any]] = table["rows"]
    return [_row({**base, **row}, {**base["settings"], **row.get("settings", {})}) for row in rows]


def _row(members: dict[str, Any], settings: dict[str, str]) -> Row:
    whole: dict[str, Any] = {**members, "settings": settings}
    return Row(**whole)
