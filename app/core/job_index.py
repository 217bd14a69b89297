"""Stored jobs by what they are about, in one round trip however many jobs there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.core.job_store import record_of

if TYPE_CHECKING:
    from app.core.records import JobRecord
    from app.core.scripts import Scripts


@dataclass(frozen=True, slots=True)
class Known:
    """What is stored: for each target its jobs, oldest first, 20 at most; and which of the ids are taken."""

    about: dict[str, tuple[JobRecord, ...]]
    taken: frozenset[str]


class JobIndex:
    """Looks jobs up by target (`job_target.py`)."""

    def __init__(self, scripts: Scripts) -> None:
        self._scripts = scripts

    async def look_up(self, targets: Sequence[str], job_ids: Sequence[str]) -> Known:
        """Return the jobs about some targets, and which of some ids exist."""
        wanted, ids = list(dict.fromkeys(targets)), list(dict.fromkeys(job_ids))
        if not wanted and not ids:
            return Known({}, frozenset())
        matches, taken = await self._scripts.run("specs/match", len(wanted), *wanted, *ids)
        about = {
            target: tuple(record_of(values) for values in hashes)
            for target, hashes in zip(wanted, matches, strict=True)
        }
        return Known(about, frozenset(job_id for job_id, there in zip(ids, taken, strict=True) if there))
