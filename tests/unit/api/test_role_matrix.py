"""Every operation × every caller, generated from the OpenAPI document and asked of the real guard."""

from __future__ import annotations

import itertools
import json
import re
from dataclasses import dataclass
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.core.access.api_keys import Role
from app.services.api.app import create_app
from app.services.api.http.auth import AREAS, is_open
from app.services.api.openapi.document import openapi_json
from tests.support.api.api_fakes import FakePlatform, fake_key, fake_platform

DOCUMENT: dict[str, Any] = json.loads(openapi_json(create_app()))
OPERATIONS: dict[str, dict[str, Any]] = {
    f"{method.upper()} {path}": operation
    for path, operations in DOCUMENT["paths"].items()
    for method, operation in operations.items()
}
KEYS = {role: fake_key(role) for role in Role}
RECORDS = tuple(record for record, _ in KEYS.values())
REACHED = 299
# Everybody signs in and out; whose sessions these are is the route's to decide.
ANYBODYS = re.compile(r"(POST|DELETE) /sessions(/.*)?")

# What is agreed, apart from the code that decides: all else is a viewer's to read and an operator's to write.
ADMINS = re.compile(
    r"\w+ /(keys|secrets|audit)(/.*)?|"
    r"(POST|PUT|DELETE) /(connectors|contacts|policies|settings|status-pages|notification-rules)(/.*)?"
)
OPERATORS = re.compile(r"GET /exports(/.*)?|GET /pings/.+")
# A scraper's key reads nothing else.
METRICS = re.compile(r"GET /(metrics|me)")
OPEN = re.compile(r"GET /(healthz|readyz|status/.+)|(GET|POST) /(webhooks|ping)/.+|POST /sessions/link")


@dataclass(frozen=True, slots=True)
class Caller:
    """The sender of a request: the deployment's keys, the key that is sent, the address."""

    name: str
    role: Role | None
    """The caller's effective role; None without any access."""
    keyed: bool
    headers: tuple[tuple[str, str], ...] = ()
    address: str = "127.0.0.1"


def _sends(role: Role) -> tuple[tuple[str, str], ...]:
    return (("Authorization", f"Bearer {KEYS[role][1]}"),)


CALLERS = (
    *(Caller(role, role, True, _sends(role)) for role in Role),
    Caller("x-api-key", Role.OPERATOR, True, (("X-API-Key", KEYS[Role.OPERATOR][1]),)),
    Caller("key from afar", Role.ADMIN, True, _sends(Role.ADMIN), "10.0.0.5"),
    Caller("no key", None, True),
    Caller("wrong key", None, True, (("X-API-Key", "mj_aaaaaaaa_" + "A" * 43),)),
    Caller("keyless here", Role.ADMIN, False),
    Caller("keyless afar", None, False, (), "10.0.0.5"),
    Caller("keyless behind a proxy", None, False, (("X-Forwarded-For", "1.2.3.4"),)),
)
CELLS = list(itertools.product(OPERATIONS, CALLERS))


def agreed_role(operation: str) -> str:
    """Return the role that an operation needs by what was agreed."""
    if OPEN.fullmatch(operation):
        return "none"
    if ADMINS.fullmatch(operation):
        return Role.ADMIN
    if OPERATORS.fullmatch(operation):
        return Role.OPERATOR
    if METRICS.fullmatch(operation):
        return Role.METRICS
    reads = operation.startswith("GET ") or ANYBODYS.fullmatch(operation) is not None
    return Role.VIEWER if reads else Role.OPERATOR


def expected(operation: str, caller: Caller) -> int:
    """Return the status of a cell."""
    needed = agreed_role(operation)
    if needed == "none":
        return REACHED
    if caller.role is None:
        return 401
    return REACHED if caller.role.covers(Role(needed)) else 403


@pytest.fixture(scope="module")
def platforms() -> dict[bool, FakePlatform]:
    return {keyed: _guarded(RECORDS if keyed else ()) for keyed in (True, False)}


def _guarded(keys: Any, **settings: Any) -> FakePlatform:
    """Return the application with its guard, and behind it routes that only say that they were reached."""
    platform = fake_platform(keys, rate_limit_per_sec=0, **settings)
    # ALLOWED_HOSTS closes keyless requests, whatever their address.
    platform.app.state.rules.hosts |= {"10.0.0.5"}
    platform.app.router.routes[:] = [
        Route(path, _reached, methods=[method])
        for method, path in (operation.split(" ", 1) for operation in OPERATIONS)
    ]
    return platform


async def _reached(_request: Request) -> Response:
    return Response(status_code=REACHED)


@pytest.mark.parametrize(("operation", "caller"), CELLS, ids=[f"{op}-{caller.name}" for op, caller in CELLS])
async def test_role_matrix_cell(platforms: dict[bool, FakePlatform], operation: str, caller: Caller) -> None:
    """Allowed is reached, refused is exactly 401 or 403 and says so as a problem."""
    method, template = operation.split(" ", 1)
    path = re.sub(r"\{\w+\}", "a", template)
    # So much later that wrong keys of the cell before are forgotten.
    platforms[caller.keyed].clock.advance(60)
    async with platforms[caller.keyed].client(f"http://{caller.address}:8000") as client:
        answer = await client.request(method, path, headers=dict(caller.headers))
    assert answer.status_code == expected(operation, caller)
    if answer.status_code != REACHED:
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["status"] == answer.status_code


@pytest.mark.parametrize("caller", CALLERS, ids=lambda caller: caller.name)
async def test_open_metrics_are_read_by_everybody_and_open_nothing_else(caller: Caller) -> None:
    """METRICS_OPEN: also from afar, behind a proxy and with a wrong key, under a served name alone."""
    platform = _guarded(RECORDS if caller.keyed else (), metrics_open=True)
    async with platform.client(f"http://{caller.address}:8000") as client:
        headers = dict(caller.headers)
        assert (await client.get("/metrics", headers=headers)).status_code == REACHED
        answer = await client.get("/metrics", headers={**headers, "Host": "evil.example"})
        assert answer.status_code == 421
        for operation in ("GET /stats", "GET /keys"):
            path = operation.partition(" ")[2]
            status = (await client.get(path, headers=headers)).status_code
            assert status == expected(operation, caller)


@pytest.mark.parametrize("operation", OPERATIONS)
def test_role_is_stated_in_the_document(operation: str) -> None:
    """Each operation says which role it needs, as it was agreed, and how a key is sent."""
    stated = OPERATIONS[operation]
    assert stated["x-required-role"] == agreed_role(operation)
    assert bool(stated["security"]) is (stated["x-required-role"] != "none")
    for scheme in itertools.chain(*stated["security"]):
        assert scheme in DOCUMENT["components"]["securitySchemes"]


@pytest.mark.parametrize("operation", OPERATIONS)
def test_no_route_is_without_a_role_of_its_own(operation: str) -> None:
    """Who adds an area says who may read and write there; until then it is an admin's."""
    path = operation.split(" ", 1)[1]
    assert is_open(path) or path.split("/")[1] in AREAS


def test_no_route_is_outside_the_document() -> None:
    """Every served route is in the matrix, except for the document itself."""
    served = {
        f"{method} {route.path}"
        for route in create_app().router.routes
        if isinstance(route, Route)
        for method in route.methods or ()
        if method != "HEAD"
    }
    assert served - OPERATIONS.keys() == {"GET /openapi.json"}


@pytest.mark.parametrize("role", [Role.METRICS, Role.VIEWER, Role.OPERATOR])
@pytest.mark.parametrize("path", ["/nobody/named/this", "/", "//keys", "/Keys", "/keys/", "/webhooks"])
async def test_unknown_paths_are_an_admins(
    platforms: dict[bool, FakePlatform], path: str, role: Role
) -> None:
    """An unknown path is refused before any lookup."""
    async with platforms[True].client() as client:
        for method in ("GET", "POST", "PATCH"):
            url = f"http://127.0.0.1:8000{path}"
            assert (await client.request(method, url, headers=dict(_sends(role)))).status_code == 403
