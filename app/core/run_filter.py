"""Selects runs: the parts of a filter, and whether a record fits."""

from __future__ import annotations

from dataclasses import dataclass

from app.core.models import RunStatus, is_run_id
from app.core.run_text import contains, normalized

TEXTS = ("error", "inputs", "output")
"""The fields of a run's hash in which `q` is searched, all of them JSON."""


@dataclass(frozen=True, slots=True)
class RunFilter:
    """Which runs; all given parts must hold. No part: all runs."""

    job_id: str | None = None
    """A job's id, or a pattern: `*` matches any characters."""
    status: RunStatus | None = None
    q: str | None = None
    """Part of a run id, job id, error, input or output, ignoring case; or a whole trace id or fingerprint."""
    since_ms: int | None = None
    """Created at this time or later."""
    dead_group: str | None = None
    """Dead letters of this error alone; goes with no other part."""
    until_ms: int | None = None
    """Created before this time."""
    statuses: tuple[RunStatus, ...] = ()
    """Any of these; together with `status`, both must hold."""
    type: str | None = None
    tag: str | None = None
    """A tag that the run's job has now."""
    trace_id: str | None = None

    @property
    def states(self) -> tuple[str, ...] | None:
        """Return the states that fit, each once; None for any state."""
        wanted = dict.fromkeys(status.value for status in self.statuses)
        if self.status is None:
            return tuple(wanted) or None
        return (self.status.value,) if not wanted or self.status in wanted else ()

    @property
    def exact_job(self) -> str | None:
        """Return the job, if the filter names exactly one."""
        return None if self.job_id is None or "*" in self.job_id else self.job_id

    @property
    def run_id(self) -> str | None:
        """Return `q` if it is a whole run id, for which no search is needed; a tag needs one."""
        return self.q if self.q is not None and self.tag is None and is_run_id(self.q) else None

    @property
    def text(self) -> str:
        """Return `q` in the form in which texts are compared; empty without `q`."""
        return normalized(self.q or "")

    def accepts(self, fields: dict[str, str], run_id: str) -> bool:
        """Return whether a run's hash fits, apart from the tag, which is its job's."""
        return self._fits_job(fields["job"]) and self._fits_fields(fields) and self._has_text(fields, run_id)

    def _fits_job(self, job_id: str) -> bool:
        if self.job_id is None:
            return True
        if "*" not in self.job_id:
            return job_id == self.job_id
        first, *middle, last = self.job_id.split("*")
        if not job_id.startswith(first) or len(job_id) < len(first) + len(last):
            return False
        at, end = len(first), len(job_id) - len(last)
        for part in middle:
            at = job_id.find(part, at, end)
            if at < 0:
                return False
            at += len(part)
        return job_id.endswith(last)

    def _fits_fields(self, fields: dict[str, str]) -> bool:
        created, states = int(fields["created"]), self.states
        return (
            (states is None or fields["status"] in states)
            and (self.type is None or fields.get("type") == self.type)
            and (self.trace_id is None or fields.get("trace") == self.trace_id)
            and (self.since_ms is None or created >= self.since_ms)
            and (self.until_ms is None or created < self.until_ms)
        )

    def _has_text(self, fields: dict[str, str], run_id: str) -> bool:
        if self.q is None:
            return True
        wanted = self.text
        return (
            wanted in run_id.lower()
            or wanted in fields["job"].lower()
            or wanted in (fields.get("trace"), fields.get("fingerprint"))
            or any(contains(fields.get(name, ""), wanted) for name in TEXTS)
        )
