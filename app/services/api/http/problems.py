"""Problem details (RFC 9457): the status of each error, and its rendering.

`docs/errors.md` is generated from the tables below, and `type` points there. A refusal that only HTTP has is
an `HttpProblem`; errors of the core are mapped by class.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from starlette.responses import Response
from starlette.types import Scope

from app.core import errors
from app.core.access.errors import (
    AdminKeyNeeded,
    KeyNotFound,
    LastAdminKey,
    NameTaken,
    SessionNotFound,
    SignInRefused,
)
from app.core.errors import FieldProblem, MultiJobError
from app.core.fields import MAX_PROBLEMS, with_number_of_others
from app.core.i18n import _, reader_language, render
from app.core.observability import get_logger
from app.core.redaction import redactor
from app.services.api.http.responses import dump, in_language

MEDIA_TYPE = "application/problem+json"
TYPE_PREFIX = "/problems/"

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class ProblemKind:
    """One kind of problem. `remedy` is what the caller can do; `retry_after` in seconds, 0 for none."""

    status: int
    title: str
    remedy: str
    retry_after: int = 0
    hidden: bool = False
    """The error's own text stays in the log: it was not written for callers."""


_NEVER = "Raised inside workers; if it reaches a caller, report the trace id."
_READ_POINTERS = "Correct the fields that `errors` points to."

ERROR_KINDS: dict[type[MultiJobError], ProblemKind] = {
    errors.MultiJobError: ProblemKind(500, _("Internal error"), "Report the trace id.", hidden=True),
    errors.InvalidInput: ProblemKind(422, _("Invalid input"), _READ_POINTERS),
    errors.InvalidSpec: ProblemKind(422, _("Invalid job spec"), _READ_POINTERS),
    errors.ExportDamaged: ProblemKind(
        422, _("No whole export"), "Take another file; the detail says what is wrong."
    ),
    errors.IdempotencyMismatch: ProblemKind(
        422, _("Idempotency key used for another body"), "Use a new key, or send the first body again."
    ),
    errors.NotFound: ProblemKind(404, _("Not found"), "Check the id."),
    errors.JobNotFound: ProblemKind(404, _("Job not found"), "`GET /jobs` lists the ids."),
    errors.RunNotFound: ProblemKind(404, _("Run not found"), "`GET /runs` lists the ids."),
    errors.VersionNotFound: ProblemKind(404, _("Version not found"), "`GET /jobs/{id}/versions` lists them."),
    KeyNotFound: ProblemKind(404, _("API key not found"), "`multi-job keys list` shows the ids."),
    SessionNotFound: ProblemKind(404, _("Session not found"), "`GET /sessions` lists the sessions."),
    errors.SecretNotFound: ProblemKind(404, _("Secret not found"), "`GET /secrets` lists the names."),
    errors.AccountNotFound: ProblemKind(404, _("Account not found"), "`GET /connectors` lists the accounts."),
    errors.IncidentNotFound: ProblemKind(404, _("Incident not found"), "`GET /incidents` lists them."),
    errors.MaintenanceNotFound: ProblemKind(
        404, _("Maintenance window not found"), "`GET /maintenance` lists them."
    ),
    errors.MonitorNotFound: ProblemKind(404, _("Monitor not found"), "`GET /monitors` lists them."),
    errors.PingNotFound: ProblemKind(
        404, _("Ping URL not found"), "`multi-job monitors ping-url JOB` shows the present one."
    ),
    errors.ChatUserNotFound: ProblemKind(
        404, _("Chat user not found"), "`chat_users` of the account lists the ids."
    ),
    errors.ContactNotFound: ProblemKind(404, _("Contact not found"), "`GET /contacts` lists the names."),
    errors.MessageNotFound: ProblemKind(404, _("Message not found"), "`GET /messages` lists the ids."),
    errors.StatusPageNotFound: ProblemKind(
        404,
        _("Status page not found"),
        "`GET /status-pages` lists them; readers see those that are published.",
    ),
    errors.CalendarNotFound: ProblemKind(404, _("Calendar not found"), "`GET /calendars` lists the names."),
    errors.PlanNotFound: ProblemKind(404, _("Plan not found"), "Plan again; a plan is kept for an hour."),
    errors.FileMissing: ProblemKind(
        404, _("No such file"), "It may be on another machine, or removed meanwhile."
    ),
    errors.RecordMissing: ProblemKind(
        404, _("No such report or export"), "`GET /reports`, `GET /exports` list them."
    ),
    errors.UnknownJobType: ProblemKind(422, _("Unknown job type"), "`GET /job-types` lists them."),
    errors.Gone: ProblemKind(410, _("Gone"), "Retention removed it; the detail names the rule."),
    errors.Conflict: ProblemKind(409, _("Conflict"), "Read the current state, then decide."),
    errors.JobExists: ProblemKind(409, _("Job exists already"), "`PUT /jobs/{id}` changes it."),
    errors.VersionConflict: ProblemKind(
        409, _("Changed meanwhile"), "Read the job, apply the change again, save."
    ),
    errors.PlanOutdated: ProblemKind(409, _("Plan outdated"), "Plan again and look at what has changed."),
    LastAdminKey: ProblemKind(
        409,
        _("Last admin key"),
        "Make another admin key first, or run `multi-job keys revoke` on the machine.",
    ),
    AdminKeyNeeded: ProblemKind(
        409,
        _("Admin key needed"),
        "Make an admin key that lasts first: `multi-job keys create NAME --role admin`.",
    ),
    NameTaken: ProblemKind(
        409, _("Name taken"), "Choose another name, or rotate the key that the detail names."
    ),
    errors.ChatsUnavailable: ProblemKind(
        409, _("Chats cannot be listed"), "The detail says why; write the chat's id or the number by hand."
    ),
    errors.CalendarInUse: ProblemKind(
        409, _("Calendar in use"), "Take it out of the jobs and rules that the detail names."
    ),
    errors.SetByEnvironment: ProblemKind(
        409,
        _("Set by the environment"),
        "Change the variable that the detail names, and restart the services.",
    ),
    errors.RestoreRefused: ProblemKind(409, _("Not restored"), "The detail says what would let it."),
    errors.StateConflict: ProblemKind(409, _("Not in this state"), "Read the run; its status forbids this."),
    errors.Refused: ProblemKind(403, _("Refused"), "An operator's rule says no; the detail names it."),
    errors.PolicyDenied: ProblemKind(
        403, _("Denied by policy"), "The detail names the line to add to POLICIES_FILE."
    ),
    SignInRefused: ProblemKind(
        403,
        _("Sign-in refused"),
        "Begin again on the sign-in page; the detail says what an admin can change.",
    ),
    errors.AdminRequired: ProblemKind(
        403, _("Role too low"), "Use a key with the role that the detail names."
    ),
    errors.UrlRefused: ProblemKind(
        403,
        _("Address refused"),
        "The detail says why; for a private one it names the HTTP_ALLOW_PRIVATE line.",
    ),
    errors.PathRefused: ProblemKind(
        403, _("Path refused"), "Use a plain relative path, such as `exports/a.json`."
    ),
    errors.LimitExceeded: ProblemKind(
        429, _("Limit exceeded"), "Free some of the quota, or ask the operator."
    ),
    errors.QueueFull: ProblemKind(
        429, _("Queue full"), "Send it again later: workers must catch up first.", retry_after=5
    ),
    errors.HttpTooLarge: ProblemKind(
        413, _("Answer too large"), "Ask for less, or let the policy allow more `bytes`."
    ),
    errors.Unavailable: ProblemKind(
        503, _("Unavailable"), "Send the same request again later.", retry_after=2
    ),
    errors.RedisUnavailable: ProblemKind(
        503,
        _("Redis is out of reach"),
        "Send the same request again. If Redis has a slow disk, raise REQUEST_PATIENCE_SEC.",
        retry_after=2,
    ),
    errors.RedisFull: ProblemKind(
        503,
        _("Redis is full"),
        "Raise `maxmemory` or lower the retention, then send it again.",
        retry_after=10,
    ),
    errors.DiskFull: ProblemKind(
        507, _("Disk full"), "Free some room below FILES_ROOT, then send it again.", retry_after=60
    ),
    errors.FilesUnavailable: ProblemKind(
        503, _("Files out of reach"), "The detail says why; FILES_ROOT must be writable.", retry_after=10
    ),
    errors.NotDurable: ProblemKind(
        503, _("Not confirmed as durable"), "It was written; send it again with the same key.", retry_after=2
    ),
    errors.PlannerBusy: ProblemKind(
        503, _("Planner busy"), "Send it again later, or plan fewer sentences at once.", retry_after=2
    ),
    errors.ProviderUnavailable: ProblemKind(
        503,
        _("Sign-in provider unavailable"),
        "Try again later, or sign in with a key. An admin checks the OIDC_ settings.",
        retry_after=5,
    ),
    errors.CheckUnavailable: ProblemKind(
        503, _("Account could not be checked"), "Start a connector, or send it again.", retry_after=5
    ),
    errors.LeaseLost: ProblemKind(409, _("Lease lost"), _NEVER, hidden=True),
    errors.RunFailure: ProblemKind(500, _("Run failed"), _NEVER, hidden=True),
    errors.RetryableError: ProblemKind(500, _("Run failed, retryable"), _NEVER, hidden=True),
    errors.HttpUnreachable: ProblemKind(500, _("Run failed, no HTTP answer"), _NEVER, hidden=True),
    errors.NonRetryableError: ProblemKind(500, _("Run failed, not retryable"), _NEVER, hidden=True),
    errors.OutboxMismatch: ProblemKind(500, _("Another message under the same id"), _NEVER, hidden=True),
    errors.ConfigurationError: ProblemKind(
        500, _("Misconfigured"), "The service's log says which setting to change.", hidden=True
    ),
    errors.SecretUnreadable: ProblemKind(
        500, _("Secret unreadable"), "Set SECRET_KEY to what it was, or enter the secrets again.", hidden=True
    ),
}

HTTP_KINDS: dict[str, ProblemKind] = {
    "malformed_json": ProblemKind(400, _("Malformed JSON"), "Send one JSON value in UTF-8."),
    "unauthorized": ProblemKind(
        401,
        _("Not authorized"),
        "Send `Authorization: Bearer KEY` or `X-API-Key`. A deployment without keys serves loopback alone.",
    ),
    "role_too_low": ProblemKind(403, _("Role too low"), "Use a key with the role that the detail names."),
    "address_denied": ProblemKind(
        403,
        _("Address not allowed"),
        "Use a key without an address list, or one whose list has the address that the detail names.",
    ),
    "out_of_scope": ProblemKind(
        403, _("Outside the scope"), "Use a key without a scope, or one whose scope has this."
    ),
    "foreign_origin": ProblemKind(403, _("Foreign origin"), "Add the page's origin to ALLOWED_ORIGINS."),
    "wrong_signature": ProblemKind(
        403,
        _("Wrong signature"),
        "Give the account the secret that the channel signs with, and the channel ours.",
    ),
    "path_not_found": ProblemKind(404, _("No such path"), "`/openapi.json` lists the paths."),
    "method_not_allowed": ProblemKind(405, _("Method not allowed"), "`Allow` names the methods."),
    "not_acceptable": ProblemKind(406, _("No such form"), "The detail names the media types that there are."),
    "precondition_failed": ProblemKind(
        412, _("Precondition failed"), "Read the job again; its ETag has changed."
    ),
    "body_too_large": ProblemKind(413, _("Body too large"), "Send less; MAX_BODY_BYTES is the limit."),
    "unsupported_media_type": ProblemKind(
        415,
        _("Unsupported media type"),
        "Send JSON with `Content-Type: application/json`, or neither a body nor a type.",
    ),
    "rate_limited": ProblemKind(
        429,
        _("Too many requests"),
        "Wait as `Retry-After` says; RATE_LIMIT_PER_SEC is the limit.",
        retry_after=1,
    ),
    "too_many_wrong_keys": ProblemKind(
        429,
        _("Too many wrong keys"),
        "Send a key that is known; `multi-job keys list` shows the ids. Else wait as `Retry-After` says.",
        retry_after=1,
    ),
    "too_many_streams_of_key": ProblemKind(
        429,
        _("Too many open streams of one key"),
        "Close some, or raise MAX_EVENT_STREAMS_PER_KEY.",
        retry_after=10,
    ),
    "too_many_streams": ProblemKind(
        503,
        _("Too many open streams"),
        "Wait as `Retry-After` says, or raise MAX_EVENT_STREAMS.",
        retry_after=10,
    ),
    "wrong_host": ProblemKind(421, _("Host not served"), "Add the name to ALLOWED_HOSTS."),
    "invalid_json": ProblemKind(422, _("JSON that is refused"), _READ_POINTERS),
    "invalid_request": ProblemKind(422, _("Invalid request"), _READ_POINTERS),
    "bad_request": ProblemKind(400, _("Bad request"), "Correct the request."),
    "internal": ProblemKind(500, _("Internal error"), "Report the trace id.", hidden=True),
}

_HIDDEN_DETAIL = _("Something went wrong here; the log has it under this trace id.")


class HttpProblem(Exception):  # noqa: N818  it is an answer, not a defect
    """A refusal that only HTTP knows; `code` is a key of HTTP_KINDS, or of an error of the core."""

    def __init__(
        self,
        code: str,
        detail: str,
        problems: Iterable[FieldProblem] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.problems = tuple(problems)
        self.headers = dict(headers or {})


def kind_of(error: type[MultiJobError]) -> ProblemKind:
    """Return how a class of errors is answered: its own entry, else that of its nearest base."""
    return next(ERROR_KINDS[base] for base in error.__mro__ if base in ERROR_KINDS)


def render_error(error: MultiJobError, scope: Scope, trace_id: str) -> Response:
    """Render an error of the core."""
    kind = kind_of(type(error))
    detail = _HIDDEN_DETAIL if kind.hidden else error.message
    return _render(kind, HttpProblem(error.code, detail, _fields_of(error)), scope, trace_id)


def log_and_render(error: MultiJobError, scope: Scope, trace_id: str) -> Response:
    """Render an error of a route; the log has those whose text the answer does not show."""
    if kind_of(type(error)).hidden:
        log.error("request failed", exc_info=error, trace_id=trace_id, path=scope["path"])
    return render_error(error, scope, trace_id)


def render_http(problem: HttpProblem, scope: Scope, trace_id: str) -> Response:
    """Render a refusal of HTTP's own."""
    return _render(HTTP_KINDS[problem.code], problem, scope, trace_id)


def render_status(
    status: int, detail: str, headers: Mapping[str, str], scope: Scope, trace_id: str
) -> Response:
    """Render a status that the framework raised by itself."""
    codes = {404: "path_not_found", 405: "method_not_allowed", 413: "body_too_large"}
    code = codes.get(status, "internal" if status >= 500 else "bad_request")  # noqa: PLR2004
    kind = replace(HTTP_KINDS[code], status=status)
    return _render(kind, HttpProblem(code, detail, headers=headers), scope, trace_id)


def render_crash(scope: Scope, trace_id: str) -> Response:
    """Render an unexpected exception, without any of its text."""
    return _render(HTTP_KINDS["internal"], HttpProblem("internal", _HIDDEN_DETAIL), scope, trace_id)


def _fields_of(error: MultiJobError) -> tuple[FieldProblem, ...]:
    if isinstance(error, errors.InvalidInput):
        return error.problems
    if isinstance(error, errors.UnknownJobType):
        return (FieldProblem("/type", error.message, error.code),)
    return ()


def _render(kind: ProblemKind, problem: HttpProblem, scope: Scope, trace_id: str) -> Response:
    language = reader_language.get()
    body: dict[str, Any] = {
        "type": TYPE_PREFIX + problem.code,
        "title": render(kind.title, language),
        "status": kind.status,
        # A refusal may repeat what was sent: a field's name, an id, the path.
        "detail": redactor.answer(render(problem.detail, language)),
        "instance": redactor.answer(scope.get("path", "")),
        "code": problem.code,
        "trace_id": trace_id,
    }
    if kind.status == 422:  # noqa: PLR2004
        body["errors"] = [
            {
                "pointer": redactor.answer(field.pointer),
                "message": redactor.answer(render(field.message, language)),
                "code": field.code,
            }
            for field in _listed(problem.problems)
        ]
    headers = {**in_language(language), **problem.headers}
    if kind.retry_after:
        headers.setdefault("Retry-After", str(kind.retry_after))
    return Response(dump(body), kind.status, headers, MEDIA_TYPE)


def _listed(problems: Sequence[FieldProblem]) -> Sequence[FieldProblem]:
    # The one beyond is the number of others, if the list was cut already.
    if len(problems) <= MAX_PROBLEMS + 1:
        return problems
    return with_number_of_others(problems[:MAX_PROBLEMS], len(problems) - MAX_PROBLEMS)


def error_codes() -> dict[str, ProblemKind]:
    """Return every code that an answer can carry."""
    return {**{error.code: kind for error, kind in ERROR_KINDS.items()}, **HTTP_KINDS}
