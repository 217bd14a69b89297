"""What the launcher says when it cannot go on: one line in English and Indonesian, then details."""

from __future__ import annotations

from collections.abc import Sequence

ERROR_MARK = "GAGAL / ERROR: "


class LocalError(Exception):
    """A reason to stop, fit to be shown to a person as it is."""

    def __init__(self, english: str, indonesian: str, *, details: Sequence[str] = ()) -> None:
        super().__init__(f"{english} / {indonesian}")
        self.details = tuple(details)
