"""Stored values as facts of an explanation."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import orjson

from app.core.models import RetryPolicy, RunStatus
from app.core.why_facts import PauseFact, RunFact, WorkerFact

if TYPE_CHECKING:
    from collections.abc import Sequence

RUN_FIELDS = (
    *("status", "seq", "source", "type", "slot", "created", "due", "queued", "started", "ended"),
    *("attempt", "failures", "retry", "worker", "waiting", "dead", "chain"),
)
"""Neither inputs nor output: they may be large, and tell nothing here."""


def run_fact(run_id: str, values: Sequence[str | None] | None) -> RunFact | None:
    """Return a run from its RUN_FIELDS; None where it is damaged, or retention has removed it meanwhile."""
    h = dict(zip(RUN_FIELDS, values or [None] * len(RUN_FIELDS), strict=True))
    if h["status"] is None:
        return None
    return RunFact(
        run_id=run_id,
        status=RunStatus(h["status"]),
        seq=int(h["seq"] or 0),
        source=h["source"] or "",
        type=h["type"] or "",
        slot_ms=_integer(h["slot"]),
        created_at=int(h["created"] or 0),
        due_at=_integer(h["due"]),
        queued_at=_integer(h["queued"]),
        started_at=_integer(h["started"]),
        ended_at=_integer(h["ended"]),
        attempt=int(h["attempt"] or 0),
        failures=int(h["failures"] or 0),
        max_retry=_max_retry(h["retry"] or ""),
        worker=h["worker"] or "",
        waiting_for=h["waiting"] or "",
        dead_letter=h["dead"] is not None,
        parent=parent_of(h["chain"]),
    )


def worker_fact(instance: str, flat: Sequence[str] | None) -> WorkerFact | None:
    """Return a worker from its hash; None where that has lapsed meanwhile."""
    h = dict(zip((flat or ())[::2], (flat or ())[1::2], strict=True))
    if "state" not in h:
        return None
    state: dict[str, Any] = orjson.loads(h["state"])
    types = state.get("types")
    return WorkerFact(
        instance=instance,
        concurrency=int(state.get("concurrency", 0)),
        running=len(state.get("running", ())),
        draining=bool(state.get("draining")),
        types=None if types is None else frozenset(types),
    )


def pause_fact(scope: str, text: str) -> PauseFact:
    """Return a pause from what is stored of it."""
    stored: dict[str, Any] = orjson.loads(text)
    return PauseFact(scope, int(stored["since"]), str(stored["actor"]), str(stored.get("reason") or ""))


def parent_of(chain: str | None) -> str:
    """Return the run whose end made this one; empty where none did."""
    return str(orjson.loads(chain).get("p", "")) if chain else ""


def error_of(text: str | None) -> dict[str, Any] | None:
    """Return an error as it is stored."""
    return orjson.loads(text) if text else None


@lru_cache(maxsize=256)
def _max_retry(retry: str) -> int:
    return RetryPolicy.model_validate_json(retry).max_retry if retry else RetryPolicy().max_retry


def _integer(text: str | None) -> int | None:
    return int(text) if text else None
