"""Which runs somebody asks for."""

from __future__ import annotations

from dataclasses import dataclass

from app.core.models import RunStatus, is_run_id


@dataclass(frozen=True, slots=True)
class RunFilter:
    """Which runs; all given parts must hold. `q`: prefix of a run or job id, a trace id, a fingerprint."""

    job_id: str | None = None
    status: RunStatus | None = None
    q: str | None = None
    since_ms: int | None = None
    dead_group: str | None = None
    """Dead letters of this error alone; goes with no other part."""

    @property
    def is_one_run(self) -> bool:
        """Tell whether `q` is a whole id, which no other id begins with."""
        return self.q is not None and "@" not in self.q and is_run_id(self.q)

    def accepts(self, fields: dict[str, str], run_id: str) -> bool:
        """Tell whether a run's hash fits."""
        if self.job_id is not None and fields["job"] != self.job_id:
            return False
        if self.status is not None and fields["status"] != self.status:
            return False
        if self.since_ms is not None and int(fields["created"]) < self.since_ms:
            return False
        return self.q is None or self._found(fields, run_id)

    def _found(self, fields: dict[str, str], run_id: str) -> bool:
        q = self.q or ""
        return (
            run_id.startswith(q)
            or fields["job"].startswith(q)
            or q in (fields.get("trace"), fields.get("fingerprint"))
        )
