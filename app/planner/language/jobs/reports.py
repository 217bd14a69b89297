"""Builds reports, backups, and the jobs of types whose handlers declare their words."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, Final

from app.core.i18n import Message, _
from app.planner.language.clauses.clause import Clause, Item, kinds
from app.planner.language.jobs.context import BuildContext, BuildResult, JobDraft, asked, refused
from app.planner.language.jobs.notify import notify_of
from app.planner.language.jobs.offers import unread_topic
from app.planner.language.jobs.schedules import schedules, zone_in
from app.planner.language.lexicon.sense import Sense
from app.planner.language.times.expressions import Recurrence
from app.planner.language.times.schedule_builder import TypeDefaults
from app.planner.language.tokens.declared import SLOT
from app.planner.messages import UNSUPPORTED
from app.planner.models import DeclaredType

REPORT_DEFAULTS: Final = TypeDefaults(None, 7 * 60)
BACKUP_DEFAULTS: Final = TypeDefaults(None, 2 * 60)
_DECLARED_MINUTE: Final = 9 * 60
_NO_RECORD: Final = kinds(
    """
    sep filler word textmark url quote expect contains down up site crowd unsendable beyond order
    """
)
_UNUSED: Final = {
    "report": _NO_RECORD | {"keep", "keep_for"},
    "backup": _NO_RECORD | {"name", "channel", "foreign"},
}
"""The kinds of items that no rule of a report or a backup uses."""
_PERIODS: Final = {"w": "week", "mo": "month"}
_LED: Final = frozenset({"toward", "via", "send", "notify", "using"})


def report_jobs(clause: Clause, context: BuildContext) -> BuildResult:
    """Return the reports of a clause, one for each of its schedules."""
    offered = unread_topic(clause.items, context)
    if offered is not None:
        return offered
    beyond = _beyond(clause, context)
    if beyond is not None:
        return refused(beyond, context.span(clause.items))
    draft = JobDraft("report.daily", {}, _own(clause))
    period = _period(clause, context)
    if period is not None:
        draft.inputs["period"] = period
    zone = zone_in(clause.items)
    if zone is not None:
        draft.inputs["timezone"] = zone
    open_places = _notify(draft, clause, context)
    if open_places is not None:
        return open_places
    if "notify" not in draft.inputs:
        draft.items = [item for item in draft.items if item.kind not in {"name", "channel"}]
    draft.keeps_schedule = clause.implied and not clause.has_time()
    return schedules(draft, clause.items, REPORT_DEFAULTS, context)


def _period(clause: Clause, context: BuildContext) -> str | None:
    """Return the period that one word names: "laporan mingguan", "monthly report", not "every week".

    None for a change of a schedule: there the word names the stored job.
    """
    if clause.has("change", "into"):
        return None
    units = {
        item.value.unit
        for item in clause.items
        if isinstance(item.value, Recurrence)
        and item.value.step == 1
        and context.lex[item.first].has(Sense.RECUR)
    }
    return _PERIODS.get(units.pop()) if len(units) == 1 else None


def _notify(draft: JobDraft, clause: Clause, context: BuildContext) -> BuildResult | None:
    """Add the recipient; return what is to be known first if it has no address."""
    place, places = notify_of(clause.items, context)
    if places.is_open and not clause.quiet:
        return BuildResult(notes=places.notes)
    draft.take_notes(places.notes)
    if place is None or clause.quiet:
        return None
    draft.inputs["notify"] = place
    if "to" not in place and not clause.has(*_LED):
        draft.assume(
            _("{channel} is read as the channel to send it to.", channel=place["channel"]), field="channel"
        )
    return None


def backup_jobs(clause: Clause, context: BuildContext) -> BuildResult:
    """Return the backups of a clause, one for each of its schedules."""
    beyond = _beyond(clause, context)
    if beyond is not None:
        return refused(beyond, context.span(clause.items))
    none_kept = [item for item in clause.items if item.kind == "keep" and (item.number or 0) < 1]
    if none_kept:
        impossible = _('"{words}" is impossible: keep at least 1; that backup is not planned.')
        return refused(impossible.fill(words=context.words(none_kept)), context.span(none_kept))
    draft = JobDraft("backup.export", {}, _own(clause))
    for item in clause.items:
        if item.kind == "keep" and item.number is not None:
            draft.inputs["keep"] = item.number
        elif item.kind == "keep_for":
            by_age = _('"{words}": exports are kept by number, not by age; left out.')
            draft.unread(by_age.fill(words=context.words([item])), context.span([item]))
    places = [item for item in clause.items if item.kind in {"channel", "foreign"}]
    if places:
        no_word = _('A backup sends no word: "{words}" is left out.')
        draft.unread(no_word.fill(words=context.words(places)), context.span(places))
    draft.keeps_schedule = clause.implied and not clause.has_time()
    return schedules(draft, clause.items, BACKUP_DEFAULTS, context)


def _beyond(clause: Clause, context: BuildContext) -> Message | None:
    """Return a warning if the wish is of another kind: "laporan cuaca", "cetak laporan"."""
    said = [item for item in clause.items if item.kind != "filler"]
    for item, following in pairwise(said):
        if {item.kind, following.kind} == {clause.kind, "beyond"}:
            return UNSUPPORTED.fill(words=context.words([item, following]))
    return None


def _own(clause: Clause) -> list[Item]:
    """Return the items that a report or a backup can use."""
    return [item for item in clause.items if item.kind not in _UNUSED[clause.kind]]


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
    defaults = TypeDefaults(None, _DECLARED_MINUTE, by_hand=not clause.has_time())
    return schedules(draft, clause.items, defaults, context)


def _value(raw: str, declared: DeclaredType, field: str) -> Any:
    said = raw[1:-1] if raw[:1] in {'"', "'", "“", "‘"} else raw
    return int(said) if field in declared.numbers and said.lstrip("-").isdecimal() else said
