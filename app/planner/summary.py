"""One sentence about what is planned, where it is no longer what the rules' own sentence says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

_WORDS: Final = {
    "id": (
        "Tidak ada job yang direncanakan.",
        "job",
        "job",
        "tiap {} detik",
        "sekali pada {}",
        "sekali, sekarang",
    ),
    "en": ("No job is planned.", "job", "jobs", "every {} s", "once at {}", "once, now"),
}


def summary_of(jobs: Iterable[tuple[str, Mapping[str, Any] | None]], language: str) -> str:
    """Return a sentence about types and schedules, in the language of the prompt."""
    nothing, one, several, *_ = _WORDS[language]
    parts = [f"{job_type} {_when(schedule, language)}" for job_type, schedule in jobs]
    if not parts:
        return nothing
    return f"{len(parts)} {one if len(parts) == 1 else several}: {', '.join(parts)}."


def _when(schedule: Mapping[str, Any] | None, language: str) -> str:
    _, _, _, every, at, now = _WORDS[language]
    said = schedule or {}
    if said.get("interval_sec"):
        return every.format(said["interval_sec"])
    if said.get("cron"):
        return " ".join(str(said[name]) for name in ("cron", "timezone") if said.get(name))
    return at.format(said["at"]) if said.get("at") else now
