"""Requests without a key, through the real server and its sockets."""

from __future__ import annotations

import os
import socket
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest

from app.services.api.http.auth import LOOPBACK_HOSTS, name_of
from tests.support.api.api_process import Api, running_api
from tests.support.api.exposure_table import Row, read_rows
from tests.support.waiting import wait_until

if TYPE_CHECKING:
    from tests.support.embedded_redis import EmbeddedRedis

LOOPBACK = "127.0.0.1"
ROWS = [row for row in read_rows() if row.peer == row.server == LOOPBACK and row.settings["AUTH"] == "auto"]
ADMIN = "an-admin-key-of-this-test-only"


def test_audit_records_the_peer_of_the_socket(redis_server: EmbeddedRedis, tmp_path: Path) -> None:
    """A caller's X-Forwarded-For never becomes the origin of an act: uvicorn would replace the peer by it."""
    variables = {"NAMESPACE": f"exposure{os.getpid()}", "API_KEYS": f"ana:admin:{ADMIN}"}
    with running_api(redis_server.url, tmp_path, **variables) as api:
        wait_until(lambda: api.status("/readyz") == 200, 180, "ready")
        headers = {"X-API-Key": ADMIN, "X-Forwarded-For": "8.8.8.8"}
        assert api.client.delete("/jobs/none", headers=headers).status_code == 404
        acts = api.client.get("/audit", headers={"X-API-Key": ADMIN}).json()
    assert [(act["target"], act["origin"]) for act in acts] == [("job:none", "127.0.0.1")]


def status_of(api: Api, row: Row, address: str = LOOPBACK) -> int:
    """Return the status of a row's request, sent as bytes to an address of this machine."""
    lines = [f"GET {row.path} HTTP/1.1", f"Host: {row.host}", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in row.headers.items()]
    with closing(socket.create_connection((address, api.port), timeout=30)) as connection:
        connection.sendall("\r\n".join([*lines, "", ""]).encode())
        return int(connection.makefile("rb").readline().split()[1])


def expected(row: Row) -> int:
    """Return the status of a row; a name that is not served is refused before the decision."""
    return row.api if name_of(row.host.lower()) in LOOPBACK_HOSTS else 421


@pytest.mark.parametrize("keys", ["none", "some"])
def test_server_decides_as_the_table(redis_server: EmbeddedRedis, tmp_path: Path, keys: str) -> None:
    """Each row of loopback sockets, through the real server: names, forwarding headers, keys."""
    rows = [row for row in ROWS if row.keys == keys]
    variables = {"NAMESPACE": f"rows{os.getpid()}{keys}"}
    variables |= {"API_KEYS": f"ana:admin:{ADMIN}"} if keys == "some" else {}
    with running_api(redis_server.url, tmp_path, **variables) as api:
        wait_until(lambda: api.status("/readyz") == 200, 180, "ready")
        assert {row.name: status_of(api, row) for row in rows} == {row.name: expected(row) for row in rows}
    assert len(rows) >= (50 if keys == "none" else 5)


def test_server_sees_who_is_not_on_loopback(redis_server: EmbeddedRedis, tmp_path: Path) -> None:
    """A server on all addresses serves loopback, and asks those who come to another address for a key."""
    found = [
        each.address for of in psutil.net_if_addrs().values() for each in of if each.family == socket.AF_INET
    ]
    other = next((address for address in found if not address.startswith("127.")), None)
    if other is None:
        pytest.skip("this machine has no address but loopback")
    direct = next(row for row in ROWS if row.name == "direct, Host localhost")
    variables = {"NAMESPACE": f"all{os.getpid()}"}
    with running_api(redis_server.url, tmp_path, listen="0.0.0.0", **variables) as api:
        wait_until(lambda: api.status("/readyz") == 200, 180, "ready")
        assert status_of(api, direct) == 200
        assert status_of(api, direct, other) == 401
