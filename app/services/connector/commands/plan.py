"""`/plan`: a preview with a button that executes exactly that plan, once.

Only the person who asked can use the button.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from app.core.connectors.messages import Button
from app.core.i18n import _, pgettext
from app.core.ids import new_trace_id
from app.core.queue import Idempotency
from app.planner.execute import ExecutionOptions
from app.planner.models import KEPT_SEC, Change, PlanRequest
from app.services.connector.commands.messages import CommandReply, CommandRequest

if TYPE_CHECKING:
    from app.planner.execute import JobResult
    from app.planner.models import JobChange, Plan
    from app.services.connector.commands.context import CommandContext

PRESS: Final = "plan:"
_MOST_JOBS, _MOST_WARNINGS = 20, 10
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
    "error": pgettext("plan", "failed"),
}


async def plan(context: CommandContext, request: CommandRequest) -> CommandReply:
    """Plan a sentence and show the plan."""
    if not request.rest:
        return request.reply(_("Write a sentence: /plan check https://example.org every 5 minutes"))
    made = await context.planning.preview(PlanRequest(prompt=request.rest))
    text = _preview(made, request)
    if all(job.change is Change.UNCHANGED for job in made.jobs):
        return CommandReply("\n".join([*text, request.say(_("Nothing would change."))]))
    # Stored before the button is visible, so that the plan is bound before anyone can press it.
    await context.link.call("SET", context.keys.plan_asker(made.plan_id), _asker(request), "EX", KEPT_SEC)
    button = Button(request.say(_("Execute this plan")), f"{PRESS}{made.plan_id}")
    return CommandReply(
        "\n".join([*text, request.say(_("Only you can confirm it, within an hour."))]), buttons=(button,)
    )


async def confirm(context: CommandContext, request: CommandRequest) -> CommandReply:
    """Execute the plan of a pressed button; a second press changes nothing more."""
    plan_id = request.update.pressed.removeprefix(PRESS)
    asker = await context.link.call("GET", context.keys.plan_asker(plan_id))
    if asker is None:
        return CommandReply(press_text=request.say(_("This plan has expired: plan again.")))
    if asker != _asker(request):
        return CommandReply(press_text=request.say(_("Only who asked can confirm this.")))
    scope = hashlib.sha256(f"{request.account}\0{plan_id}".encode()).hexdigest()[:32]
    options = ExecutionOptions(request.actor, new_trace_id(), run_immediately=False, wait_sec=0)
    done = await context.planning.execute(None, plan_id, options, Idempotency(scope, scope))
    lines = [request.say(_("The plan was executed:")), *(_result(each, request) for each in done.results)]
    return CommandReply("\n".join(lines), press_text=request.say(_("Executed.")), once=f"plan:{plan_id}")


def _asker(request: CommandRequest) -> str:
    return f"{request.account} {request.update.chat} {request.update.person}"


def _preview(made: Plan, request: CommandRequest) -> list[str]:
    jobs = [_line(job, request) for job in made.jobs[:_MOST_JOBS]]
    return [made.summary, *jobs, *(f"⚠ {warning}" for warning in made.warnings[:_MOST_WARNINGS])]


def _line(job: JobChange, request: CommandRequest) -> str:
    line = f"• {job.spec.job_id} ({job.spec.type}): {request.say(_CHANGES[job.change])}"
    if not job.next_runs:
        return line
    return f"{line}, {request.say_next(job.next_runs[0].at_ms, job.next_runs[0].timezone)}"


def _result(result: JobResult, request: CommandRequest) -> str:
    why = f" – {result.result_error}" if result.result_error else ""
    run = f" → {result.run_id}" if result.run_id else ""
    return f"• {result.job_id}: {request.say(_OUTCOMES[result.create_status])}{run}{why}"
