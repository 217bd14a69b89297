"""All errors of the core, with stable codes, without HTTP. Those marked * are in `access/errors.py`.

MultiJobError
├── InvalidInput                 a caller's value is refused; `problems` names each field
│   ├── InvalidSpec              a job spec is not valid
│   ├── ExportDamaged            a file is not a complete export of a known format
│   └── IdempotencyMismatch      the same idempotency key came with another body
├── NotFound                     no such job, run, version, type, plan …
│   ├── JobNotFound
│   ├── RunNotFound
│   ├── VersionNotFound
│   ├── KeyNotFound *            no API key has this id
│   ├── SessionNotFound *        no session has this id, or it has ended
│   ├── SecretNotFound           no secret of jobs has this name
│   ├── AccountNotFound          no such account of a channel
│   ├── ChatUserNotFound         no such person among those who may act in groups
│   ├── ContactNotFound          the address book has no such name
│   ├── MessageNotFound          no such message in the outbox
│   ├── IncidentNotFound         no incident has this id
│   ├── MaintenanceNotFound      no maintenance window has this id
│   ├── MonitorNotFound          the job is no monitor, or has not reported a check yet
│   ├── PingNotFound             no job has this ping URL
│   ├── CalendarNotFound         no calendar has this name
│   ├── StatusPageNotFound       no status page has this name, or it is not published
│   ├── PlanNotFound             the plan has expired, or never existed
│   ├── FileMissing              no such file below the files root
│   ├── RecordMissing            no such report or export
│   └── UnknownJobType           names the nearest known type
├── Gone                         it existed; retention has removed it
├── Conflict                     the stored state forbids it
│   ├── JobExists
│   ├── VersionConflict          another save came in between
│   ├── PlanOutdated             a job of the plan has changed since its preview
│   ├── LastAdminKey *           without this key, no one could administer over HTTP
│   ├── AdminKeyNeeded *         the first key must be an admin key, the only one must not expire
│   ├── NameTaken *              a usable key or user has the name
│   ├── ChatsUnavailable         the chats of an account cannot be listed
│   ├── CalendarInUse            jobs name the calendar
│   ├── SetByEnvironment         an environment variable has the setting, and would win
│   ├── RestoreRefused           a scheduler is alive, or other records are stored already
│   └── StateConflict            the run's state does not allow this
├── Refused                      a policy, a limit or an operator's rule forbids it
│   ├── PolicyDenied
│   ├── SignInRefused *          a person may not sign in, or not by this answer of the provider
│   ├── AdminRequired            only an admin may handle an export with secrets
│   ├── UrlRefused               an address that jobs may not reach; names the setting that would open it
│   ├── PathRefused              a path that leaves the files root, or is not a plain file
│   └── LimitExceeded
│       ├── QueueFull            the limit of waiting runs is reached
│       └── HttpTooLarge         a response is larger than allowed
├── Unavailable                  try again later
│   ├── RedisUnavailable         Redis is out of reach
│   ├── RedisFull                Redis refuses writes: out of memory
│   ├── DiskFull                 the files root has no room left
│   ├── FilesUnavailable         the files root cannot be read or written
│   ├── PlannerBusy              the limit of long texts that wait for planning is reached
│   ├── ProviderUnavailable      the sign-in provider gave no answer, or none that can be used
│   ├── CheckUnavailable         the account could not be checked: no connector, or no answer in time
│   └── NotDurable               written, but not confirmed as durably as DURABILITY requires
├── LeaseLost                    this attempt no longer owns its run
├── RunFailure                   a handler raises it to end an attempt
│   ├── RetryableError           try again, as the retry policy says
│   │   └── HttpUnreachable      no response came; `phase` is the last step that was reached
│   └── NonRetryableError        do not try again
│       └── OutboxMismatch       the same message id came with another message
└── ConfigurationError           the deployment's settings cannot work
    └── SecretUnreadable         sealed under another SECRET_KEY, or tampered with
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar, Literal

from app.core.i18n import _, join_list


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """One refused field: a JSON pointer, a sentence, a stable code."""

    pointer: str
    message: str
    code: str


_CORE_ERRORS = re.compile(re.escape(__name__.removesuffix("errors")) + r"(\w+\.)?errors")


class MultiJobError(Exception):
    """Root of all errors here; `code` is stable, the message is for people."""

    code = "error"
    """Of a class in this module: its name, as in `job_not_found`, unless it sets another one."""
    carried: ClassVar[tuple[str, ...]] = ()
    """Names of the fields, all JSON values, that a child process passes on with the message."""

    def __init_subclass__(cls) -> None:
        # An error class of a handler has the code of its base.
        if _CORE_ERRORS.fullmatch(cls.__module__) and "code" not in vars(cls):
            cls.code = re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class InvalidInput(MultiJobError):
    """A value is refused; `problems` names every field."""

    def __init__(self, message: str, problems: tuple[FieldProblem, ...] = ()) -> None:
        super().__init__(message)
        self.problems = problems


class InvalidSpec(InvalidInput):
    """A job spec is not valid."""


class ExportDamaged(InvalidInput):
    """The file is not an export, incomplete, changed, or of a format that this release does not read."""


class IdempotencyMismatch(InvalidInput):
    """The idempotency key was used before with another body."""


class NotFound(MultiJobError):
    """The requested object does not exist."""


class JobNotFound(NotFound):
    """No job has this id."""

    def __init__(self, job_id: str) -> None:
        super().__init__(_("Job {job_id!r} does not exist.", job_id=job_id))


class RunNotFound(NotFound):
    """No run has this id."""

    def __init__(self, run_id: str) -> None:
        super().__init__(_("Run {run_id!r} does not exist.", run_id=run_id))


class VersionNotFound(NotFound):
    """The job has no such version."""

    def __init__(self, job_id: str, version: int) -> None:
        super().__init__(_("Job {job_id!r} has no version {version}.", job_id=job_id, version=version))


class AccountNotFound(NotFound):
    """The channel has no such account."""

    def __init__(self, channel: str, account_id: str) -> None:
        super().__init__(
            _(
                "There is no account {channel}:{account_id}; `multi-job connect {channel} "
                "{account_id}` makes it.",
                channel=channel,
                account_id=account_id,
            )
        )


class ChatUserNotFound(NotFound):
    """The account names no such person for its groups."""

    def __init__(self, account: str, user_id: str) -> None:
        super().__init__(
            _("{account} names no person {user_id!r} for its groups.", account=account, user_id=user_id)
        )


class ContactNotFound(NotFound):
    """The address book has no such name."""

    def __init__(self, name: str) -> None:
        super().__init__(_("Contact {name!r} does not exist.", name=name))


class IncidentNotFound(NotFound):
    """No incident has this id; closed ones are removed after 90 days."""

    def __init__(self, incident_id: str) -> None:
        super().__init__(_("Incident {incident_id!r} does not exist.", incident_id=incident_id[:64]))


class MaintenanceNotFound(NotFound):
    """No maintenance window has this id."""

    def __init__(self, window_id: str) -> None:
        super().__init__(_("Maintenance window {window_id!r} does not exist.", window_id=window_id))


class MonitorNotFound(NotFound):
    """The job is no monitor, or it has not reported a check yet."""

    def __init__(self, job_id: str) -> None:
        super().__init__(_("Job {job_id!r} has reported no check.", job_id=job_id))


class PingNotFound(NotFound):
    """No job has this ping URL: the token is wrong, was replaced, or its job is gone."""

    def __init__(self) -> None:
        super().__init__(_("No job has this ping URL."))


class MessageNotFound(NotFound):
    """The outbox has no such message."""

    def __init__(self, entry_id: str) -> None:
        super().__init__(_("Message {entry_id!r} does not exist.", entry_id=entry_id))


class SecretNotFound(NotFound):
    """No secret of jobs has this name."""

    def __init__(self, name: str) -> None:
        super().__init__(_("Secret {name!r} does not exist.", name=name))


class StatusPageNotFound(NotFound):
    """No status page has this name; to readers without a key, also one that is not published."""

    def __init__(self, slug: str) -> None:
        super().__init__(_("There is no status page {slug!r}.", slug=slug[:64]))


class CalendarNotFound(NotFound):
    """No calendar has this name."""

    def __init__(self, name: str) -> None:
        super().__init__(
            _("There is no calendar {name!r}: `PUT /calendars/{name}` makes it.", name=name[:64])
        )


class PlanNotFound(NotFound):
    """No plan is stored under this id."""

    def __init__(self, plan_id: str) -> None:
        super().__init__(
            _("Plan {plan_id!r} is not kept (a plan is, for an hour): plan again.", plan_id=plan_id)
        )


class FileMissing(NotFound):
    """There is no such file below the files root."""


class RecordMissing(NotFound):
    """No report or export has this id."""

    def __init__(self, kind: str, record_id: str) -> None:
        super().__init__(_("There is no {kind} {record_id!r}.", kind=kind, record_id=record_id[:100]))


class UnknownJobType(NotFound):
    """No handler is registered for this type."""

    def __init__(self, job_type: str, known: tuple[str, ...], nearest: str | None) -> None:
        super().__init__(
            _(
                "Unknown job type {job_type!r}.{hint} Known types: {known}.",
                job_type=job_type,
                hint=_(" Did you mean {nearest!r}?", nearest=nearest) if nearest else "",
                known=", ".join(known) or _("none"),
            )
        )


class Gone(MultiJobError):
    """It existed; retention removed it, and the message says by which rule."""


class Conflict(MultiJobError):
    """The stored state forbids it."""


class JobExists(Conflict):
    """A job with this id exists."""

    def __init__(self, job_id: str) -> None:
        super().__init__(_("Job {job_id!r} exists already; PUT /jobs/{job_id} changes it.", job_id=job_id))


class VersionConflict(Conflict):
    """Another save of the job came in between."""

    def __init__(self, job_id: str, expected: int, stored: int) -> None:
        super().__init__(
            _(
                "Job {job_id!r} is at version {stored}, not {expected}: read it again.",
                job_id=job_id,
                stored=stored,
                expected=expected,
            )
        )
        self.stored = stored


class PlanOutdated(Conflict):
    """A job of the plan has changed since the preview, or its only fire has passed."""

    def __init__(self, reasons: tuple[str, ...]) -> None:
        super().__init__(_("Nothing was changed, plan again: {reasons}.", reasons="; ".join(reasons)))


class ChatsUnavailable(Conflict):
    """The chats of the account cannot be listed with its settings; the message has the reason."""


class CalendarInUse(Conflict):
    """Jobs or notification rules name the calendar; `jobs` has the first of them."""

    def __init__(self, name: str, jobs: tuple[str, ...], rules: tuple[str, ...] = ()) -> None:
        rule = _("the notification rule {names!r}", names=", ".join(rules))
        super().__init__(
            _(
                "Calendar {name!r} is used by {users}: take it out of their hours first.",
                name=name,
                users=join_list([*jobs, *([rule] if rules else [])]),
            )
        )
        self.jobs = jobs


class SetByEnvironment(Conflict):
    """The setting is in an environment variable, which overrides any stored value."""

    def __init__(self, variable: str) -> None:
        super().__init__(
            _(
                "{variable} is set in the environment of the services and wins: a stored value "
                "would have no effect. Change it there, or remove it and restart the services.",
                variable=variable,
            )
        )


class RestoreRefused(Conflict):
    """The restore is refused in the deployment's present state; the message has the fix."""


class StateConflict(Conflict):
    """The run's state does not allow this."""


class Refused(MultiJobError):
    """A policy, a limit or an operator's rule forbids it."""


class AdminRequired(Refused):
    """The caller's role is too low for an export with secrets."""


class PolicyDenied(Refused):
    """The tool policy does not allow it."""


class UrlRefused(Refused):
    """A job may not reach this address; if an operator could open it, the message names the line."""


class PathRefused(Refused):
    """The path leaves the files root, is ambiguous on some system, or is not a plain file."""


class LimitExceeded(Refused):
    """A quota is used up."""


class QueueFull(LimitExceeded):
    """The limit MAX_QUEUE_DEPTH of waiting runs is reached; nothing was created."""

    def __init__(self) -> None:
        super().__init__(
            _("As many runs wait as MAX_QUEUE_DEPTH allows; send it again when some have started.")
        )


class HttpTooLarge(LimitExceeded):
    """The response has more bytes, unpacked, than the call or the policy allows."""


class Unavailable(MultiJobError):
    """Cannot be done now; the same call may succeed later."""


class RedisUnavailable(Unavailable):
    """Redis is out of reach."""


class RedisFull(Unavailable):
    """Redis is full or above 90 % of `maxmemory`, or it cannot write to its disk."""


class DiskFull(Unavailable):
    """The disk of the files root is full; no part of the file was kept."""


class FilesUnavailable(Unavailable):
    """The files root cannot be read or written; the message has the system's reason."""


class NotDurable(Unavailable):
    """Redis took the write but did not confirm it as DURABILITY requires."""


class PlannerBusy(Unavailable):
    """The limit of long texts that wait for planning is reached."""


class ProviderUnavailable(Unavailable):
    """The sign-in provider gave no answer, or none that can be used."""


class CheckUnavailable(Unavailable):
    """The account could not be checked; this is no statement about the account."""


class LeaseLost(MultiJobError):
    """This attempt no longer owns its run; its further effects do not count."""


class RunFailure(MultiJobError):
    """Ends an attempt as failed."""

    code = "failed"
    retryable = True

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(message)
        if code is not None:
            self.code = code


class RetryableError(RunFailure):
    """A handler raises it if another try may help."""

    code = "retryable"


HttpPhase = Literal["dns", "connect", "tls", "request", "response", "body", "redirect"]


class HttpUnreachable(RetryableError):
    """No response came, or a broken one; `phase` is the last step that was reached."""

    carried = ("phase",)

    def __init__(self, message: str, *, phase: HttpPhase = "connect") -> None:
        super().__init__(message)
        self.phase: HttpPhase = phase


class NonRetryableError(RunFailure):
    """A handler raises it if no other try can help."""

    code = "non_retryable"
    retryable = False


class OutboxMismatch(NonRetryableError):
    """A message with this id exists with another text or recipient."""


class ConfigurationError(MultiJobError):
    """The deployment's settings cannot work; the message names the change."""

    code = "configuration"


class SecretUnreadable(ConfigurationError):
    """A secret was sealed under another SECRET_KEY, or its stored value was changed."""
