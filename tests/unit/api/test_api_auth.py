"""Keys and roles: authentication and permissions."""

from __future__ import annotations

import pytest

from app.core.access.api_keys import Role
from app.services.api.http.auth import required_role
from tests.support.api.api_fakes import JSON, fake_key, fake_platform

ALL = tuple(Role)
KEYS = {role: fake_key(role) for role in ALL}
RECORDS = tuple(record for record, _ in KEYS.values())


def bearer(role: Role) -> dict[str, str]:
    return {"Authorization": f"Bearer {KEYS[role][1]}"}


async def test_auth_a_deployment_with_keys_wants_one() -> None:
    """On loopback too: another user of the machine is somebody else."""
    async with fake_platform(RECORDS).client() as client:
        refused = await client.get("/jobs")
        assert (refused.status_code, refused.json()["code"]) == (401, "unauthorized")
        assert refused.headers["www-authenticate"] == "Bearer"
        assert (await client.get("/jobs", headers=bearer(Role.VIEWER))).status_code == 200


async def test_auth_takes_either_header() -> None:
    """`X-API-Key` serves programs that cannot set Authorization; two different keys are one too many."""
    async with fake_platform(RECORDS).client() as client:
        viewer, operator = KEYS[Role.VIEWER][1], KEYS[Role.OPERATOR][1]
        assert (await client.get("/jobs", headers={"X-API-Key": viewer})).status_code == 200
        both = {"X-API-Key": viewer, "Authorization": f"Bearer {operator}"}
        assert (await client.get("/jobs", headers=both)).status_code == 401


@pytest.mark.parametrize(
    "sent", ["", "x", KEYS[Role.ADMIN][1][:-1], KEYS[Role.ADMIN][1] + "x", "mj_aaaaaaaa_" + "A" * 43]
)
async def test_auth_refuses_unknown_keys_everywhere(sent: str) -> None:
    """A wrong key is refused even if none is required."""
    for platform in (fake_platform(RECORDS), fake_platform(), fake_platform(auth="off")):
        async with platform.client() as client:
            assert (await client.get("/jobs", headers={"X-API-Key": sent})).status_code == 401


async def test_auth_refuses_other_schemes() -> None:
    """Basic is not known, and says so."""
    async with fake_platform(RECORDS).client() as client:
        assert (await client.get("/jobs", headers={"Authorization": "Basic eA=="})).status_code == 401


async def test_auth_lets_keys_in_from_anywhere() -> None:
    """A key makes up for a socket that is not loopback, and for a proxy."""
    platform = fake_platform(RECORDS, allowed_hosts="10.0.0.5")
    async with platform.client("http://10.0.0.5:8000") as client:
        headers = {**bearer(Role.VIEWER), "X-Forwarded-For": "1.2.3.4"}
        assert (await client.get("/jobs", headers=headers)).status_code == 200
        assert (await client.get("/metrics")).status_code == 401


async def test_auth_probes_stay_open() -> None:
    """Load balancers need no key; Prometheus does, on this machine as well."""
    async with fake_platform(RECORDS).client() as client:
        assert (await client.get("/healthz")).status_code == 200
        assert (await client.get("/metrics")).status_code == 401


@pytest.mark.parametrize(
    ("method", "path", "needed"),
    [
        ("GET", "/jobs", Role.VIEWER),
        ("HEAD", "/runs/a", Role.VIEWER),
        ("POST", "/jobs", Role.OPERATOR),
        ("PUT", "/jobs/a", Role.OPERATOR),
        ("DELETE", "/jobs/a", Role.OPERATOR),
        ("POST", "/jobs/a/run", Role.OPERATOR),
        ("POST", "/planner/execute", Role.OPERATOR),
        ("GET", "/connectors", Role.VIEWER),
        ("PUT", "/connectors/telegram/accounts/a", Role.ADMIN),
        ("DELETE", "/connectors/telegram/accounts/a", Role.ADMIN),
        ("GET", "/keys", Role.ADMIN),
        ("POST", "/keys", Role.ADMIN),
        ("PUT", "/secrets/a", Role.ADMIN),
        ("GET", "/audit", Role.ADMIN),
    ],
)
def test_auth_knows_what_each_role_may(method: str, path: str, needed: Role) -> None:
    """Reading is a viewer's, work an operator's, the way out and in an admin's."""
    assert required_role(method, path) is needed


@pytest.mark.parametrize("role", ALL)
async def test_auth_role_decides_about_writes(role: Role) -> None:
    """A viewer learns which role is needed; an operator's name is in the job's version."""
    platform = fake_platform(RECORDS)
    async with platform.client() as client:
        made = await client.post(
            "/jobs", headers={**JSON, **bearer(role)}, json={"job_id": "a", "type": "test.load"}
        )
    if not role.covers(Role.OPERATOR):
        assert (made.status_code, made.json()["code"]) == (403, "role_too_low")
        assert "operator" in made.json()["detail"]
    else:
        assert made.status_code == 201
        assert platform.jobs.saves["a"][0].actor == f"a-{role}"
