"""English texts of the causes and their next steps.

`render.py` fills `{span}`, `{at}` and the like; `_zone` after an instant adds the zone's name.
"""

from __future__ import annotations

from typing import Final

from app.explain.messages import CauseText

WORDS_EN: Final[dict[str, CauseText]] = {
    # How runs ended
    "ran.success": CauseText(
        "{runs} of {span}: succeeded at {ended} after {took} (try {attempt}).",
        "`multi-job logs {run}` shows what it said.",
    ),
    "ran.successes": CauseText(
        "{runs} of {span}: all succeeded.",
        "`multi-job runs --job {job}` lists them.",
    ),
    "ran.failed": CauseText(
        "{runs} of {span}: failed at {ended} after {took}, at try {attempt}: {error}",
        "`multi-job logs {run}` shows what it said.",
    ),
    "ran.dead": CauseText(
        "{runs} of {span}: failed for good at {ended}, at try {attempt}, and a dead letter now: {error}",
        "`multi-job logs {run}` shows what it said; mend the cause, then `POST "
        "/dead-letters/redrive` runs it again.",
    ),
    "ran.cancelled": CauseText(
        "{runs} of {span}: cancelled at {ended} after {took}.",
        "`multi-job run {job}` runs it once, now.",
    ),
    "ran.running": CauseText(
        "{runs} of {span}: at work since {since} ({took}) on {worker}, try {attempt}.",
        "`multi-job logs {run} --follow` follows it; `multi-job cancel {run}` ends it.",
    ),
    # What runs wait for
    "retrying": CauseText(
        "{runs} of {span}: failed at try {failures} of {tries}, tried again at {due_zone}: {error}",
        "Wait, or mend the cause: `multi-job logs {run}`.",
    ),
    "delayed": CauseText(
        "{runs} of {span}: ordered for later, due at {due_zone}.",
        "Wait, or `multi-job cancel {run}`.",
    ),
    "paused.run": CauseText(
        "{runs} of {span}: held, for {scope} is paused since {since_zone} by {actor}{note}.",
        "`{resume}` lets it go on.",
    ),
    "paused.resumed": CauseText(
        "{runs} of {span}: held by a pause of {scope}, which has ended; on its way to a worker.",
        "Nothing to do.",
    ),
    "no_worker": CauseText(
        "{runs} of {span}: queued since {since_zone}, and no worker is alive.",
        "Start one: `multi-job up` on this machine, or `python -m app.services.worker.main`; "
        "`multi-job status` shows who lives.",
    ),
    "unknown_type.waiting": CauseText(
        "{runs} of {span}: queued since {since_zone}; {workers} worker(s) live, and none knows the "
        "job type {type}: it would fail.",
        "Install the handler where the workers run, or name its module in HANDLER_MODULES, and "
        "restart them; `GET /job-types` lists what is known.",
    ),
    "unknown_type.failed": CauseText(
        "{runs} of {span}: failed at {ended}, for the worker does not know the job type {type}.",
        "Install the handler where the workers run, or name its module in HANDLER_MODULES, and "
        "restart them; `GET /job-types` lists what is known.",
    ),
    "key_full": CauseText(
        "{runs} of {span}: waiting since {since_zone}. The concurrency key {key} lets {limit} run at "
        "once, and {held} hold it ({holders}).",
        "Wait for them, `multi-job cancel` one of them, or raise concurrency.limit of the jobs with "
        "this key.",
    ),
    "queued_behind.own": CauseText(
        "{runs} of {span}: waiting since {since_zone} for an earlier run of this job ({holders}), as "
        "overlap: queue says.",
        "Wait, or `multi-job cancel` the earlier one; overlap: allow lets both run at once.",
    ),
    "queued_behind": CauseText(
        "{runs} of {span}: queued since {since_zone}; {older} older runs wait as well, and {busy} "
        "run on {workers} worker(s) with room for {room}.",
        "Wait, raise its priority, or start more workers; `multi-job status` shows the lanes.",
    ),
    "queued": CauseText(
        "{runs} of {span}: queued since {since_zone} and next in line.",
        "Wait a moment; `multi-job status` shows the workers.",
    ),
    # Refused
    "policy.line": CauseText(
        "{runs} of {span}: failed at {ended}, for a tool call was refused by policy: {error}",
        "The operator adds this line, then restarts the workers: `{line}`. Then `multi-job run {job}`.",
    ),
    "policy": CauseText(
        "{runs} of {span}: failed at {ended}, for a tool call was refused by policy: {error}",
        "`GET /policies` shows the rules; change what the job asks for, then `multi-job run {job}`.",
    ),
    # Slots that made no run
    "missed.run_once": CauseText(
        "{slots} of {span} were missed: no scheduler was at work from {down} to {up_zone}. Of all "
        "that was late, the latest one ran (misfire: run_once).",
        "`multi-job run {job}` makes up for it by hand; misfire: run_all catches up by itself.",
    ),
    "missed.run_all": CauseText(
        "{slots} of {span} were missed: no scheduler was at work from {down} to {up_zone}, and these "
        "lie beyond the 100 that misfire: run_all catches up.",
        "`multi-job run {job}` makes up for it by hand.",
    ),
    "misfire_skip": CauseText(
        "{slots} of {span} were left out: no scheduler was at work from {down} to {up_zone}, and "
        "misfire: skip runs nothing that is late.",
        "`multi-job run {job}` makes up for it by hand; misfire: run_once runs the latest one.",
    ),
    "overlap.active": CauseText(
        "{slots} of {span} were skipped: {run} is active since {since} and has not ended ({status}).",
        "`multi-job cancel {run}`, or let slots wait or overlap: overlap: queue, overlap: allow.",
    ),
    "overlap.ended": CauseText(
        "{slots} of {span} were skipped: {run} was active from {since} to {ended}.",
        "Make the runs shorter than the interval, or let slots wait (`PUT /jobs/{job}` with overlap: "
        "queue) or overlap (overlap: allow).",
    ),
    "overlap.unknown": CauseText(
        "{slots} of {span} were skipped: an earlier run, which is no longer kept, was active.",
        "Make the runs shorter than the interval, or let slots wait (`PUT /jobs/{job}` with overlap: "
        "queue) or overlap (overlap: allow).",
    ),
    "backlog": CauseText(
        "{slots} of {span} were skipped: 100 runs of this job were waiting already (overlap: queue).",
        "`multi-job status` shows the lanes: start more workers, or make the interval longer.",
    ),
    "clock_went_back": CauseText(
        "{slots} of {span} fired before Redis' clock went back, and did not fire a second time.",
        "Let the machine of Redis keep its time (NTP); `multi-job doctor` looks.",
    ),
    "paused.slots": CauseText(
        "{slots} of {span} made no run: {scope} is paused since {since} by {actor}{note}.",
        "`{resume}` lets it fire again; `multi-job run {job}` makes up for it then.",
    ),
    "paused.told": CauseText(
        "{slots} of {span} made no run: {scope} was paused since {since} by {actor}; the pause has ended.",
        "`multi-job run {job}` makes up for it by hand.",
    ),
    "paused.past": CauseText(
        "{slots} of {span} made no run: the job was paused; the pause has ended.",
        "`multi-job run {job}` makes up for it by hand.",
    ),
    "cooling_down.slots": CauseText(
        "{slots} of {span} made no run: the job was cooling down until {until} after {run} had "
        "failed at {ended}: {error}",
        "Mend the cause, then `multi-job run {job}`: a success ends the cooldown.",
    ),
    "cooling_down.unknown": CauseText(
        "{slots} of {span} made no run: the job was cooling down after a failure.",
        "Mend the cause, then `multi-job run {job}`: a success ends the cooldown.",
    ),
    "disabled.slots": CauseText(
        "{slots} of {span} made no run: the job is disabled since {since} by {actor}.",
        "`multi-job enable {job}` lets it fire again.",
    ),
    "disabled.past": CauseText(
        "{slots} of {span} made no run: the job was disabled, until {until}.",
        "`multi-job run {job}` makes up for it by hand.",
    ),
    "outside_window.before": CauseText(
        "{slots} of {span} made no run: the schedule begins at {bound} (start_at).",
        "Wait, or give the schedule an earlier start_at: `PUT /jobs/{job}`.",
    ),
    "outside_window.after": CauseText(
        "{slots} of {span} made no run: the schedule ended at {bound} (end_at).",
        "Give the schedule a later end_at: `PUT /jobs/{job}`.",
    ),
    "invalid": CauseText(
        "{slots} of {span} made no run: the stored spec could not be read, and is tried again an hour later.",
        "Save the job again: `PUT /jobs/{job}`; the scheduler's log says what was wrong.",
    ),
    "other": CauseText(
        "{slots} of {span} made no run: {reason}.",
        "`multi-job doctor` looks for what is wrong.",
    ),
    "scheduler_down.slots": CauseText(
        "{slots} of {span} are due, and no scheduler is alive.",
        "Start one: `multi-job up` on this machine, or `python -m app.services.scheduler.main`.",
    ),
    "due.slots": CauseText(
        "{slots} of {span} are due; a scheduler is alive and takes them up.",
        "Wait a moment; `multi-job status` shows the services.",
    ),
    # The next fire
    "next": CauseText(
        "It fires next at {at_zone}.",
        "Nothing to do.",
    ),
    "due.next": CauseText(
        "It is due since {at_zone}; a scheduler is alive and takes it up.",
        "Nothing to do.",
    ),
    "disabled.next": CauseText(
        "It does not fire: disabled since {since_zone} by {actor}.",
        "`multi-job enable {job}` lets it fire again; `multi-job run {job}` runs it once.",
    ),
    "no_schedule": CauseText(
        "It has no schedule: it runs by hand, or where another job's on_success or on_failure names it.",
        "`multi-job run {job}` runs it once, now.",
    ),
    "no_schedule.chain": CauseText(
        "It has no schedule: it was started lately by the end of {feeders}, and can be run by hand.",
        "`multi-job run {job}` runs it once, now.",
    ),
    "done": CauseText(
        "It was to fire once, at {at_zone}, which is past.",
        "`multi-job run {job}` runs it once more; `PUT /jobs/{job}` with another `at` plans it anew.",
    ),
    "done.none": CauseText(
        "Its schedule has no slot left.",
        "Give it another schedule: `PUT /jobs/{job}`.",
    ),
    "outside_window.over": CauseText(
        "It does not fire any more: its schedule ended at {bound_zone} (end_at).",
        "Give the schedule a later end_at: `PUT /jobs/{job}`.",
    ),
    "outside_window.next": CauseText(
        "It fires first at {at_zone}: its schedule begins at {bound} (start_at).",
        "Wait, or give the schedule an earlier start_at: `PUT /jobs/{job}`.",
    ),
    "paused.next": CauseText(
        "Its next slot is {at_zone}, and makes no run while {scope} is paused (since {since} by "
        "{actor}{note}).",
        "`{resume}` lets it fire.",
    ),
    "scheduler_down.next": CauseText(
        "Its next slot is {at_zone}, and no scheduler is alive.",
        "Start one: `multi-job up` on this machine, or `python -m app.services.scheduler.main`.",
    ),
    "scheduler_down.since": CauseText(
        "Its next slot is {at_zone}, and no scheduler is alive since {since}.",
        "Start one: `multi-job up` on this machine, or `python -m app.services.scheduler.main`.",
    ),
    "cooling_down.next": CauseText(
        "Its next slot is {at_zone}, and makes no run: it cools down until {until} after {run} "
        "failed: {error}",
        "Mend the cause, then `multi-job run {job}`: a success ends the cooldown.",
    ),
    "overlap.next": CauseText(
        "It fires next at {at_zone}, unless {run} ({status}, since {since}) is still active: overlap "
        "is skip.",
        "`multi-job logs {run}` shows how far it is; `multi-job cancel {run}` ends it.",
    ),
}
