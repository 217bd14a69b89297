"""`/plan`: a preview with a button. Only who asked can press it, and it executes that very plan, once."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from app.core.clock import from_ms
from app.core.connectors.messages import Button
from app.core.ids import new_trace_id
from app.core.queue import Idempotency
from app.planner.models import KEPT_SEC, Change
from app.planner.planner import PlanRequest
from app.planner.service import ExecutionOptions
from app.services.connector.commands.messages import Ask, Reply

if TYPE_CHECKING:
    from app.planner.execute import JobResult, PlanResult
    from app.planner.models import JobChange, Plan
    from app.services.connector.commands.context import CommandDesk

PRESS: Final = "plan:"
_MOST_JOBS, _MOST_WARNINGS = 20, 10


async def plan(desk: CommandDesk, ask: Ask) -> Reply:
    """Plan a sentence and show what would be done."""
    if not ask.rest:
        return Reply(ask.say("prompt_needed"))
    made = await desk.planning.preview(PlanRequest(prompt=ask.rest))
    text = _preview(made, ask)
    if all(job.change is Change.UNCHANGED for job in made.jobs):
        return Reply("\n".join([*text, ask.say("nothing_to_do")]))
    # Before the button can be seen, so that it is bound whoever presses it first.
    await desk.link.call("SET", desk.keys.plan_asker(made.plan_id), _asker(ask), "EX", KEPT_SEC)
    button = Button(ask.say("confirm"), f"{PRESS}{made.plan_id}")
    return Reply("\n".join([*text, ask.say("confirm_within")]), buttons=(button,))


async def confirm(desk: CommandDesk, ask: Ask) -> Reply:
    """Execute the plan whose button was pressed; pressed again, it changes nothing more."""
    plan_id = ask.update.pressed.removeprefix(PRESS)
    asker = await desk.link.call("GET", desk.keys.plan_asker(plan_id))
    if asker is None:
        return Reply(press_text=ask.say("expired"))
    if asker != _asker(ask):
        return Reply(press_text=ask.say("not_yours"))
    scope = hashlib.sha256(f"{ask.account}\0{plan_id}".encode()).hexdigest()[:32]
    terms = ExecutionOptions(ask.actor, new_trace_id(), run_immediately=False, wait_sec=0)
    done = await desk.planning.execute(None, plan_id, terms, Idempotency(scope, scope))
    return Reply(_outcome(done, ask), press_text=ask.say("done_short"), once=f"plan:{plan_id}")


def _asker(ask: Ask) -> str:
    return f"{ask.account} {ask.update.chat} {ask.update.person}"


def _preview(made: Plan, ask: Ask) -> list[str]:
    jobs = [_line(job, ask) for job in made.jobs[:_MOST_JOBS]]
    return [made.summary, *jobs, *(f"⚠ {warning}" for warning in made.warnings[:_MOST_WARNINGS])]


def _line(job: JobChange, ask: Ask) -> str:
    line = f"• {job.spec.job_id} ({job.spec.type}): {ask.say(job.change.value)}"
    if not job.next_runs:
        return line
    fire = job.next_runs[0]
    local = from_ms(fire.at_ms).astimezone(ZoneInfo(fire.timezone))
    return f"{line}, {ask.say('next', f'{local:%Y-%m-%d %H:%M} {fire.timezone}')}"


def _outcome(done: PlanResult, ask: Ask) -> str:
    return "\n".join([ask.say("done"), *(_result(each, ask) for each in done.results)])


def _result(result: JobResult, ask: Ask) -> str:
    why = f" – {result.result_error}" if result.result_error else ""
    run = f" → {result.run_id}" if result.run_id else ""
    return f"• {result.job_id}: {ask.say(result.create_status)}{run}{why}"
