"""Every error that the core raises. They carry a code and typed fields and know nothing of HTTP.

MultiJobError
├── InvalidInput                 a caller's value is refused; `problems` names each field
│   ├── InvalidSpec              a job spec does not hold together
│   └── IdempotencyMismatch      the same idempotency key came with another body
├── NotFound                     no such job, run, version or type
│   ├── JobNotFound
│   ├── RunNotFound
│   ├── VersionNotFound
│   └── UnknownJobType           names the nearest known type
├── Gone                         it existed; retention has removed it
├── Conflict                     the stored state forbids it
│   ├── JobExists
│   ├── VersionConflict          somebody saved in between
│   └── StateConflict            the run is not in a state that allows this
├── Refused                      a policy, a limit or an operator's rule says no
│   ├── PolicyDenied
│   └── LimitExceeded
├── Unavailable                  try again later
│   ├── RedisUnavailable         Redis is out of reach
│   ├── RedisFull                Redis refuses writes: out of memory
│   └── NotDurable               written, but not confirmed as durably as DURABILITY asks
├── LeaseLost                    this attempt no longer owns its run
├── RunFailure                   what a handler raises to end an attempt
│   ├── RetryableError           try again, as the retry policy says
│   └── NonRetryableError        do not try again
└── ConfigurationError           the deployment is set up in a way that can't work
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """One refused field: a JSON pointer, a sentence, a stable code."""

    pointer: str
    message: str
    code: str


class MultiJobError(Exception):
    """Root of all errors here; `code` is stable, the message is for people."""

    code = "error"

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


class StateConflict(Conflict):
    """The run is not in a state that allows this."""

    code = "state_conflict"


class Refused(MultiJobError):
    """A policy, a limit or an operator's rule says no."""

    code = "refused"


class PolicyDenied(Refused):
    """The tool policy does not allow it."""

    code = "policy_denied"


class LimitExceeded(Refused):
    """A quota is used up."""

    code = "limit_exceeded"


class Unavailable(MultiJobError):
    """Cannot be done now; the same call may succeed later."""

    code = "unavailable"


class RedisUnavailable(Unavailable):
    """Redis is out of reach."""

    code = "redis_unavailable"


class RedisFull(Unavailable):
    """Redis refuses writes because its memory is full."""

    code = "redis_full"


class NotDurable(Unavailable):
    """Redis took the write but did not confirm it as DURABILITY demands."""

    code = "not_durable"


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


class NonRetryableError(RunFailure):
    """A handler raises it where no other try can help."""

    code = "non_retryable"
    retryable = False


class ConfigurationError(MultiJobError):
    """The deployment is set up in a way that can't work; the message says what to change."""

    code = "configuration"
