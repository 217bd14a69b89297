"""The services of one deployment, and the dependencies (`Depends`) of routes."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any, Final, TypeVar, cast

from fastapi import Query
from pydantic import AfterValidator
from starlette.requests import Request
from starlette.responses import Response

from app.core.access.api_keys import Access, ApiKeys
from app.core.access.audit import Audit
from app.core.access.sessions import Sessions
from app.core.activity.events import Events
from app.core.activity.heartbeat import Heartbeats, ProcessHealth
from app.core.activity.readiness import ReadinessProbe
from app.core.errors import JobNotFound
from app.core.files.exports import require_export_right
from app.core.messaging.accounts import AccountStore, SendHolds
from app.core.messaging.checks import AccountChecks
from app.core.messaging.outbox import Outbox
from app.core.messaging.recipients import DefaultNotify
from app.core.models import JOB_ID_PATTERN
from app.core.queue import Queue
from app.core.queue.idempotency import IdempotencyStore
from app.core.queue.pauses import Pauses
from app.core.records import Page
from app.core.redis_client import open_link
from app.core.runs.dead_letters import DeadLetters
from app.core.runs.store import RunStore
from app.core.secrets.sealing import open_box
from app.core.secrets.store import SecretStore
from app.core.specs.runs import SpecCache
from app.core.specs.store import JobStore
from app.core.storage.keys import Keys
from app.core.storage.notifications import open_notifier
from app.core.storage.scripts import Scripts
from app.planner.factory import open_planning
from app.services.api.events.hub import EventHub, open_hub
from app.services.api.http.audit import AuditWriter, OriginReader
from app.services.api.http.auth import ApiKeyCache
from app.services.api.http.limits import FailedKeys, RateLimiter, Refusals
from app.services.api.http.responses import link_next
from app.services.api.http.router import HEADERS, Documented, from_request
from app.services.api.http.tracing import TracedQueue

if TYPE_CHECKING:
    from app.core.access.keyring import Keyring
    from app.core.clock import Clock
    from app.core.config import Settings
    from app.core.errors import ConfigurationError
    from app.core.fields import Change
    from app.core.policies import Policies
    from app.core.redis_client import RedisLink
    from app.core.registry import Registry
    from app.core.tracing.spans import SpanSink
    from app.services.api.http.audit import AuditDraft
    from app.services.api.http.auth import Actor, Headers


class ChannelServices:
    """Accounts, messages, checks and the default recipient of one deployment."""

    def __init__(self, settings: Settings, clock: Clock, link: RedisLink, scripts: Scripts) -> None:
        keys = scripts.keys
        self.notifier = open_notifier(settings)
        self.accounts = AccountStore(link, scripts, keys, clock, open_box(settings))
        self.outbox = Outbox(link, scripts, keys, clock)
        self.checks = AccountChecks(link, scripts, keys, clock, notifier=self.notifier)
        self.send_holds = SendHolds(link, keys)
        self.default_notify = DefaultNotify(link, keys, clock, settings)


# A caller waits for its answer, so it gets 503 long before a worker would give up.
PATIENCE_SEC = 2.0
# A request makes several calls, the audit entry last. Together they stay below 3 s.
OUTAGE_PATIENCE_SEC = 0.3
DEFAULT_LIMIT = 50
MAX_LIMIT = 500
MAX_CURSOR = 2**53
LIST_HEADERS = {
    "Link": {"description": 'The next page: `<…>; rel="next"`.', "schema": {"type": "string"}},
    "X-Total-Count": {
        "description": "How many there are in all, where one index answers it.",
        "schema": {"type": "integer"},
    },
}
_JOB_ID = re.compile(JOB_ID_PATTERN)

Item = TypeVar("Item")
Body = TypeVar("Body")


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
    ) -> None:
        self.settings = settings
        self.clock = clock
        self.link = link
        self.registry = registry
        self.policies = policies
        self.keys = keys = Keys(settings.namespace)
        scripts = Scripts(link, keys)
        self.queue = (
            Queue(link, scripts, keys, clock, settings)
            if spans is None
            else TracedQueue(link, scripts, keys, clock, settings, spans=spans)
        )
        self.pauses = Pauses(link, scripts, keys, clock)
        self.jobs = JobStore(link, scripts, clock, settings.timezone)
        self.runs = RunStore(link, keys)
        self.dead_letters = DeadLetters(self.queue)
        self.idempotency = IdempotencyStore(scripts)
        self.events = Events(link, keys)
        self.refusals = Refusals()
        self.hub = open_hub(settings, link, keys, self.refusals.count)
        self.heartbeats = Heartbeats(link, keys, clock, settings)
        self.readiness = ReadinessProbe(scripts, link, self.heartbeats, clock)
        self.health = ProcessHealth(clock)
        self.channels = ChannelServices(settings, clock, link, scripts)
        self.planning = open_planning(
            settings,
            clock,
            queue=self.queue,
            jobs=self.jobs,
            runs=self.runs,
            accounts=self.channels.accounts,
            default_notify=self.channels.default_notify,
            registry=registry,
            policies=policies,
        )
        self.api_keys = ApiKeys(link, scripts, clock, settings)
        self.sessions = Sessions(link, scripts, clock, settings, self.api_keys.store)
        access = Access(link, keys, clock, settings, api_keys=self.api_keys, sessions=self.sessions)
        self.key_cache = _key_cache(access, self.hub)
        self.spec_cache = SpecCache(self.jobs, self.queue)
        self.limits = RateLimiter(settings, clock)
        self.failed_keys = FailedKeys(clock, self.refusals.count)
        self.audit = AuditWriter(Audit(link, scripts, keys, clock), clock, OriginReader(settings, clock))
        self.secrets = SecretStore(link, scripts, clock, open_box(settings))
        self.refusal: ConfigurationError | None = None
        """Why this Redis must not be used; found out as soon as it answers."""


async def open_services(
    settings: Settings, clock: Clock, registry: Registry, policies: Policies, spans: SpanSink | None = None
) -> Services:
    """Return the services, which connect at their first call."""
    link = await open_link(settings, PATIENCE_SEC, outage_patience_sec=OUTAGE_PATIENCE_SEC)
    return Services(settings, clock, link, registry, policies, spans=spans)


def _key_cache(access: Access, hub: EventHub) -> ApiKeyCache:
    def looked(keyring: Keyring) -> None:
        hub.end_refused(lambda actor: access.admits(keyring, actor.key_id, actor.session_id))

    return ApiKeyCache(
        access.keyring,
        clock=access.clock,
        stamp=access.stamp,
        mark_used=access.api_keys.mark_used,
        touch=access.sessions.touch,
        looked=looked,
    )


def services_of(request: Request) -> Services:
    """Return the services; raises ConfigurationError if their Redis must not be used."""
    services = cast("Services", request.app.state.services)
    if services.refusal is not None:
        raise services.refusal
    return services


CONTEXT_KEY: Final = "multi_job.context"


# Not frozen: that would double the cost of making one, and each request makes one.
@dataclass(slots=True)
class RequestContext:
    """The facts of a request that the gate has established before its route runs."""

    trace_id: str
    actor: Actor
    headers: Headers
    body: bytes = b""
    audit_draft: AuditDraft | None = field(default=None, repr=False)

    def note(self, *, target: str | None = None, diff: Sequence[Change] = ()) -> None:
        """Set the target (`job:a`) and the changes that the audit entry of this request gets."""
        if self.audit_draft is not None:
            self.audit_draft.target = target or self.audit_draft.target
            self.audit_draft.diff = diff or self.audit_draft.diff

    def leave_out(self) -> None:
        """Keep this request out of the audit, unless it is refused."""
        if self.audit_draft is not None:
            self.audit_draft.is_left_out = True

    def require_run_right(self, job_type: str, inputs: Mapping[str, Any]) -> None:
        """Raise AdminRequired if this caller may not make such a run."""
        if not self.actor.is_admin:
            require_export_right(False, job_type, inputs)


def context_of(request: Request) -> RequestContext:
    """Return the context that the gate has made."""
    return cast("RequestContext", request.scope[CONTEXT_KEY])


def valid_job_id(job_id: str) -> str:
    """Return the id; raises JobNotFound without a call to Redis if no job can have it."""
    if _JOB_ID.fullmatch(job_id) is None:
        raise JobNotFound(job_id[:100])
    return job_id


class Paging:
    """The part of a list that a caller asks for."""

    def __init__(self, request: Request, response: Response, cursor: int | None, limit: int) -> None:
        self._request = request
        self._response = response
        self.cursor = cursor
        self.limit = limit

    @property
    def headers(self) -> dict[str, str]:
        """Return the headers that `show` has set, for an answer that is built by hand."""
        return dict(self._response.headers)

    def show(self, page: Page[Item], view: Callable[[Item], Body]) -> list[Body]:
        """Return the items as bodies, and set the headers that lead to the next part.

        One index has the `total` of a list; a search says how far it has come.
        """
        link_next(self._request, self._response, page.next_cursor)
        headers = self._response.headers
        if page.total is not None:
            headers["X-Total-Count"] = str(page.total)
        if page.progress is not None:
            headers["X-Searched-Count"] = str(page.progress.searched)
            headers["X-Search-Total"] = str(page.progress.total)
        return [view(item) for item in page.items]


Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT, description="How many at most.")]
Cursor = Annotated[int | None, Query(ge=0, le=MAX_CURSOR, description='From the last `Link: rel="next"`.')]
Search = Annotated[str | None, Query(min_length=1, max_length=200)]


# A coroutine, because FastAPI runs other functions in a thread.
async def _paging(
    request: Request,
    response: Response,
    cursor: Cursor = None,
    limit: Limit = DEFAULT_LIMIT,
) -> Paging:
    return Paging(request, response, cursor, limit)


ServicesDep = Annotated[Services, from_request(services_of)]
ContextDep = Annotated[RequestContext, from_request(context_of)]
JobId = Annotated[str, AfterValidator(valid_job_id)]
PagingDep = Annotated[Paging, Documented(_paging, operation={HEADERS: LIST_HEADERS})]
