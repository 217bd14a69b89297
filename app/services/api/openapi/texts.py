"""Texts of the OpenAPI document: tags, parameters, headers, and example bodies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

ABOUT = """\
Jobs on time, once, observably.

Errors are problem details (RFC 9457): `code` is stable and for programs, docs/errors.md explains each, and
`x-problem-codes` of an operation says which of them a status can carry. Lists are bare arrays; `Link` leads
to the next page. Instants are RFC 3339 in UTC. A POST that creates takes an `Idempotency-Key` and may be sent
again. A write with a body needs `Content-Type: application/json`; one without a body needs no type.
"""

SERVERS: list[dict[str, Any]] = [{"url": "/", "description": "The address that served this document."}]

TAGS: Mapping[str, str] = {
    "jobs": "What shall run and when: specs, their versions, schedules, and why something did not run.",
    "runs": "What ran, runs or will run: attempts, logs, cancelling, running again.",
    "monitors": "What jobs watch: state, uptime, latency.",
    "incidents": "What is wrong, since when, who got a message, and what ends it.",
    "status pages": "What readers without a key see of chosen monitors.",
    "dead letters": "Runs that failed for good, by error: run them again or discard them.",
    "planner": "A sentence in Indonesian or English becomes jobs.",
    "connectors": "Channels that messages go through, and their accounts.",
    "messages": "Messages on their way, and those that wait for a decision.",
    "webhooks": "Calls of channels; they prove themselves by a signature in place of a key.",
    "files": "Reports and exports that jobs have published.",
    "platform": "The deployment itself: workers, queue, pauses, events, figures, probes.",
    "access": "Keys, secrets, policies and the audit.",
}

PARAMETERS: Mapping[str, str] = {
    "path job_id": "The id of a job.",
    "path token": "The token of a ping URL, as `GET /pings/{job_id}` shows it.",
    "path event": "`start`, `fail`, or an exit code.",
    "path incident_id": "The id of an incident, as `GET /incidents` has it.",
    "path plan_id": "The id of a plan, as `POST /planner/plan` returned it.",
    "path run_id": "The id of a run: `<job>@<slot>` or 26 characters.",
    "path version": "The number of a version of the job.",
    "path fingerprint": "The fingerprint of an error, as `GET /dead-letters` has it; `none` for none.",
    "path channel": "A channel, such as `telegram`; `GET /connectors` lists them.",
    "path account_id": "The id of an account of the channel.",
    "path chat_user_id": "The id of a person, as the channel names the person.",
    "path slug": "The name of a status page in its address.",
    "query lang": "The language of the page; else the page's own, else `Accept-Language`.",
    "path calendar_name": "The name of a calendar, as `skip.calendars` of a schedule names it.",
    "path maintenance_id": "The id of a window, as `GET /maintenance` has it.",
    "path contact_name": "The name of a contact; case and further blanks do not count.",
    "path message_id": "The id of a message.",
    "path report_id": "The id of a report.",
    "path export_id": "The id of an export.",
    "path session_id": "The id of a session: a part of its token, never all of it.",
    "path key_id": "The id of a key: its first part, never its text.",
    "path secret_name": "The name of a secret; jobs say `secret:NAME`.",
    "query job_id": "Of this job alone.",
    "query status": "In this state alone.",
    "query state": "In this state alone.",
    "query type": "Of this type alone.",
    "query worst": "So many alone, the worst state first.",
    "query kind": "Of this kind of cause alone.",
    "query trouble": "`true`: those with a failure to decide on, in a cool-down, or whose fire is late.",
    "query enabled": "Those that fire (`true`) or that are switched off (`false`).",
    "query tag": "Those that carry this tag.",
    "query q": "A part of what is looked for; the operation says of what.",
    "query fingerprint": "Of this error alone.",
    "query actor": "Of this actor alone.",
    "query limit": "How many at most.",
}

SECURITY_SCHEMES: Mapping[str, dict[str, Any]] = {
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "description": "A key, as `multi-job keys create` shows it.",
    },
    "apiKey": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
}

COMPONENT_HEADERS: Mapping[str, dict[str, Any]] = {
    "TraceId": {
        "description": "The trace of this request, also in the log and in the runs that it made.",
        "required": True,
        "schema": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
    },
    "RetryAfter": {
        "description": "Seconds after which the same request is worth another try; absent if none is.",
        "schema": {"type": "integer", "minimum": 0},
    },
    "Location": {
        "description": "The path of what was made.",
        "required": True,
        "schema": {"type": "string", "format": "uri-reference"},
    },
    "VersionTag": {
        "description": "The version of the job, for `If-Match`.",
        "required": True,
        "schema": {"type": "string", "pattern": '^"v[0-9]+"$'},
    },
    "Authenticate": {
        "description": "How a key is sent.",
        "required": True,
        "schema": {"type": "string"},
    },
}


# Bodies that the OpenAPI document shows: each is a request that would be taken.


class Example(NamedTuple):
    """A request body, and what it is for in one line."""

    summary: str
    value: Any


_PROMPT = "Pantau telegram akun bot_a01 tiap 30 detik dan buat laporan harian jam 07:00"
_PLAN_ID = "01M87KEGJFJKJNSV5470KXF3S2"
_DAILY = {"cron": "0 7 * * *", "timezone": "Asia/Jakarta"}
_REPORT = {"job_id": "report-daily", "type": "report.daily", "schedule": _DAILY, "tags": ["ops"]}
_MONITOR = {
    "job_id": "monitor-telegram-a01",
    "type": "monitor.channel",
    "schedule": {"interval_sec": 30},
    "inputs": {"channel": "telegram", "account_id": "bot_a01"},
    "retry_policy": {"max_retry": 2, "backoff_sec": [1, 5]},
}

EXAMPLES: Mapping[str, Mapping[str, Example]] = {
    "JobSpec": {
        "report": Example("A report each morning.", _REPORT),
        "monitor": Example("Look at an account every half minute.", _MONITOR),
    },
    "StatusPage": {
        "shop": Example(
            "One monitor, open to all.",
            {
                "title": "Toko Maju",
                "monitors": [{"job_id": "monitor-shop", "name": "Web shop"}],
                "published": True,
            },
        )
    },
    "CheckRequest": {"report": Example("Would this be saved, and what would change?", {"spec": _REPORT})},
    "RunRequest": {
        "now": Example("With the inputs of the spec.", {}),
        "later": Example("In an hour.", {"delay_sec": 3600}),
    },
    "BatchRequest": {
        "two": Example("Two runs, one of them later.", [{"job_id": "a"}, {"job_id": "b", "delay_sec": 60}])
    },
    "RerunRequest": {"same": Example("With the inputs of that run.", {})},
    "BulkRequest": {
        "count": Example(
            "How many failed runs of a job would it be?",
            {"action": "rerun", "filter": {"job_id": "a", "status": ["failed"]}, "dry_run": True},
        ),
        "cancel": Example(
            "End all that waits or runs of a job.", {"action": "cancel", "filter": {"job_id": "a"}}
        ),
    },
    "RedriveRequest": {
        "look": Example("How many would it be?", {"fingerprint": "4dea0204acb1", "dry_run": True}),
        "slowly": Example("All of a job, five a second.", {"filter": {"job_id": "a"}, "rate_per_sec": 5}),
    },
    "DiscardRequest": {
        "look": Example("How many would it be?", {"fingerprint": "4dea0204acb1", "dry_run": True})
    },
    "AccountRequest": {
        "telegram": Example(
            "A bot, and the recipient of its messages.",
            {"secrets": {"token": "123456789:AAExampleOnly_0123456789abcdefghi"}, "default_to": "4711"},
        )
    },
    "ChatUserRequest": {"ana": Example("A person with a name for readers.", {"name": "Ana"})},
    "SendRequest": {
        "default": Example("To the account's `default_to`.", {"text": "Halo dari Multi-Job"}),
        "chat": Example("To a chat.", {"to": "4711", "text": "Halo dari Multi-Job"}),
    },
    "DefaultNotifyRequest": {
        "sandbox": Example(
            "The sandbox, for a try.", {"channel": "sandbox", "account_id": "default", "to": "inbox"}
        )
    },
    "Calendar": {
        "leave": Example("Leave, and each Sunday.", {"dates": ["2026-12-24", "12-31"], "weekdays": [0]}),
        "opening": Example(
            "Closed at night and on public holidays.", {"windows": ["17:00-08:00"], "holidays": "ID"}
        ),
    },
    "NotificationRules": {
        "shop": Example(
            "The shop's incidents go to a chat; if no one reacts, to the owner.",
            {
                "rules": [
                    {
                        "name": "shop",
                        "tags": ["shop"],
                        "min_severity": "warning",
                        "hours": {"windows": ["22:00-06:00"]},
                        "to": [
                            {"channel": "sandbox", "account_id": "default", "to": "team", "language": "id"},
                            {"channel": "sandbox", "account_id": "default", "to": "owner"},
                        ],
                        "escalate_after_min": 15,
                    }
                ]
            },
        )
    },
    "MaintenanceDraft": {
        "once": Example(
            "One evening, for the jobs with a tag.",
            {
                "scope": "tag:shop",
                "starts_at": "2026-12-01T20:00:00+07:00",
                "ends_at": "2026-12-01T22:00:00+07:00",
                "reason": "Database upgrade",
            },
        ),
        "weekly": Example(
            "Two hours each Sunday.",
            {"scope": "all", "rrule": "FREQ=WEEKLY;BYDAY=SU;BYHOUR=2;BYMINUTE=0", "duration_min": 120},
        ),
    },
    "SilenceRequest": {"hour": Example("Send nothing about it for an hour.", {"minutes": 60})},
    "CommentRequest": {"words": Example("What you know about it.", {"text": "The provider works on it."})},
    "RemediedRequest": {
        "run": Example("You have run its job again.", {"action": "run_now", "target": "shop-monitor"})
    },
    "ContactRequest": {
        "person": Example("A person on WhatsApp.", {"channel": "whatsapp", "to": "081234567890"})
    },
    "KeyRequest": {
        "ci": Example("A key for a pipeline.", {"name": "ci", "role": "operator"}),
        "brief": Example("A key that ends.", {"name": "audit", "role": "viewer", "expires_in_days": 90}),
    },
    "LinkRequest": {
        "link": Example("The code of a link.", {"code": "code-of-the-link-0123456789abcdef"}),
    },
    "RoleRequest": {"operator": Example("A person who also runs jobs.", {"role": "operator"})},
    "OidcStart": {"here": Example("A dashboard on this machine.", {"host": "127.0.0.1:3000"})},
    "OidcAnswer": {
        "back": Example(
            "A browser that comes back from the provider.",
            {"code": "code-of-the-provider", "state": "state-of-the-start", "transaction": "v2:sealed"},
        )
    },
    "KeyRotation": {"day": Example("The old key works for another day.", {"overlap_hours": 24})},
    "SecretRequest": {
        "token": Example(
            "A token of another service, for its host alone.",
            {"value": "example-only-0123456789", "hosts": ["shop.example"]},
        )
    },
    "PlanStepBody": {
        "sentence": Example("A sentence.", {"prompt": _PROMPT}),
        "change": Example("A change in words.", {"plan_id": _PLAN_ID, "answer": "yang tadi jadiin jam 8"}),
    },
    "PlanAiRequestBody": {"sentence": Example("A sentence.", {"prompt": _PROMPT})},
    "ExecuteRequestBody": {"sentence": Example("Plan and save at once.", {"prompt": _PROMPT})},
    "PreviewRequest": {"morning": Example("Each morning.", {"schedule": _DAILY, "count": 3})},
    "PauseRequest": {"all": Example("Hold everything.", {"scope": "all", "reason": "database upgrade"})},
    "ResumeRequest": {"all": Example("Let everything go on.", {"scope": "all"})},
}
