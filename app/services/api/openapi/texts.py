"""Which problems an operation can answer with, status by status (`x-problem-codes`).

The guard's codes are those of every operation; what a route adds stands in `CODES`. Where a status is
declared and nothing is said here, a test fails; where an answer carries another code, one does too.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.services.api.http.problems import error_codes

_EVERYWHERE = ("wrong_host", "foreign_origin", "rate_limited", "internal", "configuration")
_KEYED = ("unauthorized", "too_many_wrong_keys", "role_too_low")
_REDIS = ("unavailable", "redis_unavailable")
_WRITTEN = ("redis_full", "not_durable", "body_too_large", "unsupported_media_type")
_OF_BODIES = ("malformed_json", "invalid_json", "invalid_request")
_OF_QUERIES = ("invalid_request",)
_ONCE = ("idempotency_mismatch", "invalid_request")
_SPEC = ("invalid_spec", "unknown_job_type", "invalid_input")

CODES: Mapping[str, tuple[str, ...]] = {
    "create_job": (*_SPEC, *_ONCE, "job_exists", "conflict"),
    "replace_job": (*_SPEC, "job_not_found", "version_conflict", "precondition_failed", "conflict"),
    "get_job": ("job_not_found",),
    "delete_job": ("job_not_found",),
    "enable_job": ("job_not_found",),
    "disable_job": ("job_not_found",),
    "run_job": (*_ONCE, "job_not_found", "invalid_spec", "invalid_input", "queue_full"),
    "list_job_runs": ("job_not_found",),
    "list_occurrences": ("job_not_found",),
    "explain_job": ("job_not_found",),
    "list_versions": ("job_not_found", "version_not_found"),
    "roll_back": (
        *_SPEC,
        *_ONCE,
        *("job_not_found", "version_not_found", "version_conflict", "precondition_failed", "conflict"),
    ),
    "check_job": _SPEC,
    "preview_schedule": ("invalid_spec",),
    "get_run": ("run_not_found", "gone"),
    "get_logs": ("run_not_found", "gone"),
    "cancel_run": ("run_not_found", "state_conflict"),
    "run_batch": _ONCE,
    "bulk_runs": _ONCE,
    "rerun": (
        *_ONCE,
        "invalid_spec",
        "run_not_found",
        "gone",
        "state_conflict",
        "invalid_input",
        "queue_full",
    ),
    "redrive_dead_letters": _ONCE,
    "get_account": ("account_not_found",),
    "save_account": ("invalid_input", "conflict"),
    "delete_account": ("account_not_found", "conflict"),
    "test_account": ("check_unavailable",),
    "list_chats": ("account_not_found", "chats_unavailable", "check_unavailable"),
    "send_message": (*_ONCE, "account_not_found", "invalid_input", "conflict"),
    "put_default_notify": ("invalid_input", "set_by_environment"),
    "get_message": ("message_not_found",),
    "resend_message": ("message_not_found", "state_conflict"),
    "close_message": ("message_not_found", "state_conflict"),
    "take_webhook": ("wrong_signature",),
    "verify_webhook": ("wrong_signature",),
    "execute_plan": (*_ONCE, "invalid_input", "planner_busy", "plan_not_found", "plan_outdated", "conflict"),
    "plan_prompt": ("invalid_input", "planner_busy"),
    "plan_prompt_ai": ("invalid_input", "planner_busy"),
    "get_report": ("record_missing", "file_missing", "not_acceptable", "files_unavailable"),
    "get_export": ("record_missing", "file_missing", "not_acceptable", "files_unavailable"),
    "pause": ("job_not_found", "not_found", "conflict"),
    "resume": ("job_not_found", "not_found"),
    "stream_events": ("too_many_streams", "too_many_streams_of_key"),
    "create_key": (*_ONCE, "invalid_input", "conflict", "admin_key_needed"),
    "rotate_key": (*_ONCE, "key_not_found", "conflict", "admin_key_needed"),
    "revoke_key": ("key_not_found", "conflict", "last_admin_key"),
    "create_session": ("key_not_found", "conflict"),
    "end_session": ("session_not_found",),
    "get_secret": ("secret_not_found",),
    "put_secret": ("invalid_input", "state_conflict"),
    "delete_secret": ("secret_not_found",),
}
_STATUS = {code: kind.status for code, kind in error_codes().items()}


def codes_of(operation: Mapping[str, Any], method: str, *, is_open: bool) -> dict[str, list[str]]:
    """Return the codes of an operation by status, for the statuses that it declares as problems."""
    found = {*_EVERYWHERE, *_REDIS, *CODES.get(operation["operationId"], ())}
    if not is_open:
        found.update(_KEYED)
    if method != "get":
        found.update(_WRITTEN)
    if "requestBody" in operation:
        found.update(_OF_BODIES)
    if any(each["in"] == "query" for each in operation.get("parameters", [])):
        found.update(_OF_QUERIES)
    declared = [status for status, answer in operation["responses"].items() if _is_problem(answer)]
    return {status: sorted(code for code in found if str(_STATUS[code]) == status) for status in declared}


def _is_problem(answer: Mapping[str, Any]) -> bool:
    return "application/problem+json" in answer.get("content", {})


# What the OpenAPI document says once for all operations: tags, parameters, headers.

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
    "dead letters": "Runs that failed for good, by error: run them again or discard them.",
    "planner": "A sentence in Indonesian or English becomes jobs.",
    "connectors": "Channels that messages go through, and their accounts.",
    "messages": "Messages on their way, and those that wait for a decision.",
    "webhooks": "Where channels call; they prove themselves by a signature in place of a key.",
    "files": "Reports and exports that jobs have published.",
    "platform": "The deployment itself: workers, queue, pauses, events, figures, probes.",
    "access": "Keys, secrets, policies and the audit.",
}

PARAMETERS: Mapping[str, str] = {
    "path job_id": "The id of a job.",
    "path run_id": "The id of a run: `<job>@<slot>` or 26 characters.",
    "path version": "The number of a version of the job.",
    "path fingerprint": "The fingerprint of an error, as `GET /dead-letters` has it; `none` for none.",
    "path channel": "A channel, such as `telegram`; `GET /connectors` lists them.",
    "path account_id": "The id of an account of the channel.",
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
    "query enabled": "Those that fire (`true`) or that are switched off (`false`).",
    "query tag": "Those that carry this tag.",
    "query q": "A part of what is looked for; the operation says of what.",
    "query fingerprint": "Of this error alone.",
    "query actor": "Of this actor alone.",
    "query limit": "How many at most.",
}

HEADERS: Mapping[str, dict[str, Any]] = {
    "TraceId": {
        "description": "The trace of this request, also in the log and in the runs that it made.",
        "required": True,
        "schema": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
    },
    "RetryAfter": {
        "description": "Seconds after which the same request is worth another try; absent where none is.",
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

LOCATED = frozenset({"create_job", "run_job", "rerun", "send_message"})
"""Operations whose success says `Location`."""

TAGGED = frozenset({"create_job", "get_job", "replace_job", "roll_back"})
"""Operations whose success says the job's `ETag`."""
