"""The owners of real connections, by both tables of the kernel."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Generator
from contextlib import closing, contextmanager

import pytest

from app.core.net import socket_owner
from app.core.net.socket_owner import NetlinkTable, SocketInfo, SocketOwners, open_socket_owners, proc_table

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux reports owners")
OTHER = 65_534
_CONNECT = """
import os, socket, sys
os.setgroups([]); os.setgid({uid}); os.setuid({uid})
with socket.create_connection(({host!r}, {port})):
    sys.stdin.read()
"""


@pytest.fixture(params=["netlink", "proc"])
def owners(request: pytest.FixtureRequest) -> SocketOwners:
    return SocketOwners(NetlinkTable() if request.param == "netlink" else proc_table)


@contextmanager
def pair(
    listen: str = "127.0.0.1", call: str | None = None
) -> Generator[tuple[socket.socket, socket.socket]]:
    """Yield our end and the client's of a connection."""
    six = ":" in listen
    family = socket.AF_INET6 if six else socket.AF_INET
    with (
        closing(socket.create_server((listen, 0), family=family, dualstack_ipv6=listen == "::")) as server,
        closing(socket.create_connection((call or listen, server.getsockname()[1]))) as client,
        closing(server.accept()[0]) as ours,
    ):
        yield ours, client


def ends(ours: socket.socket) -> tuple[tuple[str, int], tuple[str, int]]:
    return ours.getsockname()[:2], ours.getpeername()[:2]


@pytest.mark.parametrize(
    ("listen", "call"), [("127.0.0.1", None), ("127.8.9.10", None), ("::1", None), ("::", "127.0.0.1")]
)
def test_own_connection_is_proved(owners: SocketOwners, listen: str, call: str | None) -> None:
    """IPv4, IPv6, and IPv4 on a socket of IPv6; from either end."""
    with pair(listen, call) as (ours, _client):
        assert owners.why_not_ours(*ends(ours)) is None
        assert owners.why_not_ours_between(*ends(ours)) is None


def test_closed_peer_proves_nothing(owners: SocketOwners) -> None:
    """The kernel reports it as root's, whoever it was."""
    with pair() as (ours, client):
        found = ends(ours)
        client.close()
        assert "closed" in (owners.why_not_ours(*found) or "")
        assert "closed" in (owners.why_not_ours_between(*found) or "")


def test_peer_that_only_stopped_writing_is_still_there(owners: SocketOwners) -> None:
    """A client may shut down its side and read the answer."""
    with pair() as (ours, client):
        client.shutdown(socket.SHUT_WR)
        assert owners.why_not_ours(*ends(ours)) is None


def test_listener_does_not_prove_a_missing_connection(owners: SocketOwners) -> None:
    """Without such a connection the kernel reports who listens at the address."""
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        ours, stranger = server.getsockname()[:2], ("127.0.0.1", 1)
        assert owners.why_not_ours(ours, stranger) is not None
        assert owners.why_not_ours(stranger, ours) is not None


def test_listener_is_reported() -> None:
    """Who listens at an address; None if the port is free."""
    owners = open_socket_owners()
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        address = server.getsockname()[:2]
        assert owners.listener_uid(address) == os.geteuid()
    assert owners.listener_uid(address) is None


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has other users")
@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_connection_of_another_user_is_not_ours(owners: SocketOwners, host: str) -> None:
    """The refusal names both users, from both ends."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with closing(socket.create_server((host, 0), family=family)) as server:
        script = _CONNECT.format(uid=OTHER, host=host, port=server.getsockname()[1])
        with subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE) as process:
            with closing(server.accept()[0]) as ours:
                refusal = owners.why_not_ours(*ends(ours)) or ""
                assert f"({OTHER})" in refusal
                assert "(0)" in refusal
                assert owners.why_not_ours_between(*ends(ours)) == refusal
            process.communicate()


@pytest.mark.parametrize("address", ["localhost", "", "::zz", "1.2.3", "fe80::1%eth0"])
def test_malformed_address_proves_nothing(owners: SocketOwners, address: str) -> None:
    """No error reaches the caller."""
    assert owners.why_not_ours(("127.0.0.1", 1), (address, 2)) is not None


def test_system_without_a_table_proves_nothing() -> None:
    """Neither does a table that fails, or a process of the user that all others look like."""
    with pair() as (ours, _client):
        assert SocketOwners(None).why_not_ours(*ends(ours)) is not None
        assert not SocketOwners(None).can_prove

        def fails(_local: object, _remote: object) -> SocketInfo:
            raise PermissionError(1, "not permitted")

        assert "not permitted" in (SocketOwners(fails).why_not_ours(*ends(ours)) or "")


def test_process_of_the_overflow_user_proves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Users of other namespaces all look like it."""
    monkeypatch.setattr(os, "geteuid", lambda: OTHER)
    assert not SocketOwners(proc_table).can_prove


def test_proc_is_used_if_netlink_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Some sandboxes allow no netlink socket."""

    def refused() -> NetlinkTable:
        raise PermissionError(1, "not permitted")

    monkeypatch.setattr(socket_owner, "NetlinkTable", refused)
    owners = open_socket_owners()
    with pair() as (ours, _client):
        assert owners.why_not_ours(*ends(ours)) is None
