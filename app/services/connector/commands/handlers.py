"""The chat commands. Each is idempotent per update."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from app.core.clock import from_ms
from app.core.errors import InvalidInput, JobNotFound
from app.core.i18n import _, pgettext, render
from app.core.incidents.remedies import INCIDENT_PRESS
from app.core.incidents.remedies import PRESS as REMEDY_PRESS
from app.core.models import JOB_ID_PATTERN
from app.core.monitors.state_names import STATE_NAMES
from app.core.specs.search import JobFilter
from app.explain import explain
from app.explain.remedies import cause_remedies
from app.explain.render import in_words
from app.services.connector.commands.incidents import (
    incident_buttons,
    incident_lines,
    incidents,
    open_incidents,
    press_incident,
)
from app.services.connector.commands.messages import CommandReply, CommandRequest
from app.services.connector.commands.plan import CHOICE, PRESS, choose, confirm, plan
from app.services.connector.commands.plan import answer as answer_plan
from app.services.connector.commands.remedies import press_remedy, remedy_buttons, start_run

if TYPE_CHECKING:
    from app.core.monitors.models import MonitorBrief
    from app.core.records import JobRecord
    from app.services.connector.commands.context import CommandContext

SERVICES: Final = ("scheduler", "worker", "connector")
_MOST_JOBS, _MOST_OCCURRENCES = 20, 5

_HELP: Final = _("""\
Commands:
/status – how the platform is
/incidents – what is wrong
/jobs – the jobs
/run JOB – run one now
/plan SENTENCE – plan, then confirm
/answer TEXT – answer the plan's question, or change the plan
/why JOB – why it ran or did not
/help – this help""")
_JOB_ID = re.compile(JOB_ID_PATTERN)
Command = Callable[["CommandContext", CommandRequest], Awaitable[CommandReply]]


async def answer(context: CommandContext, request: CommandRequest) -> CommandReply:
    """Execute a command and return the reply; raises the platform's own errors."""
    if request.update.press_id:
        pressed = next(
            (do for start, do in _PRESSES.items() if request.update.pressed.startswith(start)), None
        )
        return CommandReply() if pressed is None else await pressed(context, request)
    command = COMMANDS.get(request.command)
    if command is None:
        typed = f"/{request.command}"
        return request.reply(_("{command} is no command here. /help lists them.", command=typed))
    return await command(context, request)


async def _help(_desk: CommandContext, request: CommandRequest) -> CommandReply:
    return request.reply(_HELP)


async def _status(context: CommandContext, request: CommandRequest) -> CommandReply:
    instances = await context.heartbeats.instances()
    counts = {name: sum(each.service == name for each in instances) for name in SERVICES}
    services = ", ".join(
        f"{name} {count or request.say(pgettext('service', 'missing'))}" for name, count in counts.items()
    )
    queue = await context.queue.stats()
    lanes = queue.lanes.values()
    waiting, running = sum(lane.waiting for lane in lanes), sum(lane.running for lane in lanes)
    jobs = await _count(context, JobFilter())
    enabled = await _count(context, JobFilter(enabled=True))
    messages = [
        _("Services: {services}", services=services),
        _(
            "Queue: {waiting} waiting, {running} running, {delayed} delayed",
            waiting=waiting,
            running=running,
            delayed=queue.delayed,
        ),
        _("Dead letters: {count}", count=queue.dead_letters),
        _("Jobs: {count}, enabled {enabled}", count=jobs, enabled=enabled),
    ]
    if queue.paused:
        messages.append(_("Paused: {scopes}", scopes=", ".join(each.scope.text for each in queue.paused)))
    found = await open_incidents(context)
    lines = [*incident_lines(context, request, found), *map(request.say, messages)]
    return CommandReply("\n".join(lines), buttons=incident_buttons(request, found))


async def _count(context: CommandContext, job_filter: JobFilter) -> int:
    page = await context.jobs.list(job_filter, None, 1)
    return page.total or 0


async def _jobs(context: CommandContext, request: CommandRequest) -> CommandReply:
    page = await context.jobs.list(JobFilter(), None, _MOST_JOBS)
    if not page.items:
        return request.reply(_("There are no jobs. /plan makes one."))
    states = await context.monitors.briefs([job.spec.job_id for job in page.items])
    lines = [_job_line(job, states.get(job.spec.job_id), context.timezone, request) for job in page.items]
    beyond = (page.total or 0) - len(lines)
    if beyond > 0:
        lines.append(request.say(_("… and {count} more", count=beyond)))
    return CommandReply("\n".join(lines))


def _job_line(job: JobRecord, monitor: MonitorBrief | None, timezone: str, request: CommandRequest) -> str:
    parts = [f"• {job.spec.job_id} ({job.spec.type})"]
    if not job.spec.enabled:
        parts.append(request.say(pgettext("job", "disabled")))
    elif job.next_run_at is None:
        parts.append(request.say(_("not scheduled")))
    else:
        zone = (job.spec.schedule and job.spec.schedule.timezone) or timezone
        parts.append(request.say_next(job.next_run_at, zone))
    if monitor is not None:
        parts.append(request.say(STATE_NAMES[monitor.state]))
    elif job.last_run is not None:
        parts.append(request.say(_("last {status}", status=job.last_run.status.value)))
    return ", ".join(parts)


async def _run(context: CommandContext, request: CommandRequest) -> CommandReply:
    return request.reply(await start_run(context, request, _job_id(request)))


async def _why(context: CommandContext, request: CommandRequest) -> CommandReply:
    job_id = _job_id(request)
    facts = await context.explainer.facts(job_id, limit=_MOST_OCCURRENCES)
    explanation = explain(facts)
    findings = [
        explanation.next.cause,
        *(each.cause for each in explanation.occurrences[-_MOST_OCCURRENCES:]),
    ]
    findings += [] if explanation.run is None else [explanation.run[1]]
    words = [in_words(finding, request.language, facts.zone, job_id) for finding in findings]
    lines = [f"• {text} {next_step or ''}".rstrip() for text, next_step in words]
    if monitor := (await context.monitors.briefs([job_id])).get(job_id):
        lines.insert(0, _monitor_line(monitor, facts.zone, request))
    remedies = [each for finding in findings for each in cause_remedies(finding, job_id)]
    return CommandReply("\n".join(lines), buttons=remedy_buttons(remedies, request))


def _monitor_line(monitor: MonitorBrief, zone: str, request: CommandRequest) -> str:
    since = f"{from_ms(monitor.since).astimezone(ZoneInfo(zone)):%d-%m %H:%M}"
    line = request.say(_("{state} since {at}", state=STATE_NAMES[monitor.state], at=since))
    return f"• {line}" + (f": {render(monitor.last_error, request.language)}" if monitor.last_error else "")


def _job_id(request: CommandRequest) -> str:
    """Return the job that a command names; raises InvalidInput or JobNotFound if it names none."""
    words = request.rest.split()
    if not words:
        command = f"/{request.command}"
        raise InvalidInput(_("Name a job: {command} JOB. /jobs lists them.", command=command))
    if _JOB_ID.fullmatch(words[0]) is None:
        raise JobNotFound(words[0][:100])
    return words[0]


COMMANDS: Final[Mapping[str, Command]] = {
    "help": _help,
    "start": _help,
    "status": _status,
    "incidents": incidents,
    "insiden": incidents,
    "jobs": _jobs,
    "run": _run,
    "plan": plan,
    "answer": answer_plan,
    "jawab": answer_plan,
    "why": _why,
}
_PRESSES: Final[Mapping[str, Command]] = {
    PRESS: confirm,
    CHOICE: choose,
    INCIDENT_PRESS: press_incident,
    REMEDY_PRESS: press_remedy,
}
