"""The methods of the clients by subject: a line for each operation of the API."""

from __future__ import annotations

from typing import Any, Unpack, cast

from multi_job.client.errors import ConflictError
from multi_job.client.events import follow
from multi_job.client.flows import Deadline, Flow, Retries, call, send
from multi_job.client.generated import operations as ops
from multi_job.client.generated import types as t
from multi_job.client.handles import Plan, Run
from multi_job.client.methods import D, Iteration, Method, Part, listing, operation

_SAVES = 10
"""How often a change is tried while others change the same job."""


class Jobs(Part[D]):
    """Jobs: what runs, and when."""

    create = operation(ops.create_job)
    get = operation(ops.get_job)
    replace = operation(ops.replace_job)
    delete = operation(ops.delete_job)
    enable = operation(ops.enable_job)
    disable = operation(ops.disable_job)
    check = operation(ops.check_job)
    runs = listing(ops.list_job_runs)
    why = operation(ops.explain_job)
    occurrences = operation(ops.list_occurrences)
    versions = operation(ops.list_versions)
    roll_back = operation(ops.roll_back)

    @Method
    def run(
        self, job_id: str, *, idempotency_key: str | None = None, **body: Unpack[t.RunRequest]
    ) -> Flow[Run[D]]:
        """Run a job now or after `delay_sec`; `inputs` replace those of the spec. Returns a handle."""
        made = yield from call(ops.run_job(job_id, idempotency_key=idempotency_key, **body), self.retries)
        return Run(self.driver, self.retries, made["run_id"], made["job_id"], made["status"])

    @Method
    def update(self, job_id: str, **changes: Unpack[t.JobSpecChanges]) -> Flow[t.JobBody]:
        """Change some fields of a job; the others stay, also if another client changes them meanwhile."""
        for left in reversed(range(_SAVES)):
            response = yield from send(ops.get_job(job_id), self.retries)
            spec = cast("t.JobSpecInput", {**response.json(), **changes})
            save = ops.replace_job(job_id, spec, if_match=response.headers["ETag"])
            try:
                return (yield from call(save, self.retries))
            except ConflictError as error:
                if error.code != "precondition_failed" or not left:
                    raise
        raise AssertionError("the last save returns or raises")

    # Last: in this class the name is no longer the builtin.
    list = listing(ops.list_jobs)


class Runs(Part[D]):
    """Runs, and their logs."""

    get = operation(ops.get_run)
    counts = operation(ops.count_runs)
    cancel = operation(ops.cancel_run)
    logs = operation(ops.get_logs)
    batch = operation(ops.run_batch)
    bulk = operation(ops.bulk_runs)

    def handle(self, run_id: str) -> Run[D]:
        """Return a handle of a run that exists; nothing is sent."""
        return Run(self.driver, self.retries, run_id)

    @Method
    def rerun(
        self, run_id: str, *, idempotency_key: str | None = None, **body: Unpack[t.RerunRequest]
    ) -> Flow[Run[D]]:
        """Run a job again with the inputs of one of its runs, or with others. Returns a handle."""
        made = yield from call(ops.rerun(run_id, idempotency_key=idempotency_key, **body), self.retries)
        return Run(self.driver, self.retries, made["run_id"], made["job_id"], made["status"])

    list = listing(ops.list_runs)


class Queues(Part[D]):
    """Queues, waiting work, and pauses."""

    list = operation(ops.list_queues)
    get = operation(ops.get_queue)
    pause = operation(ops.pause)
    resume = operation(ops.resume)


class Incidents(Part[D]):
    """Incidents."""

    list = listing(ops.list_incidents)
    get = operation(ops.get_incident)
    summary = operation(ops.summarize_incidents)
    acknowledge = operation(ops.acknowledge_incident)
    comment = operation(ops.comment_incident)
    note_remedy = operation(ops.note_remedy)
    silence = operation(ops.silence_incident)


class Maintenance(Part[D]):
    """Maintenance windows, in which no alarm is sent."""

    list = operation(ops.list_maintenance)
    create = operation(ops.create_maintenance)
    delete = operation(ops.delete_maintenance)


class NotificationRules(Part[D]):
    """Which incidents go to whom."""

    get = operation(ops.get_notification_rules)
    put = operation(ops.put_notification_rules)


class Monitors(Part[D]):
    """Monitors, and the pings of outside programs."""

    list = operation(ops.list_monitors)
    get = operation(ops.get_monitor)
    ping_url = operation(ops.get_ping_url)
    replace_ping_url = operation(ops.replace_ping_url)
    ping = operation(ops.ping)
    ping_with_output = operation(ops.ping_with_output)
    ping_event = operation(ops.ping_event)
    ping_event_with_output = operation(ops.ping_event_with_output)


class DeadLetters(Part[D]):
    """Runs that failed for good, grouped by their error."""

    list = listing(ops.list_dead_letters)
    runs = listing(ops.list_dead_letter_runs)
    redrive = operation(ops.redrive_dead_letters)
    discard = operation(ops.discard_dead_letters)


class Messages(Part[D]):
    """Messages that were sent, or wait."""

    list = listing(ops.list_messages)
    get = operation(ops.get_message)
    close = operation(ops.close_message)
    resend = operation(ops.resend_message)


class Connectors(Part[D]):
    """Channels, their accounts, and the inbox of the sandbox."""

    list = operation(ops.list_connectors)
    inbox = listing(ops.list_inbox)
    get_account = operation(ops.get_account)
    save_account = operation(ops.save_account)
    delete_account = operation(ops.delete_account)
    test_account = operation(ops.test_account)
    availability = operation(ops.get_availability)
    chats = operation(ops.list_chats)
    chat_users = operation(ops.list_chat_users)
    put_chat_user = operation(ops.put_chat_user)
    delete_chat_user = operation(ops.delete_chat_user)
    send = operation(ops.send_message)


class Contacts(Part[D]):
    """Contacts: names of recipients."""

    list = operation(ops.list_contacts)
    get = operation(ops.get_contact)
    put = operation(ops.put_contact)
    delete = operation(ops.delete_contact)


class DefaultNotify(Part[D]):
    """The recipient of messages that name none."""

    get = operation(ops.get_default_notify)
    put = operation(ops.put_default_notify)
    clear = operation(ops.clear_default_notify)


class Calendars(Part[D]):
    """Calendars: days that schedules leave out."""

    list = operation(ops.list_calendars)
    get = operation(ops.get_calendar)
    put = operation(ops.put_calendar)
    delete = operation(ops.delete_calendar)


class Schedules(Part[D]):
    """Schedules: a preview, and the next fires of all jobs."""

    preview = operation(ops.preview_schedule)
    fires = operation(ops.list_fires)


class Planner(Part[D]):
    """Plans as the API returns them; `client.plan` returns a handle."""

    get = operation(ops.get_plan)
    plan = operation(ops.plan_prompt)
    plan_ai = operation(ops.plan_prompt_ai)
    execute = operation(ops.execute_plan)


def _follow(part: Part[Any], topics: str | None = None) -> Flow[None]:
    """Iterate over events as they happen, without an end; a lost connection loses none.

    `topics` chooses: `run`, `job:ID`, `run:ID`, by commas. An event of type `reset` means that events were
    left out, because the client was away for long: read again what you show.
    """
    return follow(topics, part.retries, Deadline.after(None))


class Events(Part[D]):
    """Events: past ones, and new ones as they happen."""

    list = listing(ops.list_events)
    follow = Iteration(_follow, t.EventBody)


class Exports(Part[D]):
    """Backups that jobs have published."""

    list = listing(ops.list_exports)
    get = operation(ops.get_export)


class Reports(Part[D]):
    """Reports that jobs have published."""

    list = listing(ops.list_reports)
    get = operation(ops.get_report)


class StatusPages(Part[D]):
    """Status pages for the public."""

    list = operation(ops.list_status_pages)
    get = operation(ops.get_status_page)
    put = operation(ops.put_status_page)
    delete = operation(ops.delete_status_page)
    status = operation(ops.get_status)
    badge = operation(ops.get_status_badge)


class Keys(Part[D]):
    """API keys."""

    list = operation(ops.list_keys)
    create = operation(ops.create_key)
    revoke = operation(ops.revoke_key)
    rotate = operation(ops.rotate_key)


class Sessions(Part[D]):
    """Sessions of signed-in browsers."""

    list = operation(ops.list_sessions)
    create = operation(ops.create_session)
    create_by_link = operation(ops.create_session_by_link)
    end = operation(ops.end_session)


class SecretGroup(Part[D]):
    """Secrets that jobs name; their values are never read."""

    list = operation(ops.list_secrets)
    get = operation(ops.get_secret)
    put = operation(ops.put_secret)
    delete = operation(ops.delete_secret)


class Platform(Part[D]):
    """The deployment: its state, workers, job types, figures."""

    get = operation(ops.get_platform)
    me = operation(ops.get_me)
    health = operation(ops.healthz)
    readiness = operation(ops.readyz)
    workers = operation(ops.list_workers)
    job_types = operation(ops.list_job_types)
    policies = operation(ops.list_policies)
    stats = operation(ops.get_stats)
    metrics = operation(ops.metrics)
    audit = listing(ops.list_audit)


class Webhooks(Part[D]):
    """What channels send to the platform; for tests of proxies."""

    verify = operation(ops.verify_webhook)
    take = operation(ops.take_webhook)


class ApiGroups(Part[D]):
    """The groups of methods, the same for both clients."""

    def __init__(self, driver: D, retries: Retries) -> None:
        super().__init__(driver, retries)
        self.jobs = Jobs(driver, retries)
        self.runs = Runs(driver, retries)
        self.queues = Queues(driver, retries)
        self.incidents = Incidents(driver, retries)
        self.maintenance = Maintenance(driver, retries)
        self.notification_rules = NotificationRules(driver, retries)
        self.monitors = Monitors(driver, retries)
        self.dead_letters = DeadLetters(driver, retries)
        self.messages = Messages(driver, retries)
        self.connectors = Connectors(driver, retries)
        self.contacts = Contacts(driver, retries)
        self.default_notify = DefaultNotify(driver, retries)
        self.calendars = Calendars(driver, retries)
        self.schedules = Schedules(driver, retries)
        self.planner = Planner(driver, retries)
        self.events = Events(driver, retries)
        self.exports = Exports(driver, retries)
        self.reports = Reports(driver, retries)
        self.status_pages = StatusPages(driver, retries)
        self.keys = Keys(driver, retries)
        self.sessions = Sessions(driver, retries)
        self.secrets = SecretGroup(driver, retries)
        self.platform = Platform(driver, retries)
        self.webhooks = Webhooks(driver, retries)

    @Method
    def plan(self, prompt: str, *, timezone: str | None = None) -> Flow[Plan[D]]:
        """Plan a sentence in Indonesian or English. Nothing is changed before `execute` of the plan."""
        record = yield from call(ops.plan_prompt(prompt=prompt, timezone=timezone), self.retries)
        return Plan(self.driver, self.retries, record)
