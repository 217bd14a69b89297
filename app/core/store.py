"""Job specs, versions, runs, ledger, roll-ups: one place to import their stores from."""

from app.core.job_search import JobFilter
from app.core.job_store import JobStore, run_of
from app.core.run_filter import RunFilter
from app.core.run_store import RunStore

__all__ = ["JobFilter", "JobStore", "RunFilter", "RunStore", "run_of"]
