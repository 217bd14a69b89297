"""Incidents about the platform: in the first shard, one for each cause, with the shards that it hits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.core.i18n import _
from app.core.incidents.models import IncidentKind
from app.core.incidents.store import IncidentStore

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.core.clock import Clock
    from app.core.storage.shards import Shard

OF_SERVERS: Final = frozenset(
    {IncidentKind.REDIS_MEMORY, IncidentKind.HISTORY_PURGED, IncidentKind.CLOCK_SKEW}
)
"""Their text has the figures of one server, that of the shard that opened it last."""
OF_ALL: Final = frozenset({"scheduler_silent", "no_worker", "shard_away"})
"""Causes that are about no single shard, or whose text names the shards."""
HOME_MEMBER, MEMBER = "cause", "shard:"


def members_here(members: Iterable[str], shards: int) -> list[str]:
    """Return the members of an incident in a deployment of so many shards, which it may not come from.

    The first shard stands for those that are not there: it ends the incident, or finds its cause again.
    """
    there = {f"{MEMBER}{number}" for number in range(1, shards)}
    here = [HOME_MEMBER if each.startswith(MEMBER) and each not in there else each for each in members]
    return list(dict.fromkeys(here))


class PlatformIncidents(IncidentStore):
    """The incidents that one shard's work opens and closes there.

    Each shard is a member of its own, so an incident ends when the last shard is well again. A deployment
    with one shard has one member.
    """

    def __init__(self, home: Shard, clock: Clock, shard: int = 0, shards: int = 1) -> None:
        super().__init__(home.link, home.scripts, home.keys, clock)
        self._home = home
        self._shard = shard
        self._is_one = shards == 1
        if shard:
            self._member = f"{MEMBER}{shard}"

    async def close(self, key: str, member: str = "", *, by: str = "", words: str = "") -> bool:
        """Take this shard out of the incident of a cause; True if this closed it."""
        own = "" if self._is_one else self._member
        return await super().close(key, member or own, by=by, words=words)

    async def _shown_cause(self, key: str, kind: IncidentKind, cause: str) -> str:
        if self._is_one or key in OF_ALL:
            return cause
        hit = {self._shard}
        if kind not in OF_SERVERS:
            incident = await self._home.link.call("HGET", self._home.keys.incidents_open, key)
            members = await self._home.link.call("SMEMBERS", self._home.keys.incident_members(incident or ""))
            hit |= {int(each.removeprefix(MEMBER)) for each in members if each.startswith(MEMBER)}
            hit |= {0 for each in members if each == HOME_MEMBER}
        return _("Shard {shards}: {cause}", shards=", ".join(map(str, sorted(hit))), cause=cause)
