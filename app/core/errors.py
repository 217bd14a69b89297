"""Every error that the core raises. They carry a code and typed fields and know nothing of HTTP.

MultiJobError
├── InvalidInput                 a caller's value is refused; `problems` names each field
│   ├── InvalidSpec              a job spec does not hold together
│   ├── ExportDamaged            a file is no whole export of a format that is known here
│   └── IdempotencyMismatch      the same idempotency key came with another body
├── NotFound                     no such job, run, version, type, plan …
│   ├── JobNotFound
│   ├── RunNotFound
│   ├── VersionNotFound
│   ├── KeyNotFound              no API key has this id
│   ├── SessionNotFound          no session has this id, or it has ended
│   ├── SecretNotFound           no secret of jobs has this name
│   ├── AccountNotFound          no such account of a channel
│   ├── MessageNotFound          no such message in the outbox
│   ├── PlanNotFound             its hour is over, or it never was
│   ├── FileMissing              no such file below the files root
│   ├── RecordMissing            no such report or export
│   └── UnknownJobType           names the nearest known type
├── Gone                         it existed; retention has removed it
├── Conflict                     the stored state forbids it
│   ├── JobExists
│   ├── VersionConflict          somebody saved in between
│   ├── PlanOutdated             what a plan touches has changed since its preview
│   ├── LastAdminKey             without this key nobody could set anything up over HTTP
│   ├── AdminKeyNeeded           a first key must be an admin's, an only one must last
│   ├── ChatsUnavailable         nobody can list who wrote to an account
│   ├── SetByEnvironment         an environment variable says it, and would win
│   ├── RestoreRefused           a scheduler is alive, or something else is stored already
│   └── StateConflict            the run is not in a state that allows this
├── Refused                      a policy, a limit or an operator's rule says no
│   ├── PolicyDenied
│   ├── AdminRequired            an export with secrets is an admin's
│   ├── UrlRefused               an address that jobs may not reach; names what would open it
│   ├── PathRefused              a path that leaves the files root, or is no plain file
│   └── LimitExceeded
│       ├── QueueFull            as many runs wait as may
│       └── HttpTooLarge         an answer has more bytes than were allowed
├── Unavailable                  try again later
│   ├── RedisUnavailable         Redis is out of reach
│   ├── RedisFull                Redis refuses writes: out of memory
│   ├── DiskFull                 the files root has no room left
│   ├── FilesUnavailable         the files root cannot be read or written
│   ├── PlannerBusy              as many long texts wait to be planned as may
│   ├── CheckUnavailable         nobody looked at the account: no connector, or no answer in time
│   └── NotDurable               written, but not confirmed as durably as DURABILITY asks
├── LeaseLost                    this attempt no longer owns its run
├── RunFailure                   what a handler raises to end an attempt
│   ├── RetryableError           try again, as the retry policy says
│   │   └── HttpUnreachable      no answer came; `phase` says how far the call got
│   └── NonRetryableError        do not try again
│       └── OutboxMismatch       the same message id came with another message
└── ConfigurationError           the deployment is set up in a way that can't work
    └── SecretUnreadable         sealed under another SECRET_KEY, or tampered with
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """One refused field: a JSON pointer, a sentence, a stable code."""

    pointer: str
    message: str
    code: str


class MultiJobError(Exception):
    """Root of all errors here; `code` is stable, the message is for people."""

    code = "error"
    carried: ClassVar[tuple[str, ...]] = ()
    """Names of the fields, JSON values all, that reach a handler in a child process beside the message."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class InvalidInput(MultiJobError):
    """A value is refused; `problems` names every field."""

    code = "invalid_input"

    def __init__(self, message: str, problems: tuple[FieldProblem, ...] = ()) -> None:
        super().__init__(message)
        self.problems = problems


class InvalidSpec(InvalidInput):
    """A job spec does not hold together."""

    code = "invalid_spec"


class ExportDamaged(InvalidInput):
    """The file is no export, not whole, changed, or of a format that this release does not read."""

    code = "export_damaged"


class IdempotencyMismatch(InvalidInput):
    """The idempotency key was used before with another body."""

    code = "idempotency_mismatch"


class NotFound(MultiJobError):
    """What was asked for does not exist."""

    code = "not_found"


class JobNotFound(NotFound):
    """No job has this id."""

    code = "job_not_found"

    def __init__(self, job_id: str) -> None:
        super().__init__(f"Job {job_id!r} does not exist. / Job {job_id!r} tidak ada.")
        self.job_id = job_id


class RunNotFound(NotFound):
    """No run has this id."""

    code = "run_not_found"

    def __init__(self, run_id: str) -> None:
        super().__init__(f"Run {run_id!r} does not exist. / Run {run_id!r} tidak ada.")
        self.run_id = run_id


class VersionNotFound(NotFound):
    """The job has no such version."""

    code = "version_not_found"

    def __init__(self, job_id: str, version: int) -> None:
        super().__init__(
            f"Job {job_id!r} has no version {version}. / Job {job_id!r} tidak punya versi {version}."
        )
        self.job_id = job_id
        self.version = version


class AccountNotFound(NotFound):
    """The channel has no such account."""

    code = "account_not_found"

    def __init__(self, channel: str, account_id: str) -> None:
        super().__init__(
            f"There is no account {channel}:{account_id}; "
            f"`multi-job connect {channel} {account_id}` makes it. / "
            f"Akun {channel}:{account_id} tidak ada."
        )
        self.channel = channel
        self.account_id = account_id


class MessageNotFound(NotFound):
    """The outbox has no such message."""

    code = "message_not_found"

    def __init__(self, entry_id: str) -> None:
        super().__init__(f"Message {entry_id!r} does not exist. / Pesan {entry_id!r} tidak ada.")
        self.entry_id = entry_id


class SecretNotFound(NotFound):
    """No secret of jobs has this name."""

    code = "secret_not_found"

    def __init__(self, name: str) -> None:
        super().__init__(f"Secret {name!r} does not exist. / Rahasia {name!r} tidak ada.")
        self.name = name


class PlanNotFound(NotFound):
    """No plan is kept under this id."""

    code = "plan_not_found"

    def __init__(self, plan_id: str) -> None:
        super().__init__(
            f"Plan {plan_id!r} is not kept (a plan is, for an hour): plan again. / "
            f"Rencana {plan_id!r} tidak ada (disimpan satu jam): buat rencana lagi."
        )
        self.plan_id = plan_id


class FileMissing(NotFound):
    """There is no such file below the files root."""

    code = "file_missing"


class RecordMissing(NotFound):
    """No report or export has this id."""

    code = "record_missing"

    def __init__(self, kind: str, record_id: str) -> None:
        super().__init__(f"There is no {kind} {record_id[:100]!r}. / Tidak ada {kind} {record_id[:100]!r}.")


class KeyNotFound(NotFound):
    """No stored API key has this id."""

    code = "key_not_found"

    def __init__(self, key_id: str) -> None:
        super().__init__(f"API key {key_id!r} does not exist. / Kunci API {key_id!r} tidak ada.")
        self.key_id = key_id


class SessionNotFound(NotFound):
    """No session has this id, or it has ended."""

    code = "session_not_found"

    def __init__(self, session_id: str) -> None:
        super().__init__(
            f"Session {session_id[:100]!r} does not exist or has ended. / "
            "Sesi ini tidak ada atau sudah berakhir."
        )
        self.session_id = session_id


class UnknownJobType(NotFound):
    """No handler is registered for this type."""

    code = "unknown_job_type"

    def __init__(self, job_type: str, known: tuple[str, ...], nearest: str | None) -> None:
        hint = f" Did you mean {nearest!r}?" if nearest else ""
        super().__init__(f"Unknown job type {job_type!r}.{hint} Known types: {', '.join(known) or 'none'}.")
        self.job_type = job_type
        self.known = known
        self.nearest = nearest


class Gone(MultiJobError):
    """It existed; retention removed it, and the message says by which rule."""

    code = "gone"


class Conflict(MultiJobError):
    """The stored state forbids it."""

    code = "conflict"


class JobExists(Conflict):
    """A job with this id exists."""

    code = "job_exists"

    def __init__(self, job_id: str) -> None:
        super().__init__(
            f"Job {job_id!r} exists already; PUT /jobs/{job_id} changes it. / Job {job_id!r} sudah ada."
        )
        self.job_id = job_id


class VersionConflict(Conflict):
    """The job was saved by somebody else in between."""

    code = "version_conflict"

    def __init__(self, job_id: str, expected: int, stored: int) -> None:
        super().__init__(
            f"Job {job_id!r} is at version {stored}, not {expected}: read it again. / "
            f"Job {job_id!r} sudah di versi {stored}, bukan {expected}: baca ulang."
        )
        self.job_id = job_id
        self.expected = expected
        self.stored = stored


class PlanOutdated(Conflict):
    """A job that the plan touches is another one than at the preview, or its only fire has passed."""

    code = "plan_outdated"

    def __init__(self, reasons: tuple[str, ...]) -> None:
        super().__init__(
            f"Nothing was changed, plan again: {'; '.join(reasons)}. / "
            "Tidak ada yang diubah, buat rencana lagi."
        )
        self.reasons = reasons


class LastAdminKey(Conflict):
    """The key is the last one with the role admin."""

    code = "last_admin_key"


class AdminKeyNeeded(Conflict):
    """No admin key that lasts would be left."""

    code = "admin_key_needed"


class ChatsUnavailable(Conflict):
    """Who wrote to the account cannot be listed as it is set up; the message says why."""

    code = "chats_unavailable"


class SetByEnvironment(Conflict):
    """The setting stands in an environment variable, which wins over whatever is stored."""

    code = "set_by_environment"

    def __init__(self, variable: str) -> None:
        super().__init__(
            f"{variable} is set in the environment of the services and wins: a stored value would have no "
            "effect. Change it there, or remove it and start the services anew. / "
            f"{variable} diatur di environment layanan dan selalu menang: ubah atau hapus di sana, "
            "lalu mulai ulang layanan."
        )
        self.variable = variable


class RestoreRefused(Conflict):
    """Nothing is restored into this deployment as it is; the message says what would let it."""

    code = "restore_refused"


class StateConflict(Conflict):
    """The run is not in a state that allows this."""

    code = "state_conflict"


class Refused(MultiJobError):
    """A policy, a limit or an operator's rule says no."""

    code = "refused"


class AdminRequired(Refused):
    """The caller's role is too low for this: it is about an export with secrets."""

    code = "admin_required"


class PolicyDenied(Refused):
    """The tool policy does not allow it."""

    code = "policy_denied"


class UrlRefused(Refused):
    """A job may not reach this address; where an operator could open it, the message names the line."""

    code = "url_refused"


class PathRefused(Refused):
    """The path leaves the files root, reads otherwise on some system, or leads to no plain file."""

    code = "path_refused"


class LimitExceeded(Refused):
    """A quota is used up."""

    code = "limit_exceeded"


class QueueFull(LimitExceeded):
    """As many runs wait as MAX_QUEUE_DEPTH allows; nothing was made."""

    code = "queue_full"

    def __init__(self) -> None:
        super().__init__(
            "As many runs wait as MAX_QUEUE_DEPTH allows; send it again when some have started. / "
            "Antrean penuh (MAX_QUEUE_DEPTH); kirim lagi setelah sebagian run dimulai."
        )


class HttpTooLarge(LimitExceeded):
    """The answer has more bytes, unpacked, than the call or the policy allows."""

    code = "http_too_large"


class Unavailable(MultiJobError):
    """Cannot be done now; the same call may succeed later."""

    code = "unavailable"


class RedisUnavailable(Unavailable):
    """Redis is out of reach."""

    code = "redis_unavailable"


class RedisFull(Unavailable):
    """Redis is full or above 90 % of `maxmemory`, or it cannot write to its disk."""

    code = "redis_full"


class DiskFull(Unavailable):
    """The disk of the files root is full; nothing of the file was kept."""

    code = "disk_full"


class FilesUnavailable(Unavailable):
    """The files root cannot be read or written; the message has the system's reason."""

    code = "files_unavailable"


class NotDurable(Unavailable):
    """Redis took the write but did not confirm it as DURABILITY demands."""

    code = "not_durable"


class PlannerBusy(Unavailable):
    """As many long texts wait to be planned as may."""

    code = "planner_busy"


class CheckUnavailable(Unavailable):
    """Nobody could look at the account, which says nothing about the account."""

    code = "check_unavailable"


class LeaseLost(MultiJobError):
    """This attempt no longer owns its run; nothing that it does counts."""

    code = "lease_lost"


class RunFailure(MultiJobError):
    """Ends an attempt as failed."""

    code = "failed"
    retryable = True

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(message)
        if code is not None:
            self.code = code


class RetryableError(RunFailure):
    """A handler raises it where another try may help."""

    code = "retryable"


HttpPhase = Literal["dns", "connect", "tls", "request", "response", "body", "redirect"]


class HttpUnreachable(RetryableError):
    """No answer came, or a broken one; `phase` says how far the call got."""

    code = "http_unreachable"
    carried = ("phase",)

    def __init__(self, message: str, *, phase: HttpPhase = "connect") -> None:
        super().__init__(message)
        self.phase: HttpPhase = phase


class NonRetryableError(RunFailure):
    """A handler raises it where no other try can help."""

    code = "non_retryable"
    retryable = False


class OutboxMismatch(NonRetryableError):
    """A message with this id exists and says something else, or goes elsewhere."""

    code = "outbox_mismatch"


class ConfigurationError(MultiJobError):
    """The deployment is set up in a way that can't work; the message says what to change."""

    code = "configuration"


class SecretUnreadable(ConfigurationError):
    """A secret was sealed under another SECRET_KEY, or what is stored was changed."""

    code = "secret_unreadable"
