"""The errors of the client.

ClientError
├── UnreachableError       no answer after all tries
├── KeyNotSentError        the key is not for this address, or would travel unencrypted
├── WaitTimeoutError       a run has not ended in time (a TimeoutError too)
├── RunNotEndedError       the output of a run that goes on
├── RunFailedError         the output of a run that ended without success
└── ApiError               the API refused the request
    ├── InvalidRequestError    400, 413, 415, 422: correct the request; `fields` names the places
    ├── UnauthorizedError      401: the key is missing or unknown
    ├── ForbiddenError         403: the key's role is too low, or a policy says no
    ├── NotFoundError          404, 410
    ├── ConflictError          409, 412: another state or version than the request needs
    ├── RateLimitedError       429: too much at once
    └── ServerError            5xx
"""

from __future__ import annotations

from typing import Any, cast

import httpx

from multi_job.client.generated.problems import REMEDIES
from multi_job.client.generated.types import FieldProblemBody, RunDetail


class ClientError(Exception):
    """Base of all errors that the client raises."""


class UnreachableError(ClientError):
    """The API did not answer, after all tries. `__cause__` is the last reason."""


class KeyNotSentError(ClientError):
    """The address and its key do not go together: nothing was sent. The text says what allows it."""


class WaitTimeoutError(ClientError, TimeoutError):
    """A run had not ended when the time was over. The run goes on."""


class RunNotEndedError(ClientError):
    """A run that goes on has no output yet: call `wait` first."""


class RunFailedError(ClientError):
    """A run that ended without success has no output. `run` is its record."""

    def __init__(self, run: RunDetail) -> None:
        error = run["error"]
        reason = "" if error is None else f": {error['code']}: {error['message']}"
        super().__init__(f"Run {run['run_id']!r} of {run['job_id']!r} ended as {run['status']}{reason}")
        self.run = run


class ApiError(ClientError):
    """A refusal of the API: `str()` has its title, its detail, the refused fields and the remedy."""

    def __init__(self, response: httpx.Response) -> None:
        problem = _problem(response)
        self.status: int = response.status_code
        self.code: str = problem.get("code", "")
        """One of docs/errors.md; empty if the answer is not from the API, such as that of a proxy."""
        self.title: str = problem.get("title", response.reason_phrase)
        self.detail: str = problem.get("detail", "")
        self.fields: list[FieldProblemBody] = problem.get("errors") or []
        """The refused fields: JSON pointer, message, code."""
        self.remedy: str = REMEDIES.get(self.code, "")
        """What a caller can do about it; empty if this client does not know the code."""
        self.trace_id: str = problem.get("trace_id", "")
        self.retry_after_sec = retry_after(response)
        lines = [f"{self.status} {self.title}: {self.detail}"]
        lines += [f"{each['pointer'] or '/'}: {each['message']}" for each in self.fields]
        lines += [self.remedy] if self.remedy else []
        super().__init__("\n  ".join(lines))

    @classmethod
    def of(cls, response: httpx.Response) -> ApiError:
        """Return the error of a response by its status."""
        if response.is_server_error:
            return ServerError(response)
        return _BY_STATUS.get(response.status_code, ApiError)(response)


class InvalidRequestError(ApiError):
    """The request is malformed, too large, or has fields that do not fit."""


class UnauthorizedError(ApiError):
    """The key is missing or unknown."""


class ForbiddenError(ApiError):
    """The key's role is too low, or a policy refuses."""


class NotFoundError(ApiError):
    """The thing does not exist, or exists no longer."""


class ConflictError(ApiError):
    """The thing is in another state or version than the request needs."""


class RateLimitedError(ApiError):
    """Too many requests, or a limit is reached; `retry_after_sec` says when to send it again."""


class ServerError(ApiError):
    """The API or a proxy failed."""


_BY_STATUS: dict[int, type[ApiError]] = {
    400: InvalidRequestError,
    401: UnauthorizedError,
    403: ForbiddenError,
    404: NotFoundError,
    409: ConflictError,
    410: NotFoundError,
    412: ConflictError,
    413: InvalidRequestError,
    415: InvalidRequestError,
    422: InvalidRequestError,
    429: RateLimitedError,
}


def retry_after(response: httpx.Response) -> float | None:
    """Return the seconds of `Retry-After`; None if there are none."""
    text = response.headers.get("retry-after", "")
    return float(text) if text.isdecimal() else None


def _problem(response: httpx.Response) -> dict[str, Any]:
    try:
        problem: Any = response.json()
    except ValueError:
        problem = None
    if isinstance(problem, dict):
        return cast("dict[str, Any]", problem)
    return {"detail": response.text[:200]}
