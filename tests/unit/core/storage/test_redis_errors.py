"""Errors of Redis as redis-py raises them: role errors and others."""

from __future__ import annotations

from typing import Any, cast

import pytest
from redis._parsers.base import BaseParser
from redis.exceptions import ConnectionError as RedisConnectionError

from app.core.storage.connection import is_role_error

ROLE_ERRORS = (
    "READONLY You can't write against a read only replica.",
    "READONLY You can't write against a read only replica. script: 5a0c, on @user_script:3.",
    "MOVED 3999 127.0.0.1:6381",
    "MOVED 3999 :6381",
    "ASK 3999 127.0.0.1:6381",
    "TRYAGAIN Multiple keys request during rehashing of slot",
    "CLUSTERDOWN The cluster is down",
    "CLUSTERDOWN Hash slot not served",
    "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.",
    "UNBLOCKED force unblock from blocking operation, instance state changed (master -> replica?)",
    "REDIRECT 127.0.0.1:6381",
    "ERR Script attempted to access a non local key in a cluster node script: 5a0c, on @user_script:3.",
    "ERR Script attempted to execute a command while the cluster is down script: 5a0c, on @user_script:3.",
)
OTHER_ERRORS = (
    "ERR unknown command 'NOSUCHCOMMAND'",
    "NOSCRIPT No matching script.",
    "OOM command not allowed when used memory > 'maxmemory'.",
    "NOGROUP No such key",
    "NOREPLICAS Not enough good replicas to write.",
    "WRONGTYPE Operation against a key holding the wrong kind of value",
    "ERR a value that says READONLY",
)


def raised(message: str) -> Exception:
    """Return the exception that redis-py raises for an error of the server."""
    return cast("Any", BaseParser).parse_error(message)


@pytest.mark.parametrize("message", ROLE_ERRORS)
def test_role_error_is_recognised_as_the_client_raises_it(message: str) -> None:
    """redis-py removes the code from the message, so a look at the text would miss most of them."""
    assert is_role_error(raised(message))


@pytest.mark.parametrize("message", OTHER_ERRORS)
def test_other_errors_are_no_role_errors(message: str) -> None:
    """They belong to the caller of the command."""
    assert not is_role_error(raised(message))


def test_a_loading_server_is_a_lost_connection() -> None:
    """redis-py raises LOADING as a connection error, which every link sends again."""
    assert isinstance(raised("LOADING Redis is loading"), RedisConnectionError)
