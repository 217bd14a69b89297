"""Keys that are limited to some jobs or addresses: the decision at the gate, and the checks of routes.

A key with a scope reaches only operations whose route says how the scope is enforced (`Router.add(scope=…)`,
`x-scope` in the OpenAPI document); all others are refused, so a forgotten route is closed. A job or run
outside the scope is answered as one that does not exist.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final, Literal, cast

from starlette.routing import Match

from app.core.access.scope import JobScope, admits_address, job_scope
from app.core.errors import IncidentNotFound, JobExists, JobNotFound, MonitorNotFound
from app.core.i18n import _
from app.core.incidents.models import IncidentKind
from app.core.specs.scoped import ids_in_scope
from app.services.api.http.problems import HttpProblem

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.routing import BaseRoute
    from starlette.types import Scope

    from app.core.incidents.models import IncidentRecord
    from app.core.models import JobSpec
    from app.services.api.http.auth import Actor
    from app.services.api.services import Services

ScopeRule = Literal["closed", "open", "job", "run", "monitor", "incident", "filter"]
"""How an operation treats the scope of a key.

`closed`: refused. `open`: the same for all. `job`, `run`, `monitor`, `incident`: the gate looks up the id in
the path. `filter`: the function of the route limits what it reads and changes.
"""
SCOPE_RULE: Final = "x-scope"
_OPEN_PATHS: Final = frozenset({"/openapi.json"})
_INCIDENTS: Final = frozenset(
    {
        IncidentKind.MONITOR_DOWN,
        IncidentKind.HEARTBEAT_SILENT,
        IncidentKind.JOB_FAILING,
        IncidentKind.JOB_ALARM,
        IncidentKind.JOB_OVERDUE,
        IncidentKind.SLOTS_MISSED,
    }
)
"""Incidents about jobs. Others are about the deployment, and a scoped key sees none of them."""


def require_address(actor: Actor, address: str) -> None:
    """Raise HttpProblem 403 unless a key with an address list is accepted from this address."""
    if actor.addresses and not admits_address(actor.addresses, address):
        raise HttpProblem(
            "address_denied",
            _(
                "The key {name!r} is not accepted from {address}. An admin can make one whose address list "
                "has this address.",
                name=actor.name,
                address=address or _("an unknown address"),
            ),
        )


async def admitted_scope(actor: Actor, scope: Scope, services: Services) -> JobScope | None:
    """Return the scope of a request's key, None without one; raise if the request is outside it."""
    found = job_scope(actor.scope, services.closed_types)
    if found is None:
        return None
    route, parameters = _route_of(scope)
    rule = "open" if scope["path"] in _OPEN_PATHS else scope_rule(route)
    if rule == "closed":
        raise out_of_scope(
            _("The key {name!r} is limited to some jobs, and this concerns more than them.", name=actor.name)
        )
    if rule in _CHECKS:
        await _CHECKS[rule](services, found, parameters)
    return found


def scope_rule(route: BaseRoute | None) -> str:
    """Return the rule that a route has declared; `closed` without one."""
    extra: Mapping[str, Any] = getattr(route, "openapi_extra", None) or {}
    return str(extra.get(SCOPE_RULE, "closed"))


def out_of_scope(detail: str) -> HttpProblem:
    """Return the 403 for an act that a key's scope excludes."""
    return HttpProblem("out_of_scope", detail)


def _route_of(scope: Scope) -> tuple[BaseRoute | None, Mapping[str, str]]:
    """Return the route that serves a request, and the parts of its path; the gate tries direct ones first."""
    app = cast("FastAPI", scope["app"])
    routes = app.router.routes
    for route in routes:
        takes = getattr(route, "takes", None)
        if takes is not None and takes(scope):
            return route, scope["path_params"]
    for route in routes:
        match, found = route.matches(scope)
        if match is Match.FULL:
            return route, found.get("path_params", {})
    return None, {}


async def _check_job(services: Services, scope: JobScope, parameters: Mapping[str, str]) -> None:
    job_id = parameters["job_id"]
    if not await ids_in_scope(services.jobs, scope, [job_id]):
        raise JobNotFound(job_id[:100])


async def _check_monitor(services: Services, scope: JobScope, parameters: Mapping[str, str]) -> None:
    if not await ids_in_scope(services.jobs, scope, [parameters["job_id"]]):
        raise MonitorNotFound(parameters["job_id"])


async def _check_run(services: Services, scope: JobScope, parameters: Mapping[str, str]) -> None:
    run_id = parameters["run_id"]
    run = await services.runs.get(run_id)
    is_closed = run.type in scope.closed_types
    if is_closed or not await ids_in_scope(services.jobs, scope, [run.job_id]):
        raise await services.runs.absence(run_id)


async def _check_incident(services: Services, scope: JobScope, parameters: Mapping[str, str]) -> None:
    incident_id = parameters["incident_id"]
    found = await services.incidents.get_many([incident_id])
    if not await incidents_in_scope(services, scope, found.values()):
        raise IncidentNotFound(incident_id)


_CHECKS: Final[Mapping[str, Callable[[Services, JobScope, Mapping[str, str]], Awaitable[None]]]] = {
    "job": _check_job,
    "run": _check_run,
    "monitor": _check_monitor,
    "incident": _check_incident,
}


async def incidents_in_scope(
    services: Services, scope: JobScope, records: Iterable[IncidentRecord]
) -> list[IncidentRecord]:
    """Return the incidents about jobs that are all in scope."""
    found = [record for record in records if record.kind in _INCIDENTS and record.jobs]
    mine = await ids_in_scope(services.jobs, scope, (job for record in found for job in record.jobs))
    return [record for record in found if mine.issuperset(record.jobs)]


async def require_save_in_scope(services: Services, scope: JobScope, spec: JobSpec) -> None:
    """Raise unless a key with a scope may save a spec: the job itself and its successors are in scope."""
    if spec.type in scope.closed_types:
        raise out_of_scope(
            _(
                "A job of type {job_type!r} concerns all jobs; this key is limited to some.",
                job_type=spec.type,
            )
        )
    if not scope.covers(spec):
        raise out_of_scope(
            _(
                "Job {job_id!r} would be outside the scope of this key: its id must start with one of "
                "{prefixes}, or it must have one of the tags {tags}.",
                job_id=spec.job_id,
                prefixes=", ".join(scope.prefixes) or "–",
                tags=", ".join(sorted(scope.tags)) or "–",
            )
        )
    successors = [name for name in (*spec.on_success, *spec.on_failure) if name != spec.job_id]
    stored = (await services.jobs.find_some([spec.job_id])).get(spec.job_id)
    if stored is not None and not scope.covers(stored.spec):
        raise JobExists(spec.job_id)
    mine = await ids_in_scope(services.jobs, scope, successors)
    if others := [name for name in successors if name not in mine]:
        # The same for a job that does not exist: the answer must not say which jobs there are.
        raise out_of_scope(
            _("Job {job_id!r} is not in the scope of this key, so it can't be a successor.", job_id=others[0])
        )
