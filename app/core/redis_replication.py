"""Reads `INFO replication`: role, history and replicas of a node.

INFO is used because ROLE is in the ACL category @dangerous, which least privilege leaves out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.core.redis_connection import exchange, hang_up, open_connection
from app.core.redis_errors import NotMasterError, is_role_error, not_master_error

if TYPE_CHECKING:
    from redis.asyncio.connection import AbstractConnection

INFO = ("INFO", "replication")
_REPLICA = re.compile(r"slave\d+:(.*)")


@dataclass(frozen=True, slots=True)
class Replication:
    """The state of a node. `online` has the address of each replica that receives every write."""

    is_master: bool
    replid: str
    """Changes if the node becomes master of a new history: a promotion, a restart."""
    online: frozenset[str]
    good_replicas: int | None
    """Replicas within `min-replicas-max-lag`; None if `min-replicas-to-write` is not set."""


@dataclass(frozen=True, slots=True)
class Master:
    """An open connection to a node that was a master when it was opened."""

    connection: AbstractConnection
    address: str
    replication: Replication


def read_replication(info: str) -> Replication:
    """Parse the text of `INFO replication`."""
    fields = dict(line.strip().split(":", 1) for line in info.splitlines() if ":" in line)
    replicas = [dict(_pairs(match[1])) for line in info.splitlines() if (match := _REPLICA.match(line))]
    good = fields.get("min_slaves_good_slaves")
    return Replication(
        is_master=fields.get("role", "master") == "master",
        replid=fields.get("master_replid", ""),
        online=frozenset(
            f"{each.get('ip')}:{each.get('port')}" for each in replicas if each.get("state") == "online"
        ),
        good_replicas=int(good) if good and good.isdigit() else None,
    )


def _pairs(text: str) -> list[tuple[str, str]]:
    found = (pair.partition("=") for pair in text.strip().split(","))
    return [(name, value) for name, _, value in found]


async def open_master(kwargs: dict[str, Any], answer_timeout_sec: float) -> Master:
    """Connect to a node and check its role; raises NotMasterError if it is a replica."""
    address = str(kwargs.get("path") or f"{kwargs.get('host')}:{kwargs.get('port', 6379)}")
    connection = await open_connection(kwargs, answer_timeout_sec)
    try:
        (answer,) = await exchange(connection, [INFO])
        return Master(connection, address, _as_master(answer, address))
    except BaseException:
        await hang_up(connection)
        raise


def _as_master(answer: Any, address: str) -> Replication:
    if isinstance(answer, Exception):
        raise not_master_error(answer) if is_role_error(answer) else answer
    replication = read_replication(answer)
    if not replication.is_master:
        raise NotMasterError(f"{address} is a replica / {address} adalah replika")
    return replication
