"""What people can ask of the platform in a chat. Each command is safe to be asked for twice by one update."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from app.core.clock import from_ms
from app.core.errors import JobNotFound
from app.core.files.exports import require_export_right
from app.core.ids import new_trace_id, stable_id
from app.core.models import JOB_ID_PATTERN
from app.core.specs.search import JobFilter
from app.explain import explain
from app.explain.render import in_words
from app.services.connector.commands.messages import Ask, Reply
from app.services.connector.commands.plan import PRESS, confirm, plan

if TYPE_CHECKING:
    from app.core.records import JobRecord
    from app.services.connector.commands.context import CommandDesk

SOURCE: Final = "telegram"
SERVICES: Final = ("scheduler", "worker", "connector")
_MOST_JOBS, _MOST_OCCURRENCES = 20, 5

_JOB_ID = re.compile(JOB_ID_PATTERN)
Command = Callable[["CommandDesk", Ask], Awaitable[Reply]]


async def answer(desk: CommandDesk, ask: Ask) -> Reply:
    """Do what is asked and return what is said back; raises the platform's own errors."""
    if ask.update.press_id:
        return await confirm(desk, ask) if ask.update.pressed.startswith(PRESS) else Reply()
    command = COMMANDS.get(ask.command)
    return Reply(ask.say("unknown", f"/{ask.command}")) if command is None else await command(desk, ask)


async def _help(_desk: CommandDesk, ask: Ask) -> Reply:
    return Reply(ask.say("help"))


async def _status(desk: CommandDesk, ask: Ask) -> Reply:
    instances = await desk.heartbeats.instances()
    counts = {name: sum(each.service == name for each in instances) for name in SERVICES}
    services = ", ".join(f"{name} {count or ask.say('missing')}" for name, count in counts.items())
    queue = await desk.queue.stats()
    lanes = queue.lanes.values()
    waiting, running = sum(lane.waiting for lane in lanes), sum(lane.running for lane in lanes)
    lines = [
        ask.say("services", services),
        ask.say("queue", waiting, running, queue.delayed),
        ask.say("dead", queue.dead_letters),
        ask.say("job_count", await _count(desk, JobFilter()), await _count(desk, JobFilter(enabled=True))),
    ]
    if queue.paused:
        lines.append(ask.say("paused", ", ".join(each.scope.text for each in queue.paused)))
    return Reply("\n".join(lines))


async def _count(desk: CommandDesk, wanted: JobFilter) -> int:
    page = await desk.jobs.list(wanted, None, 1)
    return page.total or 0


async def _jobs(desk: CommandDesk, ask: Ask) -> Reply:
    page = await desk.jobs.list(JobFilter(), None, _MOST_JOBS)
    if not page.items:
        return Reply(ask.say("no_jobs"))
    lines = [_job_line(job, desk.timezone, ask) for job in page.items]
    beyond = (page.total or 0) - len(lines)
    return Reply("\n".join([*lines, ask.say("more_jobs", beyond)] if beyond > 0 else lines))


def _job_line(job: JobRecord, timezone: str, ask: Ask) -> str:
    parts = [f"• {job.spec.job_id} ({job.spec.type})"]
    if not job.spec.enabled:
        parts.append(ask.say("off"))
    elif job.next_run_at is None:
        parts.append(ask.say("no_next"))
    else:
        zone = (job.spec.schedule and job.spec.schedule.timezone) or timezone
        local = from_ms(job.next_run_at).astimezone(ZoneInfo(zone))
        parts.append(ask.say("next", f"{local:%Y-%m-%d %H:%M} {zone}"))
    if job.last_run is not None:
        parts.append(ask.say("last", job.last_run.status.value))
    return ", ".join(parts)


async def _run(desk: CommandDesk, ask: Ask) -> Reply:
    job_id = _job_id(ask)
    if job_id is None:
        return Reply(ask.say("job_needed", "/run"))
    record = await desk.jobs.find(job_id)
    require_export_right(False, record.spec.type, record.spec.inputs)
    # The same update makes the same run, however often it is treated.
    digest = hashlib.blake2b(f"{ask.account}:{ask.update.id}".encode(), digest_size=10).digest()
    run = desk.jobs.new_run(
        record,
        source=SOURCE,
        actor=ask.actor,
        trace_id=new_trace_id(),
        run_id=stable_id(ask.update.sent_at, digest),
    )
    made = await desk.queue.enqueue(run)
    return Reply(ask.say("started", job_id, made.run_id, made.status))


async def _why(desk: CommandDesk, ask: Ask) -> Reply:
    job_id = _job_id(ask)
    if job_id is None:
        return Reply(ask.say("job_needed", "/why"))
    facts = await desk.why.facts(job_id, limit=_MOST_OCCURRENCES)
    told = explain(facts)
    findings = [told.next.cause, *(each.cause for each in told.occurrences[-_MOST_OCCURRENCES:])]
    findings += [] if told.run is None else [told.run[1]]
    words = [in_words(finding, ask.language, facts.zone, job_id) for finding in findings]
    return Reply("\n".join(f"• {text} {next_step or ''}".rstrip() for text, next_step in words))


def _job_id(ask: Ask) -> str | None:
    """Return the job that a command names, None where it names none; JobNotFound where no job can be it."""
    words = ask.rest.split()
    if not words:
        return None
    if _JOB_ID.fullmatch(words[0]) is None:
        raise JobNotFound(words[0][:100])
    return words[0]


COMMANDS: Final[Mapping[str, Command]] = {
    "help": _help,
    "start": _help,
    "status": _status,
    "jobs": _jobs,
    "run": _run,
    "plan": plan,
    "why": _why,
}
