"""Sends messages about incidents, and goes on to the next recipient if one fails.

What is sent is decided from what is stored, and stored with the message, so a process that dies loses and
doubles nothing. A process loads this module once an incident is due (`loop.py`).
"""

from __future__ import annotations

import asyncio
import hashlib
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, NamedTuple
from zoneinfo import ZoneInfo

import orjson

from app.core.alerting.decision import HELD_LOOK_MS, AlarmDecision, AlarmTarget, PlannedSend, decide
from app.core.alerting.loop import ROUND_SEC
from app.core.alerting.maintenance import covered_until
from app.core.alerting.reader import AlarmReader
from app.core.alerting.routes import NO_RECIPIENT, OF_ALARMS, UNDELIVERED, routes_of
from app.core.alerting.texts import alarm_buttons, alarm_text, digest_text
from app.core.connectors.messages import digest_of
from app.core.errors import MultiJobError
from app.core.i18n import _, concat
from app.core.i18n.stored import packed
from app.core.incidents.models import IncidentKind
from app.core.incidents.store import IncidentStore
from app.core.incidents.titles import record_title
from app.core.messaging.accounts import AccountStore
from app.core.messaging.outbox import Outbox
from app.core.observability import get_logger
from app.core.recipient import SANDBOX_INBOX
from app.core.secrets.sealing import open_box
from app.core.storage.scripts import flat, script_row
from app.core.storage.shards import ShardSet, shard_of_link

if TYPE_CHECKING:
    from app.core.alerting.reader import AlarmScene
    from app.core.clock import Clock
    from app.core.config import Settings
    from app.core.connectors.messages import Button
    from app.core.incidents.models import IncidentDelivery, IncidentRecord
    from app.core.redis_client import RedisLink
    from app.core.storage.scripts import Scripts

STORM_MESSAGES, STORM_MS, STORM_GAP_MS = 5, 60_000, 10_000
"""After so many messages to a recipient within this time, the rest come as digests with this gap."""
HELD_A_LOOK: Final = 25
"""Held incidents that are looked at in one round at the usual distance."""
DIGEST_MOST: Final = 25
"""Incidents in one digest: their lines fit into a message of any channel, as a rule."""
_AFTER_ERROR_MS: Final = 60_000

log = get_logger(__name__)


@script_row("incidents/schedule")
class ScheduleRow(NamedTuple):
    """When an incident is looked at again."""

    incident: str
    seen: int
    closed: str
    due: str
    held: str


@script_row("incidents/settle")
class DeliveryRow(NamedTuple):
    """What has become of a message about an incident."""

    incident: str
    field: str
    state: str
    failure: str
    words: str


@script_row("incidents/notify")
class NotifyRow(NamedTuple):
    """An incident of a message."""

    incident: str
    closed: str


@dataclass(frozen=True, slots=True)
class _Due:
    """A message that an incident needs now."""

    incident: IncidentRecord
    send: PlannedSend


class AlarmSender:
    """Sends the alarms of one shard's incidents; rules and accounts are in the first one."""

    def __init__(
        self,
        link: RedisLink,
        scripts: Scripts,
        clock: Clock,
        settings: Settings,
        shards: ShardSet | None = None,
    ) -> None:
        keys = scripts.keys
        shards = shards or ShardSet([shard_of_link(link, keys)])
        home = shards.home
        self._scripts = scripts
        self._incidents = IncidentStore(link, scripts, keys, clock)
        self._platform = IncidentStore(home.link, home.scripts, home.keys, clock)
        self._outbox = Outbox(link, scripts, keys, clock)
        accounts = AccountStore(home.link, home.scripts, home.keys, clock, open_box(settings))
        self._reader = AlarmReader(link, keys, settings, self._incidents, accounts, shards)
        self._zone = ZoneInfo(settings.timezone)

    async def work(self) -> int:
        """Treat the incidents that are due; return how many there were."""
        now_ms, due = await self._reader.due()
        if not due:
            return 0
        scene = await self._reader.scene(now_ms, due)
        scene = await self._settled(scene)
        decisions: dict[str, AlarmDecision] = {}
        for each in due:
            decisions[each] = await self._decided(scene, each)
            # Other loops of the process go on between two incidents.
            await asyncio.sleep(0)
        # Before the messages: a process that dies in between does both again.
        await self._follow_up(scene, decisions)
        await self._send(scene, decisions)
        rows = [self._row(scene, each, decisions[each]) for each in due]
        await self._scripts.run("incidents/schedule", *flat(rows))
        return len(due)

    async def _settled(self, scene: AlarmScene) -> AlarmScene:
        """Read what has become of the messages, store it, and return the scene with it."""
        watched = [
            (incident, delivery)
            for incident in scene.incidents.values()
            for delivery in incident.deliveries
            if delivery.message_id and delivery.state != "failed"
        ]
        states = await self._reader.message_states(each.message_id for _incident, each in watched)
        rows: list[DeliveryRow] = []
        changed: dict[str, dict[str, IncidentDelivery]] = defaultdict(dict)
        for incident, old in watched:
            state, failure = states.get(old.message_id, (old.state, ""))
            if state != old.state:
                words = packed(_words(old, failure))
                rows.append(DeliveryRow(incident.id, old.field, state, packed(failure), words))
                changed[incident.id][old.field] = replace(old, state=state, error=failure or None)
        if not rows:
            return scene
        await self._scripts.run("incidents/settle", *flat(rows))
        incidents = {
            each.id: replace(each, deliveries=[changed[each.id].get(d.field, d) for d in each.deliveries])
            for each in scene.incidents.values()
        }
        return replace(scene, incidents=incidents)

    async def _decided(self, scene: AlarmScene, incident_id: str) -> AlarmDecision:
        incident = scene.incidents.get(incident_id)
        if incident is None:
            return AlarmDecision()
        try:
            return await self._decision(scene, incident)
        except (MultiJobError, ValueError, KeyError):
            log.exception("an incident is no alarm: it cannot be read", incident=incident_id)
            return AlarmDecision(due=scene.now_ms + _AFTER_ERROR_MS)

    async def _decision(self, scene: AlarmScene, incident: IncidentRecord) -> AlarmDecision:
        default = scene.directory.default
        routes = routes_of(incident, scene.notices(incident), scene.rules, default, scene.closed_until)
        tags = {job: scene.jobs[job].tags for job in incident.jobs if job in scene.jobs}
        return decide(
            incident,
            [await scene.directory.look_up(route) for route in routes],
            scene.now_ms,
            scene.directory.target_of,
            maintenance_until=covered_until(scene.windows, tags, incident.opened_at, self._zone.key),
            is_superseded=scene.open_keys.get(incident.key, incident.id) != incident.id,
        )

    async def _send(self, scene: AlarmScene, decisions: dict[str, AlarmDecision]) -> None:
        """Send what is due, for each recipient one by one or as a digest."""
        groups: dict[tuple[tuple[str, str], str], list[_Due]] = defaultdict(list)
        for incident_id, decision in decisions.items():
            for send in decision.sends:
                groups[send.target.place, send.phase].append(_Due(scene.incidents[incident_id], send))
            for message_id in decision.stale:
                await self._outbox.close(message_id, "alarms")
        places = sorted({_place_key(*place) for place, _phase in groups})
        recent = await self._reader.recent(places, scene.now_ms - STORM_MS, scene.now_ms)
        for (place, _phase), dues in groups.items():
            key = _place_key(*place)
            count, last = recent[key]
            opens = _opens_at(dues, count, last, scene.now_ms)
            if opens is not None:
                for due in dues:
                    decisions[due.incident.id].wait_until(opens)
                continue
            is_digest = len(dues) > 1 and (count + len(dues) > STORM_MESSAGES or _gap_ms(dues) > 0)
            size = DIGEST_MOST if is_digest else 1
            for batch in (dues[at : at + size] for at in range(0, len(dues), size)):
                await self._notify(scene, batch, key)
                recent[key] = recent[key][0] + 1, scene.now_ms
            for due in dues:
                decisions[due.incident.id].wait_until(scene.now_ms + round(ROUND_SEC * 1000))

    async def _notify(self, scene: AlarmScene, dues: list[_Due], place: str) -> None:
        target, phase = dues[0].send.target, dues[0].send.phase
        incidents = [due.incident for due in dues]
        if len(incidents) > 1:
            text = digest_text(incidents, phase, target.language, self._zone, scene.now_ms)
        else:
            text = alarm_text(incidents[0], phase, target.language, self._zone, scene.now_ms)
        rows = [NotifyRow(each.id, _closed(each)) for each in incidents]
        word, message_id = await self._scripts.run(
            "incidents/notify",
            *flat(rows),
            phase=phase,
            account=target.account,
            recipient=target.to,
            place=place,
            body=text,
            digest=digest_of(target.account, target.to, text),
            buttons=_encoded(self._buttons(scene, target, incidents, phase)),
            failure=packed(target.error),
            words=packed(_with_failure(f"{target.account} {target.to}".strip(), target.error)),
        )
        if message_id:
            await self._reader.note_sent(place, message_id, scene.now_ms)
        log.info(
            "alarm",
            word=word,
            message=message_id,
            account=target.account,
            incidents=[each.id for each in incidents],
        )
        if target.place == (SANDBOX_INBOX.account, SANDBOX_INBOX.to) and word == "OK":
            # It needs no connector.
            await self._outbox.deliver_to_inbox()

    def _buttons(
        self, scene: AlarmScene, target: AlarmTarget, incidents: list[IncidentRecord], phase: str
    ) -> tuple[Button, ...]:
        takes = scene.directory.accounts.takes_presses(target.account, target.to)
        if len(incidents) > 1 or phase == "recovered" or not takes:
            return ()
        return alarm_buttons(incidents[0], target.language)

    async def _follow_up(self, scene: AlarmScene, decisions: dict[str, AlarmDecision]) -> None:
        """Open and close the incidents of alarms themselves, in the first shard."""
        for incident_id, decision in decisions.items():
            incident = scene.incidents.get(incident_id)
            if incident is None or incident.kind in OF_ALARMS:
                continue
            if decision.is_unaddressed and decision.sends:
                await self._open_no_recipient(incident)
            if decision.is_undelivered and decision.sends:
                await self._open_undelivered(incident)
        # That a job's message has no recipient is an incident of the job's shard.
        for store, keys in ((self._incidents, scene.open_keys), (self._platform, scene.home_keys)):
            if scene.directory.default is not None and NO_RECIPIENT in keys:
                await store.close(NO_RECIPIENT)
            if UNDELIVERED in keys and any(map(_reached_a_person, scene.incidents.values())):
                await store.close(UNDELIVERED)

    async def _open_no_recipient(self, incident: IncidentRecord) -> None:
        await self._platform.open(
            NO_RECIPIENT,
            IncidentKind.NO_RECIPIENT,
            severity="warning",
            subject="",
            cause=_("Alarms go to the sandbox inbox alone, which reaches no person."),
            member=f"alarm:{incident.id}",
        )

    async def _open_undelivered(self, incident: IncidentRecord) -> None:
        failed = [each for each in incident.deliveries if not each.is_recovery and each.state != "delivered"]
        tried = concat(*(_words(each, each.error or each.state) for each in failed[:3]), separator="; ")
        await self._platform.open(
            UNDELIVERED,
            IncidentKind.ALARM_UNDELIVERED,
            severity="critical",
            subject=str(record_title(incident)),
            cause=_("{title}: no recipient got it. {tried}", title=record_title(incident), tried=tried),
            member=f"incident:{incident.id}",
        )

    def _row(self, scene: AlarmScene, incident_id: str, decision: AlarmDecision) -> ScheduleRow:
        incident = scene.incidents.get(incident_id)
        closed = "" if incident is None else _closed(incident)
        due = "" if decision.due is None else str(_spread(decision, scene))
        return ScheduleRow(incident_id, scene.due[incident_id], closed, due, decision.held)


def _spread(decision: AlarmDecision, scene: AlarmScene) -> int | None:
    """Return when an incident is looked at again; many that are held are looked at less often."""
    next_look_ms = scene.now_ms + HELD_LOOK_MS
    if not decision.held or decision.due != next_look_ms:
        return decision.due
    return next_look_ms + HELD_LOOK_MS * (len(scene.due) // HELD_A_LOOK)


def _closed(incident: IncidentRecord) -> str:
    return "" if incident.closed_at is None else str(incident.closed_at)


def _words(delivery: IncidentDelivery, failure: str) -> str:
    return _with_failure(f"{delivery.account} {delivery.to}", failure)


def _with_failure(recipient: str, failure: str) -> str:
    return concat(recipient, ": ", failure) if failure else recipient


def _gap_ms(dues: list[_Due]) -> int:
    return max(due.send.digest_ms for due in dues)


def _opens_at(dues: list[_Due], count: int, last_ms: int, now_ms: int) -> int | None:
    """Return when the next message may go to a recipient; None if now."""
    if dues[0].send.target.error:
        return None
    gap_ms = max(_gap_ms(dues), STORM_GAP_MS if count >= STORM_MESSAGES else 0)
    return last_ms + gap_ms if gap_ms and last_ms and now_ms < last_ms + gap_ms else None


def _place_key(account: str, to: str) -> str:
    return hashlib.sha256(f"{account}\0{to}".encode()).hexdigest()[:32]


def _encoded(buttons: tuple[Button, ...]) -> str:
    return orjson.dumps([[each.text, each.data] for each in buttons]).decode() if buttons else ""


def _reached_a_person(incident: IncidentRecord) -> bool:
    inbox = (SANDBOX_INBOX.account, SANDBOX_INBOX.to)
    return any(each.state == "delivered" and (each.account, each.to) != inbox for each in incident.deliveries)
