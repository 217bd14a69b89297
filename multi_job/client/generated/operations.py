"""The operations of the API: generated from docs/openapi.json by `python -m tools.generate_docs`; do not edit."""

from __future__ import annotations

from typing import Any, Literal, Unpack

from multi_job.client.calls import Listing, Operation, path_of
from multi_job.client.generated import types as t


def list_audit(
    *,
    actor: str | None = None,
    target: str | None = None,
    key_id: str | None = None,
    cursor: int | None = None,
    limit: int | None = None,
) -> Listing[t.AuditBody]:
    """Return acts, newest first: every write but submissions, which carry their actor in the run."""
    return Listing(
        "GET",
        "/audit",
        query={"actor": actor, "target": target, "key_id": key_id, "cursor": cursor, "limit": limit},
    )


def list_calendars() -> Operation[list[t.CalendarBody]]:
    """Return the calendars by name, each with the jobs whose schedules name it."""
    return Operation("GET", "/calendars")


def delete_calendar(calendar_name: str) -> Operation[t.CalendarDeleted]:
    """Delete a calendar that no job names; 409 names the jobs that do."""
    return Operation("DELETE", path_of("/calendars/{calendar_name}", calendar_name=calendar_name))


def get_calendar(calendar_name: str) -> Operation[t.CalendarBody]:
    """Return a calendar."""
    return Operation("GET", path_of("/calendars/{calendar_name}", calendar_name=calendar_name))


def put_calendar(calendar_name: str, **body: Unpack[t.Calendar]) -> Operation[t.CalendarBody]:
    """Store a calendar, new or in place of an older one; its jobs' next fires follow at once."""
    return Operation("PUT", path_of("/calendars/{calendar_name}", calendar_name=calendar_name), body={**body})


def list_connectors() -> Operation[list[t.ConnectorBody]]:
    """Return the channels with the JSON Schema of their accounts, and the accounts that are there."""
    return Operation("GET", "/connectors")


def list_inbox(*, cursor: str | None = None, limit: int | None = None) -> Listing[t.InboxMessageBody]:
    """Return what the sandbox has received, newest first; the 1,000 newest are kept."""
    return Listing("GET", "/connectors/sandbox/messages", query={"cursor": cursor, "limit": limit})


def delete_account(channel: str, account_id: str) -> Operation[t.AccountDeleted]:
    """Forget an account and its secrets; messages that still waited for it have failed."""
    return Operation(
        "DELETE",
        path_of("/connectors/{channel}/accounts/{account_id}", channel=channel, account_id=account_id),
    )


def get_account(channel: str, account_id: str) -> Operation[t.AccountBody]:
    """Return an account without its secrets."""
    return Operation(
        "GET", path_of("/connectors/{channel}/accounts/{account_id}", channel=channel, account_id=account_id)
    )


def save_account(channel: str, account_id: str, **body: Unpack[t.AccountRequest]) -> Operation[t.AccountBody]:
    """Create or replace an account; read-only fields of a GET may stay in the body and are ignored."""
    return Operation(
        "PUT",
        path_of("/connectors/{channel}/accounts/{account_id}", channel=channel, account_id=account_id),
        body={**body},
    )


def get_availability(
    channel: str, account_id: str, *, hours: int | None = None
) -> Operation[t.AvailabilityBody]:
    """Return the availability of an account, by its `monitor.channel` jobs; empty if there is none.

    The account need not be set up: a monitor of a missing account reports that. If several jobs watch
    it, a quarter hour comes from the one that saw most of it; the time since the last check is not
    counted yet.
    """
    return Operation(
        "GET",
        path_of(
            "/connectors/{channel}/accounts/{account_id}/availability", channel=channel, account_id=account_id
        ),
        query={"hours": hours},
    )


def list_chat_users(channel: str, account_id: str) -> Operation[list[t.ChatUserBody]]:
    """Return the persons who may act in groups; other members of an allowed group only read."""
    return Operation(
        "GET",
        path_of(
            "/connectors/{channel}/accounts/{account_id}/chat-users", channel=channel, account_id=account_id
        ),
    )


def delete_chat_user(channel: str, account_id: str, chat_user_id: str) -> Operation[t.ChatUserDeleted]:
    """Let a person act in groups no longer; their next command is refused."""
    return Operation(
        "DELETE",
        path_of(
            "/connectors/{channel}/accounts/{account_id}/chat-users/{chat_user_id}",
            channel=channel,
            account_id=account_id,
            chat_user_id=chat_user_id,
        ),
    )


def put_chat_user(
    channel: str, account_id: str, chat_user_id: str, **body: Unpack[t.ChatUserRequest]
) -> Operation[t.ChatUserBody]:
    """Let a person act in groups, or change the name that is shown; their next command counts."""
    return Operation(
        "PUT",
        path_of(
            "/connectors/{channel}/accounts/{account_id}/chat-users/{chat_user_id}",
            channel=channel,
            account_id=account_id,
            chat_user_id=chat_user_id,
        ),
        body={**body},
    )


def list_chats(channel: str, account_id: str) -> Operation[list[t.ChatBody]]:
    """Return the chats that wrote to an account recently, newest first; 409 if they cannot be listed.

    If another program fetches a bot's updates, they are read without removing any.
    """
    return Operation(
        "POST",
        path_of("/connectors/{channel}/accounts/{account_id}/chats", channel=channel, account_id=account_id),
    )


def send_message(
    channel: str, account_id: str, *, idempotency_key: str | None = None, **body: Unpack[t.SendRequest]
) -> Operation[t.MessageBody]:
    """Send a text through an account; `GET /messages/{message_id}` says what became of it."""
    return Operation(
        "POST",
        path_of(
            "/connectors/{channel}/accounts/{account_id}/messages", channel=channel, account_id=account_id
        ),
        body={**body},
        key=idempotency_key,
        is_keyed=True,
    )


def test_account(channel: str, account_id: str) -> Operation[t.CheckBody]:
    """Check the account by a real call of the connector; 503 if no connector could check it."""
    return Operation(
        "POST",
        path_of("/connectors/{channel}/accounts/{account_id}/test", channel=channel, account_id=account_id),
    )


def list_contacts() -> Operation[list[t.ContactBody]]:
    """Return all contacts by name; there are 1,000 at most."""
    return Operation("GET", "/contacts")


def delete_contact(contact_name: str) -> Operation[t.ContactDeleted]:
    """Remove a contact; jobs that were planned with it keep their recipient."""
    return Operation("DELETE", path_of("/contacts/{contact_name}", contact_name=contact_name))


def get_contact(contact_name: str) -> Operation[t.ContactBody]:
    """Return a contact by its name, without regard to case and further blanks."""
    return Operation("GET", path_of("/contacts/{contact_name}", contact_name=contact_name))


def put_contact(contact_name: str, **body: Unpack[t.ContactRequest]) -> Operation[t.ContactBody]:
    """Create or replace a contact; plans that are made from now on use it."""
    return Operation("PUT", path_of("/contacts/{contact_name}", contact_name=contact_name), body={**body})


def list_dead_letters(
    *,
    job_id: str | None = None,
    fingerprint: str | None = None,
    cursor: int | None = None,
    limit: int | None = None,
) -> Listing[t.DeadGroupBody]:
    """Return dead letters by error, that of the newest first; `X-Total-Count` counts letters."""
    return Listing(
        "GET",
        "/dead-letters",
        query={"job_id": job_id, "fingerprint": fingerprint, "cursor": cursor, "limit": limit},
    )


def discard_dead_letters(**body: Unpack[t.DiscardRequest]) -> Operation[t.DiscardDeadLettersAnswer]:
    """Take dead letters off the list; their runs stay in history until retention removes them."""
    return Operation("POST", "/dead-letters/discard", body={**body})


def redrive_dead_letters(
    *, idempotency_key: str | None = None, **body: Unpack[t.RedriveRequest]
) -> Operation[t.RedriveDeadLettersAnswer]:
    """Run dead letters again, oldest first, each once; with a rate they fall due one after the other.

    With an `Idempotency-Key` a repeat leaves alone what has failed again since the first call.
    """
    return Operation("POST", "/dead-letters/redrive", body={**body}, key=idempotency_key, is_keyed=True)


def list_dead_letter_runs(
    fingerprint: str, *, cursor: int | None = None, limit: int | None = None
) -> Listing[t.RunBody]:
    """Return the runs of one group, newest first; none if no letter has the error any more."""
    return Listing(
        "GET",
        path_of("/dead-letters/{fingerprint}/runs", fingerprint=fingerprint),
        query={"cursor": cursor, "limit": limit},
    )


def list_events(
    *,
    after: str | None = None,
    before: str | None = None,
    topics: str | None = None,
    limit: int | None = None,
) -> Listing[t.EventBody]:
    """Return the newest events, those just ahead of `before`, or the first ones behind `after`; oldest
    first.

    `Link` leads to older ones, or with `after` alone to newer ones. With `topics` a call looks at 5,000
    events at most, so a page may be short or empty; its `Link` goes on. At least the newest 100,000 are
    kept.
    """
    return Listing(
        "GET", "/events", query={"after": after, "before": before, "topics": topics, "limit": limit}
    )


def list_exports(
    *, job_id: str | None = None, cursor: int | None = None, limit: int | None = None
) -> Listing[t.PublishedBody]:
    """Return exports, newest first; a job of type `backup.export` makes them and keeps the newest."""
    return Listing("GET", "/exports", query={"job_id": job_id, "cursor": cursor, "limit": limit})


def get_export(export_id: str, *, accept: str = "application/gzip") -> Operation[bytes]:
    """Return an export's file, as `multi-job restore` takes it; a full backup is an age file."""
    return Operation("GET", path_of("/exports/{export_id}", export_id=export_id), accept=accept)


def list_fires(*, hours: int | None = None) -> Operation[t.UpcomingFiresBody]:
    """Return the next fires of enabled jobs, and the minutes in which several fire."""
    return Operation("GET", "/fires", query={"hours": hours})


def healthz() -> Operation[t.Health]:
    """Report whether this process could do its work within the last minute; no I/O."""
    return Operation("GET", "/healthz")


def list_incidents(
    *,
    state: Literal["open", "closed"] | None = None,
    job_id: str | None = None,
    kind: t.IncidentKind | None = None,
    cursor: int | None = None,
    limit: int | None = None,
) -> Listing[t.IncidentBody]:
    """Return incidents, newest first; closed ones are kept for 90 days."""
    return Listing(
        "GET",
        "/incidents",
        query={"state": state, "job_id": job_id, "kind": kind, "cursor": cursor, "limit": limit},
    )


def summarize_incidents() -> Operation[t.IncidentSummaryBody]:
    """Return how many incidents are open, and when one closed last."""
    return Operation("GET", "/incidents/summary")


def get_incident(incident_id: str) -> Operation[t.IncidentBody]:
    """Return one incident."""
    return Operation("GET", path_of("/incidents/{incident_id}", incident_id=incident_id))


def acknowledge_incident(incident_id: str) -> Operation[t.IncidentBody]:
    """Say that you deal with it: nothing more is escalated."""
    return Operation("POST", path_of("/incidents/{incident_id}/acknowledge", incident_id=incident_id))


def comment_incident(incident_id: str, **body: Unpack[t.CommentRequest]) -> Operation[t.IncidentBody]:
    """Add your words to the timeline."""
    return Operation(
        "POST", path_of("/incidents/{incident_id}/comment", incident_id=incident_id), body={**body}
    )


def note_remedy(incident_id: str, **body: Unpack[t.RemediedRequest]) -> Operation[t.IncidentBody]:
    """Note in the timeline that you have used a remedy; this performs none."""
    return Operation(
        "POST", path_of("/incidents/{incident_id}/remedied", incident_id=incident_id), body={**body}
    )


def silence_incident(incident_id: str, **body: Unpack[t.SilenceRequest]) -> Operation[t.IncidentBody]:
    """Send nothing more about it for some minutes."""
    return Operation(
        "POST", path_of("/incidents/{incident_id}/silence", incident_id=incident_id), body={**body}
    )


def list_job_types() -> Operation[list[t.JobTypeBody]]:
    """Return the job types with the JSON Schema of their inputs, their tools and defaults."""
    return Operation("GET", "/job-types")


def list_jobs(
    *,
    type: str | None = None,
    enabled: bool | None = None,
    tag: str | None = None,
    q: str | None = None,
    trouble: bool | None = None,
    cursor: int | None = None,
    limit: int | None = None,
) -> Listing[t.JobBody]:
    """Return jobs, newest first; `q` is a part of an id or a description."""
    return Listing(
        "GET",
        "/jobs",
        query={
            "type": type,
            "enabled": enabled,
            "tag": tag,
            "q": q,
            "trouble": trouble,
            "cursor": cursor,
            "limit": limit,
        },
    )


def create_job(
    *, idempotency_key: str | None = None, **body: Unpack[t.JobSpecInput]
) -> Operation[t.JobCreated]:
    """Store a new job; sent again with the same `Idempotency-Key` and spec, the answer is the same."""
    return Operation("POST", "/jobs", body={**body}, key=idempotency_key, is_keyed=True)


def check_job(**body: Unpack[t.CheckRequest]) -> Operation[t.SpecCheckBody]:
    """Return what saving a spec would change, or refuse it as the save would; nothing is changed."""
    return Operation("POST", "/jobs/check", body={**body})


def delete_job(job_id: str) -> Operation[t.JobDeleted]:
    """Forget a job: what waits is cancelled, what runs ends, its history stays."""
    return Operation("DELETE", path_of("/jobs/{job_id}", job_id=job_id))


def get_job(job_id: str) -> Operation[t.JobBody]:
    """Return a job; its `ETag` is what `If-Match` of a PUT takes."""
    return Operation("GET", path_of("/jobs/{job_id}", job_id=job_id))


def replace_job(job_id: str, body: t.JobSpecInput, *, if_match: str | None = None) -> Operation[t.JobBody]:
    """Store a new version; read-only fields of a GET may stay in the body and are ignored."""
    return Operation(
        "PUT", path_of("/jobs/{job_id}", job_id=job_id), body=body, headers={"If-Match": if_match}
    )


def disable_job(job_id: str) -> Operation[t.JobSwitched]:
    """Stop a job from firing; runs that exist go on, and it can still be run by hand."""
    return Operation("PUT", path_of("/jobs/{job_id}/disable", job_id=job_id))


def enable_job(job_id: str) -> Operation[t.JobSwitched]:
    """Let a job fire again, from now on."""
    return Operation("PUT", path_of("/jobs/{job_id}/enable", job_id=job_id))


def list_occurrences(
    job_id: str, *, from_: str | None = None, to: str | None = None, limit: int | None = None
) -> Operation[list[t.Occurrence]]:
    """Return what became of the slots of a schedule and which come next, in order of time."""
    return Operation(
        "GET",
        path_of("/jobs/{job_id}/occurrences", job_id=job_id),
        query={"from": from_, "to": to, "limit": limit},
    )


def roll_back(
    job_id: str, version: int, *, if_match: str | None = None, idempotency_key: str | None = None
) -> Operation[t.JobBody]:
    """Store the spec of an earlier version as a new one; whether the job fires stays as it is now.

    A one-off whose time is past is kept and fires no more.
    """
    return Operation(
        "POST",
        path_of("/jobs/{job_id}/rollback/{version}", job_id=job_id, version=version),
        headers={"If-Match": if_match},
        key=idempotency_key,
        is_keyed=True,
    )


def run_job(
    job_id: str, *, idempotency_key: str | None = None, **body: Unpack[t.RunRequest]
) -> Operation[t.RunAccepted]:
    """Run a job now or after `delay_sec`; `inputs` replace those of the spec."""
    return Operation(
        "POST",
        path_of("/jobs/{job_id}/run", job_id=job_id),
        body={**body},
        key=idempotency_key,
        is_keyed=True,
    )


def list_job_runs(
    job_id: str, *, status: t.RunStatus | None = None, cursor: int | None = None, limit: int | None = None
) -> Listing[t.RunBody]:
    """Return the runs of a job, newest first; they stay when the job is deleted."""
    return Listing(
        "GET",
        path_of("/jobs/{job_id}/runs", job_id=job_id),
        query={"status": status, "cursor": cursor, "limit": limit},
    )


def list_versions(
    job_id: str, *, from_: int | None = None, to: int | None = None
) -> Operation[t.ListVersionsAnswer]:
    """Return every save of a job, newest first; with `from` or `to`, what differs between the two."""
    return Operation(
        "GET", path_of("/jobs/{job_id}/versions", job_id=job_id), query={"from": from_, "to": to}
    )


def explain_job(
    job_id: str, *, from_: str | None = None, to: str | None = None, limit: int | None = None
) -> Operation[t.WhyBody]:
    """Say what the next fire is, and why the last expected ones did or did not run."""
    return Operation(
        "GET", path_of("/jobs/{job_id}/why", job_id=job_id), query={"from": from_, "to": to, "limit": limit}
    )


def list_keys() -> Operation[list[t.KeyBody]]:
    """Return all keys and users, oldest first, behind the keys of API_KEYS; never a key's text."""
    return Operation("GET", "/keys")


def create_key(
    *, idempotency_key: str | None = None, **body: Unpack[t.KeyRequest]
) -> Operation[t.KeyCreated]:
    """Make a key and show it, once; the first one must be an admin's, and no key in use has its name.

    Sent again it is not made again, and its text is gone: revoke it then.
    """
    return Operation("POST", "/keys", body={**body}, key=idempotency_key, is_keyed=True)


def revoke_key(key_id: str) -> Operation[t.KeyRevoked]:
    """Revoke a key or remove a user: refused at once by every API process.

    Not the last admin key: users do not count as one.

    Its sessions and event streams end with it.
    """
    return Operation("DELETE", path_of("/keys/{key_id}", key_id=key_id))


def set_user_role(key_id: str, **body: Unpack[t.RoleRequest]) -> Operation[t.KeyBody]:
    """Give a user of sign-in links another role, also in open sessions. A key keeps its role.

    The role of a provider's user follows from the groups there.
    """
    return Operation("PUT", path_of("/keys/{key_id}/role", key_id=key_id), body={**body})


def rotate_key(
    key_id: str, *, idempotency_key: str | None = None, **body: Unpack[t.KeyRotation]
) -> Operation[t.KeyCreated]:
    """Make a successor of the same name, role and limits, shown once; the old key ends after the overlap."""
    return Operation(
        "POST",
        path_of("/keys/{key_id}/rotate", key_id=key_id),
        body={**body},
        key=idempotency_key,
        is_keyed=True,
    )


def list_maintenance() -> Operation[list[t.MaintenanceBody]]:
    """Return the maintenance windows, oldest first; those that ended a day ago are left out."""
    return Operation("GET", "/maintenance")


def create_maintenance(
    *, idempotency_key: str | None = None, **body: Unpack[t.MaintenanceDraft]
) -> Operation[t.MaintenanceBody]:
    """Create a window: incidents that open in it, and whose jobs it covers, send nothing until its end."""
    return Operation("POST", "/maintenance", body={**body}, key=idempotency_key, is_keyed=True)


def delete_maintenance(maintenance_id: str) -> Operation[t.MaintenanceDeleted]:
    """Remove a window; incidents that it holds back are alarmed within a minute, if they are still open."""
    return Operation("DELETE", path_of("/maintenance/{maintenance_id}", maintenance_id=maintenance_id))


def get_me() -> Operation[t.MeBody]:
    """Return who the caller is and what its role allows; nothing is asked of Redis for it."""
    return Operation("GET", "/me")


def list_messages(
    *, state: t.OutboxState | None = None, cursor: int | None = None, limit: int | None = None
) -> Listing[t.MessageBody]:
    """Return messages, newest first; `unknown` ones wait for a person to resend or close them."""
    return Listing("GET", "/messages", query={"state": state, "cursor": cursor, "limit": limit})


def get_message(message_id: str) -> Operation[t.MessageBody]:
    """Return a message and what has become of it."""
    return Operation("GET", path_of("/messages/{message_id}", message_id=message_id))


def close_message(message_id: str) -> Operation[t.MessageBody]:
    """Give a message up that waits, failed, or whose outcome is unknown: `failed`, code `closed`."""
    return Operation("POST", path_of("/messages/{message_id}/close", message_id=message_id))


def resend_message(message_id: str) -> Operation[t.MessageBody]:
    """Send a failed or unknown message again."""
    return Operation("POST", path_of("/messages/{message_id}/resend", message_id=message_id))


def metrics() -> Operation[str]:
    """Return the figures of the whole deployment as Prometheus text."""
    return Operation("GET", "/metrics", accept="text/plain")


def list_monitors(*, worst: int | None = None) -> Operation[list[t.MonitorBody]]:
    """Return all monitors by creation, 1,000 at most, or so many, the worst first."""
    return Operation("GET", "/monitors", query={"worst": worst})


def get_monitor(job_id: str) -> Operation[t.MonitorDetailBody]:
    """Return a monitor with its past states and its quarter hours."""
    return Operation("GET", path_of("/monitors/{job_id}", job_id=job_id))


def replace_ping_url(job_id: str) -> Operation[t.PingUrlBody]:
    """Replace the ping URL of a `monitor.heartbeat` job; the earlier one is not found from now on."""
    return Operation("POST", path_of("/monitors/{job_id}/token", job_id=job_id))


def get_notification_rules() -> Operation[t.NotificationRulesBody]:
    """Return the rules that decide who gets the alarms of incidents."""
    return Operation("GET", "/notification-rules")


def put_notification_rules(**body: Unpack[t.NotificationRules]) -> Operation[t.NotificationRulesBody]:
    """Replace all rules; an empty list lets each incident go to its job's recipient, then to the default."""
    return Operation("PUT", "/notification-rules", body={**body})


def pause(**body: Unpack[t.PauseRequest]) -> Operation[t.PauseAnswer]:
    """Stop firing and starting; what runs goes on. A scope that is paused already keeps its first pause.

    With `until` the pause ends then, without it it lasts until it is resumed; the last call says which.
    """
    return Operation("POST", "/pause", body={**body})


def ping(token: str) -> Operation[str]:
    """Report that a program has ended well. Needs no key; `HEAD` does the same."""
    return Operation("GET", path_of("/ping/{token}", token=token), accept="text/plain")


def ping_with_output(token: str) -> Operation[str]:
    """Report that a program has ended well; the first 10,000 bytes of the body are kept as its output."""
    return Operation("POST", path_of("/ping/{token}", token=token), accept="text/plain")


def ping_event(token: str, event: str) -> Operation[str]:
    """Report a start (`start`), a failure (`fail`), or an exit code (`0` to `255`). `HEAD` does the same."""
    return Operation("GET", path_of("/ping/{token}/{event}", token=token, event=event), accept="text/plain")


def ping_event_with_output(token: str, event: str) -> Operation[str]:
    """Report a start, a failure or an exit code; the first 10,000 bytes of the body are kept as output."""
    return Operation("POST", path_of("/ping/{token}/{event}", token=token, event=event), accept="text/plain")


def get_ping_url(job_id: str) -> Operation[t.PingUrlBody]:
    """Return the ping URL of a `monitor.heartbeat` job, and its last ping. The first call makes the URL."""
    return Operation("GET", path_of("/pings/{job_id}", job_id=job_id))


def execute_plan(
    *, idempotency_key: str | None = None, **body: Unpack[t.ExecuteRequestBody]
) -> Operation[t.ExecutionBody]:
    """Create the jobs of a prompt or of a previewed plan, run them at once if asked, and wait for them."""
    return Operation("POST", "/planner/execute", body={**body}, key=idempotency_key, is_keyed=True)


def plan_prompt(**body: Unpack[t.PlanStepBody]) -> Operation[t.PlanBody]:
    """Plan a prompt by the rules; nothing is changed, and `plan_id` executes exactly this for an hour.

    With a `plan_id` it goes on from that plan: an answer to its question, a change in words, or edits.
    """
    return Operation("POST", "/planner/plan", body={**body})


def plan_prompt_ai(**body: Unpack[t.PlanAiRequestBody]) -> Operation[t.PlanBody]:
    """Plan a prompt with a language model; if that fails, the rules plan, and a warning says why."""
    return Operation("POST", "/planner/plan-ai", body={**body})


def get_plan(plan_id: str) -> Operation[t.PlanBody]:
    """Return a stored plan as it was previewed; it is stored for an hour."""
    return Operation("GET", path_of("/planner/plans/{plan_id}", plan_id=plan_id))


def get_platform() -> Operation[t.PlatformBody]:
    """Return what the deployment is, its processes, and how its Redis does, measured by one call."""
    return Operation("GET", "/platform")


def list_policies() -> Operation[list[t.PolicyBody]]:
    """Return what each job type may do with its tools, and which rule says so."""
    return Operation("GET", "/policies")


def get_queue() -> Operation[t.QueueBody]:
    """Return what waits and runs in all queues, lane by lane."""
    return Operation("GET", "/queue")


def list_queues() -> Operation[list[t.QueueItem]]:
    """Return each queue with its depth, its pause and its live workers; `default` first."""
    return Operation("GET", "/queues")


def readyz() -> Operation[t.Readiness]:
    """Report whether work gets done: Redis accepts new work, runs start, slots fire, messages are sent."""
    return Operation("GET", "/readyz")


def list_reports(
    *, job_id: str | None = None, cursor: int | None = None, limit: int | None = None
) -> Listing[t.PublishedBody]:
    """Return reports, newest first; one is listed for as long as its job keeps its files."""
    return Listing("GET", "/reports", query={"job_id": job_id, "cursor": cursor, "limit": limit})


def get_report(report_id: str, *, accept: str = "application/json") -> Operation[t.GetReportAnswer | str]:
    """Return a report as `Accept` asks: application/json, text/markdown or text/html."""
    return Operation("GET", path_of("/reports/{report_id}", report_id=report_id), accept=accept)


def resume(**body: Unpack[t.ResumeRequest]) -> Operation[t.PauseAnswer]:
    """Fire and start again; what was held goes on in its order, unless another pause holds it too."""
    return Operation("POST", "/resume", body={**body})


def list_runs(
    *,
    job_id: str | None = None,
    status: list[t.RunStatus] | None = None,
    type: str | None = None,
    tag: str | None = None,
    trace_id: str | None = None,
    q: str | None = None,
    since: str | None = None,
    until: str | None = None,
    cursor: int | None = None,
    limit: int | None = None,
) -> Listing[t.RunBody]:
    """Return runs, newest first; `q`: part of an id, error, input or output, or a trace id or a
    fingerprint.

    Texts are compared without case, by their characters. A search examines 20,000 records or works for
    0.2 s a call, so a page may be short or empty while its `Link` goes on; `X-Searched-Count` and
    `X-Search-Total` say how far it has come. A run whose id is `q` comes first.
    """
    return Listing(
        "GET",
        "/runs",
        query={
            "job_id": job_id,
            "status": status,
            "type": type,
            "tag": tag,
            "trace_id": trace_id,
            "q": q,
            "since": since,
            "until": until,
            "cursor": cursor,
            "limit": limit,
        },
    )


def run_batch(
    body: t.BatchRequest, *, idempotency_key: str | None = None
) -> Operation[list[t.BatchItemBody]]:
    """Make up to 1,000 runs, each standing alone; a repeat with the same key completes what is missing."""
    return Operation("POST", "/runs/batch", body=body, key=idempotency_key, is_keyed=True)


def bulk_runs(**body: Unpack[t.BulkRequest]) -> Operation[t.BulkStep]:
    """Cancel, or run again, all runs that match a filter, step by step; a dry run counts them.

    A step examines at most 20,000 records and acts on `limit` runs; `next_cursor` is the cursor of the
    next step. A step may be sent again: no run is repeated twice. If the queue is full, `stopped` has
    the reason and `next_cursor` continues from that run. The audit has an entry for the first step and
    one for the end, with all counts.
    """
    return Operation("POST", "/runs/bulk", body={**body})


def count_runs() -> Operation[t.RunCounts]:
    """Return how many runs there are in each state, and how many failed ones wait for a decision.

    Of the whole deployment: no index counts the runs of one job by state. A job's own figures are in
    its `stats`. Only kept runs are counted: `kept` has the limits of retention, `removed_until` how far
    it has removed runs. Statistics and metrics count removed runs too.
    """
    return Operation("GET", "/runs/counts")


def get_run(run_id: str) -> Operation[t.RunDetail]:
    """Return a run with every attempt."""
    return Operation("GET", path_of("/runs/{run_id}", run_id=run_id))


def cancel_run(run_id: str) -> Operation[t.RunCancelled]:
    """Cancel a run: at once while it waits (200); a running one is notified and ends soon (202)."""
    return Operation("POST", path_of("/runs/{run_id}/cancel", run_id=run_id))


def get_logs(
    run_id: str,
    *,
    after: str | None = None,
    limit: int | None = None,
    level: Literal["debug", "info", "warning", "error", "critical"] | None = None,
    q: str | None = None,
) -> Operation[list[t.LogLineBody]]:
    """Return the lines that a run has logged so far, oldest first; ask again with the cursor to follow it."""
    return Operation(
        "GET",
        path_of("/runs/{run_id}/logs", run_id=run_id),
        query={"after": after, "limit": limit, "level": level, "q": q},
    )


def rerun(
    run_id: str, *, idempotency_key: str | None = None, **body: Unpack[t.RerunRequest]
) -> Operation[t.RunRepeated]:
    """Run a job again with the inputs of one of its runs; `inputs` replace all of them."""
    return Operation(
        "POST",
        path_of("/runs/{run_id}/rerun", run_id=run_id),
        body={**body},
        key=idempotency_key,
        is_keyed=True,
    )


def preview_schedule(**body: Unpack[t.PreviewRequest]) -> Operation[t.PreviewBody]:
    """Return a schedule in words, its next fires, and what changes of the clocks do to them."""
    return Operation("POST", "/schedules/preview", body={**body})


def list_secrets() -> Operation[list[t.SecretBody]]:
    """Return the names of all secrets, who set them and when."""
    return Operation("GET", "/secrets")


def delete_secret(secret_name: str) -> Operation[t.SecretDeleted]:
    """Forget a secret; a run that names it fails, and is not tried again."""
    return Operation("DELETE", path_of("/secrets/{secret_name}", secret_name=secret_name))


def get_secret(secret_name: str) -> Operation[t.SecretBody]:
    """Return whether a secret is there, never its value."""
    return Operation("GET", path_of("/secrets/{secret_name}", secret_name=secret_name))


def put_secret(secret_name: str, **body: Unpack[t.SecretRequest]) -> Operation[t.SecretBody]:
    """Set a secret or its hosts; calls that are made from now on use them."""
    return Operation("PUT", path_of("/secrets/{secret_name}", secret_name=secret_name), body={**body})


def list_sessions() -> Operation[list[t.SessionBody]]:
    """Return the sessions of the caller's key, an admin's of all keys; the last used first."""
    return Operation("GET", "/sessions")


def create_session() -> Operation[t.SessionCreated]:
    """Sign in: make a session for the API key that was sent; its token is sent like a key from then on."""
    return Operation("POST", "/sessions")


def create_session_by_link(**body: Unpack[t.LinkRequest]) -> Operation[t.SessionCreated]:
    """Sign in with the code of a link, instead of a key; the code is used up."""
    return Operation("POST", "/sessions/link", body={**body})


def sign_in_by_oidc(**body: Unpack[t.OidcAnswer]) -> Operation[t.SessionCreated]:
    """End a sign-in at the provider: make the user at the first one, and a session; for the dashboard
    alone.

    The role follows from the groups that the provider names, at each sign-in.
    """
    return Operation("POST", "/sessions/oidc", body={**body})


def start_oidc_sign_in(**body: Unpack[t.OidcStart]) -> Operation[t.OidcStarted]:
    """Begin a sign-in at the provider, for the dashboard alone. Nothing is stored."""
    return Operation("POST", "/sessions/oidc/start", body={**body})


def end_session(session_id: str) -> Operation[t.SessionEnded]:
    """Sign out a session, `current` for the one of this request; an admin any, others those of their key.

    It is refused at once by every API process; its event streams end too.
    """
    return Operation("DELETE", path_of("/sessions/{session_id}", session_id=session_id))


def clear_default_notify() -> Operation[t.DefaultNotifyBody]:
    """Remove the stored recipient, and return the one in force: DEFAULT_NOTIFY stays, if it is set."""
    return Operation("DELETE", "/settings/default-notify")


def get_default_notify() -> Operation[t.DefaultNotifyBody]:
    """Return the default recipient of messages."""
    return Operation("GET", "/settings/default-notify")


def put_default_notify(**body: Unpack[t.DefaultNotifyRequest]) -> Operation[t.DefaultNotifyBody]:
    """Set the default recipient of messages; 409 if DEFAULT_NOTIFY is set, which would win.

    Runs use it within five seconds.
    """
    return Operation("PUT", "/settings/default-notify", body={**body})


def get_sign_in_ways() -> Operation[t.SignInWays]:
    """Return how people can sign in besides with a key. Needs no key."""
    return Operation("GET", "/sign-in")


def get_stats(*, minutes: int | None = None, range: t.StatsRange | None = None) -> Operation[t.StatsBody]:
    """Return what started and ended in each interval of a range, and how long it waited and took.

    `minutes` has intervals of a minute (60 of them if neither is given); `range` has 60 minutes (`1h`),
    96 quarter hours (`24h`) or 168 hours (`7d`). A week begins at its first hour with a run, or a day
    ago.
    """
    return Operation("GET", "/stats", query={"minutes": minutes, "range": range})


def list_status_pages() -> Operation[list[t.StatusPageBody]]:
    """Return the status pages by their names."""
    return Operation("GET", "/status-pages")


def delete_status_page(slug: str) -> Operation[t.StatusPageDeleted]:
    """Delete a status page."""
    return Operation("DELETE", path_of("/status-pages/{slug}", slug=slug))


def get_status_page(slug: str) -> Operation[t.StatusPageBody]:
    """Return a status page."""
    return Operation("GET", path_of("/status-pages/{slug}", slug=slug))


def put_status_page(slug: str, **body: Unpack[t.StatusPage]) -> Operation[t.StatusPageBody]:
    """Store a status page, new or in place of an older one. If it is published, everybody can read it."""
    return Operation("PUT", path_of("/status-pages/{slug}", slug=slug), body={**body})


def get_status(
    slug: str, *, lang: Literal["en", "id"] | None = None, accept: str = "application/json"
) -> Operation[t.PublicStatus | str]:
    """Return a published status page: as data, or as a page if `Accept` prefers HTML.

    It has no ids of jobs, targets, accounts or errors. While Redis is away it is the last known state.
    """
    return Operation("GET", path_of("/status/{slug}", slug=slug), query={"lang": lang}, accept=accept)


def get_status_badge(slug: str, *, lang: Literal["en", "id"] | None = None) -> Operation[str]:
    """Return the state of a published status page in words, and its uptime, as a small picture."""
    return Operation(
        "GET", path_of("/status/{slug}/badge.svg", slug=slug), query={"lang": lang}, accept="image/svg+xml"
    )


def verify_webhook(
    channel: str,
    account_id: str,
    *,
    hub_mode: str | None = None,
    hub_verify_token: str | None = None,
    hub_challenge: str | None = None,
) -> Operation[str]:
    """Answer Meta's question whether this address is the account's own, by its verify token."""
    return Operation(
        "GET",
        path_of("/webhooks/{channel}/{account_id}", channel=channel, account_id=account_id),
        query={"hub.mode": hub_mode, "hub.verify_token": hub_verify_token, "hub.challenge": hub_challenge},
        accept="text/plain",
    )


def take_webhook(
    channel: str,
    account_id: str,
    body: dict[str, Any],
    *,
    telegram_secret: str | None = None,
    hub_signature: str | None = None,
) -> Operation[t.WebhookTaken]:
    """Take what a channel has for an account: texts, pressed buttons, reports on messages that were sent."""
    return Operation(
        "POST",
        path_of("/webhooks/{channel}/{account_id}", channel=channel, account_id=account_id),
        body=body,
        headers={"X-Telegram-Bot-Api-Secret-Token": telegram_secret, "X-Hub-Signature-256": hub_signature},
    )


def list_workers() -> Operation[list[t.WorkerBody]]:
    """Return the workers with a recent heartbeat and what they run."""
    return Operation("GET", "/workers")
