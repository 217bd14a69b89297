"""Every operation × every limited caller: keys with a scope or an address list, persons, their sessions."""

from __future__ import annotations

import copy
import itertools
import re
from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response

from app.core.access.api_keys import Role, key_of
from app.core.incidents.models import IncidentKind
from app.core.models import JobSpec
from app.core.records import JobRecord
from app.services.api.http.router import DirectRoute
from tests.support.api.api_fakes import PEPPER, FakePlatform, fake_platform, fake_run, fake_session
from tests.unit.api.test_role_matrix import OPERATIONS, REACHED, agreed_role

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.core.access.records import ApiKey

# What is agreed, apart from the code that decides; an operation that is in none of these is closed.
OPEN = re.compile(
    r"GET /(me|job-types|sessions|openapi.json)|(POST|DELETE) /sessions(/.*)?|POST /schedules/preview"
)
BY_ID = re.compile(
    r"(GET|PUT|DELETE) /jobs/\{job_id\}|PUT /jobs/\{job_id\}/(enable|disable)|"
    r"GET /jobs/\{job_id\}/(occurrences|runs|versions|why)|POST /jobs/\{job_id\}/rollback/\{version\}|"
    r"GET /runs/\{run_id\}(/logs)?|POST /runs/\{run_id\}/(cancel|rerun)|GET /monitors/\{job_id\}|"
    r"GET /incidents/\{incident_id\}|POST /incidents/\{incident_id\}/(acknowledge|silence|comment|remedied)"
)
# The function itself leaves out other jobs: tests/integration/api/test_scoped_keys.py asks each of them.
FILTERED = re.compile(
    r"GET /(jobs|runs|monitors|incidents|fires|calendars|calendars/\{calendar_name\}|events|events/stream)|"
    r"GET /dead-letters(/\{fingerprint\}/runs)?|POST /dead-letters/(redrive|discard)|"
    r"POST /(jobs|jobs/check|jobs/\{job_id\}/run|runs/batch|pause|resume)"
)

OWN_RUN, OTHER_RUN = "01ARZ3NDEKTSV4RRFFQ69G5FAV", "01BX5ZZKBKACTAV9WEVGEMMVRZ"
OWN = {"job_id": "a1", "run_id": OWN_RUN, "incident_id": "mine"}
OTHERS = {"job_id": "b1", "run_id": OTHER_RUN, "incident_id": "theirs"}
UNKNOWN = {"job_id": "c1", "run_id": "01BX5ZZKBKACTAV9WEVGEMMVS0", "incident_id": "none"}


@dataclass(frozen=True, slots=True)
class Caller:
    """A key or session; `is_inside`: it is sent from an address that the key's list has."""

    name: str
    role: Role
    token: str
    key: ApiKey
    is_inside: bool = True


def _callers() -> list[Caller]:
    found: list[Caller] = []
    limits: dict[str, dict[str, Any]] = {
        "scope by tag": {"scope": ("tag:shop",)},
        "scope by prefix": {"scope": ("job:a", "job:zz")},
        "scope of a later version": {"scope": ("team:shop", "tag:shop")},
        "scope and address": {"scope": ("tag:shop",), "addresses": ("127.0.0.0/8",)},
        "scope from elsewhere": {"scope": ("tag:shop",), "addresses": ("10.0.0.0/8",)},
        "address": {"addresses": ("::1/128", "127.0.0.1/32")},
        "elsewhere": {"addresses": ("10.0.0.0/8", "2001:db8::/32")},
        "person": {"kind": "user"},
        "person with a scope": {"kind": "user", "scope": ("tag:shop",)},
        "person from elsewhere": {"kind": "user", "addresses": ("10.0.0.0/8",)},
    }
    for name, limit in limits.items():
        roles = [Role.VIEWER, Role.OPERATOR, *([] if "scope" in limit else [Role.ADMIN])]
        for role in roles:
            text = f"secret-of-{name}-{role}-with-enough-characters".replace(" ", "-")
            key = replace(key_of(PEPPER, name.replace(" ", "-"), role, text), **limit)
            session, session_text = fake_session(key)
            SESSIONS.append(session)
            # Half of them send the key itself; a person has none.
            is_key = "from" not in name and "kind" not in limit
            kind, token = ("key", text) if is_key else ("session", session_text)
            found.append(Caller(f"{kind} of {name} {role}", role, token, key, "elsewhere" not in name))
    return found


SESSIONS: list[Any] = []
CALLERS = _callers()
CELLS = list(itertools.product(OPERATIONS, CALLERS))


def agreed_rule(operation: str) -> str:
    """Return what was agreed for a caller with a scope."""
    if agreed_role(operation) == "none" or OPEN.fullmatch(operation):
        return "open"
    if BY_ID.fullmatch(operation):
        return "id"
    return "filter" if FILTERED.fullmatch(operation) else "closed"


def expected(operation: str, caller: Caller, *, is_own: bool) -> set[int]:
    """Return the statuses that a cell may have."""
    needed = agreed_role(operation)
    if needed == "none":
        return {REACHED}
    if not caller.is_inside or not caller.role.covers(Role(needed)):
        return {403}
    rule = agreed_rule(operation) if caller.key.scope else "open"
    if rule == "closed":
        return {403}
    return {404} if rule == "id" and not is_own else {REACHED}


def _record(job_id: str, *tags: str) -> JobRecord:
    spec = JobSpec(job_id=job_id, type="test.load", tags=list(tags))
    return JobRecord(spec, 1, 1, 0, 0, None)


async def _incidents(ids: list[str]) -> dict[str, Any]:
    jobs = {"mine": ["a1"], "theirs": ["a1", "b1"]}
    return {
        each: SimpleNamespace(kind=IncidentKind.JOB_FAILING, jobs=jobs[each]) for each in ids if each in jobs
    }


@pytest.fixture(scope="module")
def platform() -> FakePlatform:
    """The real routes with their declarations, and functions that only say that they were reached."""
    platform = fake_platform(
        tuple(caller.key for caller in CALLERS),
        sessions=tuple(SESSIONS),
        incidents=SimpleNamespace(get_many=_incidents),
        rate_limit_per_sec=0,
    )
    platform.jobs.stored |= {"a1": _record("a1", "shop"), "b1": _record("b1", "bakery")}
    runs = [replace(fake_run(run), job_id=job) for run, job in ((OWN_RUN, "a1"), (OTHER_RUN, "b1"))]
    platform.runs.stored += runs
    platform.app.router.routes[:] = [_only_reached(route) for route in platform.app.router.routes]
    return platform


def _only_reached(route: Any) -> Any:
    # A copy: the routers are shared by all applications of a process.
    copied = copy.copy(route)
    if isinstance(copied, DirectRoute):
        copied._function = _reached
        copied.app = copied.serve
    elif isinstance(copied, APIRoute):
        copied.app = _reached_app
    return copied


async def _reached(_request: Request, **_parts: str) -> Response:
    return Response(status_code=REACHED)


async def _reached_app(scope: Any, receive: Any, send: Any) -> None:
    await Response(status_code=REACHED)(scope, receive, send)


async def _ask(platform: FakePlatform, operation: str, caller: Caller, ids: Mapping[str, str]) -> Any:
    method, template = operation.split(" ", 1)
    path = re.sub(r"\{(\w+)\}", lambda part: ids.get(part[1], "1"), template)
    platform.clock.advance(60)
    async with platform.client() as client:
        return await client.request(method, path, headers={"Authorization": f"Bearer {caller.token}"})


@pytest.mark.parametrize(("operation", "caller"), CELLS, ids=[f"{op}-{caller.name}" for op, caller in CELLS])
async def test_scope_matrix_cell(platform: FakePlatform, operation: str, caller: Caller) -> None:
    """Own ids are reached, other ids are unknown, and an operation without a rule is closed."""
    own = await _ask(platform, operation, caller, OWN)
    assert {own.status_code} == expected(operation, caller, is_own=True)
    if "{" in operation:
        foreign, unknown = [await _ask(platform, operation, caller, ids) for ids in (OTHERS, UNKNOWN)]
        if caller.key.scope:
            assert {foreign.status_code} == expected(operation, caller, is_own=False)
            assert _plain(foreign, OTHERS) == _plain(unknown, UNKNOWN)
    if own.status_code == 403:
        codes = {"role_too_low"} if caller.is_inside else {"address_denied"}
        assert own.json()["code"] in codes | ({"out_of_scope"} if caller.key.scope else set())
        assert caller.is_inside or "127.0.0.1" in own.json()["detail"]


def _plain(answer: Any, ids: Mapping[str, str]) -> str:
    """Return an answer without the ids that were asked for."""
    text = f"{answer.status_code} {answer.text}"
    for name in ids.values():
        text = text.replace(f"'{name}'", "ID").replace(f"/{name}", "/ID")
    return re.sub(r'"trace_id":"\w+"', "", text)


@pytest.mark.parametrize("operation", OPERATIONS)
def test_scope_rule_is_stated_in_the_document(operation: str) -> None:
    """Each operation says what a key with a scope may do there, as it was agreed."""
    stated = cast("str", OPERATIONS[operation]["x-scope"])
    agreed = agreed_rule(operation)
    assert (agreed if agreed != "id" else stated) == stated
    assert (agreed == "id") == (stated in {"job", "run", "monitor", "incident"})
    assert ("out_of_scope" in OPERATIONS[operation]["x-problem-codes"].get("403", [])) == (stated != "open")


async def test_document_itself_is_open_to_a_scope(platform: FakePlatform) -> None:
    """Clients of a key with a scope can read which operations there are."""
    caller = next(caller for caller in CALLERS if caller.key.scope)
    assert (await _ask(platform, "GET /openapi.json", caller, {})).status_code == 200


@pytest.mark.parametrize(
    "path", ["/", "/unknown", "/jobs/", "/jobs/a1/", "/jobs/a1/unknown", "//jobs", "/Jobs"]
)
async def test_unknown_paths_are_closed_to_a_scope(platform: FakePlatform, path: str) -> None:
    """A path that no route serves is refused before any look-up."""
    caller = next(caller for caller in CALLERS if caller.key.scope and caller.role is Role.OPERATOR)
    for method in ("GET", "HEAD", "POST", "PATCH", "DELETE"):
        assert (await _ask(platform, f"{method} {path}", caller, {})).status_code == 403
