"""Texts of the OpenAPI document that many operations share: tags, parameters, headers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

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
    "connectors": "ChannelServices that messages go through, and their accounts.",
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

COMPONENT_HEADERS: Mapping[str, dict[str, Any]] = {
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
