"""Confirms that the writes of each batch are durable.

WAIT alone is not enough. A sentinel that carries out a planned failover promotes a replica without asking
the master. For up to ten seconds the old master remains a master, with the same replication
id, and with the replicas that the sentinel has not reconfigured yet. `WAIT 1` is then satisfied by a replica
that is about to be overwritten. So is a wait for all connected replicas. The only sign on the old master is
that it has fewer replicas than before.

Therefore a write counts as replicated if every replica that this master is known to have had confirms it, at
least one, and if the node is still master of the same history afterwards. A smaller set of replicas is
accepted only after `RedisTarget.may_go_on_without` has made sure that no missing replica was promoted. The
known replicas are stored with each batch, so that a process that starts in this window knows them as well.

With DURABILITY_REPLICAS=N, exactly N confirmations are required, and the number of replicas does not matter.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from redis.exceptions import RedisError, ResponseError

from app.core.clock import SystemClock
from app.core.config import Durability
from app.core.errors import NotDurable
from app.core.i18n import _
from app.core.observability import get_logger
from app.core.storage.connection import NotMasterError
from app.core.storage.discovery import INFO, read_replication
from app.core.storage.scripts import compose

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from app.core.config import Settings
    from app.core.storage.connection import Command
    from app.core.storage.discovery import Master, RedisTarget, Replication
    from app.core.storage.keys import Keys

    Exchange = Callable[[list[Command]], Awaitable[list[Any]]]

# WAIT is repeated in steps, so that a failover is noticed long before the time-out.
_STEP_MS = 250
# The wait ends before the caller's patience, so that the error is NotDurable with its reason, not "out of
# reach", even if the call spent time in the queue.
_SHARE_OF_PATIENCE = 0.4

log = get_logger(__name__)


class ReplicaHistory:
    """The replicas that one master has had, and when (ms) each was last seen to follow it."""

    def __init__(self) -> None:
        self._replid = ""
        self._seen: dict[str, int] = {}
        self._given_up: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._seen)

    def learn(self, replication: Replication, stored: str, now_ms: int) -> None:
        """Add the replicas of now and those that another process has stored; forget another master's."""
        if replication.replid != self._replid:
            self._replid, self._seen, self._given_up = replication.replid, {}, {}
        replid, *pairs = stored.split() or [""]
        for address, _rest, seen in (pair.rpartition("=") for pair in pairs if replid == self._replid):
            if int(seen) > self._given_up.get(address, 0):
                self._seen[address] = max(int(seen), self._seen.get(address, 0))
        self._seen |= dict.fromkeys(replication.online, now_ms)

    def missing(self, replication: Replication) -> set[str]:
        """Return the replicas that do not follow the master now."""
        return set(self._seen) - replication.online

    def last_seen_ms(self, addresses: Iterable[str]) -> int:
        return max((self._seen[address] for address in addresses), default=0)

    def give_up(self, addresses: Iterable[str]) -> None:
        """Forget these replicas until one of them is seen again; records of other processes are older."""
        self._given_up |= {address: self._seen.pop(address) for address in addresses}

    def text(self) -> str:
        """Return the text that `learn` reads."""
        return " ".join(
            [self._replid, *(f"{address}={seen}" for address, seen in sorted(self._seen.items()))]
        )


class Confirmation:
    """The confirmation commands after each batch of a link, and the verdict on their answers."""

    def __init__(self, target: RedisTarget, keys: Keys, settings: Settings, patience_sec: float) -> None:
        self._target = target
        self._keys = keys
        self._script = compose("deployment/confirm_write", keys)
        self._durability = settings.durability
        self._wanted = settings.durability_replicas
        self._timeout_sec = min(settings.durability_timeout_ms / 1000, patience_sec * _SHARE_OF_PATIENCE)
        self._clock = SystemClock()
        self._known = ReplicaHistory()
        self._until = 0.0

    def commands(self) -> list[Command]:
        """Return the commands that follow a batch."""
        self._until = self._clock.monotonic() + self._timeout_sec
        # EVAL, not EVALSHA: after SCRIPT FLUSH there would be no write to wait for.
        touch: Command = ("EVAL", self._script, 1, self._keys.meta, self._known.text())
        return [touch, self._wait(), INFO]

    async def refusal(self, master: Master, answers: list[Any], exchange: Exchange) -> NotDurable | None:
        """Return None once the batch is confirmed, else why not; NotMasterError after a failover."""
        touched, reached, info = answers
        while True:
            replication = self._check(master, touched, info)
            lack = await self._lack(master, replication, touched, reached)
            if lack is None:
                return None
            if self._clock.monotonic() >= self._until:
                return NotDurable(f"DURABILITY={self._durability}: {lack}")
            reached, info = await exchange([self._wait(), INFO])

    def _wait(self) -> Command:
        left_ms = max(1, round((self._until - self._clock.monotonic()) * 1000))
        if self._durability is Durability.FSYNCED:
            return ("WAITAOF", 1, 0, left_ms)
        # The number includes missing replicas: they may come back within the step.
        return ("WAIT", self._wanted or max(1, len(self._known)), min(left_ms, _STEP_MS))

    def _check(self, master: Master, touched: Any, info: Any) -> Replication:
        """Return the node's state after the wait; confirmations of a former master do not count."""
        if isinstance(info, ResponseError):
            raise info
        replication = read_replication(cast("str", info))
        if not replication.is_master or replication.replid != master.replication.replid:
            raise NotMasterError(f"{master.address} is no longer master of the same history")
        stored = touched if isinstance(touched, str) else ""
        self._known.learn(replication, stored, self._clock.now_ms())
        return replication

    async def _lack(self, master: Master, now: Replication, touched: Any, reached: Any) -> str | None:
        """Return the missing confirmation as text; None if the batch is confirmed."""
        if isinstance(touched, ResponseError):
            return _("the write to wait for failed: {why}", why=touched)
        if self._durability is Durability.FSYNCED:
            synced = isinstance(reached, list) and cast("list[int]", reached)[0] >= 1
            return None if synced else _FSYNC_LACK.fill(answer=cast("object", reached))
        confirmed = reached if isinstance(reached, int) else 0
        wanted = self._wanted or max(1, len(now.online))
        missing: set[str] = set() if self._wanted else self._known.missing(now)
        if confirmed >= wanted and not missing:
            return None
        gone_sec = (self._clock.now_ms() - self._known.last_seen_ms(missing)) / 1000
        if await self._may_go_on(master, len(now.online), gone_sec) and missing:
            log.warning("replicas are no longer waited for", master=master.address, replicas=sorted(missing))
            self._known.give_up(missing)
            missing.clear()
        if confirmed >= wanted and not missing:
            return None
        return _REPLICA_LACK.fill(confirmed=confirmed, wanted=max(wanted, len(now.online) + len(missing)))

    async def _may_go_on(self, master: Master, online: int, gone_sec: float) -> bool:
        try:
            return await self._target.may_go_on_without(master, online, gone_sec)
        except NotMasterError:
            raise
        except (RedisError, OSError) as error:
            log.warning("no sentinel or node could be asked about missing replicas", reason=str(error))
            return False


_FSYNC_LACK = _("the disk has not confirmed the write (answer: {answer})")
_REPLICA_LACK = _("{confirmed} of {wanted} replicas have confirmed the write; see `multi-job doctor`")
