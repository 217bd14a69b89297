"""Builds reports, backups, and the jobs of types whose handlers declare their words."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, Final

from app.core.i18n import _
from app.planner.language.clauses.clause import Clause, kinds
from app.planner.language.jobs.context import BuildContext, BuildResult, JobDraft, asked, refused
from app.planner.language.jobs.notify import notify_of
from app.planner.language.jobs.offers import unread_topic
from app.planner.language.jobs.schedules import schedules
from app.planner.language.lexicon.sense import Sense
from app.planner.language.times.expressions import Recurrence, ZoneName
from app.planner.language.tokens.declared import SLOT
from app.planner.messages import UNSUPPORTED
from app.planner.models import DeclaredType

_NO_RECORD: Final = kinds(
    """
    sep filler word textmark url quote expect contains down up site crowd unsendable beyond order
    """
)
_PERIODS: Final = {"w": "week", "mo": "month"}
_LED: Final = frozenset({"toward", "via", "send", "notify", "using"})


def record_jobs(clause: Clause, context: BuildContext) -> BuildResult:
    """Return the reports or the backups of a clause, one for each of its schedules."""
    job_type, unused, read = _RECORDS[clause.kind]
    draft = JobDraft(job_type, {}, [item for item in clause.items if item.kind not in unused])
    draft.keeps_schedule = clause.implied and not clause.has("time")
    instead = read(draft, clause, context)
    if instead is not None:
        return instead
    said = [item for item in clause.items if item.kind != "filler"]
    for pair in pairwise(said):
        if {item.kind for item in pair} == {clause.kind, "beyond"}:  # "cetak laporan"
            return refused(UNSUPPORTED.fill(words=context.words(pair)), context.span(clause.items))
    return schedules(draft, clause.items, context)


def _read_report(draft: JobDraft, clause: Clause, context: BuildContext) -> BuildResult | None:
    """Add the period, the zone and the recipient; return what is to be known first."""
    place, places = notify_of(clause.items, context)
    if (offered := unread_topic(clause.items, context)) is not None:
        return offered
    if places.is_open and not clause.quiet:
        return BuildResult(notes=places.notes)
    period = _period(clause, context)
    if period is not None:
        draft.inputs["period"] = period
    zones = [item.value.name for item in clause.items if isinstance(item.value, ZoneName)]
    if zones:
        draft.inputs["timezone"] = zones[0]
    draft.take_notes(places.notes)
    if place is None or clause.quiet:
        draft.items = [item for item in draft.items if item.kind not in {"name", "channel"}]
        return None
    draft.inputs["notify"] = place
    if "to" not in place and not clause.has(*_LED):
        read_as = _("{channel} is read as the channel to send it to.", channel=place["channel"])
        draft.assume(read_as, field="channel")
    return None


def _period(clause: Clause, context: BuildContext) -> str | None:
    """Return the period that one word names: "laporan mingguan", "monthly report", not "every week".

    None for a change of a schedule: there the word names the stored job.
    """
    if clause.has("change", "into"):
        return None
    named = (item for item in clause.items if context.lex[item.first].has(Sense.RECUR))
    units = {item.value.unit for item in named if isinstance(item.value, Recurrence) and item.value.step == 1}
    return _PERIODS.get(units.pop()) if len(units) == 1 else None


def _read_backup(draft: JobDraft, clause: Clause, context: BuildContext) -> BuildResult | None:
    """Add how many exports are kept, and notes on what no backup does."""
    for item in clause.items:
        if item.kind == "keep" and (item.number or 0) < 1:
            impossible = _('"{words}" is impossible: keep at least 1; that backup is not planned.')
            return refused(impossible.fill(words=context.words([item])), context.span([item]))
        if item.kind == "keep":
            draft.inputs["keep"] = item.number
    for kinds_, message in _NO_BACKUP.items():
        said = [item for item in clause.items if item.kind in kinds_]
        if said:
            draft.unread(message.fill(words=context.words(said)), context.span(said))
    return None


_NO_BACKUP: Final = {
    ("keep_for",): _('"{words}": exports are kept by number, not by age; left out.'),
    ("channel", "foreign"): _('A backup sends no word: "{words}" is left out.'),
}
_RECORDS: Final = {
    "report": ("report.daily", _NO_RECORD | {"keep", "keep_for"}, _read_report),
    "backup": ("backup.export", _NO_RECORD | {"name", "channel", "foreign"}, _read_backup),
}
"""The type of a job, the kinds of items that none of its rules uses, and its reader."""


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
    if not clause.has("time") and declared.schedule:
        draft.schedule = dict(declared.schedule)
        draft.assume(_("No time was said: the default of {type} is used.", type=job_type), field="schedule")
        return BuildResult(jobs=[draft])
    return schedules(draft, clause.items, context)


def _value(raw: str, declared: DeclaredType, field: str) -> Any:
    said = raw[1:-1] if raw[:1] in {'"', "'", "“", "‘"} else raw
    return int(said) if field in declared.numbers and said.lstrip("-").isdecimal() else said
