"""`/plan`: a preview with a button that executes exactly that plan, once; `/answer` goes on from it.

Only the person who asked can use its buttons.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from app.core.connectors.messages import Button
from app.core.i18n import Message, _, pgettext, render
from app.core.ids import new_trace_id
from app.core.queue import Idempotency
from app.planner.certainty import certainty_text
from app.planner.execute import ExecutionOptions
from app.planner.language.dialogue import refers_back
from app.planner.models import KEPT_SEC, Change, PlanRequest
from app.services.connector.commands.messages import CommandReply, CommandRequest

if TYPE_CHECKING:
    from app.planner.execute import JobResult
    from app.planner.models import JobChange, Plan
    from app.services.connector.commands.context import CommandContext

PRESS: Final = "plan:"
CHOICE: Final = "answer:"
"""Starts the data of a button that answers a question: the plan's id and the index of the choice follow."""
_MOST_JOBS, _MOST_WARNINGS, _MOST_FIELDS = 20, 10, 5
_PLAN_AGAIN: Final = _("This plan has expired: plan again.")
_CHANGES: Final = {
    Change.CREATE: pgettext("plan", "create"),
    Change.UPDATE: pgettext("plan", "update"),
    Change.UNCHANGED: _("unchanged"),
    Change.DISABLE: pgettext("plan", "disable"),
    Change.PAUSE: pgettext("plan", "pause"),
    Change.RESUME: pgettext("plan", "resume"),
    Change.RUN: pgettext("plan", "run now"),
    Change.DELETE: pgettext("plan", "delete"),
}
_OUTCOMES: Final = {
    "created": _("created"),
    "updated": _("updated"),
    "unchanged": _("unchanged"),
    "disabled": pgettext("plan", "disabled"),
    "paused": pgettext("plan", "paused"),
    "resumed": pgettext("plan", "resumed"),
    "run": pgettext("plan", "started"),
    "deleted": pgettext("plan", "deleted"),
    "needs_confirmation": _("needs a confirmation"),
    "error": pgettext("plan", "failed"),
}


async def plan(context: CommandContext, request: CommandRequest) -> CommandReply:
    """Plan a sentence and show the plan; one that refers back changes the plan before."""
    if not request.rest:
        return request.reply(_("Write a sentence: /plan check https://example.org every 5 minutes"))
    before = await _last_plan(context, request) if refers_back(request.rest) else None
    if before is not None:
        return await _go_on(context, request, before, request.rest)
    return await _show(context, request, await context.planning.preview(PlanRequest(request.rest)), "")


async def answer(context: CommandContext, request: CommandRequest) -> CommandReply:
    """Answer the question of the last plan, or change that plan."""
    before = await _last_plan(context, request)
    if before is None:
        return request.reply(_("There is no plan of yours here: /plan makes one."))
    if not request.rest:
        return request.reply(_("Write the answer or the change: /answer at 9"))
    return await _go_on(context, request, before, request.rest)


async def choose(context: CommandContext, request: CommandRequest) -> CommandReply:
    """Answer a question with the pressed choice."""
    plan_id, _colon, index = request.update.pressed.removeprefix(CHOICE).partition(":")
    refused = await _refused(context, request, plan_id)
    if refused is not None:
        return refused
    question = (await context.planning.store.get(plan_id)).question
    choices = () if question is None else question.choices
    if not index.isdecimal() or int(index) >= len(choices):
        return CommandReply(press_text=request.say(_PLAN_AGAIN))
    reply = await _go_on(context, request, plan_id, choices[int(index)])
    return replace(reply, press_text=choices[int(index)])


async def _go_on(context: CommandContext, request: CommandRequest, before: str, text: str) -> CommandReply:
    return await _show(context, request, await context.planning.answer(before, text, None), before)


async def _show(context: CommandContext, request: CommandRequest, made: Plan, before: str) -> CommandReply:
    """Show a plan with its buttons. `before` is the plan that it goes on from, if there is one."""
    text = _preview(made, request)
    call, plan_id = context.link.call, made.plan_id
    last = " ".join([plan_id, str(request.update.id), before])
    await call("SET", context.keys.plan_last(_asker_hash(request)), last, "EX", KEPT_SEC)
    question = made.question
    changes = any(job.change is not Change.UNCHANGED for job in made.jobs)
    if question is None and not changes:
        return CommandReply("\n".join([*text, request.say(_("Nothing would change."))]))
    # Stored before the buttons are visible, so that the plan is bound before anyone can press one.
    await call("SET", context.keys.plan_asker(plan_id), _asker(request), "EX", KEPT_SEC)
    if question is not None:
        choices = enumerate(question.choices)
        buttons = tuple(Button(choice, f"{CHOICE}{plan_id}:{index}") for index, choice in choices)
        return CommandReply("\n".join([*text, request.say(_("Answer it: /answer TEXT"))]), buttons=buttons)
    button = Button(request.say(_("Execute this plan")), f"{PRESS}{plan_id}")
    return CommandReply(
        "\n".join([*text, request.say(_("Only you can confirm it, within an hour."))]), buttons=(button,)
    )


async def _last_plan(context: CommandContext, request: CommandRequest) -> str | None:
    """Return the id of the last plan; for an update that is processed again, of the one before it."""
    text = await context.link.call("GET", context.keys.plan_last(_asker_hash(request)))
    if text is None:
        return None
    plan_id, update_id, before = text.split(" ")
    return (before or None) if update_id == str(request.update.id) else plan_id


async def _refused(context: CommandContext, request: CommandRequest, plan_id: str) -> CommandReply | None:
    """Return why a person may not press a button of a plan."""
    asker = await context.link.call("GET", context.keys.plan_asker(plan_id))
    if asker is None:
        return CommandReply(press_text=request.say(_PLAN_AGAIN))
    if asker != _asker(request):
        return CommandReply(press_text=request.say(_("Only who asked can confirm this.")))
    return None


async def confirm(context: CommandContext, request: CommandRequest) -> CommandReply:
    """Execute the plan of a pressed button; a second press changes nothing more."""
    plan_id = request.update.pressed.removeprefix(PRESS)
    refused = await _refused(context, request, plan_id)
    if refused is not None:
        return refused
    scope = hashlib.sha256(f"{request.account}\0{plan_id}".encode()).hexdigest()[:32]
    options = ExecutionOptions(request.actor, new_trace_id(), run_immediately=False, wait_sec=0)
    done = await context.planning.execute(None, plan_id, options, Idempotency(scope, scope))
    lines = [request.say(_("The plan was executed:")), *(_result(each, request) for each in done.results)]
    return CommandReply("\n".join(lines), press_text=request.say(_("Executed.")), once=f"plan:{plan_id}")


def _asker(request: CommandRequest) -> str:
    return f"{request.account} {request.update.chat} {request.update.person}"


def _asker_hash(request: CommandRequest) -> str:
    return hashlib.sha256(_asker(request).encode()).hexdigest()[:32]


def _preview(made: Plan, request: CommandRequest) -> list[str]:
    jobs = [_line(job, _certainty(job, made), request) for job in made.jobs[:_MOST_JOBS]]
    return [made.summary, *jobs, *(f"⚠ {warning}" for warning in made.warnings[:_MOST_WARNINGS])]


def _certainty(job: JobChange, made: Plan) -> Message:
    schedule, question = job.spec.schedule, made.question
    return certainty_text(
        job.certainty,
        job.check,
        job.change,
        is_interval=schedule is not None and schedule.interval_sec is not None,
        is_asked=question is not None and question.job in {None, job.spec.job_id},
    )


def _line(job: JobChange, certainty: Message, request: CommandRequest) -> str:
    line = f"• {job.spec.job_id} ({job.spec.type}): {request.say(_CHANGES[job.change])}"
    if job.change is Change.UPDATE:
        changes = (f"{each.pointer}: {each.before} → {each.after}" for each in job.diff[:_MOST_FIELDS])
        line = ", ".join([line, *changes])
    if job.next_runs:
        line = f"{line}, {request.say_next(job.next_runs[0].at_ms, job.next_runs[0].timezone)}"
    return f"{line} · {request.say(certainty)}"


def _result(result: JobResult, request: CommandRequest) -> str:
    why = f" – {render(result.result_error, request.language)}" if result.result_error else ""
    run = f" → {result.run_id}" if result.run_id else ""
    return f"• {result.job_id}: {request.say(_OUTCOMES[result.create_status])}{run}{why}"
