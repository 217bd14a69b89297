"""Why a job did or did not run: facts become findings, findings become words (`why_words.py`). Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.core.why_facts import Explanation
from app.core.why_next import next_finding
from app.core.why_runs import run_finding
from app.core.why_slots import slot_findings

if TYPE_CHECKING:
    from app.core.why_facts import Facts


def explain(facts: Facts) -> Explanation:
    """Return the next fire, the slots of the window and the run that has not ended, each with its reason."""
    active = facts.active
    return Explanation(
        next=next_finding(facts),
        occurrences=tuple(slot_findings(facts)),
        run=None if active is None else (active, run_finding(facts, active)),
    )
