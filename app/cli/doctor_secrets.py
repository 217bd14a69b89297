"""Doctor checks of job secrets and of credentials in specs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.cli.findings import Finding, Verdict
from app.core.literal_credentials import literal_problems
from app.core.secret_records import read_secrets
from app.core.store import JobFilter, JobStore

if TYPE_CHECKING:
    from app.cli.direct import Deployment

_AT_ONCE, _MOST_PAGES = 500, 20
_NAMED = 5


async def look_at_secrets(at: Deployment) -> list[Finding]:
    """Warn of secrets without hosts and of jobs whose spec holds a credential; both were saved earlier."""
    return [*await _without_hosts(at), *await _literal(at)]


async def _without_hosts(at: Deployment) -> list[Finding]:
    records = await read_secrets(at.link, at.keys)
    bare = sorted(name for name, record in records.items() if not record.info.hosts)
    if not bare:
        return []
    seen = f"{_listed(bare)}: no hosts, so runs that name them fail"
    return [Finding("secrets of jobs", Verdict.WARN, seen, f"multi-job secrets hosts {bare[0]} HOST")]


async def _literal(at: Deployment) -> list[Finding]:
    store = JobStore(at.link, at.scripts, at.clock, at.settings.timezone)
    found: list[str] = []
    cursor: int | None = None
    for _ in range(_MOST_PAGES):
        page = await store.list(JobFilter(), cursor, _AT_ONCE)
        found += [
            each.spec.job_id for each in page.items if literal_problems(each.spec.model_dump(mode="json"))
        ]
        cursor = page.next_cursor
        if cursor is None:
            break
    if not found:
        return []
    seen = f"{_listed(found)}: a credential is written into the spec, readable by every viewer"
    remedy = "multi-job secrets set NAME --host HOST; then write secret:NAME into the spec and save it"
    return [Finding("credentials in specs", Verdict.WARN, seen, remedy)]


def _listed(names: list[str]) -> str:
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {more} more" if more > 0 else "")
