"""`If-Match` on a job: the version that was read must still be the stored one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.services.api.problems import HttpProblem
from app.services.api.reply import etag, matched_versions

if TYPE_CHECKING:
    from app.services.api.deps import Platform


async def expected_version(at: Platform, job_id: str, if_match: str | None) -> int | None:
    """Return the version that the script has to find, None for any; 412 where the header rules it out."""
    versions = None if if_match is None else matched_versions(if_match)
    if versions is None:
        return None
    if len(versions) == 1:
        # Compared in the script that saves, so nobody can come in between.
        return versions[0]
    stored = (await at.jobs.find(job_id)).version
    if stored not in versions:
        raise changed(stored)
    return stored


def changed(stored: int) -> HttpProblem:
    """Return the refusal that names the stored version."""
    return HttpProblem(
        "precondition_failed",
        f"The job is at {etag(stored)} by now: read it again. / Job sudah berubah: baca ulang.",
        headers={"ETag": etag(stored)},
    )
