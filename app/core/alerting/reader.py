"""Reads what decides about alarms: due incidents, their jobs, rules, windows, accounts."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from app.core.alerting.directory import AccountSnapshot, AlarmDirectory
from app.core.alerting.hours import closed_until
from app.core.alerting.maintenance import windows_of
from app.core.alerting.routes import notice_of
from app.core.alerting.rules import FIELD as RULES_FIELD
from app.core.alerting.rules import rules_of
from app.core.errors import Unavailable
from app.core.i18n.stored import decoded
from app.core.messaging.contact_models import Contact
from app.core.messaging.recipients import DEFAULT_FIELD, StoredDefault, stored_default_of
from app.core.recipient import parse_default_notify
from app.core.specs.calendars import parsed
from app.core.storage.connection import pairs, scores, time_ms

if TYPE_CHECKING:
    from app.core.alerting.hours import ClosedUntil
    from app.core.alerting.maintenance import MaintenanceWindow
    from app.core.alerting.routes import JobNotice
    from app.core.alerting.rules import NotificationRule
    from app.core.config import Settings
    from app.core.incidents.models import IncidentRecord
    from app.core.incidents.store import IncidentStore
    from app.core.messaging.accounts import AccountStore
    from app.core.redis_client import Command, RedisLink
    from app.core.storage.keys import Keys
    from app.core.storage.shards import ShardSet

MOST_AT_ONCE: Final = 250
MOST_JOBS: Final = 50
"""Of an incident: more jobs change nothing about its recipients, as a rule."""
_RECENT_MS: Final = 86_400_000
_OTHER_SHARD_SEC: Final = 1.0


@dataclass(frozen=True, slots=True)
class AlarmScene:
    """Everything that decides about the alarms of one moment."""

    now_ms: int
    due: Mapping[str, int]
    """The due instants of the incidents, as they were read."""
    incidents: Mapping[str, IncidentRecord]
    open_keys: Mapping[str, str]
    home_keys: Mapping[str, str]
    """The same of the first shard, which has the incidents about the platform."""
    jobs: Mapping[str, JobNotice]
    rules: Sequence[NotificationRule]
    windows: Sequence[MaintenanceWindow]
    directory: AlarmDirectory
    closed_until: ClosedUntil
    """Quiet hours; each is computed once for all incidents."""

    def notices(self, incident: IncidentRecord) -> list[JobNotice]:
        """Return what the jobs of an incident say about alarms."""
        return [self.jobs[job] for job in incident.jobs[:MOST_JOBS]]


class AlarmReader:
    """Reads scenes in a few round trips."""

    def __init__(  # noqa: PLR0917 - of three places
        self,
        link: RedisLink,
        keys: Keys,
        settings: Settings,
        incidents: IncidentStore,
        accounts: AccountStore,
        shards: ShardSet,
    ) -> None:
        self._link = link
        self._keys = keys
        self._home = shards.home
        self._shards = shards
        self._settings = settings
        self._zone = ZoneInfo(settings.timezone)
        self._incidents = incidents
        self._accounts = accounts
        self._of_environment = parse_default_notify(settings.default_notify)

    async def now_ms(self) -> int:
        """Return Redis' time."""
        return time_ms(await self._link.call("TIME"))

    async def due(self) -> tuple[int, dict[str, int]]:
        """Return Redis' time and the due incidents with their due instants, ms."""
        time = await self.now_ms()
        found = await self._link.call(
            "ZRANGE",
            self._keys.incidents_due,
            "-inf",
            time,
            "BYSCORE",
            "LIMIT",
            0,
            MOST_AT_ONCE,
            "WITHSCORES",
        )
        return time, {name: round(at) for name, at in scores(found).items()}

    async def scene(self, now_ms: int, due: Mapping[str, int]) -> AlarmScene:
        """Return what decides about these incidents."""
        incidents = await self._incidents.get_many(list(due))
        jobs = sorted({job for each in incidents.values() for job in each.jobs[:MOST_JOBS]})
        keys, home = self._keys, self._home.keys
        common: list[Command] = [
            ("HMGET", home.settings, RULES_FIELD, DEFAULT_FIELD),
            ("HGETALL", home.maintenance),
            ("HVALS", home.contacts),
            ("HGETALL", home.calendars),
            ("HGETALL", home.incidents_open),
        ]
        # On one link they share a round trip.
        ((rules, default), windows, contacts, calendars, home_keys), open_keys, specs = await asyncio.gather(
            self._home.link.calls(common),
            self._link.hash(keys.incidents_open),
            asyncio.gather(*map(self._spec, jobs)),
        )
        known = {name: parsed(text) for name, text in pairs(calendars).items()}
        return AlarmScene(
            now_ms,
            due,
            incidents,
            open_keys,
            pairs(home_keys),
            {job: notice_of(spec) for job, spec in zip(jobs, specs, strict=True)},
            rules_of(rules).rules.rules,
            windows_of(pairs(windows), now_ms),
            AlarmDirectory(
                AccountSnapshot(await self._accounts.infos()),
                map(Contact.of, contacts),
                self._default(default),
                self._settings.language,
            ),
            closed_until(known, self._zone, now_ms),
        )

    async def _spec(self, job_id: str) -> str | None:
        """Return a job's spec; None if it is gone, or if another shard, that has it, does not answer."""
        shard = self._shards.of_job(job_id)
        if len(self._shards) == 1 or shard.index == self._keys.shard:
            return await self._link.call("HGET", self._keys.job(job_id), "spec")
        try:
            async with asyncio.timeout(_OTHER_SHARD_SEC):
                return await shard.link.call("HGET", shard.keys.job(job_id), "spec")
        except (Unavailable, TimeoutError):
            return None

    def _default(self, stored: str | None) -> StoredDefault | None:
        own = self._of_environment
        return stored_default_of(stored) if own is None else StoredDefault(own, 0, "")

    async def recent(self, places: Sequence[str], since_ms: int, now_ms: int) -> dict[str, tuple[int, int]]:
        """Return by recipient how many messages it got since an instant, and the instant of the last or 0.

        Those in the future, from before the clock went back, hold up nothing.
        """
        reads: list[Command] = []
        for place in places:
            key = self._home.keys.alarm_recent(place)
            reads += [
                ("ZCOUNT", key, since_ms, now_ms),
                ("ZRANGE", key, now_ms, "-inf", "BYSCORE", "REV", "LIMIT", 0, 1, "WITHSCORES"),
            ]
        answers = await self._home.link.calls(reads) if reads else []
        found: dict[str, tuple[int, int]] = {}
        for at, place in enumerate(places):
            count, last = answers[2 * at : 2 * at + 2]
            found[place] = count, round(next(iter(scores(last).values()), 0))
        return found

    async def note_sent(self, place: str, message_id: str, now_ms: int) -> None:
        """Note a message of a further shard in the first one, among those that its recipient got."""
        if self._keys.shard:
            key = self._home.keys.alarm_recent(place)
            await self._home.link.calls(
                [
                    ("ZADD", key, now_ms, message_id),
                    ("ZREMRANGEBYSCORE", key, "-inf", now_ms - _RECENT_MS),
                    ("PEXPIRE", key, _RECENT_MS),
                ]
            )

    async def message_states(self, message_ids: Iterable[str]) -> dict[str, tuple[str, str]]:
        """Return the states of messages and their errors by id; those that are gone are left out."""
        ids = sorted(set(message_ids))
        names = ("state", "error", "error_origin")
        reads: list[Command] = [("HMGET", self._keys.outbox(each), *names) for each in ids]
        answers = await self._link.calls(reads) if reads else []
        found = zip(ids, answers, strict=True)
        return {
            each: (state, decoded(error or "", origin))
            for each, (state, error, origin) in found
            if state is not None
        }
