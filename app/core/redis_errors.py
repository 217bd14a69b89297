"""Classifies Redis errors: role errors, and errors for callers.

redis-py removes the error code from the message and maps it to an exception class. The class is therefore the
only reliable sign; codes that redis-py does not map keep their word at the start of the message.
"""

from __future__ import annotations

from redis.exceptions import (
    AskError,
    ClusterDownError,
    OutOfMemoryError,
    ReadOnlyError,
    ResponseError,
    TryAgainError,
)
from redis.exceptions import ConnectionError as RedisConnectionError

from app.core.errors import NotDurable, RedisFull

# MOVED is an AskError, MASTERDOWN a ClusterDownError; LOADING is a ConnectionError already.
_ROLE_CLASSES = (ReadOnlyError, AskError, TryAgainError, ClusterDownError)
# UNBLOCKED ends a blocking command when its master becomes a replica. REDIRECT is Valkey's answer then.
# The last two are raised inside scripts when a cluster changes after the script's first check.
_ROLE_TEXTS = (
    "UNBLOCKED ",
    "REDIRECT ",
    "Script attempted to access a non local key",
    "Script attempted to execute a",
)


class NotMasterError(RedisConnectionError):
    """The node does not accept this deployment's writes: look the master up and send again."""


def is_role_error(error: object) -> bool:
    """Return whether an answer means that another node is or will be the master."""
    if isinstance(error, _ROLE_CLASSES):
        return True
    return isinstance(error, ResponseError) and str(error).startswith(_ROLE_TEXTS)


def not_master_error(error: Exception) -> NotMasterError:
    """Return a role error as a connection error."""
    return NotMasterError(f"{type(error).__name__}: {error}")


def translated(error: Exception) -> Exception:
    """Return an error of the server as callers know it."""
    # The client removes the word OOM if the server's error begins with it.
    if isinstance(error, OutOfMemoryError) or (isinstance(error, ResponseError) and "OOM" in str(error)[:60]):
        return RedisFull(
            "Redis is out of memory / memori Redis penuh: raise maxmemory or lower the retention."
        )
    if isinstance(error, ResponseError) and str(error).startswith("MISCONF"):
        return RedisFull(f"Redis cannot write to its disk / Redis tidak dapat menulis ke disk: {error}")
    if isinstance(error, ResponseError) and str(error).startswith("NOREPLICAS"):
        return NotDurable(f"Redis has too few replicas / jumlah replika Redis kurang: {error}")
    return error
