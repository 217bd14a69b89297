"""Lengths of time as a person types them: `90d`, `12h`, `30m`."""

from __future__ import annotations

import re

import typer

_LENGTH = re.compile(r"^(\d{1,6})([dhm])$")
_UNIT_MS = {"d": 86_400_000, "h": 3_600_000, "m": 60_000}


def length_ms(text: str, option: str, *, most_days: int, least_ms: int = 60_000) -> int:
    """Return the length in milliseconds; typer.BadParameter if it is none or out of bounds."""
    found = _LENGTH.match(text.strip().lower())
    wanted_ms = int(found[1]) * _UNIT_MS[found[2]] if found else -1
    if not least_ms <= wanted_ms <= most_days * _UNIT_MS["d"]:
        raise typer.BadParameter(
            f"{option} {text!r}: write a length such as 90d, 12h or 30m, at most {most_days}d. / "
            f"Tulis lama waktu seperti 90d, 12h, atau 30m, paling lama {most_days}d."
        )
    return wanted_ms
