"""Which of some jobs are in the scope of a key."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from app.core.models import JOB_ID_PATTERN

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.core.access.scope import JobScope
    from app.core.specs.store import JobStore

_JOB_ID: Final = re.compile(JOB_ID_PATTERN)


async def ids_in_scope(jobs: JobStore, scope: JobScope, job_ids: Iterable[str]) -> frozenset[str]:
    """Return those of these jobs that are in scope by their present tags; a deleted one by its id alone."""
    # What no job can be called is not asked for: such a text could be part of another key.
    wanted = [job_id for job_id in dict.fromkeys(job_ids) if _JOB_ID.fullmatch(job_id)]
    records = await jobs.find_some(wanted) if wanted else {}
    return frozenset(
        job_id
        for job_id in wanted
        if (scope.covers(records[job_id].spec) if job_id in records else scope.covers_id(job_id))
    )
