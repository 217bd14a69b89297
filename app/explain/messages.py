"""Texts of the causes and their next steps.

`render.py` fills `{span}`, `{at}` and the like; `_zone` after an instant adds the zone's name.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from app.core.i18n import Message, _


class CauseText(NamedTuple):
    """The cause, and the next step."""

    text: Message
    next_step: Message


_INSTALL_HANDLER: Final = _(
    "Install the handler where the workers run, or name its module in HANDLER_MODULES, and restart "
    "them; `GET /job-types` lists what is known."
)
_START_WITH_TYPE: Final = _(
    "Start a worker that has the type: name its module, `HANDLER_MODULES=MODULE multi-job restart`, or "
    "install its package. The run starts within a second after that."
)
_LET_SLOTS_WAIT: Final = _(
    "Make the runs shorter than the interval, or let slots wait (`PUT /jobs/{job}` with overlap: "
    "queue) or overlap (overlap: allow)."
)
_MAKE_UP: Final = _("`multi-job run {job}` makes up for it by hand.")
_NOTHING: Final = _("Nothing to do.")
_START_SCHEDULER: Final = _(
    "Start one: `multi-job up` on this machine, or `python -m {module}`.",
    module="app.services.scheduler.main",
)
_MEND: Final = _("Mend the cause, then `multi-job run {job}`: a success ends the cooldown.")
_RAISE_RATE: Final = _("Wait, or raise rate.per_minute of the jobs with this rate (`PUT /jobs/{job}`).")
_SHOW_LOG: Final = _("`multi-job logs {run}` shows what it said.")

CAUSE_TEXTS: Final[dict[str, CauseText]] = {
    # How runs ended
    "ran.success": CauseText(
        _("{runs} of {span}: succeeded at {ended} after {took} (try {attempt})."),
        _SHOW_LOG,
    ),
    "ran.successes": CauseText(
        _("{runs} of {span}: all succeeded."),
        _("`multi-job runs --job {job}` lists them."),
    ),
    "ran.failed": CauseText(
        _("{runs} of {span}: failed at {ended} after {took}, at try {attempt}: {error}"),
        _SHOW_LOG,
    ),
    "ran.dead": CauseText(
        _("{runs} of {span}: failed for good at {ended}, at try {attempt}, and a dead letter now: {error}"),
        _(
            "`multi-job logs {run}` shows what it said; mend the cause, then `POST /dead-letters/redrive` "
            "runs it again."
        ),
    ),
    "ran.cancelled": CauseText(
        _("{runs} of {span}: cancelled at {ended} after {took}."),
        _("`multi-job run {job}` runs it once, now."),
    ),
    "ran.running": CauseText(
        _("{runs} of {span}: at work since {since} ({took}) on {worker}, try {attempt}."),
        _("`multi-job logs {run} --follow` follows it; `multi-job cancel {run}` ends it."),
    ),
    # What runs wait for
    "retrying": CauseText(
        _("{runs} of {span}: failed at try {failures} of {tries}, tried again at {due_zone}: {error}"),
        _("Wait, or mend the cause: `multi-job logs {run}`."),
    ),
    "delayed": CauseText(
        _("{runs} of {span}: ordered for later, due at {due_zone}."),
        _("Wait, or `multi-job cancel {run}`."),
    ),
    "paused.run": CauseText(
        _("{runs} of {span}: held, for {scope} is paused since {since_zone} by {actor}{note}."),
        _("`{resume}` lets it go on."),
    ),
    "paused.run.until": CauseText(
        _(
            "{runs} of {span}: held until {until_zone}, for {scope} is paused since {since_zone} by "
            "{actor}{note}."
        ),
        _("Wait, or `{resume}` lets it go on now."),
    ),
    "paused.resumed": CauseText(
        _("{runs} of {span}: held by a pause of {scope}, which has ended; on its way to a worker."),
        _NOTHING,
    ),
    "no_worker": CauseText(
        _("{runs} of {span}: queued since {since_zone}, and no worker is alive."),
        _(
            "Start one: `multi-job up` on this machine, or `python -m {module}`; `multi-job status` shows "
            "who lives.",
            module="app.services.worker.main",
        ),
    ),
    "unknown_type.waiting": CauseText(
        _(
            "{runs} of {span}: queued since {since_zone}; it waits for a worker with the job type {type}. "
            "{workers} worker(s) serve the queue {queue}, and none has the type."
        ),
        _START_WITH_TYPE,
    ),
    "no_worker.queue": CauseText(
        _(
            "{runs} of {span}: queued since {since_zone}; no live worker serves the queue {queue}. "
            "{workers} worker(s) serve other queues."
        ),
        _(
            "Start a worker that serves it: `WORKER_QUEUES=default,{queue} multi-job restart`; "
            "`multi-job queues` shows the queues."
        ),
    ),
    "unknown_type.failed": CauseText(
        _("{runs} of {span}: failed at {ended}, for the worker does not know the job type {type}."),
        _INSTALL_HANDLER,
    ),
    "key_full": CauseText(
        _(
            "{runs} of {span}: waiting since {since_zone}. The concurrency key {key} lets {limit} run at "
            "once, and {held} hold it ({holders})."
        ),
        _(
            "Wait for them, `multi-job cancel` one of them, or raise concurrency.limit of the jobs with "
            "this key."
        ),
    ),
    "key_full.group": CauseText(
        _(
            "{runs} of {span}: waiting since {since_zone}. Of group {group} of the concurrency key {key}, "
            "{limit} run at once, and {held} hold a slot ({holders}); {ahead} of the group come before it."
        ),
        _(
            "Wait for them, `multi-job cancel` one of them, or raise concurrency.limit of the jobs with "
            "this key."
        ),
    ),
    "key_full.total": CauseText(
        _(
            "{runs} of {span}: waiting since {since_zone}. All groups of the concurrency key {key} have "
            "{limit} slots, and {held} are taken ({holders}); {ahead} of its group come before it."
        ),
        _("Wait, or raise concurrency.total of the jobs with this key (`PUT /jobs/{job}`)."),
    ),
    "rate_full": CauseText(
        _(
            "{runs} of {span}: waiting since {since_zone}. The rate {key} lets {limit} start in any 60 "
            "seconds; {ahead} come before it, and it starts at {room_zone} at the earliest."
        ),
        _RAISE_RATE,
    ),
    "rate_full.group": CauseText(
        _(
            "{runs} of {span}: waiting since {since_zone}. The rate {key} lets {limit} of group {group} "
            "start in any 60 seconds; {ahead} come before it, and it starts at {room_zone} at the earliest."
        ),
        _RAISE_RATE,
    ),
    "queued_behind.own": CauseText(
        _(
            "{runs} of {span}: waiting since {since_zone} for an earlier run of this job ({holders}), as "
            "overlap: queue says."
        ),
        _("Wait, or `multi-job cancel` the earlier one; overlap: allow lets both run at once."),
    ),
    "queued_behind": CauseText(
        _(
            "{runs} of {span}: queued since {since_zone}; {older} older runs wait as well, and {busy} run "
            "on {workers} worker(s) with room for {room}."
        ),
        _("Wait, raise its priority, or start more workers; `multi-job status` shows the lanes."),
    ),
    "queued": CauseText(
        _("{runs} of {span}: queued since {since_zone} and next in line."),
        _("Wait a moment; `multi-job status` shows the workers."),
    ),
    # Refused
    "policy.line": CauseText(
        _("{runs} of {span}: failed at {ended}, for a tool call was refused by policy: {error}"),
        _("The operator adds this line, then restarts the workers: `{line}`. Then `multi-job run {job}`."),
    ),
    "policy": CauseText(
        _("{runs} of {span}: failed at {ended}, for a tool call was refused by policy: {error}"),
        _("`GET /policies` shows the rules; change what the job asks for, then `multi-job run {job}`."),
    ),
    # Slots that made no run
    "missed.run_once": CauseText(
        _(
            "{slots} of {span} were missed: no scheduler was at work from {down} to {up_zone}. Of all that "
            "was late, the latest one ran (misfire: run_once)."
        ),
        _("`multi-job run {job}` makes up for it by hand; misfire: run_all catches up automatically."),
    ),
    "missed.run_all": CauseText(
        _(
            "{slots} of {span} were missed: no scheduler was at work from {down} to {up_zone}, and these "
            "lie beyond the 100 that misfire: run_all catches up."
        ),
        _MAKE_UP,
    ),
    "misfire_skip": CauseText(
        _(
            "{slots} of {span} were left out: no scheduler was at work from {down} to {up_zone}, and "
            "misfire: skip runs nothing that is late."
        ),
        _("`multi-job run {job}` makes up for it by hand; misfire: run_once runs the latest one."),
    ),
    "overlap.active": CauseText(
        _("{slots} of {span} were skipped: {run} is active since {since} and has not ended ({status})."),
        _("`multi-job cancel {run}`, or let slots wait or overlap: overlap: queue, overlap: allow."),
    ),
    "overlap.ended": CauseText(
        _("{slots} of {span} were skipped: {run} was active from {since} to {ended}."),
        _LET_SLOTS_WAIT,
    ),
    "overlap.unknown": CauseText(
        _("{slots} of {span} were skipped: an earlier run, which is no longer kept, was active."),
        _LET_SLOTS_WAIT,
    ),
    "backlog": CauseText(
        _("{slots} of {span} were skipped: 100 runs of this job were waiting already (overlap: queue)."),
        _("`multi-job status` shows the lanes: start more workers, or make the interval longer."),
    ),
    "clock_went_back": CauseText(
        _("{slots} of {span} fired before Redis' clock went back, and did not fire a second time."),
        _("Let the machine of Redis keep its time (NTP); `multi-job doctor` looks."),
    ),
    "paused.slots": CauseText(
        _("{slots} of {span} made no run: {scope} is paused since {since} by {actor}{note}."),
        _("`{resume}` lets it fire again; `multi-job run {job}` makes up for it then."),
    ),
    "paused.slots.until": CauseText(
        _(
            "{slots} of {span} made no run: {scope} is paused until {until_zone} (since {since} by "
            "{actor}{note})."
        ),
        _("`{resume}` lets it fire again before that; `multi-job run {job}` makes up for it then."),
    ),
    "paused.by_person": CauseText(
        _("{slots} of {span} made no run: {scope} was paused since {since} by {actor}; the pause has ended."),
        _MAKE_UP,
    ),
    "paused.past": CauseText(
        _("{slots} of {span} made no run: the job was paused; the pause has ended."),
        _MAKE_UP,
    ),
    "cooling_down.slots": CauseText(
        _(
            "{slots} of {span} made no run: the job was cooling down until {until} after {run} had failed "
            "at {ended}: {error}"
        ),
        _MEND,
    ),
    "cooling_down.unknown": CauseText(
        _("{slots} of {span} made no run: the job was cooling down after a failure."),
        _MEND,
    ),
    "disabled.slots": CauseText(
        _("{slots} of {span} made no run: the job is disabled since {since} by {actor}."),
        _("`multi-job enable {job}` lets it fire again."),
    ),
    "disabled.past": CauseText(
        _("{slots} of {span} made no run: the job was disabled, until {until}."),
        _MAKE_UP,
    ),
    "outside_window.before": CauseText(
        _("{slots} of {span} made no run: the schedule begins at {bound} (start_at)."),
        _("Wait, or give the schedule an earlier start_at: `PUT /jobs/{job}`."),
    ),
    "outside_window.after": CauseText(
        _("{slots} of {span} made no run: the schedule ended at {bound} (end_at)."),
        _("Give the schedule a later end_at: `PUT /jobs/{job}`."),
    ),
    "skip.slots": CauseText(
        _("{slots} of {span} made no run: the schedule leaves them out ({reason})."),
        _("Change `skip` of its schedule: `PUT /jobs/{job}`; `multi-job run {job}` runs it once."),
    ),
    "skip.calendar": CauseText(
        _("{slots} of {span} made no run: the schedule leaves them out ({reason})."),
        _("`multi-job calendars show {calendar}` shows the calendar; `multi-job run {job}` runs it once."),
    ),
    "invalid": CauseText(
        _(
            "{slots} of {span} made no run: the stored spec could not be read, and is tried again an hour "
            "later."
        ),
        _("Save the job again: `PUT /jobs/{job}`; the scheduler's log says what was wrong."),
    ),
    "other": CauseText(
        _("{slots} of {span} made no run: {reason}."),
        _("`multi-job doctor` looks for what is wrong."),
    ),
    "scheduler_down.slots": CauseText(
        _("{slots} of {span} are due, and no scheduler is alive."),
        _START_SCHEDULER,
    ),
    "due.slots": CauseText(
        _("{slots} of {span} are due; a scheduler is alive and takes them up."),
        _("Wait a moment; `multi-job status` shows the services."),
    ),
    # The next fire
    "next": CauseText(
        _("It fires next at {at_zone}."),
        _NOTHING,
    ),
    "due.next": CauseText(
        _("It is due since {at_zone}; a scheduler is alive and takes it up."),
        _NOTHING,
    ),
    "overdue.next": CauseText(
        _("It is due since {at_zone}; a scheduler is alive and has not taken it up."),
        _("`multi-job doctor` shows what holds the scheduler up."),
    ),
    "clock_went_back.next": CauseText(
        _(
            "Its next slot is stored as {at_zone}, and its schedule has one before: Redis' clock went "
            "back. A scheduler corrects it within seconds."
        ),
        _("If this stays: `multi-job doctor`."),
    ),
    "disabled.next": CauseText(
        _("It does not fire: disabled since {since_zone} by {actor}."),
        _("`multi-job enable {job}` lets it fire again; `multi-job run {job}` runs it once."),
    ),
    "no_schedule": CauseText(
        _("It has no schedule: it runs by hand, or when another job's on_success or on_failure names it."),
        _("`multi-job run {job}` runs it once, now."),
    ),
    "no_schedule.chain": CauseText(
        _("It has no schedule: it was started recently by the end of {feeders}, and can be run by hand."),
        _("`multi-job run {job}` runs it once, now."),
    ),
    "done": CauseText(
        _("It was to fire once, at {at_zone}, which is past."),
        _("`multi-job run {job}` runs it once more; `PUT /jobs/{job}` with another `at` schedules it again."),
    ),
    "done.none": CauseText(
        _("Its schedule has no slot left."),
        _("Give it another schedule: `PUT /jobs/{job}`."),
    ),
    "skip.all": CauseText(
        _("It does not fire any more: its schedule leaves out all of its times to come."),
        _("Change `skip` of its schedule, or the calendars that it names: `PUT /jobs/{job}`."),
    ),
    "skip.next": CauseText(
        _("It fires next at {at_zone}; {slots} of {span} before it are left out ({reason})."),
        _("`multi-job run {job}` runs it once, now."),
    ),
    "outside_window.over": CauseText(
        _("It does not fire any more: its schedule ended at {bound_zone} (end_at)."),
        _("Give the schedule a later end_at: `PUT /jobs/{job}`."),
    ),
    "outside_window.next": CauseText(
        _("It fires first at {at_zone}: its schedule begins at {bound} (start_at)."),
        _("Wait, or give the schedule an earlier start_at: `PUT /jobs/{job}`."),
    ),
    "paused.next": CauseText(
        _(
            "Its next slot is {at_zone}, and makes no run while {scope} is paused (since {since} by "
            "{actor}{note})."
        ),
        _("`{resume}` lets it fire."),
    ),
    "paused.next.until": CauseText(
        _(
            "Its next slot is {at_zone}, and makes no run: {scope} is paused until {until_zone} (since "
            "{since} by {actor}{note})."
        ),
        _("Wait, or `{resume}` lets it fire now."),
    ),
    "scheduler_down.next": CauseText(
        _("Its next slot is {at_zone}, and no scheduler is alive."),
        _START_SCHEDULER,
    ),
    "scheduler_down.since": CauseText(
        _("Its next slot is {at_zone}, and no scheduler is alive since {since}."),
        _START_SCHEDULER,
    ),
    "cooling_down.next": CauseText(
        _(
            "Its next slot is {at_zone}, and makes no run: it cools down until {until} after {run} failed: "
            "{error}"
        ),
        _MEND,
    ),
    "overlap.next": CauseText(
        _(
            "It fires next at {at_zone}, unless {run} ({status}, since {since}) is still active: overlap is "
            "skip."
        ),
        _("`multi-job logs {run}` shows how far it is; `multi-job cancel {run}` ends it."),
    ),
}
