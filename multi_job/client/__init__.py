"""The client of the API: `Client`, `AsyncClient`, handles and errors."""

from multi_job.client.client import AsyncClient, Client
from multi_job.client.errors import (
    ApiError,
    ClientError,
    ConflictError,
    ForbiddenError,
    InvalidRequestError,
    KeyNotSentError,
    NotFoundError,
    RateLimitedError,
    RunFailedError,
    RunNotEndedError,
    ServerError,
    UnauthorizedError,
    UnreachableError,
    WaitTimeoutError,
)
from multi_job.client.flows import Retries
from multi_job.client.handles import Plan, Run

__all__ = [
    "ApiError",
    "AsyncClient",
    "Client",
    "ClientError",
    "ConflictError",
    "ForbiddenError",
    "InvalidRequestError",
    "KeyNotSentError",
    "NotFoundError",
    "Plan",
    "RateLimitedError",
    "Retries",
    "Run",
    "RunFailedError",
    "RunNotEndedError",
    "ServerError",
    "UnauthorizedError",
    "UnreachableError",
    "WaitTimeoutError",
]
