"""The rule-based planner's pipeline, from a sentence to a draft.

The stages do no I/O and raise no exception.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from app.core.i18n import Language, Message, _
from app.planner.language.clauses.assemble import ClauseAssembler
from app.planner.language.clauses.clause import Clause, Item, Operator, ParsedClauses, split_chunks
from app.planner.language.clauses.texts import read_lexemes
from app.planner.language.draft import DraftBuilder
from app.planner.language.effects import Reading
from app.planner.language.injection import commands_planner
from app.planner.language.jobs.context import BuildContext, BuildResult, JobDraft, asked
from app.planner.language.jobs.messages import message_jobs
from app.planner.language.jobs.monitors import watch_jobs
from app.planner.language.jobs.offers import offer
from app.planner.language.jobs.reports import declared_jobs, record_jobs
from app.planner.language.jobs.settings import with_settings
from app.planner.language.lexicon.sense import Sense
from app.planner.language.manage.requests import (
    changes_stored,
    depends,
    leaving_request,
    run_request,
    stop_request,
    update_request,
    value_request,
)
from app.planner.language.manage.verbs import change_of, manage
from app.planner.language.operators.chains import is_job_id
from app.planner.language.speech.replies import hear, reply
from app.planner.language.times.expressions import Now
from app.planner.language.tokens.declared import mark_declared
from app.planner.language.tokens.lexemes import Lexeme
from app.planner.language.zones import is_zone
from app.planner.messages import BACKGROUND, KEPT, LENT_SCHEDULE, UNSUPPORTED
from app.planner.models import ManageRequest, NoteKind, PlanRequest

# The language in which the planner replies.


def language_of(lexemes: Sequence[Lexeme]) -> Language:
    """Return the language that most of the known words belong to; Indonesian if both have as many."""
    only = [next(iter(lexeme.languages)) for lexeme in lexemes if len(lexeme.languages) == 1]
    return "en" if only.count("en") > only.count("id") else "id"


_NOT_UNDERSTOOD: Final = _('"{words}" is not understood and is left out.')
_AS_ASKED: Final = _('"{words}" is not planned, as you asked.')
_SET_ASIDE: Final[dict[str, Message]] = {
    "kept": KEPT,
    "denied": _AS_ASKED,
    "reason": BACKGROUND,
}
_BUILDERS = {
    "watch": watch_jobs,
    "report": record_jobs,
    "backup": record_jobs,
    "message": message_jobs,
    "declared": declared_jobs,
}


_MOST_LEXEMES: Final = 800
_MOST_DENSE: Final = 60
"""So many words and signs may be shorter than one and a half characters on average."""


def read_text(request: PlanRequest) -> Reading:
    """Return the reading of a prompt."""
    lexemes = mark_declared(read_lexemes(request.prompt, request.directory), request.declared)
    zone = next(filter(is_zone, filter(None, (request.timezone, request.deployment_timezone))), "UTC")
    context = BuildContext(request, lexemes, zone, request.instant, language_of(lexemes))
    builder = DraftBuilder(context)
    if not request.prompt.strip():
        return builder.nothing(_("The prompt is empty: nothing is planned."))
    if commands_planner(request.prompt, lexemes):
        return builder.nothing(_("The prompt tries to command the planner: nothing is planned."))
    count = len(lexemes)
    if count > _MOST_LEXEMES or (count > _MOST_DENSE and 3 * count > 2 * len(request.prompt)):
        return builder.nothing(_("These are more signs than words: nothing is planned."))
    hearing = hear(context)
    operated = manage(lexemes, hearing.wishes)
    wishes = [item for item in operated if item.kind not in _SET_ASIDE]
    renaming = value_request(wishes, context)
    if renaming is not None:
        change, about, new = renaming
        builder.requests.append(change)
        builder.reading.ask(about)
        builder.reading.tell(new)
        wishes = [item for item in wishes if item not in about + new]
    reading = ClauseAssembler().assemble(split_chunks(wishes, [lexeme.text for lexeme in lexemes]))
    alone = len(reading.clauses) == 1
    built = {
        id(clause): ()
        if (index == 0 and _follows_nothing(clause, wishes, builder))
        or _leaves_days(clause, builder)
        or _is_conditional(clause, wishes, builder)
        else _plan_clause(clause, builder, alone=alone)
        for index, clause in enumerate(reading.clauses)
    }
    _link_chains(reading.clauses, built, builder)
    _tell_negated(reading, builder)
    _tell_set_aside(operated, builder)
    reply(hearing, context, builder)
    builder.hint(item for each in hearing.asides for item in each.items)
    _tell_leftovers(wishes, reading, builder)
    if builder.jobs:
        _tell_zone(request, zone, builder)
    return builder.finish(hearing.items)


def _follows_nothing(clause: Clause, items: Sequence[Item], builder: DraftBuilder) -> bool:
    """Ask for the job before the first one: "setelah itu kirim laporannya", and nothing before it."""
    first = next((item for item in items if item.kind != "filler"), None)
    led = first is not None and builder.context.lex[first.first].has(Sense.THAT_DONE)
    if first is None or not led or clause.has("time") or clause.operator or clause.kind == "watch":
        return False
    builder.leave_out(
        NoteKind.QUESTION, _('Which job does "{words}" follow? Name it.'), [first, *clause.items]
    )
    return True


def _leaves_days(clause: Clause, builder: DraftBuilder) -> bool:
    """Add the request that a stored job leaves out days: "laporan harian jangan pas tanggal merah"."""
    off = clause.has("unclear", "neg") or any(item.has("off") for item in clause.items)
    may = (clause.operator or off) and not _is_now(clause)
    leaving = leaving_request(clause, builder.context) if may else None
    if leaving is None:
        return False
    note = asked(leaving[1], builder.context.span(clause.items))
    if clause.operator is Operator.NOT:
        clause.operator = None
        note.notes = [replace(each, kind=NoteKind.REFUSAL) for each in note.notes]
    builder.request(leaving[0], clause, note)
    return True


def _is_conditional(clause: Clause, items: Sequence[Item], builder: DraftBuilder) -> bool:
    """Refuse a change of a stored job that depends on a condition."""
    stop = next((item for item in clause.items if item.kind == "stop"), None)
    if clause.operator is not Operator.WITHDRAW or stop is None or not (clause.after or depends(items, stop)):
        return False
    conditional = _('Conditional changes of jobs are not supported: "{words}" is left out.')
    builder.leave_out(NoteKind.REFUSAL, conditional, clause.items)
    return True


def _plan_clause(clause: Clause, builder: DraftBuilder, *, alone: bool) -> Sequence[JobDraft]:
    context = builder.context
    if clause.operator is Operator.WITHDRAW and not change_of(clause.items)[1]:
        builder.stop(clause)
        return ()
    unclear = [item for item in clause.items if item.kind == "unclear"]
    if unclear and not clause.operator and _is_now(clause):  # "… sekarang, gak usah nunggu jam 5"
        builder.leave_out(NoteKind.ASSUMPTION, _AS_ASKED, unclear)
        unclear = []
    crowd = _unnamed_crowd(clause)
    if clause.operator is Operator.NOT or unclear or crowd:
        if clause.operator is not Operator.NOT:
            message = _('"{words}" says when not. When shall it be?')
            message = message if unclear else _('Which ones are "{words}"? Name each of them.')
            builder.leave_out(NoteKind.QUESTION, message, unclear or crowd)
        builder.reading.tell(clause.items, "clause")
        return ()
    linked = clause.after is not None or clause.is_named
    request = None if linked else _request(clause, context, alone=alone)
    kind, built = clause.kind.partition(" ")[0], BuildResult()
    if kind in _BUILDERS:
        context = replace(context, is_started=True) if linked else context
        built = with_settings(_BUILDERS[kind](clause, context), clause, context)
        named = clause.items if clause.is_named else ()
        ids = [item.name.text for item in named if item.name is not None and is_job_id(item)]
        for job in built.jobs:
            job.is_named = clause.is_named
            job.job_id = ids[0] if ids else None
        for job in built.jobs if clause.lent else []:
            job.assume(LENT_SCHEDULE.fill(words=clause.kind), field="schedule")
        if request is None:
            builder.take(built, clause)
            return built.jobs
    if request is not None:
        # A move by a length takes nothing of a plan.
        shifts = request.update is not None and request.update.shift_sec
        builder.request(request, clause, BuildResult() if shifts else built)
    else:
        builder.leave_out(NoteKind.UNREAD, _NOT_UNDERSTOOD, clause.items)
    return ()


def _request(clause: Clause, context: BuildContext, *, alone: bool) -> ManageRequest | None:
    """Return the request of a clause that may also be a plan: "ganti …", "jalankan …", "aktifkan …"."""
    if clause.operator:
        return stop_request(clause, context)[0]
    if changes_stored(clause, context):
        return update_request(clause, context)
    return run_request(clause, context) if alone or _is_now(clause) else None


def _is_now(clause: Clause) -> bool:
    return any(isinstance(item.value, Now) for item in clause.items)


def _link_chains(
    clauses: Sequence[Clause], built: Mapping[int, Sequence[JobDraft]], builder: DraftBuilder
) -> None:
    """Link each job to those that it starts.

    Without its first job one that follows would run at once, so it is dropped with a note.
    """
    for clause in clauses:
        firsts = built.get(id(clause.after), ()) if clause.outcome else ()
        seconds = [each for job in built[id(clause)] if (each := builder.kept(job)) is not None]
        for first in filter(None, map(builder.kept, firsts)):
            first.starts.extend((clause.outcome, second) for second in seconds)
        if clause.after is not None and seconds and not firsts:
            builder.drop(seconds)
            waits = _('"{words}" cannot follow that job: it is left out.')
            builder.leave_out(NoteKind.REFUSAL, waits, clause.items)
    builder.drop([job for job in builder.jobs if job.is_named and not job.starts])


def _tell_negated(reading: ParsedClauses, builder: DraftBuilder) -> None:
    """Note the wishes that the prompt itself denies.

    With a job that is no doubt, unless it may be a day of the job: "don't back up on Sundays, …".
    """
    kinds = {clause.kind for clause, _jobs in builder.planned}
    for clause in reading.clauses:
        if clause.operator is Operator.NOT:
            own = clause.has("time") and clause.kind in kinds
            kind = NoteKind.UNREAD if own else NoteKind.ASSUMPTION
            items = [item for item in clause.items if item.kind not in {"sep", "filler"}]
            builder.leave_out(kind if builder.jobs else NoteKind.REFUSAL, _AS_ASKED, items)


def _tell_set_aside(items: Sequence[Item], builder: DraftBuilder) -> None:
    """Note what stays as it is, and what is not wanted; without another wish that is all that was said."""
    kind = NoteKind.ASSUMPTION if builder.jobs or builder.requests else NoteKind.REFUSAL
    for item in items:
        if item.kind in _SET_ASIDE:
            builder.leave_out(kind, _SET_ASIDE[item.kind], [item])


def _unnamed_crowd(clause: Clause) -> list[Item]:
    """Return the "semua pelanggan" of a clause that names none of them. A report is about all accounts."""
    if any(item.name is not None for item in clause.items):
        return []
    whole = clause.kind in {"report", "backup"}
    crowds = (item for item in clause.items if item.kind == "crowd")
    return [item for item in crowds if item.text == "people" or not whole][:1]


def _offers(wishes: list[Item], reading: ParsedClauses, builder: DraftBuilder) -> bool:
    """Offer a reminder for what no job fulfils, if nothing else is planned; True if one is offered."""
    said = [*reading.leftovers, *reading.conditions] or ([] if builder.notes else [wishes])
    if builder.jobs or builder.requests or builder.inquiries or reading.clauses or not said:
        return False
    offered = offer([item for items in said for item in items], builder.context)
    if offered is None:
        return False
    builder.take_notes(offered.notes)
    for items in said:
        builder.reading.tell(items, "clause")
    return True


def _tell_leftovers(wishes: list[Item], reading: ParsedClauses, builder: DraftBuilder) -> None:
    if _offers(wishes, reading, builder):
        return
    for items in reading.leftovers:
        beyond = any(item.kind in {"beyond", "order"} for item in items)
        note = (NoteKind.REFUSAL, UNSUPPORTED) if beyond else (NoteKind.UNREAD, _NOT_UNDERSTOOD)
        note = (NoteKind.ASSUMPTION, BACKGROUND) if builder.is_background(items) else note
        builder.leave_out(*note, items)
    for items in reading.conditions:
        conditional = _('Conditional jobs are not supported: "{words}" is left out.')
        builder.leave_out(NoteKind.REFUSAL, conditional, items)
    for items in reading.clashes:
        both = _('"{words}" has a time of its own, so it does not follow another job.')
        words, span = builder.context.words(items), builder.context.span(items)
        builder.note(NoteKind.CONFLICT, both.fill(words=words), span)


def _tell_zone(request: PlanRequest, zone: str, builder: DraftBuilder) -> None:
    if not request.timezone:
        builder.assume(_("No time zone was said: {zone} is used.", zone=zone))
    elif request.timezone != zone:
        unknown = _("The time zone {zone} is unknown: {used} is used.", zone=request.timezone, used=zone)
        builder.note(NoteKind.CONFLICT, unknown)
