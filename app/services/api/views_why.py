"""An explanation as the API shows it: plain values of the shapes in `schemas_why.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.core.why import explain
from app.core.why_text import in_words
from app.services.api.reply import instant

if TYPE_CHECKING:
    from app.core.why_facts import Explanation, Facts, Finding
    from app.core.why_text import Language


def why_view(facts: Facts, language: Language) -> dict[str, Any]:
    """Return the answer in words."""
    job_id, told = facts.record.spec.job_id, explain(facts)

    def words(finding: Finding) -> dict[str, Any]:
        text, next_step = in_words(finding, language, facts.zone, job_id)
        return {"reason": finding.reason, "text": text, "next_step": next_step}

    return {
        "job_id": job_id,
        "language": language,
        "timezone": facts.zone,
        "next": _next(facts, told, words(told.next.finding)),
        "occurrences": [
            {
                "from": instant(item.first_ms),
                "to": instant(item.last_ms),
                "slots": item.slots,
                "outcome": item.outcome,
                **words(item.finding),
                "run_id": item.run_id,
                "status": item.status,
            }
            for item in told.occurrences
        ],
        "run": told.run
        and {"run_id": told.run[0].run_id, "status": told.run[0].status, **words(told.run[1])},
    }


def _next(facts: Facts, told: Explanation, words: dict[str, Any]) -> dict[str, Any]:
    at_ms = told.next.at_ms
    return {
        "at": instant(at_ms),
        "in_sec": None if at_ms is None else (at_ms - facts.now_ms) / 1000,
        **words,
        "reason": words["reason"] or None,
    }
