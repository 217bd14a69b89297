"""Builds the jobs of types whose handlers declare their words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from app.core.i18n import _
from app.planner.language.jobs.context import BuildContext, BuildResult, JobDraft, asked
from app.planner.language.jobs.schedules import schedules
from app.planner.language.times.schedule_builder import TypeDefaults
from app.planner.language.tokens.declared import SLOT

if TYPE_CHECKING:
    from app.planner.language.clauses.clause import Clause
    from app.planner.models import DeclaredType

_DEFAULT_MINUTE: Final = 9 * 60


def declared_jobs(clause: Clause, context: BuildContext) -> BuildResult:
    """Return the jobs of a clause, one for each schedule; a question if a needed input was not said."""
    job_type = clause.kind.partition(" ")[2]
    declared = next(each for each in context.request.declared if each.type == job_type)
    items = [item for item in clause.items if item.kind not in {"sep", "filler", "word"}]
    draft = JobDraft(job_type, {}, items)
    for item in clause.items:
        if item.kind == SLOT:
            draft.inputs[item.text] = _value(context.lex[item.first].raw, declared, item.text)
    for field, marks in declared.slots:
        if field in declared.required and field not in draft.inputs:
            question = _("Which {field} is meant for {type}?", field=marks[0], type=job_type)
            return asked(question, context.after(items), lead=f" {marks[0]} ")
    if not clause.has_time() and declared.schedule:
        draft.schedule = dict(declared.schedule)
        draft.assume(_("No time was said: the default of {type} is used.", type=job_type), field="schedule")
        return BuildResult(jobs=[draft])
    defaults = TypeDefaults(None, _DEFAULT_MINUTE, by_hand=not clause.has_time())
    return schedules(draft, clause.items, defaults, context)


def _value(raw: str, declared: DeclaredType, field: str) -> Any:
    if raw[:1] in {'"', "'", "“", "‘"}:
        raw = raw[1:-1]
    if field not in declared.numbers:
        return raw
    return int(raw) if raw.lstrip("-").isdecimal() else raw
