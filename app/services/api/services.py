"""The services of one deployment."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from app.core.access.api_keys import Access, ApiKeys
from app.core.access.audit import Audit
from app.core.access.sessions import Sessions
from app.core.access.sign_in_codes import SignInCodes
from app.core.activity.events import Events
from app.core.activity.heartbeat import Heartbeats, ProcessHealth
from app.core.activity.readiness import ReadinessProbe
from app.core.alerting.maintenance import MaintenanceStore
from app.core.alerting.rules import RuleStore
from app.core.files.contents import ArtifactContents
from app.core.incidents.store import IncidentStore
from app.core.messaging.account_history import AccountHistory
from app.core.messaging.accounts import AccountStore, SendHolds
from app.core.messaging.checks import AccountChecks
from app.core.messaging.contacts import ContactStore
from app.core.messaging.outbox import Outbox
from app.core.messaging.recipients import DefaultNotify, Recipients
from app.core.monitors.pings import PingStore
from app.core.monitors.store import MonitorStore
from app.core.queue import Queue
from app.core.queue.idempotency import IdempotencyStore
from app.core.queue.pauses import Pauses
from app.core.redis_client import open_shards, whole_of
from app.core.runs.dead_letters import DeadLetters
from app.core.runs.store import RunStore
from app.core.secrets.sealing import open_box
from app.core.secrets.store import SecretStore
from app.core.specs.runs import SpecCache
from app.core.specs.store import JobStore
from app.core.status_pages.cache import StatusPageCache
from app.core.status_pages.store import StatusPageStore
from app.core.storage.keys import Keys
from app.core.storage.notifications import open_notifier
from app.core.storage.shards import ShardSet, shard_of_link
from app.planner.factory import open_planning
from app.services.api.events.hub import EventHub, open_hub
from app.services.api.http.audit import AuditWriter
from app.services.api.http.key_cache import ApiKeyCache
from app.services.api.http.key_lookup import KeyLookup
from app.services.api.http.limits import FailedKeys, PingLimits, RateLimiter, Refusals
from app.services.api.http.origin import OriginReader
from app.services.api.http.tracing import TracedQueue

if TYPE_CHECKING:
    from app.core.access.keyring import Keyring
    from app.core.clock import Clock
    from app.core.config import Settings
    from app.core.errors import ConfigurationError
    from app.core.policies import Policies
    from app.core.redis_client import RedisLink
    from app.core.registry import Registry
    from app.core.storage.notifications import Notifier
    from app.core.tracing.spans import SpanSink


# A request makes several calls, the audit entry last. With the default patience they stay below 3 s together.
OUTAGE_PATIENCE_SEC = 0.3


class Services:
    """The parts of one deployment that routes use, on one link."""

    def __init__(
        self,
        settings: Settings,
        clock: Clock,
        link: RedisLink,
        registry: Registry,
        policies: Policies,
        *,
        spans: SpanSink | None = None,
        shards: ShardSet | None = None,
    ) -> None:
        self.settings, self.clock = settings, clock
        self.link = link
        self.shards = shards or ShardSet([shard_of_link(link, Keys.of(settings))])
        """All shards; `link` and `keys` are the view of all of them."""
        self.registry = registry
        self.policies = policies
        self.keys = keys = Keys(settings.namespace)
        scripts = link.scripts(keys)
        self.queue = (
            Queue(link, scripts, keys, clock, settings)
            if spans is None
            else TracedQueue(link, scripts, keys, clock, settings, spans=spans)
        )
        self.pauses = Pauses(link, scripts, keys, clock)
        self.jobs = JobStore(link, scripts, clock, settings.timezone)
        self.calendars = self.jobs.calendars
        self.runs = RunStore(link, keys)
        self.monitors = MonitorStore(link, scripts, keys, clock)
        self.pings = PingStore(link, scripts, open_box(settings))
        self.account_history = AccountHistory(scripts, self.monitors)
        self.incidents = IncidentStore(link, scripts, keys, clock)
        self.status_pages = StatusPageStore(
            link,
            keys,
            clock,
            monitors=self.monitors,
            incidents=self.incidents,
            timezone=settings.timezone,
        )
        self.public_status = StatusPageCache(self.status_pages, clock, settings.data_dir / "status-pages")
        self.dead_letters = DeadLetters(self.queue)
        self.idempotency = IdempotencyStore(scripts)
        self.events = Events(link, keys)
        self.artifact_contents = ArtifactContents(link, keys, settings, clock)
        self.refusals = Refusals()
        self.hub = open_hub(settings, self.shards, self.refusals.count)
        self.heartbeats = Heartbeats(link, keys, settings)
        self.readiness = ReadinessProbe(scripts, link, self.heartbeats, clock)
        self.health = ProcessHealth(clock)
        self.notifier = open_notifier(settings)
        self.accounts = AccountStore(link, scripts, keys, clock, open_box(settings))
        self.contacts = ContactStore(link, scripts, clock)
        self.outbox = Outbox(link, scripts, keys, clock)
        self.checks = AccountChecks(link, scripts, keys, clock, notifier=self.notifier)
        self.send_holds = SendHolds(link, keys)
        self.default_notify = DefaultNotify(link, keys, clock, settings)
        self.notification_rules = RuleStore(
            link, keys, clock, Recipients(self.accounts, self.default_notify.current), self.calendars
        )
        self.maintenance = MaintenanceStore(link, scripts, clock, settings.timezone)
        self.planning = open_planning(
            settings,
            clock,
            queue=self.queue,
            jobs=self.jobs,
            runs=self.runs,
            accounts=self.accounts,
            contacts=self.contacts,
            default_notify=self.default_notify,
            registry=registry,
            policies=policies,
        )
        self.api_keys = ApiKeys(link, scripts, clock, settings)
        self.sessions = Sessions(link, scripts, clock, settings, self.api_keys.store)
        access = Access(link, keys, clock, settings, api_keys=self.api_keys, sessions=self.sessions)
        self.key_cache = _key_cache(access, self.hub, self.notifier)
        self.spec_cache = SpecCache(self.jobs, self.queue)
        self.limits = RateLimiter(settings, clock)
        self.failed_keys = FailedKeys(clock, self.refusals.count)
        self.ping_limits = PingLimits(clock, self.refusals.count)
        self.audit = AuditWriter(Audit(link, scripts, keys, clock), clock, OriginReader(settings, clock))
        self.secrets = SecretStore(link, scripts, clock, open_box(settings))
        self.refusal: ConfigurationError | None = None
        """Why this Redis must not be used; found out as soon as it answers."""

    @cached_property
    def sign_in_codes(self) -> SignInCodes:
        """Return the codes of sign-in links."""
        return SignInCodes(self.link, self.keys, self.clock, self.api_keys.store)


async def open_services(
    settings: Settings, clock: Clock, registry: Registry, policies: Policies, spans: SpanSink | None = None
) -> Services:
    """Return the services, which connect at their first call."""
    shards = await open_shards(
        settings, settings.request_patience_sec, outage_patience_sec=OUTAGE_PATIENCE_SEC
    )
    link = whole_of(shards).link
    return Services(settings, clock, link, registry, policies, spans=spans, shards=shards)


def _key_cache(access: Access, hub: EventHub, notifier: Notifier) -> ApiKeyCache:
    def looked(keyring: Keyring) -> None:
        hub.end_refused(lambda actor: access.admits(keyring, actor.key_id, actor.session_id))

    return ApiKeyCache(
        access.keyring,
        clock=access.clock,
        stamp=access.stamp,
        mark_used=access.api_keys.mark_used,
        touch=access.sessions.touch,
        looked=looked,
        lookup=KeyLookup(access.is_stored, access.clock),
        notifier=notifier,
    )
