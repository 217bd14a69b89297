"""From a sentence to a draft: the stages of the planner's language in order. Pure, and never an exception."""

from __future__ import annotations

from collections.abc import Sequence

from app.planner.language.clauses.assemble import Assembler
from app.planner.language.clauses.chunks import split_chunks
from app.planner.language.clauses.clause import Clause, Item, Reading
from app.planner.language.clauses.items import read_items
from app.planner.language.clauses.texts import mark_texts
from app.planner.language.draft import Drafting
from app.planner.language.injection import commands_planner
from app.planner.language.jobs.context import Built, Context
from app.planner.language.jobs.messages import message_jobs
from app.planner.language.jobs.monitors import watch_jobs
from app.planner.language.jobs.reports import backup_jobs, report_jobs
from app.planner.language.questions import questions_in
from app.planner.language.tokens.lexemes import Lexeme, lexemes_of
from app.planner.language.tokens.tokens import tokenize
from app.planner.language.zones import is_zone
from app.planner.messages import Language, Say
from app.planner.models import Draft, PlanRequest

# The language that a prompt is answered in.


def language_of(lexemes: Sequence[Lexeme]) -> Language:
    """Return the language most of the known words belong to; Indonesian where it is even."""
    only = [next(iter(lexeme.languages)) for lexeme in lexemes if len(lexeme.languages) == 1]
    return "en" if only.count("en") > only.count("id") else "id"


_BUILDERS = {"watch": watch_jobs, "report": report_jobs, "backup": backup_jobs, "message": message_jobs}


def plan_text(request: PlanRequest) -> Draft:
    """Return what a prompt asks for: jobs, and for everything guessed or left out a sentence that says so."""
    tokens = tokenize(request.prompt)
    lexemes = mark_texts(request.prompt, lexemes_of(request.prompt, tokens))
    zone, zone_says = _zone(request)
    context = Context(request, lexemes, zone, request.now)
    drafting = Drafting(context, language_of(lexemes))
    if not request.prompt.strip():
        return drafting.refuse(Say("empty"))
    if commands_planner(request.prompt, tokens):
        return drafting.refuse(Say("injection"))
    items = read_items(lexemes)
    wishes = _without_questions(items, context, drafting)
    reading = Assembler().assemble(split_chunks(wishes, [lexeme.text for lexeme in lexemes]))
    for clause in reading.clauses:
        _plan_clause(clause, context, drafting)
    _tell_leftovers(reading, context, drafting)
    if drafting.jobs:
        drafting.tell(zone_says)
    return drafting.finish(items)


def _without_questions(items: Sequence[Item], context: Context, drafting: Drafting) -> list[Item]:
    """Return the items that no question holds, and tell of those that one does."""
    asked = questions_in(context.request.prompt, context.lex)
    if not asked:
        return [*items]
    wishes: list[Item] = []
    for item in items:
        start = context.lex[item.first].start
        held = item.kind != "sep" and any(first <= start < last for first, last in asked)
        if held:
            drafting.pass_over([item])
        else:
            wishes.append(item)
    drafting.warn(Say("question"))
    return wishes


def _plan_clause(clause: Clause, context: Context, drafting: Drafting) -> None:
    if clause.stopped:
        drafting.stop(clause)
    elif clause.negated:
        items = [item for item in clause.items if item.kind not in {"sep", "filler"}]
        drafting.warn(Say("negated", context.words(items)), items)
    elif clause.kind in _BUILDERS:
        built: Built = _BUILDERS[clause.kind](clause, context)
        for job in built.jobs if clause.lent else []:
            job.assumptions.append(Say("lent_schedule", clause.kind))
        drafting.take(built)
        if not built.jobs:
            drafting.pass_over(clause.items)


def _tell_leftovers(reading: Reading, context: Context, drafting: Drafting) -> None:
    for items in reading.leftovers:
        beyond = any(item.kind in {"beyond", "order"} for item in items)
        drafting.warn(Say("unsupported" if beyond else "not_understood", context.words(items)), items)
    for items in reading.conditions:
        drafting.warn(Say("conditional", context.words(items)), items)
    drafting.pass_over(reading.ignored)


def _zone(request: PlanRequest) -> tuple[str, list[Say]]:
    """Return the zone that holds, and what has to be told of it."""
    deployment = request.deployment_timezone if is_zone(request.deployment_timezone) else "UTC"
    if request.timezone and is_zone(request.timezone):
        return request.timezone, []
    if request.timezone:
        return deployment, [Say("bad_zone", request.timezone, deployment)]
    return deployment, [Say("timezone", deployment)]
